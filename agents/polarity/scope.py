"""Is an English sentence about the same case as a part of the claim: same conditions, same numbers, same measure?"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from agents.evidence.gather import states
from agents.evidence.units import Piece, units
from agents.polarity.english import English
from agents.polarity.poles import good
from agents.polarity.spans import Part, Slice, cut, parts
from agents.quantities.model import Quantity
from core.words import stem

_WORD = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?")
_COVERED = 0.5
"""Share of the words that the sentence must have."""
_GENERAL = frozenset(map(stem, "performance result quality ability capability".split()))
"""Measures that stand for any that is better when higher."""


class Scope(NamedTuple):
    """What a stretch of the claim speaks of, whoever is said to be better."""

    words: tuple[Piece, ...]
    names: tuple[Part, ...]
    measures: tuple[Piece, ...]
    quantities: tuple[Quantity, ...]


@lru_cache(maxsize=256)
def scope(claim: str, own: frozenset[str], left_out: frozenset[str]) -> Scope:
    """Of a sentence of the claim. `own`: flat names of the paper's own system, which need not be named; `left_out`:
    Chinese words that compare, and are not part of the case."""
    found = units(claim)
    words = tuple(p for p in found.pieces if not p.is_name and p.text not in left_out)
    names = tuple(p for p in parts(claim, 0, len(claim), own) if p.flat and not p.is_own)
    named = tuple(Piece(p.text, 0, frozenset([stem(p.flat)]), True) for p in names if good(frozenset([stem(p.flat)])))
    measures = (*(p for p in words if good(p.stems)), *named)
    names = tuple(p for p in names if not good(frozenset([stem(p.flat)])))
    return Scope(words, names, measures, tuple(q for q in found.quantities if not q.grammatical))


def same_case(ours: Scope, sentence: English, said: frozenset[str], beside: Slice | None) -> bool:
    """Could the sentence contradict what the claim says in this scope?

    `said`: stems of the words with which it compares; `beside`: text around it that may name things.
    """
    whole = whole_of(sentence.text)
    if not all(whole.has(name) or (beside and beside.has(name)) for name in ours.names):
        return False
    if sum(bool(p.stems & whole.stems) for p in ours.words) < _COVERED * len(ours.words):
        return False
    if not (_same_measure(ours.measures, said) and has_quantities(ours.quantities, sentence)):
        return False
    return any(p.stems & said for p in ours.measures) or _same_measure(ours.measures, whole.stems)


def has_quantities(quantities: Sequence[Quantity], sentence: English) -> bool:
    """Does the sentence print them all?"""
    return all(states(q, sentence.text) for q in quantities)


def _same_measure(measures: Sequence[Piece], stems: frozenset[str]) -> bool:
    if not measures or any(p.stems & stems for p in measures):
        return True
    theirs = {s for s in stems if good(frozenset([s]))}
    if not theirs:
        return True
    return theirs <= _GENERAL and all(good(p.stems) == "more" for p in measures)


@lru_cache(maxsize=512)
def whole_of(text: str) -> Slice:
    """A text as one slice."""
    words = frozenset(stem(word) for word in _WORD.findall(text))
    return cut(English(text, (), words), 0, len(text))._replace(stems=words)
