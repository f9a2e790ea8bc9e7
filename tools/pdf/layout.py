"""What each block of a page is, and in which order a person reads them. Pure functions over plain pages.

The order rests on geometry, not on the content stream, because producers other than TeX write in any order:
blocks that cross the gutter cut the page into bands, and inside a band the left column comes first.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from tools.pdf.floats import CAPTION, STEP, Float, find, looks_tabular
from tools.pdf.page import Block, Kind, Line, Page

_NUMBER_ONLY = re.compile(r"^[\W_]*(\d{1,4}|[ivxlc]{1,6})[\W_]*$")
_STAMP = re.compile(r"^arXiv:\d{4}\.\d{4,5}")
_EQUATION_NUMBER = re.compile(r"\(\s*[A-Z]?\.?\d+(\.\d+)?[a-z]?\s*\)\s*$")
_NOTE_START = re.compile(r"^[⁰¹²³⁴⁵⁶⁷⁸⁹∗*†‡§¶]")
_NOTE_NUMBER = re.compile(r"^([⁰¹²³⁴⁵⁶⁷⁸⁹∗*†‡§¶]|\d{1,2}\.?\s?[A-Za-z])")
_PROSE = re.compile(r"(?:\b[A-Za-z]{3,}\b[\s,]+){5}")
"""Five words in a row, as no formula has."""
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\d+")
"""Lines of a table of contents."""
_MARGIN = 0.09
"""Share of the page height at top and bottom in which running heads live."""


def body_size(pages: Sequence[Page]) -> float:
    """The font size most characters of the document are set in."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for block in page.blocks:
            for line in block.lines:
                sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


@dataclass(slots=True)
class Layout:
    """A document's blocks in reading order, and its floats page by page."""

    blocks: list[Block]
    tables: dict[Block, Float]
    """The float each block of kind TABLE is the body of."""
    figures: list[Float]


def arrange(pages: Sequence[Page]) -> Layout:
    """All blocks of the document in reading order, each with its kind set."""
    size = body_size(pages)
    heads = _running_heads(pages)
    made = Layout([], {}, [])
    for page in pages:
        gutter = _gutter(page, size)
        blocks = _split_at_gutter(page, gutter)
        blocks = [piece for block in blocks for piece in _cut_at_captions(block, page)]
        for block in blocks:
            block.kind = _kind(block, page, size, heads)
        _mark_notes(blocks, page, size)
        blocks = _with_whole_captions(blocks, page)
        floats = find(blocks, page, gutter, size)
        for one in floats:
            blocks, body = _take_out(one, blocks, page)
            if one.kind is Kind.TABLE and body:
                made.tables[body] = one
        _mark_lettering(blocks, page)
        blocks = _in_reading_order(blocks, gutter)
        figures = [one for one in floats if one.kind is Kind.FIGURE]
        made.figures += sorted(figures, key=lambda one: blocks.index(one.caption))
        made.blocks += _whole_equations(blocks)
    return made


def _take_out(one: Float, blocks: Sequence[Block], page: Page) -> tuple[list[Block], Block | None]:
    """The blocks without the lines of a float, which become blocks of their own; the float's body among them."""
    kept: list[Block] = []
    body: list[Line] = []
    for block in blocks:
        if block is one.caption or block.kind in (Kind.CAPTION, Kind.MARGIN):
            kept.append(block)
            continue
        inside = [line for line in block.lines if one.area.holds((line.x0 + line.x1) / 2, line.middle, 1)]
        rest = [line for line in block.lines if line not in inside] if inside else block.lines
        if rest:
            kept.append(Block(rest, block.page, block.kind) if inside else block)
        if inside and one.kind is Kind.FIGURE:
            piece = Block(inside, page.number)
            piece.kind = Kind.INSET if _has_sentence(piece) else Kind.FIGURE
            kept.append(piece)
        else:
            body += inside
    if not body:
        return kept, None
    made = Block(body, page.number, one.kind)
    return [*kept, made], made


def _whole_equations(blocks: Sequence[Block]) -> Iterable[Block]:
    """The pieces of a displayed equation, which MuPDF gives one by one, as one block."""
    for equations, group in groupby(blocks, key=lambda b: b.kind is Kind.EQUATION):
        pieces = list(group)
        if not equations:
            yield from pieces
        else:
            yield Block([line for piece in pieces for line in piece.lines], pieces[0].page, Kind.EQUATION)


