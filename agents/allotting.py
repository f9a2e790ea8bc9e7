"""Which sentences of the papers each section of a report takes where no strong model reads them. Every section works
out the same allotment for itself, so that no sentence is told in two of them. Pure but for the embedder.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from agents import aspects, properties
from agents.answerer import Found
from agents.selection import Candidate, Wanted, anchor, by_place, candidates, first_new, opens_badly, worth
from core.documents import Document, SectionRole
from core.ports import Embedder
from core.report import Aspect, Length, Plan, PlannedSection
from core.words import stems

_ROOM: dict[Length, int] = {"short": 3, "standard": 5, "long": 9}
"""Sentences of a section: a small model renders one in two seconds."""
EACH: dict[Length, int] = {"short": 1, "standard": 2, "long": 3}
"""Sentences that answer one question of a person's own."""
SPARE = 3
"""More sentences than there is room for: some will not survive rendering."""
_ORDER: tuple[Aspect, ...] = (
    "overview", "limitations", "ablation", "agreement", "benchmarks", "results", "setup", "method", "neighbours",
    "background",
)  # fmt: skip
"""Sections with fewer fitting sentences choose first. The others take theirs by property or by question."""
_NEIGHBOUR = by_place((SectionRole.ABSTRACT, SectionRole.INTRODUCTION, SectionRole.CONCLUSION))
_LEAST = 1.0
"""What a sentence must be worth: a section with nothing good is to say so."""
_HEADED = 0.4
"""What it gains under a heading that speaks of the very thing."""
_LEANING, _RUN_IN, _MATHS = 0.75, 0.5, 0.7
"""Share of its worth that is left to a sentence that leans on the one before, to one that a heading has run into ("Code
Performance The model …"), and to one with mathematics, whose signs get lost on the way from the page."""
_HEADING_RUN_IN = re.compile(
    r"[A-Z][\w-]*(?: [\w-]+){0,4}? (?:We|Our|The|This|These|Although|In|To|For|As|It|When|While|Since"
    r"|Following|However)"
    r",? [a-z]"
)
_MATHS_IN_IT = re.compile(r"[=∈∑∏≤≥]|\b[a-z]_")
_NAMES = re.compile(r"\b[A-Z]{3,}\b")
"""Not words: DROP is a benchmark."""
_OUTCOME = re.compile(r"outperform|surpass|superior|impressive|exceed|achiev|improve|better|worse")
_BEFORE_OUTCOMES: tuple[Aspect, ...] = ("setup", "method", "background")
_FOREIGN = 0.6
"""Share that is left to an outcome in a section that tells of what was done, not of what came out."""
_SAME = 0.6
"""Share of the shorter sentence's words from which two say the same."""
_ANNOUNCES = re.compile(
    r"\b(?:as follows|(?:described|outlined|listed|detailed|discussed|shown|given) (?:below|above|next|in the next)"
    r"|without loss of generality|in (?:this|the (?:next|following)) (?:sub)?section|rest of th(?:is|e) paper"
    r"|we (?:now|next|first|then|briefly|will) (?:describe|present|introduce|discuss|detail|review|turn))\b",
    re.IGNORECASE,
)
"""Says what comes next, not how things are."""


def subject(plan: Plan) -> str:
    """Version of the paper a deep-dive is of; empty for a comparison."""
    return next((p.version for p in plan.papers if p.chosen), "") if plan.kind == "paper" else ""


def versions(section: PlannedSection, plan: Plan, documents: Mapping[str, Document]) -> tuple[str, ...]:
    """Papers a section is about, in the order of the plan; those only that were read."""
    read = [p.version for p in plan.papers if p.version in documents]
    of = subject(plan)
    if not of or section.aspect == "topic":
        return tuple(read)
    return tuple(v for v in read if (v != of) == (section.aspect == "neighbours"))


def own(section: PlannedSection) -> tuple[str, ...]:
    """Questions that a person wrote or changed: nothing but their words says what answers them."""
    return tuple(q for q in section.questions if section.aspect == "topic" or not aspects.english(q))


