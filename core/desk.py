"""The desk: everything a person can ask for, on the command line or on the pages. The one thing ui/ knows."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Protocol

from core.delivery import Delivery, Letter
from core.documents import Document, Hit
from core.models import Answer, Claim, Day, Paper, Query, Usage, Value
from core.overview import Overview
from core.ports import Issue, ModelCard, Progress, Role
from core.publication import Shade
from core.report import Commission, Plan, Proposal, Report
from core.speech import Recording
from core.talk import Conversation, Event, Scope, Turn


class Page(Value):
    """A page of a paper as a picture."""

    path: Path
    """PNG."""
    width: float
    """Points."""
    height: float


class Check(Value):
    """One line of the doctor's report."""

    name: str
    state: Literal["ok", "warning", "error"]
    message: str
    """Chinese: what was found and, if something is wrong, what to do."""


class Desk(Protocol):
    """Everything a person can ask for. All raise Misconfigured, Stop and Retry; those that take a paper, Skip too."""

    async def digest(self, source: str, query: Query, out: Path | None = None) -> Day:
        """The day's issue, read, verified, kept and written to files below `out`."""

    async def read(self, name: str) -> Document:
        """One paper (id or path of a PDF), read if it has not been."""

    async def crops(self, document: Document, out: Path | None = None) -> tuple[Path, ...]:
        """A PNG file for each figure of a paper that was read, in order, below `out`; made once."""

    async def search(self, question: str, name: str | None, date: str | None, k: int) -> list[Hit]:
        """The k best passages, in one paper (id or path of a PDF), one day (YYYY-MM-DD) or the whole library."""

    async def ask(self, question: str, name: str | None, date: str | None) -> Answer:
        """An answer whose sentences carry verified citations, or a refusal."""

    def verify(self, name: str | None, claims: Sequence[tuple[str, str, str]]) -> AsyncIterator[Claim]:
        """(id, claim, evidence or "") -> the claims with verdicts, in the order given, each when it is ready."""

    # the shelf

    def issues(self) -> list[Issue]:
        """The days that were read, the newest first."""

    def issue(self, key: str) -> Day | None: ...
    def papers(self, versions: Sequence[str]) -> dict[str, Paper]:
        """What the sources say of these papers; unknown versions are left out."""

    async def page(self, version: str, number: int) -> Page:
        """A page of a paper that was read, as a picture; made once. Raises Skip where there is no such page."""

    def fetch(self, source: str, query: Query) -> AsyncIterator[Progress]:
        """Reads a day in the background and tells how it goes; whoever asks for the same day meanwhile watches the same
        work. It goes on when nobody watches any more. Ends when the work does; raises what the work raised."""

    def cancel(self, source: str, query: Query) -> bool:
        """Ends that work; what is done stays done. False where there is none."""

    def under_way(self) -> list[tuple[str, Query]]:
        """(source, query) of the days being read."""

    # the talk

    def chat(self, conversation: str, owner: str, question: str, scope: Scope) -> AsyncIterator[Event]:
        """Answers a question in its conversation and keeps the turn. Closing the iterator stops the work at once.
        Raises Skip(code="not_found") where the owner has no such conversation."""

    def begin(self, owner: str) -> Conversation:
        """A new conversation, kept once something is said in it; its title is its first question."""

    def conversations(self, owner: str) -> list[Conversation]: ...
    def turns(self, conversation: str, owner: str) -> list[Turn]:
        """Raises Skip(code="not_found") where the owner has no such conversation."""

    def rename(self, conversation: str, owner: str, title: str) -> None: ...
    def forget(self, conversation: str, owner: str) -> None: ...

    # reports

    async def propose(self, commission: Commission) -> Proposal:
        """A plan, kept until somebody agrees to it or refuses it. The same commission again, while none of it was
        written or it is unfinished, gives the same proposal."""

    def proposals(self) -> list[Proposal]:
        """The newest first."""

    def proposal(self, id: str) -> Proposal | None: ...
    def write(self, id: str, plan: Plan | None = None) -> AsyncIterator[Progress]:
        """Agrees to the plan, as edited where one is given, and writes the report in the background; whoever asks for
        the same meanwhile watches the same work, and an interrupted one goes on where it stood (its plan stays). Ends
        when the report is kept; raises what the work raised. Raises Skip(code="not_found") for an unknown id."""

    def rewrite(self, id: str, section: str) -> AsyncIterator[Progress]:
        """One section of the newest version anew, as a version of its own; otherwise as `write`."""

    def halt(self, id: str) -> bool:
        """Ends that work; what is done stays done, and `write` goes on with it. False where there is none."""

    def writing(self) -> list[str]:
        """Ids of the reports being written."""

    async def refuse(self, id: str) -> None:
        """Drops a proposal with everything that was written of it."""

    def report(self, id: str, version: int | None = None) -> Report | None:
        """None for `version`: the newest."""

    async def export(self, id: str, version: int, format: str, out: Path | None = None) -> Path:
        """The report as a file (md, html, pdf, docx), below `out` or the data folder; made once. Raises Skip for an
        unknown report, Misconfigured for an unknown format or where something it needs is not installed."""

    async def picture(self, id: str, version: int, block: str) -> Path:
        """PNG of a plate that is shown, by section and number of the block ("s2.3"); made once. Raises Skip."""

    # the press: what is made of an issue that is there

    def overview(self, key: str) -> Overview | None:
        """What the issue says over all its papers; None for issues older than that."""

    async def print(self, key: str, formats: Sequence[str], out: Path | None = None) -> tuple[Path, ...]:
        """The issue as files of these formats (names as in tools/exports; `all`), with its pictures, below `out` or the
        data folder. No model is called. Raises Skip for an unknown issue, Misconfigured for an unknown format or where
        something it needs is not installed."""

    async def picture_of(self, key: str, name: str, shade: Shade) -> Path:
        """PNG of a picture of the issue (`words`, `topics`, `trend`). Raises Skip where it has none."""

    async def site(self, out: Path | None = None) -> Path:
        """The static site and the feeds of all issues; returns its first page. Raises Stop."""

    async def speak(self, key: str, out: Path | None = None) -> Recording:
        """The issue as a recording, made once. Raises Skip, Misconfigured where the voice is not installed, Retry."""

    async def deliver(self, key: str, *, again: bool = False) -> tuple[Delivery, ...]:
        """Sends the issue to every place the settings name that has not got it yet; `again`: those in doubt too. Raises
        Skip for an unknown issue, Misconfigured where no place is named or an address is wrong."""

    async def letter(self, key: str) -> Letter:
        """What would be sent. Raises Skip for an unknown issue."""

    async def week(self, source: str, day: date) -> str:
        """Key of the issue that sums up the week of `day` (Monday to Sunday) from the days that are there; made anew
        when a day was added. Raises Skip(code="not_found") where there is none."""

    def announced(self, source: str, day: date) -> datetime | None:
        """When the source's list of that day is out (aware); None for a day without one, and for sources without days.
        Raises Misconfigured for an unknown source."""

    # the house

    def models(self) -> dict[Role, ModelCard]: ...
    def spent(self) -> Usage:
        """By all runs of this desk since it was opened."""

    async def examine(self) -> list[Check]:
        """The doctor's report, the connection to the model included."""
