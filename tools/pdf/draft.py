"""Text being put together from lines: spaces, hyphens at line ends, and the place of every word. Pure."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from core import placement
from core.documents import PassageKind, SectionRole
from core.reading import Paragraph
from tools.pdf.page import Block, Line, Word

_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_PREFIXES = frozenset(
    """
    self non pre post multi well fine low high cross long short large small state one two three zero few real open
    closed
    """.split()
)
"""Words that keep their hyphen unless the whole word is printed without it elsewhere in the document."""
_SECOND_HALVES = frozenset(
    """
    aware based bound centric dependent driven efficient end enhanced free grained guided intensive invariant level like
    limited oriented only related rich scale shot specific step style term time trained tuned tuning wise
    """.split()
)
"""Words that follow a hyphen far more often than they end a broken word."""


class Vocabulary(NamedTuple):
    """Words printed whole somewhere, in lower case; decides which hyphens at line ends are real."""

    words: frozenset[str]
    second_halves: frozenset[str]
    """What stands after a hyphen within a line: "grained" of "fine-grained"."""


def vocabulary(blocks: Iterable[Block]) -> Vocabulary:
    """The words of a document, those at line ends left out."""
    found: set[str] = set()
    for block in blocks:
        for line in block.lines:
            found.update(word.text for word in line.words[:-1])
    words = {w.lower() for text in found for w in _WORD.findall(text)}
    return Vocabulary(frozenset(words), frozenset(w.rpartition("-")[2] for w in words if "-" in w))


class Draft:
    """Text being put together, with the place of every word."""

    def __init__(self, section: str, role: SectionRole) -> None:
        self._section, self._role = section, role
        self.text = ""
        self._flat: list[float] = []
        """Seven numbers a word, as core.placement.places takes them."""

    def newline(self) -> None:
        self.text = self.text.rstrip() + "\n"

    def add(self, line: Line, page: int, vocabulary: Vocabulary) -> None:
        """Appends a line; a hyphen at the end of what is there is undone if it only broke the word."""
        for n, word in enumerate(line.words):
            if n == 0 and self._hyphen_was_a_break(word.text, vocabulary):
                self.text = self.text[:-1]
                self._flat[-6] -= 1
            elif self.text and not self.text.endswith("\n") and not (n == 0 and self._goes_on(word.text)):
                self.text += " "
            self._put(word, page)

    @property
    def _ends_in_hyphen(self) -> bool:
        return len(self.text) > 1 and self.text[-1] in "-‐\u00ad" and self.text[-2].isalnum()

    def _goes_on(self, following: str) -> bool:
        """Was the line broken at a mark that no space follows: a hyphen, a slash, a dash set tight?"""
        if self._ends_in_hyphen:
            return True
        last, before = self.text[-1:], self.text[-2:-1]
        if last in "/—" and before.strip() and following[:1].isalnum():
            return True
        if last == "–" and before.isdigit() and following[:1].isdigit():
            return True
        return following[:1] == "—" and len(following) > 1 and self.text[-1:].isalnum()

    def _hyphen_was_a_break(self, following: str, vocabulary: Vocabulary) -> bool:
        if not self._ends_in_hyphen:
            return False
        if self.text[-1] == "\u00ad":  # a soft hyphen is never part of the word
            return True
        before = re.search(r"[A-Za-z-]+$", self.text[:-1])
        after = _WORD.match(following)
        if not before or not after:
            return False
        head, tail = before.group().lower(), after.group().lower()
        words = vocabulary.words
        if head + tail in words:
            return True
        compound = "-" in head or head in _PREFIXES or f"{head}-{tail}" in words or not following[:1].islower()
        both_are_words = min(len(head), len(tail)) >= 3 and head in words and tail in words
        second_half = tail in _SECOND_HALVES or (tail in vocabulary.second_halves and head in words)
        return not compound and not both_are_words and not second_half

    def _put(self, word: Word, page: int) -> None:
        text, x0, y0, x1, y1 = word
        start = len(self.text)
        self.text += text
        self._flat += (start, start + len(text), page, x0, y0, x1, y1)

    def finish(self, kind: PassageKind) -> Paragraph:
        return Paragraph(kind, self._role, self._section, self.text, placement.places(self._flat))
