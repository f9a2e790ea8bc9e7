"""Which tables can be rebuilt: every header belongs to its column, every row and cell to its words on the page.

A table that leaves a doubt is left out whole: a wrong number under a right name is worse than none. Pure.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from agents.tables.labels import Named
from core import placement
from core.documents import Cell, Document, Passage, Table, TableRow
from core.models import Box
from core.placement import PlacedWord

_LEVELS = " / "
_NEAR = 0.4
"""Points: boxes are kept to a tenth of one, and hulls add that up."""
_APART = 0.75
"""Of a word's height: wider than a space within a name."""
_EDGE = 1.5
"""Points: names that begin at one place."""
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_MARKED = re.compile(
    r"^(?=[A-Z])(?:[A-Za-z.]*[a-z][A-Z][\w.+#-]*|[A-Za-z]+[-.]?[A-Za-z]*\d[\w.-]*|[A-Z]+#|[A-Z][A-Za-z]+-[A-Za-z\d.-]*)$"
)
"""A word written like the name of a system (GPT-4o, DeepSeekMoE, Claude-3.5-), not like that of a size (8x22B)."""
_LETTERS = 3
"""In such a name at least; fewer are a version (R1)."""
_ARROW = re.compile(r"[↑↓]")
_SOUND = 0.4
"""Share of columns whose headings must be beyond doubt; the others are left out."""
_BLANK = 0.2
"""Share of empty cells above which columns may have been confused."""


def doubt(table: Table, named: Named, twins: bool = False) -> str:
    """Why the table had better not be rebuilt; empty where it may. `twins`: one heading may stand over several columns,
    which another row tells apart."""
    columns = named.columns
    if not columns or columns[0] == 0 or not table.rows:
        return "no names"
    checks = (
        ("headers", len(sound(table, columns, twins)) < max(min(2, len(columns)), _SOUND * len(columns))),
        ("names missing", _unnamed(table, columns[0])),
        ("blanks", _blanks(table, columns) > _BLANK),
        ("columns overlap", _overlap(table)),
    )
    return next((reason for reason, found in checks if found), "")


def sound(table: Table, columns: Sequence[int], twins: bool = False) -> tuple[int, ...]:
    """Those of the columns whose heading is surely their own, and no other's (but for `twins`)."""
    headers = [table.header[n] for n in columns]
    upper, often = _upper(headers), Counter(headers)
    good = [
        n
        for n, head in zip(columns, headers, strict=True)
        if head.strip()
        and (often[head] == 1 or (twins and _LEVELS not in head))
        and head.count(_LEVELS) < 2
        and all(upper[part] > 1 for part in _upper([head]))
        and not _several(head, headers)
    ]
    strayed = {n - 1 for n, head in zip(columns, headers, strict=True) if len(_ARROW.findall(head)) > 1}
    good = [n for n in good if n not in strayed]  # the arrow of one that stands in the next
    # where one heading went astray, another may have that stands over several columns
    return tuple(n for n in good if len(good) == len(columns) or _LEVELS not in table.header[n])


def _upper(header: Iterable[str]) -> Counter[str]:
    """Over how many columns each upper heading stands."""
    found: Counter[str] = Counter()
    for name in header:
        levels = name.split(_LEVELS)
        found.update({_LEVELS.join(levels[: n + 1]) for n in range(len(levels) - 1)})
    return found


def _several(name: str, headers: Sequence[str]) -> bool:
    """Does one heading hold the words of several?"""
    for level in name.split(_LEVELS):
        plain = _ASIDE.sub(" ", level)
        words = plain.split()
        half = len(words) // 2
        if len(_ARROW.findall(level)) > 1 or any(words[:n] == words[n : 2 * n] for n in range(1, half + 1)):
            return True
        shared = [h for h in headers if h != name and words and h.split()[:1] == words[:1]]
        marked = sum(bool(_MARKED.match(w)) and sum(c.isalpha() for c in w) >= _LETTERS for w in words)
        if marked > 1 and (shared or not _one_name(words)):
            return True
        if level.count("#") > 1 or (words and words[0].endswith("-") and shared):
            return True
        if len(words) > 1 and all(word.endswith(".") for word in words):
            return True
    return False


def _one_name(words: Sequence[str]) -> bool:
    """A name that is broken at its hyphens (R1-Distill- Qwen-14B, Qwen2.5 -7B)."""
    return all(a.endswith("-") or b.startswith("-") for a, b in pairwise(words))


def _unnamed(table: Table, front: int) -> bool:
    """Is there a row without a name where others have one? A name may stand for several rows then."""
    filled = [[bool(row.cells[n].text.strip()) for row in table.rows] for n in range(front)]
    return not any(map(all, filled)) or any(any(column) and not all(column) for column in filled)


def _blanks(table: Table, columns: Sequence[int]) -> float:
    cells = [row.cells[n].text.strip() for row in table.rows for n in columns]
    return sum(not text for text in cells) / len(cells)


