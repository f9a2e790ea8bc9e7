"""The line over a report: what it is called, how it stands, and what can be done about it. Pure."""

import re

from core.report import Proposal
from ui.web import report_form
from ui.web.markup import action, esc, foreign, local, notice
from ui.web.report_work import Writing
from ui.web.texts import Texts

_LINE = re.compile(r"第 ?(\d{1,4}) ?行")


def menu(texts: Texts) -> str:
    """Opens the list of reports on a phone."""
    return f'<div class="zd-report-menu">{local("side", esc(texts("report.menu")), "zd-link zd-narrow")}</div>'


def top(proposal: Proposal, state: str, work: Writing | None, unfinished: bool, texts: Texts) -> str:
    """The whole line. Its id is there for the page's address. `unfinished`: does the newest version lack sections?"""
    title = foreign(proposal.plan.title, "h2") if state in ("writing", "interrupted") else ""
    word = report_form.state_word(proposal, state == "writing", texts)
    said = texts("work.interrupted") if state == "interrupted" else _at(work, texts) if state == "writing" else ""
    about = f'<p class="zd-soft">{esc(said)}</p>' if said else ""
    return (
        f'<div class="zd-report-top" data-report="{esc(proposal.id)}" data-state="{state}">{menu(texts)}{title}'
        f'<div class="zd-actions">{word}{_buttons(proposal.id, state, unfinished, texts)}</div>{about}</div>'
    )


def _at(work: Writing | None, texts: Texts) -> str:
    """Which section is written anew, where only one is."""
    heading = next((s.heading for s in work.plan.sections if s.id == work.only), "") if work and work.only else ""
    return texts("work.redoing", heading=heading) if heading else ""


def _buttons(id: str, state: str, unfinished: bool, texts: Texts) -> str:
    if state == "writing":
        return action("report_halt", id, esc(texts("work.halt")), "zd-stop")
    if state == "proposed":
        return ""
    go = action("report_go", id, esc(texts("work.go_on")), "zd-primary") if state == "interrupted" else ""
    go = action("report_go", id, esc(texts("work.finish"))) if state == "done" and unfinished else go
    sure = action("report_refuse", id, esc(texts("work.delete")), "zd-stop")
    asked = f"<p>{esc(texts('work.delete_sure'))}{sure}</p>"
    return f'{go}<details class="zd-delete"><summary>{esc(texts("work.delete"))}</summary>{asked}</details>'


def mistake(words: str) -> str:
    """What is wrong with a plan; the page's script shows the line it names."""
    line = _LINE.search(words)
    at = f' data-line="{line[1]}"' if line else ""
    return f"<div{at}>{notice(words, 'error')}</div>"
