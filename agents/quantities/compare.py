"""Every number of a claim against the numbers of its evidence; the findings carry number.* and unit.* codes."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from agents.quantities import labels
from agents.quantities.clean import clean
from agents.quantities.computed import Computed, compute
from agents.quantities.model import Quantity, same
from agents.quantities.parse import parse
from agents.quantities.relate import alike, bounds_clash, equal, exclusive, fit, nouns_clash, rounded, shifted
from core.models import Finding

_COUNT = 100
"""Counts up to here may contradict a count in words (三个阶段 against four stages)."""
_SMALL = 10
_LIKELY = 0.5
"""From this likeness on a number of the evidence is named as the one that was meant."""
_KIND_WORDS = {
    "percent": "百分比", "points": "百分点", "score": "分数", "times": "倍数", "times?": "倍数或次数", "time": "时长",
    "computer_time": "GPU 时", "months": "时长", "size": "存储大小", "bit": "位宽", "fps": "帧率", "frequency": "频率",
    "money.usd": "美元", "money.cny": "人民币", "money.eur": "欧元", "money.gbp": "英镑", "length": "长度",
    "fraction": "比例", "magnitude": "数量级", "ordinal": "次序", "flops": "计算量", "": "数目",
    "date.year": "年份", "date.month": "月份", "date.day": "日期",
}  # fmt: skip
_PER = {
    "second": "每秒",
    "minute": "每分钟",
    "hour": "每小时",
    "day": "每天",
    "week": "每周",
    "month": "每月",
    "year": "每年",
}

Evidence = tuple[Quantity, ...]
Step = Callable[[Quantity, str, Evidence], list[Finding] | None]


@lru_cache(maxsize=512)
def examine(claim: str, evidence: str, context: str) -> tuple[Finding, ...]:
    """Findings for all numbers of `claim` (Chinese) against `evidence` and, failing that, `context` (English)."""
    theirs, plain = parse(evidence), clean(evidence)
    findings: list[Finding] = []
    ours = [q for q in parse(claim) if not q.in_name and not _enumeration(q, claim)]
    for quantity in ours:
        found = _header_unit(quantity, theirs, plain)
        if found is None:
            found = _header(quantity, ours, clean(claim), theirs, plain)
            found = found or _one(quantity, clean(claim), theirs, context)
        findings.extend(found)
    return tuple(findings)


def _header_unit(q: Quantity, theirs: Evidence, evidence: str) -> list[Finding] | None:
    """The number in a cell whose header has the unit: empty where it is the claim's, None where no header has one."""
    if not q.kind or "=" not in evidence:
        return None
    bare = [e for e in theirs if fit(q, e) == "unstated" and equal(q, e)]
    known = [(e, unit) for e in bare if (unit := labels.unit(e, evidence)) is not None and unit.kind == q.kind]
    if not known or len(known) < len(bare):
        return None
    if any(same(e.low * unit.factor, q.low) for e, unit in known) or q.bound:
        return []
    cell = known[0][0]
    return [_finding("unit.kind", "error", f"原文的 {cell.text} 以表头所写的单位计，不是 {q.text}。", q)]


def _header(q: Quantity, ours: list[Quantity], claim: str, theirs: Evidence, evidence: str) -> list[Finding]:
    if "=" not in evidence:
        return []
    begin, end = labels.clause(q, claim)
    agreeing = [e for e in theirs if fit(q, e) != "no" and equal(q, e)]
    numbers = sum(begin <= o.start < end for o in ours)
    moved = labels.moved(q, claim, numbers, agreeing, theirs, evidence) if agreeing else None
    if moved is None:
        return []
    message = f"原文里 {q.text} 说的是 {moved.header}，{moved.named} 对应的是 {moved.cell.text}。"
    return [_finding("unit.noun", "error", message, q)]


def _one(q: Quantity, claim: str, theirs: Evidence, context: str) -> list[Finding]:
    steps: tuple[Step, ...] = (_agreement, _unit, _computation, _scale, _rounding)
    for step in steps:
        found = step(q, claim, theirs)
        if found is not None:
            return found
    if any(fit(q, e) == "yes" and equal(q, e) for e in parse(context)):
        return _elsewhere(q)
    return _absence(q, theirs)


