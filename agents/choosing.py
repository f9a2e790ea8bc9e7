"""Research without a strong model: sentences are chosen, not noted.

For our own questions the aspect says enough: sections, cue words, nearness, and what the search finds. What a person
asked in words of their own, and what is said property by property, is held against the question by the small model;
with no model at all nothing is claimed to answer it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

import numpy as np

from agents import allotting, answerer, aspects, properties
from agents.answerer import Found
from agents.asking import to_english
from agents.properties import Property
from agents.selection import SPARE, Candidate, Wanted, standalone, worth
from core.documents import Document, Passage
from core.ports import ChatModel, Embedder
from core.report import Aspect, Lead, Material, Plan, PlannedSection

Search = Callable[[str, str, Sequence[str], int], Awaitable[list[Found]]]
"""(question, the same in English, versions, k) -> the k sentences that most likely answer, best first."""
Told = Callable[[str], None]

_SEARCHED = 8
_DOUBTFUL: tuple[Aspect, ...] = ("ablation", "limitations", "agreement")
"""What these sections ask for has few words of its own: the small model is asked whether a sentence answers."""
_TRIED = 6
"""Sentences a small model is asked about for a question; for a property of a paper fewer, as there are many."""
_TRIED_EACH = 3


async def choose(
    model: ChatModel | None, section: PlannedSection, plan: Plan, documents: Mapping[str, Document], search: Search,
    embedder: Embedder, told: Told,
) -> Material:  # fmt: skip
    """Sentences for a section, those first that answer a person's own question. Arguments as of `research`."""
    versions = allotting.versions(section, plan, documents)
    if section.aspect == "next":
        return Material(leads=())
    if not versions:
        return Material(leads=(), unanswered=section.questions)
    asking = _Asking(model, search, told)
    mine = allotting.own(section)
    leads, unanswered = await asking.questions(mine, versions, allotting.EACH[plan.length])
    ours = tuple(q for q in section.questions if q not in mine)
    if model is None and section.aspect != "topic":
        ours = ours or section.questions  # what the section is about is known, whatever it is asked
    if section.aspect in ("approaches", "reproduction"):
        wanted = [p for q in ours if (p := properties.named(q))]
        for version in versions:
            leads += await asking.properties(documents[version], wanted)
        answered = {lead.question for lead in leads}
        unanswered += tuple(q for q in ours if q not in answered)
    elif ours:
        told("挑选能回答问题的原文")
        allotted = await asyncio.to_thread(allotting.allot, plan, documents, embedder)
        found = await asking.besides(ours, versions, section, allotted)
        chosen = await asyncio.to_thread(_assigned, ours, found, embedder)
        if section.aspect in _DOUBTFUL:
            chosen = await asking.confirmed(chosen, found, allotting.room(section, plan, len(versions)))
        leads += chosen
        unanswered += () if chosen else ours
    order = [q for q in section.questions if q in unanswered]
    return Material(leads=tuple(leads), unanswered=tuple(order), rounds=asking.rounds)


def _assigned(questions: Sequence[str], found: Sequence[Found], embedder: Embedder) -> list[Lead]:
    """Each sentence under the question it is nearest to."""
    if not found:
        return []
    asked = embedder.passages([aspects.english(q) or q for q in questions])
    near = embedder.passages([p.sentence(n) for p, n, _ in found]) @ asked.T
    best = [int(n) for n in np.argmax(near, axis=1)]
    return [_lead(questions[at], passage, n) for at, (passage, n, _) in zip(best, found, strict=True)]


def _lead(question: str, passage: Passage, n: int) -> Lead:
    return Lead(question=question, cited=((passage.id, n),))


