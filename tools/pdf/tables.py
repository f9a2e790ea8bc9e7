"""From a table's float to its cells and to one paragraph a row. Pure."""

import re
from collections.abc import Iterable, Sequence

from core import placement
from core.documents import Cell, SectionRole, Table, TableRow
from core.models import Box
from core.reading import Paragraph
from tools.pdf.draft import Draft, Vocabulary
from tools.pdf.floats import CAPTION, Float
from tools.pdf.grid import Grid, GridRow, grids
from tools.pdf.page import Block, Word, hull

_TOPIC = 120
"""Characters of a caption that each row repeats."""


def labelled(caption: Block, vocabulary: Vocabulary) -> tuple[str, str]:
    """The label of a caption ("Table 3") and the rest of it, hyphens at line ends undone."""
    draft = Draft("", SectionRole.OTHER)
    for line in caption.lines:
        draft.add(line, caption.page, vocabulary)
    text = draft.text
    match = CAPTION.match(text)
    if not match:
        return "", text
    return match["label"], text[match.end("label") :].lstrip(" :.|–—-")


def read_tables(
    body: Block, found: Float, section: str, role: SectionRole, vocabulary: Vocabulary
) -> list[tuple[Table, list[Paragraph]]]:
    """The table as cells, and as paragraphs: one a row, each naming table, inner heading and columns.

    Several where it begins anew under another header; none where it has one column only, a frame around text.
    """
    label, caption = labelled(found.caption, vocabulary)
    page = body.page
    made = []
    for cells in grids(body.lines, found.rules, found.verticals):
        if len(cells.header) > 1:
            rows = tuple(_row(row, page) for row in cells.rows)
            box = Box(page, *found.area)
            table = Table(label=label, caption=caption, box=box, header=tuple(cells.header), rows=rows)
            made.append((table, [_paragraph(row, cells, (label, caption), page, section, role) for row in cells.rows]))
    return made


def _topic(caption: str) -> str:
    """The first sentence of a caption, cut at a word where it is long."""
    first = re.split(r"(?<=\w)\.(?:\s|$)", caption, maxsplit=1)[0].strip()
    return first if len(first) <= _TOPIC else first[:_TOPIC].rpartition(" ")[0]


def _row(row: GridRow, page: int) -> TableRow:
    made = tuple(Cell(_text(words), Box(page, *hull(words)) if words else None) for words in row.cells)
    return TableRow(group=_text(row.group), cells=made)


def _text(words: Iterable[Word]) -> str:
    return " ".join(w.text for w in words)


def _paragraph(
    row: GridRow, cells: Grid, named: tuple[str, str], page: int, section: str, role: SectionRole
) -> Paragraph:
    """`Table 3 · Closed-source · Model=GPT-4, MMLU=86.4 (Evaluation results)`; only what the row prints is among the
    words. `named`: label and caption, of which the beginning is there so that a search for it finds the row."""
    text, caption = named
    flat: list[float] = []

    def put(words: Sequence[Word]) -> None:
        nonlocal text
        for n, word in enumerate(words):
            text += " " if n else ""
            flat.extend((len(text), len(text) + len(word.text), page, *word[1:]))
            text += word.text

    if row.group:
        text += (" · " if text else "") + _text(row.group)
    text += " · " if text else ""
    first = True
    for name, words in zip(cells.header, row.cells, strict=True):
        if words:
            text += "" if first else ", "
            text += f"{name}=" if name else ""
            put(words)
            first = False
    topic = _topic(caption)
    text += f" ({topic})" if topic else ""
    return Paragraph("table", role, section, text, placement.places(flat))
