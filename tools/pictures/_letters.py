"""Letters as outlines, and names made fit to be drawn."""

import io
import unicodedata
from typing import TYPE_CHECKING

from tools.pictures._pack import Rect
from tools.pictures._scene import Shape, Step

if TYPE_CHECKING:
    import numpy as np

_LONGEST = 200
"""Characters of a name that are looked at; no picture has room for more."""
_UNKNOWN = "·"
"""Stands for a letter the font has not."""
_CUBIC, _CLOSE = 4, 79
"""Codes of a path's points in matplotlib; 1, 2 and 3 are a start, a line and a curve with one handle."""


def plain(text: str) -> str:
    """A name on one line without characters that steer (controls, changes of direction) or mean nothing."""
    seen = " ".join(text[:_LONGEST].split())
    return "".join(c for c in unicodedata.normalize("NFC", seen) if not unicodedata.category(c).startswith("C"))


class Letters:
    """A font. Sizes are in pixels of the em square."""

    def __init__(self, font: bytes) -> None:
        from matplotlib.ft2font import FT2Font

        self._font = FT2Font(io.BytesIO(font))
        self._has = self._font.get_charmap()
        self._em = self._font.units_per_EM
        self._known: dict[str, tuple[int, tuple[Step, ...]]] = {}

    def clean(self, text: str) -> str:
        """What of a name can be drawn: other forms of a letter become the plain one, unknown letters a dot,
        unknown signs (emoji) and marks above letters go. Empty where nothing is left."""
        drawn = "".join(self._drawable(c) for c in plain(text))
        seen = any(self._glyph(c)[1] for c in drawn if c != _UNKNOWN)
        return " ".join(drawn.split()) if seen else ""

    def _drawable(self, c: str) -> str:
        if unicodedata.category(c)[0] == "M":
            return ""
        if c == " " or self._has.get(ord(c)):
            return c
        other = "".join(o for o in unicodedata.normalize("NFKD", c) if self._has.get(ord(o)))
        letter = unicodedata.category(c)[0] in "LN"
        return other or (_UNKNOWN if letter else "")

    def width(self, text: str, size: float) -> float:
        """Pixels a cleaned text takes."""
        return sum(self._glyph(c)[0] for c in text) * size / self._em

    def shorten(self, text: str, size: float, width: float) -> str:
        """A cleaned text, cut with … where it is wider than that many pixels."""
        if self.width(text, size) <= width:
            return text
        kept = text
        while kept and self.width(kept + "…", size) > width:
            kept = kept[:-1]
        return kept.rstrip() + "…"

    def write(self, text: str, x: float, y: float, size: float, role: str) -> Shape:
        """A cleaned text whose baseline begins at (x, y)."""
        steps: list[Step] = []
        across = 0
        for c in text:
            advance, outline = self._glyph(c)
            steps += [(letter, _moved(points, across)) for letter, points in outline]
            across += advance
        return Shape(tuple(steps), role, x=x, y=y, scale=size / self._em, up=True)

    def ink(self, text: str, size: float) -> Rect:
        """What is black of a cleaned text, seen from where its baseline begins."""
        steps = self.write(text, 0, 0, size, "ink").steps
        across = [v * size / self._em for _, points in steps for v in points[::2]]
        up = [v * size / self._em for _, points in steps for v in points[1::2]]
        return Rect(min(across), -max(up), max(across), -min(up))

    def _glyph(self, c: str) -> tuple[int, tuple[Step, ...]]:
        """How far it goes and its outline, in the font's own units; nothing where the font has not got it."""
        if not self._has.get(ord(c)):
            return 0, ()
        if c not in self._known:
            from matplotlib.ft2font import LoadFlags

            glyph = self._font.load_char(ord(c), flags=LoadFlags.NO_SCALE)
            self._known[c] = glyph.horiAdvance, _steps(*self._font.get_path())
        return self._known[c]


def _steps(points: "np.ndarray", codes: "np.ndarray") -> tuple[Step, ...]:
    """The font library gives sixty-fourths of a unit."""
    flat = [(round(float(x) * 64), round(float(y) * 64)) for x, y in points]
    steps: list[Step] = []
    n = 0
    while n < len(flat):
        code = int(codes[n])
        letter = {1: "M", 2: "L", 3: "Q", _CUBIC: "C", _CLOSE: "Z"}[code]
        took = {"Q": 2, "C": 3}.get(letter, 1)
        steps.append((letter, () if letter == "Z" else tuple(v for point in flat[n : n + took] for v in point)))
        n += took
    return tuple(steps)


def _moved(points: tuple[float, ...], across: int) -> tuple[float, ...]:
    return tuple(v if n % 2 else v + across for n, v in enumerate(points))
