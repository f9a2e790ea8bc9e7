"""Anchors, and whether a reader found them. Pure: an anchor and a view in, an outcome out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bench._letters import alike, letters
from bench._views import Float, Grid, Row, View
from core.models import Value

ENOUGH = 0.5
"""Intersection over union from which two boxes show the same thing; the bar of the PASCAL VOC detection task."""
_SHOWN = 160
"""Characters of what was found instead that are shown."""


class Order(Value):
    """`then` is what a person reads right after `first`."""

    kind: Literal["order"]
    page: int = Field(ge=1)
    first: str = Field(min_length=1)
    then: str = Field(min_length=1)


class Title(Value):
    """A heading."""

    kind: Literal["heading"]
    page: int = Field(ge=1)
    number: str = ""
    title: str = Field(min_length=1)
    level: int = Field(ge=1)


class Entry(Value):
    """A cell of a table; " / " parts a row's group from its label and the levels of a header."""

    kind: Literal["cell"]
    page: int = Field(ge=1)
    table: str
    row: str
    column: str
    value: str


class Caption(Value):
    """A figure or table and where it stands, in points from the top left, without its caption."""

    kind: Literal["caption"]
    page: int = Field(ge=1)
    label: str
    type: Literal["figure", "table"]
    starts: str
    box: tuple[float, float, float, float]


class Outside(Value):
    """Words that are printed on the page and are no running text."""

    kind: Literal["outside"]
    page: int = Field(ge=1)
    text: str = Field(min_length=1)


Anchor = Annotated[Order | Title | Entry | Caption | Outside, Field(discriminator="kind")]
ANCHOR: TypeAdapter[Anchor] = TypeAdapter(Anchor)

MEASURES = {
    "order": "order",
    "title": "heading found",
    "level": "heading, level and number",
    "cell": "cell",
    "words": "caption",
    "box": "caption and box",
    "outside": "outside",
}
"""What is counted, and how a table's column calls it. `level` and `box` include `title` and `words`."""


@dataclass(frozen=True)
class Outcome:
    """What came of one anchor."""

    anchor: Anchor
    passed: dict[str, bool]
    """By measure; empty where the reader offers nothing of the kind."""
    instead: str = ""
    """What was found, for the eyes of who mends the reader."""


def judge(anchor: Anchor, view: View) -> Outcome:
    """One anchor against one reader's view of the paper."""
    match anchor:
        case Order():
            right, instead = _order(anchor, view)
            return Outcome(anchor, {"order": right}, instead)
        case Title():
            return _heading(anchor, view)
        case Entry() if view.grids is not None:
            right, instead = _cell(anchor, view.grids)
            return Outcome(anchor, {"cell": right}, instead)
        case Caption() if view.floats is not None:
            return _caption(anchor, view.floats)
        case Outside():
            return _outside(anchor, view)
    return Outcome(anchor, {})


def _order(anchor: Order, view: View) -> tuple[bool, str]:
    stream = view.running
    befores, afters = stream.find(anchor.first), stream.find(anchor.then)
    if any(stream.adjoin(before, after) for before in befores for after in afters):
        return True, ""
    missing = [
        f"{name!r} is {'in: ' + kinds if (kinds := view.elsewhere(name)) else 'nowhere'}"
        for name, found in ((anchor.first, befores), (anchor.then, afters))
        if not found
    ]
    if befores and not afters:
        missing.append(f"followed by {stream.between(befores[0].end, befores[0].end + 80)!r}")
    if missing:
        return False, "; ".join(missing)
    before, after = min(((b, a) for b in befores for a in afters), key=lambda pair: abs(pair[1].start - pair[0].end))
    if after.start < before.end:
        return False, f"the second stands {before.end - after.start} letters earlier"
    gap = stream.between(before.end, after.start)
    return False, f"between them {after.start - before.end} letters: {_short(gap)!r}"


def _heading(anchor: Title, view: View) -> Outcome:
    if view.headings is None:
        return Outcome(anchor, {})
    wanted = letters(anchor.title)
    here = [h for h in view.headings if h.page == anchor.page]
    found = [h for h in here if letters(h.title) == wanted]
    if not found:
        near = get_close_matches(wanted, [letters(h.title) for h in here], 1, 0.6)
        close = next((h.title for h in here if near and letters(h.title) == near[0]), "")
        where = "in the running text" if view.running_on(anchor.page).find(anchor.title) else "not in the running text"
        instead = f"{where}; nearest heading {close!r}" if close else f"{where}; no heading like it on the page"
        return Outcome(anchor, {"title": False, "level": False}, instead)
    right = [
        h
        for h in found
        if h.level == anchor.level and (not anchor.number or letters(h.number) == letters(anchor.number))
    ]
    instead = "" if right else f"found as level {found[0].level}, number {found[0].number!r}"
    return Outcome(anchor, {"title": True, "level": bool(right)}, instead)


