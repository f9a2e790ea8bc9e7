"""An issue to be listened to: what is said, and what was recorded."""

from pathlib import Path

from pydantic import Field

from core.models import Value


class Chapter(Value):
    """What is said about one thing, with a mark to jump to."""

    title: str
    """As players show it."""
    paper: str
    """Version; empty for the opening and the end."""
    sentences: tuple[str, ...]
    """Written for the ear: numbers, units and formulas in words, no marks, no links."""


class Script(Value):
    """A spoken issue."""

    title: str
    chapters: tuple[Chapter, ...]


class Recording(Value):
    """A spoken issue as a file."""

    path: Path
    """MP3 with a chapter a paper."""
    seconds: float = Field(ge=0)
    """It plays."""
    took: float = Field(ge=0)
    """Seconds it took to make; 0.0 where it was there already."""
    voice: str
    """Who speaks, and by which engine, as shown to people."""
    chapters: tuple[tuple[float, str], ...]
    """(seconds from the start, title)."""