def room(section: PlannedSection, plan: Plan, papers: int) -> int:
    """Sentences a section may have, those for a person's own questions not counted. `papers`: it is about."""
    if section.aspect == "topic":
        return 0
    each = -(-_ROOM[plan.length] // max(1, papers))
    return max(each, 1) * max(1, papers)


def allot(plan: Plan, documents: Mapping[str, Document], embedder: Embedder) -> dict[str, tuple[Found, ...]]:
    """Section id -> its sentences, best first and the papers in turn, spares behind; nothing where nothing fits."""
    return _allot(plan, tuple(documents.values()), embedder)  # type: ignore[arg-type]  # hashed by identity


@lru_cache(maxsize=4)  # all sections of a report ask for the same
def _allot(plan: Plan, documents: tuple[Document, ...], embedder: Embedder) -> dict[str, tuple[Found, ...]]:
    read = {d.paper: d for d in documents}
    sections = sorted((s for s in plan.sections if s.aspect in _ORDER), key=lambda s: _ORDER.index(s.aspect))
    sentences = {v: _Sentences(d, sections, plan, read, embedder) for v, d in read.items()}
    taken = _taken(plan, documents)
    found: dict[str, list[Found]] = {s.id: [] for s in sections}
    for spare in (False, True):  # nobody's spares before everybody's own
        for section in sections:
            mine = [v for v in versions(section, plan, read) if v in sentences]
            quota = SPARE if spare else -(-room(section, plan, len(mine)) // max(1, len(mine)))
            picked = [first_new(sentences[v].ranked(section), taken, quota, _same) for v in mine]
            found[section.id] += [(c.passage, c.n, score) for score, c in _in_turn(picked)]
    return {id: tuple(some) for id, some in found.items()}


class _Sentences:
    """The sentences of one paper that some section wants, and their vectors."""

    def __init__(
        self, document: Document, sections: Sequence[PlannedSection], plan: Plan, read: Mapping[str, Document],
        embedder: Embedder,
    ) -> None:  # fmt: skip
        mine = [s for s in sections if document.paper in versions(s, plan, read) and room(s, plan, 1)]
        self._found = [c for c in candidates(document) if any(_fits(c, wanted(s.aspect)) for s in mine)]
        self._vectors = embedder.passages([c.text for c in self._found] or ["-"])
        self._near = self._towards(anchor(document) or "-", embedder)
        self._asked: dict[str, list[float]] = {}
        towards = read.get(subject(plan), document)
        for section in mine:
            questions = [aspects.english(q) or q for q in section.questions]
            asked = [anchor(towards)] if section.aspect == "neighbours" else questions
            near = [self._towards(q, embedder) for q in asked if q] or [self._near]
            self._asked[section.id] = [max(some) for some in zip(*near, strict=True)]

    def _towards(self, text: str, embedder: Embedder) -> list[float]:
        return [float(v) for v in self._vectors @ embedder.query(text)[0]] if self._found else []

    def ranked(self, section: PlannedSection) -> list[tuple[float, Candidate]]:
        """What a section would take, best first."""
        if section.id not in self._asked:
            return []
        kind = wanted(section.aspect)
        near = zip(self._found, self._near, self._asked[section.id], strict=True)
        scored = [(_worth(c, (a + b) / 2, kind, section.aspect), c) for c, a, b in near if _fits(c, kind)]
        return sorted((pair for pair in scored if pair[0] >= _LEAST), key=lambda pair: -pair[0])


def _same(one: Candidate, other: Candidate) -> bool:
    """Does the shorter say little that the other does not? Abstract, introduction and conclusion often repeat."""
    a, b = frozenset(stems(one.text)), frozenset(stems(other.text))
    return len(a & b) >= _SAME * min(len(a), len(b))


def _fits(candidate: Candidate, kind: Wanted) -> bool:
    """Does it stand in the right section, with a word that gives it away? Figures alone do not."""
    spoken = _NAMES.sub("", candidate.text).lower()
    speaks = candidate.passage.role in kind.roles and kind.cues.search(spoken) is not None
    return speaks and _ANNOUNCES.search(candidate.text) is None


def _worth(candidate: Candidate, near: float, kind: Wanted, aspect: Aspect) -> float:
    *_, heading = candidate.passage.section.split(" › ")
    headed = _HEADED * bool(kind.cues.search(heading.lower()))
    text = candidate.text
    hampered = (_LEANING if opens_badly(text) else 1.0) * (_RUN_IN if _HEADING_RUN_IN.match(text) else 1.0)
    hampered *= _MATHS if _MATHS_IN_IT.search(text) else 1.0
    foreign = _FOREIGN if aspect in _BEFORE_OUTCOMES and _OUTCOME.search(text.lower()) else 1.0
    return worth(candidate, near, kind, headed) * hampered * foreign


def wanted(aspect: Aspect) -> Wanted:
    """What kind of sentence an aspect looks for."""
    data = aspects.of(aspect)
    places = _NEIGHBOUR if aspect == "neighbours" else by_place(data.roles)
    return Wanted(places, data.cues, numbers=aspect in ("results", "benchmarks"))


def _taken(plan: Plan, documents: Sequence[Document]) -> list[Candidate]:
    """Sentences that the section on reproduction shows."""
    if not any(s.aspect == "reproduction" for s in plan.sections):
        return []
    first = [p[0] for d in documents for q in properties.of_reproduction() if (p := properties.printed(d, q))]
    return [Candidate(p.passage, p.n, p.passage.sentence(p.n), 1.0) for p in first]


def _in_turn(picked: Sequence[list[tuple[float, Candidate]]]) -> list[tuple[float, Candidate]]:
    """The best of each paper, then the second best of each, …"""
    longest = max(map(len, picked), default=0)
    return [some[n] for n in range(longest) for some in picked if n < len(some)]