def _cell(anchor: Entry, grids: Sequence[Grid]) -> tuple[bool, str]:
    labelled = [g for g in grids if letters(g.label) == letters(anchor.table)]
    tables = [g for g in labelled if g.page == anchor.page] or labelled
    if not tables:
        here = [g.label or "one without a label" for g in grids if g.page == anchor.page]
        return False, f"no {anchor.table}; tables on the page: {', '.join(here) or 'none'}"
    tries = [_cell_of(anchor, grid) for grid in tables]
    right = any(passed for passed, _ in tries)
    return right, "" if right else "; ".join(instead for _, instead in tries)


def _cell_of(anchor: Entry, grid: Grid) -> tuple[bool, str]:
    columns = _best((_fits_column(header, anchor.column), n) for n, header in enumerate(grid.header))
    if not columns:
        return False, f"no such column; header: {_short(' | '.join(grid.header))}"
    rows = _best((_fits_row(row, anchor.row), n) for n, row in enumerate(grid.rows))
    if not rows:
        names = " | ".join(f"{row.group}/{row.cells[0] if row.cells else ''}" for row in grid.rows)
        return False, f"no such row; rows: {_short(names)}"
    cells = [grid.rows[r].cells[c] if c < len(grid.rows[r].cells) else "" for r in rows for c in columns]
    said = [cell for cell in cells if cell.strip()]  # an empty cell, as in a table of two storeys, contradicts nothing
    if said and all(_same_value(cell, anchor.value) for cell in said):
        return True, ""
    several = f" ({len(rows)} rows and {len(columns)} columns fit)" if len(cells) > 1 else ""
    return False, f"holds {_short(' | '.join(cells))!r}{several}"


def _best(fits: Iterable[tuple[float, int]]) -> list[int]:
    """Of pairs (how well it fits, number) the numbers that fit best; 0 does not fit."""
    pairs = [pair for pair in fits if pair[0] > 0]
    top = max((fit for fit, _ in pairs), default=0)
    return [n for fit, n in pairs if fit == top]


def _likeness(a: str, b: str) -> float:
    """1 for the same letters, less the more one has beside the other, 0 where neither contains the other."""
    lengths = sorted((len(letters(a)), len(letters(b))))
    return lengths[0] / lengths[1] if lengths[0] and alike(a, b) else 0.0


def _fits_column(header: str, wanted: str) -> float:
    """2 and more: all levels wanted are in the header, 1: the lowest is, less: it is only a part of what is wanted."""
    *upper, lowest = (letters(level) in letters(header) for level in wanted.split(" / "))
    likeness = _likeness(header, wanted)
    if lowest and all(upper):
        return 2 + likeness
    return 1 + likeness if lowest and likeness else likeness


def _fits_row(row: Row, wanted: str) -> float:
    """The likeness of the labels, and a little where the row stands in the group wanted; 0 where it is in another.

    A label may stand in any of the first three cells, because tables print groups beside their rows too.
    """
    *groups, label = wanted.split(" / ")
    names = [cell for cell in row.cells[:3] if letters(cell)]
    likeness = max((_likeness(name, label) for name in names), default=0.0)
    if all(any(alike(name, group) for name in (row.group, *names) if name) for group in groups):
        return likeness + 0.01 if likeness else 0.0
    return 0.0 if row.group else likeness


def _same_value(cell: str, value: str) -> bool:
    """Equal but for spaces, kinds of dashes and marks of footnotes; a deviation after ± may be left out."""
    found, wanted = _value(cell), _value(value)
    return found == wanted or found.split("±")[0] == wanted


def _value(text: str) -> str:
    plain = re.sub("[*†‡§ ]", "", re.sub("[−–—‐‑]", "-", text))
    return plain.casefold()


def _caption(anchor: Caption, floats: Sequence[Float]) -> Outcome:
    found = [f for f in floats if f.box.page == anchor.page and letters(f.label) == letters(anchor.label)]
    if not found:
        here = [f.label or "one without a label" for f in floats if f.box.page == anchor.page]
        instead = f"no {anchor.label} on the page; there are: {', '.join(here) or 'none'}"
        return Outcome(anchor, {"words": False, "box": False}, instead)
    begun = [f for f in found if letters(f.caption).startswith(letters(anchor.starts))]
    best = max(found, key=lambda f: overlap(f.box[1:], anchor.box))
    share = overlap(best.box[1:], anchor.box)
    instead = "" if begun else f"caption {_short(found[0].caption)!r}"
    if share < ENOUGH:
        instead += f"; box {[round(side) for side in best.box[1:]]} overlaps by {share:.2f}"
    passed = {"words": bool(begun), "box": bool(begun) and share >= ENOUGH}
    return Outcome(anchor, passed, instead.removeprefix("; "))


def overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    """Intersection over union of two boxes, 0..1."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def _outside(anchor: Outside, view: View) -> Outcome:
    stream = view.running_on(anchor.page)
    found = stream.find(anchor.text)
    instead = f"in the running text: {stream.around(*found[0])!r}" if found else ""
    return Outcome(anchor, {"outside": not found and not view.complaint}, instead)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN // 2]} … {plain[-_SHOWN // 2 :]}"
