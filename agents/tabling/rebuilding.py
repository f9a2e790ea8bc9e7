"""Chosen lines of a table as a table of the report: every cell a sentence with its own place in the paper. Pure."""

import re
from collections.abc import Sequence

from agents.tables.naming import label
from agents.tabling.choosing import FIRST, Chosen
from agents.tabling.sheets import Line, Sheet, arrows
from core.models import Quote
from core.report import Grid, GridRow, Sentence

_CAPTION = 110
"""Characters of a caption that are shown."""
_MARK = re.compile(r"[*∗†‡§]")


class Ids:
    """Gives out the ids of a section's further sentences."""

    def __init__(self, section: str, taken: Sequence[str]) -> None:
        numbers = [int(m[1]) for id in taken if (m := re.search(r"\.c(\d+)$", id))]
        self._section, self._last = section, max(numbers, default=0)

    def sentence(self, text: str, evidence: Sequence[Quote]) -> Sentence:
        """A sentence as the page has it."""
        self._last += 1
        return Sentence(id=f"{self._section}.c{self._last}", text=text, evidence=tuple(evidence))


def grid(chosen: Chosen, ids: Ids) -> tuple[Grid, list[Sentence]]:
    """The systems as rows, as they are named in the paper."""
    sheet, sentences, rows = chosen.sheet, list[Sentence](), list[GridRow]()
    for system in chosen.systems:
        cells = []
        for measure in chosen.measures:
            text, quote = sheet.printed(system, measure), sheet.quote(system, measure)
            if text and quote is not None:
                sentences.append(ids.sentence(text, [quote]))
                cells.append(sentences[-1].id)
            else:
                cells.append("")
        rows.append(GridRow(label=system.name, paper=sheet.document.paper, cells=tuple(cells)))
    made = Grid(
        caption=caption(sheet),
        corner=corner(sheet),
        columns=tuple(measure.shown for measure in chosen.measures),
        rows=tuple(rows),
        notes=tuple(_notes(chosen)),
    )
    return made, sentences


def caption(sheet: Sheet) -> str:
    """原文表 3（第 6 页）：Comparison of …"""
    where = f"原文{label(sheet.named)}" if sheet.table.label else "原文的表"
    words = shortened(sheet.table.caption)
    return f"{where}（第 {sheet.table.box.page} 页）{'：' if words else ''}{words}"


def shortened(text: str) -> str:
    """The first sentence of a caption, cut at a word where it is long."""
    first = FIRST.split(text.strip(), maxsplit=1)[0].strip()
    return first if len(first) <= _CAPTION else f"{first[:_CAPTION].rpartition(' ')[0]} …"


def corner(sheet: Sheet) -> str:
    """What the rows are called: as printed where they stand in rows there, too."""
    head = sheet.table.header[0].strip() if sheet.by_row else ""
    return head if head and " / " not in head else "方法"


def _notes(chosen: Chosen) -> list[str]:
    sheet, page = chosen.sheet, chosen.sheet.table.box.page
    own = [s.name for s in chosen.systems if s.own]
    notes = []
    if own and len(own) < len(chosen.systems):
        notes.append(f"论文自己的方法：{'、'.join(own)}。")
    if sheet.part:
        notes.append(f"只取表中“{sheet.part}”一组。")
    rows, columns = len(sheet.table.rows), len(sheet.named.columns)
    shown = (len(chosen.systems), len(chosen.measures))
    turned = "" if sheet.by_row else "行列与原表互换"
    printed = (sheet.table.label, page)
    parts = sum((t.label, t.box.page) == printed for t in sheet.document.tables if t.label)
    if parts > 1 or shown != ((rows, columns) if sheet.by_row else (columns, rows)):
        notes.append(f"{turned}{'；' if turned else ''}只列出一部分，完整的表见第 {page} 页。")
    elif turned:
        notes.append(f"{turned}。")
    notes += _directions(chosen.measures)
    marks = {mark for s in chosen.systems for m in chosen.measures for mark in _MARK.findall(sheet.printed(s, m))}
    notes += [f"数字后的 {'、'.join(sorted(marks))} 是原表的记号，含义见第 {page} 页。"] if marks else []
    return notes


def _directions(measures: Sequence[Line]) -> list[str]:
    """What the arrows mean that are printed with the columns."""
    printed = {arrows(m) for m in measures}
    told = [words for arrow, words in (("↑", "↑ 越高越好"), ("↓", "↓ 越低越好")) if arrow in printed]
    return [f"{'，'.join(told)}。"] if told else []