def _agreement(q: Quantity, _claim: str, theirs: Evidence) -> list[Finding] | None:
    agreeing = [e for e in theirs if fit(q, e) == "yes" and equal(q, e)]
    if not agreeing:
        return None
    plain = [e for e in agreeing if not nouns_clash(q, e)]
    if not plain:
        # 20 亿次 may be queries all the same: then bound, sign and rate are still to be compared
        plain = agreeing
        nouns = _noun_finding(q, agreeing[0], theirs)
        if nouns:
            return nouns
    return _rate_finding(q, plain) or _sign_finding(q, plain) or _bound_finding(q, plain)


def _rate_finding(q: Quantity, plain: list[Quantity]) -> list[Finding]:
    if not q.per or not all(e.per and e.per != q.per for e in plain):
        return []
    message = f"原文的 {plain[0].text} 是{_PER[plain[0].per]}的量，不是{_PER[q.per]}的。"
    return [_finding("unit.kind", "error", message, q)]


def _sign_finding(q: Quantity, plain: list[Quantity]) -> list[Finding]:
    if not all({q.sign, e.sign} == {"", "-"} for e in plain):
        return []
    theirs, ours = [("-" if x.sign == "-" else "") + x.text for x in (plain[0], q)]
    return [_finding("number.missing", "error", f"正负号不对：原文是 {theirs}，不是 {ours}。", q)]


def _bound_finding(q: Quantity, plain: list[Quantity]) -> list[Finding]:
    worst = [(bounds_clash(q, e), e) for e in plain]
    if any(level == "" for level, _ in worst):
        return []
    level, other = min(worst, key=lambda pair: pair[0])  # "error" sorts before "warning"
    if any(kind == "warning" for kind, _ in worst):
        level, other = next((k, e) for k, e in worst if k == "warning")
    return [_finding("number.bound", "error" if level == "error" else "warning", _bound_message(q, other), q)]


def _noun_finding(q: Quantity, found: Quantity, theirs: Evidence) -> list[Finding]:
    others = [e for e in theirs if e.noun & q.noun and e.kind == q.kind and not equal(q, e) and e.low != 1]
    what = "/".join(sorted(found.noun))
    if others and not (q.grammatical and others[0].low > _COUNT):
        message = f"原文里 {found.text} 说的是 {what}，{'/'.join(sorted(others[0].noun))} 对应的是 {others[0].text}。"
        return [_finding("unit.noun", "error", message, q)]
    if exclusive(q, found) and not q.grammatical:
        return [_finding("unit.noun", "error", f"原文里 {found.text} 说的是 {what}，不是这里所说的对象。", q)]
    return []


def _unit(q: Quantity, _claim: str, theirs: Evidence) -> list[Finding] | None:
    equals = [e for e in theirs if equal(q, e) and not e.in_name]
    unstated = [e for e in equals if fit(q, e) == "unstated"]
    if unstated:
        if q.kind in ("percent", "points"):
            # tables print 79.8 under a heading that says per cent
            return [_finding("unit.unstated", "warning", f"原文只写了 {unstated[0].text}，没有写明是{_kind(q)}。", q)]
        return [
            _finding("unit.unstated", "warning", f"原文的 {unstated[0].text} 没有写单位，这里写成了{_kind(q)}。", q)
        ]
    if q.grammatical or q.kind == "ordinal" or (q.kind == "" and q.low <= _SMALL):
        return None
    other = next((e for e in equals if e.kind != "ordinal"), None)
    if other is None or any(fit(q, e) == "yes" and compute(q, _claim, theirs) for e in theirs):
        return None
    if {q.kind, other.kind} == {"percent", "points"}:
        message = f"原文是 {other.text}（{_kind(other)}），不是{q.text}（{_kind(q)}）。"
        return [_finding("unit.percent_points", "error", message, q)]
    message = f"原文的 {other.text} 是{_kind(other)}，这里写成了{_kind(q)}。"
    return [_finding("unit.kind", "error", message, q)]


def _scale(q: Quantity, _claim: str, theirs: Evidence) -> list[Finding] | None:
    other = next((e for e in theirs if fit(q, e) != "no" and shifted(q, e)), None)
    if other is None:
        return None
    return [_finding("number.scale", "error", f"数量级不对：原文是 {other.text}，不是 {q.text}。", q, other.text)]


