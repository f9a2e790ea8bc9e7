"""A number of the claim against the cell that the claim names."""

import re
from typing import NamedTuple

from agents.checks import Evidence
from agents.evidence.units import units
from agents.quantities.model import Quantity
from agents.quantities.relate import equal
from agents.tables import values
from agents.tables.locate import Entity, Place, places
from agents.tables.naming import label

_CLAUSE = re.compile(r"[，。；：;]|,\s")
_BEHIND_NAME = re.compile(r"[A-Za-z][ -]?$")
_SMALL = 10
_FEW = 4
_STATED = re.compile(
    r"(?:为|是|达|得|取得|有|只|仅|至|到|了|共|等于|=|：|:|报告|分数?|成绩|率|值|低|高|于|和|与|及|、|，|[（(]|准确|召回|一致)"
    r"\s*(?:[大约近超过仅只]|接近|高达|不到|大约|平均)*\s*$"
)
"""Before a number that is said of something, not part of what something is called (7B 模型)."""
_CALLED = re.compile(r"\s*(?:参数|规模|版|级)?的?(?:稠密|基座|基础|小|大)?模型|\s*(?:长度|上下文|参数|版本?)")


def in_a_name(q: Quantity, claim: str, evidence: Evidence) -> bool:
    """Does the number belong to a name that a table prints (Heron 13B)?"""
    if not _BEHIND_NAME.search(claim[: q.start]):
        return False
    return any(e.start < q.start < e.end for place in places(claim, evidence) for e in (*place.rows, *place.columns))


class Named(NamedTuple):
    """The cells that a claim's number may belong to, in one table."""

    place: Place
    rows: frozenset[int]
    columns: frozenset[int]
    sure_row: bool
    """One row without doubt, and nothing of the claim is missing from the table."""
    sure_column: bool


def named(q: Quantity, claim: str, evidence: Evidence) -> list[Named]:
    """Where the number should stand, the best tables first; empty where the claim names no row or no column."""
    found = []
    all_places = places(claim, evidence)
    least = min((p.missed for p in all_places if p.rows and p.columns), default=0)
    for place in all_places:
        if place.missed > least or any(e.start <= q.start < e.end for e in (*place.rows, *place.columns)):
            continue
        rows = _meant(place.rows, q, claim)
        columns = _meant(place.columns, q, claim)
        lines = frozenset(n for e in rows for n in e.lines)
        across = frozenset(n for e in columns for n in e.lines) or frozenset(place.values_in())
        if lines and across:
            row, column = (
                not place.missed and len(some) == 1 and all(e.sure for e in named)
                for some, named in ((lines, rows), (across, columns))
            )
            found.append(Named(place, lines, across, row, column))
    return found


def clause(q: Quantity, claim: str) -> tuple[int, int]:
    """Where the clause of the number begins and ends."""
    begin = max((m.end() for m in _CLAUSE.finditer(claim, 0, q.start)), default=0)
    return begin, next((m.start() for m in _CLAUSE.finditer(claim, q.end)), len(claim))


def _meant(entities: tuple[Entity, ...], q: Quantity, claim: str) -> tuple[Entity, ...]:
    """Of several those that stand in the number's clause, if any do."""
    begin, end = clause(q, claim)
    near = tuple(e for e in entities if e.start < end and e.end > begin)
    return near or entities


def printed(q: Quantity, claim: str, evidence: Evidence) -> str:
    """Where exactly the number is printed in a cell that the claim names; empty where it is not."""
    for cells in named(q, claim, evidence):
        for row in sorted(cells.rows):
            for column in sorted(cells.columns):
                cell = values.value(cells.place.named.cell(row, column))
                if cell is not None and values.agrees(q, cell):
                    return _where(cells.place, row, column)
    return ""


def beside(q: Quantity, claim: str, evidence: Evidence) -> str:
    """Where the number stands in a column from which the claim quotes others, its own row called otherwise; empty
    where it does not. The row cannot be told then, so nothing can be said against it."""
    others = [e for e in units(claim).quantities if not equal(q, e)]
    for cells in named(q, claim, evidence):
        table = cells.place.named
        for column in sorted(cells.columns) if q.quantum < 1 and not cells.sure_row else ():
            rows = [row for row in range(len(table.table.rows)) if _is(q, table.cell(row, column))]
            known = [e for e in others if any(_is(e, table.cell(row, column)) for row in cells.rows)]
            if rows and known:
                return _where(cells.place, rows[0], column)
    return ""


def operands(q: Quantity, claim: str, evidence: Evidence) -> list[Quantity]:
    """The numbers in the cells that the claim names, where it names few."""
    found: list[Quantity] = []
    for cells in named(q, claim, evidence):
        if len(cells.rows) * len(cells.columns) <= _FEW:
            for row in sorted(cells.rows):
                for column in sorted(cells.columns):
                    cell = values.value(cells.place.named.cell(row, column))
                    found += [cell] if cell is not None and cell not in found else []
    return found[: 2 * _FEW]


class Misplaced(NamedTuple):
    """A number that the claim gives to one cell and the table prints in another."""

    right: str
    """What the named cell prints."""
    where: str
    """Table and row or column of the named cell."""
    other: str
    """Whose number it is."""


def misplaced(q: Quantity, claim: str, evidence: Evidence) -> Misplaced | None:
    """Set only where every table that the claim may mean prints something else in the named cells."""
    if not q.exact or q.grammatical or q.kind.startswith(("date", "ordinal")):
        return None
    if q.low <= _SMALL and q.quantum >= 1 and not q.bound:
        return None
    if not _STATED.search(claim[: q.start]) or _CALLED.match(claim, q.end):
        return None
    meant = named(q, claim, evidence)
    if not meant or printed(q, claim, evidence) or not all(m.sure_row or m.sure_column for m in meant):
        return None
    return next((found for cells in meant if (found := _elsewhere(q, cells)) is not None), None)


def _elsewhere(q: Quantity, cells: Named) -> Misplaced | None:
    table = cells.place.named
    row, column = min(cells.rows), min(cells.columns)
    if cells.sure_row:
        for other in range(len(table.table.rows)):
            for n in sorted(cells.columns):
                if other not in cells.rows and _is(q, table.cell(other, n)) and values.value(table.cell(row, n)):
                    return Misplaced(_text(table.cell(row, n)), _where(cells.place, row, n), table.row_name(other))
    if cells.sure_column and len(cells.rows) == 1:
        for n in table.columns:
            if n not in cells.columns and _is(q, table.cell(row, n)) and values.value(table.cell(row, column)):
                return Misplaced(_text(table.cell(row, column)), _where(cells.place, row, column), table.column_name(n))
    return None


def _is(q: Quantity, text: str) -> bool:
    cell = values.value(text)
    return cell is not None and values.agrees(q, cell)


def _text(cell: str) -> str:
    found = values.value(cell)
    return found.text if found is not None else cell


def _where(place: Place, row: int, column: int) -> str:
    table = place.named
    name = table.row_name(row)
    line = f"{name} 一行" if name else ""
    if len(table.columns) > 1:
        line += f"{'，' if line else ''}{table.column_name(column)} 一列"
    return f"{label(table)}，{line}" if line else label(table)
