"""Where letters end in tests: a mail server and a web server on loopback that count what they take and can hold their
answer, refuse, or hang up."""

import asyncio
import email
import email.policy
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from core.delivery import Letter

PASSWORD = "pw7Zq9Xk"
LETTER = Letter(
    title="证读 2026-11-20：稀疏注意力", html="<p>网页 &amp; 信</p>",
    markdown="**标记** [链](https://arxiv.org/abs/1)", text="纯文字",
)  # fmt: skip


class Sink:
    """What both have in common."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.arrived = threading.Event()
        self.free = threading.Event()
        self.free.set()
        self.says: Any = None
        """What to answer instead of yes; "hang up": nothing, the line is cut."""

    def take(self, letter: Any) -> None:
        """Counts a letter and waits until the answer may go out."""
        self.taken.append(letter)
        self.arrived.set()
        self.free.wait(20)

    def hold(self) -> None:
        """From now on answers wait for `free`."""
        self.arrived.clear()
        self.free.clear()


class Mails(Sink):
    """`taken`: EmailMessage."""

    address = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """aiosmtpd asks this for every mail."""
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        await asyncio.to_thread(self.take, mail)
        if self.says == "hang up":
            server.transport.close()
        return self.says or "250 OK"


@contextmanager
def mails() -> Iterator[Mails]:
    """A running mail server; its `address` is Apprise's, with a password."""
    sink = Mails()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(
        sink, hostname="127.0.0.1", port=port, auth_require_tls=False,
        authenticator=lambda *_: AuthResult(success=True),
    )  # fmt: skip
    controller.start()
    sink.address = f"mailto://bot:{PASSWORD}@127.0.0.1:{port}?from=bot@example.com&to=reader@example.com"
    yield sink
    sink.free.set()
    controller.stop()


class Posts(Sink):
    """`taken`: what was posted, as Python data, and its path."""

    address = ""
    url = ""
    body: bytes = b"{}"
    """Of the answer."""


@contextmanager
def posts() -> Iterator[Posts]:
    """A running web server; its `address` is Apprise's, with a password; `url` its own."""
    sink = Posts()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """A letter."""
            posted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            sink.take({**posted, "path": self.path})
            if sink.says == "hang up":
                return
            self.send_response(sink.says or 200)
            if sink.says == 302:
                self.send_header("Location", sink.url)
            self.send_header("Content-Length", str(len(sink.body)))
            self.end_headers()
            self.wfile.write(sink.body)

        def do_GET(self) -> None:
            """Where a redirect leads."""
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    sink.url = f"http://127.0.0.1:{server.server_port}"
    sink.address = f"json://bot:{PASSWORD}@127.0.0.1:{server.server_port}/hook"
    yield sink
    sink.free.set()
    server.shutdown()
    server.server_close()


def html_of(mail: EmailMessage) -> str:
    """The HTML part."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())
