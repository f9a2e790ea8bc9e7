"""Finds words that are in the text layer but not on the page: what a person cannot see, a reader must not believe.

Cheap signs choose suspects (colour, opacity, size, place, something painted over them); a picture of the page decides.
What other words have painted there does not speak for a suspect: white letters over black ones are not seen.
"""

import re
import tomllib
from collections.abc import Callable, Container, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tools.pdf.page import Area, Veiled, Word, hull
from tools.pdf.spans import normal

_PAINTED = 16 | 32
"""Filled or stroked (MuPDF, FZ_STEXT_FILLED and FZ_STEXT_STROKED)."""
_LIGHT = 200
"""Of 255: text of that luminance could vanish on paper."""
_FAINT = 60
"""Of 255: opacity below which text could vanish."""
_TINY = 1.5
"""Points; nobody reads that, and no figure of the papers we know goes below 2."""
_CONTRAST = 24
"""Of 255: between the lightest and the darkest dot under a word; anti-aliased 6-point text has over 100."""
_SCALES = (1, 2)
"""Dots a point: a coarse picture shows most words; the minus sign of 4-point type needs the finer one."""
_SHORT = 25
"""Characters of a line; shorter ones over drawings are lettering of plots, by the thousand."""
_MOST = 500
"""Characters of a finding (core.documents.HiddenText)."""


class Picture:
    """A grey picture of a page, `scale` dots a point from left to right and from top to bottom."""

    def __init__(self, samples: bytes, width: int, height: int, stride: int, scale: float) -> None:
        """One byte a dot, `stride` bytes a row."""
        self._scale = scale
        grey = np.frombuffer(samples, np.uint8).reshape(height, stride)[:, :width]
        self._lightest, self._darkest = grey.copy(), grey.copy()

    def ignore(self, area: Area) -> None:
        """From now on what is painted there counts for no one."""
        part = self._dots(area)
        self._lightest[part], self._darkest[part] = 0, 255

    def contrast(self, area: Area) -> int:
        """Lightest minus darkest dot inside the area, 0..255; 0 outside the page.

        Both along some row of dots and along some column, as in letters, but not where a line passes through.
        """
        lightest, darkest = (grey[self._dots(area)].astype(np.int16) for grey in (self._lightest, self._darkest))
        if not lightest.size:
            return 0
        return max(0, min(int((lightest.max(axis) - darkest.min(axis)).max()) for axis in (0, 1)))

    def _dots(self, area: Area) -> tuple[slice, slice]:
        x0, y0, x1, y1 = (max(0, int(side * self._scale)) for side in area)
        return slice(y0, y1 + 1), slice(x0, x1 + 1)


def veiled(why: str, words: Sequence[Word]) -> Veiled:
    """A finding about words in a row."""
    return Veiled(why, " ".join(w.text for w in words)[:_MOST], hull(words))


