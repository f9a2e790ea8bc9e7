"""Tables of an issue for a vault: a row a paper, linked to its note, each number to its page."""

from core.models import Claim
from core.report import Grid
from tools.exports import _md_said as said
from tools.exports import _names
from tools.exports import _wording as wording
from tools.exports._obsidian_words import callout, paper, wiki, words
from tools.exports._view import View
from tools.exports.reports._content import SILENT, WITHHELD_CELL


def tables(view: View) -> list[str]:
    """All tables of the issue."""
    return [line for grid in view.overview.grids for line in _table(view, grid)]


def tables_of(view: View, version: str) -> list[str]:
    """What they say of one paper; the others are in the note of the issue."""
    found = []
    for grid in view.overview.grids:
        rows = tuple(row for row in grid.rows if row.paper == version)
        filled = [n for n in range(len(grid.columns)) if any(row.cells[n : n + 1] != ("",) for row in rows)]
        kept = [row.model_copy(update={"cells": tuple(row.cells[n] for n in filled)}) for row in rows]
        columns = tuple(grid.columns[n] for n in filled)
        others = tuple(f"{column}：" for column in grid.columns if column not in columns)
        notes = tuple(note for note in grid.notes if not note.startswith(others))
        shown = grid.model_copy(update={"rows": tuple(kept), "columns": columns, "notes": notes})
        found += [shown] if rows and filled else []
    made = [line for grid in found for line in _table(view, grid, named=False)]
    return [*made, f"和其他论文的对比见 {wiki(view.folder, view.title)}。", ""] if made else []


def _table(view: View, grid: Grid, *, named: bool = True) -> list[str]:
    cells = {claim.id: claim for claim in view.overview.cells}
    rows = []
    for row in grid.rows:
        whose = f"<br>{paper(view, row.paper, table=True)}" if named and row.paper in view.results else ""
        rows.append([words(row.label) + whose, *(_cell(cells.get(id), bool(id)) for id in row.cells)])
    heads = [words(head) or "　" for head in (grid.corner, *grid.columns)]
    notes = [f"- {words(note)}" for note in grid.notes]
    boxed = callout("warning", wording.not_to_compare(len(notes)), notes) if notes else []
    return [f"**{words(grid.caption)}**", "", *lines(heads, rows), "", *boxed]


def lines(heads: list[str], rows: list[list[str]]) -> list[str]:
    """A table; its cells are escaped already."""
    body = [f"| {' | '.join(row)} |" for row in rows]
    return [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads), *body]


def _cell(claim: Claim | None, filled: bool) -> str:
    if claim is None or claim.withheld:
        return WITHHELD_CELL if filled else SILENT
    at = claim.evidence[0] if claim.evidence else None
    address = _names.pdf_page(at.paper, at.page) if at else ""
    page = f"（第 {at.page} 页）" if at and not address else ""
    return said.link(words(claim.text), address) + page + said.doubt(claim.verdict)
