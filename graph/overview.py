"""What an issue says over all its papers: collects what the agents need for it, from the library and the encoder."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np

from agents import overview as agent
from agents.overview import Material, Past
from core import log
from core.documents import Document
from core.errors import Retry, Skip
from core.models import ARXIV_ID, Basis, Paper, PaperResult
from core.overview import Overview
from core.ports import Issue, Role
from graph.deps import Deps

_BACK = timedelta(days=30)
"""How far back days are compared with."""
_ABOUT = 1500
"""Characters of title and abstract that say what a paper is about."""


async def made(
    deps: Deps, source: str, day: date, results: Sequence[PaperResult], observed: datetime | None
) -> Overview:
    """The overview of an issue with these results. Raises what the model's server raises (Retry, Stop)."""
    given = await asyncio.to_thread(material, deps, source, day, tuple(results), observed)
    writer = deps.model(Role.WRITE) if deps.composes else None
    return await agent.make(given, deps.critic, writer)


def material(
    deps: Deps, source: str, day: date, results: tuple[PaperResult, ...], observed: datetime | None
) -> Material:
    """What an overview is made from. `observed`: when votes were seen."""
    texts = [f"{r.paper.title}. {r.paper.abstract}"[:_ABOUT] for r in results]
    vectors = _vectors(deps, texts)
    return Material(
        day=day,
        source=source,
        results=results,
        vectors={r.paper.version: vector for r, vector in zip(results, vectors, strict=True)},
        likes=_vectors(deps, _examples(deps)),
        profile=deps.profile,
        before=past(deps, source, day),
        documents=_documents(deps, results),
        observed=observed,
        glossary=deps.glossary,
    )


def _vectors(deps: Deps, texts: Sequence[str]) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    return deps.embedder.passages(texts) if texts else np.zeros((0, deps.embedder.dimensions), np.float32)


def _examples(deps: Deps) -> list[str]:
    """The person's examples as texts; a paper that is not in the library is looked up once."""
    found = []
    for example in deps.profile.examples:
        try:
            paper = deps.library.paper(example) or _looked_up(deps, example)
        except (Retry, Skip) as error:
            log.get("overview").warning("example not had", example=example, reason=str(error))
            continue
        found.append(f"{paper.title}. {paper.abstract}"[:_ABOUT] if paper else example)
    return found


def _looked_up(deps: Deps, example: str) -> Paper | None:
    if not ARXIV_ID.fullmatch(example):
        return None
    papers = deps.papers_by_id([example]).papers
    for paper in papers:
        deps.library.put_paper(paper)
    return papers[0] if papers else None


def past(deps: Deps, source: str, day: date) -> tuple[Past, ...]:
    """The source's issues of the 30 days before, newest first, one a date: the one that lists most."""
    best: dict[date, Issue] = {}
    for issue in deps.library.issues():
        before = issue.source == source and issue.until is None and day - _BACK <= issue.date < day
        if before and (issue.date not in best or issue.listed > best[issue.date].listed):
            best[issue.date] = issue
    days = [deps.library.day(best[when].key) for when in sorted(best, reverse=True)]
    return tuple(Past(d.date, tuple(r.paper for r in d.results if r.late is None)) for d in days if d and d.results)


def _documents(deps: Deps, results: Sequence[PaperResult]) -> dict[str, Document]:
    """Full texts that were read."""
    read = [r.paper.version for r in results if r.digest and r.digest.basis is Basis.FULL_TEXT]
    found = {version: deps.library.document(version, deps.parser) for version in read}
    return {version: document for version, document in found.items() if document}


def now() -> datetime:
    """To the minute: when votes were seen."""
    return datetime.now(UTC).replace(second=0, microsecond=0)
