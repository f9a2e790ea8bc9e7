"""A paper once it has been read: its sections, passages, tables and figures, and what was hidden in it.

Units as in core.models: pages count from 1, boxes are PDF points from the top left of the page.
"""

from enum import StrEnum
from typing import Literal, NamedTuple

from pydantic import Field

from core import placement
from core.models import Box, Value


class SectionRole(StrEnum):
    """What part of an argument a section is; digests are never built from the last four."""

    ABSTRACT = "abstract"
    INTRODUCTION = "introduction"
    RELATED = "related"
    METHOD = "method"
    EXPERIMENT = "experiment"
    RESULT = "result"
    DISCUSSION = "discussion"
    LIMITATION = "limitation"
    CONCLUSION = "conclusion"
    OTHER = "other"
    ACKNOWLEDGEMENT = "acknowledgement"
    REFERENCES = "references"
    APPENDIX = "appendix"
    FRONT = "front"
    """Title, authors and addresses above the abstract."""


BACK_MATTER = frozenset({SectionRole.ACKNOWLEDGEMENT, SectionRole.REFERENCES, SectionRole.APPENDIX, SectionRole.FRONT})


class Section(Value):
    """A heading and its place in the tree."""

    number: str
    """As printed, without the last dot: "3.2", "A.1"; empty where there is none."""
    title: str
    level: int = Field(ge=1, le=6)
    role: SectionRole
    page: int = Field(ge=1)


PassageKind = Literal["text", "table", "caption", "equation", "note"]


class Passage(Value):
    """A stretch of one paper that is retrieved, quoted and cited as one."""

    id: str
    """`2501.12948v1:p07:003`: version, first page, running number in the paper."""
    paper: str
    """Version of the paper."""
    page: int = Field(ge=1)
    section: str
    """Path of headings, joined by " › "."""
    role: SectionRole
    kind: PassageKind
    text: str
    """Normalised: NFKC, hyphenation joined, single spaces."""
    sentences: tuple[tuple[int, int], ...]
    """Offsets [start, end) of each sentence in `text`."""
    words: bytes = Field(default=b"", repr=False)
    """Where each word stands on the page; packed by core.placement."""

    def sentence(self, n: int) -> str:
        """The n-th sentence, from 0."""
        start, end = self.sentences[n]
        return self.text[start:end]


class Cell(NamedTuple):
    """One cell of a table: its words as printed and where they stand; both empty where nothing is printed."""

    text: str
    box: Box | None


class TableRow(Value):
    """One printed row."""

    group: str = ""
    """The heading inside the table that stands above it ("Closed-source models"), if there is one."""
    cells: tuple[Cell, ...]
    """One a column, in the order of the table's header."""


class Table(Value):
    """A table, read cell by cell."""

    label: str
    """As printed: "Table 3"; empty where it has no caption."""
    caption: str
    """Without the label."""
    box: Box
    header: tuple[str, ...]
    """One a column; the levels of a header of several rows joined by " / "."""
    rows: tuple[TableRow, ...]


class Figure(Value):
    """A picture and its caption."""

    label: str
    caption: str
    """Without the label."""
    box: Box
    """The picture, without its caption."""
    key: bool = False
    """The one that shows the paper's idea best; at most one a paper."""


class HiddenText(Value):
    """Words in the text layer that a person looking at the page does not see, or that speak to a machine."""

    why: Literal["invisible", "blends_in", "tiny", "off_page", "covered", "hidden_layer", "instruction"]
    """`instruction`: visible, but addressed to a language model or an automatic reviewer."""
    text: str
    """At most 500 characters."""
    box: Box


class Document(Value):
    """A paper that has been read."""

    paper: str
    sha256: str
    pages: int = Field(ge=0)
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    hidden: tuple[HiddenText, ...] = ()
    """None of it is in the passages, but for visible instructions, which are only named here."""
    title: str = ""
    """As printed on the first page; used where no source gave one."""
    warnings: tuple[str, ...] = ()
    """Chinese; what a person should know about this reading (scanned pages, abstract only)."""


class Hit(Value):
    """A passage found for a question; the higher the score, the better, comparable within one search only."""

    passage: Passage
    score: float
    sentence: int = Field(default=0, ge=0)
    """The one of its sentences that has most of the question's words."""

    @property
    def page(self) -> int:
        """Where that sentence stands; a passage may go on over a page's end."""
        start, end = self.passage.sentences[self.sentence] if self.passage.sentences else (0, 0)
        return placement.first_page(self.passage.words, start, end, self.passage.page)
