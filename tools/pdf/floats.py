"""Finds tables, figures and listings by their captions. Pure functions over one page.

A caption looks up and down its column as far as the next running text. What lies there decides: rules and the words
between them are a table or a listing, drawings and images a figure. Of all pairs on the page the closest are joined
first, so that a caption between two floats takes its own.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tools.pdf.grid import rows_of
from tools.pdf.page import Area, Block, Kind, Line, Page, hull

CAPTION = re.compile(
    r"^(?P<label>(?:Figure|Fig\.?|Table|Tab\.|Algorithm|Listing|FIGURE|TABLE)\s*(?:[A-Z]?\.?\d+(?:\.\d+)?|[IVX]+))"
    r"(?:\s*[:.|–—-](?:\s|$)|\s+[A-Z(]|$)"
)
"""The label, then punctuation or a capital letter: "Table 7 compares …" is a sentence, not a caption."""
STEP = re.compile(r"^(\d{1,2}:?\s|Require|Ensure|Input|Output|Initiali[sz]e|Parameter|Return)", re.IGNORECASE)
"""How the lines of an algorithm begin."""
_FAR = 60.0
"""Points between a caption and its float; more is another's."""
_LOOSE = 45.0
"""Points between the parts of one figure."""
_OVER = 14.0
"""Points a drawing may reach beyond the room between caption and text; what reaches further is a background."""
_BELOW = 12.0
"""Points a figure below its caption must be nearer than one above, which is where most captions have theirs."""


@dataclass(slots=True)
class Float:
    """A caption and what it belongs to."""

    caption: Block
    kind: Kind
    """TABLE, FIGURE or LISTING."""
    area: Area
    rules: tuple[Area, ...]
    gap: float
    """Points between caption and float; a measure of how sure the pair is."""
    verticals: tuple[Area, ...] = ()
    """Upright lines between columns."""


def find(blocks: Sequence[Block], page: Page, gutter: float | None, size: float) -> list[Float]:
    """The floats of a page. `blocks` with their first kinds set; none is changed."""
    captions = [b for b in blocks if b.kind is Kind.CAPTION]
    chosen: list[Float] = []
    for figures in (False, True):  # tables and listings first: their rules are surer than a figure's extent
        found: list[Float] = []
        for caption in captions:
            if caption.text.lower().startswith("fig") is figures:
                x0, x1 = _column(caption, captions, page, gutter)
                taken = [one.area for one in chosen]
                look = _Look(blocks, page, size, Area(x0, 0, x1, page.height), caption, taken)
                found += [f for below in (False, True) if (f := look.toward(below))]
        for one in sorted(found, key=lambda f: f.gap):
            if all(one.caption is not c.caption and not _collide(one.area, c.area) for c in chosen):
                chosen.append(one)
    return chosen


def _collide(a: Area, b: Area) -> bool:
    return min(a.x1, b.x1) - max(a.x0, b.x0) > 5 and min(a.y1, b.y1) - max(a.y0, b.y0) > 5


def side(block: Block, gutter: float | None) -> int:
    """-1: left column, 1: right column, 0: across, or a one-column page."""
    if gutter is None:
        return 0
    return -1 if block.x1 <= gutter + 12 else 1 if block.x0 >= gutter - 12 else 0


def _column(caption: Block, captions: Sequence[Block], page: Page, gutter: float | None) -> tuple[float, float]:
    """How far left and right the float of a caption may reach: its column, less what captions beside it claim."""
    where = side(caption, gutter)
    left = gutter if where == 1 and gutter else 0.0
    right = gutter if where == -1 and gutter else page.width
    for other in captions:
        level = min(other.y1, caption.y1) - max(other.y0, caption.y0) > 2
        if other is not caption and level:
            if other.x0 >= caption.x1 - 2:
                right = min(right, (caption.x1 + other.x0) / 2)
            elif other.x1 <= caption.x0 + 2:
                left = max(left, (caption.x0 + other.x1) / 2)
    return left, right


