"""Chooses the sentences of a paper from which an extractive digest is built. Pure: no model writes anything here.

A sentence earns its place by the section it stands in, by cue words for its slot (cues.toml), by its nearness to
the title and abstract in the embedder's space, and by being readable on its own.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.documents import Document, Passage, SectionRole
from core.models import Pick, Slot
from core.ports import Embedder

SLOTS: dict[Slot, int] = {"summary": 1, "problem": 1, "method": 2, "result": 3, "limitation": 1}
"""Slots of a digest and how many sentences each takes: what a person reads in a minute, and a small model renders
in one."""
_ORDER_OF_CHOICE: tuple[Slot, ...] = ("summary", "limitation", "result", "method", "problem")
"""Slots with fewer fitting sentences choose first."""
SPARE = 3
"""More candidates a slot than needed: some sentences will not survive rendering or critique."""

_OPENS_BADLY = re.compile(
    r"^(?:(?:however|but|yet|while|although|though|notably|in contrast|unfortunately),?\s+)?"
    r"(it|this(?! (?:paper|work|study|report|article))|these|those|they|he|she|its|their|such|here|then|thus|hence|"
    r"also|moreover|furthermore|additionally|"
    r"in addition|therefore|consequently|similarly|for example|for instance|e\.g|i\.e|finally|next|first|second|third|"
    r"note that|as (shown|can be)|and|but|or|so|which|where|when|the (former|latter|above|following))\b",
    re.IGNORECASE,
)
_SHORT_OPENING = re.compile(r"^\w[\w-]*(?: [\w-]+){0,3}, ")
_POINTS_AWAY = re.compile(
    r"\b(figure|fig\.|table|tab\.|section|sec\.|eq\.|equation|appendix|algorithm|listing|§)\s*[\dA-Z(]?", re.IGNORECASE
)
_CITES = re.compile(r"\[[\d,\s–-]+\]|\([A-Z][^()]*?\b(?:19|20)\d\d[a-z]?[^()]*\)|\bet al\.")
_NUMBER = re.compile(r"\d+(?:\.\d+)?\s*(?:%|×|x\b|[kKMBT]\b|points?\b|times\b|ms\b|MB\b|GB\b)|\d+\.\d+")
_MATH = re.compile(r"[=∈∑∏≤≥∀∃√∂∇θλπσφψω𝐀-𝟿]|\b[a-z]_[a-z]\b")
_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What kind of sentence is looked for."""

    roles: Mapping[SectionRole, float]
    """Sections in which it may stand, and what each is worth."""
    cues: re.Pattern[str]
    """Over lower-case English."""
    numbers: bool = False
    """Does a figure speak for it?"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that might be chosen."""

    passage: Passage
    n: int
    text: str
    fitness: float
    """How well the sentence stands alone, 0..1."""


def by_place(roles: Iterable[SectionRole]) -> dict[SectionRole, float]:
    """Sections, best first -> what each is worth."""
    return {role: 1.0 - 0.12 * n for n, role in enumerate(roles)}


@cache
def _slots() -> dict[str, tuple[str, Wanted]]:
    """Heading and what is wanted under it."""
    table = tomllib.loads(Path(__file__).with_name("cues.toml").read_text("utf-8"))
    return {
        name: (
            row["heading"],
            Wanted(by_place(map(SectionRole, row["roles"])), re.compile("|".join(row["cues"])), name == "result"),
        )
        for name, row in table.items()
    }


def heading(slot: Slot) -> str:
    """Chinese heading of a slot."""
    return _slots()[slot][0]


def select(document: Document, embedder: Embedder) -> list[Pick]:
    """A read paper -> picks for every slot, best first, with spares; the same sentence is picked once only."""
    found = candidates(document)
    if not found:
        return []
    near = nearness(document, found, embedder)
    taken: list[Candidate] = []
    picks: list[Pick] = []
    for room in (SLOTS, dict.fromkeys(SLOTS, SPARE)):  # nobody's spares before everybody's own
        for name in _ORDER_OF_CHOICE:
            scored = ((_score(c, n, name), c) for c, n in zip(found, near, strict=True))
            ranked = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
            picks += [_pick(name, candidate, score) for score, candidate in first_new(ranked, taken, room[name])]
    return sorted(picks, key=lambda pick: (list(SLOTS).index(pick.slot), -pick.score))


def first_new(
    ranked: Sequence[tuple[float, Candidate]],
    taken: list[Candidate],
    room: int,
    same: Callable[[Candidate, Candidate], bool] = lambda one, other: alike(one, other),
) -> list[tuple[float, Candidate]]:
    """The best `room` candidates unlike all that are taken; they are taken then. `same`: do two say the same?"""
    found: list[tuple[float, Candidate]] = []
    for score, candidate in ranked:
        if len(found) == room:
            break
        if not any(same(candidate, other) for other in taken):
            taken.append(candidate)
            found.append((score, candidate))
    return found


