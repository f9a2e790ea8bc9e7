"""A report as HTML elements, for the screen (evidence in folds) and for paper (evidence listed at the end)."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from tools.exports.reports import _closing
from tools.exports.reports._content import (
    Content,
    Item,
    Mark,
    Paragraph,
    Part,
    Picture,
    Proof,
    Said,
    Table,
    chinese,
    of,
    plain,
)

_MANY = 6
"""Columns; more of them are set smaller on paper."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def document(content: Content, style: str, *, folds: bool) -> str:
    """The whole file. `style`: name of a style sheet of this folder."""
    report = content.report
    css = (Path(__file__).parent / style).read_text("utf-8")
    return page(report.plan.title, report.made, css, _Page(content, folds).body())


def page(title: str, made: datetime, css: str, body: str) -> str:
    """A file that asks nothing of any other place. `body`: markup."""
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="generator" content="证读"><meta name="author" content="证读">'
        f'<meta name="dcterms.created" content="{made.isoformat()}">'
        f'<title>{escape(plain(title))}</title><style>\n{css}</style></head>\n<body><main>\n{body}\n</main></body></html>\n'
    )  # fmt: skip


def words(text: str, tag: str = "span", more: str = "") -> str:
    """Words that came from a model or a paper, in their language."""
    language = "" if chinese(text) else ' lang="en"'
    return f"<{tag}{language}{more}><bdi>{escape(text)}</bdi></{tag}>"


class _Page:
    def __init__(self, content: Content, folds: bool) -> None:
        self._content, self._folds = content, folds
        self._proofs = {proof.n: proof for proof in content.proofs}
        self._told: set[int] = set()
        """Numbers of the evidence that stands in a fold already."""

    def body(self) -> str:
        """Title, contents, sections, and what stands after them."""
        parts = [self._part(part) for part in self._content.parts]
        closing = [(id, heading, made) for id, heading, made in self._closing() if made]
        ends = [f'<section id="{id}" class="end"><h2>{heading}</h2>{made}</section>' for id, heading, made in closing]
        return "\n".join([self._head(), self._contents([(id, name) for id, name, _ in closing]), *parts, *ends])

    def _closing(self) -> Iterable[tuple[str, str, str]]:
        yield "references", _closing.REFERENCES, self._references()
        yield "evidence", _closing.EVIDENCE, "" if self._folds else "".join(map(self._proof, self._proofs))
        yield "withheld", _closing.WITHHELD, self._withheld()
        yield "ledger", _closing.LEDGER, self._ledger()

    def _head(self) -> str:
        report = self._content.report
        labels = "".join(f"<b>{escape(plain(label))}</b>" for label in report.labels)
        box = f'<p class="labels" role="note">{labels}</p>' if labels else ""
        facts = "".join(
            f"<div><dt>{name}</dt>{words(said, 'dd')}</div>" for name, said in _closing.facts(self._content)
        )
        return (
            f"<header>{words(plain(report.plan.title), 'h1')}{box}<dl>{facts}</dl>"
            f'<p class="how">{_closing.HOW_TO_READ}</p></header>'
        )

    def _contents(self, closing: list[tuple[str, str]]) -> str:
        parts = "".join(
            f'<li><a href="#s{part.number}">{_number(part.number)}{words(part.heading)}</a></li>'
            for part in self._content.parts
        )
        ends = "".join(f'<li><a href="#{id}"><span>{heading}</span></a></li>' for id, heading in closing)
        return f'<nav aria-label="{_closing.CONTENTS}"><h2>{_closing.CONTENTS}</h2><ol>{parts}{ends}</ol></nav>'

    # a section

    def _part(self, part: Part) -> str:
        stopped = f'<p class="stopped" role="note">{escape(_closing.stopped(part.stopped))}</p>' if part.stopped else ""
        body = "".join(self._item(item) for item in part.items)
        listed = (_closing.CAUTIONS, part.cautions), (_closing.UNANSWERED, part.unanswered), (_closing.ASKS, part.asks)
        lists = "".join(_list("" if name == part.heading else name, lines) for name, lines in listed if lines)
        nothing = "" if body or lists or stopped else f'<p class="soft">{_closing.NOTHING}</p>'
        heading = f"<h2>{_number(part.number)}{words(part.heading)}</h2>"
        return f'<section id="s{part.number}">{heading}{stopped}{body}{lists}{nothing}</section>'

    def _item(self, item: Item) -> str:
        if isinstance(item, Paragraph):
            return f"<p>{_run(item.said)}</p>{self._fold(item)}"
        if isinstance(item, Table):
            return f"{_table(item)}{self._fold(item)}"
        return f"{_picture(item)}{self._fold(item)}"

    def _fold(self, item: Item) -> str:
        """The evidence of what was said just above; on paper it stands at the end."""
        new = [n for n in dict.fromkeys(said.proof for said in of(item)) if n and n not in self._told]
        if not new or not self._folds:
            return ""
        self._told.update(new)
        proofs = "".join(map(self._proof, new))
        return f"<details><summary>{_closing.EVIDENCE}（{len(new)} 条）</summary>{proofs}</details>"

    def _proof(self, n: int) -> str:
        proof = self._proofs[n]
        about = f'<p class="claim"><span class="no">{n}</span>{words(proof.text)}</p>'
        return f'<div class="proof" id="e{n}">{about}{"".join(self._quotes(proof))}</div>'

    def _quotes(self, proof: Proof) -> Iterable[str]:
        for quote in proof.quotes:
            said = f'<span lang="en"><bdi>{escape(plain(quote.quote))}</bdi></span>'
            place = f'<span class="place">{_outside(self._content.place(quote))}</span>'
            spelled = words(plain(quote.spelled_out), "p", ' class="spelled"') if quote.spelled_out else ""
            yield f"<blockquote><p>{said} {place}</p>{spelled}</blockquote>"
        if proof.findings:
            yield _list("", proof.findings)

    # what stands after them

    def _references(self) -> str:
        items = ""
        for found in _closing.references(self._content):
            about = f"{words(found.about)}. " if found.about else ""
            name = _outside(Mark(found.name, found.address))
            no = f'<span class="no">[{found.number}]</span>'
            items += f'<li id="r{found.number}">{no}<span>{about}{words(found.title, "cite")}. {name}</span></li>'
        left = "".join(f"<li>{words(name)}：{words(why)}</li>" for name, why in _closing.left_out(self._content))
        return f'<ol class="references">{items}</ol>' + (f"<h3>{_closing.LEFT_OUT}</h3><ul>{left}</ul>" if left else "")

    def _withheld(self) -> str:
        held = _closing.withheld(self._content)
        if not held:
            return ""
        items = "".join(
            f'<li>{words(h.text, "del")} <span class="badge">{h.badge}</span>'
            f'<p class="soft">{words(h.where)}：{words(h.why)}</p></li>'
            for h in held
        )  # fmt: skip
        listed = f'<p class="soft">{len(held)} 句，{_closing.WITHHELD_NOTE}</p><ul>{items}</ul>'
        if not self._folds:
            return listed
        return f"<details><summary>{len(held)} 句，{_closing.WITHHELD_NOTE}</summary><ul>{items}</ul></details>"

    def _ledger(self) -> str:
        heads, rows = _closing.ledger(self._content)
        head = "".join(f'<th scope="col">{name}</th>' for name in heads)
        *body, total = [_counts(row) for row in rows]
        table = f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody><tfoot>{total}</tfoot>"
        return _wide(f'<table class="numbers">{table}</table>', _closing.LEDGER)


