"""A week summed up from its days: nothing is read again, no model is asked."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

from agents import overview as agent
from agents.overview import Past
from core.errors import Skip
from core.models import Day, Ledger, PaperResult, Query, Verdict
from core.overview import Overview
from core.ports import Issue
from graph import overview
from graph.deps import Deps

_DAYS = timedelta(days=7)
_COMPARED = 4
"""Weeks before that a week is compared with."""


async def made(deps: Deps, source: str, day: date) -> str:
    """Key of the issue of that week, made or renewed from the days that are there. Raises Skip(code="not_found")."""
    monday = day - timedelta(days=day.weekday())
    days = await asyncio.to_thread(_days, deps, source, monday)
    if not any(d.results for d in days):
        raise Skip(f"{monday} 起的一周还没有可汇总的日报", "先用 app.py digest 读这几天", code="not_found")
    key = hashlib.sha256(f"week|{source}|{monday}".encode()).hexdigest()[:16]
    results = _results(days)
    before = deps.library.day(key)
    said = deps.library.overview(key) if before and before.results == results else None
    if said is None:
        said = await _overview(deps, source, monday, results)
    models = dict.fromkeys(d.model for d in days)
    week = Day(
        date=monday, until=monday + _DAYS - timedelta(days=1), source=source, zone=days[0].zone,
        model="、".join(models), results=results, ledger=_sum([d.ledger for d in days]), note=_note(days),
    )  # fmt: skip
    deps.library.put_day(week, key, Query(day=monday), said)
    return key


def _days(deps: Deps, source: str, monday: date) -> list[Day]:
    """The week's days in order, one issue a date: a whole day before a part of it, then the one that has most."""
    best: dict[date, Issue] = {}
    for issue in deps.library.issues():
        if issue.source == source and issue.until is None and monday <= issue.date < monday + _DAYS:
            known = best.get(issue.date)
            if known is None or _rank(issue) > _rank(known):
                best[issue.date] = issue
    days = [deps.library.day(best[when].key) for when in sorted(best)]
    return [d for d in days if d]


def _rank(issue: Issue) -> tuple[bool, int, int]:
    return not issue.edition, issue.published, issue.listed


def _results(days: Sequence[Day]) -> tuple[PaperResult, ...]:
    """Every paper once, as it ended best."""
    found: dict[str, PaperResult] = {}
    for result in (r for d in days for r in d.results):
        known = found.get(result.paper.id)
        if known is None or (result.digest and not known.digest):
            found[result.paper.id] = result.model_copy(update={"late": None})
    return tuple(found.values())


async def _overview(deps: Deps, source: str, monday: date, results: tuple[PaperResult, ...]) -> Overview:
    """As a day's, without a model, compared with the weeks before; votes are those of the days."""
    material = await asyncio.to_thread(overview.material, deps, source, monday, results, None)
    weeks = [_week(deps, source, monday - n * _DAYS) for n in range(1, _COMPARED + 1)]
    return await agent.make(material._replace(before=tuple(w for w in weeks if w)), deps.critic, None)


def _week(deps: Deps, source: str, monday: date) -> Past | None:
    papers = tuple(r.paper for r in _results(_days(deps, source, monday)))
    return Past(monday, papers) if papers else None


def _sum(ledgers: Sequence[Ledger]) -> Ledger:
    counts = ("listed", "fetched", "parsed", "read", "verified", "published")
    return Ledger(
        **{name: sum(getattr(ledger, name) for ledger in ledgers) for name in counts},
        problems=tuple(p for ledger in ledgers for p in ledger.problems),
    )


def _note(days: Sequence[Day]) -> str:
    """What the week is made of."""
    shown = [c for d in days for r in d.results if r.digest for c in r.digest.claims if not c.withheld]
    sure = sum(c.verdict is Verdict.SUPPORTED for c in shown)
    dates = "、".join(f"{d.date:%m-%d}" for d in days)
    return f"由 {len(days)} 天的日报汇总（{dates}），没有再读论文，也没有再调用模型；其中 {sure} 句有原文支持。"
