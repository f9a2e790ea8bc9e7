"""The real application on a free port, over a desk of the test's choice, and a browser to look at it."""

import shutil
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from core.desk import Desk
from core.ports import Watch
from core.settings import Settings, load
from tests.ui.fake_desk import FakeDesk

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_LONGEST = 60.0
"""Seconds a server may take to begin or to end."""
_ASKED = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


@dataclass
class Served:
    """An application that answers."""

    address: str
    desk: Any
    """As the test made it."""


Serve = Callable[..., Served]


@asynccontextmanager
async def _given(desk: Desk) -> AsyncIterator[Desk]:
    yield desk


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Serves a desk until the test ends: `serve(desk)`, or `serve(opener=…)`; settings as keywords."""
    with _serving(tmp_path) as begin:
        yield begin


@pytest.fixture(scope="module")
def serve_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Serves what `serve_once(make_desk, …)` makes until the module ends, one for all that ask with the same settings.
    For tests that leave each other's desk as it is."""
    known = dict[tuple[tuple[str, Any], ...], Served]()
    with _serving(tmp_path_factory.mktemp("once")) as begin:

        def found(make: Callable[[], Any], **settings: Any) -> Served:
            key = tuple(sorted(settings.items()))
            if key not in known:
                known[key] = begin(make(), **settings)
            return known[key]

        yield found


@contextmanager
def _serving(folder: Path) -> Iterator[Serve]:
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def begin(desk: Any = None, opener: Any = None, **settings: Any) -> Served:
        from ui.web.serve import House, application

        def open_given(_: Settings, __: Watch) -> Any:
            return _given(desk)

        listening = socket.create_server(("127.0.0.1", 0))
        asked = load(**{"home": folder / "home", "cache": folder / "cache", **settings})
        app = application(House(asked, opener or open_given))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        running.append((server, thread))
        until = time.monotonic() + _LONGEST
        while not server.started and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.02)
        assert server.started
        return Served(f"http://127.0.0.1:{listening.getsockname()[1]}", desk)

    yield begin
    for server, thread in running:
        server.should_exit = True
        thread.join(_LONGEST)


@pytest.fixture
def fake(tmp_path: Path) -> FakeDesk:
    """A desk in memory."""
    return FakeDesk(tmp_path / "pages")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, if there is one here; tests of pages are skipped otherwise. Playwright keeps an event loop running as
    long as it is there, so modules with a browser have no asynchronous tests, and it ends with the module."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine (Debian: apt install chromium fonts-noto-cjk)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (group dev)")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=_ASKED)
        yield found
        found.close()


class Looked:
    """A page being looked at: what it asked for, what it complained about."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.outside: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda r: self._asked(r.url, address))
        page.on("pageerror", lambda e: self.errors.append(str(e)))
        page.on("dialog", self._asked_back)

    def _asked(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.outside.append(url)

    def _asked_back(self, dialog: Any) -> None:
        self.errors.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def clean(self) -> None:
        """Nothing was asked of anybody else, and no script failed."""
        assert not self.outside
        assert not self.errors


Look = Callable[..., Looked]


@pytest.fixture
def look(browser: Any) -> Iterator[Look]:
    """Opens an address: `look(served, width=360, dark=True)`; waits for nothing."""
    contexts = []

    def begin(served: Served, *, width: int = 1440, height: int = 900, dark: bool = False, path: str = "/") -> Looked:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        context.set_default_timeout(30_000)
        looked = Looked(context.new_page(), served.address)
        looked.page.goto(served.address + path)
        return looked

    yield begin
    for context in contexts:
        context.close()
