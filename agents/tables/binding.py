"""Numbers of a sentence that the claim gives to something else that the sentence, or one beside it, speaks of."""

import re
from itertools import pairwise
from typing import NamedTuple

from agents.checks import Evidence
from agents.evidence.units import Piece, units
from agents.quantities import parse
from agents.quantities.model import Quantity
from agents.quantities.nouns import EXCLUSIVE
from agents.quantities.relate import equal, fit
from agents.tables.cells import clause
from core.words import stems

_SEGMENT = re.compile(r"(?<!\d),(?!\d)|[;:，；]|\band\b|\bwhile\b|\bwhereas\b|\bbut\b|\bcompared (?:to|with)\b|\(|\)")
_SYMBOL = r"[α-ωΑ-Ω]|(?<![A-Za-z])[A-Za-z](?![A-Za-z])"
_SET_ZH = re.compile(rf"({_SYMBOL})\s*(?:值)?(?:取值|取|设置|设定|设|定)?(?:=|为|是|成)\s*$")
_SET_EN = r"\s*(?:=|is|was|to|of|as|:|set to|is set to|was set to|equal to|equals)\s*"

_SYSTEM = re.compile(r"(?<![A-Za-z\d-])[A-Z][A-Za-z]*[\d.]*(?:-[A-Z\d][\w.]*)+")
"""A name of several parts: Heron-Lite, Heron-2-Max."""
_TURN = re.compile(r";|,?\s\b(?:while|whereas|but)\b|,\s(?:and )?(?=[A-Z][\w-]* \w+s\b)")
_HEAD = 6
"""Characters before the name at the beginning of a part."""
_LARGE = 1e6


class Bound(NamedTuple):
    """What the evidence says of the claim's subject instead of the claim's number."""

    right: str
    reason: str


def elsewhere(q: Quantity, claim: str, evidence: Evidence) -> Bound | None:
    """Set where the evidence has the number for another thing, and another number for this one."""
    if not q.exact or q.grammatical or q.kind.startswith(("date", "ordinal")):
        return None
    return (
        _symbol(q, claim, evidence)
        or _noun(q, evidence)
        or _subject(q, claim, evidence)
        or _segment(q, claim, evidence)
        or _headed(q, claim, evidence)
    )


def _same(q: Quantity, text: str) -> list[Quantity]:
    return [e for e in parse(text) if fit(q, e) != "no" and equal(q, e)]


def _rivals(q: Quantity, text: str) -> list[Quantity]:
    """Other numbers of the same kind that count the same thing."""
    return [
        e
        for e in parse(text)
        if e.exact and not e.in_name and e.kind == q.kind and not equal(q, e) and not e.grammatical
        and (q.kind != "" or e.noun & q.noun)
    ]  # fmt: skip


def _symbol(q: Quantity, claim: str, evidence: Evidence) -> Bound | None:
    """β 设为 5 against "β to 4"."""
    named = _SET_ZH.search(claim[: q.start])
    if named is None:
        return None
    pattern = re.compile(rf"(?<![A-Za-z]){re.escape(named[1])}(?![A-Za-z]){_SET_EN}$")
    said = [e for text in evidence.texts for e in parse(text) if not e.in_name and pattern.search(text[: e.start])]
    if said and not any(equal(q, e) for e in said):
        return Bound(said[0].text, f"说的是 {named[1]}")
    return None


def _noun(q: Quantity, evidence: Evidence) -> Bound | None:
    """64 层, where 64 stands beside nothing of the kind and "61 layers" is printed."""
    if not q.noun or q.kind:
        return None
    same = [e for text in evidence.texts for e in _same(q, text)]
    if not same or any(e.noun & q.noun or (not e.noun and e.low >= 1000) or e.in_name for e in same):
        return None
    if any("=" in text for text in evidence.texts if _same(q, text)):
        return None
    rivals = _rivals(q, evidence.texts[0])
    return Bound(rivals[0].text, "") if len(rivals) == 1 else None


def _names(claim: str) -> list[Piece]:
    return [p for p in units(claim).pieces if p.is_name and len(p.text) > 1 and not p.text[0].isdigit()]


