"""Which statements of a paper a claim is about: by its words, names and numbers, and by what search finds.

Nearness decides, not agreement: a claim is held against the statement that speaks of the same thing, even where another
one would not contradict it. What the nearest lacks of the claim's numbers and names, close runners-up may add.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agents.evidence.atoms import atoms
from agents.evidence.statements import PaperText, Statement
from agents.evidence.units import Piece, units
from agents.quantities import parse
from agents.quantities.model import Quantity
from agents.quantities.relate import equal, fit

_NAME, _QUANTITY, _GRAMMATICAL, _UNKNOWN = 1.3, 0.6, 0.24, 0.3
"""Weights: of a name, times its rarity; of a quantity, of a small count in words and of a word that stands nowhere in
the paper, times the highest rarity."""
_NEIGHBOUR = 0.25
"""Share of the better neighbouring sentence's score."""
_SEARCH = 0.3
"""Weight of the search's score for the passage, the best being 1."""
_COMPARED = 60
"""Statements whose numbers are compared: the best by words."""
_KEPT = 8
_CLOSE = 0.6
"""A runner-up may add what is missing from this share of the best score on."""
_COMPARES = re.compile(
    r"[高低多少快慢大小长短强弱好差]于|优于|不如|不及|超过|超越|领先|落后|逊|比.*?[高低多少快慢大小长短强弱好差]|最|倍"
)
_ROWS = 2
"""Rows of tables that are added to a comparison, or to a number that nothing else prints: it may be worked out."""
_PART = 0.4
"""Share of a part's words that a statement must have to stand for it."""
_MOST = 3
"""Statements a claim may rest on."""


class Ranked(NamedTuple):
    """A statement and how much of the claim it covers: 1 is everything, before neighbours and search are added."""

    score: float
    covered: float
    statement: Statement


def rank(claim: str, paper: PaperText, found: Mapping[str, float]) -> list[Ranked]:
    """The statements nearest to a claim, best first. `found`: passage id -> score of the search, any scale."""
    wanted = units(claim)
    highest = paper.rarity("")
    weights = [value_of(piece, paper, highest) for piece in wanted.pieces]
    by_number = [highest * (_GRAMMATICAL if q.grammatical else _QUANTITY) for q in wanted.quantities]
    total = sum(weights) + sum(by_number) or 1.0
    scores = [0.0] * len(paper.statements)
    for piece, weight in zip(wanted.pieces, weights, strict=True):
        for n, share in _covering(piece, weight, paper).items():
            scores[n] += share / total
    best = max(found.values(), default=0.0) or 1.0
    searched = [_SEARCH * found.get(s.passage.id, 0.0) / best for s in paper.statements]
    compared = sorted(range(len(scores)), key=lambda n: -(scores[n] + searched[n]))[:_COMPARED]
    for n in compared:
        text = paper.statements[n].text
        scores[n] += sum(w for q, w in zip(wanted.quantities, by_number, strict=True) if states(q, text)) / total
    ranked = [
        Ranked(scores[n] + _NEIGHBOUR * _beside(n, scores, paper) + searched[n], scores[n], paper.statements[n])
        for n in compared
    ]
    return sorted(ranked, key=lambda r: -r.score)[:_KEPT]


def value_of(piece: Piece, paper: PaperText, highest: float) -> float:
    """What a piece counts in a paper: the rarer the more. `highest`: the rarity of what is nowhere."""
    known = [paper.rarity(word) for word in piece.stems if word in paper.having]
    if piece.is_name:
        return _NAME * (known[0] if known else 0.8 * highest)
    return sum(known) / len(known) if known else _UNKNOWN * highest


def _covering(piece: Piece, weight: float, paper: PaperText) -> dict[int, float]:
    """Numbers of the statements that have the piece, and what each gets for it: less for a common word."""
    shares: dict[int, float] = {}
    for word in piece.stems:
        share = weight if piece.is_name else min(weight, paper.rarity(word))
        for n in paper.having.get(word, ()):
            shares[n] = max(shares.get(n, 0.0), share)
    return shares


def _beside(n: int, scores: Sequence[float], paper: PaperText) -> float:
    own = paper.statements[n].passage.id
    near = (k for k in (n - 1, n + 1) if 0 <= k < len(scores) and paper.statements[k].passage.id == own)
    return max((scores[k] for k in near), default=0.0)


def states(quantity: Quantity, text: str) -> bool:
    """Does the text print this quantity?"""
    return any(fit(quantity, e) == "yes" and equal(quantity, e) for e in parse(text))


def enough(claim: str, ranked: Sequence[Ranked], paper: PaperText) -> tuple[Statement, ...]:
    """The first of them and, for the numbers, names and parts of the claim it lacks, the best of the close ones that
    have them."""
    all_of_it = units(claim)
    chosen = [ranked[0].statement]
    close = [r.statement for r in ranked[1:] if r.score >= _CLOSE * ranked[0].score]
    for quantity in all_of_it.quantities:
        if len(chosen) < _MOST and not any(states(quantity, s.text) for s in chosen):
            chosen += [s for s in close if states(quantity, s.text)][:1]
    for piece in all_of_it.pieces:
        if piece.is_name and len(chosen) < _MOST and not any(piece.stems & s.stems for s in chosen):
            chosen += [s for s in close if piece.stems & s.stems][:1]
    parts = atoms(claim)
    for part in parts if len(parts) > 1 else ():
        if len(chosen) < _MOST and max(_share(part, s, paper) for s in chosen) < _PART:
            better = max(close, key=lambda s: _share(part, s, paper), default=None)
            chosen += [better] if better and _share(part, better, paper) >= _PART else []
    unstated = any(not any(states(q, s.text) for s in chosen) for q in all_of_it.quantities)
    if unstated or _COMPARES.search(claim):
        named = frozenset(stem for piece in all_of_it.pieces if piece.is_name for stem in piece.stems)
        chosen += [s for s in close if s.is_row and named & s.stems][: _ROWS - sum(s.is_row for s in chosen)]
    return tuple(dict.fromkeys(chosen))


def _share(part: str, statement: Statement, paper: PaperText) -> float:
    """Share of a part of a claim that a statement has, by rarity."""
    pieces = units(part).pieces
    highest = paper.rarity("")
    weights = [value_of(piece, paper, highest) for piece in pieces]
    had = sum(w for p, w in zip(pieces, weights, strict=True) if p.stems & statement.stems)
    return had / (sum(weights) or 1.0)
