"""Technical terms in Chinese that stand where the paper prints another one of the same kind: 多查询注意力 for MHA."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from agents.evidence.names import Naming
from agents.evidence.swaps import Swap, Word, clause_start, is_row, stems_of, words_of
from agents.evidence.swaps import covered as share

_DATA = Path(__file__).with_name("siblings.toml")
_ENOUGH = 0.6
"""Share of the words around the term that the sentence with the other term must have."""
_CLEARER = 0.25
"""By how much it must have more of them than any sentence with the claimed term."""
_PLAIN = 2
"""Other words that it must have."""
_TELLING = 4
"""Other words from which on a clause is looked at by itself; the whole claim otherwise."""


class Term(NamedTuple):
    """One term: its kind, a pattern for its English and how it is shown."""

    kind: str
    english: re.Pattern[str]
    shown: str


@cache
def _terms() -> dict[str, Term]:
    """Chinese form -> term."""
    sets: dict[str, list[list[str]]] = tomllib.loads(_DATA.read_text("utf-8"))["sets"]
    return {
        form: Term(kind, _pattern(english), chinese.split("|")[0])
        for kind, terms in sets.items()
        for chinese, english in terms
        for form in chinese.split("|")
    }


@cache
def _forms() -> re.Pattern[str]:
    """Any Chinese form, the longest first; abbreviations as whole words."""
    found = sorted(_terms(), key=len, reverse=True)
    return re.compile("|".join(rf"(?<![\w-]){f}(?![\w-])" if f.isascii() else re.escape(f) for f in found), re.A)


def _pattern(english: str) -> re.Pattern[str]:
    """Any of the English forms, as whole words."""
    forms = "|".join(re.escape(form).replace("\\ ", "[ -]?") for form in english.split("|"))
    return re.compile(rf"\b(?:{forms})s?\b", re.I)


def siblings(claim: str, texts: Sequence[str], near: Sequence[str], naming: Naming) -> list[Swap]:
    """Terms of the claim in whose place the nearest sentence of `texts` has another one of their kind."""
    said = [(m.start(), m.end(), _terms()[m.group()]) for m in _forms().finditer(claim)]
    words = [w for w in words_of(claim) if not (w.name and naming.base(w.name))]
    sentences = [t for t in texts if not is_row(t)]
    found = []
    for start, end, term in said:
        if not claim[start:end].isascii():
            others = [w for w in words if w.end <= start or w.start >= end]
            beside = [w for w in others if clause_start(claim, w.start) == clause_start(claim, start)]
            beside = beside if sum(not w.name for w in beside) >= _TELLING else others
            claimed = {t.shown for _, _, t in said}
            printed = _instead(term, claimed, beside, sentences, (*texts, *near))
            own = frozenset[str]().union(*(w.stems for w in words if w not in others))
            if printed and not (stems_of(printed) - own) <= frozenset[str]().union(*(w.stems for w in others)):
                found.append(Swap(claim[start:end], printed))
    return found


def _instead(term: Term, claimed: set[str], beside: Sequence[Word], texts: Sequence[str], every: Sequence[str]) -> str:
    """What the paper prints in its place; empty where that is not clear."""
    best = max(texts, key=lambda text: share(beside, text), default="")
    if not best or term.english.search(best) or share(beside, best) < _ENOUGH:
        return ""
    if sum(bool(w.stems & stems_of(best)) for w in beside if not w.name) < _PLAIN:
        return ""
    rest = max((share(beside, text) for text in every if term.english.search(text)), default=0.0)
    if share(beside, best) < rest + _CLEARER:
        return ""
    others = [t for t in _terms().values() if t.kind == term.kind and t.shown not in claimed]
    return next((match.group() for t in others if (match := t.english.search(best))), "")
