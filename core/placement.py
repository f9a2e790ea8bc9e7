"""Where each word of a passage stands on the page, packed small: a passage of 250 words takes about 2 KB.

One row a word: start and end offset in the passage's text, page, and the four sides of the word's box.
"""

import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from core.models import Box

_FIELDS = 7
_SCALE = 10
"""Boxes are kept to a tenth of a point, about 0.035 mm."""

Places = np.ndarray[tuple[int, int], np.dtype[np.int32]]
"""Shape (words, 7): start, end, page, x0, y0, x1, y1, the sides in tenths of a point."""


class PlacedWord(NamedTuple):
    """A word's offsets [start, end) in its passage and its box on the page."""

    start: int
    end: int
    box: Box


def places(flat: Sequence[float]) -> Places:
    """Seven numbers a word, one after another, sides in points -> rows."""
    rows = np.array(flat, dtype=np.float64).reshape(-1, _FIELDS)
    rows[:, 3:] *= _SCALE
    return np.rint(rows).astype(np.int32)


def placed(words: Iterable[PlacedWord]) -> Places:
    """Words in reading order -> rows."""
    return places([n for word in words for n in (word.start, word.end, *word.box)])


def span(rows: Places, start: int, end: int, shift: int) -> Places:
    """The words that stand in [start, end) of a text, cut at its edges, their offsets moved by `shift`."""
    first, last = np.searchsorted(rows[:, 1], start, "right"), np.searchsorted(rows[:, 0], end, "left")
    part = rows[first:last].copy()
    np.clip(part[:, :2], start, end, out=part[:, :2])
    part[:, :2] += shift
    return part


def pack(rows: Places) -> bytes:
    """Rows -> bytes for `Passage.words`. Offsets and sides are clamped to 0..65535."""
    return zlib.compress(np.clip(rows, 0, 65535).astype("<u2").tobytes(), 1)


@lru_cache(maxsize=1024)
def unpack(packed: bytes) -> tuple[PlacedWord, ...]:
    """Inverse of `pack`, to a tenth of a point. A passage that is cited is asked for page, words and boxes at once."""
    if not packed:
        return ()
    rows = np.frombuffer(zlib.decompress(packed), dtype="<u2").reshape(-1, _FIELDS).tolist()
    return tuple(PlacedWord(r[0], r[1], Box(r[2], *(v / _SCALE for v in r[3:]))) for r in rows)


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


def printed(text: str, packed: bytes, start: int, end: int) -> str:
    """The placed words of text[start:end]: a row of a table without the names of its columns."""
    return " ".join(
        text[max(w.start, start) : min(w.end, end)] for w in unpack(packed) if w.start < end and w.end > start
    )


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
