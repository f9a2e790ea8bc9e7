"""Serves the pages: one process, one event loop, the desk open in it from start to end."""

import asyncio
import errno
import logging
import signal
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI, Response
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import FileResponse

from core import log
from core.desk import Desk
from core.errors import Misconfigured, Retry, ZhengduError
from core.ports import Watch
from core.settings import PREFIX, Settings

from ui.web import quick  # isort: skip  # before anything that imports Gradio
from ui.web import blocks, guard, issue_files, report_files, sign_in
from ui.web.exhibits import Exhibits
from ui.web.pictures import ROUTE, Pictures
from ui.web.report_work import Writings
from ui.web.runs import Runs
from ui.web.texts import texts
from ui.web.theme import head, theme, words_of

_LOCAL = ("127.0.0.1", "localhost")
"""Names a browser on this machine has for it. A page of a stranger whose name was made to point here (DNS rebinding)
would send its own."""

Opener = Callable[[Settings, Watch], AbstractAsyncContextManager[Desk]]


def run(settings: Settings, opener: Opener, *, open_browser: bool) -> int:
    """Serves until somebody ends it; 0. Raises Misconfigured (the port is taken) and what opening the desk raises."""
    _ = settings.sign_in  # raises where strangers could get in
    listening = _listen(settings.ui_host, settings.ui_port)
    house = House(settings, opener)
    config = uvicorn.Config(
        application(house), log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=1,
        lifespan="on",
    )  # fmt: skip
    server = _Server(config)
    logging.getLogger("uvicorn.error").addFilter(_worth_telling)
    house.give_up = lambda: setattr(server, "should_exit", True)
    house.tell = lambda: _announce(settings, listening, open_browser=open_browser)
    try:
        server.run(sockets=[listening])
    finally:
        listening.close()
    if house.broken is not None:
        raise house.broken
    return 0


class _Server(uvicorn.Server):
    """Ends quietly: uvicorn's own would raise the signal again, and we would seem to have been killed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Both signals end the server, nothing else."""
        before = {kind: signal.signal(kind, self.handle_exit) for kind in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for kind, handler in before.items():
                signal.signal(kind, handler)


def _worth_telling(record: logging.LogRecord) -> bool:
    """Pages that are still open when the server ends are cut off, and that is no error."""
    cut_off = record.exc_info is not None and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not cut_off and "graceful shutdown" not in record.getMessage()


def _listen(host: str, port: int) -> socket.socket:
    """The socket, taken before anything slow begins."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen()
    except OSError as error:
        found.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            why = "已经被别的程序占用" if error.errno == errno.EADDRINUSE else "不允许使用"
            hint = f"换一个端口，例如 {PREFIX}UI_PORT={port + 1 if port < 65535 else 7861}"
            raise Misconfigured(f"端口 {port} {why}", hint, setting=PREFIX + "UI_PORT") from None
        raise Misconfigured(f"不能在 {host} 上提供网页", "检查这个地址", setting=PREFIX + "UI_HOST") from None
    return found


def _announce(settings: Settings, listening: socket.socket, *, open_browser: bool) -> None:
    words, host = texts(settings.ui_language), settings.ui_host
    shown = f"[{host}]" if ":" in host else "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104  # a comparison
    address = f"http://{shown}:{listening.getsockname()[1]}"
    sys.stderr.write(f"{words('app.at', address=address)}\n{words('app.stop')}\n")
    sys.stderr.flush()
    if open_browser:
        webbrowser.open(address)


class House:
    """The desk and who waits for it. The page is served while the desk is still being opened."""

    def __init__(self, settings: Settings, opener: Opener) -> None:
        self.settings = settings
        self.broken: BaseException | None = None
        """Why the desk could not be opened."""
        self.give_up: Callable[[], None] = lambda: None
        self.tell: Callable[[], None] = lambda: None
        self._opener = opener
        self._desk: Desk | None = None
        self._opened = asyncio.Event()
        self._closing = asyncio.Event()

    def desk(self) -> Desk:
        """The open desk. Raises Retry as long as it is not open."""
        if self._desk is None:
            raise Retry(texts(self.settings.ui_language)("app.opening"))
        return self._desk

    async def ready(self) -> Desk:
        """Waits until it is open. Raises what opening it raised."""
        await self._opened.wait()
        if self.broken is not None:
            raise self.broken
        return self.desk()

    async def keep(self) -> None:
        """Opens the desk, keeps it, closes it; all in one task, as what is opened must be closed."""
        try:
            async with self._opener(self.settings, lambda _: None) as desk:
                self._desk = desk
                self._opened.set()
                await self._closing.wait()
        except ZhengduError as error:
            self.broken = error
            self.give_up()
        except Exception as error:
            log.get("ui").exception("the desk could not be kept open")
            self.broken = error
            self.give_up()
        finally:
            self._desk = None
            self._opened.set()

    def close(self) -> None:
        """Lets `keep` come to its end."""
        self._closing.set()


def application(house: House) -> FastAPI:
    """The whole web application, its desk not open yet."""
    settings, words = house.settings, texts(house.settings.ui_language)
    pictures, runs, writings = Pictures(), Runs(), Writings()
    user = settings.sign_in[0] if settings.sign_in else None
    door = sign_in.Door(user, settings.ui_password_matches)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        keeper = asyncio.create_task(house.keep())
        house.tell()
        yield
        await runs.close()
        await writings.close()
        house.close()
        await keeper

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(guard.Guard, door=door)
    if user is None and settings.ui_host in _LOCAL:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(_LOCAL))
    sign_in.routes(app, door, words, words_of("sign_in.css"))
    _picture_routes(app, pictures)
    report_files.routes(app, house.ready)
    issue_files.routes(app, house.ready)
    page = blocks.page(blocks.Server(settings, house.desk, house.ready, pictures, Exhibits(), runs, writings))
    page.queue(default_concurrency_limit=None, api_open=False)
    quick.gradio.mount_gradio_app(
        app, page, path="/", theme=theme(), head=head(), footer_links=[], run_history=False,
        show_error=False, ssr_mode=False, mcp_server=False, enable_monitoring=False, allowed_paths=[],
        max_file_size="1kb", auth_dependency=door.who if user else None,
    )  # fmt: skip
    return app


def _picture_routes(app: FastAPI, pictures: Pictures) -> None:
    icon = words_of("icon.svg")

    @app.get(ROUTE)
    async def picture(name: str) -> Response:
        try:
            path = await pictures.find(name)
        except ZhengduError:
            path = None
        if path is None:
            return Response(status_code=204)  # no picture is nothing wrong: a paper may have no figure to show
        return FileResponse(path, media_type="image/png", headers={"Cache-Control": "private, max-age=86400"})

    @app.get("/favicon.ico")
    async def favicon() -> Response:
        return Response(icon, media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


__all__: Sequence[str] = ("House", "Opener", "application", "run")
