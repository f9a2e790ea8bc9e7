"""Where each word of a passage stands on the page, packed small: a passage of 250 words takes about 2 KB.

One row a word: start and end offset in the passage's text, page, and the four sides of the word's box.
"""

import zlib
from array import array
from collections.abc import Iterable
from typing import NamedTuple

from core.models import Box

_FIELDS = 7
_SCALE = 10
"""Boxes are kept to a tenth of a point, about 0.035 mm."""


class PlacedWord(NamedTuple):
    """A word's offsets [start, end) in its passage and its box on the page."""

    start: int
    end: int
    box: Box


def pack(words: Iterable[PlacedWord]) -> bytes:
    """Words in reading order -> bytes for `Passage.words`. Sides are clamped to 0..6553.5 points."""
    flat = array("H")
    for start, end, (page, *sides) in words:
        flat.extend((start, end, page))
        flat.extend(max(0, min(65535, round(side * _SCALE))) for side in sides)
    return zlib.compress(flat.tobytes(), 6)


def unpack(packed: bytes) -> list[PlacedWord]:
    """Inverse of `pack`, to a tenth of a point."""
    if not packed:
        return []
    flat = array("H", zlib.decompress(packed))
    rows = (flat[i : i + _FIELDS] for i in range(0, len(flat), _FIELDS))
    return [PlacedWord(r[0], r[1], Box(r[2], *(v / _SCALE for v in r[3:]))) for r in rows]


def boxes(packed: bytes, start: int, end: int) -> tuple[Box, ...]:
    """The boxes that cover text[start:end], one a printed line, in reading order."""
    touched = [w.box for w in unpack(packed) if w.start < end and w.end > start]
    lines: list[list[Box]] = []
    for box in touched:
        if lines and _same_line(lines[-1][-1], box):
            lines[-1].append(box)
        else:
            lines.append([box])
    return tuple(_hull(line) for line in lines)


def first_page(packed: bytes, start: int, end: int, default: int) -> int:
    """The page on which text[start:end] begins; `default` where no word is placed."""
    return next((w.box.page for w in unpack(packed) if w.start < end and w.end > start), default)


def _same_line(a: Box, b: Box) -> bool:
    middle = (b.y0 + b.y1) / 2
    return a.page == b.page and a.y0 <= middle <= a.y1 and b.x0 >= a.x0


def _hull(line: list[Box]) -> Box:
    return Box(
        line[0].page, min(b.x0 for b in line), min(b.y0 for b in line), max(b.x1 for b in line), max(b.y1 for b in line)
    )
