"""Passages back into the lines they were printed in, and those into paragraphs. Pure.

A passage joins paragraphs, because it is made for retrieval; where each word stands tells them apart again.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from core.documents import Passage
from core.models import Box
from core.placement import unpack

_INDENT = 5.0
"""Points; a line that begins so far right of its neighbours opens a paragraph, or so far left, a reference."""
_INSET = 40.0
"""Points; what begins further right than this is centred or a column of its own."""
_APART = 1.35
"""Times the usual distance of lines: more is space between paragraphs."""
_LEADING = 40.0
"""Points; lines further apart are no neighbours."""
_TALL = 8.0
"""Points; a sum or a root may reach so far into the line above it."""
BULLETS = ("•", "◦", "▪", "‣", "⋄", "■", "●")
_NUMBERED = re.compile(r"\[\w{1,12}\]\s")
"""The mark of a reference: "[12]", "[Vas17]"."""


class Line(NamedTuple):
    """A printed line of running text."""

    text: str
    """With the space after it, if there is one: the texts of all lines make up the whole."""
    box: Box | None
    """None where nobody knows (a paper read from its abstract)."""
    first: Box | None
    """The first word's."""
    opens: bool
    """Does a sentence begin with its first word?"""


class _Piece(NamedTuple):
    """A word with the space after it."""

    text: str
    box: Box | None
    opens: bool


def lines(passages: Sequence[Passage]) -> list[Line]:
    """The lines of passages that follow each other."""
    found: list[Line] = []
    for piece in (p for passage in passages for p in _pieces(passage)):
        last = found[-1] if found else None
        if last and last.box and piece.box and _goes_on(last.box, piece.box):
            found[-1] = last._replace(text=last.text + piece.text, box=_around(last.box, piece.box))
        else:
            found.append(Line(piece.text, piece.box, piece.box, piece.opens))
    return found


def _pieces(passage: Passage) -> Iterator[_Piece]:
    words = unpack(passage.words)
    if not words:
        yield _Piece(passage.text + " ", None, True)
        return
    starts = {start for start, _ in passage.sentences}
    edges = [0, *(word.start for word in words[1:]), len(passage.text)]
    for n, word in enumerate(words):
        space = " " if n == len(words) - 1 else ""
        yield _Piece(passage.text[edges[n] : edges[n + 1]] + space, word.box, word.start in starts)


def _goes_on(line: Box, word: Box) -> bool:
    middle = (word.y0 + word.y1) / 2
    return line.page == word.page and line.y0 <= middle <= line.y1 and word.x0 >= line.x1 - 1


def _around(a: Box, b: Box) -> Box:
    return Box(a.page, min(a.x0, b.x0), min(a.y0, b.y0), max(a.x1, b.x1), max(a.y1, b.y1))


def paragraphs(found: Sequence[Line], *, entries: bool) -> list[int]:
    """Numbers of the lines that open a paragraph, the first among them; with `entries`, an entry of the references."""
    usual = _usual_distance(found)
    opening: list[int] = []
    for n, line in enumerate(found):
        before = found[n - 1] if n else None
        after = found[n + 1] if n + 1 < len(found) else None
        opens = _entry if entries else _paragraph
        if before is None or opens(before, line, after, usual) or _ends_item(found[opening[-1]], line):
            opening.append(n)
    return opening


def _ends_item(head: Line, line: Line) -> bool:
    """Does the line stand no further right than the bullet of the item under way?"""
    if not head.text.startswith(BULLETS) or not head.first or not line.first:
        return False
    return head.first.page == line.first.page and line.first.x0 <= head.first.x0 + 2


def _usual_distance(found: Sequence[Line]) -> float:
    """Points from a line to the next, of most lines."""
    steps = [b.first.y0 - a.first.y0 for a, b in pairwise(found) if a.first and b.first]
    return median([step for step in steps if 4 < step < _LEADING] or [12.0])


def _paragraph(before: Line, line: Line, after: Line | None, usual: float) -> bool:
    if line.first is None or before.first is None:
        return True
    if line.text.startswith(BULLETS):
        return True
    if not line.opens:
        return False
    apart = _down(before, line)
    if apart is not None and apart > _APART * usual:
        return True
    beside = [other for other in (after, before) if other and _near(other, line)]
    inset = [_right_of(line, other) for other in beside if not other.text.startswith(BULLETS)]
    return any(_INDENT < right < _INSET for right in inset)


def _entry(before: Line, line: Line, after: Line | None, usual: float) -> bool:
    if line.first is None or before.first is None or _NUMBERED.match(line.text):
        return True
    apart = _down(before, line)
    if apart is not None and apart > _APART * usual:
        return True
    hangs = after is not None and _near(after, line) and _INDENT < _right_of(after, line) < _INSET
    return hangs or (_near(before, line) and _INDENT < _right_of(before, line) < _INSET)


def _down(above: Line, below: Line) -> float | None:
    """Points from one line down to the other of the same column; None where they are no neighbours."""
    if not above.first or not below.first or not above.box or not below.box or not _near(above, below):
        return None
    return below.first.y0 - above.first.y0


def _near(a: Line, b: Line) -> bool:
    """Are they neighbours in one column?"""
    if not a.first or not b.first or not a.box or not b.box or a.first.page != b.first.page:
        return False
    return 0 < abs(a.first.y0 - b.first.y0) < _LEADING and a.box.x0 < b.box.x1 and b.box.x0 < a.box.x1


def _right_of(a: Line, b: Line) -> float:
    """Points a line begins to the right of another."""
    return a.first.x0 - b.first.x0 if a.first and b.first else 0.0


def place(found: Sequence[Line], box: Box) -> int:
    """The number of the line before which something printed at `box` belongs; len(found): after them all."""
    placed = [(n, line.box) for n, line in enumerate(found) if line.box]
    page = [(n, b) for n, b in placed if b.page == box.page]
    enough = min(5.0, (box.x1 - box.x0) / 2)  # a piece of an equation may be one letter
    over = [(n, b) for n, b in page if min(b.x1, box.x1) - max(b.x0, box.x0) > enough]
    top = box.y0 + min(_TALL, (box.y1 - box.y0) / 2)
    above = [n for n, b in over if (b.y0 + b.y1) / 2 < top]
    left = [n for n, b in page if b.x1 <= box.x0 + 5]
    before = max(above or left, default=None)
    if before is not None:
        for n, b in page:  # short lines that end beside it, further down the same column
            last = found[before].box
            if n == before + 1 and last and b.y0 > last.y0 and (b.y0 + b.y1) / 2 < top:
                before = n
        return before + 1
    return next((n for n, b in placed if b.page >= box.page), len(found))
