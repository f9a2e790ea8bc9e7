"""What comes out of a PDF before it is cut into passages."""

from dataclasses import dataclass

from core.documents import Figure, HiddenText, PassageKind, Section, SectionRole, Table
from core.placement import PlacedWord


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, caption, table or equation in reading order."""

    kind: PassageKind
    role: SectionRole
    section: str
    """Path of headings, joined by " › "."""
    text: str
    """Normalised as in `Passage.text`; table rows are separated by newlines."""
    words: tuple[PlacedWord, ...]


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
