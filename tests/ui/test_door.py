"""Who gets in, what is served to whom, and what happens when it cannot be served."""

import socket
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from core import passwords
from core.errors import Misconfigured
from core.settings import load
from tests.ui.conftest import Look, Serve
from tests.ui.fake_desk import FakeDesk

PAGES = ("/", "/config", "/gradio_api/info", "/gradio_api/queue/data?session_hash=x", f"/pictures/{'0' * 32}.png")


def test_strangers_see_the_door_and_nothing_else(serve: Serve, look: Look, fake: FakeDesk) -> None:
    served = serve(fake, ui_user="li", ui_password_hash=passwords.hash_password("对的密码不止八个字"))
    looked = look(served)
    page = looked.page
    assert page.url.endswith("/sign-in")
    for path in PAGES:
        assert page.request.get(served.address + path, max_redirects=0).status in (303, 401), path
    page.get_by_label("密码").fill("错的")
    page.get_by_label("用户名").fill("li")
    page.get_by_role("button", name="登录").click()
    page.get_by_text("用户名或密码不对").wait_for()
    page.get_by_label("用户名").fill("li")
    page.get_by_label("密码").fill("对的密码不止八个字")
    page.get_by_role("button", name="登录").click()
    page.locator(".zd-card").first.wait_for()
    page.locator(".zd-card .zd-open").first.click()
    page.locator(".zd-digest .zd-words").first.click()
    page.locator(".zd-leaf").wait_for()
    page.wait_for_function("document.querySelector('.zd-leaf img').naturalWidth > 0")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="退出").click()
    page.wait_for_url("**/sign-in")
    assert page.request.get(served.address + "/config", max_redirects=0).status == 401
    looked.clean()


def test_browsers_are_told_to_ask_nobody_else(serve: Serve, look: Look, fake: FakeDesk) -> None:
    served = serve(fake)
    page = look(served).page
    headers = page.request.get(served.address + "/").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert page.request.get(served.address + "/gradio_api/info").json() == {
        "named_endpoints": {}, "unnamed_endpoints": {},
    }  # fmt: skip


def _status(address: str, **headers: str) -> int:
    host, port = address.removeprefix("http://").split(":")
    line = HTTPConnection(host, int(port), timeout=10)
    try:
        line.request("GET", "/", headers=headers)
        return line.getresponse().status
    finally:
        line.close()


def test_names_that_were_made_to_point_here_get_nothing(serve: Serve, fake: FakeDesk) -> None:
    address = serve(fake).address
    assert _status(address) == 200
    assert _status(address, Host="localhost:7860") == 200
    assert _status(address, Host="stranger.example") == 400


def test_no_other_way_in_stands_open(serve: Serve, fake: FakeDesk) -> None:
    upgrade = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }  # fmt: skip
    assert _status(serve(fake).address, **upgrade) == 403


def test_a_taken_port_is_said_plainly(tmp_path: Path) -> None:
    from ui.web import serve as web

    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = load(home=tmp_path, ui_port=taken.getsockname()[1])

        def never(*_: Any) -> Any:
            raise AssertionError("the desk is not opened")

        with pytest.raises(Misconfigured, match="已经被别的程序占用") as said:
            web.run(settings, never, open_browser=False)
    assert said.value.setting == "ZHENGDU_UI_PORT"
