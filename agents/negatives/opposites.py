"""Opposites: 一致 against "differ", 启用 against "disabled". Which end each side names, negatives counted in."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from agents.negatives import chinese, english
from agents.negatives.align import HOLLOW, LATER, Alignment, Pair
from agents.negatives.vocabulary import Scale, scales, stem_of

_ENOUGH, _MOST = 0.35, 0.6
"""Share of the clause that both must have: where two words or more are shared, and where one is."""
_REACH = 3
"""Words between a negative and what it turns round."""
_DEGREE = re.compile(r"\b(?:least|less|more|most|too|very|partly|partially)\s+$", re.I)
_PLAIN = re.compile(r"(?:\w+ )?(?:not|no|never|without|cannot)\b|\w*n['’]t\b", re.I)
"""Negatives that turn a word into its opposite."""


class Opposed(NamedTuple):
    """The two sides name opposite ends."""

    is_denied: bool
    """Does the paper name the denied end?"""
    english: str
    chinese: str
    fit: float


class _End(NamedTuple):
    is_denied: bool
    words: str


@cache
def _chinese(scale: Scale) -> re.Pattern[str]:
    longest = sorted((*scale.affirmed, *scale.denied), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest)))


@cache
def _english(scale: Scale) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(scale.english | scale.opposite, key=len, reverse=True))})\b", re.I)


def opposed(alignment: Alignment) -> Opposed | None:
    """Where clauses that fit each other name opposite ends and none that fits as well agrees; the best fitting one."""
    found: list[Opposed] = []
    for scale in scales():
        named = [(clause, end) for clause in alignment.clauses if (end := _chinese_end(clause, scale))]
        if len({end.is_denied for _, end in named}) != 1:
            continue
        for clause, mine in named:
            others = [
                (pair, end)
                for pair in alignment.pairs(clause)
                for end in _english_ends(pair.en, scale)
                if _same_things(pair, scale, alignment)
            ]
            agreeing = max((pair.fit for pair, end in others if end.is_denied == mine.is_denied), default=0.0)
            found += [
                Opposed(end.is_denied, end.words, mine.words, pair.fit)
                for pair, end in others
                if end.is_denied != mine.is_denied and 0.8 * pair.fit > agreeing
            ]
    return max(found, key=lambda o: o.fit, default=None)


def _chinese_end(clause: chinese.Clause, scale: Scale) -> _End | None:
    """The end a clause of the claim names; None where it names none, or more than can be told apart."""
    found = list(_chinese(scale).finditer(clause.text))
    if len(found) != 1 or len(clause.denials) > 1 or LATER.search(clause.text):
        return None
    word, at = found[0].group(), clause.start + found[0].start()
    before = [d for d in clause.denials if d.start + len(d.text) <= at]
    inside = [d for d in clause.denials if at < d.start + len(d.text) and d.start < at + len(word)]
    if len(before) + len(inside) != len(clause.denials):
        return None
    if before and at - before[0].start - len(before[0].text) > _REACH:
        return None
    is_denied = (word in scale.denied) != bool(before)
    start = before[0].start - clause.start if before else found[0].start()
    return _End(is_denied, clause.text[start : found[0].end()])


def _english_ends(clause: english.Clause, scale: Scale) -> Iterator[_End]:
    """The end an English clause names, if it names one and only once."""
    found = list(_english(scale).finditer(clause.text))
    if len(found) != 1:
        return
    match = found[0]
    if _DEGREE.search(clause.text[: match.start()]):
        return
    first, last = clause.start + match.start(), clause.start + match.end()
    denials = [d for d in clause.denials if d.end <= first or d.start >= last]
    if len(denials) > 1:
        return
    turned = False
    shown = match.start()
    for denial in denials:
        between = clause.text[denial.end - clause.start : match.start()]
        if denial.end - clause.start > match.end() or len(between.split()) > _REACH:
            return
        if denial.start - clause.start < match.start():
            if not _PLAIN.match(denial.words):
                return
            turned, shown = True, denial.start - clause.start
    is_denied = (match.group().lower() in scale.opposite) != turned
    yield _End(is_denied, " ".join(clause.text[shown : match.end() + 60].split()[:8]).strip(" ,.;:()"))


def _same_things(pair: Pair, scale: Scale, alignment: Alignment) -> bool:
    """Are the clauses about the same things, apart from the words of the scale?"""
    ends = {stem_of(word) for word in scale.english | scale.opposite}
    others = [p for p in pair.zh.pieces if p.stems.isdisjoint(ends) and p.text not in HOLLOW]
    shared = [p for p in others if not p.stems.isdisjoint(pair.en.stems)]
    enough = _ENOUGH if len(shared) > 1 else _MOST
    return bool(shared) and alignment.covered(others, pair.en.stems) >= enough and pair.covered >= _ENOUGH
