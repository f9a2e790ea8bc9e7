"""Which rows and columns of a paper's tables a Chinese claim names."""

import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agents.checks import Evidence
from agents.evidence.units import shipped
from agents.tables.labels import GROUP, Axis, Named, Part, read, whole
from core.words import stem, stems

_LATIN = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?")
_WITHIN = re.compile(r"[\s\-_/@&'’+*.()（）\[\]:#=·]{0,3}")
"""What may stand between two words of one name."""
_GLUE = re.compile(r"[-_@]?")
_BESIDE = re.compile(r"[^，。；：、！？,;比和与]{0,2}")
_GLUED_NAME = 5
"""Letters a name has at least where the table prints more behind it without a space (RuleRectwo)."""
_FREE = frozenset("token gpu model k m b api epoch step prompt batch llm".split())
"""Words in Latin letters that are part of Chinese sentences and need not stand in the table."""
_SIZES = frozenset("bmk")
"""Letters behind a number that make it the size of a model."""
_PAPERS = 16


class Token(NamedTuple):
    """A word of the claim: in Latin letters or digits, or a Chinese one with its English stems."""

    start: int
    end: int
    stems: frozenset[str]
    latin: bool


class Entity(NamedTuple):
    """Something the claim names, and the lines of an axis that may be meant; one line where there is no doubt."""

    start: int
    end: int
    """Of the words that tell it from the others on its axis."""
    lines: frozenset[int]
    sure: bool
    """Named in full, or by a name in Latin letters; not by one Chinese word that is part of a longer heading."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a claim names in one table."""

    named: Named
    rows: tuple[Entity, ...]
    columns: tuple[Entity, ...]
    covered: int
    """Words of the claim that stand in the names found or in the caption."""
    missed: int
    """Names of the claim that stand nowhere in or above the table."""

    def values_in(self) -> tuple[int, ...]:
        """The columns that the claim speaks of: those it names, or the only one there is."""
        meant = frozenset().union(*(e.lines for e in self.columns)) if self.columns else frozenset(self.named.columns)
        return tuple(sorted(meant)) if self.columns or len(self.named.columns) == 1 else ()


class _Found(NamedTuple):
    part: Part
    tokens: frozenset[int]
    matched: frozenset[str]

    @property
    def missing(self) -> int:
        return len(self.part.required - self.matched)


class _Memory:
    """Tables read and claims located, the last ones; keyed by identity, because hashing whole tables takes long."""

    def __init__(self) -> None:
        self._read: OrderedDict[int, tuple[object, tuple[Named, ...]]] = OrderedDict()
        self._places: OrderedDict[tuple[str, int], tuple[object, tuple[Place, ...]]] = OrderedDict()

    def names(self, evidence: Evidence) -> tuple[Named, ...]:
        known = self._read.get(id(evidence.tables))
        if known is None or known[0] is not evidence.tables:
            known = (evidence.tables, tuple(read(t, evidence.naming) for t in evidence.tables))
            self._read[id(evidence.tables)] = known
            if len(self._read) > _PAPERS:
                self._read.popitem(last=False)
        return known[1]

    def places(self, claim: str, evidence: Evidence) -> tuple[Place, ...]:
        key = (claim, id(evidence.tables))
        known = self._places.get(key)
        if known is None or known[0] is not evidence.tables:
            known = (evidence.tables, _places(claim, self.names(evidence), evidence))
            self._places[key] = known
            if len(self._places) > 4 * _PAPERS:
                self._places.popitem(last=False)
        return known[1]


_MEMORY = _Memory()


def places(claim: str, evidence: Evidence) -> tuple[Place, ...]:
    """The tables in which the claim names a row or a column, the best first."""
    return _MEMORY.places(claim, evidence) if evidence.tables else ()


def meant(claim: str, evidence: Evidence) -> list[Place]:
    """Of the tables that have all names of the claim those that are quoted, or else those that have most of it."""
    known = [p for p in places(claim, evidence) if not p.missed]
    most = max((p.covered for p in known), default=0)
    quoted = [p for p in known if p.covered >= most - 1 and _is_quoted(p.named, evidence)]
    return quoted or [p for p in known if p.covered == most]


