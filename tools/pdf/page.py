"""The plain shapes a page is made of once MuPDF has let go of it.

Words and lines are tuples, not dataclasses: eight papers have a hundred thousand of them, and a frozen dataclass takes
2.5 times as long to make (measured).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple


class Word(NamedTuple):
    """A run of characters without a space. Sides in points from the top left."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


class Area(NamedTuple):
    """A rectangle on one page, in points from the top left."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    def holds(self, x: float, y: float, slack: float = 0.0) -> bool:
        """Is the point inside, or outside by no more than `slack`?"""
        return self.x0 - slack <= x <= self.x1 + slack and self.y0 - slack <= y <= self.y1 + slack


def hull(areas: Iterable["Area | Word | Line | Block"]) -> Area:
    """The smallest rectangle around all of them; ValueError for none."""
    found = list(areas)
    return Area(min(a.x0 for a in found), min(a.y0 for a in found), max(a.x1 for a in found), max(a.y1 for a in found))


class Line(NamedTuple):
    """Words on one baseline, as MuPDF groups them (a wide gap starts a new line)."""

    words: tuple[Word, ...]
    text: str
    """The words with single spaces."""
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    """Font size of most characters, in points."""
    bold: float
    """Share of characters in a bold or small-caps font, 0..1."""
    math: float
    """Share of characters in a mathematical font, 0..1."""
    lead: int = 0
    """How many words at the beginning are bold."""

    @property
    def middle(self) -> float:
        """Height of the line's middle on the page."""
        return (self.y0 + self.y1) / 2


class Kind(Enum):
    """What a block of lines is for."""

    TEXT = "text"
    CAPTION = "caption"
    TABLE = "table"
    EQUATION = "equation"
    NOTE = "note"
    MARGIN = "margin"
    """Running heads, page numbers, stamps: not part of the paper's text."""
    FIGURE = "figure"
    """Lettering inside a picture: not read as text."""
    LISTING = "listing"
    """An algorithm or a program, line by line."""
    INSET = "inset"
    """Sentences inside a picture or a box: kept, but not part of the running text."""


class Block:
    """Lines that belong together, at least one. Only its kind ever changes: other lines are another block."""

    __slots__ = ("kind", "lines", "page", "x0", "x1", "y0", "y1")

    def __init__(self, lines: list[Line], page: int, kind: Kind = Kind.TEXT) -> None:
        self.lines, self.page, self.kind = lines, page, kind
        self.x0, self.y0, self.x1, self.y1 = hull(lines)

    @property
    def chars(self) -> int:
        """Number of characters, single spaces between words included."""
        return sum(len(line.text) for line in self.lines)

    @property
    def size(self) -> float:
        """Font size of most characters."""
        return max(self.lines, key=lambda line: len(line.text)).size

    @property
    def text(self) -> str:
        """All lines, with single spaces."""
        return " ".join(line.text for line in self.lines)


class Veiled(NamedTuple):
    """Words of the text layer that nobody sees on the page."""

    why: str
    """A `why` of core.documents.HiddenText."""
    text: str
    area: Area


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its size in points and its blocks in the order of the content stream."""

    number: int
    width: float
    height: float
    blocks: tuple[Block, ...]
    images: tuple[Area, ...] = ()
    rules: tuple[Area, ...] = ()
    """Horizontal lines, such as a table's."""
    marks: tuple[Area, ...] = ()
    """Everything else that is drawn: curves, bars, filled boxes."""
    veiled: tuple[Veiled, ...] = ()
    """Left out of the blocks."""
    recogniser: str = ""
    """Name of the engine that recognised a scanned page; empty where the text is the file's own."""

    def plus(self, veiled: "Iterable[Veiled]") -> "Page":
        """The same page with more found hidden on it."""
        return replace(self, veiled=(*self.veiled, *veiled))

    @property
    def scanned(self) -> float:
        """Share of the page covered by its largest image, 0..1."""
        area = self.width * self.height or 1.0
        return max((i.width * i.height for i in self.images), default=0.0) / area
