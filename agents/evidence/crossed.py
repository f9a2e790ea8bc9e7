"""Two things of which the claim says what the paper says of the other: A is fast, B is small, where B is fast.

The claim's two clauses are laid beside two stretches of the paper that stand side by side. Each word that only one of
the stretches has votes for it. Where both clauses begin in one stretch and end in the other one, crosswise, the things
changed places; where some way of cutting the paper's words lets each clause stand in a stretch of its own, they
did not.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, permutations
from typing import NamedTuple

from agents.evidence.gather import states
from agents.evidence.mentions import known, spoken
from agents.evidence.names import Naming
from agents.evidence.swaps import Word, is_row, shortened, stems_of, words_of
from agents.evidence.units import units
from agents.quantities.model import Quantity

_BORDER_ZH = re.compile(r"[，。；：！？;]|,(?!\d)|而(?!且|非|是)|但是?|不过|然而")
_LIST_ZH = re.compile(r"和|与|、|以及|及")
_EACH_ZH = re.compile(r"分别|依次|各自")
_SPLIT = re.compile(r"[;,:]\s|\b(?:and|while|whereas|but|or)\b|\(\d\)|•")
_EACH = re.compile(r"\brespectively\b", re.I)
_SET_APART_ZH = re.compile(r"；|[则却]|反之|相反|与此相对|相比之下|而(?!且|是|非)")
_GOES_ON_ZH = re.compile(
    r"^(?:因此|所以|从而|因为|由于|并|还|也|其中|结果|这|该|其|它|但|可|仅|只|约|就|即|最终|最后|随后|然后|再|又|改|以便?|用)"
)
"""A clause that begins so has its subject from the one before."""
_PARALLEL = 8
"""Characters at the beginning of two clauses in which a word that they share makes them parallel."""
_GAP = 3
"""Characters between two sentences that stand side by side."""
_ASIDE = re.compile(r"\((?!\d\)|e\.g|i\.e)[^()]{8,}\)")
_MANY = re.compile(r"[a-z)\d]\. +[A-Z][a-z]+ .*[a-z)\d]\. +[A-Z]")
"""Three sentences or more."""
_LEAST = 4
"""Votes that a crossing must have."""
_CLEARER = 2
"""By how many more votes than for any way of each clause standing by itself."""
_TEXTS = 5
"""Statements of the paper that are laid beside the claim."""


class Crossed(NamedTuple):
    """The two things, in words of the claim."""

    first: str
    second: str


class _Vote(NamedTuple):
    """A word of the claim, or a quantity."""

    start: int
    end: int
    word: Word | None
    quantity: Quantity | None

    def within(self, text: str, longer: Sequence[str]) -> int:
        """How much of it the text has: a name and a quantity wholly or not, of a Chinese word as many English ones.
        `longer`: names of the claim of which this one is only a part."""
        if self.quantity is not None:
            return states(self.quantity, text)
        if self.word is None:
            return 0
        if not self.word.name:
            return len(self.word.stems & stems_of(text))
        for name in longer:
            text = re.sub(re.escape(name), " ", text, flags=re.I)
        return known(self.word.name, text)


def crossed(claim: str, texts: Sequence[str], near: Sequence[str], context: str, naming: Naming) -> Crossed | None:
    """The two things that changed places; None where none did. `context`: the passages that the texts are from."""
    # of a whole text nobody has said which of its sentences the claim is about
    sentences = [t for t in (*texts, *near)[:_TEXTS] if not is_row(t) and not _MANY.search(t)]
    stretches = [
        _read_out(stretch, naming)
        for stretch in (*(s for t in sentences for s in _halves(_ASIDE.sub(" ", t))), *_neighbours(sentences, context))
    ]
    votes = _votes(claim)
    names = [v.word.name for v in votes if v.word and v.word.name]
    longer = {n: [m for m in names if m != n and n.lower() in m.lower()] for n in names}
    for one, other in _pairs(claim, votes):
        found = [_read(one, other, left, right, longer) for left, right in stretches]
        if found and max(found) >= _LEAST and max(found) >= _CLEARER - min(found):
            return Crossed(_words(claim, one), _words(claim, other))
    return None


def _read_out(stretch: tuple[str, str], naming: Naming) -> tuple[str, str]:
    """Both without citations and asides, with short names."""
    left, right = (_ASIDE.sub(" ", spoken(shortened(text, naming))) for text in stretch)
    return left, right


def _votes(claim: str) -> list[_Vote]:
    plain = [_Vote(w.start, w.end, w, None) for w in words_of(claim) if w.name or not _is_number(w)]
    counted = [_Vote(q.start, q.end, None, q) for q in units(claim).quantities if not q.grammatical]
    return sorted(plain + counted, key=lambda v: v.start)


def _is_number(word: Word) -> bool:
    return len(word.stems) == 1 and next(iter(word.stems)).replace(".", "").isdigit()


def _pairs(claim: str, votes: Sequence[_Vote]) -> Iterator[tuple[list[_Vote], list[_Vote]]]:
    """Clauses two by two, each by its words; and the two halves of A 和 B 分别为 a 和 b."""
    borders = [0, *(m.end() for m in _BORDER_ZH.finditer(claim)), len(claim)]
    clauses = [[v for v in votes if a <= v.start < b] for a, b in pairwise(borders)]
    starts = {id(c): start for c, start in zip(clauses, borders, strict=False)}
    for one, other in combinations([c for c in clauses if len(c) > 1], 2):
        if _are_parallel(claim, (one, starts[id(one)]), (other, starts[id(other)])):
            yield one, other
    each = _EACH_ZH.search(claim)
    if not each:
        return
    before = list(_LIST_ZH.finditer(claim, 0, each.start()))
    after = list(_LIST_ZH.finditer(claim, each.end()))
    if len(before) == len(after) == 1:
        sides = [_around(votes, m.start(), m.end()) for m in (before[0], after[0])]
        if all(left and right for left, right in sides):
            (a, b), (x, y) = sides
            yield [*a, *x], [*b, *y]


def _around(votes: Sequence[_Vote], start: int, end: int) -> tuple[list[_Vote], list[_Vote]]:
    """The last of them before, the first behind."""
    return [v for v in votes if v.end <= start][-1:], [v for v in votes if v.start >= end][:1]


def _are_parallel(claim: str, one: tuple[list[_Vote], int], other: tuple[list[_Vote], int]) -> bool:
    """Do two clauses (words, where it begins) speak of two things side by side?"""
    kinds = [bool(v.word and v.word.name) for v in (one[0][0], other[0][0])]
    if kinds[0] != kinds[1] or _GOES_ON_ZH.match(claim[other[1] :]):
        return False
    if kinds[0] or _SET_APART_ZH.search(claim, one[1]):
        return True
    heads = [{claim[v.start : v.end] for v in votes if v.end <= start + _PARALLEL} for votes, start in (one, other)]
    return bool(heads[0] & heads[1])


def _halves(text: str) -> Iterator[tuple[str, str]]:
    """One sentence in two, at any border."""
    if not _EACH.search(text):
        yield from ((text[: m.start()], text[m.end() :]) for m in _SPLIT.finditer(text))


def _neighbours(sentences: Sequence[str], context: str) -> Iterator[tuple[str, str]]:
    """Sentences of which one follows the other."""
    for a, b in permutations(sentences, 2):
        start, end = context.find(b), context.find(a) + len(a)
        if start >= 0 and end >= len(a) and 0 <= start - end <= _GAP:
            yield a, b


def _read(one: Sequence[_Vote], other: Sequence[_Vote], left: str, right: str, longer: dict[str, list[str]]) -> int:
    """Number of votes for the two things having changed places; below zero for each clause standing by itself; 0 where
    neither is clear."""
    said = [_marks(clause, left, right, longer) for clause in (one, other)]
    if not all(said):
        return 0
    if set(said[0]) != set(said[1]) and all(len(set(s)) == 1 for s in said):
        return -len(said[0]) - len(said[1])
    turns = [re.fullmatch(r"(L+)(R+)|(R+)(L+)", s) for s in said]
    if all(turns) and said[0][0] != said[1][0]:
        return len(said[0]) + len(said[1])
    return 0


def _marks(clause: Sequence[_Vote], left: str, right: str, longer: dict[str, list[str]]) -> str:
    """L for each word that the left stretch has (more of), R for the right one."""
    marks = ""
    for vote in clause:
        more = longer.get(vote.word.name, []) if vote.word else []
        there, here = vote.within(left, more), vote.within(right, more)
        marks += "L" if there > here else "R" if here > there else ""
    return marks


def _words(claim: str, clause: Sequence[_Vote]) -> str:
    """The name with which the clause begins, or its words."""
    word = clause[0].word
    alone = (word is not None and word.name) or _EACH_ZH.search(claim)
    return claim[clause[0].start : clause[0 if alone else -1].end]
