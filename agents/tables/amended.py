"""The comparison of numbers, put right by what the paper's tables and sentences say of them."""

from collections import deque
from functools import lru_cache, partial

from agents.checks import Evidence
from agents.evidence.units import units
from agents.polarity.english import is_row
from agents.quantities import examine, parse
from agents.quantities.model import Quantity
from agents.tables import binding, cells, derive, loosely, parallel, texts
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
    if ends := parallel.miscounted(q, claim):
        message = f"按原文计算不是 {q.text}：{ends}。"
        return [Finding(code="number.computed", severity="error", message=message, where=q.text)]
    replaced = [f for f in own if f.code in _REPLACED]
    points = derive.relative(q, claim, evidence) if replaced else ""
    if points:
        message = f"{points}，不是相对的 {q.text}。"
        return [Finding(code="unit.percent_points", severity="error", message=message, where=q.text)]
    if any(f.severity != "info" for f in replaced):
        borne_out = _borne_out(q, own, claim, evidence)
        if borne_out is not None:
            return borne_out
    elif any(f.code == "unit.noun" for f in own) and (how := derive.explained(q, claim, evidence)):
        return [_computed(q, how)]  # a difference that some cell happens to print
    wrong = _wrong_cell(q, claim, evidence)
    if wrong is not None:
        return [wrong]
    errors = [f for f in own if f.severity == "error"]
    if errors and all(f in replaced for f in errors):
        doubtful = _doubtful(q, claim, evidence)
        if doubtful is not None:
            return [doubtful]
    return None if errors else _other(q, claim, evidence)


def _borne_out(q: Quantity, own: list[Finding], claim: str, evidence: Evidence) -> list[Finding] | None:
    """Where the paper has the number after all, in a form that the plain comparison does not see."""
    how = derive.explained(q, claim, evidence) or texts.explained(q, claim, evidence)
    if how:
        return [_computed(q, how)]
    if not all(f.code.startswith("number") for f in own):
        return None
    if cells.in_a_name(q, claim, evidence):
        return []
    where = cells.printed(q, claim, evidence)
    if where:
        message = f"这个数印在{where}。"
        return [Finding(code="number.elsewhere", severity="info", message=message, where=q.text)]
    if any(says(q, claim, evidence) for says in (texts.confirmed, loosely.names_a_setting)):
        return []
    # where the nearest sentence counts the same things otherwise, the lines of some table say nothing
    counted = any(f.correction for f in own) and not is_row(evidence.texts[0])
    return [] if not counted and loosely.counts_lines(q, claim, evidence) else None


def _computed(q: Quantity, how: str) -> Finding:
    return Finding(code="number.computed", severity="info", message=f"计算所得：{how}。", where=q.text)


def _wrong_cell(q: Quantity, claim: str, evidence: Evidence) -> Finding | None:
    """The cells that the claim names have another number, or yield another."""
    finding = partial(Finding, severity="error", where=q.text)
    moved = None if derive.is_computed(q, claim) else cells.misplaced(q, claim, evidence)
    if moved is not None:
        message = f"原文是 {moved.right}（{moved.where}），不是 {q.text}；{q.text} 属于 {moved.other}。"
        return finding(code="number.cell", message=message, correction=moved.right)
    right = derive.corrected(q, claim, evidence)
    return finding(code="number.computed", message=f"按原文计算不是 {q.text}：{right}。") if right else None


def _doubtful(q: Quantity, claim: str, evidence: Evidence) -> Finding | None:
    """What to say instead of an error where the number may follow from cells that nobody can be sure of."""
    how = loosely.explained(q, claim, evidence)
    if how:
        return _computed(q, how)
    if where := cells.beside(q, claim, evidence):
        return Finding(code="number.elsewhere", severity="info", message=f"这个数印在{where}。", where=q.text)
    if _cannot_tell(q, claim, evidence):
        message = f"{q.text} 像是由几个数算出来的，引文里没有现成的，请核对。"
        return Finding(code="number.missing", severity="warning", message=message, where=q.text)
    return None


def _other(q: Quantity, claim: str, evidence: Evidence) -> list[Finding] | None:
    """The number is printed, but of something else."""
    bound = None if cells.printed(q, claim, evidence) else binding.elsewhere(q, claim, evidence)
    if bound is None and (right := parallel.crossed(q, claim, evidence)):
        bound = binding.Bound(right, f"{q.text} 说的是另一项")
    if bound is None:
        return None
    reason = f"；{bound.reason}" if bound.reason else ""
    message = f"原文是 {bound.right}，不是 {q.text}{reason}。"
    return [Finding(code="number.other", severity="error", message=message, where=q.text)]


def _cannot_tell(q: Quantity, claim: str, evidence: Evidence) -> bool:
    """Is the number a difference or a share whose parts may stand in a table that the quotes do not show?"""
    if not loosely.is_difference(q, claim):
        return False
    first = evidence.texts[0]
    row = "=" in first and " · " in first
    if not row and _prints_such(q, first):
        return False
    return row or any(p.rows and p.columns for p in loosely.named_places(claim, evidence))


def _prints_such(q: Quantity, sentence: str) -> bool:
    """Does the sentence print a change of the kind itself, or the two numbers it follows from?"""
    found = [e for e in parse(sentence) if e.exact and not e.in_name and not e.grammatical]
    alike = [e for e in found if e.kind == q.kind]
    related = [e for e in found if {e.kind, q.kind} <= {"points", "percent", "score"}]
    return bool(alike and q.kind) or len(related) > 1