class Veil:
    """Takes the unseen words out of one page's lines and remembers them."""

    def __init__(
        self, sheet: Area, lines: Sequence[Sequence[dict[str, Any]]], images: Sequence[Area], drawings: Sequence[Area],
        uncut: Container[tuple[int, int]], paint: Callable[[int], Picture],
    ) -> None:  # fmt: skip
        """The spans of all of the page's lines, its images and drawings, under the text or over it.

        `uncut`: where words begin that no clipping path cuts away, in whole points. `paint` makes
        a picture of so many dots a point; it is called at most once for each scale.
        """
        self._sheet, self._lines, self._uncut, self._paint = sheet, lines, uncut, paint
        self._covers = [c for c in (*images, *drawings) if c.height > 4 and c.width > 10]
        self._scan = sum(i.width * i.height for i in images) > 0.4 * sheet.width * sheet.height
        self._pictures: dict[int, Picture] = {}
        self.found: list[Veiled] = []

    def lift(self, spans: Sequence[dict[str, Any]], words: list[Word]) -> list[Word]:
        """What can be seen of a line's words."""
        unseen = {n: why for n, word in enumerate(words) if (why := self._cut_away(word))}
        long = _is_long(spans)
        suspects = [(why, span) for span in spans if (why := self._suspicion(span, long))]
        if not suspects and not unseen:
            return words
        words = list(words)
        for why, span in suspects:
            for n, word in enumerate(words):
                if n not in unseen and (part := _part(word, span)) and self._unseen(why, part):
                    if part.text == word.text:
                        unseen[n] = why
                    else:
                        words[n] = _without(word, part)
                        self.found.append(veiled(why, [part]))
        for why in dict.fromkeys(unseen.values()):
            self.found.append(veiled(why, [w for n, w in enumerate(words) if unseen.get(n) == why]))
        return [w for n, w in enumerate(words) if n not in unseen]

    def _cut_away(self, word: Word) -> str:
        if not self._sheet.holds((word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2):
            return "off_page"
        return "" if (round(word.x0), round(word.y0)) in self._uncut else "invisible"

    def _suspicion(self, span: dict[str, Any], long: bool) -> str:
        if span["size"] < _TINY and len(span["text"]) > 3:
            return "tiny"
        if not span["char_flags"] & _PAINTED:
            return "invisible"
        colour = span["color"]
        if (colour and _is_light(colour)) or span["alpha"] < _FAINT:
            return "blends_in"
        if not long:
            return ""
        x0, y0, x1, y1 = span["bbox"]
        middle = (y0 + y1) / 2
        return "covered" if any(c.x0 < x1 and c.x1 > x0 and c.y0 < middle < c.y1 for c in self._covers) else ""

    def _unseen(self, why: str, word: Word) -> bool:
        if why == "tiny" or (why == "invisible" and not self._scan):
            return True  # recognised text lies invisible over its scan, and rightly
        return all(self._picture(scale).contrast(hull([word])) < _CONTRAST for scale in _SCALES)

    def _picture(self, scale: int) -> Picture:
        """The page as painted, but for what is there of words above suspicion."""
        if scale not in self._pictures:
            self._pictures[scale] = self._paint(scale)
            for spans in self._lines:
                long = _is_long(spans)
                for span in spans:
                    if not self._suspicion(span, long):
                        self._pictures[scale].ignore(_body(span))
        return self._pictures[scale]


def _is_light(colour: int) -> bool:
    return 0.299 * (colour >> 16 & 255) + 0.587 * (colour >> 8 & 255) + 0.114 * (colour & 255) > _LIGHT


def _is_long(spans: Sequence[dict[str, Any]]) -> bool:
    return sum(len(span["text"]) for span in spans) >= _SHORT


def _body(span: dict[str, Any]) -> Area:
    """Where the letters of a span are; its box is higher, much higher with some mathematical fonts."""
    x0, _, x1, _ = span["bbox"]
    base, size = span["origin"][1], span["size"]
    return Area(x0, base - 0.8 * size, x1, base + 0.25 * size)


def _part(word: Word, span: dict[str, Any]) -> Word | None:
    """The word, if it stands in the span, or what the span has of a word that began or goes on in another."""
    x0, y0, x1, y1 = span["bbox"]
    if not (y0 - 1 <= (word.y0 + word.y1) / 2 <= y1 + 1 and word.x0 < x1 + 1 and word.x1 > x0 - 1):
        return None
    if x0 - 1 <= word.x0 and word.x1 <= x1 + 1:
        return word
    pieces = (normal(piece) for piece in span["text"].split())
    glued = next((p for p in pieces if word.text.startswith(p) or word.text.endswith(p)), "")
    if glued:
        return Word(glued, max(x0, word.x0), word.y0, min(x1, word.x1), word.y1)
    return word if x0 - 1 <= (word.x0 + word.x1) / 2 <= x1 + 1 else None


def _without(word: Word, part: Word) -> Word:
    """A word cut short at one end."""
    if word.text.startswith(part.text):
        return word._replace(text=word.text[len(part.text) :], x0=part.x1)
    return word._replace(text=word.text[: -len(part.text)], x1=part.x0)


def instruction(text: str) -> str:
    """The words of `text` that speak to a language model or an automatic reviewer; empty where none do."""
    lowered = text.lower()
    if not any(cue in lowered for cue in _cues()):  # the patterns take 2 ms a page
        return ""
    found = _instructions().search(text)
    return text[max(0, found.start() - 60) : found.end() + 140].strip() if found else ""


@cache
def _cues() -> tuple[str, ...]:
    return tuple(_table()["cues"])


@cache
def _instructions() -> re.Pattern[str]:
    return re.compile("|".join(_table()["patterns"]), re.IGNORECASE)


def _table() -> dict[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("instructions.toml").read_text("utf-8"))


def merged(found: Iterable[Veiled]) -> list[Veiled]:
    """Lines that follow each other for the same reason as one finding."""
    kept: list[Veiled] = []
    for one in found:
        last = kept[-1] if kept else None
        if last and last.why == one.why and len(last.text) < _MOST and abs(one.area.y0 - last.area.y1) < 20:
            kept[-1] = Veiled(one.why, f"{last.text} {one.text}"[:_MOST], hull([last.area, one.area]))
        else:
            kept.append(one)
    return kept