def opens_badly(text: str) -> bool:
    """Does it lean on the sentence before, at once or behind a few words ("On MATH, it …")?"""
    return _OPENS_BADLY.match(text) is not None or _OPENS_BADLY.match(_SHORT_OPENING.sub("", text)) is not None


def _pick(slot: Slot, candidate: Candidate, score: float) -> Pick:
    return Pick(slot=slot, passage=candidate.passage.id, sentence=candidate.n, score=round(score, 4))


def candidates(document: Document) -> list[Candidate]:
    """All sentences of a paper that can be read alone."""
    return [
        Candidate(passage, n, text, fitness)
        for passage in document.passages
        if passage.kind == "text"
        for n in range(len(passage.sentences))
        if (fitness := standalone(text := passage.sentence(n)))
    ]


_LONGEST_WORDS = 42
"""Longer sentences hold several claims: a small model garbles them, and a reader has to read them twice."""


def standalone(text: str) -> float:
    """How well an English sentence can be read without its neighbours, 0 (not at all) to 1."""
    words = text.split()
    whole = text[:1].isupper() and text.rstrip("”’\"')]").endswith((".", "!"))
    if not whole or not 8 <= len(words) <= _LONGEST_WORDS or len(text) > 320 or text.count("(") != text.count(")"):
        return 0.0
    letters = sum(c.isalpha() or c.isspace() for c in text) / len(text)
    if letters < 0.75 or len(_MATH.findall(text)) > 1 or " = " in text or "http" in text:
        return 0.0
    fitness = 1.0
    fitness -= 0.3 * bool(_OPENS_BADLY.match(text))
    fitness -= 0.3 * bool(_POINTS_AWAY.search(text))
    fitness -= min(0.4, 0.12 * len(_CITES.findall(text)))
    fitness -= 0.15 * bool(_RAISED.search(text))
    fitness -= 0.015 * max(0, len(words) - 24)
    return max(0.05, fitness)


def nearness(document: Document, found: Sequence[Candidate], embedder: Embedder) -> list[float]:
    """Cosine of each candidate with the title and abstract together."""
    vectors = embedder.passages([c.text for c in found])
    return [float(v) for v in vectors @ embedder.query(anchor(document) or found[0].text)[0]]


def anchor(document: Document) -> str:
    """What a paper is about: its title and abstract."""
    abstract = [p.text for p in document.passages if p.role is SectionRole.ABSTRACT]
    return " ".join([document.title, *abstract])[:2000].strip()


def worth(candidate: Candidate, near: float, wanted: Wanted, extra: float = 0.0) -> float:
    """What the sentence is worth, 0.0 where it does not belong. `extra`: what else speaks for it."""
    place = wanted.roles.get(candidate.passage.role, 0.0)
    cues = min(2, len(set(wanted.cues.findall(candidate.text.lower()))))
    numbers = min(3, len(_NUMBER.findall(candidate.text))) if wanted.numbers else 0
    if not place or not (cues or numbers or extra):
        return 0.0
    return (place + 0.35 * cues + 0.2 * numbers + 0.8 * near + extra) * candidate.fitness


def _score(candidate: Candidate, near: float, name: Slot) -> float:
    """What the sentence is worth in that slot; 0.0 where it does not belong."""
    own_section = name == "limitation" and candidate.passage.role is SectionRole.LIMITATION
    extra = _abstract_place(candidate, name) + (0.5 if own_section else 0.0)
    score = worth(candidate, near, _slots()[name][1], extra)
    if score and name == "problem" and re.search(r"\b(we|our)\b", candidate.text.lower()):
        score -= 0.35 * candidate.fitness
    return score


def _abstract_place(candidate: Candidate, name: Slot) -> float:
    """Abstracts go from problem over method to result; a sentence's place in one tells what it is for, 0..0.4."""
    if candidate.passage.role is not SectionRole.ABSTRACT:
        return 0.0
    along = (candidate.n + 0.5) / len(candidate.passage.sentences)
    return {
        "problem": max(0.0, 0.4 - along),
        "summary": max(0.0, 0.3 - abs(along - 0.35)),
        "method": max(0.0, 0.3 - abs(along - 0.4)),
        "result": 0.4 * along if along > 0.5 else 0.0,
    }.get(name, 0.0)


def alike(one: Candidate, other: Candidate) -> bool:
    """The same sentence, or one that says nearly the same (abstract and conclusion often do)."""
    a, b = set(one.text.lower().split()), set(other.text.lower().split())
    return len(a & b) / len(a | b) > 0.5
