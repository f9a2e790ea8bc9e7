"""A report as Markdown for GitHub and Obsidian: evidence in footnotes, small pictures at the end of the file."""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count

from core.report import Report
from tools.exports.md import text
from tools.exports.reports import _closing
from tools.exports.reports._content import Content, Item, Mark, Paragraph, Part, Picture, Proof, Said, Table, plain

_ROOM = 300_000
"""Most bytes of pictures, the others are links: GitHub shows no Markdown file of much more than half a million."""
_NOT_IN_SLUGS = re.compile(r"[^\w\- ]")


class _Markdown:
    name = "md"
    media_type = "text/markdown; charset=utf-8"

    def file(self, report: Report, pictures: Mapping[str, bytes]) -> bytes:
        """See core.ports.ReportExporter."""
        return _Sheet(Content(report, pictures)).written().encode()


EXPORTER = _Markdown()


class _Sheet:
    """Writes one report."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._images: list[bytes] = []

    def written(self) -> str:
        """The whole file."""
        parts = [block for part in self._content.parts for block in self._part(part)]
        closing = [self._references(), self._withheld(), self._ledger(), self._evidence()]
        images = (
            f"[fig-{n}]: data:image/png;base64,{b64encode(image).decode()}" for n, image in enumerate(self._images, 1)
        )
        blocks = [*self._head(), *self._contents(), *parts, *(b for blocks in closing for b in blocks), *images]
        return "\n\n".join(blocks) + "\n"

    def _head(self) -> Iterable[str]:
        report = self._content.report
        yield f"# {text(plain(report.plan.title))}"
        if report.labels:
            yield "> " + " · ".join(f"**{text(plain(label))}**" for label in report.labels)
        yield "\n".join(f"- {name}：{text(words)}" for name, words in _closing.facts(self._content))
        yield f"*{_closing.HOW_TO_READ}*"

    def _contents(self) -> Iterable[str]:
        yield f"## {_closing.CONTENTS}"
        headings = [part.heading for part in self._content.parts]
        closing = [_closing.REFERENCES, _closing.WITHHELD, _closing.LEDGER, _closing.EVIDENCE]
        if not _closing.withheld(self._content):
            closing.remove(_closing.WITHHELD)
        if not self._content.proofs:
            closing.remove(_closing.EVIDENCE)
        slugs = _slugs([_closing.CONTENTS, *headings, *closing])[1:]
        names = [*headings, *closing]
        yield "\n".join(f"{n}. [{text(name)}](#{slug})" for n, name, slug in zip(count(1), names, slugs, strict=False))

    # a section

    def _part(self, part: Part) -> Iterable[str]:
        yield f"## {text(part.heading)}"
        if part.stopped:
            yield f"> **{text(_closing.stopped(part.stopped))}**"
        for item in part.items:
            yield from self._item(item)
        if not (part.items or part.asks or part.unanswered or part.stopped):
            yield _closing.NOTHING
        listed = (_closing.CAUTIONS, part.cautions), (_closing.UNANSWERED, part.unanswered), (_closing.ASKS, part.asks)
        for heading, lines in listed:
            if lines:
                yield from [] if heading == part.heading else [f"**{heading}**"]
                yield "\n".join(f"- {text(line)}" for line in lines)

    def _item(self, item: Item) -> Iterable[str]:
        if isinstance(item, Paragraph):
            yield " ".join(map(_said, item.said))
        elif isinstance(item, Table):
            yield from _table(item)
        else:
            yield from self._picture(item)

    def _picture(self, picture: Picture) -> Iterable[str]:
        instead = picture.instead
        if picture.image and sum(map(len, self._images)) + len(picture.image) > _ROOM:
            instead = f"图太大，没有放进这个文件；请看 PDF {picture.mark.text}。"
        elif picture.image:
            self._images.append(picture.image)
            yield f"![{text(picture.name)}][fig-{len(self._images)}]"
        if instead:
            yield f"> {text(instead)}"
        caption = f"：{text(picture.caption)}" if picture.caption else ""
        yield f"**{text(picture.label)}**（{_link(picture.mark)}）{caption}"
        if picture.said:
            yield " ".join(map(_said, picture.said))

    # what stands after them

    def _references(self) -> Iterable[str]:
        yield f"## {_closing.REFERENCES}"
        yield "\n".join(
            f"{reference.number}. "
            + (f"{text(reference.about)}. " if reference.about else "")
            + f"*{text(reference.title)}*. "
            + (f"[{reference.name}]({reference.address})" if reference.address else text(reference.name))
            for reference in _closing.references(self._content)
        )
        if left := _closing.left_out(self._content):
            yield f"**{_closing.LEFT_OUT}**"
            yield "\n".join(f"- {text(name)}：{text(why)}" for name, why in left)

    def _withheld(self) -> Iterable[str]:
        if held := _closing.withheld(self._content):
            yield f"## {_closing.WITHHELD}"
            yield f"{len(held)} 句，{_closing.WITHHELD_NOTE}"
            yield "\n".join(f"- ~~{text(h.text)}~~　`{h.badge}`　{text(h.where)}：{text(h.why)}" for h in held)

    def _ledger(self) -> Iterable[str]:
        heads, rows = _closing.ledger(self._content)
        yield f"## {_closing.LEDGER}"
        yield _lines(heads, [[text(cell) for cell in row] for row in rows], numbers=True)

    def _evidence(self) -> Iterable[str]:
        if self._content.proofs:
            yield f"## {_closing.EVIDENCE}"
            yield "句末的上标各指一条原文："
        for proof in self._content.proofs:
            yield f"[^{proof.n}]: " + "\n\n    ".join(self._proof(proof))

    def _proof(self, proof: Proof) -> Iterable[str]:
        """A footnote's paragraphs."""
        for quote in proof.quotes:
            yield f"“{text(plain(quote.quote))}”　{_link(self._content.place(quote))}"
            if quote.spelled_out:
                yield text(plain(quote.spelled_out))
        yield from map(text, proof.findings)


