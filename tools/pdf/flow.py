"""From blocks in reading order to paragraphs: lines joined, hyphens undone, columns bridged. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from core.documents import PassageKind, Section, SectionRole, Table
from core.reading import Paragraph, Reading
from tools.pdf import ocr
from tools.pdf.draft import Draft, Vocabulary, vocabulary
from tools.pdf.floats import Float
from tools.pdf.grid import rows_of
from tools.pdf.layout import arrange, body_size
from tools.pdf.page import Block, Kind, Line, Page
from tools.pdf.pictures import figures
from tools.pdf.sections import Outline, run_in
from tools.pdf.tables import read_tables
from tools.pdf.unseen import found_hidden

_ABSTRACT_RUN_IN = re.compile(r"^abstract\s*[—–:.-]", re.IGNORECASE)
_ENDS = re.compile(r"[.!?:;][\"'”’)\]⁰-⁹¹²³]*$")
_PARAGRAPH_KIND: dict[Kind, PassageKind] = {
    Kind.CAPTION: "caption",
    Kind.EQUATION: "equation",
    Kind.LISTING: "equation",
    Kind.NOTE: "note",
    Kind.INSET: "note",
    Kind.TABLE: "note",  # of one column: sentences in a frame
}
_ABSTRACT = 350
"""Characters; names and addresses come in shorter pieces."""
_WITHOUT_RUN_INS = frozenset({SectionRole.FRONT, SectionRole.ABSTRACT, SectionRole.REFERENCES})


def read(pages: Sequence[Page], sha256: str, all_pages: int) -> Reading:
    """Plain pages -> the document's sections, paragraphs in reading order, tables and figures."""
    layout = arrange(pages)
    size = body_size(pages)
    title = _title(layout.blocks, size)
    words = vocabulary(layout.blocks)
    writer = _Writer(Outline(size), words, layout.tables)
    for block in layout.blocks:
        writer.take(block)
    paragraphs = tuple(_with_abstract(writer.paragraphs()))
    return Reading(
        sha256,
        all_pages,
        title,
        tuple(writer.outline.sections),
        paragraphs,
        tuple(_warnings(pages, all_pages)),
        tuple(writer.tables),
        figures(layout.figures, words),
        tuple(found_hidden(pages, paragraphs)),
    )


def _with_abstract(paragraphs: Sequence[Paragraph]) -> Iterable[Paragraph]:
    """Running text above the first section is the abstract where none is called so."""
    named = any(p.role is SectionRole.ABSTRACT for p in paragraphs)
    for paragraph in paragraphs:
        above = paragraph.role is SectionRole.FRONT and not paragraph.section and paragraph.kind in ("text", "note")
        if above and not named and len(paragraph.text) >= _ABSTRACT:  # some set it in a box
            yield replace(paragraph, kind="text", role=SectionRole.ABSTRACT, section="Abstract")
        else:
            yield paragraph


def _warnings(pages: Sequence[Page], all_pages: int) -> Iterable[str]:
    unread = [p.number for p in pages if ocr.needed(p)]
    if unread:
        yield f"第 {_ranges(unread)} 页是扫描图片，没有文字层，未读"
    for name in sorted({p.recogniser for p in pages} - {""}):
        if found := [p.number for p in pages if p.recogniser == name and p.blocks]:
            yield f"第 {_ranges(found)} 页是扫描图片，已用 {name} 识别，可能有错字"
        if empty := [p.number for p in pages if p.recogniser == name and not p.blocks]:
            yield f"第 {_ranges(empty)} 页是扫描图片，{name} 没有认出文字"
    if all_pages > len(pages):
        yield f"全文 {all_pages} 页，只读了前 {len(pages)} 页"


def _ranges(numbers: list[int]) -> str:
    parts: list[list[int]] = []
    for n in numbers:
        if parts and parts[-1][-1] == n - 1:
            parts[-1] = [parts[-1][0], n]
        else:
            parts.append([n])
    return "、".join("–".join(str(n) for n in part) for part in parts)


def _title(blocks: Sequence[Block], size: float) -> str:
    """The largest lettering on the first page; empty where nothing stands out."""
    first = [b for b in blocks if b.page == 1 and b.kind is Kind.TEXT and b.chars >= 8]
    if not first:
        return ""
    largest = max(first, key=lambda b: (round(b.size, 1), -b.y0))
    if largest.size < size * 1.15:
        return ""
    same = [b for b in first if abs(b.size - largest.size) < 0.3 and abs(b.y0 - largest.y0) < 80]
    text = " ".join(b.text for b in sorted(same, key=lambda b: b.y0))
    return re.sub(r"(\w)- (\w)", r"\1\2", text).rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹∗*† ")


