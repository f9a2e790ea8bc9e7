"""A printed issue as a Word file."""

from dataclasses import dataclass
from itertools import count

import docx
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Lines

from tools.exports.printed.blocks import Block, Heading, Image, Line, Run, Sheet, Table, Text
from tools.exports.reports import _ooxml, _word_page
from tools.exports.reports._closing import CONTENTS
from tools.exports.reports._word_page import SMALL, SOFT, WARN

_STYLES = {"item": "List Bullet", "quote": "Quote"}


@dataclass(frozen=True, slots=True)
class _Type:
    """What words look like that have no look of their own."""

    size: Pt | None = None
    colour: RGBColor | None = None
    bold: bool = False


_TYPES = {
    "lead": _Type(bold=True), "soft": _Type(Pt(9), SOFT), "note": _Type(Pt(9), WARN), "claim": _Type(Pt(9)),
}  # fmt: skip


def written(sheet: Sheet) -> bytes:
    """The whole file."""
    return _Writer(sheet).written()


class _Writer:
    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._file = docx.Document()
        self._marks = count(1)

    def written(self) -> bytes:
        """Title, what stands over the contents, the contents, all the rest."""
        sheet = self._sheet
        _word_page.set_up(self._file, sheet.title, sheet.made, revision=1)
        self._file.add_paragraph(sheet.title, "Title")
        listed = False
        for block in sheet.blocks:
            if isinstance(block, Heading) and not listed:
                _word_page.contents(self._file, CONTENTS, self._entries())
                listed = True
            self._block(block)
        return _ooxml.steady(self._file, sheet.made)

    def _entries(self) -> list[tuple[str, str, int]]:
        headings = [block for block in self._sheet.blocks if isinstance(block, Heading)]
        return [(heading.id, heading.text, heading.level) for heading in headings if heading.id]

    def _block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self._heading(block)
        elif isinstance(block, Text):
            self._text(block)
        elif isinstance(block, Table):
            self._table(block)
        else:
            self._image(block)

    def _heading(self, heading: Heading) -> None:
        line = self._file.add_heading("", heading.level)
        _write(line, heading.line)
        if heading.id:
            _ooxml.bookmark(line, heading.id, next(self._marks))

    def _text(self, text: Text) -> None:
        line = self._file.add_paragraph(style=_STYLES.get(text.kind))
        if text.number:
            line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(0.9), Cm(-0.9)
            line.paragraph_format.tab_stops.add_tab_stop(Cm(0.9))
            line.add_run(f"{text.number}\t").font.color.rgb = SOFT
        if text.kind == "note":
            _ooxml.framed(line, "C98A1B")
        if text.kind == "soft":
            line.paragraph_format.space_after = Pt(2)
        if text.kind == "claim":
            line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(8), Pt(0)
            line.paragraph_format.keep_with_next = True
        _write(line, text.line, _TYPES.get(text.kind, _Type()))
        if text.id:
            _ooxml.bookmark(line, text.id, next(self._marks))

    def _table(self, table: Table) -> None:
        if table.caption:
            caption = self._file.add_paragraph(style="Caption")
            caption.paragraph_format.keep_with_next = True
            caption.add_run(table.caption).bold = True
        grid = _word_page.grid(self._file, table.heads, len(table.rows))
        for row, made in zip(table.rows, grid.rows[1:], strict=True):
            for cell, place in zip(row, made.cells, strict=True):
                _write(place.paragraphs[0], cell)
        _word_page.tighten(grid)
        self._file.add_paragraph().paragraph_format.space_after = Pt(0)

    def _image(self, image: Image) -> None:
        line = self._file.add_paragraph()
        _word_page.picture(line, image.png, image.width, image.alt)
        _write(self._file.add_paragraph(style="Caption"), image.line)


def _write(line: Lines, runs: Line, type: _Type = _Type()) -> None:
    for n, run in enumerate(runs):
        if run.look in ("mark", "badge") and n:
            line.add_run(" ").font.size = SMALL
        _run(line, run, type)


def _run(line: Lines, run: Run, type: _Type) -> None:
    small = run.look in ("mark", "badge")
    anchor, address = (run.to[1:], "") if run.to.startswith("#") else ("", run.to)
    text = f"（{run.text}）" if run.look == "badge" else run.text
    if run.look == "mark":
        text = text.replace(" ", "\u00a0")  # 第 9 页 on one line, in narrow cells too
    made = _ooxml.link(line, text, anchor=anchor, address=address)
    made.font.size = SMALL if small else type.size
    if run.look == "strong" or (type.bold and not small):
        made.bold = True
    if not run.to:
        colour = {"soft": SOFT, "badge": WARN}.get(run.look, type.colour)
        if colour is not None:
            made.font.color.rgb = colour
