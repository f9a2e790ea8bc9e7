"""What stands before every answer: strangers are sent to the door, and browsers are told to ask nobody else."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from ui.web.sign_in import Door

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]
"""ASGI's own shapes."""

_OPEN = ("/sign-in", "/sign-out", "/favicon.ico")
"""What strangers may ask for."""

HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "worker-src 'self' blob:; connect-src 'self' blob: data:; frame-ancestors 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
"""Gradio builds functions from strings, hence the two `unsafe`; but whatever ran could reach nobody outside."""


class Guard:
    """An ASGI middleware."""

    def __init__(self, app: Application, door: Door) -> None:
        self._app, self._door = app, door

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # the pages open none, and nobody would ask who it is
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message.get("headers", []), *own]
            await send(message)

        request = Request(scope)
        if request.url.path in _OPEN or self._door.lets_in(request):
            await self._app(scope, receive, guarded)
        elif request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            await RedirectResponse("/sign-in", 303)(scope, receive, guarded)
        else:
            await Response(status_code=401)(scope, receive, guarded)
