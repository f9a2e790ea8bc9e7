"""A report as it is read: contents, sections, references, ledger, files. Pure: values in, HTML out."""

from core.models import Finding, Paper, Usage
from core.report import Report, ReportSection
from ui.web import cards, digest, downloads
from ui.web.markup import abstract_page, action, esc, foreign, notice, outside
from ui.web.report_blocks import View, block, sentence
from ui.web.texts import Texts

FORMATS = ("md", "html", "pdf", "docx")
"""In the order of their links."""


def article(view: View, newest: int, busy: bool) -> str:
    """A whole report. `newest`: the number of its newest version; `busy`: is it being written right now? Then nothing
    of it can be written anew."""
    report, texts = view.report, view.texts
    redo = report.version == newest and not busy
    sections = "".join(_section(section, view, redo) for section in report.sections)
    return (
        f'<article class="zd-digest zd-deep" data-report-id="{esc(report.id)}">{_head(view, newest)}'
        f"{_contents(report, texts)}{sections}{_references(report, texts)}{_ledger(report, texts)}</article>"
    )


def _head(view: View, newest: int) -> str:
    report, texts = view.report, view.texts
    date = f"{report.made.astimezone():%Y-%m-%d %H:%M}"
    facts = texts("deep.facts", version=report.version, date=date, papers=len(report.papers))
    writer, judge = report.writer or texts("digest.no_writer"), report.judge or texts("digest.no_judge")
    labels = f'<p class="zd-labels">{cards.labels(report.labels)}</p>' if report.labels else ""
    old = "" if report.version == newest else notice(texts("deep.older", n=newest), "warning")
    return (
        f"<header>{labels}{foreign(report.plan.title, 'h2')}"
        f'<p class="zd-facts">{esc(facts)} · {esc(texts("deep.made_by", writer=writer, judge=judge))}</p>'
        f"{cards.bar(report.claims, texts)}{old}"
        f'<div class="zd-actions">{action("report_ask", report.id, esc(texts("deep.ask")), "zd-primary")}'
        f"{_files(report, texts)}</div>{_versions(report, newest, texts)}</header>"
    )


def _files(report: Report, texts: Texts) -> str:
    name, folder = file_name(report), f"/reports/{report.id}/{report.version}"
    said = {kind: "Markdown" if kind == "md" else kind.upper() for kind in FORMATS}
    return downloads.links(((f"{folder}.{kind}", f"{name}.{kind}", said[kind]) for kind in FORMATS), texts)


def file_name(report: Report) -> str:
    """A file's name every system takes, without its ending."""
    words = "".join(c if c.isalnum() else "-" for c in report.plan.title)
    return "-".join(filter(None, words.split("-")))[:40] or report.id


def _versions(report: Report, newest: int, texts: Texts) -> str:
    if newest < 2:
        return ""
    buttons = ""
    for n in range(newest, 0, -1):
        button = action("report_open", f"{report.id}/{n}", esc(texts("deep.version", n=n)), "zd-version")
        buttons += button.replace("<button", '<button aria-current="true"', 1) if n == report.version else button
    return f'<nav class="zd-versions" aria-label="{esc(texts("deep.picker"))}">{buttons}</nav>'


def _contents(report: Report, texts: Texts) -> str:
    items = "".join(
        f'<li><a href="#zd-{esc(section.id)}">{foreign(section.heading)}</a></li>' for section in report.sections
    )
    return f'<nav class="zd-contents"><h3>{esc(texts("deep.contents"))}</h3><ol>{items}</ol></nav>'


# a section


