"""A row of a table as a Chinese sentence: its labels and values as printed, put together by code. Pure."""

import re
from typing import NamedTuple

from core import placement
from core.documents import Passage

_LABEL = re.compile(r"(?:Table|Tab\.)\s*([A-Z]?[.\d]+)", re.IGNORECASE)
_MOST = 12
"""Cells that are told; a reader who wants more opens the page."""


class _Cell(NamedTuple):
    name: str
    value: str


def in_chinese(passage: Passage) -> str:
    """`Table 3 · Model=GPT-4, MMLU=86.4 (Results)` -> `表 3，Model 为 GPT-4：MMLU 为 86.4。`; empty for what is no row
    of at least two cells."""
    if passage.kind != "table":
        return ""
    front, cells = _cells(passage)
    if len(cells) < 2:
        return ""
    first, *others = cells
    heads = [*front, _told(first)]
    told = [_told(cell) for cell in others[:_MOST]]
    return f"{'，'.join(heads)}：{'，'.join(told)}{'……' if len(others) > _MOST else '。'}"


def _told(cell: _Cell) -> str:
    return f"{cell.name} 为 {cell.value}" if cell.name else cell.value


def _cells(passage: Passage) -> tuple[list[str], list[_Cell]]:
    """What stands before the first cell (table, group of rows), and the cells. Names of columns may have commas and
    equal signs themselves: where the printed words stand tells which is which."""
    text, cells, front, behind = passage.text, list[_Cell](), list[str](), 0
    for start, end in _values(passage):
        name = text[behind:start].removesuffix("=")
        if not cells:
            *parts, name = name.split(" · ")
            front = [_LABEL.sub(r"表 \1", part) for part in parts]
        cells.append(_Cell(name.removeprefix(",").strip(), text[start:end]))
        behind = end
    return front, cells


def _values(passage: Passage) -> list[tuple[int, int]]:
    """Where the printed cells stand in the text: words with nothing but a space between them are one."""
    found: list[tuple[int, int]] = []
    for word in placement.unpack(passage.words):
        if found and passage.text[found[-1][1] : word.start] == " ":
            found[-1] = (found[-1][0], word.end)
        else:
            found.append((word.start, word.end))
    return found
