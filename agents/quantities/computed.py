"""Numbers the paper does not print but that follow from two it does: differences, ratios, changes, sums."""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from agents.quantities.model import Quantity

_CHANGE = re.compile(
    r"差|高|低|提升|下降|减少|增加|增长|缩短|领先|多(?![个种项样模语轮步任次])|(?<![缺至减多])少(?!数)|超出|降|升|快|慢|倍|涨|跌|改善|改进|优势|节省|压缩|仅为|相当于|占|比例|即|[（(]约?\s*[\d.]+\s*%"
)
_SUM = re.compile(r"共|总计|合计|总和|加起来")
_REACH = 14
"""Characters around the number in which the wording must say that something was computed."""
_SMALL = 10
_YEARS = (1900, 2100)
_PLAIN = ("", "percent", "score")


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
    around = text[max(0, claim.start - _REACH) : claim.end + _REACH]
    change, total = bool(_CHANGE.search(around)), bool(_SUM.search(around))
    operands = [q for q in evidence if q.exact and not q.in_name and not q.kind.startswith(("date", "ordinal"))]
    # small counts are everywhere, so whatever comes out of them comes out by chance
    operands = [q for q in operands if q.kind or q.low > _SMALL or q.quantum < 1]
    # the years of citations are everywhere as well
    operands = [q for q in operands if q.kind or not (q.quantum == 1 and _YEARS[0] <= q.low <= _YEARS[1])]
    for a, b in combinations(operands, 2):
        # 58.8 and 90.0% are two percentages with one sign
        if a.kind != b.kind and not {a.kind, b.kind} <= set(_PLAIN):
            continue
        for found in _candidates(claim, a, b, change, total):
            if claim.low > 0 and abs(found.value - claim.low) <= _slack(claim, found):
                return found
    return None


def _slack(claim: Quantity, found: Computed) -> float:
    """Quotients are rounded; differences and sums of printed numbers are exact unless the claim says about."""
    if found.exact and not claim.bound:
        return 1e-6 * claim.low
    return (claim.quantum or 0.01) / 2 * (1 + 1e-6)


def _candidates(claim: Quantity, a: Quantity, b: Quantity, change: bool, total: bool) -> Iterator[Computed]:
    small, large = sorted((a.low, b.low))
    if change and small != large:
        if _difference_counts(claim, a, b):
            loose = claim.kind == "percent" and "percent" in (a.kind, b.kind)
            yield Computed(a, b, large - small, "差 {}", loose, True)
        if small > 0 and claim.kind in ("times", "times?"):
            yield Computed(a, b, large / small, "前后之比为 {}")
        if small > 0 and claim.kind == "percent":
            yield Computed(a, b, (large - small) / a.low * 100, "变化 {}")
            yield Computed(a, b, (large - small) / b.low * 100, "变化 {}")
    if claim.kind in ("percent", "fraction") and small > 0 and change:
        yield Computed(a, b, small / large * (100 if claim.kind == "percent" else 1), "占比 {}")
    if total and a.kind == claim.kind == b.kind:
        yield Computed(a, b, a.low + b.low, "合计 {}", exact=True)


def _difference_counts(claim: Quantity, a: Quantity, b: Quantity) -> bool:
    if claim.kind in ("points", "score"):
        return {a.kind, b.kind} <= set(_PLAIN)
    if claim.kind == "percent":
        return "percent" in (a.kind, b.kind)
    if claim.kind == "":
        return a.kind == b.kind == "" and claim.low > 10 and not (a.noun and b.noun and not a.noun & b.noun)
    return a.kind == b.kind == claim.kind