def _is_quoted(named: Named, evidence: Evidence) -> bool:
    label = named.table.label
    return bool(label) and any(text.startswith(f"{label} ·") for text in evidence.texts)


def tokens(claim: str) -> list[Token]:
    """The words of a claim that may name something, in order."""
    found = [Token(m.start(), m.end(), frozenset([whole(stem(m.group()))]), True) for m in _LATIN.finditer(claim)]
    found += [Token(w.start, w.end, w.stems, False) for w in shipped().cut(claim)]
    return sorted(found)


def _places(claim: str, tables: Sequence[Named], evidence: Evidence) -> tuple[Place, ...]:
    words = tokens(claim)
    own = frozenset(s for name in evidence.naming.own for s in stems(name))
    found = []
    for table in tables:
        names = list(_names(claim, words, table))
        if names:
            found.append(_place(claim, words, table, names, own))
    return tuple(sorted(found, key=lambda p: (p.missed, -p.covered)))


def _place(claim: str, words: Sequence[Token], table: Named, names: Sequence[_Found], own: frozenset[str]) -> Place:
    covered = {n for name in names for n in name.tokens}
    covered |= {n for n, w in enumerate(words) if w.stems & table.around}
    missed = sum(
        n not in covered and not w.stems & (own | _FREE) and _is_name(claim, words, n) for n, w in enumerate(words)
    )
    rows, columns = (tuple(_entities(words, [f for f in names if f.part.axis == axis])) for axis in ("row", "column"))
    return Place(table, rows, columns, len(covered), missed)


def _is_name(claim: str, words: Sequence[Token], n: int) -> bool:
    """Must the table know this word? Of numbers those that belong to a name: V2, 67B, AIME 2024."""
    word = words[n]
    printed = claim[word.start : word.end]
    if not word.latin or not printed[0].isdigit():
        return word.latin
    if claim[word.end : word.end + 1] in ("B", "M"):
        return True
    before = claim[max(0, word.start - 2) : word.start]
    return bool(re.search(r"[A-Za-z][-_@.]?$", before)) or (
        len(printed) == 4 and bool(re.search(r"[A-Za-z] $", before))
    )


def _names(claim: str, words: Sequence[Token], table: Named) -> Iterator[_Found]:
    """The table's names that stand in the claim; of overlapping ones those that cover most of it."""
    near = _candidates(claim, words, table)
    found = [f for part in near for f in _occurrences(claim, words, part)]
    found = [f for f in found if not any(f.tokens < other.tokens for other in found)]
    found.sort(key=lambda f: -len(f.tokens))
    for f in found:
        rivals = [o for o in found if o.tokens & f.tokens and o.part.axis == f.part.axis]
        least = min((o.missing, -len(o.matched)) for o in rivals if len(o.tokens) >= len(f.tokens))
        longest = max(len(o.tokens) for o in rivals)
        if len(f.tokens) == longest and (f.missing, -len(f.matched)) == least:
            yield f


def _candidates(claim: str, words: Sequence[Token], table: Named) -> list[Part]:
    """The parts that share a word with the claim, in the order of the table."""
    ours = frozenset(s for word in words for s in word.stems)
    meant = {v for v in table.having if v in ours}
    for word in words:
        if _is_long_name(claim, word):
            meant |= {v for v in table.having if v.startswith(claim[word.start : word.end].lower())}
    meant |= {c for c in table.cut if any(s.startswith(c) for s in ours)}
    numbers = sorted({n for v in meant for n in table.having[v]})
    return [table.parts[n] for n in numbers]


def _is_long_name(claim: str, word: Token) -> bool:
    """A name with capitals inside, behind which a table may print more without a space (RuleRectwo)."""
    printed = claim[word.start : word.end]
    return word.latin and len(printed) >= _GLUED_NAME and printed[1:] != printed[1:].lower()