class _Writer:
    """Takes blocks in order and writes paragraphs."""

    def __init__(self, outline: Outline, vocabulary: Vocabulary, tables: Mapping[Block, Float]) -> None:
        self.outline = outline
        self.tables: list[Table] = []
        self._vocabulary = vocabulary
        self._floats = tables
        self._done: list[Paragraph] = []
        self._open: Draft | None = None
        self._breaks_off = False
        """Did the last line reach the right edge, as lines within a paragraph do?"""

    def paragraphs(self) -> list[Paragraph]:
        """All paragraphs; nothing can be taken after this."""
        self._close()
        return self._done

    def take(self, block: Block) -> None:
        """The next block in reading order."""
        if block.kind in (Kind.MARGIN, Kind.FIGURE):
            return
        if block.kind is not Kind.TEXT:
            self._float(block)
            return
        for part in self._split_at_headings(block):
            self._text(part)

    def _split_at_headings(self, block: Block) -> list[Block]:
        """A heading set close to the text above it opens a block of its own."""
        rows = rows_of(block.lines)
        cuts = [n for n, row in enumerate(rows) if n and self.outline.could_open(row)]
        if not cuts:
            return [block]
        edges = [0, *cuts, len(rows)]
        return [Block([line for row in rows[a:b] for line in row], block.page) for a, b in pairwise(edges)]

    def _text(self, block: Block) -> None:
        heading = self.outline.heading(block)
        lines = block.lines
        if heading:
            self._close()
            rows = [line for row in rows_of(block.lines) for line in row]
            lines = rows[heading.lines :]
        elif _ABSTRACT_RUN_IN.match(block.text) and self.outline.role is SectionRole.FRONT:
            self._close()
            self.outline.enter(
                Section(number="", title="Abstract", level=1, role=SectionRole.ABSTRACT, page=block.page)
            )
        if lines:
            self._prose(Block(lines, block.page))

    def _float(self, block: Block) -> None:
        """Captions, tables, equations and notes stand beside the flow: the paragraph around them may go on."""
        section, role = self.outline.path, self.outline.role
        tables = (
            read_tables(block, self._floats[block], section, role, self._vocabulary) if block.kind is Kind.TABLE else []
        )
        for table, rows in tables:
            self.tables.append(table)
            self._done += rows
        if tables:
            return
        draft = Draft(section, role)
        rows_apart = block.kind is Kind.LISTING
        for n, row in enumerate(rows_of(block.lines) if rows_apart else [[line] for line in block.lines]):
            if n and rows_apart:
                draft.newline()
            for line in row:
                draft.add(line, block.page, self._vocabulary)
        self._done.append(draft.finish(_PARAGRAPH_KIND[block.kind]))

    def _prose(self, block: Block) -> None:
        for part in _split_at_indents(block):
            if self._open and not self._continues(part):
                self._close()
            if self._open is None:
                title = run_in(part.lines)
                if title and self.outline.role not in _WITHOUT_RUN_INS:
                    self.outline.enter_run_in(re.sub(r"(\w)- ([a-z])", r"\1\2", title), block.page)
                self._open = Draft(self.outline.path, self.outline.role)
            for line in part.lines:
                self._open.add(line, block.page, self._vocabulary)
            self._breaks_off = len(part.lines) > 2 and part.x1 - part.lines[-1].x1 < 3

    def _continues(self, block: Block) -> bool:
        """Does this block go on with the open paragraph (after a column, a page, a float or an equation)?"""
        assert self._open is not None  # noqa: S101  # callers asked
        text = self._open.text
        if text.endswith("-") or text.endswith(","):
            return True
        if _ENDS.search(text):
            return False
        return bool(re.match(r"[a-z(\d“\"\[]", block.text)) or self._breaks_off

    def _close(self) -> None:
        if self._open and self._open.text:
            self._done.append(self._open.finish("text"))
        self._open = None


def _split_at_indents(block: Block) -> list[Block]:
    """A new paragraph begins at an indented line after a finished sentence."""
    left = min(line.x0 for line in block.lines)
    parts: list[list[Line]] = []
    for n, line in enumerate(block.lines):
        finished = bool(parts) and bool(_ENDS.search(parts[-1][-1].text))
        same_row = bool(parts) and abs(parts[-1][-1].middle - line.middle) < 3
        titled = line.lead > 0 and bool(run_in(block.lines[n:]))
        if not parts or (finished and not same_row and (line.x0 - left > 6 or titled)):
            parts.append([line])
        else:
            parts[-1].append(line)
    return [Block(lines, block.page) for lines in parts]
