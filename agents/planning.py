"""The planner: which papers a report is written from, what each section asks, and what that takes.

Rules decide. A strong model may add questions of the topic's own and say which papers matter (agents/wishing.py); where
it fails, the rules' plan stands.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from agents import asking, aspects, expecting
from agents.expecting import Prices
from agents.wishing import Wishes, wishes
from core.errors import Skip
from core.models import Paper, Usage
from core.ports import ChatModel, ModelCard
from core.report import Aspect, Commission, Length, Plan, PlannedPaper, PlannedSection

_PAPERS: dict[Length, int] = {"short": 3, "standard": 5, "long": 8}
"""Papers of a comparison that we choose; those a person named are read whatever their number."""
_COMPARABLE = 2
_NEIGHBOURS: dict[Length, int] = {"short": 0, "standard": 2, "long": 4}
"""Papers read beside the one that a deep-dive is of."""
_LISTED = 12
"""Papers shown besides, for a person to tick."""
_NEAR_ENOUGH = 0.6
"""A paper must be at least so near to the topic, as a share of the nearest: what follows far behind is about something
else."""
_NEIGHBOUR = 0.35
"""A neighbour must be so near to the paper itself. With the packaged embedder two papers of one field are at 0.16 in
the median; 0.38 is passed by one pair of a hundred (176 papers of Hugging Face days, title against abstract)."""
_NAMES = 4
"""Papers whose names a title can carry."""
_TOPICS: dict[Length, int] = {"short": 1, "standard": 2, "long": 3}
"""Sections of a topic's own."""
_LONGEST = 40
"""Characters of a topic that can be a title as it is."""
_END = "。.!！?？,，;；:： "
_REQUEST = re.compile(r"^(?:请|麻烦)?(?:帮我|给我|为我)?(?:写|做|出)一?[篇份个](?:关于|有关)?\s*")
_AS_REPORT = re.compile(r"(?<=.)的?(?:深度|研究|对比|精读|调研)?报告$")
"""How people ask for a report, which is no part of what it is about."""

_OF_ONE: dict[Length, tuple[Aspect, ...]] = {
    "short": ("background", "method", "results", "limitations", "next"),
    "standard": (
        "overview", "background", "method", "setup", "results", "ablation", "limitations", "neighbours", "next",
        "reproduction",
    ),
    "long": (
        "overview", "background", "method", "setup", "results", "ablation", "limitations", "neighbours", "next",
        "reproduction",
    ),
}  # fmt: skip
_OF_SEVERAL: dict[Length, tuple[Aspect, ...]] = {
    "short": ("overview", "approaches", "benchmarks", "agreement", "next"),
    "standard": ("overview", "approaches", "benchmarks", "agreement", "limitations", "next"),
    "long": ("overview", "approaches", "benchmarks", "agreement", "limitations", "next"),
}
_SAME_DAY = "与当日其他论文的关系"

_ASKED = "题目所问"
"""Heading over a topic that is a question."""


Topic = tuple[str, tuple[str, ...]]
"""A heading and its questions."""


class Candidate(NamedTuple):
    """A paper that could be read."""

    paper: Paper
    near: float
    """To the topic, 0 to 1; 1.0 if named."""
    read: bool
    """Is its full text in the library?"""
    origin: Literal["named", "day", "library", "arxiv"]
    day: date | None
    """That lists it."""
    quote: str = ""
    """English; the sentence of it that speaks most of the topic."""


class _Chosen(NamedTuple):
    """What is read, and what is only shown."""

    kind: aspects.Kind
    papers: tuple[Candidate, ...]
    others: tuple[Candidate, ...]


async def plan(
    model: ChatModel | None, commission: Commission, candidates: Sequence[Candidate], prices: Prices
) -> Plan:
    """A commission -> what will be written, from what, and about what it takes. `candidates`: the named ones and those
    that could be chosen; `prices`: (prompt tokens, completion tokens) -> cost.

    Raises Skip(code="nothing") where there is no candidate, and what the model's server raises.
    """
    known = _ranked(commission, candidates)
    if not known:
        raise Skip("没有找到可以写的论文", "换个题目，或直接指定论文", code="nothing")
    wished, failed = Wishes(), False
    if model is not None and not model.card.small:
        try:
            wished = await _wished(model, commission, known)
        except Skip:
            failed = True
    chosen = _choose(commission, known, wished)
    by_rule = failed or (model is not None and model.card.small)
    topics = _asked(commission) if by_rule else wished.sections
    made = Plan(
        title=wished.title or _title(commission, chosen), kind=chosen.kind,
        papers=_papers(commission, chosen, {known[at].paper.version: why for at, why in wished.papers.items()}),
        sections=_sections(chosen, commission.length, topics), expected=Usage(), minutes=0.0, length=commission.length,
    )  # fmt: skip
    made = expected(made, model, prices)
    return made.model_copy(update={"note": _note(model.card if model else None, commission, made, failed)})


