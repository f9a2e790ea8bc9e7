"""File names and links of an issue, from validated ids."""

from datetime import date
from urllib.parse import quote

from core.models import ARXIV_ID, Day

_IN_ADDRESSES = ":/?#@!&=+,;%~-._"
"""Signs that stay as they are in an address; brackets and quotes do not, they would end the link."""


def folder(day: Day) -> str:
    """`2026-11-20-hf`, `2026-11-20-arxiv-3fa9c1`, `2026-W47-hf`: one folder an issue."""
    return folder_of(day.date, day.source, day.edition, week=day.until is not None)


def folder_of(when: date, source: str, edition: str, *, week: bool) -> str:
    """The same for an issue that is not opened."""
    name = "{}-W{:02}".format(*when.isocalendar()[:2]) if week else when.isoformat()
    return f"{name}-{source}" + (f"-{edition}" if edition else "")


def title(day: Day) -> str:
    """What the issue is called."""
    if day.until:
        year, week, _ = day.date.isocalendar()
        return f"{year} 年第 {week} 周论文周报"
    return f"{day.date.isoformat()} 论文速读"


def stem(version: str) -> str:
    """A paper's file name without ending; ids only, never titles."""
    return version.replace("/", "_")


def abstract_page(version: str) -> str:
    """Address of the paper on arXiv; empty for local files."""
    return f"https://arxiv.org/abs/{version}" if ARXIV_ID.fullmatch(version) else ""


def pdf_page(version: str, page: int) -> str:
    """Address of a page of the PDF; empty for local files."""
    return f"https://arxiv.org/pdf/{version}#page={page}" if ARXIV_ID.fullmatch(version) else ""


def https(address: str) -> str:
    """An address that a paper prints, as a link may hold it; empty where it is no https address."""
    return quote(" ".join(address.split()), safe=_IN_ADDRESSES) if address.startswith("https://") else ""
