"""What a report may be written from: papers a person named, papers of days or of the library, related ones of arXiv."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from agents import asking
from agents.planning import Candidate
from core import log
from core.documents import Hit
from core.errors import Retry, Skip, Stop
from core.lexicon import Lexicon
from core.models import Paper
from core.ports import Role
from core.report import Commission
from graph import reading
from graph.deps import Deps

_MOST = 40
"""Candidates beside those that were named; more would only make the list long."""
_SEARCHED = 60
"""Passages that recommend papers of the library."""
_RELATED = 12
"""Papers asked of arXiv."""
_PATIENCE = 25.0
"""Seconds that a plan waits for arXiv, which it can do without."""
_ABOUT = 1200
"""Characters of title and abstract that say what a paper is about."""


class Found(NamedTuple):
    """Papers to plan with."""

    candidates: tuple[Candidate, ...]
    note: str = ""
    """Chinese; where something could not be looked through."""


async def named(deps: Deps, names: Sequence[str]) -> tuple[Paper, ...]:
    """The papers that a person named by id, version or path, kept in the library. Raises as reading.find does."""
    papers = [await asyncio.to_thread(reading.find, deps, name) for name in dict.fromkeys(names)]
    for paper in papers:
        if deps.library.paper(paper.version) is None:
            deps.library.put_paper(paper)
    return tuple({paper.version: paper for paper in papers}.values())


async def gather(deps: Deps, commission: Commission) -> Found:
    """The named papers, then the others, those nearest to the topic first. A single named paper without a topic has
    those of its days and of arXiv as neighbours; several without a topic are compared among themselves."""
    subjects = await named(deps, commission.papers)
    topic = commission.topic.strip()
    english = await asking.to_english(deps.model(Role.ANSWER), topic) if topic else ""
    others = dict[str, Candidate]()
    note = ""
    if topic or len(subjects) == 1 or _dated(commission):
        about = topic or " ".join(paper.title for paper in subjects)
        for candidate in await asyncio.to_thread(_at_hand, deps, commission, subjects, about, english):
            others.setdefault(candidate.paper.version, candidate)
        if not _dated(commission):
            found, note = await _related(deps, _in_english(deps, about, english))
            for paper in found:
                others.setdefault(paper.version, Candidate(paper, 0.0, _is_read(deps, paper), "arxiv", None))
        others = await asyncio.to_thread(_measured, deps, english or about, others)
    ids = {paper.id for paper in subjects}
    rest = sorted((c for c in others.values() if c.paper.id not in ids), key=lambda c: (-c.near, c.paper.version))
    first = [Candidate(paper, 1.0, _is_read(deps, paper), "named", None) for paper in subjects]
    return Found((*first, *rest[:_MOST]), note)


def _dated(commission: Commission) -> bool:
    return commission.since is not None or commission.until is not None


def _is_read(deps: Deps, paper: Paper) -> bool:
    return deps.library.document(paper.version, deps.parser) is not None


def _at_hand(
    deps: Deps, commission: Commission, subjects: Sequence[Paper], about: str, english: str
) -> list[Candidate]:
    """Papers of the days in question, or of the days that list the one paper; else those of the library that speak of
    the topic. Each with the sentence that speaks of it most, where it was read."""
    days = _papers_of_days(deps, commission, subjects)
    hits = deps.retriever.search(about, tuple(days) if days else None, _SEARCHED, english)
    best = {hit.passage.paper: hit for hit in reversed(hits)}
    found = [Candidate(paper, 0.0, _is_read(deps, paper), "day", day, _said(best.get(version)))
             for version, (paper, day) in days.items()]  # fmt: skip
    if days or _dated(commission) or not commission.topic.strip():
        return found
    papers = {version: deps.library.paper(version) for version in best}
    return [Candidate(paper, 0.0, _is_read(deps, paper), "library", None, _said(best[version]))
            for version, paper in papers.items() if paper]  # fmt: skip


def _said(hit: Hit | None) -> str:
    return hit.passage.sentence(hit.sentence) if hit and hit.passage.sentences else ""


def _papers_of_days(deps: Deps, commission: Commission, subjects: Sequence[Paper]) -> dict[str, tuple[Paper, date]]:
    """Papers by version, with the newest day that lists them."""
    single = subjects[0].id if len(subjects) == 1 and not commission.topic.strip() else ""
    if not (_dated(commission) or single):
        return {}
    found: dict[str, tuple[Paper, date]] = {}
    first, last = commission.since or date.min, commission.until or date.max
    for issue in deps.library.issues():
        if issue.until or not first <= issue.date <= last:
            continue
        day = deps.library.day(issue.key)
        papers = [result.paper for result in day.results] if day else []
        if not _dated(commission) and all(paper.id != single for paper in papers):
            continue
        for paper in papers:
            found.setdefault(paper.version, (paper, issue.date))
    return found


# arXiv


def _in_english(deps: Deps, about: str, english: str) -> str:
    """The topic in English words: the model's, or those the lexicon has for the Chinese ones."""
    if english or not re.search(r"[\u4e00-\u9fff]", about):
        return english or about
    latin = re.findall(r"[A-Za-z][\w.+-]*", about)
    return " ".join([*latin, *Lexicon(deps.glossary.chinese_words()).words(about)])


async def _related(deps: Deps, english: str) -> tuple[Sequence[Paper], str]:
    """arXiv's papers on it, or why there are none."""
    if not english:
        return (), "没能把题目译成英文，没有查 arXiv，只用资料库里的论文。"
    try:
        async with asyncio.timeout(_PATIENCE):
            papers = await asyncio.to_thread(deps.related, english, _RELATED)
    except (Retry, Skip, Stop, TimeoutError) as error:
        log.get("report").info("no related papers", reason=str(error))
        return (), "连不上 arXiv，只用资料库里的论文。"
    return papers, "" if papers else "arXiv 上没有找到相关的论文。"


# nearness


def _measured(deps: Deps, topic: str, others: Mapping[str, Candidate]) -> dict[str, Candidate]:
    """How near each is to the topic, by what its title and abstract say."""
    if not others:
        return {}
    vectors = deps.embedder.passages([_about(c.paper) for c in others.values()])
    near: Iterable[float] = vectors @ deps.embedder.query(topic)[0]
    pairs = zip(others.items(), near, strict=True)
    return {v: c._replace(near=round(min(1.0, max(0.0, float(cosine))), 4)) for (v, c), cosine in pairs}


def _about(paper: Paper) -> str:
    return f"{paper.title}. {paper.abstract}"[:_ABOUT]
