"""From the words of a table to its header and cells. Pure.

Columns are where most rows leave a gap. The header ends at the first rule inside the table, or where numbers begin;
a short rule under an upper header says which columns it stands over.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from statistics import median

from tools.pdf.page import Area, Line, Word, hull

_NUMBER = re.compile(r"^[-−–+±~≈<>≤≥↑↓$(]*\d[\d.,]*\s*[%kKMBTx×)↑↓*†‡]*([±(/–-].*)?$|^[-–—✓✗×✔✘]$")
_ASIDE = re.compile(r"^[(a-z]")
"""How a second line of a cell begins."""
_GAP = 0.5
"""Of the font size: wider than a space (0.25-0.33), narrower than what parts two columns."""
_FULL = 0.8
"""Of the table's width: a rule that long parts header and body, shorter ones underline a group of columns."""


@dataclass(slots=True)
class Run:
    """Words of one row that stand close together."""

    words: list[Word]

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return self.words[-1].x1

    @property
    def text(self) -> str:
        return " ".join(w.text for w in self.words)


@dataclass(slots=True)
class GridRow:
    """One printed row: the words of each column, and the inner heading above it."""

    cells: list[list[Word]]
    group: list[Word] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """A table taken apart. Header texts and cells have one entry a column."""

    header: list[str]
    rows: list[GridRow]


def rows_of(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines grouped by baseline, top to bottom, each row from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda found: found.middle):
        if rows and abs(rows[-1][0].middle - line.middle) < max(2.0, line.size * 0.35):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda found: found.x0) for row in rows]


def grids(lines: Sequence[Line], rules: Sequence[Area], verticals: Sequence[Area] = ()) -> list[Grid]:
    """The lines of a table and the rules in it -> its cells; several grids where it begins anew with another header.

    At least one line is needed. `verticals` are upright lines between columns.
    """
    rows = [_runs(row) for row in rows_of(lines)]
    first = rows[0][0].text
    again = [n for n, row in enumerate(rows) if n > 2 and len(row) > 1 and row[0].text == first and len(rows[0]) > 1]
    edges = [0, *again, len(rows)]
    return [_grid(rows[a:b], rules, verticals) for a, b in pairwise(edges)]


def _grid(rows: Sequence[list[Run]], rules: Sequence[Area], verticals: Sequence[Area]) -> Grid:
    area = hull(word for row in rows for run in row for word in run.words)
    rules = [r for r in rules if area.y0 - 14 < r.y0 < area.y1 + 14]
    tops = _header_rows(rows, rules, area)
    columns = _columns(rows[tops:] or rows, area)
    header = _header(rows[:tops], columns, rules, verticals)
    body = [_cells(row, columns) for row in rows[tops:]]
    return Grid(header, _grouped(body, rows[tops:], columns, rules))


def _runs(row: Sequence[Line]) -> list[Run]:
    runs: list[Run] = []
    for line in row:
        for word in line.words:
            if runs and word.x0 - runs[-1].x1 < _GAP * line.size:
                runs[-1].words.append(word)
            else:
                runs.append(Run([word]))
    return runs


def _middle(row: Sequence[Run]) -> float:
    word = row[0].words[0]
    return (word.y0 + word.y1) / 2


def _is_number(text: str) -> bool:
    return bool(_NUMBER.match(text))


def _header_rows(rows: Sequence[Sequence[Run]], rules: Sequence[Area], area: Area) -> int:
    """How many rows at the top are header."""
    full = sorted(r.y0 for r in rules if r.width > _FULL * area.width and r.x0 < area.x0 + 10)
    for y in full:
        above = sum(_middle(row) < y for row in rows)
        if 0 < above < len(rows):
            runs = [run for row in rows[:above] for run in row]
            if sum(_is_number(run.text) for run in runs) <= 0.5 * len(runs):
                return above
            break
    for n, row in enumerate(rows):
        if sum(_is_number(run.text) for run in row) * 2 >= len(row) > 1:
            return n
    return min(1, len(rows) - 1)


