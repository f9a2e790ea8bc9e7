"""What an issue says over all its papers: highlights, topics, words, what is worth reading, tables side by side.

words     what a paper is about            hot, trend   counted, and compared with the days before
topics    papers that belong together      worth        the order of the issue, with reasons
headlines their names                      codes        where they say their code is
tables    results side by side             chosen, highlights   今日看点, by code or by a strong model
profile   what a person cares about
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from agents.critic import Critic
from agents.overview import chosen, highlights
from agents.overview.codes import codes
from agents.overview.headlines import headlines
from agents.overview.hot import cloud, hot
from agents.overview.profile import load_profile
from agents.overview.tables import contradictions, grids, measured
from agents.overview.topics import topics
from agents.overview.trend import trend
from agents.overview.words import Lexis, names
from agents.overview.worth import Known, worth
from agents.terms import Glossary
from core.documents import Document
from core.models import Claim, Paper, PaperResult, Status
from core.overview import Highlight, Overview, Profile
from core.ports import ChatModel

__all__ = ["Material", "Past", "load_profile", "make"]

_BACK = timedelta(days=30)
_FEWEST = 3
"""Highlights a day should have, where there are so many papers."""


class Past(NamedTuple):
    """An earlier issue of the same source."""

    day: date
    papers: tuple[Paper, ...]
    """All that it listed."""


class Material(NamedTuple):
    """What an overview is made from."""

    day: date
    source: str
    results: tuple[PaperResult, ...]
    """All listed papers, also those that were skipped."""
    vectors: Mapping[str, np.ndarray]
    """Version -> unit vector of title and abstract, for all listed."""
    likes: np.ndarray
    """Shape (n, dimensions): unit vectors of the profile's examples; n may be 0."""
    profile: Profile
    before: tuple[Past, ...]
    """Newest first, at most 30 days back."""
    documents: Mapping[str, Document]
    """Full texts that were read, by version."""
    observed: datetime | None
    """When votes were seen, UTC."""
    glossary: Glossary


class _Counted(NamedTuple):
    """All that code says, and what highlights are chosen from."""

    overview: Overview
    ranked: tuple[PaperResult, ...]
    """In the order of `worth`."""
    conflicts: tuple[Claim, ...]


async def make(material: Material, critic: Critic, model: ChatModel | None) -> Overview:
    """The day's overview. `model`: a strong writer; without one code chooses the highlights. Raises what the servers
    of the writer and the judges raise (Retry, Stop), but ends of budgets, which only leave it to code."""
    counted = await asyncio.to_thread(_counted, material)
    written, wrote = list[Highlight](), 0
    if model is not None:
        offered = await asyncio.to_thread(highlights.offers, counted.ranked, material.documents, critic)
        written, wrote = await highlights.compose(model, critic, material.day, offered)
    shown = _highlights(counted, written, max(wrote, _FEWEST) if written else chosen.MOST)
    name = model.card.name if model is not None and written else ""
    return counted.overview.model_copy(update={"highlights": shown, "writer": name})


def _highlights(counted: _Counted, written: Sequence[Highlight], many: int) -> tuple[Highlight, ...]:
    """The writer's, and behind them what code chose, so `many` in all; a place more, or the fifth, is for two papers
    that contradict each other."""
    taken = {version for h in written for version in h.papers}
    others = chosen.spread(chosen.candidates(counted.ranked), counted.overview.topics, taken)
    apart = chosen.disagreeing(counted.conflicts)
    room = min(many, chosen.MOST - len(apart))
    return chosen.numbered([*[*written, *others][:room], *apart])


def _counted(material: Material) -> _Counted:
    """Everything but the highlights. Late papers are in topics, cloud and order; they belong to another day's counts,
    so hot words and trend leave them out."""
    results = tuple(sorted(chosen.by_version(material.results).values(), key=lambda r: r.paper.version))
    before = _days(material)
    if not results:
        return _Counted(Overview(compared=len(before), observed=material.observed), (), ())
    lexis = Lexis(material.glossary)
    spoken = {r.paper.version: lexis.of(r.paper) for r in results}
    today = {r.paper.version: spoken[r.paper.version] for r in results if r.late is None}
    earlier = [(past.day, {p.version: lexis.of(p) for p in past.papers}) for past in before]
    called = names([*spoken.values()], lexis)
    fields = hot(today, [keys for _, keys in earlier], called)
    coded = codes(material.documents[v] for v in sorted(material.documents) if v in spoken)
    known = Known(
        spoken, material.vectors, material.likes, material.profile, fields, frozenset(c.paper for c in coded),
        material.observed, lexis,
    )  # fmt: skip
    order = worth(results, known)
    by_version = chosen.by_version(results)
    ranked = tuple(by_version[w.paper] for w in order)
    papers = {r.paper.version: r.paper for r in ranked if r.status is Status.PUBLISHED}
    found = measured(material.documents[v] for v in papers if v in material.documents)
    tables, cells = grids(found, papers)
    overview = Overview(
        headlines=headlines(ranked),
        topics=topics(material.vectors, spoken, called),
        hot=fields,
        compared=len(before),
        words=cloud(spoken, called),
        trend=trend([*earlier, (material.day, today)], called),
        grids=tables,
        cells=cells,
        worth=order,
        codes=tuple(sorted(coded, key=lambda c: [w.paper for w in order].index(c.paper))),
        observed=material.observed,
    )
    return _Counted(overview, ranked, tuple(contradictions(found, papers)))


def _days(material: Material) -> list[Past]:
    """The days before, oldest first, each once, none without papers."""
    found: dict[date, Past] = {}
    for past in material.before:
        if past.papers and material.day - _BACK <= past.day < material.day:
            found.setdefault(past.day, past)
    return [found[day] for day in sorted(found)]
