"""Quotes: found exactly in a passage, or not at all. Pure.

Two texts are compared without the differences that typesetting makes: ligatures and other compatibility forms
(NFKC), white space, hyphens and dashes (a line may break at any of them), curly or straight quotation marks.
A dash before a digit stays, whatever its kind, because it may be a minus sign or a range. Nothing else may differ,
and a quote begins and ends where a word or a number does, so another sentence is never accepted.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from core import placement
from core.documents import Passage
from core.models import Quote

_SHORTEST = 8
"""Letters and digits a quote needs; shorter ones occur by chance."""
_DASH = "-"
_SAME = str.maketrans({**dict.fromkeys("“”„", '"'), **dict.fromkeys("‘’`", "'"), **dict.fromkeys("−–—‐‑\u00ad", _DASH)})
_NOTHING = "\ufffe"
"""A noncharacter that some fonts put at line ends."""
_LETTERS = "A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff"
_WHOLE = re.compile(rf"[{_LETTERS}]+(?:\d+(?:\.\d+)*)?|(?<![{_LETTERS}\d])[-−–+]?\d+(?:[.,–−-]?\d+)*[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]*")
"""Words and numbers, with sign, range and exponent: nothing a quote may begin or end inside of. Chinese has none."""


class Span(NamedTuple):
    """A stretch of a passage."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.passage.text[self.start : self.end]


def locate(quote: str, passages: Iterable[Passage]) -> Span | None:
    """The first place where the passages say exactly this."""
    wanted = _plain(unicodedata.normalize("NFKC", quote))[0]
    if sum(c.isalnum() for c in wanted) < _SHORTEST:
        return None
    for passage in passages:
        plain, offsets = _plain(passage.text)
        at = plain.find(wanted)
        while at >= 0:
            span = Span(passage, offsets[at], offsets[at + len(wanted) - 1] + 1)
            if not _is_cut(span):
                return span
            at = plain.find(wanted, at + 1)
    return None


def _is_cut(span: Span) -> bool:
    """Does the span begin or end inside a word or a number?"""
    edges = (span.start, span.end)
    return any(m.start() < edge < m.end() for m in _WHOLE.finditer(span.passage.text) for edge in edges)


@lru_cache(maxsize=4096)
def _plain(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without what typesetting may change, and for each of its characters the offset in the original."""
    kept: list[tuple[str, int]] = []
    for n, char in enumerate(text):
        for part in unicodedata.normalize("NFKC", char).translate(_SAME):
            if part.isspace() or part == _NOTHING:
                continue
            if kept and kept[-1][0] == _DASH and not part.isdigit():
                kept.pop()
            kept.append((part, n))
    if kept and kept[-1][0] == _DASH:
        kept.pop()
    return "".join(part for part, _ in kept), tuple(n for _, n in kept)


def cite(span: Span) -> Quote:
    """A span as evidence: verbatim words, page and boxes."""
    passage = span.passage
    is_row = passage.kind == "table" and bool(passage.words)
    return Quote(
        passage=passage.id,
        paper=passage.paper,
        page=placement.first_page(passage.words, span.start, span.end, passage.page),
        section=passage.section,
        quote=placement.printed(passage.text, passage.words, span.start, span.end) if is_row else span.text,
        boxes=placement.boxes(passage.words, span.start, span.end),
        spelled_out=span.text if is_row else "",
    )


def sentence(passage: Passage, n: int) -> Span:
    """The n-th sentence of a passage."""
    start, end = passage.sentences[n]
    return Span(passage, start, end)