class _Look:
    """What stands above and below one caption."""

    def __init__(
        self, blocks: Sequence[Block], page: Page, size: float, column: Area, caption: Block, taken: Sequence[Area]
    ) -> None:
        self._page, self._size, self._column, self._caption, self._taken = page, size, column, caption, taken
        self._label = caption.text[:3].lower()
        self._near = [b for b in blocks if b is not caption and b.x1 > column.x0 + 8 and b.x0 < column.x1 - 8]
        heads = [b.y1 for b in blocks if b.kind is Kind.MARGIN and b.y1 < page.height * 0.12]
        self._top = max(heads, default=page.height * 0.04) + 3
        notes = [b for b in self._near if b.kind is Kind.NOTE]
        rules = [r for r in page.rules if self._in_column(r) and not self._is_furniture(r, notes)]
        self._rules = _joined(rules)

    def _in_column(self, area: Area) -> bool:
        return area.x0 > self._column.x0 - 6 and area.x1 < self._column.x1 + 6

    def _is_furniture(self, rule: Area, notes: Sequence[Block]) -> bool:
        """The rule above a footnote or below a running head."""
        above_note = any(-3 < n.y0 - rule.y1 < 14 for n in notes) and rule.width < 0.6 * self._column.width
        return above_note or rule.y1 < self._top + 10

    def toward(self, below: bool) -> Float | None:
        """The float in that direction, if there is one."""
        caption = self._caption
        edge = caption.y1 if below else caption.y0
        wall = self._wall(edge, below, ())
        if self._label == "tab":
            return self._ruled(edge, below) or self._tabular(edge, wall, below)
        if self._label in ("alg", "lis"):
            return self._ruled(edge, below) or (self._steps(edge) if below else None)
        return self._drawn(edge, wall, below)

    def _wall(self, edge: float, below: bool, allowed: Iterable[Area]) -> float:
        """Where running text, a heading or another caption ends the view."""
        tops = [
            b.y0 if below else b.y1
            for b in self._near
            if (b.y0 >= edge - 2 if below else b.y1 <= edge + 2) and self._is_wall(b)
            and not any(a.y0 - 2 <= b.y0 and b.y1 <= a.y1 + 2 for a in allowed)
        ]  # fmt: skip
        areas = [a for a in self._taken if a.x0 < self._column.x1 - 8 and a.x1 > self._column.x0 + 8]
        tops += [a.y0 if below else a.y1 for a in areas if (a.y0 >= edge - 2 if below else a.y1 <= edge + 2)]
        if below:
            return min(tops, default=self._page.height * 0.96)
        return max(tops, default=self._top)

    def _is_wall(self, block: Block) -> bool:
        if block.kind in (Kind.CAPTION, Kind.NOTE, Kind.MARGIN):
            return True
        if block.kind is not Kind.TEXT or (self._framed(block) and not _is_body(block, self._size)):
            return False
        if block.size > self._size * 1.08 and block.lines[0].bold > 0.8 and len(block.lines[0].words) > 1:
            return True
        return is_prose(block, self._size, self._column)

    def _framed(self, block: Block) -> bool:
        """Does it stand inside something drawn?"""
        drawn = (*self._page.marks, *self._page.images)
        frames = (m for m in drawn if block.y1 - block.y0 < m.height < 0.85 * self._page.height)
        area = Area(block.x0, block.y0, block.x1, block.y1)
        return any(_within(area, frame) for frame in frames)

    def _ruled(self, edge: float, below: bool) -> Float | None:
        """From the first rule near the caption as far as rules and no running text follow."""
        towards = [r for r in self._rules if (r.y0 >= edge - 4 if below else r.y1 <= edge + 4)]
        towards.sort(key=lambda r: r.y0 if below else -r.y1)
        if not towards or abs((towards[0].y0 if below else towards[0].y1) - edge) > _FAR:
            return None
        first = towards[0]
        second = next((r for r in towards[1:] if abs(r.y0 - first.y0) > 6), None)
        if second is None:
            return None
        between = [Area(first.x0, min(first.y0, second.y0), first.x1, max(first.y1, second.y1))]
        same = abs(first.x0 - second.x0) < 6 and abs(first.x1 - second.x1) < 6
        wall = self._wall(edge, below, between if same else ())
        taken = [r for r in towards if (r.y1 <= wall + 3 if below else r.y0 >= wall - 3)]
        taken = [r for r in taken if _beside(r, first)]
        full = [n for n, r in enumerate(taken) if abs(r.x0 - first.x0) < 8 and abs(r.x1 - first.x1) < 8]
        if len(full) > 1:
            taken = taken[: full[-1] + 1]
        if len(taken) < 2:
            return None
        area = hull(taken)
        inside = [line for b in self._near for line in b.lines if area.holds(*_centre(line), 1)]
        if not inside:
            return None
        kind = Kind.TABLE if self._label == "tab" else Kind.LISTING
        area = hull([area, *(line for line in inside if line.x1 < self._column.x1 + 6)])
        gap = area.y0 - edge if below else edge - area.y1
        upright = tuple(m for m in self._page.marks if m.width < 3 and m.height > 4 and _within(m, area))
        return Float(self._caption, kind, area, tuple(taken), abs(gap), upright)

    def _tabular(self, edge: float, wall: float, below: bool) -> Float | None:
        """A table without rules: the blocks that hang together near the caption and are set in columns."""
        low, high = (edge, wall) if below else (wall, edge)
        pieces = [
            b for b in self._near if b.y0 >= low - 3 and b.y1 <= high + 3 and not is_prose(b, self._size, self._column)
        ]
        pieces = [b for b in pieces if b.kind in (Kind.TEXT, Kind.FIGURE, Kind.EQUATION)]
        pieces.sort(key=lambda b: b.y0 if below else -b.y1)
        body: list[Block] = []
        reached = edge
        for piece in pieces:
            if (piece.y0 - reached if below else reached - piece.y1) > 26:
                break
            body.append(piece)
            reached = max(reached, piece.y1) if below else min(reached, piece.y0)
        lines = [line for b in body for line in b.lines]
        if len(lines) < 4 or not looks_tabular(lines):
            return None
        gap = hull(body).y0 - edge if below else edge - hull(body).y1
        rules = tuple(r for r in self._rules if low - 3 <= r.y0 <= high + 3)
        return Float(self._caption, Kind.TABLE, hull(body), rules, abs(gap) + 4)

    def _steps(self, edge: float) -> Float | None:
        """The numbered lines of an algorithm without a rule at its end."""
        body: list[Block] = []
        reached = edge
        for block in sorted((b for b in self._near if b.y0 >= edge - 3), key=lambda b: b.y0):
            near = block.y0 - reached < 20
            if not near or not any(STEP.match(line.text) for line in block.lines):
                break
            body.append(block)
            reached = max(reached, block.y1)
        return Float(self._caption, Kind.LISTING, hull(body), (), 8.0) if body else None

    def _drawn(self, edge: float, wall: float, below: bool) -> Float | None:
        low, high = (edge, wall) if below else (wall, edge)
        drawn = [a for a in (*self._page.images, *self._page.marks, *self._rules) if self._in_column(a)]
        drawn = [a for a in drawn if low - _OVER <= a.y0 and a.y1 <= high + _OVER]
        lettering = [hull([b]) for b in self._near if b.y0 >= low - 3 and b.y1 <= high + 3 and not self._is_wall(b)]
        if not drawn:
            return None
        parts = sorted([*drawn, *lettering], key=lambda a: a.y0 if below else -a.y1)
        reached = edge
        body: list[Area] = []
        for part in parts:
            gap = part.y0 - reached if below else reached - part.y1
            if gap > (_FAR if not body else _LOOSE):
                break
            body.append(part)
            reached = max(reached, part.y1) if below else min(reached, part.y0)
        if not any(part in drawn for part in body):
            return None
        area = hull(body)
        area = Area(max(area.x0, 0), max(area.y0, low), min(area.x1, self._page.width), min(area.y1, high))
        if area.height < 12 or area.width < 20:
            return None
        gap = area.y0 - edge + _BELOW if below else edge - area.y1
        return Float(self._caption, Kind.FIGURE, area, (), max(0.0, gap))


