"""The whole application, from the first page to the evidence: real PDFs, Chroma and encoder; a scripted model."""

from typing import Any

from core.ports import Watch
from core.settings import Settings
from graph.desk import open_desk
from tests.flow.worlds import everywhere, scripted
from tests.ui.conftest import Look, Serve

_MINUTES = 180_000
"""Milliseconds that reading three papers may take."""


def _opener(settings: Settings, watch: Watch) -> Any:
    return open_desk(settings, watch, everywhere(scripted()))


def test_the_sample_is_read_and_every_sentence_leads_to_its_page(serve: Serve, look: Look) -> None:
    looked = look(serve(opener=_opener, arxiv_interval=0))
    page = looked.page
    page.get_by_role("button", name="先读三篇样例").click()
    page.locator(".zd-run .zd-lines li").first.wait_for(timeout=_MINUTES)
    page.locator(".zd-card").first.wait_for(timeout=_MINUTES)
    assert page.locator(".zd-card").count() == 3
    page.locator(".zd-card .zd-open").first.click()
    page.locator(".zd-digest").wait_for()
    links = page.locator(".zd-digest .zd-page")
    for n in range(links.count()):
        links.nth(n).click()
        number = "".join(filter(str.isdigit, links.nth(n).inner_text()))
        page.locator(f".zd-leaf[data-page='{number}'] .zd-mark").first.wait_for()
        page.wait_for_function(_loaded(number))
        page.keyboard.press("Escape")
    looked.clean()


def _loaded(number: str) -> str:
    return f"document.querySelector(\".zd-leaf[data-page='{number}'] img\").naturalWidth > 500"


def test_what_is_not_given_out_is_not_served(serve: Serve, look: Look) -> None:
    served = serve(opener=_opener)
    looked = look(served)
    looked.page.locator(".zd-first").wait_for()
    request = looked.page.request
    assert request.get(f"{served.address}/pictures/{'0' * 32}.png").status == 204
    assert request.get(f"{served.address}/pictures/..%2f..%2flibrary.sqlite.png").status in (204, 404)
    assert request.get(f"{served.address}/gradio_api/file=app.py").status == 403
    assert request.get(f"{served.address}/docs").status == 404