def _computation(q: Quantity, claim: str, theirs: Evidence) -> list[Finding] | None:
    result = compute(q, claim, theirs)
    if result is None:
        return None
    first, second = result.first.text, result.second.text
    if result.loose:
        message = f"{first} 与 {second} 相差的是百分点，写成“{q.text}”会被读成相对变化。"
        return [_finding("unit.percent_points", "warning", message, q)]
    message = f"计算所得：{first} → {second}，{result.wording.format(_shown(result, q))}。"
    return [_finding("number.computed", "info", message, q)]


def _shown(result: Computed, q: Quantity) -> str:
    return q.text if not q.text[:1].isdigit() else re.sub(r"^([\d.]+)\s*", r"\1 ", q.text).strip()


def _rounding(q: Quantity, _claim: str, theirs: Evidence) -> list[Finding] | None:
    other = next((e for e in theirs if fit(q, e) == "yes" and not q.grammatical and rounded(q, e)), None)
    if other is None:
        return None
    return [_finding("number.rounded", "error", f"原文是 {other.text}；写成 {q.text} 要注明“约”。", q, other.text)]


def _elsewhere(q: Quantity) -> list[Finding]:
    if q.grammatical:
        return []
    return [_finding("number.elsewhere", "warning", f"所引的句子里没有 {q.text}，它在邻近的段落里。", q)]


def _absence(q: Quantity, theirs: Evidence) -> list[Finding]:
    rival = _counterpart(q, theirs) or _rival(q, theirs)
    if rival is not None:
        return [_finding("number.missing", "error", f"原文是 {rival.text}，不是{_spaced(q.text)}。", q, rival.text)]
    if q.grammatical or (not q.exact and q.word):
        return [] if q.grammatical else [_finding("number.missing", "warning", _none(q), q)]
    if q.kind == "ordinal" or (q.kind == "" and q.low <= _SMALL and q.noun and not q.bound):
        return [_finding("number.missing", "warning", _none(q), q)]
    return [_finding("number.missing", "error", _none(q), q)]


def _counterpart(q: Quantity, theirs: Evidence) -> Quantity | None:
    """The number of the evidence in the same place: other end of the same range, ordinal of the same thing."""
    for e in theirs:
        if q.mate is not None and e.mate is not None and same(q.mate, e.mate) and e.kind == q.kind:
            return e
        if q.kind == e.kind == "ordinal" and q.noun & e.noun:
            return e
    return None


def _rival(q: Quantity, theirs: Evidence) -> Quantity | None:
    """The number of the evidence that the claim most likely got wrong."""
    if q.grammatical or (q.kind == "" and q.low <= _SMALL and q.noun):
        counts = [e for e in theirs if e.kind == q.kind and e.exact and e.noun & q.noun and 1 < e.low <= _COUNT]
        return counts[0] if counts else None
    others = [e for e in theirs if not e.in_name and (e.kind == q.kind or fit(q, e) != "no") and not e.grammatical]
    if not others:
        return None
    best = max(others, key=lambda e: (alike(q, e), e.kind == q.kind))
    alone = len([e for e in others if e.kind == q.kind]) == 1 and best.kind == q.kind != ""
    return best if alone or alike(q, best) >= _LIKELY else None


def _enumeration(q: Quantity, claim: str) -> bool:
    """（1） and 1. in front of an item."""
    before, after = claim[: q.start].rstrip(), claim[q.end :].lstrip()
    if not q.text.isdigit() or q.low > 20:
        return False
    return (before.endswith(("(", "（", "[")) and after.startswith((")", "）", "]"))) or (
        not before and after[:1] in ".、"
    )


def _bound_message(q: Quantity, other: Quantity) -> str:
    words = {"max": "高达", "most": "最多", ">": "超过", "<": "不到", "near": "接近", "~": "约", "": "恰为"}
    if other.bound == "":
        return f"原文是 {other.text}，没有说“{words[q.bound]}”。"
    if q.bound == "":
        return f"原文说的是“{words[other.bound]} {other.text}”，这里去掉了限定。"
    return f"原文说的是“{words[other.bound]} {other.text}”，不是“{words[q.bound]}”。"


def _none(q: Quantity) -> str:
    return f"引文里没有“{q.text}”这个数。"


def _spaced(text: str) -> str:
    return f" {text}" if text[:1].isascii() else text


def _kind(q: Quantity) -> str:
    return _KIND_WORDS.get(q.kind, "带单位的量")


def _finding(
    code: str, severity: Literal["error", "warning", "info"], message: str, q: Quantity, instead: str = ""
) -> Finding:
    return Finding(code=code, severity=severity, message=message, where=q.text, correction=instead)
