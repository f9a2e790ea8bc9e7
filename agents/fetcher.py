"""The fetcher decides which of the day's papers are read. It hides nothing: what it leaves out comes with a reason."""

import re
from typing import NamedTuple

from core.models import Listing, Paper, Query


class Choice(NamedTuple):
    """The day's papers, split."""

    chosen: tuple[Paper, ...]
    left_out: tuple[tuple[Paper, str], ...]
    """Each with its reason, in Chinese."""


def choose(listing: Listing, query: Query) -> Choice:
    """Applies the person's filters in the source's order; the limit counts last. Pure."""
    chosen: list[Paper] = []
    left_out: list[tuple[Paper, str]] = []
    for paper in _once(listing.papers):
        reason = _reason(paper, query)
        if not reason and query.limit is not None and len(chosen) >= query.limit:
            reason = f"超出 --limit {query.limit}"
        if reason:
            left_out.append((paper, reason))
        else:
            chosen.append(paper)
    return Choice(tuple(chosen), tuple(left_out))


def _once(papers: tuple[Paper, ...]) -> list[Paper]:
    return list({paper.version: paper for paper in papers}.values())


def _reason(paper: Paper, query: Query) -> str:
    """Why a person's own filters leave this paper out; empty if they do not."""
    text = f"{paper.title} {paper.abstract} {' '.join(paper.keywords)}"
    if query.ids and paper.id not in query.ids and paper.version not in query.ids:
        return "不在 --ids 之列"
    if query.keywords and not any(_says(text, word) for word in query.keywords):
        return f"不含关键词 {'、'.join(query.keywords)}"
    if hit := next((word for word in query.exclude if _says(text, word)), ""):
        return f"含排除词 {hit}"
    names = [name.lower() for name in paper.authors]
    if query.authors and not any(wanted.lower() in name for wanted in query.authors for name in names):
        return f"作者不含 {'、'.join(query.authors)}"
    if query.categories and paper.categories and not set(query.categories) & set(paper.categories):
        return f"分类不在 {'、'.join(query.categories)} 之中"
    return ""


def _says(text: str, word: str) -> bool:
    """Does a word of the text begin so? `agent` is in agents, `RL` is not in world."""
    begins = r"(?<![^\W_])" if word[:1].isascii() and word[:1].isalnum() else ""
    return re.search(begins + re.escape(word), text, re.IGNORECASE) is not None