def expected(plan: Plan, model: ChatModel | None, prices: Prices) -> Plan:
    """The plan with what it takes, counted anew: a person may have edited it."""
    usage, minutes = expecting.expect(plan, model.card if model else None, prices)
    return plan.model_copy(update={"expected": usage, "minutes": minutes})


async def _wished(model: ChatModel, commission: Commission, known: Sequence[Candidate]) -> Wishes:
    """The model's wishes; it is told of the named papers and the nearest first."""
    kind = _kind(commission, known)
    standard = [aspects.heading(aspect, kind) for aspect in _outline(kind, commission.length)]
    named = [n for n, c in enumerate(known) if c.origin == "named"]
    room = (_NEIGHBOURS if kind == "paper" else _PAPERS)[commission.length] + len(named)
    return await wishes(
        model, commission.topic, [c.paper for c in known], named, standard, room, _TOPICS[commission.length]
    )


# papers


def _kind(commission: Commission, known: Sequence[Candidate]) -> aspects.Kind:
    """A single named paper is looked into, unless it is to be compared."""
    named = sum(c.origin == "named" for c in known)
    alone = named == 1 and not asking.compares(commission.topic)
    return "paper" if alone or len(known) == 1 else "comparison"


def _choose(commission: Commission, known: Sequence[Candidate], wished: Wishes) -> _Chosen:
    named = [c for c in known if c.origin == "named"]
    rest = [c for c in known if c.origin != "named"]
    wanted = [known[at] for at in wished.papers if known[at].origin != "named"]
    kind, length = _kind(commission, known), commission.length
    if kind == "paper" and named:
        more = (wanted or [c for c in rest if c.near >= _NEIGHBOUR])[: _NEIGHBOURS[length]]
    elif len(named) > 1 and not _dated(commission):
        more = []  # somebody who names several has chosen
    else:
        if asking.compares(commission.topic) and len(named) + len(wanted) < _COMPARABLE:
            wanted = []  # nothing to set side by side
        more = (wanted or _near_enough(commission, rest))[: max(0, _PAPERS[length] - len(named))]
    papers = (*named, *more)
    others = [c for c in rest if c not in more]
    return _Chosen("paper" if len(papers) == 1 else kind, papers, tuple(others[:_LISTED]))


def _dated(commission: Commission) -> bool:
    return commission.since is not None or commission.until is not None


def _aimed(commission: Commission) -> bool:
    """Is there anything that papers could be near to?"""
    return bool(commission.topic.strip() or commission.papers)


