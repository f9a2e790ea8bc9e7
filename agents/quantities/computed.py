"""Numbers the paper does not print but that follow from two it does: differences, ratios, changes, sums."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

from agents.quantities.model import Quantity, same

_CHANGE = re.compile(
    r"差|高|低|提升|下降|减少|增加|增长|缩短|领先|多(?![个种项样模语轮步任次])|(?<![缺至减多])少(?!数)|超出|降|升|快|慢|倍|涨|跌|改善|改进|优势|节省|压缩|仅为|原来的|相当于|占|比例|即|[（(]约?\s*[\d.]+\s*%"
)
_RISE = re.compile(r"提高|增长|增加|增幅|上升|上涨|升至|涨|高出|多出|扩大")
_FALL = re.compile(r"下降|减少|缩短|降低|降|低|少|慢|跌|节省|压缩|缩小")
_BY = re.compile(
    r"(?:提高|提升|增长|增加|上升|上涨|高出|多出|扩大|下降|减少|缩短|降低|降|节省|缩小)了?\s?(?:[大约近超过]|接近){0,2}\s*$"
)
"""Directly before the number: it is a change, not a share."""
_SUM = re.compile(r"共|总计|合计|总和|加起来")
_REACH = 14
"""Characters around the number in which the wording must say that something was computed."""
_SMALL = 10
_YEARS = (1900, 2100)
_PLAIN = ("", "percent", "score")


class _Wording(NamedTuple):
    """What the claim says around its number."""

    change: bool
    total: bool
    rise: bool
    fall: bool
    by: bool
    """The number itself is called a change, so it is no share."""


class Computed(NamedTuple):
    """A value recomputed from two printed ones."""

    first: Quantity
    second: Quantity
    value: float
    wording: str
    """What the value is, in Chinese, behind the two numbers."""
    loose: bool = False
    """True: a difference of percentages that the claim calls per cent."""
    exact: bool = False
    """True: a difference or sum."""


def compute(claim: Quantity, text: str, evidence: tuple[Quantity, ...]) -> Computed | None:
    """The first pair of the evidence that yields the claim's number at its printed precision, or None."""
    if not claim.exact or claim.kind.startswith(("date", "ordinal")) or claim.grammatical:
        return None
    wording = _wording(claim, text)
    if not (wording.change or wording.total):
        return None
    if wording.total and claim.kind == "":
        product = _product(claim, evidence)
        if product is not None:
            return product
    operands = [q for q in evidence if q.exact and not q.in_name and not q.kind.startswith(("date", "ordinal"))]
    # small counts are everywhere, so whatever comes out of them comes out by chance
    operands = [q for q in operands if q.kind or q.low > _SMALL or q.quantum < 1]
    # the years of citations are everywhere as well
    operands = [q for q in operands if q.kind or not (q.quantum == 1 and _YEARS[0] <= q.low <= _YEARS[1])]
    for a, b in combinations(operands, 2):
        # 58.8 and 90.0% are two percentages with one sign
        if a.kind != b.kind and not {a.kind, b.kind} <= set(_PLAIN):
            continue
        for found in _candidates(claim, a, b, wording):
            if claim.low > 0 and abs(found.value - claim.low) <= _slack(claim, found):
                return found
    return None


def _product(claim: Quantity, evidence: tuple[Quantity, ...]) -> Computed | None:
    """16 nodes with 8 GPUs each are 128 GPUs."""
    counts = [q for q in evidence if q.exact and q.kind == "" and not q.in_name]
    for a, b in pairwise(counts):
        if (a.each or b.each) and same(a.low * b.low, claim.low):
            return Computed(a, b, claim.low, "相乘得 {}", exact=True)
    return None


def _wording(claim: Quantity, text: str) -> _Wording:
    around = text[max(0, claim.start - _REACH) : claim.end + _REACH]
    before = text[max(0, claim.start - _REACH) : claim.start]
    change, total, rise, fall = (bool(p.search(around)) for p in (_CHANGE, _SUM, _RISE, _FALL))
    return _Wording(change, total, rise, fall, bool(_BY.search(before)))


def _slack(claim: Quantity, found: Computed) -> float:
    """Quotients are rounded; differences and sums of printed numbers are exact unless the claim says about."""
    if found.exact and not claim.bound:
        return 1e-6 * claim.low
    return (claim.quantum or 0.01) / 2 * (1 + 1e-6)


def _candidates(claim: Quantity, a: Quantity, b: Quantity, wording: _Wording) -> Iterator[Computed]:
    small, large = sorted((a.low, b.low))
    if wording.change and small != large:
        if _difference_counts(claim, a, b):
            loose = claim.kind == "percent" and "percent" in (a.kind, b.kind)
            yield Computed(a, b, large - small, "差 {}", loose, True)
        if small > 0 and claim.kind in ("times", "times?"):
            yield Computed(a, b, large / small, "前后之比为 {}")
        # 减少了四分之一 is a change, 四分之一 alone a share
        if small > 0 and (claim.kind == "percent" or (claim.kind == "fraction" and wording.by)):
            for base in _bases(small, large, wording):
                yield Computed(a, b, (large - small) / base * (100 if claim.kind == "percent" else 1), "变化 {}")
    if claim.kind in ("percent", "fraction") and small > 0 and wording.change and not wording.by:
        yield Computed(a, b, small / large * (100 if claim.kind == "percent" else 1), "占比 {}")
    if wording.total and a.kind == claim.kind == b.kind:
        yield Computed(a, b, a.low + b.low, "合计 {}", exact=True)


def _bases(small: float, large: float, wording: _Wording) -> tuple[float, ...]:
    """What a change is a percentage of: the value before it, as far as the wording tells which that is."""
    if wording.rise == wording.fall:
        return (small, large)
    return (small,) if wording.rise else (large,)


def _difference_counts(claim: Quantity, a: Quantity, b: Quantity) -> bool:
    if claim.kind in ("points", "score"):
        return {a.kind, b.kind} <= set(_PLAIN)
    if claim.kind == "percent":
        return "percent" in (a.kind, b.kind)
    if claim.kind == "":
        return a.kind == b.kind == "" and claim.low > 10 and not (a.noun and b.noun and not a.noun & b.noun)
    return a.kind == b.kind == claim.kind
