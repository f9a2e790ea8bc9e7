"""A day's issue with everything that is printed of it, as exporters get it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.models import Day
from core.overview import Overview

Shade = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the day. Its files stand in the issue's folder as pictures/NAME-SHADE.svg and .png."""

    name: str
    """`words`, `topics` or `trend`."""
    title: str
    """Chinese."""
    alt: str
    """What it shows, in Chinese, for those who do not see it: the figures themselves, not a description of shapes."""
    svg: Mapping[Shade, bytes]
    """Letters are outlines: no font is needed to see it."""
    png: Mapping[Shade, bytes]
    width: int
    """Pixels of the PNG."""
    height: int


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """The figure that shows a paper's idea best."""

    label: str
    """As printed: Figure 2."""
    caption: str
    page: int
    png: bytes
    """Empty where its licence does not allow to show it, or it could not be had: link to the page instead."""
    width: float
    """Points, as on the page."""


@dataclass(frozen=True, slots=True)
class Publication:
    """An issue ready to be printed."""

    day: Day
    overview: Overview = field(default_factory=Overview)
    pictures: tuple[Picture, ...] = ()
    figures: Mapping[str, KeyFigure] = field(default_factory=dict)
    """By the paper's version; only of papers that were read."""
    earlier: str = ""
    """Folder of the issue before it of the same kind, for links; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """All issues, for what is published of many days at once: the site and its feeds."""

    publications: Callable[[], Iterator[Publication]]
    """The newest first, opened one at a time; may be called again."""
    address: str = ""
    """Where the site will be reached, https with a slash at the end; empty where nobody said."""
    title: str = "证读"