def _section(section: ReportSection, view: View, redo: bool) -> str:
    texts, report = view.texts, view.report
    body = "".join(block(found, n, section, view) for n, found in enumerate(section.blocks))
    held = [(claim, sentence(claim, view)) for claim in section.claims if claim.withheld]
    again = action("report_redo", f"{report.id}/{section.id}", esc(texts("deep.redo")), "zd-link") if redo else ""
    questions = _questions(section, report.id, texts)
    nothing = "" if body or questions or section.stopped else notice(texts("deep.empty"))
    stopped = notice(texts("deep.stopped", why=section.stopped), "warning") if section.stopped else ""
    return (
        f'<section class="zd-part zd-deep-part" id="zd-{esc(section.id)}">'
        f"<header>{foreign(section.heading, 'h3')}{again}</header>{stopped}{body}{nothing}"
        f"{_cautions(section.cautions, texts)}{questions}{digest.fold(held, texts)}</section>"
    )


def _cautions(found: tuple[Finding, ...], texts: Texts) -> str:
    if not found:
        return ""
    listed = "".join(f"<li>{esc(finding.message)}</li>" for finding in found)
    return f'<div class="zd-cautions"><h4>{esc(texts("deep.cautions"))}</h4><ul>{listed}</ul></div>'


def _questions(section: ReportSection, id: str, texts: Texts) -> str:
    """Questions the papers leave open, and those to go on with: a click asks one in the chat."""
    open_ = "".join(foreign(question, "li") for question in section.unanswered)
    left = f"<h4>{esc(texts('deep.unanswered'))}</h4><ul>{open_}</ul>" if open_ else ""
    chips = "".join(
        f"<li>{action('report_question', f'{id} {question}', foreign(question), 'zd-chip')}</li>"
        for question in section.asks
    )
    asks = f'<h4>{esc(texts("deep.next"))}</h4><ul class="zd-questions">{chips}</ul>' if chips else ""
    return f'<div class="zd-left-open">{left}{asks}</div>' if left or asks else ""


# what stands behind it


def _references(report: Report, texts: Texts) -> str:
    items = "".join(f'<li id="zd-ref-{n}">{_reference(paper)}</li>' for n, paper in enumerate(report.papers, 1))
    gone = "".join(f"<li>{foreign(version)} · {esc(reason)}</li>" for version, reason in report.left_out)
    left = f'<div class="zd-left-out"><h4>{esc(texts("deep.left_out"))}</h4><ul>{gone}</ul></div>' if gone else ""
    name = esc(texts("deep.references"))
    return f'<section class="zd-part zd-references"><h3>{name}</h3><ol>{items}</ol>{left}</section>'


def _reference(paper: Paper) -> str:
    names = ", ".join(paper.authors[:3]) + (" et al." if len(paper.authors) > 3 else "")
    year = str(paper.published.year) if paper.published else ""
    address = abstract_page(paper.version)
    link = outside(address, paper.version) if address else foreign(paper.version)
    about = " · ".join(filter(None, (foreign(names) if names else "", esc(year), link)))
    return f'{foreign(paper.title, "b")}<p class="zd-facts">{about}</p>'


def _ledger(report: Report, texts: Texts) -> str:
    """How many sentences of each section stand, and what it took."""
    priced = bool(report.usage.cost)
    names = ["section", "stands", "rewritten", "withheld", "rounds", "tokens", *(["cost"] if priced else [])]
    head = "".join(f'<th scope="col">{esc(texts("deep.ledger_" + name))}</th>' for name in names)
    rows = "".join(_counted(section.heading, (section,), section.usage, priced) for section in report.sections)
    total = _counted(texts("deep.ledger_all"), report.sections, report.usage, priced)
    return (
        f'<details class="zd-deep-ledger"><summary>{esc(texts("deep.ledger"))}</summary>'
        f'<div class="zd-wide" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>'
        f"<tfoot>{total}</tfoot></table></div></details>"
    )


def _counted(name: str, sections: tuple[ReportSection, ...], usage: Usage, priced: bool) -> str:
    claims = [claim for section in sections for claim in section.claims]
    held = sum(claim.withheld for claim in claims)
    cells: list[int | str] = [len(claims) - held, sum(s.rewritten for s in sections), held]
    cells += [sum(s.rounds for s in sections), f"{usage.prompt_tokens + usage.completion_tokens:,}"]
    cells += [f"{usage.cost:.4f}"] if priced else []
    return f'<tr><th scope="row">{foreign(name)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
