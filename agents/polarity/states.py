"""One pole said of one thing (稀疏注意力, 降低延迟): does the English say the other pole of the same thing?"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from agents.evidence.units import Piece
from agents.polarity.chinese import CHANGES, Said
from agents.polarity.english import English, Token
from agents.polarity.poles import good, reading

_REACH = 6.0
"""How far a pole may stand from what it is said of."""
_CLEAR = 4.0
"""How much farther away the same pole must be, for the other one to count."""
_BESIDE = 4.0
"""How near a word of the clause must stand to the opposite pole, where the thing itself is not clear."""
_COVERED = 0.5
"""Share of a clause's words that the English sentence has."""
_WELL_COVERED = 0.7
"""The same, where it is not clear what the pole is said of."""
_AS_GOOD = 0.8
"""From this share of the best sentence's on, another one is as near."""
_ADJECTIVES = frozenset("higher larger greater bigger lower smaller fewer better worse superior inferior".split())
_AT_ONCE = 3.0
_IS = re.compile(r"\b(?:is|are|was|were|be|been|becom\w+|became|gets?|got|remain\w*|stays?|grow\w*|grew)\b")
_OBJECT = re.compile(r"\b(?:than|compared (?:to|with)|relative to|over|versus)(?:\s+[\w-]+){0,2}\s+$")
"""Before what is compared with, of which the other pole is said."""
_SWALLOWS = frozenset(
    "loss drop degrad declin error gap cost penalti overhead budget requir time reduct increas".split()
)
"""Behind a noun, these are what is said to rise or fall: accuracy loss."""


class Reversal(NamedTuple):
    """The English that says the opposite, and the Chinese."""

    theirs: str
    ours: str
    where: str


class _Hit(NamedTuple):
    gap: float
    kind: int
    """0 own pole, 1 opposite, 2 perhaps own or denied."""
    text: str


def reversal(
    said: Said, texts: Sequence[English], near: Sequence[English] = (), own: frozenset[str] = frozenset()
) -> Reversal | None:
    """The opposite pole, where a sentence about the clause says it of the thing and none says the same pole of it.

    `texts`: sentences the claim stands on; `near`: others on the subject. `own`: stems of the paper's own names.
    """
    first, least = _aligned(said, texts, own)
    others, _ = _aligned(said, near, own)
    as_near, _ = _aligned(said, near, own, least)
    for piece in said.about:
        verdicts = [v for sentence in first if (v := _verdict(said, piece, sentence))]
        more = [v for sentence in (as_near if verdicts else others) if (v := _verdict(said, piece, sentence))]
        if any(v.kind == 0 for v in (*verdicts, *more)):
            return None
        decisive = verdicts or more
        if decisive and all(v.kind == 1 for v in decisive):
            return Reversal(decisive[0].text, said.pole.text, said.clause)
        if decisive:
            return None
    return _loosely(said, first, [*texts, *others], own)


def same_rule(said: Said, reversal: Reversal, sentences: Iterable[English]) -> bool:
    """Is another pole of a rule (越大越慢) reversed too, so that the rule is the same? The one found does not count."""
    opposite = reading(said.pole.meanings, "").opposite
    found = (m.group() for s in sentences if reversal.theirs in s.text for p in opposite for m in p.finditer(s.text))
    return any(word != reversal.theirs for word in found)


def _loosely(said: Said, near: Sequence[English], others: Iterable[English], own: frozenset[str]) -> Reversal | None:
    """Where it is not clear what the pole is said of: no trace of it in any sentence, but of the opposite beside a
    word of the clause in a sentence near to it."""
    read = reading(said.pole.meanings, "")
    if any(p.search(sentence.text) for sentence in others for p in (*read.own, *read.near)):
        return None
    words = [p for p in said.pieces if not (p.is_name and p.stems & own)]
    for sentence in near[:1]:
        if covered(words, sentence.stems) < _WELL_COVERED or len(words) < 2:
            return None
        for match in (m for p in read.opposite for m in p.finditer(sentence.text)):
            place = sentence.place(match.start())
            beside = {t.stem for t in sentence.tokens if abs(t.place - place) <= _BESIDE and t.place != place}
            if not sentence.denied(match.start()) and any(piece.stems & beside for piece in said.pieces):
                return Reversal(match.group(), said.pole.text, said.clause)
    return None


