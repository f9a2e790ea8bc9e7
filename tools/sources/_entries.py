"""What all sources do with the entries they find."""

import re
import unicodedata

from core.errors import Misconfigured, Skip, Stop
from core.models import ARXIV_ID, Problem, Step
from core.ports import Web

DEFAULT_CATEGORIES = ("cs.CL", "cs.AI", "cs.LG")
ATOM = ("application/atom+xml", "application/xml", "text/xml")
_CATEGORY = re.compile(r"[a-z][a-z-]*(\.[A-Za-z][A-Za-z-]*)?")
_COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "c": "\u0327", "k": "\u0328",
}  # fmt: skip
_ACCENT = re.compile(r"\{?\\([`'^~=.\"]|[urHvck](?=[\s{]))\s*(?:\{\\?([A-Za-z])\}|\\?([A-Za-z]))\}?")
_LETTERS = {"o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "aa": "å", "AA": "Å", "i": "ı"}
_LETTER = re.compile(r"\{?\\(ss|ae|AE|aa|AA|[oOlLi])(?:\{\}|\}|(?![A-Za-z])\s?)")


def clean(text: object) -> str:
    """A text on one line with single spaces; empty for what is no text."""
    return " ".join(text.split()) if isinstance(text, str) else ""


def name(text: str) -> str:
    """A person's name with TeX accents as letters: arXiv's feed writes `Andr\\'e`."""
    text = _ACCENT.sub(lambda m: unicodedata.normalize("NFC", (m[2] or m[3]) + _COMBINING[m[1]]), text)
    return clean(_LETTER.sub(lambda m: _LETTERS[m[1]], text))


def identify(text: object) -> tuple[str, str] | None:
    """(id, version) of an arXiv identifier; the version equals the id where none is given; None if it is none."""
    match = ARXIV_ID.fullmatch(text.strip()) if isinstance(text, str) else None
    # ASCII: \d also matches digits of other scripts, and the id becomes part of a URL.
    return (match["id"], match[0]) if match and match[0].isascii() else None


def problem(id: object, reason: str) -> Problem:
    """An entry that is no paper we can use; `id` may be anything a service sent."""
    return Problem(id=clean(str(id))[:60] or "（没有编号）", step=Step.LIST, reason=reason)


def check_categories(categories: tuple[str, ...]) -> tuple[str, ...]:
    """The categories asked for, or the default ones; raises Misconfigured for what cannot be one."""
    for category in categories:
        if not _CATEGORY.fullmatch(category):
            raise Misconfigured(f"“{category}”不像 arXiv 的分类", "写成 cs.CL 这样", setting="categories")
    return categories or DEFAULT_CATEGORIES


def fetch(web: Web, url: str, accept: tuple[str, ...], max_age: float, service: str) -> bytes:
    """A listing's answer; where the service refuses it there is no listing, so Skip becomes Stop."""
    try:
        return web.get(url, accept, max_age)
    except Skip as error:
        raise Stop(f"{service} 不给这份清单：{error.message}", error.hint) from error
