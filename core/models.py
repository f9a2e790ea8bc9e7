"""The things a paper's day is made of, from the listing to the published claim.

Everything here is frozen and refuses unknown fields, so a value that was checked once stays checked.
Units: pages count from 1; boxes are PDF points (1/72 inch) with the origin at the top left of the page;
offsets count characters of the passage's text.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

ARXIV_ID = re.compile(r"(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?P<v>v\d+)?")
"""New-style (2501.12948) and old-style (hep-th/9901001) arXiv identifiers, with an optional version.
Source: arXiv, "Understanding the arXiv identifier"."""


class Value(BaseModel):
    """Base of every domain type: frozen, and an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Box(NamedTuple):
    """A rectangle on a page, in points from the top left corner."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


class Paper(Value):
    """A paper as a source lists it; nothing of it has been read yet."""

    id: str
    """arXiv identifier without version, or `file-` and 12 hex digits of the file's SHA-256."""
    version: str
    """Identifier with version (2501.12948v1); equal to `id` where no source knows the version."""
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    """arXiv categories, the primary one first."""
    published: date | None = None
    """Day of the first submission (GMT)."""
    announce_type: Literal["new", "cross", "replace", "replace-cross"] | None = None
    licence: str | None = None
    upvotes: int | None = None
    """As observed when the day was listed; changes later."""
    keywords: tuple[str, ...] = ()
    path: str | None = None
    """A local PDF; None for papers that are fetched."""


class Query(Value):
    """What a person asked a day to contain."""

    day: date | None = None
    """None: the source's latest day."""
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    folder: str | None = None
    limit: int | None = Field(default=None, ge=1)


class Listing(Value):
    """One source's answer for one day."""

    source: str
    day: date
    zone: str
    """The calendar the day belongs to, as an IANA time zone."""
    papers: tuple[Paper, ...] = ()
    problems: tuple["Problem", ...] = ()
    """Entries that are no papers we can use: each with its reason."""
    note: str = ""
    """Chinese; why the day is empty, or what the day means."""


class Basis(StrEnum):
    """What a digest was made from."""

    FULL_TEXT = "full_text"
    ABSTRACT = "abstract"


class Verdict(StrEnum):
    """Is the claim so, according to the paper?"""

    SUPPORTED = "supported"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"
    UNVERIFIED = "unverified"


class Finding(Value):
    """One reason behind a verdict."""

    code: Annotated[
        str, Field(pattern=r"^(number|unit|name|direction|negation|strength|attribution|quote|entailment)(\.[a-z_]+)?$")
    ]
    severity: Literal["error", "warning", "info"]
    message: str
    """One Chinese sentence."""
    where: str = ""
    """The words of the claim it is about."""
    correction: str = ""
    """What would have to stand in place of `where`, as the paper prints it; empty where that is not known."""


class Quote(Value):
    """Verbatim words of the paper, with their place."""

    passage: str
    paper: str
    page: int = Field(ge=1)
    section: str
    quote: str
    """For a row of a table: what the row prints, cell by cell."""
    boxes: tuple[Box, ...] = ()
    spelled_out: str = ""
    """A row of a table with the name of its table and columns; empty for other words."""


class Claim(Value):
    """One Chinese sentence and what is known about its truth."""

    id: str
    """`title`, `tldr`, or c1, c2, …"""
    text: str
    verdict: Verdict = Verdict.UNVERIFIED
    score: float = Field(default=0.0, ge=0.0, le=1.0)
    """The judge's calibrated probability that the evidence supports the claim, the lower of two. Where no model judged:
    the share of the claim's words, names and numbers that the evidence has, 0.0 if a check found an error."""
    evidence: tuple[Quote, ...] = ()
    findings: tuple[Finding, ...] = ()
    withheld: bool = False
    """True: the sentence failed and is kept for the record only, out of the reader's way."""


Slot = Literal["title", "summary", "problem", "method", "result", "limitation"]
"""The parts of a digest a sentence can be written for."""


class Pick(Value):
    """One sentence of the paper, chosen for a slot of an extractive digest."""

    slot: Slot
    passage: str
    """Passage id."""
    sentence: int = Field(ge=0)
    score: float
    """Higher is better, comparable within one paper and slot."""


class Note(Value):
    """One point of the paper, as the reader noted it."""

    topic: Literal["problem", "method", "result", "limitation"]
    point: str
    """One Chinese sentence."""
    keys: tuple[str, ...]
    """Names of the sentences it rests on (S12)."""


