"""Numbers that follow from what one sentence prints, or that it prints in a form of its own."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, product

from agents.checks import Evidence
from agents.evidence.units import units
from agents.quantities import parse
from agents.quantities.clean import NAME
from agents.quantities.model import Quantity
from agents.quantities.relate import equal, fit
from agents.tables import cells as cellular
from agents.tables import derive, values
from core.words import stems

_CITED = re.compile(r"(?<=[A-Za-z.’”)] )\[[1-9]\d{0,2}(?:\s?[,;–-]\s?[1-9]\d{0,2})*\]")
_POWER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?[eE]\s?[-−–]\s?(\d{1,2})(?![\w.]*\d)")
_POINTS = re.compile(r"%\s+percentage(?:\s+points?)?\b")
_TOTAL = re.compile(r"共|合计|总计|总和|总共|加起来|相乘|相当于|即|×")
_REST = re.compile(r"其余|剩下|剩余|余下|另外|其他|其它|另有|另")
_PART = re.compile(r"占|比例|分之|成|相当于|只有|仅为")
_REACH = 14
_MANY = 8
"""In a sentence with more numbers something will always come out."""
_NEAR = 4
_LARGE = 100
_SIZE = re.compile(r"\d+(?:\.\d+)?\s?[BMbm]")
_MODEL = re.compile(r"\s*(?:参数|规模|级|版)?的?[\u4e00-\u9fff]{0,4}(?:模型|版本|参数)")
_SETTING = re.compile(r"\s*的?(?:设置|设定|长度|上下文|窗口|序列|条件|规模|配置)[\u4e00-\u9fff]{0,3}[下时上中]")
_OF_NAME = re.compile(r"\s*的?\s*[A-Z][A-Za-z]*[-\d]")


def prepared(text: str, claim: str) -> str:
    """The evidence without the numbers of citations, and with those that typesetting tore apart put together."""
    text = _POWER.sub(r"\1e-\2", _CITED.sub("", text))
    return _POINTS.sub(" percentage points", text) if "百分点" in claim else text


def without_names(text: str) -> str:
    """The text without the digits of names (DeepSeek-V2, H800)."""
    return NAME.sub(lambda m: re.sub(r"[\d.]+", "", m.group()) or " ", text)


def only_in_names(q: Quantity, printed: Sequence[Quantity], text: str) -> bool:
    """Is the count (5 条引用) printed as a digit of names (ELI5) and nowhere else?"""
    if q.kind or not q.noun or q.word or q.low >= _LARGE:
        return False
    same = [e for e in printed if equal(q, e)]
    return bool(same) and all(e.in_name and NAME.match(text, e.start) for e in same)


def explained(q: Quantity, claim: str, evidence: Evidence) -> str:
    """How the number follows from two of one sentence; empty where it does not."""
    if not q.exact or q.grammatical or q.low <= 0 or q.kind.startswith(("date", "ordinal")):
        return ""
    before, after = claim[max(0, q.start - _REACH) : q.start], claim[q.end : q.end + 4]
    tried = [_operands(text) for text in (*evidence.texts, *evidence.near[:_NEAR])]
    own = [
        o
        for o in units(claim).quantities
        if o.exact and not o.grammatical and o is not q and any(equal(o, p) for some in tried for p in some)
    ]
    cells = cellular.operands(q, claim, evidence)
    for operands in tried:
        for formula, value in (*_formulas(q, operands, own, before + after), *_readings(q, operands, [*own], claim)):
            if abs(value - q.low) <= derive.slack(q) * (1 + 1e-6) + 1e-9:
                return formula
    for formula, value in _readings(q, cells, own, claim):
        if abs(value - q.low) <= derive.slack(q) * (1 + 1e-6) + 1e-9:
            return formula
    return ""


def _readings(
    q: Quantity, operands: Sequence[Quantity], own: Sequence[Quantity], claim: str
) -> Iterator[tuple[str, float]]:
    """Differences, ratios and changes of two numbers, one of which the claim itself may state."""
    if not derive.is_computed(q, claim):
        return
    pairs = [*combinations(operands, 2), *((a, b) for a in own for b in operands)]
    for one, two in pairs:
        if one.kind == two.kind and not equal(one, two):
            for result in derive.computed(q, one, two, claim):
                yield result.formula, result.value


def _operands(text: str) -> list[Quantity]:
    if "=" in text and " · " in text:
        return []  # a row of a table: which of its cells are meant, agents.tables.cells knows
    found = [
        p for p in parse(text) if p.exact and not p.in_name and not p.kind.startswith(("date", "ordinal")) and p.low > 0
    ]
    return found if len(found) <= _MANY else []


def _formulas(q: Quantity, operands: list[Quantity], own: list[Quantity], wording: str) -> Iterator[tuple[str, float]]:
    """Products, sums, rests and shares, as far as the wording speaks of one."""
    for one, two in combinations(operands, 2):
        large, small = (one, two) if one.low >= two.low else (two, one)
        a, b = large.low, small.low
        alike = q.kind == one.kind == two.kind
        if _TOTAL.search(wording) and alike and not q.kind and q.low >= _LARGE and b > 1:
            yield f"{one.text} × {two.text} = {values.shown(a * b)}", a * b
        if _TOTAL.search(wording) and alike and (one.noun & two.noun or q.kind):
            yield f"{one.text} + {two.text} = {values.shown(a + b)}", a + b
        if _REST.search(wording) and alike:
            yield f"{large.text} − {small.text} = {values.shown(a - b)}", a - b
    if q.kind == "percent" and _REST.search(wording):
        for part in operands:
            if part.kind == "percent":
                yield f"100% − {part.text} = {values.shown(100 - part.low)}%", 100 - part.low
    if q.kind in ("percent", "fraction") and _PART.search(wording):
        yield from _shares(q, operands, own)


def _shares(q: Quantity, operands: list[Quantity], own: list[Quantity]) -> Iterator[tuple[str, float]]:
    """A number of the sentence as a part of one that the claim states."""
    for part, whole in product(operands, own):
        if part.kind == whole.kind and part.low < whole.low and part.noun & (whole.noun or part.noun):
            share = part.low / whole.low
            shown = f"{part.text} ÷ {whole.text} = {values.shown(share * 100)}%"
            yield shown, share * (100 if q.kind == "percent" else 1)


def confirmed(q: Quantity, claim: str, evidence: Evidence) -> bool:
    """Does the paper print the number in a way that the plain comparison does not see?"""
    for e in parse(evidence.text):
        if e.kind == "ordinal" and e.noun & q.noun and e.low == q.low:
            return True  # 第 680 步, 训练到 680 步: step 680
    if _SIZE.fullmatch(q.text) and (_MODEL.match(claim, q.end) or _OF_NAME.match(claim, q.end)):
        return _is_known_size(q, evidence)
    if _SETTING.match(claim, q.end) and any(
        fit(q, e) == "yes" and equal(q, e) for text in evidence.near for e in parse(text)
    ):
        return True  # 32K 设置下: a setting that the paper may have named a sentence before
    return any(_torn(q, text, claim) or _as_fraction(q, text, claim) for text in evidence.near)


def _as_fraction(q: Quantity, text: str, claim: str) -> bool:
    """三分之一 where a near statement says a third: such a part is seldom the same by chance."""
    return (
        q.kind == "fraction"
        and any(e.kind == "fraction" and equal(q, e) for e in parse(text))
        and _same_subject(text, claim)
    )


def _is_known_size(q: Quantity, evidence: Evidence) -> bool:
    """Is there a model of this size in the paper's names?"""
    size = re.sub(r"\s", "", q.text)
    names = " ".join((evidence.context, *evidence.near, *evidence.naming.own))
    labels = " ".join(" ".join((*t.header, *(r.cells[0].text for r in t.rows if r.cells))) for t in evidence.tables)
    return bool(re.search(rf"(?<![\d.]){re.escape(size)}(?![a-z\d])", f"{names} {labels}", re.I))


def _torn(q: Quantity, text: str, claim: str) -> bool:
    """Printed in a statement on the same subject, but torn apart, so that nobody could look for it."""
    whole = prepared(text, claim)
    if whole == text or not any(fit(q, e) == "yes" and equal(q, e) for e in parse(whole)):
        return False
    return _same_subject(text, claim)


def _same_subject(text: str, claim: str) -> bool:
    """Has the text half of the claim's words?"""
    pieces = [p for p in units(claim).pieces if not p.text[:1].isdigit()]
    there = frozenset(stems(text))
    return sum(bool(p.stems & there) for p in pieces) * 2 >= len(pieces)
