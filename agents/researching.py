"""The researcher: the questions of one section -> what the papers say to them, and what they do not answer.

A strong model reads passages, round by round, and takes notes of them. Without one the papers' own sentences are chosen
(agents/choosing.py).
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from agents import allotting, aspects, choosing, prompting, properties
from agents.asking import to_english
from agents.choosing import Search
from agents.properties import Property
from agents.reader import Keys
from core.documents import Document, Passage
from core.errors import Skip
from core.ports import ChatModel, Embedder
from core.report import Lead, Material, Plan, PlannedSection

__all__ = ["Search", "research"]

_ROUNDS = 3
_TOKENS = 2400
_SENTENCES = 6
"""Found for each question; of each paper where several are compared."""
_SENTENCES_EACH = 3
_SHOWN = 18_000
"""Characters of passages that are shown in a round, about 4,500 tokens."""
_APART = 6
"""Papers up to which each is searched on its own, so that none is crowded out."""
_QUERIES = 4
_OPEN = ("论文留下了哪些没有解决的问题？", "What remains open, and what is left to future work?")
"""What is looked for where questions to go on with are to be found: the plan asks nothing there."""

Asked = tuple[str, str]
"""A question, in Chinese and in English."""


class _Note(BaseModel):
    model_config = ConfigDict(extra="ignore")
    question: int = Field(description="回答的是第几个问题")
    point: str
    keys: list[str] = Field(description="支持这一点的句子编号，如 S12")


class _Query(BaseModel):
    model_config = ConfigDict(extra="ignore")
    zh: str
    en: str = ""


class _Findings(BaseModel):
    """What the model fills."""

    model_config = ConfigDict(extra="ignore")
    notes: list[_Note] = []
    open: list[int] = Field(default=[], description="还没有要点能回答的问题")
    queries: list[_Query] = Field(default=[], description="接下来要查的问题")


async def research(
    model: ChatModel | None, section: PlannedSection, plan: Plan, documents: Mapping[str, Document], search: Search,
    embedder: Embedder, told: Callable[[str], None],
) -> Material:  # fmt: skip
    """What the papers say to a section's questions. `documents`: those that were read, by version; `told`: hears in
    Chinese what is being done.

    Raises Skip(code="format") when a strong model cannot fill the schema the first time, and what its server raises.
    """
    if model is None or model.card.small:
        return await choosing.choose(model, section, plan, documents, search, embedder, told)
    versions = allotting.versions(section, plan, documents)
    if not versions:
        return Material(leads=(), unanswered=section.questions)
    allotted = await asyncio.to_thread(allotting.allot, plan, documents, embedder)
    reading = _Reading(section, plan, documents, versions, search)
    printed = _printed(section, versions, documents)
    reading.add(passage for passage, _, _ in allotted.get(section.id, ()))
    reading.add(passage for _, passage, _ in printed)
    own = dict((_OPEN,))
    asked = [(q, own.get(q) or aspects.english(q) or await to_english(model, q)) for q in reading.questions]
    most = 1 if section.aspect == "next" else _ROUNDS
    while asked and reading.rounds < most:
        told(f"第 {reading.rounds + 1} 轮：查找 {len(asked)} 个问题")
        if not await reading.look(asked):
            break
        told(f"第 {reading.rounds} 轮：读 {len(reading.fresh)} 段原文")
        asked = await reading.read(model)
    return reading.material(
        [Lead(question=p.question, cited=((where.id, n),)) for p, where, n in printed if p.addresses]
    )


def _printed(
    section: PlannedSection, versions: Sequence[str], documents: Mapping[str, Document]
) -> list[tuple[Property, Passage, int]]:
    """Where the properties a section asks for are printed, in each paper the likeliest place."""
    asked = [p for q in section.questions if (p := properties.named(q))]
    found = [(p, properties.likeliest(documents[v], p)[:1]) for p in asked for v in versions]
    return [(p, passage, n) for p, places in found for passage, n, _ in places]


class _Reading:
    """The rounds of one section."""

    def __init__(
        self, section: PlannedSection, plan: Plan, documents: Mapping[str, Document], versions: Sequence[str],
        search: Search,
    ) -> None:  # fmt: skip
        self._section, self._versions, self._search = section, versions, search
        by_code = {p.question for p in properties.known() if p.addresses}  # no address comes from a model
        asked = tuple(q for q in section.questions if q not in by_code)
        self.questions = (*((_OPEN[0],) if section.aspect == "next" else ()), *asked)
        self._names = {v: f"P{n}" for n, v in enumerate((p.version for p in plan.papers if p.version in documents), 1)}
        self._plan = _outline(plan, self._names)
        self._titles = {p.version: p.title for p in plan.papers}
        self._shown: dict[str, Passage] = {}
        self._waiting: dict[str, Passage] = {}
        self._open: set[int] = set(range(1, len(self.questions) + 1))
        self._leads: list[Lead] = []
        self.rounds = 0
        self.fresh: list[Passage] = []
        """Passages of this round."""

    def add(self, passages: Iterable[Passage]) -> None:
        """Passages to be read in the next round."""
        self._waiting.update((p.id, p) for p in passages if p.id not in self._shown)

    async def look(self, asked: Sequence[Asked]) -> bool:
        """Searches; is there anything new to read?"""
        self.rounds += 1
        apart = 1 < len(self._versions) <= _APART
        where = [(v,) for v in self._versions] if apart else [tuple(self._versions)]
        k = _SENTENCES_EACH if apart else _SENTENCES
        found = await asyncio.gather(*(self._search(zh, en, some, k) for zh, en in asked for some in where))
        for rank in range(k):  # the best of every question before the second of any
            self.add(hits[rank][0] for hits in found if rank < len(hits))
        self.fresh, size = [], 0
        for passage in self._waiting.values():
            size += len(passage.text)
            if self.fresh and size > _SHOWN:
                break
            self.fresh.append(passage)
        self.fresh.sort(key=lambda p: list(self._names).index(p.paper) if p.paper in self._names else 99)
        self._shown.update((p.id, p) for p in self.fresh)
        self._waiting = {}
        return bool(self.fresh)

    async def read(self, model: ChatModel) -> list[Asked]:
        """Notes of this round's passages -> what to search for next; nothing once all is answered."""
        keys = Keys(self._shown.values())
        template = prompting.load("research", "plan", "section", "known", "passages")
        prompt = template.prompt(
            _TOKENS, plan=self._plan, section="\n".join([self._section.heading, *_numbered(self.questions)]),
            known=self._known(), passages=self._listed(keys),
        )  # fmt: skip
        try:
            filled = await model.fill(prompt, _Findings)
        except Skip:
            if not self._leads:
                raise
            return []  # what the rounds before found still stands
        fresh = {p.id for p in self.fresh}
        for note in filled.notes:
            cited = tuple(key for key in keys.known(note.keys) if key[0] in fresh)
            if cited and note.point.strip() and 0 < note.question <= len(self.questions):
                question = self.questions[note.question - 1]
                self._leads.append(Lead(question=question, point=note.point.strip(), cited=cited))
        self._open = self._without_lead() | {n for n in filled.open if 0 < n <= len(self.questions)}
        queries = [(q.zh.strip(), q.en.strip()) for q in filled.queries if q.zh.strip() or q.en.strip()]
        return [(zh or en, en) for zh, en in queries[:_QUERIES]] if self._open else []

    def material(self, besides: Sequence[Lead]) -> Material:
        """What came of it. `besides`: what code found."""
        leads = (*self._leads, *besides)
        still = {q for n, q in enumerate(self.questions, 1) if n in self._open}
        answered = {lead.question for lead in leads} - still
        unanswered = tuple(q for q in self._section.questions if q not in answered)
        return Material(leads=leads, unanswered=unanswered, rounds=self.rounds)

    def _without_lead(self) -> set[int]:
        answered = {lead.question for lead in self._leads}
        return {n for n, q in enumerate(self.questions, 1) if q not in answered}

    def _known(self) -> str:
        """Notes so far, and which questions are open."""
        if not self._leads:
            return "（还没有）"
        order = {q: n for n, q in enumerate(self.questions, 1)}
        notes = [f"[{order[lead.question]}] {' '.join(lead.point.split())}" for lead in self._leads]
        left = "、".join(map(str, sorted(self._open))) or "无"
        return prompting.data("\n".join([*notes, f"还没有答案的问题：{left}"]))

    def _listed(self, keys: Keys) -> str:
        """This round's passages under their papers and headings. What would end the delimiter is broken up."""
        parts, paper = [], ""
        for passage in self.fresh:
            if passage.paper != paper:
                paper = passage.paper
                parts.append(f"# {self._names.get(paper, paper)}《{self._titles.get(paper, paper)}》")
            parts.append(f"## {passage.section}\n{keys.numbered(passage)}")
        return prompting.data("\n\n".join(parts))


def _outline(plan: Plan, names: Mapping[str, str]) -> str:
    """The plan as every section's researcher reads it first, word for word the same."""
    papers = [f"{names[p.version]}《{p.title}》" for p in plan.papers if p.version in names]
    sections = [f"{n}. {s.heading}" for n, s in enumerate(plan.sections, 1)]
    return prompting.data("\n".join([f"《{plan.title}》", "论文：", *papers, "章节：", *sections]))


def _numbered(questions: Sequence[str]) -> list[str]:
    return [f"{n}. {question}" for n, question in enumerate(questions, 1)]
