"""The door: who may see the pages, where a user and a password are set. One user, cookies, nothing stored."""

import asyncio
import secrets
import time
from collections.abc import Callable
from urllib.parse import parse_qs

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from ui.web.markup import esc
from ui.web.texts import Texts

COOKIE = "zhengdu-session"
_LASTS = 30 * 24 * 3600
"""Seconds a sign-in lasts; a restart ends all."""
_PAUSE = 1.0
"""Seconds a wrong password costs whoever tries; one try at a time."""
_LONGEST = 4096
"""Bytes of a form."""


class Door:
    """Open to everybody without a user; otherwise to who has signed in."""

    def __init__(self, user: str | None, matches: Callable[[str], bool]) -> None:
        self.user = user
        self._matches = matches
        self._sessions: dict[str, float] = {}
        self._one = asyncio.Lock()

    def who(self, request: Request) -> str | None:
        """The signed-in user; None for a stranger."""
        until = self._sessions.get(request.cookies.get(COOKIE, ""), 0.0)
        return self.user if until > time.time() else None

    def lets_in(self, request: Request) -> bool:
        """May this request be answered?"""
        return self.user is None or self.who(request) is not None

    async def sign_in(self, user: str, password: str) -> str | None:
        """A session's token for the right name and password; None, after a pause, for others."""
        async with self._one:
            right = await asyncio.to_thread(self._matches, password)
            if right and self.user is not None and secrets.compare_digest(user.encode(), self.user.encode()):
                token = secrets.token_urlsafe(32)
                self._sessions = {t: u for t, u in self._sessions.items() if u > time.time()}
                self._sessions[token] = time.time() + _LASTS
                return token
            await asyncio.sleep(_PAUSE)
            return None

    def sign_out(self, request: Request) -> None:
        """Ends the session."""
        self._sessions.pop(request.cookies.get(COOKIE, ""), None)


def routes(app: FastAPI, door: Door, texts: Texts, style: str) -> None:
    """The sign-in page and the way out."""

    @app.get("/sign-in", response_class=HTMLResponse)
    async def show(request: Request) -> Response:
        if door.lets_in(request):
            return RedirectResponse("/", 303)
        return HTMLResponse(form(texts, style))

    @app.post("/sign-in")
    async def take(request: Request) -> Response:
        body = await request.body()
        fields = parse_qs(body[:_LONGEST].decode("utf-8", "replace"))
        token = await door.sign_in(*(fields.get(name, [""])[0] for name in ("user", "password")))
        if token is None:
            return HTMLResponse(form(texts, style, wrong=True), 401)
        answer = RedirectResponse("/", 303)
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, token, max_age=_LASTS, httponly=True, samesite="lax", secure=secure)
        return answer

    @app.get("/sign-out")
    async def leave(request: Request) -> Response:
        door.sign_out(request)
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(COOKIE)
        return answer


def form(texts: Texts, style: str, *, wrong: bool = False) -> str:
    """The sign-in page: no script, nothing from elsewhere."""
    said = f'<p role="alert">{esc(texts("app.wrong_password"))}</p>' if wrong else ""
    name = esc(texts("app.name"))
    language = "zh-CN" if texts.language == "zh" else "en"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{name}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" '
        f'content="light dark"><style>{style}</style></head><body><main><h1>{name}</h1>'
        f"<p>{esc(texts('app.sign_in'))}</p>{said}"
        '<form method="post" action="/sign-in">'
        f'<label>{esc(texts("app.user"))}<input name="user" autocomplete="username" required autofocus></label>'
        f'<label>{esc(texts("app.password"))}<input name="password" type="password" '
        'autocomplete="current-password" required></label>'
        f'<button type="submit">{esc(texts("app.enter"))}</button></form></main></body></html>'
    )
