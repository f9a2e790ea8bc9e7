"""The equations of a paper that matter, each as one piece of a page: from the running text above it to that below.

A parser reads a displayed equation in pieces, so its place is told by the lines of text around it. Pure.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from core import placement
from core.documents import BACK_MATTER, Document, Passage
from core.models import Box
from core.placement import PlacedWord

MOST = 3
"""Equations in a report."""
_LEAST = 2.0
"""Weight of one that is shown."""
_NUMBER = re.compile(r"^\((\d{1,2}[a-z]?|[A-Z]\.?\d{1,2})\)$")
_LISTING = re.compile(r"\b(?:Require|Input|Output|Ensure|Algorithm|return|end for|end if)\b")
_INTRODUCES = re.compile(
    r"\b(?:objective|loss|maximi[sz]\w*|minimi[sz]\w*|defined|formulated|formulation|formally|given by|computed|"
    r"calculated|expressed|updated?|rewritten|as follows|denoted?|obtained)\b",
    re.I,
)
_MATTERS = re.compile(r"\b(?:objective|loss|maximi[sz]\w*|minimi[sz]\w*|update rule)\b", re.I)
_PLAIN = re.compile(r"^[(“\"]?[A-Za-z]{2,}(?:-[A-Za-z]+)*[)”\",.;:]*$|^[aA]$")
_SIDES = re.compile(r"^[=≈≜≤]|(?<!\d)[=≈≜]$|:=|^[^=]{1,12}\)=")
"""Two sides, not the limit of a sum (i=1)."""
_OVER = 4.0
"""Points that a tall sign may reach into the space of the text around."""
_INDENT = 26.0
"""Points that the first line of a paragraph stands in; equations stand further in."""
_TALLEST = 130.0
"""Points; what stands higher is no equation alone."""
_ROOM = 14.0
"""Points above and below the printed words, for roots, large signs and their limits."""
_SENTENCE = 6
"""More words than that in a line of text are a sentence, and no part of an equation."""


class Equation(NamedTuple):
    """One displayed equation, or several that stand together."""

    label: str
    """As printed: "(3)"; "(3)–(5)" where several stand together; may be empty."""
    box: Box
    near: frozenset[tuple[str, int]]
    """The sentences (passage id, number) that introduce it and explain its symbols."""
    passages: frozenset[str]
    """Ids of its own pieces."""


class _Line(NamedTuple):
    """A printed line of running text."""

    box: Box
    words: tuple[tuple[str, int], ...]
    """(passage id, offset) of its words."""
    prose: bool
    """Words, not a line of an equation that was taken for text."""
    top: float
    bottom: float
    """Of most of its words: one with a formula in it stands higher and lower."""


class _Page(NamedTuple):
    lines: tuple[_Line, ...]
    words: tuple[tuple[Passage, PlacedWord], ...]
    """All words of the page, whatever they belong to."""


def equations(document: Document) -> tuple[Equation, ...]:
    """At most `MOST`, in printed order: those the text refers to, introduces as what is computed, and explains."""
    pages = _read(document)
    found: dict[Box, tuple[float, Equation]] = {}
    body = " ".join(p.text for p in document.passages if p.kind == "text")
    by_id = {p.id: p for p in document.passages}
    for passage in document.passages:
        if passage.kind != "equation" or passage.role in BACK_MATTER or _LISTING.search(passage.text):
            continue
        for box in placement.boxes(passage.words, 0, len(passage.text)):
            page = pages[box.page]
            made = _equation(box, page, document)
            if made and made[0].box not in found:
                equation, above, below = made
                found[equation.box] = (_weight(equation, above, below, body, by_id), equation)
    fit = sorted((f for f in found.values() if f[0] >= _LEAST), key=lambda f: (-f[0], f[1].box))[:MOST]
    return tuple(sorted((equation for _, equation in fit), key=lambda e: (e.box.page, e.box.y0)))


def _read(document: Document) -> dict[int, _Page]:
    """The pages that have words, by number."""
    pages: dict[int, list[tuple[Passage, PlacedWord]]] = {}
    for passage in document.passages:
        for word in placement.unpack(passage.words):
            pages.setdefault(word.box.page, []).append((passage, word))
    return {number: _page(words) for number, words in pages.items()}


def _page(words: Sequence[tuple[Passage, PlacedWord]]) -> _Page:
    rows: list[list[tuple[Passage, PlacedWord]]] = []
    for passage, word in (w for w in words if w[0].kind in ("text", "caption", "note")):
        last = rows[-1][-1] if rows else None
        if last and last[0] is passage and _follows(last[1].box, word.box):
            rows[-1].append((passage, word))
        else:
            rows.append([(passage, word)])
    return _Page(tuple(map(_line, rows)), tuple(words))


def _line(row: Sequence[tuple[Passage, PlacedWord]]) -> _Line:
    printed = [p.text[w.start : w.end] for p, w in row]
    plain = sum(bool(_PLAIN.match(word)) for word in printed)
    prose = plain > 0 and (2 * plain >= len(printed) or plain > 4)
    boxes = [w.box for _, w in row]
    words = tuple((p.id, w.start) for p, w in row)
    return _Line(_hull(boxes), words, prose, median(b.y0 for b in boxes), median(b.y1 for b in boxes))


def _follows(before: Box, box: Box) -> bool:
    return abs((before.y0 + before.y1) / 2 - (box.y0 + box.y1) / 2) < 4 and -1 < box.x0 - before.x1 < 30


def _equation(box: Box, page: _Page, document: Document) -> tuple[Equation, _Line, _Line] | None:
    """The equation at this place with the lines of text above and below it; None where it is not beyond doubt."""
    left, right, margin = _column(box, page.lines)
    above = max((x for x in margin if x.box.y1 <= box.y0 + 3), key=lambda x: x.box.y1, default=None)
    below = min((x for x in margin if x.box.y0 >= box.y1 - 3), key=lambda x: x.box.y0, default=None)
    if above is None or below is None or below.top - above.bottom > _TALLEST:
        return None
    top, bottom = above.bottom, below.top
    between = [x for x in page.lines if x.prose and len(x.words) > _SENTENCE and top < (x.top + x.bottom) / 2 < bottom]
    if any(left - 2 <= x.box.x0 <= right for x in between):
        return None
    edges = {*above.words, *below.words}
    own = [
        (p, w)
        for p, w in page.words
        if top - 3 <= (w.box.y0 + w.box.y1) / 2 <= bottom + 3
        and left - 2 <= w.box.x0
        and w.box.x1 <= right + 2
        and (p.id, w.start) not in edges
    ]
    printed = [p.text[w.start : w.end] for p, w in sorted(own, key=lambda found: found[1].box.y0)]
    hull = _hull(w.box for _, w in own)
    top = max([top, *(x.bottom for x in margin if x.bottom <= hull.y0 + _OVER)])
    bottom = min([bottom, *(x.top for x in margin if x.top >= hull.y1 - _OVER)])
    piece = Box(
        box.page, left - 2, max(hull.y0 - _ROOM, min(top + 0.5, hull.y0 - 1)), right + 3,
        min(hull.y1 + _ROOM, max(bottom - 1, hull.y1 + 1)),
    )  # fmt: skip
    drawn = [f.box for f in document.figures] + [t.box for t in document.tables]
    sides = any(_SIDES.search(word) for word in printed)
    if not sides or any(map(_LISTING.search, printed)) or _meets(piece, drawn):
        return None
    if top - hull.y0 > _OVER or hull.y1 - bottom > _OVER:
        return None
    numbers = [m[0] for text in printed if (m := _NUMBER.match(text))]
    label = numbers[0] if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}" if numbers else ""
    near = frozenset(_sentence(document, line.words[at]) for line, at in ((above, -1), (below, 0)))
    return Equation(label, piece, near, frozenset(p.id for p, _ in own if p.kind == "equation")), above, below


def _column(box: Box, lines: Sequence[_Line]) -> tuple[float, float, Sequence[_Line]]:
    """Left and right edge of the box's column, and its lines of prose: those that begin at its margin, or as far in as
    a paragraph does."""
    over = [x for x in lines if x.box.x0 < box.x1 and x.box.x1 > box.x0 and len(x.words) > 3 and x.prose]
    starts = Counter(round(x.box.x0) for x in over)
    if not starts:
        return 0.0, 0.0, ()
    left = starts.most_common(1)[0][0]
    within = [x for x in lines if x.prose and -2 <= x.box.x0 - left < _INDENT]
    return float(left), max(x.box.x1 for x in within), within


def _sentence(document: Document, word: tuple[str, int]) -> tuple[str, int]:
    passage = next(p for p in document.passages if p.id == word[0])
    at = next((n for n, (a, b) in enumerate(passage.sentences) if a <= word[1] < b), 0)
    return passage.id, at


def _weight(equation: Equation, above: _Line, below: _Line, body: str, by_id: dict[str, Passage]) -> float:
    said = " ".join(by_id[id].sentence(n) for id, n in equation.near if by_id[id].sentences)
    first = by_id[below.words[0][0]].text[below.words[0][1] :][:8].lower()
    numbers = re.findall(r"\d+", equation.label)
    referred = sum(len(re.findall(rf"\bEq(?:uation|n)?s?\.? ?\(?{n}\)?(?!\d)", body)) for n in numbers)
    return (
        min(2.0, float(referred))
        + 1.0 * bool(_INTRODUCES.search(said))
        + 1.0 * bool(_MATTERS.search(said))
        + 1.0 * first.startswith(("where", "here,", "in which"))
        + 0.5 * bool(numbers)
    )


def _meets(box: Box, others: Iterable[Box]) -> bool:
    return any(
        o.page == box.page and o.x0 < box.x1 and o.x1 > box.x0 and o.y0 < box.y1 and o.y1 > box.y0 for o in others
    )


def _hull(boxes: Iterable[Box]) -> Box:
    some = list(boxes)
    return Box(
        some[0].page, min(b.x0 for b in some), min(b.y0 for b in some), max(b.x1 for b in some), max(b.y1 for b in some)
    )