def _running_heads(pages: Sequence[Page]) -> set[str]:
    """Lines that stand in the margin of several pages, digits left out."""
    seen: Counter[str] = Counter()
    for page in pages:
        here = {_digitless(b.text) for b in page.blocks if _in_margin(b, page)}
        seen.update(here)
    enough = max(2, min(4, len(pages) // 4))
    return {text for text, count in seen.items() if count >= enough and text}


def _digitless(text: str) -> str:
    return re.sub(r"\d+", "", text).strip()


def _in_margin(block: Block, page: Page) -> bool:
    return block.y1 < page.height * _MARGIN or block.y0 > page.height * (1 - _MARGIN)


def _gutter(page: Page, size: float) -> float | None:
    """The x of the gap between two columns, None on a one-column page."""
    left = min((b.x0 for b in page.blocks if b.chars > 40), default=0.0)
    right = max((b.x1 for b in page.blocks if b.chars > 40), default=page.width)
    middle = (left + right) / 2
    crossing = beside = 0
    for block in page.blocks:
        for line in block.lines:
            if line.size < size * 0.8 or line.x1 - line.x0 < (right - left) * 0.2:
                continue
            if line.x0 < middle - 6 and line.x1 > middle + 6:
                crossing += len(line.text)
            else:
                beside += len(line.text)
    return middle if beside > crossing * 1.2 and beside > 300 else None


def _split_at_gutter(page: Page, gutter: float | None) -> list[Block]:
    """Blocks that MuPDF joined across two columns are taken apart."""
    if gutter is None:
        return [Block(list(b.lines), page.number) for b in page.blocks]
    parts: list[Block] = []
    for block in page.blocks:
        left = [line for line in block.lines if line.x1 <= gutter + 3]
        right = [line for line in block.lines if line.x0 >= gutter - 3]
        both_full = len(left) + len(right) == len(block.lines) and left and right
        if both_full and all(line.x1 - line.x0 > gutter * 0.3 for line in (*left, *right)):
            parts += [Block(left, page.number), Block(right, page.number)]
        else:
            parts.append(Block(list(block.lines), page.number))
    return parts


def _kind(block: Block, page: Page, size: float, heads: set[str]) -> Kind:
    text = block.text
    if _STAMP.match(text) or (_in_margin(block, page) and (_NUMBER_ONLY.match(text) or _digitless(text) in heads)):
        return Kind.MARGIN
    if len(_LEADERS.findall(text)) >= 2:
        return Kind.MARGIN
    if CAPTION.match(text):
        return Kind.CAPTION
    if _is_equation(block):
        return Kind.EQUATION
    small = block.size < size * 0.93
    if small and _NOTE_START.match(text) and (block.y0 > page.height * 0.55 or text[0] in "†‡§"):
        return Kind.NOTE
    if page.number == 1 and block.size < size * 0.85 and block.y0 > page.height * 0.75 and _PROSE.search(text):
        return Kind.NOTE  # licence and address below the first column
    if block.size < size * 0.75 and block.chars < 400:
        return Kind.FIGURE
    return Kind.TEXT


def _cut_at_captions(block: Block, page: Page) -> list[Block]:
    """A caption set close to the last row of its table comes in one block with it."""
    for n, line in enumerate(block.lines):
        if n and len(block.lines[n - 1].words) < 6 and CAPTION.match(line.text):
            above, below = Block(block.lines[:n], block.page), Block(block.lines[n:], block.page)
            return [above, *_cut_listing_caption(below, page)]
    return _cut_listing_caption(block, page)


def _cut_listing_caption(block: Block, page: Page) -> list[Block]:
    """The caption of an algorithm ends at the rule under it, but MuPDF gives the first steps in the same block."""
    if not block.text.startswith(("Algorithm", "Listing")) or not CAPTION.match(block.text):
        return [block]
    under = [r for r in page.rules if block.y0 + 4 < r.y0 < block.y1 and r.x0 < block.x0 + 20 and r.x1 > block.x0 + 60]
    if not under:
        return [block]
    y = min(r.y0 for r in under)
    parts = ([line for line in block.lines if (line.middle < y) is above] for above in (True, False))
    return [Block(lines, block.page) for lines in parts if lines]


def _mark_notes(blocks: Sequence[Block], page: Page, size: float) -> None:
    """What stands below a short rule at the foot of a column, if it begins as notes do."""
    lefts = {round(b.x0) for b in blocks if b.kind is Kind.TEXT and len(b.lines) > 2}
    for rule in page.rules:
        flush = any(abs(rule.x0 - x) < 4 for x in lefts)
        if not (flush and 40 < rule.width < 0.5 * page.width and rule.y0 > 0.4 * page.height):
            continue
        under = [
            b for b in blocks if b.y0 > rule.y0 - 3 and rule.x0 - 20 < b.x0 < rule.x1 and b.kind is not Kind.MARGIN
        ]
        first = min(under, key=lambda b: b.y0, default=None)
        if first is None or first.y0 - rule.y1 > 14 or not _NOTE_NUMBER.match(first.text):
            continue
        marked = bool(_NOTE_START.match(first.text))
        if all((marked or b.size < size * 0.97) and b.kind in (Kind.TEXT, Kind.NOTE, Kind.FIGURE) for b in under):
            for block in under:
                block.kind = Kind.NOTE


def _is_equation(block: Block) -> bool:
    letters = sum(len(line.text) for line in block.lines)
    math = sum(line.math * len(line.text) for line in block.lines) / max(1, letters)
    if letters > 400 or any(_PROSE.search(line.text) for line in block.lines):
        return False
    return math > 0.35 or (math > 0.15 and letters < 160 and bool(_EQUATION_NUMBER.search(block.text)))


def _with_whole_captions(blocks: list[Block], page: Page) -> list[Block]:
    """The last lines of a caption often come as a block of their own."""
    joined = list(blocks)
    for n, first in enumerate(blocks):
        caption = first
        while caption.kind is Kind.CAPTION and (rest := next((b for b in joined if _goes_on(caption, b, page)), None)):
            joined = [b for b in joined if b is not rest]
            whole = Block([*caption.lines, *rest.lines], caption.page, Kind.CAPTION)
            joined[joined.index(caption)] = whole
            caption = whole
        blocks[n] = caption
    return joined


def _goes_on(caption: Block, block: Block, page: Page) -> bool:
    if block.kind not in (Kind.TEXT, Kind.FIGURE) or caption.text.endswith((".", "!", "?")):
        return False
    above, under = caption.lines[-1].middle, block.lines[0].middle
    ruled_off = any(above < r.y0 < under and r.x0 < caption.x1 and r.x1 > caption.x0 for r in page.rules)
    if ruled_off or (caption.text.startswith(("Algorithm", "Listing")) and STEP.match(block.text)):
        return False
    below = -2 < block.y0 - caption.y1 < caption.size * 0.8
    beside = min(caption.x1, block.x1) - max(caption.x0, block.x0) > 0
    return below and beside and abs(caption.size - block.size) < 0.4


def _has_sentence(block: Block) -> bool:
    """Two long lines of running words."""
    long = [line for line in block.lines if len(line.words) >= 8 and line.math < 0.4]
    return len(long) >= 2


def _mark_lettering(blocks: Sequence[Block], page: Page) -> None:
    """Scraps of text inside a picture that has no caption, or set in columns without one, are not read as text."""
    drawn = [a for a in (*page.images, *page.marks) if a.height > 20 and a.width > 20]
    for block in blocks:
        if block.kind not in (Kind.TEXT, Kind.EQUATION) or _has_sentence(block):
            continue
        x, y = (block.x0 + block.x1) / 2, (block.y0 + block.y1) / 2
        within = any(a.holds(x, y) and a.height < 0.8 * page.height for a in drawn)
        if (block.kind is Kind.TEXT and looks_tabular(block.lines)) or (within and block.chars < 120):
            block.kind = Kind.FIGURE


def _in_reading_order(blocks: list[Block], gutter: float | None) -> list[Block]:
    blocks = sorted(blocks, key=lambda b: (round(b.y0), b.x0))
    if gutter is None:
        return blocks
    ordered: list[Block] = []
    left: list[Block] = []
    right: list[Block] = []
    for block in blocks:
        if block.x1 <= gutter + 12:
            left.append(block)
        elif block.x0 >= gutter - 12:
            right.append(block)
        else:
            ordered += [*left, *right, block]
            left, right = [], []
    return [*ordered, *left, *right]