def _counts(row: Sequence[str]) -> str:
    cells = "".join(f"<td>{cell}</td>" for cell in row[1:])
    name = words(row[0], "th", ' scope="row"')
    return f"<tr>{name}{cells}</tr>"


def _number(n: int) -> str:
    return f'<span class="no">{n}</span>'


def _list(heading: str, lines: Iterable[str]) -> str:
    items = "".join(words(line, "li") for line in lines)
    return (f"<h3>{heading}</h3>" if heading else "") + f"<ul>{items}</ul>"


def _run(said: Iterable[Said]) -> str:
    return " ".join(f'<span class="said">{_said(one)}</span>' for one in said)


def _said(said: Said) -> str:
    marks = "、".join(f'<a href="#e{said.proof}">{escape(mark.text)}</a>' for mark in said.marks)
    badge = f'<span class="badge">{said.badge}</span>' if said.badge else ""
    return words(said.text) + (f'<span class="mark">{marks}</span>' if marks else "") + badge


def _outside(mark: Mark) -> str:
    """A link to arXiv, or plain words."""
    if not mark.address:
        return words(mark.text)
    return f'<a href="{escape(mark.address)}" target="_blank" rel="noopener noreferrer">{words(mark.text)}</a>'


def _wide(table: str, name: str) -> str:
    """Scrolls on its own where the page is too narrow."""
    return f'<div class="wide" tabindex="0" role="region" aria-label="{escape(name)}">{table}</div>'


def _table(table: Table) -> str:
    head = "".join(words(column, "th", ' scope="col"') for column in (table.corner, *table.columns))
    rows = "".join(
        f'<tr><th scope="row">{words(row.label)}{_reference(row.paper)}</th>{"".join(map(_cell, row.cells))}</tr>'
        for row in table.rows
    )
    notes = f'<ul class="notes">{"".join(words(note, "li") for note in table.notes)}</ul>' if table.notes else ""
    name = f"表 {table.number}"
    kind = "grid many" if len(table.columns) > _MANY else "grid"
    return (
        f'<figure class="{kind}"><figcaption><b>{name}</b>{words(table.caption)}</figcaption>'
        + _wide(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>", name)
        + f"{notes}</figure>"
    )


def _reference(paper: int) -> str:
    return f' <a class="ref" href="#r{paper}">[{paper}]</a>' if paper else ""


def _cell(cell: Said | str) -> str:
    return f'<td class="soft">{cell}</td>' if isinstance(cell, str) else f"<td>{_said(cell)}</td>"


def _picture(picture: Picture) -> str:
    shown = f'<p class="instead">{escape(picture.instead)}</p>'
    if picture.image:
        data = b64encode(picture.image).decode()
        size = f'style="max-width: min(100%, {picture.width:.0f}pt)"'
        shown = f'<img src="data:image/png;base64,{data}" alt="{escape(picture.name)}" {size}>'
    caption = f"<b>{words(picture.label)}</b>{_outside(picture.mark)}" + (
        f'<span class="printed" lang="en"><bdi>{escape(picture.caption)}</bdi></span>' if picture.caption else ""
    )
    about = f"<p>{_run(picture.said)}</p>" if picture.said else ""
    return f'<figure class="plate">{shown}<figcaption>{caption}</figcaption></figure>{about}'
