"""Numbers that a sentence gives in pairs (2.5T tokens at 8e-5, 5T at 8e-6), and changes whose ends the claim names."""

import re
from collections.abc import Sequence
from itertools import pairwise

from agents.checks import Evidence
from agents.evidence.units import units
from agents.polarity.english import is_row
from agents.quantities import parse
from agents.quantities.model import Quantity
from agents.quantities.relate import equal, fit
from agents.tables import derive, values
from agents.tables.cells import clause

_SEGMENT = re.compile(r"(?<!\d),(?!\d)|[;，；]|\band\b|\bwhile\b|\bwhereas\b|\bbut\b|\bthen\b|\bfollowed by\b")
_FROM_TO = re.compile(r"[从由]$")
_TO = re.compile(r"[到至为成]了?$")
_ENDS = ("", "percent", "score")


def crossed(q: Quantity, claim: str, evidence: Evidence) -> str:
    """What the sentence prints beside the other number of the claim's clause, where `q` stands beside another one."""
    begin, end = clause(q, claim)
    if not _told(q):
        return ""
    mates = [o for o in units(claim).quantities if begin <= o.start < end and _told(o) and not _same_slot(o, q)]
    for text in evidence.texts:
        if is_row(text) or "respectively" in text:
            continue
        parts = _parts(text)
        for mate in mates:
            right = _exchanged(q, mate, parts)
            if right is not None:
                return right.text
    return ""


def _exchanged(q: Quantity, mate: Quantity, parts: Sequence[list[Quantity]]) -> Quantity | None:
    """Each stands in one part only, with one number of the other's kind that is not the claim's."""
    with_q = [p for p in parts if any(_is(q, e) for e in p)]
    with_mate = [p for p in parts if any(_is(mate, e) for e in p)]
    if len(with_q) != 1 or len(with_mate) != 1 or with_q[0] is with_mate[0]:
        return None
    instead = [e for e in with_mate[0] if _same_slot(q, e)]
    other = [e for e in with_q[0] if _same_slot(mate, e)]
    if len(instead) != 1 or len(other) != 1 or len(with_q[0]) != 2 or len(with_mate[0]) != 2:
        return None
    return instead[0]


def _told(q: Quantity) -> bool:
    return q.exact and not q.grammatical and not q.in_name and not q.kind.startswith(("date", "ordinal"))


def _is(q: Quantity, e: Quantity) -> bool:
    return fit(q, e) != "no" and equal(q, e)


def _same_slot(one: Quantity, two: Quantity) -> bool:
    """May both be said of the same property: kind, what is counted, and whether it is a small number or a count?"""
    if one.kind != two.kind or (one.noun and two.noun and not one.noun & two.noun):
        return False
    return (one.low < 1) == (two.low < 1)


def _parts(text: str) -> list[list[Quantity]]:
    cuts = [0, *(m.start() for m in _SEGMENT.finditer(text)), len(text)]
    found = [e for e in parse(text) if _told(e)]
    return [[e for e in found if a <= e.start < b] for a, b in pairwise(cuts)]


def miscounted(q: Quantity, claim: str) -> str:
    """从 59.1 提高到 71.5，增幅 11.4 个百分点: the difference of the two ends that the claim names itself; empty where
    the claim's number agrees, or names no ends."""
    if q.kind not in ("points", "score") or not derive.is_computed(q, claim):
        return ""
    before = [o for o in units(claim).quantities if o.end <= q.start and _told(o)]
    if len(before) < 2 or before[-1].kind not in _ENDS or before[-2].kind != before[-1].kind:
        return ""
    first, second = before[-2:]
    if not _FROM_TO.search(claim[: first.start].rstrip()) or not _TO.search(claim[: second.start].rstrip()):
        return ""
    if re.search(r"[。；;]", claim[first.start : q.start]) or first.bound or second.bound:
        return ""
    found = derive.computed(q, first, second, claim)
    if not found or any(derive.agrees(q, r) for r in found):
        return ""
    return f"{second.text} 与 {first.text} 相差 {values.shown(abs(second.low - first.low))}"
