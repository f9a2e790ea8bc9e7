"""Numbers that follow from two named cells: a claim may state them though the paper does not print them."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from agents.checks import Evidence
from agents.quantities.model import Quantity
from agents.tables import values
from agents.tables.cells import clause
from agents.tables.locate import Entity, Place, places
from agents.tables.naming import label
from core.words import stems

_CHANGE = re.compile(
    r"差|高|低|提升|提高|下降|减少|增加|增长|缩短|领先|落后|多(?![个种项样模语轮步任次])|(?<![缺至减多])少(?!数)|超出|降|升|快|慢"
    r"|倍|涨|跌|改善|改进|优势|节省|压缩|仅为|只有|相当于|占|比例|分之|成"
)
_REACH = 14
_CALLED_RELATIVE = re.compile(r"相对(?!应|于|较|简|而言)|幅度|增幅|降幅|涨幅")
_SHARE = re.compile(r"占|只有|仅为|相当于|是[^，。]{1,20}的")
_OF = re.compile(r"\s*的[\u4e00-\u9fff]")
_MISSED = 2
_MANY = 6
"""Pairs of cells that may be tried for one number; what many could yield says nothing."""
_FEW_COLUMNS = 12
"""Columns that are tried where the claim names none."""
_PAIRABLE = ("", "points", "score", "percent", "times", "times?", "fraction")


class Pair(NamedTuple):
    """Two cells that the claim compares, and what tells them apart."""

    place: Place
    first: Quantity
    second: Quantity
    certain: bool
    """The only pair of the table that can be meant."""
    ends: tuple[Entity, Entity]
    others: tuple[Entity, ...]
    """What names the line they share."""


class Result(NamedTuple):
    """A number computed from a pair."""

    value: float
    formula: str
    """With the printed numbers: 84.8 − 73.6 = 11.2."""


def is_computed(q: Quantity, claim: str) -> bool:
    """Does the claim's wording say that the number is a difference, a ratio or a change?"""
    if not q.exact or q.grammatical or q.kind not in _PAIRABLE or q.low <= 0:
        return False
    if q.kind in ("points", "times", "fraction"):
        return True
    return bool(_CHANGE.search(claim[max(0, q.start - _REACH) : q.start] + claim[q.end : q.end + 4]))


def pairs(claim: str, evidence: Evidence) -> Iterator[Pair]:
    """Every two cells that differ in the row or the column that the claim names, the best tables first."""
    found = [p for p in places(claim, evidence) if p.rows or p.columns]
    least = min((p.missed for p in found), default=0)
    for missed in range(least, min(least + 1, _MISSED) + 1):
        tried = False
        for place in (p for p in found if p.missed == missed):
            for by_row in (True, False):
                ends, others = (place.rows, place.columns) if by_row else (place.columns, place.rows)
                for pair in _across(place, _with_own(place, ends, evidence, by_row), others, by_row):
                    tried = True
                    yield pair
        if tried:
            return  # a table that knows less of the claim's names is not the one it speaks of


def _with_own(place: Place, ends: Sequence[Entity], evidence: Evidence, by_row: bool) -> Sequence[Entity]:
    """Where one side only is named, the other is what the paper presents (我们的方法比 B 高)."""
    if len(ends) != 1:
        return ends
    own = [frozenset(stems(name)) for name in evidence.naming.own]
    axis = "row" if by_row else "column"
    lines = frozenset(
        n
        for part in place.named.parts
        if part.axis == axis and any(name <= part.required | part.optional for name in own if name)
        for n in part.lines
    )
    fresh = lines - ends[0].lines
    return [Entity(-1, -1, fresh, False), *ends] if fresh else ends


def _across(place: Place, ends: Sequence[Entity], others: Sequence[Entity], by_row: bool) -> Iterator[Pair]:
    lines = _shared(place, others, by_row)
    if not lines:
        return
    for one, two in combinations(sorted(ends), 2):
        cells = [(a, b, c) for a in one.lines - two.lines for b in two.lines - one.lines for c in lines]
        certain = len(cells) == 1 and not place.missed and len(ends) == 2
        certain = certain and all(e.sure for e in (one, two, *others))
        if len(cells) > max(_MANY, len(lines)):
            continue
        for a, b, c in cells:
            first, second = (_value(place, n, c, by_row) for n in (a, b))
            if first is not None and second is not None:
                yield Pair(place, first, second, certain, (one, two), tuple(others))


def _shared(place: Place, others: Sequence[Entity], by_row: bool) -> list[int]:
    """The columns (or rows) in which two cells may be compared."""
    if others:
        return sorted(frozenset().union(*(e.lines for e in others)))
    every = list(place.named.columns) if by_row else list(range(len(place.named.table.rows)))
    return every if len(every) <= _FEW_COLUMNS else []


def _value(place: Place, line: int, other: int, by_row: bool) -> Quantity | None:
    row, column = (line, other) if by_row else (other, line)
    return values.value(place.named.cell(row, column))


def results(q: Quantity, pair: Pair, claim: str) -> list[Result]:
    """What the claim's wording may have computed from the pair, likeliest first."""
    return computed(q, pair.first, pair.second, claim)


