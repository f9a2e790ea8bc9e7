"""A name of the claim that the nearest sentence does not have, and the name that stands there in its place.

Looser than swaps about how much of a clause must be covered, stricter about where the claimed name may stand: the
sentence must be clearly nearer to the claim than any that has the name, and must have no word that could mean it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import log
from typing import NamedTuple

from agents.evidence.mentions import known, spoken, systems, trivial
from agents.evidence.names import ANYONES, PARTICULAR, Naming, flat
from agents.evidence.swaps import (
    PEOPLES,
    UNITS,
    Swap,
    Word,
    clause_start,
    is_row,
    listed,
    shortened,
    stands,
    stems_of,
    translated,
    words_of,
)
from core.words import stems

_ENOUGH = 0.4
"""Share of the claim's words, by rarity, that the sentence must have; and of those beside the name."""
_CLEARER = 0.2
"""By how much it must have more of them than any sentence with the claimed name."""
_UNLIKE = 0.5
"""The same where the other name does not look like one of the same kind."""
_AWAY = 0.6
"""Weight of words that stand in other clauses of the claim."""
_PLAIN = 2
"""Words that are no names it must have."""
_MANY = 2
"""More other names than this: nobody's place can be told."""
_LISTED = 0.25
"""Share that is enough where a name listed with the claimed one is listed with the other one."""
_KIND = (
    r"(?:data ?sets?|benchmarks?|models?|methods?|approach(?:es)?|frameworks?|systems?|algorithms?|architectures?|"
    r"tasks?|networks?|techniques?|strateg(?:y|ies)|tools?|librar(?:y|ies)|corp(?:us|ora)|settings?|one|ones|case)"
)
_THEY = re.compile(r"\b(?:it|its|they|their|them|both|this (?:is|was|has)|these (?:are|were|have))\b", re.I)
"""Means a name of another sentence where none of its own stands before it."""
_THIS = re.compile(
    rf"\b(?:(?:this|these|that|those|the(?: same| proposed| resulting)?) {_KIND}|the (?:former|latter)|same)\b",
    re.I,
)
"""What may mean a name of another sentence."""
_ASIDE_ZH = re.compile(r"[（(][^（()）]*[)）]")
_SYMBOL = re.compile(r"^[a-z][A-Z]\w?$|^[A-Z]\w?$|^(?:b?float|u?int|fp|bf|tf)\d+$", re.A)
"""sC2 in a formula; float32."""
_BEGINNING = re.compile(r"^[A-Z][a-z]+$")
_CONNECTING = frozenset(
    """
    although though however moreover furthermore therefore specifically notably additionally while whereas since because
    when after before during under unlike similarly finally first second here there thus hence overall also following
    """.split()
)
_LIST = re.compile(r"\W*(?:and|or|,|&|/|as well as|(?:, )?and the)?\W*", re.I)


class _Wanted(NamedTuple):
    """What a sentence must have besides the name."""

    words: tuple[Word, ...]
    weights: tuple[float, ...]
    beside: tuple[bool, ...]
    """In the clause of the name?"""

    def share(self, text: str, beside: bool = False) -> float:
        """Share of them, by weight, that the text has; of those beside the name only, if so wanted."""
        rows = [r for r in zip(self.words, self.weights, self.beside, strict=True) if r[2] or not beside]
        total = sum(weight for _, weight, _ in rows)
        offered = stems_of(text)
        had = (x for w, x, _ in rows if w.stems & offered or (w.name and known(w.name, text)))
        return sum(had) / total if total else 0.0


def displaced(claim: str, texts: Sequence[str], near: Sequence[str], naming: Naming) -> list[Swap]:
    """Names of the claim in whose place the nearest sentence has another. `near` counts as `texts` do."""
    words = words_of(claim)
    asides = [m.span() for m in _ASIDE_ZH.finditer(claim)]
    sentences = [spoken(shortened(t, naming)) if not is_row(t) else t for t in dict.fromkeys((*texts, *near))]
    found = []
    for word in words:
        aside = any(start < word.start < end for start, end in asides)
        if not word.name or aside or "@" in word.name or trivial(word.name) or naming.base(word.name):
            continue
        if not naming.has(word.name):
            # nothing can stand in the place of a name the paper does not know
            continue
        if printed := _instead(word, words, claim, sentences, naming):
            found.append(Swap(word.name, printed, _alike(word.name, printed)))
    return found


