"""Claims about all rows or columns of a table (在所有基准上都高于, 表中最低): borne out by the cells, or not."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from agents.checks import Evidence
from agents.tables import values
from agents.tables.labels import Named
from agents.tables.locate import Entity, Place, meant, places
from agents.tables.naming import counts, label, lower_is_better, own_lines, systems_by_row
from core.models import Finding

Sign = Literal[1, -1]
_CLAUSE = re.compile(r"[，。；：;]|,\s")
_HARD = re.compile(
    r"所有(?!者|权)|全部(?!分)|每一?(?:个|项|组|种|档|类|列|行|对|款|轮|层|栏)|各(?:个|项|组|种|档|类|款|语言|任务|规模|尺寸|数据集|指标|基准|领域)"
    r"|任何|一致|无一例外|毫无例外|没有例外|全面|全都|悉数|[两三四五六七八九十\d]\s?(?:个|项|种|组|类|款)[^，。；]{0,12}?[上中里都均]"
)
_LINES = re.compile(
    r"(?:所有|全部|每一?|各|任何|[两三四五六七八九十]|\d+)\s?(?:个|项|组|种|类|档)?[\u4e00-\u9fffA-Za-z ]{0,6}?"
    r"(?:指标|基准|任务|数据集|测试|评测|评估|设置|配置|语言|领域|类别|子集|子任务|维度|场景|场合|组|列|行|档|长度|尺寸|规模|项目?)"
)
"""All measures: what is compared is every line of the table."""
_RIVALS = re.compile(
    r"(?:所有|全部|各|其他|其它|其余|任何|别的|另外)[\u4e00-\u9fff]{0,8}?(?:模型|方法|基线|系统|算法|变体|对手|方案|策略|者)|其他|其余"
)
_END = (
    r"(?=的?\s*(?:得?分数?|成绩|一[个项款种]|模型|方法|系统|结果|水平|表现|值|准确率)?\s*"
    r"(?:$|[，。；：:（(、！]|[为是达]))"
)
"""Behind a superlative that is said of somebody; elsewhere it belongs to a noun (最大学习率)."""
_TOP: tuple[tuple[re.Pattern[str], Sign, bool], ...] = (
    (re.compile(rf"最(?:高|大|多|长){_END}"), 1, False),
    (re.compile(rf"最(?:低|小|少|短){_END}"), -1, False),
    (re.compile(rf"最(?:好|优|佳|强|快|准|出色){_END}|居首|排名?第一|榜首|领先所有"), 1, True),
    (re.compile(rf"最(?:差|弱|慢|糟){_END}|垫底"), -1, True),
)
_THAN: tuple[tuple[re.Pattern[str], Sign, bool], ...] = (
    (re.compile(r"高[于过出]|大于|多于|长于"), 1, False),
    (re.compile(r"低于|小于|少于|短于"), -1, False),
    (re.compile(r"优于|胜过|胜于|好于|强于|快于|准于|超过|超越|赶超|领先于?|击败|战胜|压过|赢过"), 1, True),
    (re.compile(r"不如|不及|不敌|逊于|逊色于|差于|劣于|弱于|慢于|落后于?|输给|败给|比不[上过]"), -1, True),
)
_BI = re.compile(
    r"(?:比(?![例较如率重赛对特值试拟]|不[上过])|相较于?)[^，。；]{2,50}?[都均也全更要]{1,2}(?:更|要)?(高|大|多|低|小|少|好|强|优|快|差|弱|慢)"
)
_BI_SIGNS: dict[str, tuple[Sign, bool]] = {
    "高": (1, False), "大": (1, False), "多": (1, False), "低": (-1, False), "小": (-1, False), "少": (-1, False),
    "好": (1, True), "强": (1, True), "优": (1, True), "快": (1, True), "差": (-1, True), "弱": (-1, True),
    "慢": (-1, True),
}  # fmt: skip
_OPEN = re.compile(
    r"之一|几乎|并列|可能|接近|相近|之外|以外|除[了去开]?|大多|多数|部分|唯独|[并不]非|不是|而非|不一定|未必"
    r"|例外(?<!一例外)(?<!毫无例外)(?<!没有例外)|次[高低优]"
)
"""What keeps a claim from being about all, or turns it round."""
_NARROWED = re.compile(
    r"开源|闭源|开放|封闭|基线|同类|同等|同规模|同尺寸|稀疏|稠密|同为|其中|当中|参数|以[下内上]|级别|消融"
)
_IS = re.compile(r"最.的[\u4e00-\u9fff]{0,4}[是为]\s*")
_OWN = re.compile(r"作者的|本文|我们的?|该文|论文(?:提出)?的?|自家|所提")
_BOUND_ROW = re.compile(r"oracle|upper|human|random|ground|gold|average|avg|expert", re.I)
_FEW = 3


class Verdict(NamedTuple):
    """What the cells say of a claim about all of them."""

    holds: bool
    said: str
    """The counter-example with its cells; empty where there is none."""
    where: str
    """Words of the claim."""
    every_line: bool = False
    """Said of all measures: then one table alone cannot bear it out while another has a counter-example."""


class _Said(NamedTuple):
    """One comparison of a clause: `subject` stands first (1) or last (-1) among `rivals`, on each of `lines`."""

    subject: frozenset[int]
    rivals: frozenset[int]
    lines: tuple[int, ...]
    sign: Sign
    judges: bool
    words: str
    narrowed: bool
    """Said of a part of the rivals only, which one is not known."""
    sure: bool
    by_row: bool
    """The systems stand in rows."""
    every_line: bool
    """Said of all lines of the table, none is named."""


def confirms(claim: str, evidence: Evidence) -> bool | None:
    """Do the cells bear out what the claim says of all of them? None where they do not tell."""
    verdict = judge(claim, evidence)
    return None if verdict is None else verdict.holds


def disagreements(claim: str, evidence: Evidence) -> list[Finding]:
    """A direction.table error for a counter-example; empty otherwise."""
    verdict = judge(claim, evidence)
    if verdict is None or verdict.holds:
        return []
    return [Finding(code="direction.table", severity="error", message=verdict.said, where=verdict.where)]


def judge(claim: str, evidence: Evidence) -> Verdict | None:
    """The verdict of the first table that has one; a table that agrees outweighs those that do not."""
    if not _HARD.search(claim) and not any(p.search(claim) for p, _, _ in _TOP):
        return None
    verdicts = []
    best = meant(claim, evidence)
    for place in places(claim, evidence):
        if place.missed <= 1:
            found = [v for said in _sayings(claim, place, evidence) if (v := _weighed(place, said)) is not None]
            verdicts += [v for v in found if v.holds or place in best]
    if not verdicts:
        return None
    for word in dict.fromkeys(v.where for v in verdicts):
        own = [v for v in verdicts if v.where == word]
        if not any(v.holds for v in own):
            return own[0]
        if not all(v.holds for v in own) and any(v.every_line for v in own):
            return None
    return verdicts[0] if verdicts[0].holds else next(v for v in verdicts if v.holds)


def _sayings(claim: str, place: Place, evidence: Evidence) -> Iterator[_Said]:
    by_row = systems_by_row(place.named, evidence.naming)
    if by_row is None:
        return
    systems, measures = (place.rows, place.columns) if by_row else (place.columns, place.rows)
    begin, before = 0, 0
    for stop in [*(m.span() for m in _CLAUSE.finditer(claim)), (len(claim), len(claim))]:
        clause = claim[begin : stop[0]]
        found = None if _OPEN.search(clause) else _comparison(clause)
        if found is not None:
            said = _said(claim, (before, begin, stop[0]), found, place, systems, measures, by_row, evidence)
            if said is not None:
                yield said
        before, begin = begin, stop[1]


def _comparison(clause: str) -> tuple[re.Match[str], Sign, bool, bool] | None:
    """(words, more or less, whether they judge, whether it is a superlative)."""
    for pattern, sign, judges in _TOP:
        if match := pattern.search(clause):
            return match, sign, judges, True
    if not _HARD.search(clause):
        return None
    if match := _BI.search(clause):
        return match, *_BI_SIGNS[match[1]], False
    for pattern, sign, judges in _THAN:
        if match := pattern.search(clause):
            return match, sign, judges, False
    return None


def _said(
    claim: str, span: tuple[int, int, int], found: tuple[re.Match[str], Sign, bool, bool], place: Place,
    systems: Sequence[Entity], measures: Sequence[Entity], by_row: bool, evidence: Evidence,
) -> _Said | None:  # fmt: skip
    before, begin, end = span
    match, sign, judges, top = found
    at = begin + match.start()
    every = frozenset(_ends(place.named, by_row))
    lines, certain, all_lines = _lines(claim, span, place, measures, by_row)
    if not lines:
        return None
    singles = [e for e in sorted(systems) if len(e.lines) <= max(1, len(every) // _FEW)]
    left = _subjects(claim, span, at, singles)
    own = own_lines(place.named, by_row, evidence.naming)
    subject = left[-1].lines if left else (own if _OWN.search(claim[before:at]) else frozenset())
    if not subject:
        return None
    sure = certain and not place.missed and len(subject) == 1
    sure = sure and (not left or (left[-1].sure and len(left) == 1))
    clause = claim[begin:end]
    if top:
        grouped = [e for e in systems if begin <= e.start and e.end <= at and len(e.lines) > 1 and e.lines >= subject]
        rivals = (grouped[-1].lines if grouped else every) - subject
        narrowed = not grouped and bool(_NARROWED.search(claim))
        if len(rivals) < _FEW - 1:
            return None
        return _Said(subject, rivals, lines, sign, judges, match.group(), narrowed, sure, by_row, all_lines)
    behind = [e for e in systems if e.start >= at and e.end <= end and not e.lines & subject]
    if len(behind) == 1:
        sure = sure and behind[0].sure and len(behind[0].lines) == 1
        return _Said(subject, behind[0].lines, lines, sign, judges, match.group(), False, sure, by_row, all_lines)
    if not behind and _RIVALS.search(claim, at, end):
        narrowed = bool(_NARROWED.search(clause))
        return _Said(subject, every - subject, lines, sign, judges, match.group(), narrowed, sure, by_row, all_lines)
    return None


def _subjects(claim: str, span: tuple[int, int, int], at: int, systems: Sequence[Entity]) -> list[Entity]:
    """What the comparison is said of: what is named behind 最高的是, before it, or in the clause before."""
    before, begin, end = span
    if _IS.match(claim, at):
        behind = [e for e in systems if at <= e.start and e.end <= end]
        if behind:
            return behind[:1]
    inside = [e for e in systems if e.end <= at and e.start >= begin]
    return inside or [e for e in systems if before <= e.start and e.end <= begin]


def _lines(
    claim: str, span: tuple[int, int, int], place: Place, measures: Sequence[Entity], by_row: bool
) -> tuple[tuple[int, ...], bool, bool]:
    """The lines on which it is compared, whether that is certain, and whether all are meant."""
    before, begin, end = span
    scores = tuple(n for n in _measures(place.named, by_row) if not counts(place.named, n, by_row))
    near = [e for e in measures if begin <= e.start and e.end <= end] or [
        e for e in measures if before <= e.start and e.end <= begin
    ]
    if near:
        named = tuple(sorted(frozenset().union(*(e.lines for e in near))))
        several = bool(_HARD.search(claim[begin:end])) and all(len(e.lines) == 1 for e in near)
        return named, all(e.sure for e in near) and (len(named) == 1 or several), False
    spoken = _LINES.search(claim, before, end)
    if spoken or len(scores) == 1:
        number = re.search(r"\d+|[两三四五六七八九十]", spoken.group()) if spoken else None
        told = number is None or _as_number(number.group()) == len(scores)
        return scores, told, True
    return (), False, False


def _as_number(text: str) -> int:
    return int(text) if text.isdigit() else "零一两三四五六七八九十".index(text)


def _ends(named: Named, by_row: bool) -> list[int]:
    """The systems, bounds such as an oracle left out."""
    if by_row:
        return [n for n in range(len(named.table.rows)) if not _BOUND_ROW.search(named.row_name(n))]
    return [n for n in named.columns if not _BOUND_ROW.search(named.column_name(n))]


def _measures(named: Named, by_row: bool) -> list[int]:
    return list(named.columns) if by_row else list(range(len(named.table.rows)))


def _cell(named: Named, system: int, line: int, by_row: bool) -> str:
    return named.cell(system, line) if by_row else named.cell(line, system)


def _weighed(place: Place, said: _Said) -> Verdict | None:
    named, by_row = place.named, said.by_row
    seen = 0
    for line in said.lines:
        good = -1 if said.judges and lower_is_better(named, line, by_row) else 1
        own = [v for n in said.subject if (v := values.value(_cell(named, n, line, by_row))) is not None]
        if not own:
            continue
        first = max(own, key=lambda v: v.low * said.sign * good)
        for rival in sorted(said.rivals):
            other = values.value(_cell(named, rival, line, by_row))
            if other is None or other.kind != first.kind:
                continue
            seen += 1
            if (first.low - other.low) * said.sign * good < 0:
                if said.narrowed or not said.sure:
                    return None
                return Verdict(False, _counter(named, said, rival, line), said.words, said.every_line)
    return Verdict(True, "", said.words, said.every_line) if seen else None


def _counter(named: Named, said: _Said, rival: int, line: int) -> str:
    by_row = said.by_row
    (one,) = said.subject
    names = [named.row_name(n) if by_row else named.column_name(n) for n in (one, rival)]
    cells = [_cell(named, n, line, by_row).strip() for n in (one, rival)]
    measure = named.column_name(line) if by_row else named.row_name(line)
    return f"{label(named)} 的 {measure}：{names[0]} 是 {cells[0]}，{names[1]} 是 {cells[1]}，不能说“{said.words}”。"
