"""Numbers that may follow from cells of which the claim names only some, and numbers that count rows.

What is found here keeps a number from being called wrong; what is not found says nothing.
"""

import re
from collections.abc import Iterator, Sequence

from agents.checks import Evidence
from agents.evidence.names import Naming
from agents.quantities import parse
from agents.quantities.model import Quantity
from agents.quantities.nouns import EXCLUSIVE
from agents.quantities.relate import equal, fit
from agents.tables import derive, values
from agents.tables.labels import Named
from agents.tables.locate import Entity, Place, places
from agents.tables.naming import counts, label, line_name, own_lines, systems_by_row
from core.documents import Table

_MISSED = 2
"""Names that a table may lack more than the best one."""
_TABLES = 4
_FEW_LINES = 16
_NEAR = 0.02
"""How far a number in words may be from the computed one, as a share of it."""
_FRONT = 3
"""Cells of a row that may name it."""
_PLAIN_COUNT = 200
_COMPARISON = re.compile(
    r"(?:高|低|多|少|快|慢|升|降|涨|跌|好|差|强|弱|大|小|长|短|提高|提升|增加|增长|增大|下降|减少|缩短|缩小|扩大|领先|落后|超过|超出|超"
    r"|相差|差距|节省|压缩|改善|改进|拉开|占|相当于|只有|仅为|变化|优势|增益|损失|退步|进步)"
    r"[出至到了约近大于达过及将仅只不有其的为是整]*\s*[\u4e00-\u9fffA-Za-z -]{0,5}$"
)
"""Before a number that is what two others differ by, or a share of one of them."""
_RESULT = re.compile(r"(?:到|至|成)了?(?:每[\u4e00-\u9fff]{1,4})?[约近仅只达]?\s*$")
"""Before a number that is what came out, not by how much it changed (减少到 5 个)."""
_RELATIVE = re.compile(r"比(?![例较如率重赛对特值试拟]|不[上过])|相较|相比|对比|相差|之差|差距|占|原来的|其中|翻|一半")
_AFTER = re.compile(r"\s*的?(?:差距|优势|提升|增益|下降|增幅|降幅|领先|改进|差异|降低|增长|损失|折扣)")
_SIZE = re.compile(r"\d+(?:\.\d+)?\s?[kKMBbm]")
_BEHIND_NAME = re.compile(r"[A-Za-z\d][-（( ]\s?$")
_AS_NAME = re.compile(
    r"\s*(?:[-–]?\s*(?:token|context)s?)?\s*的?\s*(?:版本?|长度|上下文|窗口|序列|设置|设定|时|下|处|上|中|级|档|量级|规模|尺度|参数|底座|基座|模型|[、和与，（(）)]"
    r"|[A-Z][A-Za-z]*[-\d ])"
)


def is_difference(q: Quantity, claim: str) -> bool:
    """Does the claim set two things against each other by this number, so that nobody need have printed it?"""
    if q.grammatical or q.kind.startswith(("date", "ordinal")):
        return False
    before = claim[max(0, q.start - 12) : q.start]
    if _RESULT.search(before):
        return False
    if q.kind == "fraction":
        return True
    if _AFTER.match(claim, q.end):
        return True
    if q.kind in ("points", "times"):
        return bool(_COMPARISON.search(before) or _RELATIVE.search(claim[: q.end]))
    clause = max((m.end() for m in re.finditer(r"[，。；]", claim[: q.start])), default=0)
    if q.kind == "percent" and q.word:
        return True
    return bool(_COMPARISON.search(before)) and (
        bool(_RELATIVE.search(claim[clause : q.start])) or bool(re.search(r"[高低多少快慢升降涨跌][出了]", before))
    )


def named_places(claim: str, evidence: Evidence) -> list[Place]:
    """The tables that may be meant, the best first."""
    found = places(claim, evidence)
    least = min((p.missed for p in found), default=0)
    return [p for p in found if p.missed <= least + _MISSED][:_TABLES]