def _instead(word: Word, words: Sequence[Word], claim: str, sentences: Sequence[str], naming: Naming) -> str:
    wanted = _wanted(word, words, claim, naming)
    having = [s for s in sentences if stands(word.name, s, naming)]
    scored = [
        (wanted.share(s) + wanted.share(s, beside=True), s) for s in sentences if s not in having and not is_row(s)
    ]
    highest = max((score for score, _ in scored), default=0.0)
    equal = [s for score, s in scored if score == highest]
    best = next((s for s in equal if _rivals(s, word, claim, naming)), "")
    rest = max(map(wanted.share, having), default=0.0)
    if not best or wanted.share(best) < rest + _CLEARER or _THIS.search(best):
        return ""
    numbers = [w for w in wanted.words if not w.name and "." in claim[w.start : w.end]]
    if numbers and not any(w.stems & stems_of(best) for w in numbers):
        return ""
    rivals = _rivals(best, word, claim, naming)
    if _THEY.search(best[: min(map(best.find, rivals))]):
        return ""
    partners = [w for w in words if w.name and w is not word and listed(claim, w, word) and known(w.name, best)]
    beside = next((r for r in rivals for p in partners if _listed_in(best, r, p.name)), "")
    if beside and wanted.share(best) >= _LISTED:
        return beside
    plain = [w for w in wanted.words if not w.name and w.stems & stems_of(best)]
    if not 0 < len(rivals) <= _MANY or len(plain) < _PLAIN:
        return ""
    rival = min(rivals, key=lambda r: _distance(best, r, plain))
    least = _ENOUGH if _alike(word.name, rival) else _UNLIKE
    return rival if min(wanted.share(best), wanted.share(best, beside=True)) >= least else ""


def _wanted(word: Word, words: Sequence[Word], claim: str, naming: Naming) -> _Wanted:
    others = tuple(w for w in words if w is not word and not (w.name and naming.base(w.name)))
    clause = clause_start(claim, word.start)
    beside = tuple(clause_start(claim, w.start) == clause for w in others)
    weights = (_rarity(w, naming) * (1 if b else _AWAY) for w, b in zip(others, beside, strict=True))
    return _Wanted(others, tuple(weights), beside)


@lru_cache(maxsize=16)
def _counts(words: str) -> Counter[str]:
    """How often each stem stands in the paper."""
    return Counter({stem: n for word, n in Counter(words.split()).items() for stem in stems(word)})


def _rarity(word: Word, naming: Naming) -> float:
    counts = _counts(naming.words)
    if not counts:
        return 1.0
    found = [counts[stem] for stem in (stems_of(word.name) if word.name else word.stems)] or [0]
    return log(1 + (1 + counts.total()) / (8 + (min(found) if word.name else max(found))))


def _rivals(text: str, word: Word, claim: str, naming: Naming) -> list[str]:
    return [r for r in dict.fromkeys(systems(text, naming)) if _is_rival(r, text, word, claim, naming)]


def _is_rival(rival: str, text: str, word: Word, claim: str, naming: Naming) -> bool:
    """Could this name of the sentence be what the claim should have said?"""
    a, b = flat(rival).removesuffix("s"), flat(word.name)
    if _SYMBOL.match(rival) or re.search(rf"{re.escape(rival)} ?=|= ?{re.escape(rival)}\b", text):
        return False
    if a in b or b in a or rival.lower() in PEOPLES or rival in UNITS or known(rival, claim):
        return False
    if a in ANYONES - PARTICULAR or naming.base(rival):
        return False
    if _BEGINNING.match(rival) and (text.lstrip(" •–-").startswith(rival) or rival.lower() in _CONNECTING):
        return naming.words.count(f" {rival.lower()} ") > 1 and rival.lower() not in _CONNECTING
    return not translated(rival, claim, naming)


def _alike(a: str, b: str) -> bool:
    """Of one family (Switch-C, Switch-XXL), or both with a number in them, or neither?"""
    family = flat(a)[:3] == flat(b)[:3]
    return family or any(c.isdigit() for c in a) == any(c.isdigit() for c in b)


def _listed_in(text: str, a: str, b: str) -> bool:
    """Nothing but a comma or and between the two names?"""
    places = sorted((text.find(n), n) for n in (a, b))
    return places[0][0] >= 0 and _LIST.fullmatch(text[places[0][0] + len(places[0][1]) : places[1][0]]) is not None


def _distance(text: str, rival: str, plain: Sequence[Word]) -> float:
    """How far the name stands from the words that the claim shares, on average."""
    at = text.find(rival)
    places = [m.start() for m in re.finditer(r"[A-Za-z]+", text) if any(stems_of(m.group()) & w.stems for w in plain)]
    return min((abs(p - at) for p in places), default=len(text))
