"""How far a paper speaks of what a claim says at all: by its nearest statement, by the best passage, by its words.

A claim that was made up has some words of its paper, for it is about the same things, but nowhere many together.
"""

from agents.evidence.gather import value_of
from agents.evidence.statements import PaperText
from agents.evidence.units import Piece, units

_NOWHERE = 0.5
"""What each share of the words that stand nowhere in the paper takes away."""
_SLIPS = 1
"""So many words may be nowhere: the lexicon has not every way of saying things."""
_PLAIN = 3
"""Fewer words than this cannot be judged so."""


def support(claim: str, covered: float, paper: PaperText) -> float:
    """0 to 1: the mean of the share that the nearest statement has (`covered`) and that the best passage has, less for
    words that are nowhere. 1 for a claim of very few words, which cannot be judged so."""
    pieces = _telling(claim)
    if len(pieces) < _PLAIN:
        return 1.0
    highest = paper.rarity("")
    weights = [value_of(piece, paper, highest) for piece in pieces]
    having: dict[str, float] = {}
    for piece, value in zip(pieces, weights, strict=True):
        for passage in {paper.statements[n].passage.id for stem in _stems(piece) for n in paper.having.get(stem, ())}:
            having[passage] = having.get(passage, 0.0) + value
    together = max(having.values(), default=0.0) / (sum(weights) or 1.0)
    nowhere = sum(not any(stem in paper.having for stem in _stems(piece)) for piece in pieces)
    return max(0.0, (covered + together) / 2 - _NOWHERE * max(0, nowhere - _SLIPS) / len(pieces))


def _telling(claim: str) -> list[Piece]:
    """The words and names of a claim; not what belongs to its numbers (671B, 256 块), which the statement's own share
    is about."""
    wanted = units(claim)
    counted = [range(q.start, q.end + 2) for q in wanted.quantities]

    def is_telling(piece: Piece) -> bool:
        short = len(piece.text) == 1
        return not short or not (piece.is_name or any(piece.start in span for span in counted))

    return [piece for piece in wanted.pieces if is_telling(piece)]


def _stems(piece: Piece) -> frozenset[str]:
    """Those of the piece; of a name (GPU) its plural as well, which no stemmer knows."""
    return piece.stems | {f"{stem}s" for stem in piece.stems} if piece.is_name else piece.stems
