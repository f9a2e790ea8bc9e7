"""What comes out of a PDF before it is cut into passages."""

from dataclasses import dataclass

from core.documents import Figure, HiddenText, PassageKind, Section, SectionRole, Table
from core.placement import Places


@dataclass(frozen=True, slots=True, eq=False)
class Paragraph:
    """A paragraph, caption, table or equation in reading order."""

    kind: PassageKind
    role: SectionRole
    section: str
    """Path of headings, joined by " › "."""
    text: str
    """Normalised as in `Passage.text`; the lines of a listing are separated by newlines. A row of a table names its
    table and its columns, which are not among the words: those are the row's own."""
    words: Places


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole PDF, read."""

    sha256: str
    pages: int
    title: str
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    warnings: tuple[str, ...]
    """Chinese."""
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    hidden: tuple[HiddenText, ...] = ()
