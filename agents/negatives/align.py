"""How much of a claim an English sentence and its clauses have, so that like is held against like."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agents.checks import Evidence
from agents.evidence.units import Piece
from agents.negatives import chinese, english

_NAME, _HOLLOW, _COMMON = 1.3, 0.3, 0.5
"""Weights of a name, of a word that stands in claims about any paper, and of one that many statements have."""
HOLLOW = frozenset("论文 作者 文中 实验 方法 模型 结果 其中 分别 相比 表明 指出 认为 左右".split())
LATER = re.compile(r"将|计划|打算|拟|今后|后续|未来")
"""Speaks of what is to come, which "not yet" does not deny."""
_OFTEN = 0.5
_LOOKED_AT = 9
"""Sentences: the cited ones and the best of the others."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause of the claim and one of the paper."""

    zh: chinese.Clause
    en: english.Clause
    sentence: int
    """0 is the cited sentence nearest to the claim."""
    fit: float
    """How well sentence and clause cover claim and clause: 1 is everything."""
    covered: float
    """Share of the claim that the sentence has."""


class Alignment:
    """A claim and the sentences nearest to it, in clauses."""

    def __init__(self, claim: str, evidence: Evidence) -> None:
        """Rows of tables are left out: they deny nothing."""
        nearest = dict.fromkeys((*evidence.texts, *evidence.near))
        self.sentences = [english.clauses(t) for t in nearest if not t.startswith("Table ")][:_LOOKED_AT]
        self._cited = sum(not t.startswith("Table ") for t in dict.fromkeys(evidence.texts))
        self.claim = chinese.pieces(claim)
        self.clauses = chinese.clauses(claim)
        self._weights: dict[int, float] = {}
        self._stems = [frozenset().union(*(c.stems for c in clauses)) for clauses in self.sentences]
        self._covered = [self.covered(self.claim, stems) for stems in self._stems]

    def is_cited(self, n: int) -> bool:
        """Is the sentence part of the evidence, and not only near it?"""
        return n < self._cited

    def weight(self, piece: Piece) -> float:
        """What finding this word is worth."""
        if piece.start not in self._weights:
            self._weights[piece.start] = self._weigh(piece)
        return self._weights[piece.start]

    def same_number(self, n: int) -> bool:
        """Has the sentence a number of the claim that is no small count?"""
        numbers = [p for p in self.claim if len(p.text) > 2 and p.text[0].isdigit()]
        return any(not p.stems.isdisjoint(self._stems[n]) for p in numbers)

    def says_all(self, pair: Pair) -> bool:
        """Has the English clause every word of the Chinese one?"""
        return self.covered(pair.zh.pieces, pair.en.stems) > 1 - 1e-6

    def _weigh(self, piece: Piece) -> float:
        if piece.is_name or piece.text[0].isdigit():
            return _NAME if len(piece.text) > (1 if piece.is_name else 2) else _HOLLOW
        if piece.text in HOLLOW:
            return _HOLLOW
        having = sum(not piece.stems.isdisjoint(stems) for stems in self._stems)
        return _COMMON if len(self._stems) > 3 and having > _OFTEN * len(self._stems) else 1.0

    def covered(self, pieces: Sequence[Piece], stems: frozenset[str]) -> float:
        """Share of the words that are among the stems, by weight."""
        had = total = 0.0
        for piece in pieces:
            weight = self.weight(piece)
            total += weight
            if not piece.stems.isdisjoint(stems):
                had += weight
        return had / total if total else 0.0

    def pairs(self, clause: chinese.Clause) -> Iterator[Pair]:
        """One clause of the claim with every clause of the paper's sentences."""
        for n, sentence in enumerate(self.sentences):
            whole = self._covered[n]
            for en in sentence:
                yield Pair(clause, en, n, (whole + self.covered(clause.pieces, en.stems)) / 2, whole)


def said(tokens: Iterable[english.Token], pieces: Iterable[Piece]) -> list[english.Token]:
    """Those of the tokens that the Chinese words stand for."""
    stems = frozenset().union(*(p.stems for p in pieces))
    return [t for t in tokens if t.stem in stems]


def heard(tokens: Iterable[english.Token], pieces: Iterable[Piece]) -> list[Piece]:
    """Those of the Chinese words that stand for the tokens."""
    stems = {t.stem for t in tokens}
    return [p for p in pieces if not p.stems.isdisjoint(stems)]