class Draft(Value):
    """A sentence the writer wants to publish, before the critic has seen it."""

    id: str
    """As the claim's will be."""
    slot: Slot
    text: str
    cited: tuple[tuple[str, int], ...]
    """The writer's evidence: (passage id, sentence number from 0)."""


class DigestSection(Value):
    """A heading of the digest and the claims under it."""

    name: str
    claim_ids: tuple[str, ...]


class Usage(Value):
    """What model calls took. Cost is in the currency of the settings, 0.0 for local models."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cost=self.cost + other.cost,
        )


class Digest(Value):
    """What a reader gets of one paper."""

    paper: str
    basis: Basis
    why_abstract: str = ""
    """Chinese; why only the abstract was read, where that is so."""
    language: Literal["zh", "en"]
    """`en`: no model was there to render the sentences."""
    claims: tuple[Claim, ...]
    sections: tuple[DigestSection, ...]
    writer: str
    """Name of the model that wrote it; empty without one."""
    judge: str
    labels: tuple[str, ...] = ()
    """Chinese; 仅摘要, 本地小模型草稿, …"""
    cautions: tuple[Finding, ...] = ()
    """About the paper itself: what its abstract claims and its own full text weakens, both quoted with their pages."""
    prompts: str = ""
    """Hash over the prompts, glossary and thresholds it was made with."""
    usage: Usage = Usage()

    def claim(self, id: str) -> Claim | None:
        """The claim of that id, None where there is none."""
        return next((c for c in self.claims if c.id == id), None)


class Status(StrEnum):
    """How a paper's day ended."""

    PUBLISHED = "published"
    WITHHELD = "withheld"
    FAILED = "failed"
    SKIPPED = "skipped"


class Step(StrEnum):
    """The stations of a paper's day, in order."""

    LIST = "list"
    FETCH = "fetch"
    PARSE = "parse"
    READ = "read"
    WRITE = "write"
    VERIFY = "verify"
    PUBLISH = "publish"


class Problem(Value):
    """Why a paper did not come further."""

    id: str
    step: Step
    reason: str
    """Chinese: what is wrong and what to do."""


class PaperResult(Value):
    """One paper of a day and how it ended."""

    paper: Paper
    status: Status
    late: date | None = None
    """The earlier day whose list it was added to after that day's issue was made; None: it is of this day."""
    passed: tuple[Step, ...]
    """The stations it passed; one read from its abstract never passed fetch, parse and read."""
    reason: str = ""
    digest: Digest | None = None
    usage: Usage = Usage()


class Ledger(Value):
    """How many papers came how far; nothing vanishes between the numbers."""

    listed: int = 0
    fetched: int = 0
    parsed: int = 0
    read: int = 0
    verified: int = 0
    published: int = 0
    problems: tuple[Problem, ...] = ()


Until = date | None
"""A date beside a field of that name."""


class Day(Value):
    """A day's issue, or what several of them already verified, summed up."""

    date: date
    """The first day of a week's."""
    source: str
    edition: str = ""
    """Six hex digits that tell it from other issues of the day, where it was asked to contain something particular."""
    until: Until = None
    """Last day of a week's issue; None for a day's."""
    zone: str
    model: str
    results: tuple[PaperResult, ...]
    ledger: Ledger
    note: str = ""
    files: tuple[str, ...] = ()


class Citation(Value):
    """Mark n of an answer."""

    n: int
    quote: Quote
    verdict: Verdict


class Comparison(Value):
    """Papers side by side."""

    columns: tuple[str, ...]
    """What they are compared by."""
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    """(version, a claim's id for each column; empty where the paper says nothing about it)."""


class Answer(Value):
    """An answer made of the papers' own evidence, or a refusal."""

    answer: str
    """What stands, with marks [1] after each sentence; a comparison follows as a Markdown table, a mark in each cell.
    The words of the refusal where there is one."""
    refused: bool
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Quote, ...] = ()
    """Where the papers do not answer: the passages that come closest."""
    model: str = ""
    claims: tuple[Claim, ...] = ()
    """All sentences in order, those that failed included (they are `withheld`). Marks count through the evidence of the
    others."""
    table: Comparison | None = None
    question: str = ""
    """As it was understood: a question that needs no history."""
    suggestions: tuple[str, ...] = ()
    """Questions that may come next."""
