"""A plan as somebody sees it before they agree. Pure: values in, HTML out."""

from core.report import Plan, PlannedPaper, Proposal
from ui.web.markup import abstract_page, action, esc, foreign, notice, outside
from ui.web.texts import Texts


def editor(proposal: Proposal, plan: Plan, texts: Texts, text: str | None = None) -> str:
    """A plan to agree to. `plan`: as edited so far; `text`: the same to be edited as text, None: papers to tick."""
    edited = text is not None
    body = _as_text(text, texts) if text is not None else f"{_papers(plan, texts, proposal.id)}{_sections(plan, texts)}"
    turn = ("report_preview", "plan.preview") if edited else ("report_outline", "plan.edit")
    changed = notice(texts("plan.changed")) if plan != proposal.plan else ""
    return (
        f'<form class="zd-panel zd-plan{" zd-edited" if changed else ""}" data-report="report_agree" '
        f'data-id="{proposal.id}"{" data-changed" if changed else ""} autocomplete="off">'
        f"{_head(plan, texts)}{changed}{body}{expected(plan, texts)}"
        f'<div class="zd-actions"><button type="submit" name="step" value="report_agree" class="zd-primary">'
        f"{esc(texts('plan.agree'))}</button>"
        f'<button type="submit" name="step" value="{turn[0]}">{esc(texts(turn[1]))}</button>'
        f"{action('report_refuse', proposal.id, esc(texts('plan.refuse')), 'zd-quiet-button')}</div></form>"
    )


def shown(plan: Plan, texts: Texts) -> str:
    """A plan somebody agreed to, folded."""
    return (
        f'<details class="zd-panel zd-plan-fold"><summary>{esc(texts("plan.show"))}</summary>'
        f'<div class="zd-plan">{_papers(plan, texts)}{_sections(plan, texts)}</div></details>'
    )


def _head(plan: Plan, texts: Texts) -> str:
    kind = f'<span class="zd-kind">{esc(texts("plan.heading"))} · {esc(texts("plan." + plan.kind))}</span>'
    return f"<header>{kind}{foreign(plan.title, 'h2')}</header>"


def _papers(plan: Plan, texts: Texts, form: str = "") -> str:
    """The papers; with a box each in a form."""
    items = "".join(_paper(paper, texts, bool(form)) for paper in plan.papers if form or paper.chosen)
    return f'<section><h3>{esc(texts("plan.papers"))}</h3><ul class="zd-plan-papers">{items}</ul></section>'


def _paper(paper: PlannedPaper, texts: Texts, tick: bool) -> str:
    state = "" if paper.read else f'<span class="zd-label">{esc(texts("plan.unread"))}</span>'
    address = abstract_page(paper.version)
    link = outside(address, paper.version) if address else foreign(paper.version)
    words = f"{foreign(paper.title, 'b')}<span class='zd-reason'>{esc(paper.reason)}</span>"
    if tick:
        ticked = " checked" if paper.chosen else ""
        box = f'<input type="checkbox" name="chosen" value="{esc(paper.version)}"{ticked}>'
        words = f"<label>{box}<span>{words}</span></label>"
    return f'<li>{words}<p class="zd-foot">{link}{state}</p></li>'


def _sections(plan: Plan, texts: Texts) -> str:
    items = "".join(
        f"<li>{foreign(section.heading, 'h4')}<ul>{''.join(foreign(q, 'li') for q in section.questions)}</ul></li>"
        for section in plan.sections
    )
    return f'<section><h3>{esc(texts("plan.sections"))}</h3><ol class="zd-plan-sections">{items}</ol></section>'


def _as_text(text: str, texts: Texts) -> str:
    rows = min(40, max(12, text.count("\n") + 3))
    return (
        f'<label class="zd-field"><span>{esc(texts("plan.text"))}</span>'
        f'<textarea name="outline" rows="{rows}" spellcheck="false" dir="auto">{lines(text)}</textarea></label>'
    )


def lines(text: str) -> str:
    """Text of several lines for a textarea; a browser drops the first line break."""
    return "\n" + "\n".join(esc(line) for line in text.splitlines())


def expected(plan: Plan, texts: Texts) -> str:
    """What it will take, and what a person should know before they agree. An edited plan still has the figures of the
    one that was proposed, which the page says as soon as there is an edit."""
    usage = plan.expected
    tokens = usage.prompt_tokens + usage.completion_tokens
    facts = [texts("plan.minutes", n=max(1, round(plan.minutes)))]
    facts.append(texts("plan.calls", n=f"{usage.calls:,}") if usage.calls else texts("plan.no_calls"))
    facts += [texts("plan.tokens", n=f"{tokens:,}")] if tokens else []
    facts += [texts("plan.cost", cost=f"{usage.cost:.2f}")] if usage.cost else []
    note = notice(plan.note) if plan.note else ""
    return (
        f'<div class="zd-expected"><b>{esc(texts("plan.expected"))}</b>'
        f"{''.join(f'<span>{esc(fact)}</span>' for fact in facts)}"
        f'<span class="zd-before" role="status">{esc(texts("plan.expected_before"))}</span></div>{note}'
    )