def _columns(rows: Sequence[Sequence[Run]], area: Area) -> list[tuple[float, float]]:
    """The stretches of x that rows fill, from left to right; at least one."""
    left, width = int(area.x0), int(area.x1) - int(area.x0) + 2
    filled = [0] * width
    most = max(map(len, rows))
    whole = [row for row in rows if len(row) >= most - (most > 6)]
    several = whole if len(whole) > max(2, 0.4 * len(rows)) else [row for row in rows if len(row) > 1] or list(rows)
    for row in several:
        for run in row:
            for x in range(max(0, int(run.x0) - left), min(width, int(run.x1) - left + 1)):
                filled[x] += 1
    spared = len(several) // 12
    columns = []
    for busy, stretch in groupby(range(width), key=lambda x: filled[x] > spared):
        xs = list(stretch)
        if busy:
            columns.append((float(xs[0] + left), float(xs[-1] + left)))
    return columns or [(area.x0, area.x1)]


def _nearest(columns: Sequence[tuple[float, float]], x: float) -> int:
    return min(range(len(columns)), key=lambda n: max(columns[n][0] - x, x - columns[n][1]))


def _spanned(
    run: Run, columns: Sequence[tuple[float, float]], rules: Sequence[Area], verticals: Sequence[Area]
) -> list[int]:
    """The columns a header stands over: between upright lines, over a short rule of its own, or as wide as it is."""
    x0, x1 = run.x0, run.x1
    word = run.words[0]
    upright = [v for v in verticals if v.y0 <= (word.y0 + word.y1) / 2 <= v.y1]
    under = [r for r in rules if -2 < r.y0 - word.y1 < 8 and r.x0 < x1 and r.x1 > x0]
    if upright:
        x0 = max((v.x0 for v in upright if v.x0 <= run.x0 + 1), default=columns[0][0])
        x1 = min((v.x1 for v in upright if v.x1 >= run.x1 - 1), default=columns[-1][1])
    elif under:
        x0, x1 = under[0].x0, under[0].x1
    centres = [(a + b) / 2 for a, b in columns]
    return [n for n, c in enumerate(centres) if x0 - 1 <= c <= x1 + 1] or [_nearest(columns, (run.x0 + run.x1) / 2)]


def _header(
    rows: Sequence[Sequence[Run]], columns: Sequence[tuple[float, float]], rules: Sequence[Area],
    verticals: Sequence[Area],
) -> list[str]:  # fmt: skip
    """The header of each column, its levels joined by " / ", wrapped lines by a space."""
    names = ["" for _ in columns]
    spanning = [False] * len(columns)
    rows = [_cut_at(row, verticals) for row in rows]
    for n, row in enumerate(rows):
        own = [r for r in rules if sum(run.x0 < r.x1 and run.x1 > r.x0 for run in row) == 1]
        over: dict[int, tuple[str, bool]] = {}
        for run in row:
            under = _spanned(run, columns, own, verticals)
            below = [low for lower in rows[n + 1 :] for low in lower]
            lowest = not any(run.x0 < low.x1 and run.x1 > low.x0 for low in below)
            headed = all(any(low.x0 < columns[c][1] and low.x1 > columns[c][0] for low in below) for c in under)
            several = len(under) > 1
            over_them_all = _has_short_rule(run, own, columns) or _stands_alone(run, row, under, columns)
            if several and not over_them_all and (lowest or _are_names(run, [columns[c] for c in under], headed)):
                pieces, several = [([_nearest(columns, (w.x0 + w.x1) / 2)], w.text) for w in run.words], False
            else:
                pieces = [(under, run.text)]
            for at, text in pieces:
                over.update((c, (f"{over[c][0]} {text}" if c in over else text, several)) for c in at)
        centred = [run for run in row if not _has_short_rule(run, own, columns)]
        if not verticals and centred and any(wide for _, wide in over.values()):
            _spread(over, centred, columns, rows)
        for c, (text, wide) in over.items():
            levels = " / " if spanning[c] or (wide and names[c]) else " "
            names[c] += (levels if names[c] else "") + text
            spanning[c] = wide
    for run in rows[-1] if rows else ():
        for c in _unnamed_around(run, columns, names):
            names[c] = run.text
    return names