def computed(q: Quantity, first: Quantity, second: Quantity, claim: str) -> list[Result]:
    """All readings of "高 x" for two numbers."""
    small, large = sorted((first, second), key=lambda c: c.low)
    a, b = large.low, small.low
    found = []
    if q.kind in ("points", "score", ""):
        fractions = q.kind == "points" and 0 <= b <= a <= 1
        if fractions:
            found.append(Result((a - b) * 100, f"{large.text} − {small.text} = {values.shown((a - b) * 100)} 个百分点"))
        else:
            found.append(Result(a - b, f"{large.text} − {small.text} = {values.shown(a - b)}"))
    if b <= 0:
        return found
    if q.kind in ("times", "times?"):
        found.append(Result(a / b, f"{large.text} ÷ {small.text} = {values.shown(a / b)}"))
        found.append(Result(a / b - 1, f"{large.text} ÷ {small.text} − 1 = {values.shown(a / b - 1)}"))
        found.append(Result(b / a, f"{small.text} ÷ {large.text} = {values.shown(b / a)}"))
    if q.kind == "fraction":
        found.append(Result(b / a, f"{small.text} ÷ {large.text} = {values.shown(b / a)}"))
        found.append(Result(1 - b / a, f"1 − {small.text} ÷ {large.text} = {values.shown(1 - b / a)}"))
    if q.kind == "percent":
        for base, letter in ((second.low, second.text), (first.low, first.text)):
            change = abs(a - b) / base * 100
            found.append(Result(change, f"({large.text} − {small.text}) ÷ {letter} = {values.shown(change)}%"))
        if _SHARE.search(claim) or q.word:
            share = b / a * 100
            found.append(Result(share, f"{small.text} ÷ {large.text} = {values.shown(share)}%"))
    return found


def agrees(q: Quantity, result: Result) -> bool:
    """Is it the claim's number, at the precision that the claim prints?"""
    return abs(result.value - q.low) <= slack(q) * (1 + 1e-6) + 1e-9


def slack(q: Quantity) -> float:
    """How far the claim's wording lets the number be from the computed one."""
    if q.kind == "percent" and q.word:  # 四成
        return 5.0 if q.bound else 2.5
    if q.kind == "fraction" or q.word:
        return 0.1 * q.low if q.bound else 0.05 * q.low
    half = q.quantum / 2
    if q.bound in ("~", "near", ">", "<"):
        whole = q.quantum
        while q.quantum >= 1 and q.low % (whole * 10) == 0 and whole * 10 <= q.low:
            whole *= 10
        return max(half, min(whole / 2 if q.bound == "~" else whole, 0.15 * q.low))
    return half


def explained(q: Quantity, claim: str, evidence: Evidence) -> str:
    """How the number follows from two cells that the claim names; empty where it does not."""
    if not is_computed(q, claim):
        return ""
    for pair in pairs(claim, evidence):
        for result in results(q, pair, claim):
            if agrees(q, result):
                return f"{label(pair.place.named)}：{result.formula}"
    return ""


def corrected(q: Quantity, claim: str, evidence: Evidence) -> str:
    """What the two cells without doubt yield instead of the claim's number; empty where there is doubt."""
    if not is_computed(q, claim) or q.kind not in ("points", "score"):
        return ""
    tried = list(pairs(claim, evidence))
    if not tried or any(agrees(q, r) for pair in tried for r in results(q, pair, claim)):
        return ""
    sure = next((pair for pair in tried if pair.certain and _says(q, claim, pair)), None)
    found = results(q, sure, claim) if sure is not None else []
    if sure is None or not found:
        return ""
    return f"{label(sure.place.named)}：{found[0].formula}"


def relative(q: Quantity, claim: str, evidence: Evidence) -> str:
    """Where the claim calls relative what is the difference of two percentages; empty where it does not."""
    if q.kind != "percent" or q.word or not q.exact or not _CALLED_RELATIVE.search(claim[: q.start]):
        return ""
    tried = [p for p in pairs(claim, evidence) if {p.first.kind, p.second.kind} <= {"", "percent", "score"}]
    if any(agrees(q, r) for pair in tried if pair.certain for r in results(q, pair, claim)):
        return ""
    for pair in tried:
        a, b = sorted((pair.first.low, pair.second.low), reverse=True)
        if b > 0 and agrees(q, Result(a - b, "")):
            change = values.shown((a - b) / b * 100)
            return f"{pair.first.text} 与 {pair.second.text} 相差 {values.shown(a - b)} 个百分点，相对变化约 {change}%"
    return ""


def _says(q: Quantity, claim: str, pair: Pair) -> bool:
    """Is the number said of this pair: one of them in its clause, nothing later, nothing else that is counted?"""
    begin, end = clause(q, claim)
    named = (*pair.ends, *pair.others)
    return (
        all(e.start < end for e in named) and any(begin <= e.start for e in pair.ends) and not _OF.match(claim, q.end)
    )


__all__ = ["Pair", "Result", "corrected", "explained", "is_computed", "pairs", "results"]