def explained(q: Quantity, claim: str, evidence: Evidence) -> str:
    """How two cells of one line yield the number, one of them named or the paper's own; empty where none do."""
    if not q.exact or q.low <= 0 or not is_difference(q, claim):
        return ""
    for place in named_places(claim, evidence):
        towards = systems_by_row(place.named, evidence.naming)
        for by_row in (True, False) if towards is None else (towards,):
            if not place.missed and _both_named(place, by_row):
                continue  # then it is those two or none
            for line, first, second in _pairs(place, by_row, evidence.naming):
                for result in derive.computed(q, first, second, claim):
                    if _agrees(q, result.value):
                        table = place.named
                        return f"{label(table)}（{line_name(table, line, by_row).strip()}）：{result.formula}"
    return ""


def _agrees(q: Quantity, value: float) -> bool:
    """Narrower than where both cells are named: much comes out of many cells by chance."""
    slack = min(derive.slack(q), max(q.quantum / 2, _NEAR * q.low))
    return abs(value - q.low) <= slack * (1 + 1e-6)


def _both_named(place: Place, by_row: bool) -> bool:
    ends, others = (place.rows, place.columns) if by_row else (place.columns, place.rows)
    return len(ends) > 1 and bool(others) and all(e.sure and len(e.lines) == 1 for e in ends)


def _pairs(place: Place, by_row: bool, naming: Naming) -> Iterator[tuple[int, Quantity, Quantity]]:
    """(line, one cell, another cell) of the lines that the claim names."""
    ends, others = (place.rows, place.columns) if by_row else (place.columns, place.rows)
    named = place.named
    systems = list(range(len(named.table.rows))) if by_row else list(named.columns)
    every = list(named.columns) if by_row else list(range(len(named.table.rows)))
    anchors = _lines_of(ends) or own_lines(named, by_row, naming)
    if not others and (not anchors or len(every) > _FEW_LINES):
        return
    if not anchors and len(systems) <= _FEW_LINES // 2:
        anchors = frozenset(systems)
    for line in sorted(_lines_of(others)) if others else every:
        if counts(named, line, by_row):
            continue
        cells = {n: v for n in systems if (v := values.value(_cell(named, n, line, by_row))) is not None}
        for one in sorted(anchors & cells.keys()):
            for two in sorted(cells.keys() - {one}):
                yield line, cells[one], cells[two]


def _lines_of(entities: Sequence[Entity]) -> frozenset[int]:
    return frozenset().union(*(e.lines for e in entities))


def _cell(named: Named, end: int, line: int, by_row: bool) -> str:
    return named.cell(end, line) if by_row else named.cell(line, end)


def counts_lines(q: Quantity, claim: str, evidence: Evidence) -> bool:
    """16 组测试 of a table with 16 rows: is it the number of rows, columns or groups of a table that is meant?"""
    if q.kind or not q.exact or q.quantum > 1 or not 2 <= q.low <= _PLAIN_COUNT or not q.noun or q.noun & EXCLUSIVE:
        return False
    cited = [t for t in evidence.tables if t.label and any(x.startswith(f"{t.label} ·") for x in evidence.texts)]
    tables = [p.named for p in named_places(claim, evidence) if not p.missed or p.named.table in cited]
    return any(q.low in _sizes(table) for table in tables)


def _sizes(named: Named) -> set[int]:
    rows = named.table.rows
    groups = [row.group for row in rows if row.group]
    first = [row.cells[0].text for row in rows if row.cells]
    heads = [h.split(" / ")[0] for n, h in enumerate(named.table.header) if n in named.columns]
    found = {len(rows), len(named.columns), len(set(groups)), len(set(first)), len(set(heads))}
    return found | {groups.count(g) for g in set(groups)}


def names_a_setting(q: Quantity, claim: str, evidence: Evidence) -> bool:
    """Is it a size or a length that something is called by (32K 长度, 80k 版, 236B 的 X), known from the paper?"""
    called = _AS_NAME.match(claim, q.end) or _BEHIND_NAME.search(claim[: q.start])
    if not called or not _SIZE.fullmatch(q.text):
        return False
    texts = [evidence.context, *evidence.near, *map(_labels, evidence.tables)]
    return any(fit(q, e) == "yes" and equal(q, e) for text in texts for e in parse(text))


def _labels(table: Table) -> str:
    """What a table calls its rows and columns, the first row included: it may be a second header."""
    first = [c.text for row in table.rows[:1] for c in row.cells]
    front = [c.text for row in table.rows[1:] for c in row.cells[:_FRONT]]
    return " ; ".join((*table.header, table.caption, *first, *front))
