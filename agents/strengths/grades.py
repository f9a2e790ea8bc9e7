"""How high a claim stands on a scale (how sure, how many, how much better), held against the clauses of the paper that
speak of the same. The scales and their words are data: grades.toml."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from agents.evidence.units import Piece, units
from agents.polarity.english import is_row
from agents.strengths.aligned import Part, split, stemmed
from agents.strengths.words import DENIED_ZH, around, denied

_ALIKE = 0.5
"""Share of the words of the claim's clause from which an English sentence speaks of the same."""
_AS_GOOD = 0.15
"""A sentence that has so much less of them than the best one does not count."""
_OTHERS = 0.15
"""A higher grade elsewhere excuses the claim where the sentence has up to so much less of its words."""
_FLOOR = 0.2
"""Below this share a sentence is about something else."""
_FEWEST = 2
"""Words that a claim and a sentence must share."""
_CLAUSE_ZH = re.compile(r"[，,；;：]|——")
_CLAUSE_EN = re.compile(r"[;:]|,\s(?:but|while|whereas|although|though|yet|which|and)\b|\bbut\b")


class Scale(NamedTuple):
    """One scale; see grades.toml."""

    name: str
    code: str
    step: int
    plain: int | None
    denied: int
    excused: re.Pattern[str]
    zh: tuple[tuple[int, re.Pattern[str]], ...]
    en: tuple[tuple[int, re.Pattern[str]], ...]


class Over(NamedTuple):
    """Words of the paper, and the claim's that say more than they do."""

    code: str
    said: str
    where: str


class _Said(NamedTuple):
    share: float
    grade: int
    words: str


@cache
def scales() -> tuple[Scale, ...]:
    """All scales, as grades.toml has them."""
    table = tomllib.loads(Path(__file__).with_name("grades.toml").read_text("utf-8"))
    return tuple(
        Scale(
            s["name"], s.get("code", "overclaim"), s["step"], s.get("plain"), s.get("denied", 0),
            re.compile(s["excused"]), tuple((g, re.compile(w)) for g, w in s["zh"]),
            tuple((g, re.compile(rf"(?<![\w-])(?:{w})(?!\w)", re.I)) for g, w in s["en"]),
        )
        for s in table["scale"]
    )  # fmt: skip


def higher(part: Part) -> Iterator[Over]:
    """Where a part of a claim stands a step above everything that the paper says of the same."""
    if part.of_table:
        return
    start = 0
    for clause in _CLAUSE_ZH.split(part.text):
        at, start = start, start + len(clause) + 1
        for scale in scales():
            if over := _over(scale, clause, part.text[: at + len(clause)], part):
                yield over


def _over(scale: Scale, clause: str, until: str, part: Part) -> Over | None:
    found = [(g, m) for g, p in scale.zh if (m := p.search(clause))]
    if not found or scale.excused.search(clause) or DENIED_ZH.search(clause[: found[0][1].start()]):
        return None
    grade, match = max(found, key=lambda f: f[0])
    pieces = [p for p in units(clause).pieces if not match.start() <= p.start < match.end()]
    if sum(not p.is_name for p in pieces) < _FEWEST:
        pieces = [p for p in units(until).pieces if p.text not in match.group()]
    spoken = _spoken(scale, pieces, part)
    best = max((s.share for s in spoken), default=0.0)
    near = [s for s in spoken if s.share >= best - _AS_GOOD and s.words]
    if best < _ALIKE or not near or any(s.grade > grade - scale.step for s in spoken if s.share >= best - _OTHERS):
        return None
    lowest = max(near, key=lambda s: s.share)
    return Over(scale.code, lowest.words, match.group())


def _spoken(scale: Scale, pieces: list[Piece], part: Part) -> list[_Said]:
    """What the sentences that speak of these words say on the scale; a plain sentence has no words."""
    found = []
    for sentence in dict.fromkeys((*part.cited, *(s for t in part.evidence.near for s in split(t)))):
        if is_row(sentence):
            continue
        having = stemmed(sentence)
        hits = sum(bool(p.stems & having) for p in pieces)
        if hits < _FEWEST or hits / len(pieces) < _FLOOR:
            continue
        found.append(_graded(scale, pieces, sentence, hits / len(pieces)))
    return [s for s in found if s is not None]


def _graded(scale: Scale, pieces: list[Piece], sentence: str, share: float) -> _Said | None:
    """The highest grade in the clauses of a sentence that have words of the claim's."""
    best: _Said | None = None
    for clause in _clauses(sentence):
        having = stemmed(clause)
        if not any(p.stems & having for p in pieces):
            continue
        for grade, pattern in scale.en:
            for match in pattern.finditer(clause):
                worth = scale.denied if denied(match, clause) and grade > 1 else grade
                if worth >= 0 and (best is None or worth > best.grade):
                    best = _Said(share, worth, around(clause, match))
    if best is None and scale.plain is not None:
        return _Said(share, scale.plain, "")
    return best


def _clauses(sentence: str) -> Iterator[str]:
    at = 0
    for match in _CLAUSE_EN.finditer(sentence):
        yield sentence[at : match.start()]
        at = match.start()
    yield sentence[at:]