class _Asking:
    """Searches, and what the small model says to what they find."""

    def __init__(self, model: ChatModel | None, search: Search, told: Told) -> None:
        self._model, self._search, self._told = model, search, told
        self.rounds = 0

    async def questions(
        self, questions: Sequence[str], versions: Sequence[str], most: int
    ) -> tuple[list[Lead], tuple[str, ...]]:
        """Sentences that answer a person's own questions, and the questions for which there are none."""
        leads, unanswered = list[Lead](), list[str]()
        for question in questions:
            self._told(f"查找：{question}")
            english = aspects.english(question) or await to_english(self._model, question)
            found = await self._found(question, english, versions)
            answering = await self._answering(question, answerer.readable(found)[:_TRIED])
            leads += [_lead(question, passage, n) for passage, n in answering[:most]]
            if not answering:
                unanswered.append(question)
        return leads, tuple(unanswered)

    async def properties(self, document: Document, wanted: Iterable[Property]) -> list[Lead]:
        """For each property the sentence of a paper that says it, where there is one."""
        leads = list[Lead]()
        for one in wanted:
            self._told(f"查找：{one.name}")
            places = properties.likeliest(document, one)
            if one.addresses:  # printed as they are, nothing to be judged
                leads += [_lead(one.question, passage, n) for passage, n, _ in places[:1]]
                continue
            near = await self._found(one.question, one.english, (document.paper,)) if self._model else []
            tried = answerer.readable(_once([*places[:_TRIED_EACH], *_in_place(near, one)]))[:_TRIED_EACH]
            answering = await self._answering(one.question, tried) if self._model else [f[:2] for f in tried]
            leads += [_lead(one.question, passage, n) for passage, n in answering[:1]]
        return leads

    async def besides(
        self, questions: Sequence[str], versions: Sequence[str], section: PlannedSection,
        allotted: Mapping[str, Sequence[Found]],
    ) -> list[Found]:  # fmt: skip
        """The section's allotment, and behind it what the search finds in sections of its kind that no section has."""
        taken = {_address(f) for some in allotted.values() for f in some}
        wanted = allotting.wanted(section.aspect)
        asked = [await self._found(q, aspects.english(q), versions) for q in questions]
        new = [f for rank in range(_SEARCHED) for hits in asked for f in hits[rank : rank + 1] if _worth(f, wanted)]
        mine = list(allotted.get(section.id, ()))
        return [*mine, *_once(f for f in new if _address(f) not in taken)[:SPARE]]

    async def confirmed(self, leads: Sequence[Lead], found: Sequence[Found], most: int) -> list[Lead]:
        """Those of our leads that answer their questions, as far as a model is there to say so; `most` are enough."""
        if self._model is None:
            return list(leads)
        kept = list[Lead]()
        for lead, sentence in zip(leads, found, strict=True):
            if len(kept) == most + SPARE:
                break
            if await self._answering(lead.question, [sentence]):
                kept.append(lead)
        return kept

    async def _found(self, question: str, english: str, versions: Sequence[str]) -> list[Found]:
        self.rounds = 1
        return await self._search(question, english, versions, _SEARCHED)

    async def _answering(self, question: str, found: Sequence[Found]) -> list[tuple[Passage, int]]:
        """Those that answer, the likeliest first; none without a model."""
        if self._model is None:
            return []
        fitting = await answerer.fitting(self._model, question, found, lambda passage, n: None)
        return [(passage, n) for _, passage, n in fitting]


def _worth(found: Found, wanted: Wanted) -> float:
    """What a sentence that was found is worth; nothing where it speaks of something else."""
    passage, n, near = found
    text = passage.sentence(n)
    return worth(Candidate(passage, n, text, standalone(text)), near, wanted) if passage.kind == "text" else 0.0


def _in_place(found: Iterable[Found], property: Property) -> list[Found]:
    """Those from sections in which a paper speaks of that, and which print it, if it is something that is printed: a
    sentence about GPU memory does not say how many GPUs there were."""
    return [
        (passage, n, near)
        for passage, n, near in found
        if passage.role in property.wanted.roles and passage.kind == "text"
        if property.printed is None or properties.words_of(property, passage, n)
    ]


def _once(found: Iterable[Found]) -> list[Found]:
    return list({_address(f): f for f in found}.values())


def _address(found: Found) -> tuple[str, int]:
    return found[0].id, found[1]