def _subject(q: Quantity, claim: str, evidence: Evidence) -> Bound | None:
    """The number stands in a statement without the claim's name; one with it has another number of the same."""
    names = _names(claim)
    if not names or (not q.noun and not q.kind):
        return None
    own = frozenset(s for name in evidence.naming.own for s in stems(name))
    # what is counted is no name (token)
    telling = [p for p in names if not p.stems & (own | EXCLUSIVE)]
    begin, end = clause(q, claim)
    if sum(c.kind == q.kind and c.exact and not c.in_name for c in parse(claim)) > 1:
        # a name of another clause belongs to the number there
        telling = [p for p in telling if begin <= p.start < end]
    texts = [(text, frozenset(stems(text))) for text in evidence.texts]
    having = [there for text, there in texts if _same(q, text)]
    if not having or not telling:
        return None
    lacking = [p for p in telling if not any(p.stems & there for there in having)]
    pieces = units(claim).pieces
    nearest = max(sum(bool(p.stems & there) for p in pieces) for there in having)
    for text, there in (*texts, *((text, frozenset(stems(text))) for text in evidence.near)):
        rivals = _rivals(q, text)
        # a sentence may speak of its subject as "it"; only one that is nearer by its words says otherwise
        nearer = sum(bool(p.stems & there) for p in pieces) > nearest
        if lacking and nearer and all(p.stems & there for p in telling) and len(rivals) == 1 and not _same(q, text):
            return Bound(rivals[0].text, f"{q.text} 说的不是 {lacking[0].text}")
    return None


def _segment(q: Quantity, claim: str, evidence: Evidence) -> Bound | None:
    """Two numbers of one sentence, each in its own part: the claim's clause has the words of the other part."""
    begin, end = clause(q, claim)
    own = frozenset(s for name in evidence.naming.own for s in stems(name))
    inside = [p for p in units(claim).pieces if begin <= p.start < end and not p.text[:1].isdigit()]
    # the subject of the sentence stands in its first part, whatever the number is of
    ours = [p for p in inside if not p.stems & own]
    if not q.kind and not q.noun:
        return None
    for text in evidence.texts:
        if "=" in text:
            continue
        parts = _parts(text)
        same = [words for words, found in parts if any(fit(q, e) == "yes" and equal(q, e) for e in found)]
        others = [
            (words, e) for words, found in parts for e in found if e.kind == q.kind and e.exact and not equal(q, e)
        ]
        if len(same) != 1 or len(others) != 1 or (q.kind == "" and not others[0][1].noun & q.noun):
            continue
        only_same, only_other = same[0] - others[0][0], others[0][0] - same[0]
        for_other = [p for p in ours if p.stems & only_other and not p.stems & only_same]
        for_same = [p for p in ours if p.stems & only_same and not p.stems & only_other]
        if len(for_other) >= 2 and not for_same:
            return Bound(others[0][1].text, "")
    return None


def _headed(q: Quantity, claim: str, evidence: Evidence) -> Bound | None:
    """The one system that the claim names heads one part of a sentence, the number stands in the part of another."""
    named = list(_SYSTEM.finditer(claim))
    if len({m.group() for m in named}) != 1:
        return None
    name = named[0].group()
    for text in evidence.texts:
        if "=" in text or name not in text:
            continue
        parts = _by_subject(text)
        ours = [part for part in parts if _begins(part, name)]
        theirs = [part for part in parts if part not in ours and _same(q, part)]
        if len(ours) != 1 or not theirs or _same(q, ours[0]) or any(name in part for part in theirs):
            continue
        if not all((m := _SYSTEM.search(part)) and part.find(m.group()) < _HEAD for part in theirs):
            continue
        rivals = [e for e in _rivals(q, ours[0]) if e.kind or e.noun & q.noun] or _bare(q, ours[0])
        if rivals:
            best = max(rivals, key=lambda e: _beside(e, ours[0], claim, q))
            return Bound(best.text, f"{q.text} 说的不是 {name}")
    return None


def _bare(q: Quantity, text: str) -> list[Quantity]:
    """Counts of large things, where the claim does not repeat what it counts."""
    found = [e for e in parse(text) if e.exact and not e.in_name and not e.kind and e.low >= _LARGE]
    return found if not q.kind and not q.noun and q.low >= _LARGE and not any(equal(q, e) for e in found) else []


def _by_subject(text: str) -> list[str]:
    return [part.strip() for part in _TURN.split(text)]


def _begins(part: str, name: str) -> bool:
    return 0 <= part.find(name) < _HEAD


def _beside(e: Quantity, text: str, claim: str, q: Quantity) -> int:
    """Words of the number's clause that stand beside a number of the paper."""
    begin, end = clause(q, claim)
    there = frozenset(stems(text[max(0, e.start - 20) : e.end + 30]))
    return sum(bool(p.stems & there) for p in units(claim).pieces if begin <= p.start < end)


def _parts(text: str) -> list[tuple[frozenset[str], list[Quantity]]]:
    """The sentence's parts: words and numbers of each."""
    cuts = [0, *(m.start() for m in _SEGMENT.finditer(text)), len(text)]
    found = [e for e in parse(text) if not e.in_name]
    return [(frozenset(stems(text[a:b])), [e for e in found if a <= e.start < b]) for a, b in pairwise(cuts)]