def _has_short_rule(run: Run, rules: Sequence[Area], columns: Sequence[tuple[float, float]]) -> bool:
    """Is there a rule under it that says over which columns it stands?"""
    full = _FULL * (columns[-1][1] - columns[0][0])
    bottom = run.words[0].y1
    return any(-2 < r.y0 - bottom < 8 and r.x0 < run.x1 and r.x1 > run.x0 and r.width < full for r in rules)


def _stands_alone(run: Run, row: Sequence[Run], under: Sequence[int], columns: Sequence[tuple[float, float]]) -> bool:
    """Is it one word, the only one of its row over several columns, the first, with the rows' names, not among them?"""
    x0, x1 = columns[under[0]][0], columns[under[-1]][1]
    beside = sum(other.x0 < x1 and other.x1 > x0 for other in row)
    return beside == 1 == len(run.words) and len(under) > 1 and under[0] > 0


def _unnamed_around(run: Run, columns: Sequence[tuple[float, float]], names: Sequence[str]) -> Sequence[int]:
    """The columns without a name on both sides of one name, if it stands in their middle."""
    at = _nearest(columns, (run.x0 + run.x1) / 2)
    first = last = at
    while first > 0 and not names[first - 1]:
        first -= 1
    while last + 1 < len(columns) and not names[last + 1]:
        last += 1
    middle = (columns[first][0] + columns[last][1]) / 2
    return range(first, last + 1) if last > first and abs(middle - (run.x0 + run.x1) / 2) < 12 else ()


def _cut_at(row: Sequence[Run], verticals: Sequence[Area]) -> list[Run]:
    """Names in neighbouring cells, close together but parted by an upright line."""
    cut: list[Run] = []
    for run in row:
        middle = (run.words[0].y0 + run.words[0].y1) / 2
        lines = [v.x0 for v in verticals if v.y0 <= middle <= v.y1]
        for _, words in groupby(run.words, key=lambda w: sum(x < (w.x0 + w.x1) / 2 for x in lines)):
            cut.append(Run(list(words)))
    return cut


