"""Reports: what somebody asked for, the plan they agree to, and what came of it.

Ids: a report is 16 hex digits, its sections s1, s2, … in the order of the plan, its claims `s2.c3`.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from core.models import Box, Claim, Finding, Paper, Quote, Usage, Value

Length = Literal["short", "standard", "long"]
"""About 2, 5 and 12 pages where the papers give that much."""

Aspect = Literal[
    "overview", "background", "method", "setup", "results", "ablation", "limitations", "neighbours", "reproduction",
    "next", "approaches", "benchmarks", "agreement", "topic",
]  # fmt: skip
"""What a section is about. The first ten make a deep-dive of one paper; `overview`, `approaches` (methods by
properties), `benchmarks` (results side by side), `agreement` (where papers confirm or contradict each other),
`limitations` and `next` make a comparison; a `topic` is a question of its own, which a strong model or a person
planned."""


class Commission(Value):
    """What a report is to be about."""

    topic: str = ""
    """In the person's words; may be empty where papers are named."""
    papers: tuple[str, ...] = ()
    """Versions the person named."""
    since: date | None = None
    until: date | None = None
    """The days whose papers may be chosen, both included; None: no days."""
    length: Length = "standard"
    budget: float | None = Field(default=None, ge=0)
    """Most this report may cost, in the currency of the settings."""


class PlannedPaper(Value):
    """A paper that a plan wants to read."""

    version: str
    title: str
    reason: str
    """Chinese; why it is in."""
    chosen: bool = True
    """False: shown to the person, read only if they want it."""
    read: bool = False
    """Is its full text in the library already?"""


class PlannedSection(Value):
    """A heading and what is to be found out under it."""

    id: Annotated[str, Field(pattern=r"^s\d{1,2}$")]
    heading: str
    aspect: Aspect
    questions: tuple[str, ...]
    """Chinese."""


class Plan(Value):
    """What will be written, from what, and about what it takes."""

    title: str
    kind: Literal["paper", "comparison"]
    papers: tuple[PlannedPaper, ...]
    sections: tuple[PlannedSection, ...]
    expected: Usage
    minutes: float
    note: str = ""
    """Chinese; what the person should know before they agree."""
    length: Length = "standard"
    """As commissioned."""


class Proposal(Value):
    """A report that was asked for, from its plan to its end."""

    id: str
    commission: Commission
    plan: Plan
    made: datetime
    """With time zone."""
    state: Literal["proposed", "agreed", "done"] = "proposed"
    """`agreed`: being written, or interrupted and to be gone on with."""
    versions: int = 0
    """Finished versions there are."""


class Lead(Value):
    """Something found for a section: sentences of papers, and what a strong model noted of them."""

    question: str
    """The plan's, which it helps to answer."""
    point: str = ""
    """One Chinese sentence; empty where a small model only chose the sentences."""
    cited: tuple[tuple[str, int], ...]
    """(passage id, sentence number from 0)."""


class Material(Value):
    """What the research of one section brought."""

    leads: tuple[Lead, ...]
    unanswered: tuple[str, ...] = ()
    """Questions of the plan that the papers do not answer."""
    rounds: int = 0
    """Times the papers were searched."""


class Sentence(Value):
    """A sentence, or the words of a table's cell, before the critic has seen it."""

    id: str
    """As the claim's will be."""
    text: str
    cited: tuple[tuple[str, int], ...] = ()
    """The writer's evidence, as in Lead."""
    evidence: tuple[Quote, ...] = ()
    """Set where code took the words from the page as they are printed, so that nobody has to judge them."""


class Prose(Value):
    """A paragraph."""

    kind: Literal["prose"] = "prose"
    claims: tuple[str, ...]
    """Ids."""


class GridRow(Value):
    """A row of a table."""

    label: str
    """Chinese, or a name as printed."""
    paper: str = ""
    """The version it belongs to; empty where each cell says so by its evidence."""
    cells: tuple[str, ...]
    """A claim's id each; empty: nothing was found (未见报告)."""


class Grid(Value):
    """A table put together by code: each cell is a claim with its evidence."""

    kind: Literal["grid"] = "grid"
    caption: str
    corner: str = ""
    """Heading over the labels."""
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    notes: tuple[str, ...] = ()
    """Chinese; under the table: where settings differ and numbers must not be compared."""


class Plate(Value):
    """A figure, or an equation as it is printed: a piece of a page."""

    kind: Literal["plate"] = "plate"
    what: Literal["figure", "equation"]
    paper: str
    label: str
    """As printed ("Figure 2", "(3)"); may be empty for an equation."""
    caption: str
    """English, as printed; empty for an equation."""
    box: Box
    shown: bool
    """False: the licence does not let us show it again; a link stands in its place."""
    claims: tuple[str, ...] = ()
    """What it shows, or what its symbols mean, in Chinese."""


Block = Annotated[Prose | Grid | Plate, Field(discriminator="kind")]


class Written(Value):
    """A section before the critic."""

    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    asks: tuple[str, ...] = ()
    """Chinese; questions to go on with. They assert nothing, so nobody judges them."""


class ReportSection(Value):
    """A section as it was written."""

    id: str
    heading: str
    aspect: Aspect
    blocks: tuple[Block, ...]
    claims: tuple[Claim, ...]
    """All of it, those that failed included (they are `withheld`)."""
    unanswered: tuple[str, ...] = ()
    """Questions the papers do not answer."""
    asks: tuple[str, ...] = ()
    """As in Written."""
    cautions: tuple[Finding, ...] = ()
    """About the papers themselves: what an abstract claims and its own full text weakens."""
    stopped: str = ""
    """Chinese; why it is unfinished (the budget was used up, the model failed)."""
    rewritten: int = 0
    """Sentences that failed once and stand now, rewritten."""
    rounds: int = 0
    """Times the papers were searched."""
    usage: Usage = Usage()

    def claim(self, id: str) -> Claim | None:
        """The claim of that id, None where there is none."""
        return next((c for c in self.claims if c.id == id), None)


class Report(Value):
    """A finished report."""

    id: str
    version: int = Field(ge=1)
    commission: Commission
    plan: Plan
    """As agreed."""
    made: datetime
    """With time zone."""
    papers: tuple[Paper, ...]
    """Those that were read, in the order of their numbers in the list of references."""
    left_out: tuple[tuple[str, str], ...] = ()
    """(version, Chinese reason) of those that could not be read."""
    sections: tuple[ReportSection, ...]
    labels: tuple[str, ...] = ()
    """Chinese; 本地小模型草稿, 预算用完，未写完, …"""
    writer: str = ""
    judge: str = ""
    usage: Usage = Usage()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Of all sections."""
        return tuple(claim for section in self.sections for claim in section.claims)
