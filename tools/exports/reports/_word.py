"""Writes a report with python-docx."""

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC
from itertools import count
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.text.paragraph import Paragraph as Lines

from tools.exports.reports import _closing, _ooxml
from tools.exports.reports._content import Content, Item, Mark, Paragraph, Part, Picture, Proof, Said, Table, plain

_SOFT, _WARN = RGBColor(0x55, 0x55, 0x55), RGBColor(0x7A, 0x4A, 0x00)
_WIDTH = Cm(16)
"""Of the text on an A4 page."""
_HEIGHT = Cm(18)
"""Most that a picture may take."""
_SMALL = Pt(8)


def written(content: Content) -> bytes:
    """The whole file."""
    return _Writer(content).written()


class _Writer:
    def __init__(self, content: Content) -> None:
        self._content = content
        self._file = docx.Document()
        self._marks = count(1)

    def written(self) -> bytes:
        """Title, contents, sections, and what stands after them."""
        self._set_up()
        self._head()
        self._contents()
        for part in self._content.parts:
            self._part(part)
        for id, heading, write in self._closing():
            _ooxml.bookmark(self._file.add_heading(heading, 1), id, next(self._marks))
            write()
        return _ooxml.steady(self._file, self._content.report.made)

    def _closing(self) -> Iterable[tuple[str, str, Callable[[], None]]]:
        yield "references", _closing.REFERENCES, self._references
        if self._content.proofs:
            yield "evidence", _closing.EVIDENCE, self._evidence
        if _closing.withheld(self._content):
            yield "withheld", _closing.WITHHELD, self._withheld
        yield "ledger", _closing.LEDGER, self._ledger

    # the page

    def _set_up(self) -> None:
        """A4, fonts, properties, running title and page numbers."""
        report, file = self._content.report, self._file
        title, made = plain(report.plan.title), report.made.astimezone(UTC).replace(tzinfo=None)
        properties = file.core_properties
        properties.title, properties.author, properties.language = title[:255], "证读", "zh-CN"
        properties.created = properties.modified = made
        properties.last_modified_by, properties.comments, properties.revision = "证读", "", report.version
        section = file.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(2.4)
        section.different_first_page_header_footer = True
        head = section.header.paragraphs[0]
        _soft(head, title)
        for footer in (section.footer, section.first_page_footer):
            self._page_number(footer.paragraphs[0])
        _ooxml.language(file)
        self._set_styles()

    def _page_number(self, line: Lines) -> None:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run("第 ")
        _ooxml.field(line, "PAGE")
        line.add_run(" 页，共 ")
        _ooxml.field(line, "NUMPAGES")
        line.add_run(" 页")
        for run in line.runs:
            run.font.size, run.font.color.rgb = _SMALL, _SOFT

    def _set_styles(self) -> None:
        styles: Any = self._file.styles
        sizes = {"Title": 20, "Heading 1": 15, "Heading 2": 11, "Caption": 9, "Normal": 10.5, "Quote": 9.5}
        for name, size in sizes.items():
            style = styles[name]
            serif = name in ("Normal", "Quote")
            _ooxml.fonts(style, "Times New Roman" if serif else "Arial", "宋体" if serif else "黑体")
            style.font.size, style.font.italic = Pt(size), False
            style.font.color.rgb = RGBColor(0, 0, 0)
        normal = styles["Normal"].paragraph_format
        normal.line_spacing, normal.space_after = 1.5, Pt(6)
        styles["Heading 1"].paragraph_format.space_before = Pt(20)
        styles["Quote"].paragraph_format.left_indent = Cm(0.6)
        styles["Quote"].paragraph_format.space_after = Pt(0)
        styles["Caption"].font.bold = False

    # title and contents

    def _head(self) -> None:
        report, file = self._content.report, self._file
        file.add_paragraph(plain(report.plan.title), "Title")
        if report.labels:
            self._boxed(" · ".join(map(plain, report.labels)))
        for name, words in _closing.facts(self._content):
            line = file.add_paragraph()
            line.paragraph_format.space_after = Pt(0)
            _soft(line, f"{name}　")
            line.add_run(words).font.size = Pt(9)
        how = file.add_paragraph()
        how.paragraph_format.space_before = Pt(6)
        _soft(how, _closing.HOW_TO_READ)

    def _boxed(self, words: str) -> None:
        box = self._file.add_paragraph()
        run = box.add_run(words)
        run.bold, run.font.color.rgb = True, _WARN
        _ooxml.framed(box, "C98A1B")

    def _contents(self) -> None:
        """A table of contents that is there already, and to which Word adds page numbers when it is told to update."""
        head = self._file.add_paragraph()
        head.paragraph_format.keep_with_next = True
        head.paragraph_format.space_before = Pt(10)
        head.add_run(_closing.CONTENTS).bold = True
        lines = [(f"s{part.number}", f"{part.number}　{part.heading}") for part in self._content.parts]
        lines += [(id, heading) for id, heading, _ in self._closing()]
        entries = [self._file.add_paragraph() for _ in lines]
        _ooxml.begin(entries[0], r'TOC \o "1-1" \h \z \u')
        for entry, (id, words) in zip(entries, lines, strict=True):
            entry.paragraph_format.space_after = Pt(0)
            _ooxml.link(entry, words, anchor=id)
        _ooxml.end(entries[-1])

    # a section

    def _part(self, part: Part) -> None:
        heading = self._file.add_heading(f"{part.number}　{part.heading}", 1)
        _ooxml.bookmark(heading, f"s{part.number}", next(self._marks))
        if part.stopped:
            self._boxed(_closing.stopped(part.stopped))
        for item in part.items:
            self._item(item)
        if not (part.items or part.asks or part.unanswered or part.cautions or part.stopped):
            _soft(self._file.add_paragraph(), _closing.NOTHING)
        listed = (_closing.CAUTIONS, part.cautions), (_closing.UNANSWERED, part.unanswered), (_closing.ASKS, part.asks)
        for name, lines in listed:
            if lines:
                self._list("" if name == part.heading else name, lines)

    def _list(self, heading: str, lines: Iterable[str]) -> None:
        if heading:
            self._file.add_heading(heading, 2)
        for line in lines:
            self._file.add_paragraph(line, "List Bullet")

    def _item(self, item: Item) -> None:
        if isinstance(item, Paragraph):
            self._prose(item.said)
        elif isinstance(item, Table):
            self._table(item)
        else:
            self._picture(item)

    def _prose(self, said: Sequence[Said]) -> None:
        line = self._file.add_paragraph()
        for n, one in enumerate(said):
            line.add_run(" " if n else "")
            _said(line, one)

    def _picture(self, picture: Picture) -> None:
        if picture.image:
            line = self._file.add_paragraph()
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            line.paragraph_format.keep_with_next = True
            run = line.add_run()
            shape = run.add_picture(io.BytesIO(picture.image))
            scale = min(Pt(picture.width) / shape.width, _WIDTH / shape.width, _HEIGHT / shape.height)
            shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
            _ooxml.described(run, picture.name)
        else:
            line = self._file.add_paragraph()
            line.paragraph_format.keep_with_next = True
            _soft(line, picture.instead)
        caption = self._file.add_paragraph(style="Caption")
        caption.add_run(f"{picture.label}　").bold = True
        _outside(caption, picture.mark)
        if picture.caption:
            caption.add_run(f"　{picture.caption}").font.color.rgb = _SOFT
        if picture.said:
            self._prose(picture.said)

    def _table(self, table: Table) -> None:
        caption = self._file.add_paragraph(style="Caption")
        caption.paragraph_format.keep_with_next = True
        caption.add_run(f"表 {table.number}　{table.caption}").bold = True
        grid = self._grid((table.corner, *table.columns), len(table.rows))
        for row, made in zip(table.rows, grid.rows[1:], strict=True):
            label = made.cells[0].paragraphs[0]
            label.add_run(row.label).bold = True
            if row.paper:
                label.add_run(" ")
                _ooxml.link(label, f"[{row.paper}]", anchor=f"r{row.paper}")
            for cell, place in zip(row.cells, made.cells[1:], strict=False):
                line = place.paragraphs[0]
                if isinstance(cell, Said):
                    _said(line, cell)
                else:
                    line.add_run(cell).font.color.rgb = _SOFT
        _tighten(grid)
        for note in table.notes:
            _soft(self._file.add_paragraph(style="List Bullet"), note)
        self._file.add_paragraph().paragraph_format.space_after = Pt(0)

    def _grid(self, heads: Sequence[str], rows: int) -> Any:
        """An empty table with its head."""
        grid = self._file.add_table(rows + 1, len(heads), "Table Grid")
        for cell, head in zip(grid.rows[0].cells, heads, strict=True):
            cell.paragraphs[0].add_run(head).bold = True
        _ooxml.whole_row(grid.rows[0], head=True)
        for row in grid.rows[1:]:
            _ooxml.whole_row(row)
        return grid

    # what stands after them

    def _references(self) -> None:
        for found in _closing.references(self._content):
            line = self._file.add_paragraph()
            line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(0.9), Cm(-0.9)
            line.add_run(f"[{found.number}]　")
            line.add_run(f"{found.about}. " if found.about else "")
            line.add_run(found.title).italic = True
            line.add_run(". ")
            _ooxml.link(line, found.name, address=found.address)
            _ooxml.bookmark(line, f"r{found.number}", next(self._marks))
        left = [f"{name}：{why}" for name, why in _closing.left_out(self._content)]
        if left:
            self._list(_closing.LEFT_OUT, left)

    def _evidence(self) -> None:
        for proof in self._content.proofs:
            line = self._file.add_paragraph()
            line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(8), Pt(0)
            line.paragraph_format.keep_with_next = True
            _soft(line, f"{proof.n}　")
            line.add_run(proof.text).font.size = Pt(9.5)
            _ooxml.bookmark(line, f"e{proof.n}", next(self._marks))
            self._quotes(proof)

    def _quotes(self, proof: Proof) -> None:
        for quote in proof.quotes:
            words = self._file.add_paragraph(f"{plain(quote.quote)}　", "Quote")
            _outside(words, self._content.place(quote)).font.size = _SMALL
            if quote.spelled_out:
                _soft(self._file.add_paragraph(style="Quote"), plain(quote.spelled_out))
        for finding in proof.findings:
            _soft(self._file.add_paragraph(style="Quote"), finding)

    def _withheld(self) -> None:
        held = _closing.withheld(self._content)
        _soft(self._file.add_paragraph(), f"{len(held)} 句，{_closing.WITHHELD_NOTE}")
        for one in held:
            line = self._file.add_paragraph(style="List Bullet")
            struck = line.add_run(one.text)
            struck.font.strike, struck.font.color.rgb = True, _SOFT
            _badge(line, one.badge)
            _soft(line, f"　{one.where}：{one.why}")

    def _ledger(self) -> None:
        heads, rows = _closing.ledger(self._content)
        grid = self._grid(heads, len(rows))
        for row, made in zip(rows, grid.rows[1:], strict=True):
            for n, (words, cell) in enumerate(zip(row, made.cells, strict=True)):
                cell.paragraphs[0].add_run(words).bold = row is rows[-1] or not n
                if n:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _tighten(grid)


def _said(line: Lines, said: Said) -> None:
    """A sentence, its pages and its badge."""
    line.add_run(said.text)
    for n, mark in enumerate(said.marks):
        line.add_run("、" if n else " ").font.size = _SMALL
        _ooxml.link(line, mark.text, anchor=f"e{said.proof}").font.size = _SMALL
    if said.badge:
        _badge(line, said.badge)


def _badge(line: Lines, word: str) -> None:
    run = line.add_run(f"（{word}）")
    run.font.size, run.font.color.rgb = _SMALL, _WARN


def _soft(line: Lines, words: str) -> None:
    run = line.add_run(words)
    run.font.size, run.font.color.rgb = Pt(9), _SOFT


def _outside(line: Lines, mark: Mark) -> Any:
    return _ooxml.link(line, mark.text, address=mark.address)


def _tighten(grid: Any) -> None:
    """Small type, close lines."""
    for row in grid.rows:
        for cell in row.cells:
            for line in cell.paragraphs:
                line.paragraph_format.space_after, line.paragraph_format.line_spacing = Pt(1), 1.2
                for run in line.runs:
                    run.font.size = run.font.size or Pt(9)