def _are_names(run: Run, columns: Sequence[tuple[float, float]], headed: bool) -> bool:
    """Is this a name for each of these columns, set close together, and not one name over all of them?

    No word stands over the gap between two columns; of only two, that have a name each below (`headed`), the words
    there are further apart than words are.
    """
    gaps = [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    if any(w.x0 < x < w.x1 for x in gaps for w in run.words):
        return False
    apart = [b.x0 - a.x1 for a, b in pairwise(run.words) if any(a.x1 <= x <= b.x0 for x in gaps)]
    height = run.words[0].y1 - run.words[0].y0
    return len(gaps) > 1 or not headed or bool(apart and apart[0] > 0.38 * height)


def _spread(
    over: dict[int, tuple[str, bool]], row: Sequence[Run], columns: Sequence[tuple[float, float]],
    rows: Sequence[Sequence[Run]],
) -> None:  # fmt: skip
    """Columns beside a centred upper header without a rule of its own belong to the nearest one."""
    top, bottom = row[0].words[0].y0, row[0].words[0].y1
    level = [run for other in rows for run in other if run.words[0].y0 < bottom - 2 and run.words[0].y1 > top + 2]
    for c in range(min(over), len(columns)):
        x0, x1 = columns[c]
        if c not in over and not any(run.x0 < x1 and run.x1 > x0 for run in level):
            x = (x0 + x1) / 2
            near = min(row, key=lambda run: max(run.x0 - x, x - run.x1))
            over[c] = (near.text, True)


def _cells(row: Sequence[Run], columns: Sequence[tuple[float, float]]) -> list[list[Word]]:
    cells: list[list[Word]] = [[] for _ in columns]
    for run in row:
        inside = [n for n, (x0, x1) in enumerate(columns) if run.x0 < x1 and run.x1 > x0]
        if len(inside) <= 1:
            cells[inside[0] if inside else _nearest(columns, (run.x0 + run.x1) / 2)] += run.words
        else:
            for word in run.words:
                cells[_nearest(columns, (word.x0 + word.x1) / 2)].append(word)
    return cells


def _grouped(
    body: list[list[list[Word]]], runs: Sequence[Sequence[Run]], columns: Sequence[tuple[float, float]],
    rules: Sequence[Area],
) -> list[GridRow]:  # fmt: skip
    """Rows with their inner headings; wrapped lines go to the row they belong to."""
    middles = [_middle(row) for row in runs]
    pitch = median(b - a for a, b in pairwise(middles)) if len(middles) > 2 else 0.0
    rows: list[GridRow] = []
    heading: list[Word] = []
    at: list[float] = []
    for n, cells in enumerate(body):
        filled = [c for c, words in enumerate(cells) if words]
        alone = len(runs[n]) == 1 and len(columns) > 1
        close = n > 0 and middles[n] - middles[n - 1] < 0.88 * pitch
        inner = alone and filled[0] > 0 and not _is_central(runs[n][0], columns)
        aside = len(filled) <= len(columns) / 2 and all(_ASIDE.match(cells[c][0].text) for c in filled)
        wrapped = bool(rows) and ((close and len(filled) < len(columns) / 2) or inner or (aside and filled[0] == 0))
        if alone and not wrapped and not _is_number(runs[n][0].text):
            heading = list(runs[n][0].words)
        elif wrapped:
            for c in filled:
                rows[-1].cells[c] += cells[c]
        else:
            rows.append(GridRow(cells, heading))
            at.append(middles[n])
    _fill_labels(rows, at, [r for r in rules if r.x0 < columns[0][1]])
    return rows or [GridRow(cells) for cells in body]


def _is_central(run: Run, columns: Sequence[tuple[float, float]]) -> bool:
    """Does it stand in the middle of the table, as a heading does?"""
    width = columns[-1][1] - columns[0][0]
    return abs((run.x0 + run.x1) / 2 - (columns[0][0] + columns[-1][1]) / 2) < 0.06 * width


def _fill_labels(rows: Sequence[GridRow], middles: Sequence[float], rules: Sequence[Area]) -> None:
    """A label that stands once beside several rows between two rules is the heading of all of them."""
    widest = max((r.width for r in rules), default=0.0)
    cuts = sorted(r.y0 for r in rules if r.width > 0.5 * widest)
    for _, band in groupby(range(len(rows)), key=lambda n: sum(y < middles[n] for y in cuts)):
        inside = [rows[n] for n in band]
        labelled = [row for row in inside if row.cells[0]]
        second_names = sum(bool(r.cells[1]) and not _is_number(r.cells[1][0].text) for r in inside if len(r.cells) > 2)
        if len(inside) > 1 and 0 < len(labelled) < len(inside) / 1.5 and second_names > len(inside) / 2:
            _name_all(inside)


def _name_all(rows: Sequence[GridRow]) -> None:
    """Each row without a label takes that of the row above it, or of the first below; centred labels are shared."""
    labels = [row.cells[0] for row in rows if row.cells[0]]
    current = labels[0]
    centred = len(labels) == 1 or not rows[0].cells[0]
    shared = [word for label in labels for word in label] if centred else []
    for row in rows:
        current = row.cells[0] or current
        row.group = [*row.group, *(shared or current)]
        row.cells[0] = []
