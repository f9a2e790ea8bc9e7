"""Comparisons of named rows or columns that the cells of a table contradict: 高于, 不如, 比…低, 仅次于, 最高."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from agents.checks import Evidence
from agents.tables import universal, values
from agents.tables.locate import Entity, Place, meant
from agents.tables.naming import counts, label, lower_is_better
from core.models import Finding

Sign = Literal[1, -1]
_CLAUSE = re.compile(r"[，。；：;]|,\s")
_WORDS: tuple[tuple[str, Sign, bool], ...] = (
    # pattern, larger or smaller, whether it speaks of good and bad rather than of more and less
    (r"高[于过出]|大于|多于|长于|快于", 1, False),
    (r"低于|小于|少于|短于|不到|不足", -1, False),
    (r"优于|胜过|胜于|好于|强于|超过|超越|赶超|反超|领先于?|击败|战胜|压过|超出|赢过", 1, True),
    (
        r"不如|不及|不敌|逊于|逊色于|差于|劣于|弱于|落后于?|输给|败给|比不上|比不过|赶不上|未能超过|没有超过|未超过",
        -1,
        True,
    ),
)
_MILD = r"(?:更|略|稍|稍微|略微|明显|显著|还|要|都|均|反而|仍|大幅|远|高出|也|得|只|仅|约|大约){0,3}"


def _said_of(words: str) -> re.Pattern[str]:
    """An adjective behind the object of 比, not the beginning of another word (高质量)."""
    return re.compile(rf"(?:[\sA-Za-z0-9）)\]的版型上]|本|分|值|率)({_MILD}(?:{words}))(?!质量|层|频|维|阶|级|效|斯)")


_AFTER_BI: tuple[tuple[re.Pattern[str], Sign, bool], ...] = (
    (_said_of("高|大|多|长"), 1, False),
    (_said_of("低|小|少|短"), -1, False),
    (_said_of("好|强|优|领先|出色"), 1, True),
    (_said_of("差|弱|逊|落后|糟"), -1, True),
)
_BI = re.compile(r"比(?![例如较率重赛对特值试拟]|不[上过])|相较于?|相比于?|较(?=[ A-Za-z])")
_NEGATED = re.compile(r"(?:不|没有?|未|并非|无法|未能|难以|未必|不再|不能)\s*(?:显著|明显|一定|完全)?$")
_NEXT = re.compile(r"仅次于|次于")
_LIMITED = re.compile(
    r"开源|闭源|基线|同类|同规模|同等|之外|以外|除|其他|其它|各自|之一|几乎|并列|可能|接近|相近|消融|不是|并非|而非"
)
_ALL = re.compile(r"均|都|全部|所有|各项|各个|每个|每项|一致|全面|无一")
_BOUND_ROW = re.compile(r"oracle|upper|human|random|ground|gold|all$|average|avg", re.I)


class _Said(NamedTuple):
    """One comparison of the claim: `subject` is more (1) or less (-1) than `object`."""

    subject: Entity
    object: Entity
    sign: Sign
    judges: bool
    """Says better or worse, not more or less."""
    words: str
    begin: int
    end: int
    """Of its clause."""


def disagreements(claim: str, evidence: Evidence) -> list[Finding]:
    """Findings with the code direction.table; empty where the tables say nothing or agree."""
    found = meant(claim, evidence)
    wrong: list[Finding] = []
    for by_row in (True, False):
        verdicts = [v for place in found for v in _verdicts(claim, place, by_row)]
        words = dict.fromkeys(v[0] for v in verdicts)
        for word in words:
            own = [v[1] for v in verdicts if v[0] == word]
            if own and all(own):
                message = own[0]
                wrong.append(Finding(code="direction.table", severity="error", message=message, where=word))
    all_of_them = universal.judge(claim, evidence)
    if all_of_them is not None and all_of_them.holds:
        wrong = [f for f in wrong if f.where != all_of_them.where]
    return wrong[:1] or universal.disagreements(claim, evidence)


def _verdicts(claim: str, place: Place, by_row: bool) -> Iterator[tuple[str, str]]:
    """(words of a comparison, what contradicts it; empty where the table agrees). Doubtful ones are left out."""
    ends, others = (place.rows, place.columns) if by_row else (place.columns, place.rows)
    ends = tuple(sorted(ends))
    for said in _said(claim, ends):
        lines = _lines(claim, place, others, said, by_row)
        if lines:
            verdict = _compared(claim, place, said, lines, by_row)
            # where one table leaves it open, it may be the one that is meant
            yield said.words, verdict or ""
    if by_row:
        yield from _runners_up(claim, place, ends, others)


def _said(claim: str, ends: Sequence[Entity]) -> Iterator[_Said]:
    """The comparisons whose two sides are named."""
    subject: Entity | None = None
    for begin, end in _clauses(claim):
        inside = [e for e in ends if begin <= e.start and e.end <= end]
        found = [c for c in _comparisons(claim, begin, end) if not _NEGATED.search(claim[begin : c[0]])]
        for at, until, sign, judges, words in found:
            left = [e for e in inside if e.end <= at]
            right = [e for e in inside if e.start >= at]
            first = left[-1] if left else subject
            if first is not None and right and right[0].start < until and first is not right[0]:
                yield _Said(first, right[0], sign, judges, words, begin, end)
        if inside and not found:
            subject = inside[0] if len(inside) == 1 else None
        elif found:
            left = [e for e in inside if e.end <= found[0][0]]
            subject = left[-1] if left else subject


def _clauses(claim: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for stop in _CLAUSE.finditer(claim):
        yield begin, stop.start()
        begin = stop.end()
    if begin < len(claim):
        yield begin, len(claim)


def _comparisons(claim: str, begin: int, end: int) -> Iterator[tuple[int, int, Sign, bool, str]]:
    """(where the subject ends, where the object has begun, sign, judges, words)."""
    for bi in _BI.finditer(claim, begin, end):
        hit = _first(claim, bi.end(), end)
        if hit:
            at, sign, judges, words = hit
            yield bi.start(), at, sign, judges, words
            return
    for pattern, sign, judges in _WORDS:
        for match in re.finditer(pattern, claim[begin:end]):
            yield begin + match.start(), end, sign, judges, match.group()


def _first(claim: str, begin: int, end: int) -> tuple[int, Sign, bool, str] | None:
    """The first word behind the object of 比 that says how."""
    hits = [
        (match.start(1), sign, judges, match[1])
        for pattern, sign, judges in _AFTER_BI
        if (match := pattern.search(claim, begin, end))
    ]
    return min(hits) if hits else None


def _lines(claim: str, place: Place, others: Sequence[Entity], said: _Said, by_row: bool) -> list[int]:
    """The columns (rows) on which the two are compared; none where that is open."""
    near = [e for e in others if e.start < said.end and e.end > said.begin]
    chosen = near or _before(claim, [e for e in others if e.end <= said.begin])
    if any(not e.sure for e in chosen):
        return []
    lines = sorted(frozenset().union(*(e.lines for e in chosen))) if chosen else []
    every = list(place.named.columns) if by_row else list(range(len(place.named.table.rows)))
    if not lines and not others and (len(every) == 1 or _ALL.search(claim)):
        lines = [n for n in every if len(every) == 1 or not counts(place.named, n, by_row)]
    if len(lines) > 1 and not (_ALL.search(claim) or len(chosen) == 1):
        return []
    return lines


def _before(claim: str, others: Sequence[Entity]) -> list[Entity]:
    """Those of the last clause that names any: 单看 C, A 比 B 低 is said of C, whatever was said before."""
    last = max((e.end for e in others), default=0)
    begin = max((m.end() for m in _CLAUSE.finditer(claim, 0, last)), default=0)
    return [e for e in others if e.start >= begin]


def _compared(claim: str, place: Place, said: _Said, lines: Sequence[int], by_row: bool) -> str | None:
    """What contradicts the comparison; "" where the cells agree, None where they leave it open."""
    if not (said.subject.sure and said.object.sure):
        return None
    outcomes: list[str] = []
    for line in lines:
        good = -1 if lower_is_better(place.named, line, by_row) else 1
        if good < 0 and said.judges and re.search(r"超|领先|落后", said.words):
            continue
        wanted = said.sign * (good if said.judges else 1)
        for a in said.subject.lines - said.object.lines:
            for b in said.object.lines - said.subject.lines:
                cells = [values.value(_cell(place, n, line, by_row)) for n in (a, b)]
                if cells[0] is None or cells[1] is None or cells[0].kind != cells[1].kind:
                    continue
                difference = (cells[0].low - cells[1].low) * wanted
                outcomes.append(_contradiction(place, a, b, line, said, by_row) if difference < 0 else "")
    if not outcomes:
        return None
    if _ALL.search(claim) and len(lines) > 1 and len(said.subject.lines) == len(said.object.lines) == 1:
        return next((o for o in outcomes if o), "")
    if all(outcomes):
        return outcomes[0]
    return "" if not any(outcomes) else None


def _cell(place: Place, end: int, line: int, by_row: bool) -> str:
    return place.named.cell(end, line) if by_row else place.named.cell(line, end)


def _contradiction(place: Place, a: int, b: int, line: int, said: _Said, by_row: bool) -> str:
    table = place.named
    names = [table.row_name(n) if by_row else table.column_name(n) for n in (a, b)]
    metric = table.column_name(line) if by_row else table.row_name(line)
    one, two = (_cell(place, n, line, by_row) for n in (a, b))
    return f"{label(table)} 的 {metric}：{names[0]} 是 {one}，{names[1]} 是 {two}，与“{said.words}”相反。"


def _runners_up(
    claim: str, place: Place, ends: Sequence[Entity], others: Sequence[Entity]
) -> Iterator[tuple[str, str]]:
    """Who is next to the first in a column."""
    for begin, end in _clauses(claim):
        inside = [e for e in ends if begin <= e.start and e.end <= end]
        columns = [e for e in others if e.end <= end]
        after = _NEXT.search(claim, begin, end)
        if after is None or len(inside) != 2 or _LIMITED.search(claim):
            continue
        if len(columns) == 1 and len(columns[0].lines) == 1 and columns[0].sure:
            (column,) = columns[0].lines
            yield from _second(place, claim, inside, column, after.start(), after.group())


def _ranked(place: Place, column: int, sign: Sign) -> list[tuple[float, int]]:
    """The rows by their value in a column, best first; bounds and averages left out."""
    found = []
    for n in range(len(place.named.table.rows)):
        cell = values.value(place.named.cell(n, column))
        if cell is not None and not _BOUND_ROW.search(place.named.row_name(n)):
            found.append((cell.low * sign, n))
    return sorted(found, reverse=True)


def _second(
    place: Place, claim: str, inside: Sequence[Entity], column: int, at: int, word: str
) -> Iterator[tuple[str, str]]:
    """A 仅次于 B, 仅次于 B 的是 A: none but B is before A."""
    left = [e for e in inside if e.end <= at]
    right = [e for e in inside if e.start >= at]
    if len(left) == 1 and len(right) == 1:
        second, first = left[0], right[0]
    elif len(right) == 2 and re.search(r"的[^，]{0,4}是", claim[right[0].end : right[1].start]):
        first, second = right
    else:
        return
    sign: Sign = -1 if lower_is_better(place.named, column, True) else 1
    ranked = _ranked(place, column, sign)
    if len(first.lines) != 1 or len(second.lines) != 1 or len(ranked) < 2:
        return
    values_of = {n: value for value, n in ranked}
    (a,), (b,) = second.lines, first.lines
    if a not in values_of or b not in values_of:
        return
    between = [n for value, n in ranked if n not in (a, b) and values_of[a] < value < values_of[b]]
    named = place.named
    if between:
        what = f"{label(named)} 的 {named.column_name(column)} 里，紧随 {named.row_name(b)} 之后的是"
        yield word, f"{what} {named.row_name(between[0])}（{named.cell(between[0], column)}）。"
    elif values_of[a] > values_of[b]:
        yield word, f"{label(named)} 的 {named.column_name(column)} 里，{named.row_name(a)} 高于 {named.row_name(b)}。"
    else:
        yield word, ""
