"""Writes a report with python-docx."""

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph as Lines

from tools.exports.reports import _closing, _ooxml
from tools.exports.reports._content import Content, Item, Mark, Paragraph, Part, Picture, Proof, Said, Table, plain
from tools.exports.reports._word_page import SMALL, SOFT, WARN, boxed, contents, set_up, soft, tighten
from tools.exports.reports._word_page import grid as empty_grid
from tools.exports.reports._word_page import picture as drawn


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
        report = self._content.report
        set_up(self._file, report.plan.title, report.made, report.version)
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

    # title and contents

    def _head(self) -> None:
        report, file = self._content.report, self._file
        file.add_paragraph(plain(report.plan.title), "Title")
        if report.labels:
            boxed(self._file, " · ".join(map(plain, report.labels)))
        for name, words in _closing.facts(self._content):
            line = file.add_paragraph()
            line.paragraph_format.space_after = Pt(0)
            soft(line, f"{name}　")
            line.add_run(words).font.size = Pt(9)
        how = file.add_paragraph()
        how.paragraph_format.space_before = Pt(6)
        soft(how, _closing.HOW_TO_READ)

    def _contents(self) -> None:
        entries = [(f"s{part.number}", f"{part.number}　{part.heading}", 1) for part in self._content.parts]
        contents(self._file, _closing.CONTENTS, [*entries, *((id, heading, 1) for id, heading, _ in self._closing())])

    # a section

    def _part(self, part: Part) -> None:
        heading = self._file.add_heading(f"{part.number}　{part.heading}", 1)
        _ooxml.bookmark(heading, f"s{part.number}", next(self._marks))
        if part.stopped:
            boxed(self._file, _closing.stopped(part.stopped))
        for item in part.items:
            self._item(item)
        if not (part.items or part.asks or part.unanswered or part.cautions or part.stopped):
            soft(self._file.add_paragraph(), _closing.NOTHING)
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
            drawn(self._file.add_paragraph(), picture.image, picture.width, picture.name)
        else:
            line = self._file.add_paragraph()
            line.paragraph_format.keep_with_next = True
            soft(line, picture.instead)
        caption = self._file.add_paragraph(style="Caption")
        caption.add_run(f"{picture.label}　").bold = True
        _outside(caption, picture.mark)
        if picture.caption:
            caption.add_run(f"　{picture.caption}").font.color.rgb = SOFT
        if picture.said:
            self._prose(picture.said)

    def _table(self, table: Table) -> None:
        caption = self._file.add_paragraph(style="Caption")
        caption.paragraph_format.keep_with_next = True
        caption.add_run(f"表 {table.number}　{table.caption}").bold = True
        grid = empty_grid(self._file, (table.corner, *table.columns), len(table.rows))
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
                    line.add_run(cell).font.color.rgb = SOFT
        tighten(grid)
        for note in table.notes:
            soft(self._file.add_paragraph(style="List Bullet"), note)
        self._file.add_paragraph().paragraph_format.space_after = Pt(0)

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
            soft(line, f"{proof.n}　")
            line.add_run(proof.text).font.size = Pt(9.5)
            _ooxml.bookmark(line, f"e{proof.n}", next(self._marks))
            self._quotes(proof)

    def _quotes(self, proof: Proof) -> None:
        for quote in proof.quotes:
            words = self._file.add_paragraph(f"{plain(quote.quote)}　", "Quote")
            _outside(words, self._content.place(quote)).font.size = SMALL
            if quote.spelled_out:
                soft(self._file.add_paragraph(style="Quote"), plain(quote.spelled_out))
        for finding in proof.findings:
            soft(self._file.add_paragraph(style="Quote"), finding)

    def _withheld(self) -> None:
        held = _closing.withheld(self._content)
        soft(self._file.add_paragraph(), f"{len(held)} 句，{_closing.WITHHELD_NOTE}")
        for one in held:
            line = self._file.add_paragraph(style="List Bullet")
            struck = line.add_run(one.text)
            struck.font.strike, struck.font.color.rgb = True, SOFT
            _badge(line, one.badge)
            soft(line, f"　{one.where}：{one.why}")

    def _ledger(self) -> None:
        heads, rows = _closing.ledger(self._content)
        grid = empty_grid(self._file, heads, len(rows))
        for row, made in zip(rows, grid.rows[1:], strict=True):
            for n, (words, cell) in enumerate(zip(row, made.cells, strict=True)):
                cell.paragraphs[0].add_run(words).bold = row is rows[-1] or not n
                if n:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        tighten(grid)


def _said(line: Lines, said: Said) -> None:
    """A sentence, its pages and its badge."""
    line.add_run(said.text)
    for n, mark in enumerate(said.marks):
        line.add_run("、" if n else " ").font.size = SMALL
        _ooxml.link(line, mark.text, anchor=f"e{said.proof}").font.size = SMALL
    if said.badge:
        _badge(line, said.badge)


def _badge(line: Lines, word: str) -> None:
    run = line.add_run(f"（{word}）")
    run.font.size, run.font.color.rgb = SMALL, WARN


def _outside(line: Lines, mark: Mark) -> Any:
    return _ooxml.link(line, mark.text, address=mark.address)
