"""What a section of a report is made of: sentences, tables, figures and equations. Pure: values in, HTML out."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.models import Claim, Quote, Verdict
from core.report import Block, Grid, GridRow, Plate, Prose, Report, ReportSection
from ui.web import digest
from ui.web.exhibits import Exhibit
from ui.web.markup import esc, foreign, icon, notice, outside, pdf_page
from ui.web.texts import Texts

_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True)
class View:
    """What a report is shown with."""

    texts: Texts
    report: Report
    keep: Callable[[Exhibit], str]
    """Evidence -> the name that links to it begin with."""
    picture: Callable[[str], str]
    """Number of a plate ("s2.3") -> the address of its picture."""

    def number(self, version: str) -> int:
        """A paper's number in the list of references; 0 where it is not there."""
        return next((n for n, paper in enumerate(self.report.papers, 1) if paper.version == version), 0)

    def link(self, claim: Claim) -> str:
        """The name of the evidence of a sentence."""
        papers = {paper.version: paper.title for paper in self.report.papers}
        titles = tuple(papers.get(quote.paper, quote.paper) for quote in claim.evidence)
        return self.keep(Exhibit(quotes=claim.evidence, claim=claim, titles=titles))

    def place(self, quote: Quote) -> str:
        """A quote's page, with the paper's number where there are several papers."""
        number = self.number(quote.paper) if len(self.report.papers) > 1 else 0
        if number:
            return self.texts("deep.place", n=number, page=quote.page)
        return self.texts("deep.place_alone", page=quote.page)


def said(text: str, tag: str = "span") -> str:
    """Words of a report in their language; without a model they are the papers' own."""
    return f'<{tag} lang="{"zh-CN" if _HAN.search(text) else "en"}" dir="auto"><bdi>{esc(text)}</bdi></{tag}>'


def sentence(claim: Claim, view: View) -> str:
    """One sentence with its badge and pages."""
    return digest.spoken(claim, said(claim.text), view.link, view.place, view.texts)


def block(found: Block, at: int, section: ReportSection, view: View) -> str:
    """A piece of a section, the `at`-th from 0."""
    claims = {claim.id: claim for claim in section.claims}
    if isinstance(found, Prose):
        return _prose(found, claims, view)
    if isinstance(found, Grid):
        return _grid(found, claims, view)
    return _plate(found, f"{section.id}.{at}", claims, view)


def _prose(found: Prose, claims: Mapping[str, Claim], view: View) -> str:
    standing = [claims[id] for id in found.claims if id in claims and not claims[id].withheld]
    inner = "".join(sentence(claim, view) for claim in standing)
    return f'<div class="zd-prose">{inner}</div>' if inner else ""


# tables


def _grid(found: Grid, claims: Mapping[str, Claim], view: View) -> str:
    head = "".join(f'<th scope="col">{said(column)}</th>' for column in found.columns)
    rows = "".join(_row(row, claims, view) for row in found.rows)
    notes = "".join(f"<li>{esc(note)}</li>" for note in found.notes)
    caption = esc(found.caption)
    return (
        f'<figure class="zd-grid"><figcaption>{said(found.caption)}</figcaption>'
        f'<div class="zd-wide" tabindex="0" role="region" aria-label="{caption}"><table>'
        f'<thead><tr><th scope="col">{said(found.corner)}</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        + (f'<ul class="zd-notes">{notes}</ul>' if notes else "")
        + "</figure>"
    )


def _row(row: GridRow, claims: Mapping[str, Claim], view: View) -> str:
    number = view.number(row.paper) if row.paper else 0
    mark = f' <a class="zd-refno" href="#zd-ref-{number}">[{number}]</a>' if number else ""
    cells = "".join(f"<td>{_cell(claims.get(id), view)}</td>" for id in row.cells)
    return f'<tr><th scope="row">{said(row.label)}{mark}</th>{cells}</tr>'


def _cell(claim: Claim | None, view: View) -> str:
    """Its words lead to the page; the verdict stands behind them as a shape that has a name."""
    texts = view.texts
    if claim is None:
        return f'<span class="zd-silent">{esc(texts("deep.silent"))}</span>'
    if claim.withheld:
        shape = f'<span class="zd-withheld">{icon(Verdict.UNSUPPORTED)}</span>'
        return f'<span class="zd-silent">{shape}{esc(texts("deep.withheld_cell"))}</span>'
    name = texts("verdict." + claim.verdict.value)
    bare = claim.verdict is Verdict.SUPPORTED  # said to those who cannot see the shape
    word = f'<span class="zd-spoken">{esc(name)}</span>' if bare else esc(name)
    mark = f'<span class="zd-badge zd-{claim.verdict.value}">{icon(claim.verdict)}{word}</span>'
    if not claim.evidence:
        return f"{said(claim.text)} {mark}"
    hint = esc(texts("deep.evidence_of", verdict=name) + " · " + view.place(claim.evidence[0]))
    link = f'<a class="cite zd-words" href="#e:{view.link(claim)}-0" title="{hint}">{said(claim.text)}</a>'
    return f'<span class="zd-said zd-cell">{link} {mark}</span>{digest.reasons(claim.findings)}'


# figures and equations


def _plate(found: Plate, name: str, claims: Mapping[str, Claim], view: View) -> str:
    """A picture with what is printed below it, and what it shows in Chinese."""
    about = "".join(sentence(claims[id], view) for id in found.claims if id in claims and not claims[id].withheld)
    kind = view.texts("deep." + found.what)
    number = view.number(found.paper) if len(view.report.papers) > 1 else 0
    label = " ".join(filter(None, (found.label or kind, f"[{number}]" if number else "")))
    caption = f'<figcaption><b>{foreign(label)}</b> <span lang="en">{foreign(found.caption)}</span></figcaption>'
    picture = _picture(found, name, label, view)
    return f'<figure class="zd-plate zd-plate-{found.what}">{picture}{caption}</figure>{about}'


def _picture(found: Plate, name: str, label: str, view: View) -> str:
    if found.shown:
        address = esc(view.picture(name))
        return f'<img src="{address}" alt="{esc(" ".join((label, found.caption)).strip())}" loading="lazy">'
    words = view.texts("deep.not_shown", page=found.box.page)
    address = pdf_page(found.paper, found.box.page)
    link = f'<p class="zd-foot">{outside(address, view.texts("evidence.pdf"))}</p>' if address else ""
    return notice(words) + link
