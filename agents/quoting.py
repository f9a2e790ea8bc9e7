"""Quotes: found exactly in a passage, or not at all. Pure.

Two texts are compared without the differences that typesetting makes: ligatures and other compatibility forms
(NFKC), white space, hyphens (a line may break at any of them), curly or straight quotation marks
and the kinds of dashes. Nothing else may differ, so another sentence is never accepted.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from core import placement
from core.models import Passage, Quote

_SHORTEST = 8
"""Letters and digits a quote needs; shorter ones occur by chance."""
_SAME = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "`": "'", "−": "-", "–": "-", "—": "-"})
_DROPPED = frozenset("-\u00ad\u2010\u2011\ufffe")


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
    wanted, _ = _plain(quote)
    if sum(c.isalnum() for c in wanted) < _SHORTEST:
        return None
    for passage in passages:
        plain, offsets = _plain(passage.text)
        at = plain.find(wanted)
        if at >= 0:
            return Span(passage, offsets[at], offsets[at + len(wanted) - 1] + 1)
    return None


@lru_cache(maxsize=4096)
def _plain(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without what typesetting may change, and for each of its characters the offset in the original."""
    kept: list[str] = []
    offsets: list[int] = []
    for n, char in enumerate(text):
        for part in unicodedata.normalize("NFKC", char).translate(_SAME):
            if not part.isspace() and part not in _DROPPED:
                kept.append(part)
                offsets.append(n)
    return "".join(kept), tuple(offsets)


def cite(span: Span) -> Quote:
    """A span as evidence: verbatim words, page and boxes."""
    passage = span.passage
    return Quote(
        passage=passage.id,
        paper=passage.paper,
        page=placement.first_page(passage.words, span.start, span.end, passage.page),
        section=passage.section,
        quote=span.text,
        boxes=placement.boxes(passage.words, span.start, span.end),
    )


def sentence(passage: Passage, n: int) -> Span:
    """The n-th sentence of a passage."""
    start, end = passage.sentences[n]
    return Span(passage, start, end)


def joined(quotes: Sequence[Quote]) -> str:
    """Evidence as one text, for checks and judges."""
    return "\n".join(q.quote for q in quotes)
