"""What every Word file looks like: page, fonts, running title, page numbers, tables, pictures."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.text.paragraph import Paragraph as Lines

from tools.exports.reports import _ooxml
from tools.exports.reports._content import plain

SOFT, WARN = RGBColor(0x55, 0x55, 0x55), RGBColor(0x7A, 0x4A, 0x00)
SMALL = Pt(8)
_WIDTH = Cm(16)
"""Of the text on an A4 page."""
_HEIGHT = Cm(18)
"""Most that a picture may take."""
_NARROW, _WIDE = 6, 30
"""Characters: how narrow a column becomes, and how much it may ask for."""
_SIZES = {"Title": 20, "Heading 1": 15, "Heading 2": 11, "Heading 3": 10.5, "Caption": 9, "Normal": 10.5, "Quote": 9.5}
"""Points."""


def set_up(file: Document, title: str, made: datetime, revision: int) -> None:
    """A4, fonts, properties, running title and page numbers."""
    properties, stamp = file.core_properties, made.astimezone(UTC).replace(tzinfo=None)
    properties.title, properties.author, properties.language = plain(title)[:255], "证读", "zh-CN"
    properties.created = properties.modified = stamp
    properties.last_modified_by, properties.comments, properties.revision = "证读", "", revision
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.4)
    section.different_first_page_header_footer = True
    soft(section.header.paragraphs[0], plain(title))
    for footer in (section.footer, section.first_page_footer):
        _page_number(footer.paragraphs[0])
    _ooxml.language(file)
    _styles(file)


def _page_number(line: Lines) -> None:
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.add_run("第 ")
    _ooxml.field(line, "PAGE")
    line.add_run(" 页，共 ")
    _ooxml.field(line, "NUMPAGES")
    line.add_run(" 页")
    for run in line.runs:
        run.font.size, run.font.color.rgb = SMALL, SOFT


def _styles(file: Document) -> None:
    styles: Any = file.styles
    for name, size in _SIZES.items():
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


def soft(line: Lines, words: str) -> None:
    """Small grey words."""
    run = line.add_run(words)
    run.font.size, run.font.color.rgb = Pt(9), SOFT


def boxed(file: Document, words: str) -> None:
    """A warning in a box."""
    box = file.add_paragraph()
    run = box.add_run(words)
    run.bold, run.font.color.rgb = True, WARN
    _ooxml.framed(box, "C98A1B")


def contents(file: Document, heading: str, entries: Sequence[tuple[str, str, int]]) -> None:
    """A table of contents that is there already, and to which Word adds page numbers when it is told to update.
    `entries`: bookmark, words, level from 1."""
    head = file.add_paragraph()
    head.paragraph_format.keep_with_next = True
    head.paragraph_format.space_before = Pt(10)
    head.add_run(heading).bold = True
    lines = [file.add_paragraph() for _ in entries]
    _ooxml.begin(lines[0], rf'TOC \o "1-{max(level for _, _, level in entries)}" \h \z \u')
    for line, (id, words, level) in zip(lines, entries, strict=True):
        line.paragraph_format.space_after = Pt(0)
        if level > 1:
            line.paragraph_format.left_indent = Cm(0.7 * (level - 1))
        _ooxml.link(line, words, anchor=id)
    _ooxml.end(lines[-1])


def picture(line: Lines, png: bytes, width: float, alt: str) -> None:
    """`width`: points; smaller where the page is."""
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.keep_with_next = True
    run = line.add_run()
    shape = run.add_picture(io.BytesIO(png))
    scale = min(Pt(width) / shape.width, _WIDTH / shape.width, _HEIGHT / shape.height)
    shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
    _ooxml.described(run, alt)


def grid(file: Document, heads: Sequence[str], rows: int) -> Any:
    """An empty table with its head."""
    made = file.add_table(rows + 1, len(heads), "Table Grid")
    for cell, head in zip(made.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    _ooxml.whole_row(made.rows[0], head=True)
    for row in made.rows[1:]:
        _ooxml.whole_row(row)
    return made


def tighten(made: Any) -> None:
    """Small type, close lines, columns as wide as what they hold wants."""
    wants = [max(_NARROW, min(_WIDE, max(len(cell.text) for cell in column.cells))) for column in made.columns]
    for column, want in zip(made.columns, wants, strict=True):
        column.width = Emu(int(_WIDTH * want / sum(wants)))
    for row in made.rows:
        for cell, column in zip(row.cells, made.columns, strict=True):
            cell.width = column.width
            for line in cell.paragraphs:
                line.paragraph_format.space_after, line.paragraph_format.line_spacing = Pt(1), 1.2
                for run in line.runs:
                    run.font.size = run.font.size or Pt(9)
