"""What a reader of PDFs made of a paper, in the terms anchors ask in; ours and its rivals come to the same shape."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from bench._letters import Stream
from core.documents import PassageKind
from core.models import Box
from core.reading import Reading


@dataclass(frozen=True)
class Piece:
    """A paragraph, a caption, the words of a table: whatever a reader gives as one."""

    kind: PassageKind
    text: str
    pages: frozenset[int]
    """All pages it stands on."""


@dataclass(frozen=True)
class Heading:
    """A heading as read."""

    page: int
    number: str
    title: str
    level: int


@dataclass(frozen=True)
class Row:
    """A table's row: the heading above it inside the table, and its cells."""

    group: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table as read."""

    page: int
    label: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Float:
    """A figure or table with its caption."""

    label: str
    caption: str
    """Without the label."""
    box: Box


@dataclass(frozen=True)
class View:
    """A whole paper as read. None stands for what a reader does not offer at all."""

    pieces: tuple[Piece, ...]
    headings: tuple[Heading, ...] | None = None
    grids: tuple[Grid, ...] | None = None
    floats: tuple[Float, ...] | None = None
    complaint: str = ""
    """Why nothing was read."""

    @cached_property
    def running(self) -> Stream:
        """The running text in reading order."""
        return Stream.of(" ¶ ".join(piece.text for piece in self.pieces if piece.kind == "text"))

    def running_on(self, page: int) -> Stream:
        """The pieces of running text that touch a page."""
        here = [piece.text for piece in self.pieces if piece.kind == "text" and page in piece.pages]
        return Stream.of(" ¶ ".join(here))

    def elsewhere(self, fragment: str) -> str:
        """What kind of piece other than running text holds a fragment; empty where none does."""
        others = Counter(p.kind for p in self.pieces if p.kind != "text" and Stream.of(p.text).find(fragment))
        return ", ".join(others)


def of_reading(reading: Reading) -> View:
    """Our own reading."""
    return View(
        pieces=tuple(Piece(p.kind, p.text, frozenset(p.words[:, 2].tolist())) for p in reading.paragraphs),
        headings=tuple(Heading(s.page, s.number, s.title, s.level) for s in reading.sections),
        grids=tuple(
            Grid(t.box.page, t.label, t.header, tuple(Row(r.group, tuple(c.text for c in r.cells)) for r in t.rows))
            for t in reading.tables
        ),
        floats=(
            *(Float(t.label, t.caption, t.box) for t in reading.tables),
            *(Float(f.label, f.caption, f.box) for f in reading.figures),
        ),
    )
