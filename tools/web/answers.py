"""Reading HTTP answers: is this really what was asked for? Pure functions, no network."""

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.parsers import expat

from core.errors import Retry, Skip, ZhengduError

GONE = frozenset({404, 410})
BUSY = frozenset({408, 425, 429})
"""With all of 5xx: the same request may work later. RFC 9110, 8470 and 6585."""

_HTML_HEAD = re.compile(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)


def shown(url: str) -> str:
    """The URL as it may appear in messages and logs: no query, no user, no password."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path}"


def media_type(header: str | None) -> str:
    """`Application/Atom+XML; charset=utf-8` as `application/atom+xml`; empty for none."""
    return (header or "").split(";")[0].strip().lower()


def is_html(head: bytes) -> bool:
    """Do these first bytes begin a web page, whatever its media type says?"""
    return _HTML_HEAD.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds from `now` (aware) that a Retry-After header asks for, in seconds or as a date; None if unreadable."""
    if header is None:
        return None
    value = header.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def refusal(status: int, url: str, after: float | None) -> ZhengduError | None:
    """The error an answer's status stands for; None for 200 and 206. `after`: its Retry-After in seconds."""
    if status in (200, 206):
        return None
    if status in GONE:
        return Skip(f"{shown(url)} 不存在（HTTP {status}）", "可能已撤回，或编号有误", code="not_found")
    if status in BUSY or status >= 500:
        return Retry(f"{shown(url)} 暂时不能回答（HTTP {status}）", "稍后再试", after=after)
    if status >= 400:
        return Skip(
            f"{shown(url)} 拒绝了这个请求（HTTP {status}）", "检查请求的内容；403 也可能是被限流", code="refused"
        )
    return Retry(f"{shown(url)} 的答复看不懂（HTTP {status}）", "稍后再试", after=after)


def check_body(body: bytes, media: str, accept: tuple[str, ...], url: str) -> None:
    """Raises Retry unless `body` is a whole answer of one of the media types `accept` begins with.

    Busy services answer 200 with a web page, with nothing, or with half a feed; feed parsers take all three
    for a day without papers. So XML and JSON must be well-formed to the last byte.
    """
    if not body.strip():
        raise Retry(f"{shown(url)} 的答复是空的", "稍后再试")
    if not media.startswith(accept) or is_html(body[:1024]):
        raise Retry(f"{shown(url)} 答的是 {media or '未知类型'}，不是要的数据", "多半是限流或维护页面，稍后再试")
    try:
        if media.endswith("xml"):
            expat.ParserCreate().Parse(body, True)
        elif media.endswith("json"):
            json.loads(body)
    except (expat.ExpatError, ValueError):
        raise Retry(f"{shown(url)} 的答复不完整", "稍后再试") from None