def _aligned(
    said: Said, sentences: Sequence[English], own: frozenset[str], least: float = _COVERED
) -> tuple[list[English], float]:
    """Sentences that have enough of the clause's words and all of its names, but for the paper's own; the best share.

    Where the clause compares with something, sentences that name it are left to agents.polarity.roles.
    """
    pieces = [p for p in said.pieces if not (p.is_name and p.stems & own) and p not in said.against]
    names = [p.stems for p in pieces if p.is_name]
    scored = [
        (max(covered(pieces, s.stems), _COVERED * _names_it(said, s)), s)
        for s in sentences
        if all(n & s.stems for n in names) and not any(p.stems & s.stems for p in said.against)
    ]
    best = max((score for score, _ in scored), default=0.0)
    return [s for score, s in scored if score >= max(least, _AS_GOOD * best)], max(best, _COVERED)


def _names_it(said: Said, sentence: English) -> bool:
    """Does it name what the pole is said of by the same two words?"""
    for piece in said.about:
        if closer := said.named_more_closely(piece):
            for one, two in pairwise(sentence.tokens):
                if one.stem in closer.stems and two.stem in piece.stems:
                    return True
    return False


def covered(pieces: Iterable[Piece], stems: frozenset[str]) -> float:
    """Share of the pieces that stand in a sentence."""
    shares = [bool(piece.stems & stems) for piece in pieces]
    return sum(shares) / len(shares) if shares else 0.0


def _verdict(said: Said, piece: Piece, sentence: English) -> _Hit | None:
    """What the sentence says of the thing; None where it says nothing of either pole of it."""
    read = reading(said.pole.meanings, good(piece.stems))
    marks = [(m, 0) for pattern in read.own for m in pattern.finditer(sentence.text)]
    strict = [(m, 1) for pattern in read.opposite for m in pattern.finditer(sentence.text)]
    taken = {m.start() for m, _ in marks}
    strict = [(m, 1) for m, _ in strict if m.start() not in taken]
    if not strict:
        return _nearest(said, piece, sentence, marks)
    taken |= {m.start() for m, _ in strict}
    loose = [(m, 2) for pattern in read.near for m in pattern.finditer(sentence.text) if m.start() not in taken]
    changes = any(name in CHANGES for name, _ in said.pole.meanings)
    if (marks or loose) and not changes:
        return _Hit(0, 2, "")
    return _nearest(said, piece, sentence, [*marks, *strict, *loose])


def _nearest(said: Said, piece: Piece, sentence: English, marks: list[tuple[re.Match[str], int]]) -> _Hit | None:
    closer = said.named_more_closely(piece)
    best: _Hit | None = None
    for n, token in enumerate(sentence.tokens):
        if token.stem not in piece.stems or any(m.start() <= token.start < m.end() for m, _ in marks):
            continue
        if closer and _elsewhere(closer, sentence, token):
            continue
        behind = sentence.tokens[n + 1].stem if n + 1 < len(sentence.tokens) else ""
        hits = sorted(_hit(sentence, m, kind, token) for m, kind in marks)
        if not hits or hits[0].gap > _REACH:
            continue
        hit = hits[0]
        rivals = any(h.kind != 1 and h.gap <= hit.gap + _CLEAR for h in hits)
        if hit.kind == 1 and (rivals or behind in _SWALLOWS - piece.stems):
            hit = hit._replace(kind=2)
        if best is None or hit.kind != 1:
            best = hit
    return best


def _elsewhere(word: Piece, sentence: English, token: Token) -> bool:
    """Does the word stand in the sentence, but nowhere near the token? Then another thing of that kind is meant."""
    gaps = [abs(t.place - token.place) for t in sentence.tokens if t.stem in word.stems]
    return bool(gaps) and min(gaps) > _REACH


def _hit(sentence: English, mark: re.Match[str], kind: int, token: Token) -> _Hit:
    """How near a pole stands to a word. An adjective (lower) speaks of what follows, or of what it is said to be."""
    gap = abs(sentence.place(mark.start()) - token.place)
    if kind == 1 and _OBJECT.search(sentence.text, 0, token.start):
        return _Hit(gap, 2, mark.group())
    if kind < 2 and mark.group().lower() in _ADJECTIVES:
        behind = token.start > mark.start()
        if not (gap <= _AT_ONCE if behind else _IS.search(sentence.text, token.end, mark.start())):
            return _Hit(gap + _REACH, 2, mark.group())
    return _Hit(gap, 2 if kind == 1 and sentence.denied(mark.start()) else kind, mark.group())
