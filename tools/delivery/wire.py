"""What really went over the wire while a service sent: Apprise only says yes or no.

Two of its answers are not good enough. Robots of chat groups refuse with a friendly 200, which it takes for a yes; and
a connection that breaks after the letter went out is a no to it, although the letter may well have arrived.
"""

import http.client
import json
import smtplib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

_GO_ON = 354
"""A mail server's reply to DATA: the letter comes next."""
_NO_REPLY = -1
"""What smtplib makes of a reply that is none."""


@dataclass(slots=True)
class Trace:
    """What was seen of one sending."""

    waiting: bool = False
    """A letter went out and nothing came back."""
    http: int = 0
    """Status of the last answer; 0: none came."""
    smtp: int = 0
    """The last refusal of a mail server; 0: none."""
    code: int = 0
    """What a chat's robot said in its answer; 0: it took the letter."""


@contextmanager
def watched() -> Iterator[Trace]:
    """Watches all sending of this process, which sends one letter at a time."""
    import requests

    seen = Trace()
    getresponse, send = http.client.HTTPConnection.getresponse, requests.Session.send
    getreply = smtplib.SMTP.getreply

    def asked(connection: Any) -> Any:
        seen.waiting = True  # the whole request is out
        response = getresponse(connection)
        seen.http = response.status
        return response

    def answered(session: Any, request: Any, **more: Any) -> Any:
        response = send(session, request, **more)
        seen.waiting, seen.code = False, _code(response.content)
        return response

    def replied(server: Any) -> Any:
        code, words = getreply(server)  # a line that is cut raises and leaves everything as it was
        if code != _NO_REPLY:
            seen.waiting = code == _GO_ON
        seen.smtp = code if code >= 400 else seen.smtp
        return code, words

    with ExitStack() as stack:
        for owner, name, ours in (
            (http.client.HTTPConnection, "getresponse", asked),
            (requests.Session, "send", answered),
            (smtplib.SMTP, "getreply", replied),
        ):
            stack.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, ours)
        yield seen


def _code(body: bytes) -> int:
    """What a robot's answer says; 0 where it says nothing of the kind."""
    try:
        said = json.loads(body)
    except ValueError:
        return 0
    if not isinstance(said, dict):
        return 0
    found = next((said[name] for name in ("errcode", "code", "StatusCode") if name in said), 0)
    return found if isinstance(found, int) else 0
