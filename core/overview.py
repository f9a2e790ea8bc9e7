"""What a day's issue says over all its papers: what is worth seeing, what it is about, how that compares.

Counted words are named by `key`: English, lower case, singular, blanks between the words ("reinforcement learning").
"""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from core.models import Claim, Value, Verdict
from core.report import Grid


class Profile(Value):
    """What a person cares about. It changes the order of an issue and its reasons, never what is listed."""

    keywords: tuple[str, ...] = ()
    """Chinese or English."""
    authors: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    """arXiv ids of papers they liked, or sentences that say what they look for."""


class Highlight(Value):
    """One sentence of 今日看点. Its claim was reviewed like any other: quotes of every paper it speaks of."""

    claim: Claim
    papers: tuple[str, ...]
    """Versions it rests on, at least one."""


class Headline(Value):
    """What a paper is called in the issue: never more than its evidence says."""

    paper: str
    text: str
    verdict: Verdict
    original: bool
    """True: the paper's own English title, because no Chinese one stood the check."""


class Topic(Value):
    """Papers that belong together."""

    id: str
    """t1, t2, … the largest first."""
    name: str
    """Chinese where the glossary has a word, else as the papers print it."""
    keys: tuple[str, ...]
    """The words that set it apart, best first."""
    papers: tuple[str, ...]
    """Versions, the nearest to its centre first; every listed paper is in exactly one topic."""


class Hot(Value):
    """A word of the day's papers and how it compares with the days before."""

    key: str
    name: str
    papers: tuple[str, ...]
    """Versions that have it."""
    usual: float | None = None
    """Papers a day that had it, on average over the days before; None where there are none to compare with."""
    change: Literal["new", "up", "down", "same", "unknown"] = "unknown"


class Word(Value):
    """A word of the word cloud."""

    name: str
    papers: int = Field(ge=1)


class Trend(Value):
    """How many papers had a word, day by day; days without an issue are missing."""

    days: tuple[date, ...]
    """Ascending, at most 30 days back, the issue's own day last."""
    listed: tuple[int, ...]
    """Papers listed on each."""
    lines: tuple[tuple[str, tuple[int, ...]], ...]
    """(name, papers on each of the days), the most frequent first."""


class Reason(Value):
    """Why a paper stands where it stands in 值得细读."""

    kind: Literal["keyword", "author", "example", "upvotes", "hot", "evidence", "code"]
    text: str
    """Chinese, a few words: 你关注的关键词：稀疏注意力；社区 39 票（2026-11-20 09:10 UTC 时）."""
    weight: float
    """What it adds to the score."""


class Worth(Value):
    """A paper's place in 值得细读."""

    paper: str
    score: float
    """Sum of its reasons' weights."""
    reasons: tuple[Reason, ...]


class Code(Value):
    """Where a paper says its code is."""

    paper: str
    address: str
    """https, as the paper prints it."""
    page: int = Field(ge=1)


class Overview(Value):
    """Everything an issue says over its papers. Made once, when the issue is; an issue that is there never changes."""

    highlights: tuple[Highlight, ...] = ()
    headlines: tuple[Headline, ...] = ()
    """Of the published papers, in the order of `worth`."""
    topics: tuple[Topic, ...] = ()
    hot: tuple[Hot, ...] = ()
    compared: int = 0
    """Days before that the counts were compared with."""
    words: tuple[Word, ...] = ()
    trend: Trend | None = None
    grids: tuple[Grid, ...] = ()
    """Papers side by side on common benchmarks; the ids of its cells are claims in `cells`."""
    cells: tuple[Claim, ...] = ()
    worth: tuple[Worth, ...] = ()
    """Every listed paper, the most worth reading first."""
    codes: tuple[Code, ...] = ()
    observed: datetime | None = None
    """When votes were seen, UTC; None where the source has none."""
    writer: str = ""
    """The model that put the highlights together; empty where code chose verified sentences of the papers."""
