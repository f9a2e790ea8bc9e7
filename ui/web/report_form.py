"""The list of reports and the form that asks for another one. Pure: values in, HTML out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from core.report import Length, Proposal
from ui.web.markup import action, esc, foreign, local
from ui.web.texts import Texts

LONGEST = 300
"""Characters of a topic."""
LENGTHS: tuple[Length, ...] = get_args(Length)


@dataclass(frozen=True)
class Filled:
    """What stands in the form when it is opened."""

    papers: tuple[str, ...] = ()
    """Versions."""
    since: date | None = None
    until: date | None = None


def listed(proposals: Sequence[Proposal], writing: Collection[str], shown: str, texts: Texts) -> str:
    """All reports, the one that is open marked."""
    items = "".join(_item(p, p.id in writing, p.id == shown, texts) for p in proposals)
    body = f'<ul class="zd-reports">{items}</ul>' if items else f'<p class="zd-soft">{esc(texts("report.none"))}</p>'
    close = local("side", esc(texts("shelf.close")), "zd-link zd-narrow")
    return (
        f'<aside class="zd-side"><div class="zd-side-head"><h2>{esc(texts("report.list"))}</h2>{close}</div>'
        f"{action('report_new', '', esc(texts('report.new')), 'zd-new-report')}{body}</aside>"
    )


def state(proposal: Proposal, writing: bool) -> str:
    """proposed, writing, interrupted or done."""
    if writing:
        return "writing"
    return "interrupted" if proposal.state == "agreed" else proposal.state


def state_word(proposal: Proposal, writing: bool, texts: Texts) -> str:
    """The same in its shape and its word."""
    found = state(proposal, writing)
    return f'<span class="zd-state zd-state-{found}">{esc(texts("report." + found))}</span>'


def _item(proposal: Proposal, writing: bool, here: bool, texts: Texts) -> str:
    versions = f"<span>{esc(texts('report.versions', n=proposal.versions))}</span>" if proposal.versions > 1 else ""
    when = f'<span class="zd-when">{proposal.made.astimezone():%m-%d %H:%M}</span>'
    inner = (
        f"{foreign(proposal.plan.title, 'b')}"
        f'<span class="zd-soft">{state_word(proposal, writing, texts)}{versions}{when}</span>'
    )
    button = action("report_open", proposal.id, inner, "zd-report-link")
    marked = button.replace("<button", '<button aria-current="true"', 1) if here else button
    return f"<li>{marked}</li>"


def form(names: Mapping[str, str], days: Sequence[date], filled: Filled, priced: bool, texts: Texts) -> str:
    """What a report is to be about. `names`: papers on the shelf by version; `days`: those on the shelf; `priced`: is
    anything paid for?"""
    chosen = "".join(chip(v, names.get(v, v), texts) for v in filled.papers)
    budget = _budget(texts) if priced else ""
    about = f'<p class="zd-soft">{esc(texts("commission.text"))}</p>'
    return (
        f'<form class="zd-panel zd-commission" data-report="report_plan" autocomplete="off">'
        f"<header><h2>{esc(texts('commission.title'))}</h2>{about}</header>"
        f'<label class="zd-field"><span>{esc(texts("commission.topic"))}</span><input type="text" name="topic" '
        f'maxlength="{LONGEST}" placeholder="{esc(texts("commission.topic_hint"))}"></label>'
        f"{_papers(names, chosen, texts)}{_days(days, filled, texts)}"
        f'<div class="zd-field-row">{_lengths(texts)}{budget}</div>'
        f'<div class="zd-actions"><button type="submit" class="zd-primary">{esc(texts("commission.go"))}</button>'
        f'<span class="zd-busy" role="status">{esc(texts("commission.planning"))}</span></div></form>'
    )


def chip(version: str, name: str, texts: Texts) -> str:
    """A paper that was chosen; report.js makes the same from the template."""
    off = esc(texts("commission.remove", name=name))
    return (
        f'<li class="zd-pin"><input type="hidden" name="paper" value="{esc(version)}">{foreign(name)}'
        f'<button type="button" class="zd-off" data-drop aria-label="{off}" title="{off}">'
        f'<span aria-hidden="true">×</span></button></li>'
    )


def _papers(names: Mapping[str, str], chosen: str, texts: Texts) -> str:
    options = "".join(f'<option value="{esc(version)}">{esc(name)}</option>' for version, name in names.items())
    label, hint = esc(texts("commission.papers")), esc(texts("commission.papers_hint"))
    off = esc(texts("commission.remove", name="{name}"))
    return (
        f'<div class="zd-field" role="group" aria-label="{label}"><span>{label}'
        f"<small>{esc(texts('commission.papers_note'))}</small></span>"
        f'<ul class="zd-pins" data-remove="{off}">{chosen}</ul><div class="zd-adding">'
        f'<input type="text" name="typed" list="zd-report-papers" aria-label="{hint}" placeholder="{hint}" '
        f'maxlength="200"><button type="button" data-add>{esc(texts("commission.add"))}</button></div>'
        f'<datalist id="zd-report-papers">{options}</datalist></div>'
    )


def _days(days: Sequence[date], filled: Filled, texts: Texts) -> str:
    label = esc(texts("commission.days"))

    def choice(name: str, chosen: date | None) -> str:
        options = f'<option value="">{esc(texts("commission.any_day"))}</option>'
        for day in days:
            options += f'<option value="{day}"{" selected" if day == chosen else ""}>{day}</option>'
        named = esc(texts("commission." + name))
        return f'<label><span>{named}</span><select name="{name}">{options}</select></label>'

    return (
        f'<div class="zd-field" role="group" aria-label="{label}"><span>{label}'
        f"<small>{esc(texts('commission.days_note'))}</small></span>"
        f'<div class="zd-range">{choice("since", filled.since)}{choice("until", filled.until)}</div></div>'
    )


def _lengths(texts: Texts) -> str:
    ways = "".join(
        f'<label><input type="radio" name="length" value="{name}"{" checked" if name == "standard" else ""}>'
        f"<span>{esc(texts('commission.' + name))}<small>{esc(texts(f'commission.{name}_note'))}</small></span></label>"
        for name in LENGTHS
    )
    return (
        f'<fieldset class="zd-field zd-lengths"><legend>{esc(texts("commission.length"))}</legend>'
        f"<div>{ways}</div></fieldset>"
    )


def _budget(texts: Texts) -> str:
    return (
        f'<label class="zd-field zd-money"><span>{esc(texts("commission.budget"))}</span>'
        f'<input type="text" inputmode="decimal" name="budget" maxlength="12">'
        f"<small>{esc(texts('commission.budget_note'))}</small></label>"
    )
