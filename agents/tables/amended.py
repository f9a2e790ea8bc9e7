"""The comparison of numbers, put right by what the paper's tables and sentences say of them."""

from collections import deque
from functools import lru_cache, partial

from agents.checks import Evidence
from agents.evidence.units import units
from agents.quantities import examine, parse
from agents.quantities.model import Quantity
from agents.tables import binding, cells, derive, texts
from core.models import Finding

_REPLACED = frozenset(
    "number.missing number.scale number.rounded number.elsewhere unit.kind unit.percent_points unit.unstated".split()
)
"""Codes that say no more than that the quotes do not print the number like this."""


_LAST: deque[tuple[str, Evidence, tuple[Finding, ...]]] = deque(maxlen=8)
"""Two checks ask for the same; by identity, because hashing all tables of a paper takes long."""


def findings(claim: str, evidence: Evidence) -> tuple[Finding, ...]:
    """The number.* and unit.* findings of a claim, in its order."""
    for text, against, known in tuple(_LAST):
        if against is evidence and text == claim:
            return known
    found = _findings(claim, evidence)
    _LAST.append((claim, evidence, found))
    return found


def _findings(claim: str, evidence: Evidence) -> tuple[Finding, ...]:
    found = list(_plain(claim, evidence.text, evidence.context))
    for q in units(claim).quantities:
        own = [f for f in found if f.where == q.text]
        better = _better(q, own, claim, evidence)
        if better is not None:
            found = [f for f in found if f not in own] + better
    return tuple(found)


@lru_cache(maxsize=512)
def _plain(claim: str, evidence: str, context: str) -> tuple[Finding, ...]:
    """The comparison with the quotes alone; the digits of a name are never what the claim got wrong."""
    quotes, around = texts.prepared(evidence, claim), texts.prepared(context, claim)
    found = examine(claim, quotes, around)
    printed = parse(quotes)
    in_names = {e.text for e in printed if e.in_name}
    doubtful = {f.where for f in found if any(f"原文是 {name}，" in f.message for name in in_names)}
    doubtful |= {q.text for q in units(claim).quantities if texts.only_in_names(q, printed, quotes)}
    if not doubtful:
        return found
    again = examine(claim, texts.without_names(quotes), texts.without_names(around))
    return tuple(f for f in found if f.where not in doubtful) + tuple(f for f in again if f.where in doubtful)


def _better(q: Quantity, own: list[Finding], claim: str, evidence: Evidence) -> list[Finding] | None:
    """What to say of the number instead of its own findings; None where they stand."""
    finding = partial(Finding, where=q.text)
    if any(f.code in _REPLACED and f.severity != "info" for f in own):
        how = derive.explained(q, claim, evidence) or texts.explained(q, claim, evidence)
        if how:
            return [finding(code="number.computed", severity="info", message=f"计算所得：{how}。")]
        if all(f.code.startswith("number") for f in own):
            if cells.in_a_name(q, claim, evidence):
                return []
            where = cells.printed(q, claim, evidence)
            if where:
                return [finding(code="number.elsewhere", severity="info", message=f"这个数印在{where}。")]
            if texts.confirmed(q, claim, evidence):
                return []
    moved = None if derive.is_computed(q, claim) else cells.misplaced(q, claim, evidence)
    if moved is not None:
        message = f"原文是 {moved.right}（{moved.where}），不是 {q.text}；{q.text} 属于 {moved.other}。"
        return [finding(code="number.cell", severity="error", message=message)]
    right = derive.corrected(q, claim, evidence)
    if right:
        return [finding(code="number.computed", severity="error", message=f"按原文计算不是 {q.text}：{right}。")]
    wrong = any(f.severity == "error" for f in own)
    bound = None if wrong or cells.printed(q, claim, evidence) else binding.elsewhere(q, claim, evidence)
    if bound is not None:
        reason = f"；{bound.reason}" if bound.reason else ""
        message = f"原文是 {bound.right}，不是 {q.text}{reason}。"
        return [finding(code="number.other", severity="error", message=message)]
    return None