def _ranked(commission: Commission, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The named papers as they were named, then the nearest; those most readers liked, where nothing says what to be
    near to."""
    listed = {c.paper.version: c for c in reversed(candidates)}  # of a paper twice, the first counts
    rest = [c for c in reversed(listed.values()) if c.origin != "named"]
    rest.sort(key=lambda c: -c.near if _aimed(commission) else -(c.paper.upvotes or 0))
    return [*(c for c in reversed(listed.values()) if c.origin == "named"), *rest]


def _near_enough(commission: Commission, rest: Sequence[Candidate]) -> list[Candidate]:
    best = rest[0].near if rest else 0.0
    return [c for c in rest if not _aimed(commission) or c.near >= _NEAR_ENOUGH * best]


def _papers(commission: Commission, chosen: _Chosen, wished: Mapping[str, str]) -> tuple[PlannedPaper, ...]:
    """As the person will see them, those to be read first. `wished`: the model's reasons by version."""
    order = (*chosen.papers, *chosen.others)
    best = max((c.near for c in order if c.origin != "named"), default=0.0)
    return tuple(
        PlannedPaper(
            version=c.paper.version, title=" ".join(c.paper.title.split()), chosen=c in chosen.papers, read=c.read,
            reason=_reason(c, commission, chosen, best, wished.get(c.paper.version, "")),
        )
        for c in order
    )  # fmt: skip


def _reason(paper: Candidate, commission: Commission, chosen: _Chosen, best: float, wished: str) -> str:
    """Why a paper is in, or why it is shown."""
    if paper.origin == "named":
        return "你指定的"
    where = f"{_day(paper.day)}的论文" if paper.day else ("资料库里读过" if paper.read else "资料库里的论文")
    arxiv = paper.origin == "arxiv"
    unread = "，尚未读过" if arxiv and not paper.read else ""
    if wished:
        return f"{'arXiv 上找到' if arxiv else where}{unread}：{wished}"
    if not _aimed(commission):
        return f"{where}，{paper.paper.upvotes} 人点赞" if paper.paper.upvotes else where
    to = f"与{'题目' if commission.topic.strip() else '指定的论文'}"
    bar = _NEIGHBOUR if chosen.kind == "paper" and commission.papers else _NEAR_ENOUGH * best
    far = paper.near < bar and paper not in chosen.papers
    how = "关系较远" if far else ("最接近" if paper.near >= best else "接近")
    return f"arXiv 上{to}{how}{unread}" if arxiv else f"{where}，{to}{how}"


# title


def _title(commission: Commission, chosen: _Chosen) -> str:
    topic = _AS_REPORT.sub("", _REQUEST.sub("", " ".join(commission.topic.split()).rstrip(_END)))
    if topic:
        return topic if len(topic) <= _LONGEST else f"{topic[: _LONGEST - 1]}…"
    names = [asking.coined(c.paper.title) for c in chosen.papers]
    if chosen.kind == "paper":
        return f"{names[0]} 精读" if names[0] else f"《{' '.join(chosen.papers[0].paper.title.split())}》精读"
    if _dated(commission) and not commission.papers:
        return f"{_span(commission.since, commission.until)}论文对比"
    return f"{'、'.join(names)} 对比" if all(names) and len(names) <= _NAMES else f"{len(names)} 篇论文对比"


def _span(since: date | None, until: date | None) -> str:
    """Days in words: 11 月 16 日至 20 日."""
    if since is None or until is None:
        return f"{_day(since)}以来的" if since else f"截至 {_day(until)}的"
    if since == until:
        return _day(since)
    last = f"{until.day} 日" if (since.year, since.month) == (until.year, until.month) else _day(until)
    return f"{_day(since)}至 {last}"


def _day(day: date | None) -> str:
    return f"{day.month} 月 {day.day} 日" if day else ""


# sections


def _outline(kind: aspects.Kind, length: Length) -> tuple[Aspect, ...]:
    return (_OF_ONE if kind == "paper" else _OF_SEVERAL)[length]


def _sections(chosen: _Chosen, length: Length, topics: Sequence[Topic]) -> tuple[PlannedSection, ...]:
    """The outline of its kind, a topic's own questions before the limitations."""
    found = list[tuple[str, Aspect, tuple[str, ...]]]()
    for aspect in _outline(chosen.kind, length):
        if aspect == "neighbours" and len(chosen.papers) == 1:
            continue
        heading = aspects.heading(aspect, chosen.kind)
        if aspect == "neighbours" and len(days := {c.day for c in chosen.papers[1:]}) == 1 and None not in days:
            heading = _SAME_DAY
        found.append((heading, aspect, aspects.questions(aspect, chosen.kind, length)))
    at = next(n for n, (_, aspect, _) in enumerate(found) if aspect in ("limitations", "next"))
    found[at:at] = [(heading, "topic", questions) for heading, questions in topics]
    return tuple(
        PlannedSection(id=f"s{n}", heading=heading, aspect=aspect, questions=questions)
        for n, (heading, aspect, questions) in enumerate(found, 1)
    )


def _asked(commission: Commission) -> tuple[Topic, ...]:
    """A topic that is a question is asked as it stands, where no strong model makes more of it."""
    topic = " ".join(commission.topic.split())
    return ((_ASKED, (topic,)),) if topic.endswith(("？", "?")) else ()


# what to know beforehand


def _note(card: ModelCard | None, commission: Commission, made: Plan, failed: bool) -> str:
    said = list[str]()
    if card is None:
        said.append("没有可用的模型：只摘录论文的英文原句，不译成中文。")
    elif card.small:
        said.append(f"用{'本地' if card.local else ''}小模型：报告会短，只翻译论文原句，不作归纳。")
    if failed:
        said.append("模型没能按格式拟出提纲，这里用的是通用提纲。")
    if commission.budget is not None and made.expected.cost > commission.budget:
        said.append(f"预计要花 {made.expected.cost:.2f}，超过预算 {commission.budget:.2f}，可能写不完。")
    if made.kind == "paper" and not commission.papers:
        said.append("与题目相关的论文只有一篇，写成单篇精读。")
    return "".join(said)
