"""Which English word of direction stands where the claim's stands (缓解 … 增加 … / alleviates … increases …)?

Each word of direction is paired with the English one whose surroundings share most with its own; where that one says
the opposite, clearly before any that agrees, the claim is reversed.
"""

import re
from collections.abc import Sequence

from agents.polarity.chinese import CHANGES, Said
from agents.polarity.english import English
from agents.polarity.poles import good, reading
from agents.polarity.states import Reversal, covered

_COVERED = 0.65
"""Share of the clause's words that the sentence must have."""
_FLOOR = 0.7
"""Fit from which on a word counts."""
_HOLLOW = frozenset("from under within near up over without down above below out high low for".split())
"""Words that also mean a direction, but mostly do not."""
_MARGIN = 1.6
"""How much better the opposite word must fit than any that agrees."""
_FAR = 4.0
"""Distance at which a shared word counts half."""
_NEAR = 7.0
"""How far the opposite word may stand from what the claim's is said of."""
_EXTREMES = frozenset("extreme best fastest longest cheapest earliest deepest hardest".split())
_HELD = CHANGES | _EXTREMES | {"optimise"}
"""Pairs whose poles are words of direction."""


def facing(said: Said, texts: Sequence[English], others: Sequence[Said] = ()) -> Reversal | None:
    """The opposite word in the sentence the claim stands on. `texts`: its sentences, nearest first; `others`: the other
    words of direction of the claim, which explain English ones (在较低的 … 下更好 / better at lower …).
    """
    if said.against or not {name for name, _ in said.pole.meanings} & _HELD:
        return None
    for sentence in texts[:1]:
        if len(said.pieces) < 2 or covered(said.pieces, sentence.stems) < _COVERED:
            continue
        about = frozenset(stem for p in said.about for stem in p.stems)
        read = reading(said.pole.meanings, good(about))
        against = _best(said, sentence, read.opposite, denied=False)
        explained = _explained(said, sentence, others)
        alike = _best(said, sentence, (*read.own, *read.near), denied=True, explained=explained)
        contrary = _best(said, sentence, read.opposite, denied=True)
        support = max((fit for fit, _ in (alike, contrary) if fit > against[0]), default=alike[0])
        if against[0] >= _FLOOR and against[0] >= _MARGIN * support:
            return Reversal(against[1], said.pole.text, said.clause)
        if support >= _FLOOR:
            return None
    return None


def _explained(said: Said, sentence: English, others: Sequence[Said]) -> frozenset[int]:
    """Where English words begin that another word of the claim stands for, and this one only perhaps."""
    own = reading(said.pole.meanings, "").own
    taken = {m.start() for p in own for m in p.finditer(sentence.text)}
    rest = [other.pole.meanings for other in others if other.pole.meanings != said.pole.meanings]
    theirs = (pattern for meanings in rest for pattern in reading(meanings, "").own)
    return frozenset(m.start() for p in theirs for m in p.finditer(sentence.text)) - taken


def _best(
    said: Said, sentence: English, patterns: Sequence[re.Pattern[str]], *, denied: bool,
    explained: frozenset[int] = frozenset(),
) -> tuple[float, str]:  # fmt: skip
    """The best fit of any match and its words; 0 where there is none. Not `denied`: those that are not negated, beside
    what the pole may be said of."""
    found = (m for pattern in patterns for m in pattern.finditer(sentence.text))
    marks = [m for m in found if m.group().lower() not in _HOLLOW and m.start() not in explained]
    if not denied:
        marks = [m for m in marks if not sentence.denied(m.start()) and _beside(said, sentence, m)]
    return max(((_fit(said, sentence, m), m.group()) for m in marks), default=(0.0, ""))


def _beside(said: Said, sentence: English, mark: re.Match[str]) -> bool:
    """Does something the pole may be said of stand near the English word?"""
    at = sentence.place(mark.start())
    if {name for name, _ in said.pole.meanings} & _EXTREMES:
        return True
    words = {stem for p in said.about for stem in p.stems}
    return any(abs(t.place - at) <= _NEAR for t in sentence.tokens if t.stem in words)


def _fit(said: Said, sentence: English, mark: re.Match[str]) -> float:
    """How much of the pole's surroundings stands around the English word."""
    at = sentence.place(mark.start())
    total = 0.0
    for piece in said.pieces:
        there = (t for t in sentence.tokens if t.stem in piece.stems and not mark.start() <= t.start < mark.end())
        gaps = [abs(t.place - at) for t in there]
        if gaps:
            weight = 3.0 if piece in said.about else 1.0
            total += weight * _FAR / (_FAR + min(gaps))
    return total
