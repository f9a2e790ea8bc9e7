"""The plain shapes a page is made of once MuPDF has let go of it."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a space. Sides in points from the top left."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one baseline, as MuPDF groups them (a wide gap starts a new line)."""

    words: tuple[Word, ...]
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

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(w.text for w in self.words)

    @property
    def middle(self) -> float:
        """Height of the line's middle on the page."""
        return (self.y0 + self.y1) / 2


class Kind(Enum):
    """What a block of lines is for."""

    TEXT = "text"
    HEADING = "heading"
    CAPTION = "caption"
    TABLE = "table"
    EQUATION = "equation"
    NOTE = "note"
    MARGIN = "margin"
    """Running heads, page numbers, stamps: not part of the paper's text."""
    FIGURE = "figure"
    """Lettering inside a picture: not read as text."""


@dataclass(slots=True)
class Block:
    """Lines that belong together."""

    lines: list[Line]
    page: int
    kind: Kind = Kind.TEXT

    @property
    def x0(self) -> float:
        return min(line.x0 for line in self.lines)

    @property
    def x1(self) -> float:
        return max(line.x1 for line in self.lines)

    @property
    def y0(self) -> float:
        return min(line.y0 for line in self.lines)

    @property
    def y1(self) -> float:
        return max(line.y1 for line in self.lines)

    @property
    def chars(self) -> int:
        """Number of characters without spaces."""
        return sum(len(w.text) for line in self.lines for w in line.words)

    @property
    def size(self) -> float:
        """Font size of most characters."""
        return max(self.lines, key=lambda line: len(line.text)).size

    @property
    def text(self) -> str:
        """All lines, with single spaces."""
        return " ".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its size in points and its blocks in the order of the content stream."""

    number: int
    width: float
    height: float
    blocks: tuple[Block, ...]
    images: float
    """Share of the page covered by its largest image, 0..1."""