def _occurrences(claim: str, words: Sequence[Token], part: Part) -> Iterator[_Found]:
    group: list[int] = []
    matched: set[str] = set()
    for n, word in enumerate(words):
        fits = _matching(claim, word, part)
        if not fits:
            continue
        again = fits <= matched and part.text.count(claim[word.start : word.end]) < 2
        if group and (again or not _beside(claim, words[group[-1]], word)):
            yield from _accepted(claim, words, part, group, matched)
            group, matched = [], set()
        group.append(n)
        matched |= fits
    if group:
        yield from _accepted(claim, words, part, group, matched)


def _matching(claim: str, word: Token, part: Part) -> set[str]:
    """Words of the name that this word of the claim stands for."""
    ours = part.required | part.optional
    found = {s for s in word.stems if s in ours}
    found |= {c for c in part.cut for s in word.stems if s.startswith(c)}
    if not found and _is_long_name(claim, word):
        found |= {s for s in ours if s.startswith(claim[word.start : word.end].lower())}
    return found


def _beside(claim: str, first: Token, second: Token) -> bool:
    between = claim[first.end : second.start]
    return bool((_WITHIN if first.latin and second.latin else _BESIDE).fullmatch(between))


def _accepted(
    claim: str, words: Sequence[Token], part: Part, group: Sequence[int], matched: Iterable[str]
) -> Iterator[_Found]:
    """The occurrence, if so much of the name stands there that it may be meant."""
    has = frozenset(matched)
    own = has - part.common
    telling = {w for w in own if len(w) > 1 and not w[0].isdigit()}
    if part.required <= has:
        telling = set(has)
    elif part.required - part.common <= has and has & _SIZES:
        telling = set(own)
    whole_number = all(w[0].isdigit() or len(w) == 1 for w in part.required)
    if not telling or (whole_number and not part.required <= has):
        return
    if not has & part.required and not any(len(w) > 1 and w.isalpha() for w in has):
        return
    if not _cut_out(claim, words, group):
        yield _Found(part, frozenset(group), has)


def _cut_out(claim: str, words: Sequence[Token], group: Sequence[int]) -> bool:
    """Is it only a piece of a longer name of the claim (V2 of V2-Lite)?"""
    for inside, step in ((group[0], -1), (group[-1], 1)):
        other = inside + step
        while 0 <= other < len(words) and not words[other].latin:
            other += step
        if not words[inside].latin or not 0 <= other < len(words):
            continue
        first, second = sorted((words[inside], words[other]))
        gap = claim[first.end : second.start]
        if _GLUE.fullmatch(gap):
            return True
    return False


def _entities(words: Sequence[Token], found: Sequence[_Found]) -> Iterator[Entity]:
    """What is named on one axis: the names of the levels that go together, a name each where they do not."""
    levels: dict[int, dict[frozenset[int], set[int]]] = defaultdict(lambda: defaultdict(set))
    sure: set[int] = set()
    for f in found:
        levels[f.part.level][f.tokens] |= f.part.lines
        if f.part.required - f.part.common <= f.matched or any(words[n].latin for n in f.tokens):
            sure |= f.tokens
    order = sorted(levels, key=lambda level: (level == GROUP, -level))
    alone: list[tuple[frozenset[int], frozenset[int]]] = []
    for level in order:
        fresh = [(tokens, frozenset(lines)) for tokens, lines in levels[level].items()]
        if not alone:
            alone = fresh
            continue
        joined = [(a | b, x & y) for a, x in alone for b, y in fresh if x & y]
        used = [b for a, x in alone for b, y in fresh if x & y]
        kept = [(a, x) for a, x in alone if not any(x & y for _, y in fresh)]
        kept += [(b, y) for b, y in fresh if b not in used]
        alone = joined + kept
    merged: dict[frozenset[int], frozenset[int]] = {}
    for place, lines in sorted(alone, key=lambda pair: len(pair[0]), reverse=True):
        merged.setdefault(lines, place)
    shared = frozenset.intersection(*merged.values()) if len(merged) > 1 else frozenset()
    for lines, place in merged.items():
        own = place - shared or place
        yield Entity(min(words[n].start for n in own), max(words[n].end for n in own), lines, own <= sure)


__all__ = ["Axis", "Entity", "Place", "Token", "meant", "places", "tokens"]