def _joined(rules: Sequence[Area]) -> list[Area]:
    """Rules drawn cell by cell as one."""
    joined: list[Area] = []
    for rule in sorted(rules, key=lambda r: (round(r.y0), r.x0)):
        last = joined[-1] if joined else None
        if last and abs(last.y0 - rule.y0) < 1.2 and -2 < rule.x0 - last.x1 < 1:
            joined[-1] = hull([last, rule])
        else:
            joined.append(rule)
    return joined


def _within(a: Area, b: Area) -> bool:
    return b.x0 - 3 <= a.x0 and a.x1 <= b.x1 + 3 and b.y0 - 3 <= a.y0 and a.y1 <= b.y1 + 3


def _beside(a: Area, b: Area) -> bool:
    """Do two rules overlap from left to right?"""
    return min(a.x1, b.x1) - max(a.x0, b.x0) > 0


def _is_body(block: Block, size: float) -> bool:
    """A paragraph in the body's own type, such as an abstract in a shaded box."""
    long = sum(len(line.words) >= 10 for line in block.lines)
    return block.size >= size * 0.97 and long >= 4


def _centre(line: Line) -> tuple[float, float]:
    return (line.x0 + line.x1) / 2, line.middle


def is_prose(block: Block, size: float, column: Area) -> bool:
    """Running text: lines of words in the size of the body, as wide as prose is, not set in columns."""
    if block.size < size * 0.93:
        return False
    long = [
        line
        for line in block.lines
        if len(line.words) >= 7 and line.math < 0.4 and line.x1 - line.x0 > 0.3 * column.width
    ]
    if len(long) >= 2:
        return not looks_tabular(block.lines)
    return len(long) == 1 and len(block.lines) <= 2 and long[0].x1 - long[0].x0 > 0.6 * column.width


def looks_tabular(lines: Sequence[Line]) -> bool:
    """Mostly rows of several short pieces, as prose never has."""
    rows = rows_of(lines)
    split = sum(any(b.x0 - a.x1 > 1.1 * a.size for a, b in pairwise(row)) for row in rows)
    return len(rows) >= 2 and split >= 0.5 * len(rows) and sum(len(line.words) for line in lines) / len(lines) < 6
