"""What each block of a page is, and in which order a person reads them. Pure functions over plain pages.

The order rests on geometry, not on the content stream, because producers other than TeX write in any order:
blocks that cross the gutter cut the page into bands, and inside a band the left column comes first.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from tools.pdf.page import Block, Kind, Line, Page

CAPTION = re.compile(
    r"^(Figure|Fig\.?|Table|Tab\.|Algorithm|Listing|FIGURE|TABLE)\s*([A-Z]?\.?\d+(?:\.\d+)?|[IVX]+)(\s*[:.|–—-](\s|$)|\s+[A-Z(]|$)"
)
"""The label, then punctuation or a capital letter: "Table 7 compares …" is a sentence, not a caption."""
_NUMBER_ONLY = re.compile(r"^[\W_]*(\d{1,4}|[ivxlc]{1,6})[\W_]*$")
_STAMP = re.compile(r"^arXiv:\d{4}\.\d{4,5}")
_EQUATION_NUMBER = re.compile(r"\(\s*[A-Z]?\.?\d+(\.\d+)?[a-z]?\s*\)\s*$")
_NOTE_START = re.compile(r"^[⁰¹²³⁴⁵⁶⁷⁸⁹∗*†‡§¶]")
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


def arrange(pages: Sequence[Page]) -> list[Block]:
    """All blocks of the document in reading order, each with its kind set."""
    size = body_size(pages)
    heads = _running_heads(pages)
    ordered: list[Block] = []
    for page in pages:
        gutter = _gutter(page, size)
        blocks = _split_at_gutter(page, gutter)
        for block in blocks:
            block.kind = _kind(block, page, size, heads)
        _join_captions(blocks)
        _mark_tables(blocks, page, gutter, size)
        _mark_figures(blocks, size)
        ordered += _whole_equations(_in_reading_order(blocks, gutter))
    return ordered


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
    if small and block.y0 > page.height * 0.55 and _NOTE_START.match(text):
        return Kind.NOTE
    if page.number == 1 and block.size < size * 0.85 and block.y0 > page.height * 0.75:
        return Kind.NOTE  # licence and address below the first column
    if block.size < size * 0.75 and block.chars < 400:
        return Kind.FIGURE
    return Kind.TEXT


def _is_equation(block: Block) -> bool:
    letters = sum(len(line.text) for line in block.lines)
    math = sum(line.math * len(line.text) for line in block.lines) / max(1, letters)
    if letters > 400 or any(_PROSE.search(line.text) for line in block.lines):
        return False
    return math > 0.35 or (math > 0.15 and letters < 160 and bool(_EQUATION_NUMBER.search(block.text)))


def _join_captions(blocks: list[Block]) -> None:
    """The last lines of a caption often come as a block of their own."""
    for caption in [b for b in blocks if b.kind is Kind.CAPTION]:
        while (rest := next((b for b in blocks if _goes_on(caption, b)), None)) is not None:
            caption.lines += rest.lines
            blocks[:] = [b for b in blocks if b is not rest]


def _goes_on(caption: Block, block: Block) -> bool:
    if block.kind not in (Kind.TEXT, Kind.FIGURE) or caption.text.endswith((".", "!", "?")):
        return False
    below = -2 < block.y0 - caption.y1 < caption.size * 0.8
    beside = min(caption.x1, block.x1) - max(caption.x0, block.x0) > 0
    return below and beside and abs(caption.size - block.size) < 0.4


def _rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines grouped by baseline, top to bottom, each row from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda found: found.middle):
        if rows and abs(rows[-1][0].middle - line.middle) < max(2.0, line.size * 0.35):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda found: found.x0) for row in rows]


def table_rows(block: Block) -> list[list[Line]]:
    """A table's visual rows; a cell is a line of MuPDF's."""
    return _rows(block.lines)


def _looks_tabular(block: Block) -> bool:
    """Mostly rows of several short pieces, as prose never has."""
    rows = _rows(block.lines)
    split = sum(len(row) >= 2 for row in rows)
    words = [len(line.words) for line in block.lines]
    return len(rows) >= 2 and split >= 0.5 * len(rows) and sum(words) / len(words) < 6


def _mark_tables(blocks: list[Block], page: Page, gutter: float | None, size: float) -> None:
    """Tabular blocks beside a table's caption become one table block each; others are lettering in pictures.

    Papers put captions above or below; the nearest pairs are joined first, so that a caption between two
    tables takes its own.
    """
    pairs = []
    captions = [b for b in blocks if b.kind is Kind.CAPTION]
    for caption in [b for b in captions if b.text[:3].lower() == "tab"]:
        pieces = _pieces(blocks, _side(caption, gutter), page, gutter, size)
        for below in (True, False):
            body = _reach(caption, pieces, below, captions)
            if sum(len(b.lines) for b in body) >= 4 and _looks_tabular(Block([x for b in body for x in b.lines], 0)):
                gap = body[0].y0 - caption.y1 if below else caption.y0 - body[0].y1
                pairs.append((gap, id(caption), [line for b in body for line in b.lines]))
    taken: set[int] = set()
    for _, caption_id, lines in sorted(pairs, key=lambda pair: pair[0]):
        if caption_id in taken or any(id(line) in taken for line in lines):
            continue
        taken |= {caption_id, *(id(line) for line in lines)}
        for block in blocks:
            block.lines = [line for line in block.lines if block.kind is Kind.TABLE or id(line) not in taken]
        blocks[:] = [b for b in blocks if b.lines]
        blocks.append(Block(lines, page.number, Kind.TABLE))
    for piece in blocks:
        if piece.kind is Kind.TEXT and _looks_tabular(piece) and not _has_sentence(piece):
            piece.kind = Kind.FIGURE


def _side(block: Block, gutter: float | None) -> int:
    """-1: left column, 1: right column, 0: across, or a one-column page."""
    if gutter is None:
        return 0
    return -1 if block.x1 <= gutter + 12 else 1 if block.x0 >= gutter - 12 else 0


def _pieces(blocks: list[Block], side: int, page: Page, gutter: float | None, size: float) -> list[Block]:
    """What could be cells of a table in that column; a block across the gutter gives the lines of its side."""
    found = []
    for block in blocks:
        if block.kind not in (Kind.TEXT, Kind.FIGURE, Kind.EQUATION):
            continue
        part = block
        if side and gutter is not None and _side(block, gutter) == 0:
            lines = [line for line in block.lines if (line.x0 >= gutter - 3 if side == 1 else line.x1 <= gutter + 3)]
            part = Block(lines, block.page, block.kind)
        if part.lines and (not side or _side(part, gutter) == side) and _could_be_cells(part, page, gutter, size):
            found.append(part)
    return found


def _could_be_cells(block: Block, page: Page, gutter: float | None, size: float) -> bool:
    if _looks_tabular(block) or block.size < size * 0.9:
        return True
    column = page.width if gutter is None else page.width / 2
    longest = max(line.x1 - line.x0 for line in block.lines)
    numbered_heading = block.lines[0].bold > 0.8 and re.match(r"^\d+(\.\d+)*\s+[A-Z]", block.text)
    return longest < column * 0.72 and not _has_sentence(block) and not numbered_heading


def _has_sentence(block: Block) -> bool:
    """Two long lines of running words."""
    long = [line for line in block.lines if len(line.words) >= 8 and line.math < 0.4]
    return len(long) >= 2


def _overlap(a: Block, b: Block) -> bool:
    """Does one stand above the other?"""
    return a.x0 < b.x1 and b.x0 < a.x1


def _reach(caption: Block, pieces: list[Block], below: bool, captions: list[Block]) -> list[Block]:
    """The pieces that hang together below or above a caption, up to a wide gap or another caption, nearest first."""
    edge = caption.y1 if below else caption.y0
    near = [p for p in pieces if p.x1 > caption.x0 - 60 and p.x0 < caption.x1 + 60]
    near = [p for p in near if (p.y0 >= edge - 3 if below else p.y1 <= edge + 3)]
    near.sort(key=lambda p: p.y0 if below else -p.y1)
    body: list[Block] = []
    for piece in near:
        gap = piece.y0 - edge if below else edge - piece.y1
        near_end, far_end = (edge, piece.y0) if below else (piece.y1, edge)
        walled = any(
            c.y0 >= near_end - 3 and c.y1 <= far_end + 3 and _overlap(c, piece) for c in captions if c is not caption
        )
        if gap > 26 or walled:
            break
        body.append(piece)
        edge = max(edge, piece.y1) if below else min(edge, piece.y0)
    return body


def _mark_figures(blocks: list[Block], size: float) -> None:
    """Short scraps of text above a figure's caption are lettering inside the picture."""
    captions = [b for b in blocks if b.kind is Kind.CAPTION and b.text.startswith("Fig")]
    for block in blocks:
        if block.kind not in (Kind.TEXT, Kind.EQUATION) or _has_sentence(block) or block.size >= size * 1.15:
            continue
        for caption in captions:
            above = 0 <= caption.y0 - block.y1 < 320
            inside = block.x0 > caption.x0 - 40 and block.x1 < caption.x1 + 40
            if above and inside and block.size < size * 0.93 and block.chars < 200:
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
