"""What papers and days are called on the chat page."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.desk import Desk
from core.digests import title_zh
from core.models import Day, Status
from core.talk import Scope, Turn


@dataclass(frozen=True)
class Names:
    """Versions and issue keys -> words for readers."""

    papers: dict[str, str]
    """The Chinese title where there is one, else the paper's own."""
    day: dict[str, str]
    """The papers of the scope's day, by their own titles."""
    offered: dict[str, str]
    """The same papers, and those pinned, as they are to choose from."""
    dates: dict[str, str] = field(default_factory=dict)
    reports: dict[str, str] = field(default_factory=dict)
    """Ids of reports -> their titles."""

    def date(self, key: str) -> str:
        """An issue's date; empty where the issue is gone."""
        return self.dates.get(key, "")


async def names_of(desk: Desk, turns: Sequence[Turn], scope: Scope) -> Names:
    """The names that these turns and a question about `scope` need."""
    return await asyncio.to_thread(_names_of, desk, turns, scope)


def _names_of(desk: Desk, turns: Sequence[Turn], scope: Scope) -> Names:
    keys = dict.fromkeys(key for key in (scope.day, *(turn.scope.day for turn in turns)) if key)
    days = {key: day for key in keys if (day := desk.issue(key)) is not None}
    versions = dict.fromkeys([*scope.papers, *(v for turn in turns for v in _mentioned(turn))])
    papers = {version: paper.title for version, paper in desk.papers(list(versions)).items()}
    for day in days.values():
        papers |= _called(day)
    own = dict(_listed(days.get(scope.day)))
    offered = {version: papers.get(version, version) for version in dict.fromkeys([*own, *scope.papers])}
    asked = dict.fromkeys(id for id in (scope.report, *(turn.scope.report for turn in turns)) if id)
    reports = {id: found.plan.title for id in asked if (found := desk.proposal(id)) is not None}
    return Names(papers, own, offered, {key: day.date.isoformat() for key, day in days.items()}, reports)


def _mentioned(turn: Turn) -> Iterable[str]:
    said = turn.answer
    yield from turn.scope.papers
    yield from (citation.quote.paper for citation in said.citations)
    yield from (quote.paper for claim in said.claims for quote in claim.evidence)
    yield from (quote.paper for quote in said.nearest)
    yield from (version for version, _ in (said.table.rows if said.table else ()))


def _listed(day: Day | None) -> Iterable[tuple[str, str]]:
    results = day.results if day else ()
    return ((r.paper.version, r.paper.title) for r in results if r.status is Status.PUBLISHED)


def _called(day: Day) -> dict[str, str]:
    return {r.paper.version: title_zh(r.digest) or r.paper.title for r in day.results}
