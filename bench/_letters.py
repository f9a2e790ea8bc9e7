"""Texts compared by their letters: what a PDF reader may do differently without being wrong is taken away. Pure.

Letters are NFKC (ligatures undone), case folded, only letters and digits: spaces, hyphens, quotes and punctuation
are gone, and so are raised digits, which are footnote marks in prose and which readers print in different ways.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ]+")
_PROSE = re.compile(r"(?:\b[A-Za-z]{3,}[\s,]+){2}[A-Za-z]{3,}\b")
"""Three ordinary words in a row, as neither a formula nor a citation has."""
NEAR = 12
"""Letters that may stand between two neighbours whatever they are: a footnote mark, an equation's number."""
FAR = 200
"""Letters that may stand there if three ordinary words never follow each other: a list of citations, a formula."""


def letters(text: str) -> str:
    """The letters and digits of a text, the form in which texts are compared."""
    return "".join(c for c in unicodedata.normalize("NFKC", _RAISED.sub("", text)).casefold() if c.isalnum())


def spaced(text: str) -> str:
    """The text to the letter: NFKC, single spaces, straight quotes, no raised digits; case and hyphens stay."""
    plain = unicodedata.normalize("NFKC", _RAISED.sub("", text))
    plain = re.sub("[‘’ʼ]", "'", re.sub("[“”„]", '"', plain))
    return " ".join(plain.split())


def alike(a: str, b: str) -> bool:
    """Is one label contained in the other? Both in any form; a single letter is contained in nothing but itself."""
    one, other = letters(a), letters(b)
    if min(len(one), len(other)) < 2:
        return one == other
    return one in other or other in one


class Span(NamedTuple):
    """A stretch [start, end) of a stream's letters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stream:
    """A running text, searchable by letters."""

    text: str
    letters: str
    _places: tuple[int, ...]
    """Where in `text` each letter stands."""

    @classmethod
    def of(cls, text: str) -> "Stream":
        """A text of any length."""
        plain = unicodedata.normalize("NFKC", _RAISED.sub("", text))
        found = [(folded, n) for n, c in enumerate(plain) for folded in c.casefold() if folded.isalnum()]
        return cls(plain, "".join(c for c, _ in found), tuple(n for _, n in found))

    def find(self, fragment: str) -> list[Span]:
        """All places of a fragment; up to two digits (a footnote's mark) may stand between its words."""
        words = [re.escape(word) for word in map(letters, fragment.split()) if word]
        if not words:
            return []
        return [Span(*m.span()) for m in re.finditer(r"\d{0,2}".join(words), self.letters)]

    def between(self, start: int, end: int) -> str:
        """The text between two letters, as printed, in single spaces."""
        if start >= end:
            return ""
        first = self._places[start - 1] + 1 if start else 0
        last = self._places[end] if end < len(self._places) else len(self.text)
        return " ".join(self.text[first:last].split())

    def around(self, start: int, end: int, reach: int = 50) -> str:
        """What is printed around a stretch."""
        return self.between(max(0, start - reach), min(len(self.letters), end + reach))

    def adjoin(self, before: Span, after: Span) -> bool:
        """Does `after` follow `before` with nothing between but marks, citations or a formula (NEAR, FAR)?"""
        distance = after.start - before.end
        if distance < 0 or distance > FAR:
            return False
        return distance <= NEAR or not _PROSE.search(self.between(before.end, after.start))
