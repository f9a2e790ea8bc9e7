"""Which of a letter's three forms a service takes, and how much of it."""

from typing import TYPE_CHECKING, Any, Literal

from core.delivery import Letter
from tools.delivery.addresses import MAIL

if TYPE_CHECKING:
    from apprise.common import NotifyFormat

_IN_BYTES = ("wecombot",)
"""Schemes whose limit counts bytes of UTF-8; Apprise thinks they are characters."""
_TITLE = 4
"""Characters that Apprise puts around a title where it has to stand in the body."""
REST = "……这里放不下了，其余见网页或文件"


def fitted(letter: Letter, scheme: str, service: Any) -> tuple[str, "NotifyFormat"]:
    """(body, its format) for a service: HTML for mail; Markdown where the service reads it; else plain words. No longer
    than one message holds, so that nothing is split; mail holds everything."""
    from apprise.common import NotifyFormat

    kind: Literal["html", "markdown"] = "html" if scheme in MAIL else "markdown"
    form = service.resolve_format(NotifyFormat(kind))
    if scheme in MAIL:
        return (letter.html if form is NotifyFormat.HTML else letter.text), form
    room = service.body_maxlen - (0 if service.title_maxlen else _size(letter.title, scheme) + _TITLE)
    if form is NotifyFormat.HTML and _size(letter.html, scheme) <= room:
        return letter.html, form
    if form is NotifyFormat.MARKDOWN:
        return shortened(letter.markdown, room, scheme), form
    return shortened(letter.text, room, scheme), NotifyFormat.TEXT


def shortened(body: str, room: int, scheme: str = "") -> str:
    """As many whole paragraphs from the beginning as fit, with a word on the rest. `room`: in the service's measure."""
    if _size(body, scheme) <= room:
        return body
    parts = body.split("\n\n")
    while parts and _size("\n\n".join([*parts, REST]), scheme) > room:
        parts.pop()
    return "\n\n".join([*parts, REST])


def _size(words: str, scheme: str) -> int:
    return len(words.encode()) if scheme in _IN_BYTES else len(words)
