"""File names and links of an issue, from validated ids."""

from core.models import ARXIV_ID, Day


def folder(day: Day) -> str:
    """`2026-11-20-hf`: one folder an issue."""
    return f"{day.date.isoformat()}-{day.source}"


def stem(version: str) -> str:
    """A paper's file name without ending; ids only, never titles."""
    return version.replace("/", "_")


def abstract_page(version: str) -> str:
    """Address of the paper on arXiv; empty for local files."""
    return f"https://arxiv.org/abs/{version}" if ARXIV_ID.fullmatch(version) else ""


def pdf_page(version: str, page: int) -> str:
    """Address of a page of the PDF; empty for local files."""
    return f"https://arxiv.org/pdf/{version}#page={page}" if ARXIV_ID.fullmatch(version) else ""