_SHORT = 16
"""Characters of a cell that needs no mark of its own."""


def _said(said: Said) -> str:
    words = text(said.text)
    marks = f"（{'、'.join(map(_link, said.marks))}）" if said.marks else ""
    note = f"[^{said.proof}]" if said.proof else ""
    return f"{words}{marks}{note}" + (f" `{said.badge}`" if said.badge else "")


def _link(mark: Mark) -> str:
    return f"[{text(mark.text)}]({mark.address})" if mark.address else text(mark.text)


def _table(table: Table) -> Iterable[str]:
    yield f"**表 {table.number}　{text(table.caption)}**"
    rows = [[_label(row.label, row.paper), *(_cell(cell) for cell in row.cells)] for row in table.rows]
    yield _lines([text(table.corner), *map(text, table.columns)], rows)
    if table.notes:
        yield "\n".join(f"- {text(note)}" for note in table.notes)


def _label(label: str, paper: int) -> str:
    return f"**{text(label)}**" + (f" {text(f'[{paper}]')}" if paper else "")


def _cell(cell: Said | str) -> str:
    if isinstance(cell, str):
        return f"*{cell}*"
    if len(cell.marks) != 1 or not cell.marks[0].address or len(cell.text) > _SHORT:
        return _said(cell)
    (mark,) = cell.marks  # a number leads to its page itself: columns stay narrow
    linked = _said(replace(cell, text="", marks=()))
    return f"[{text(cell.text)}]({mark.address}){linked}"


def _lines(heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool = False) -> str:
    """A Markdown table."""
    rule = ["---", *(["---:" if numbers else "---"] * (len(heads) - 1))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, rule, *rows))


def _slugs(headings: Sequence[str]) -> list[str]:
    """What GitHub makes of headings; Obsidian understands those without punctuation and blanks."""
    made: list[str] = []
    for heading in headings:
        slug = _NOT_IN_SLUGS.sub("", heading.lower()).replace(" ", "-")
        other = (f"{slug}-{n}" for n in count(1))
        made.append(slug if slug not in made else next(s for s in other if s not in made))
    return made