def _overlap(table: Table) -> bool:
    """Do the cells of two neighbouring columns stand above one another?"""
    edges = []
    for n in range(len(table.header)):
        boxes = [box for row in table.rows if (box := row.cells[n].box) is not None]
        edges.append((min(b.x0 for b in boxes), max(b.x1 for b in boxes)) if boxes else None)
    filled = [edge for edge in edges if edge is not None]
    return any(a[1] > b[0] + 1 for a, b in pairwise(filled[1:]))


def passages(document: Document, table: Table) -> list[Passage | None]:
    """The passage of each row: the one whose words fill the same box; None where there is none or a cell's words are
    not found in it."""
    found = {}
    for passage in document.passages:
        if passage.kind == "table" and passage.page == table.box.page and len(passage.sentences) == 1:
            words = placement.unpack(passage.words)
            if words:
                found[passage.id] = (passage, words, _hull(w.box for w in words))
    return [_passage(row, list(found.values())) for row in table.rows]


def _passage(row: TableRow, found: Sequence[tuple[Passage, Sequence[PlacedWord], Box]]) -> Passage | None:
    boxes = [cell.box for cell in row.cells if cell.box is not None]
    if not boxes:
        return None
    hull = _hull(boxes)
    fitting = [
        passage
        for passage, words, box in found
        if _same(hull, box) and all(_printed(passage, words, c) == c.text for c in row.cells if c.box is not None)
    ]
    return fitting[0] if len(fitting) == 1 else None


def words_in(passage: Passage, cell: Cell) -> list[PlacedWord]:
    """The words of a row that stand in one cell."""
    return _inside(placement.unpack(passage.words), cell)


def _inside(words: Iterable[PlacedWord], cell: Cell) -> list[PlacedWord]:
    box = cell.box
    if box is None:
        return []
    return [w for w in words if _within(w.box, box)]


def _within(inner: Box, outer: Box) -> bool:
    return (
        inner.x0 >= outer.x0 - _NEAR
        and inner.x1 <= outer.x1 + _NEAR
        and inner.y0 >= outer.y0 - _NEAR
        and inner.y1 <= outer.y1 + _NEAR
    )


def _printed(passage: Passage, words: Iterable[PlacedWord], cell: Cell) -> str:
    return " ".join(passage.text[w.start : w.end] for w in _inside(words, cell))


def edge(rows: Sequence[tuple[Passage, Cell]]) -> float | None:
    """Where the names of a column begin, if most of them begin at one place."""
    starts = [round(runs[0][0].box.x0) for passage, cell in rows if len(runs := _runs(passage, cell)) == 1]
    common, often = Counter(starts).most_common(1)[0] if starts else (0, 0)
    return float(common) if often > 1 and often * 2 > len(starts) else None


def label(passage: Passage, cell: Cell, left: float | None) -> str:
    """The name in a cell. Words wholly to the left of where the column's names begin (`left`) are none of it: they
    head several rows. Empty where it cannot be told which words are the name."""
    runs = _runs(passage, cell)
    if len(runs) > 1 and left is not None:
        named = [run for run in runs if abs(run[0].box.x0 - left) < _EDGE]
        beside = [run for run in runs if run[-1].box.x1 < left]
        if len(named) == 1 and len(beside) == len(runs) - 1:
            runs = named
    words = [word for run in runs for word in run]
    if not runs or (len(runs) > 1 and not _close(words)):
        return ""
    return " ".join(passage.text[w.start : w.end] for w in words)


def _runs(passage: Passage, cell: Cell) -> list[list[PlacedWord]]:
    runs: list[list[PlacedWord]] = []
    for word in words_in(passage, cell):
        if runs and _goes_on(runs[-1][-1].box, word.box, runs[-1][0].box):
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


def _close(words: Sequence[PlacedWord]) -> bool:
    """Do they stand on one line, in order, without a gap that parts columns?"""
    pairs = [(a.box, b.box) for a, b in pairwise(words)]
    return all(abs(a.y0 - b.y0) < 2 and 0 < b.x0 - a.x1 < 1.5 * (a.y1 - a.y0) for a, b in pairs)


def _goes_on(before: Box, box: Box, first: Box) -> bool:
    """Does the word go on on the line, or on the next one below its beginning?"""
    height = before.y1 - before.y0
    same_line = abs(before.y0 - box.y0) < 0.35 * height
    if same_line:
        return -1 < box.x0 - before.x1 < _APART * height
    return 0 < box.y0 - before.y0 < 1.6 * height and abs(box.x0 - first.x0) < 3 * height and box.x0 >= first.x0 - 1


def level(passage: Passage, cell: Cell, other: Cell) -> bool:
    """Do both stand on one printed line?"""
    if cell.box is None or other.box is None:
        return False
    middle = (cell.box.y0 + cell.box.y1) / 2
    words = words_in(passage, other)
    return any(w.box.y0 - 1 <= middle <= w.box.y1 + 1 for w in words)


def _hull(boxes: Iterable[Box]) -> Box:
    some = list(boxes)
    return Box(
        some[0].page, min(b.x0 for b in some), min(b.y0 for b in some), max(b.x1 for b in some), max(b.y1 for b in some)
    )


def _same(a: Box, b: Box) -> bool:
    return a.page == b.page and all(abs(x - y) < _NEAR for x, y in zip(a[1:], b[1:], strict=True))
