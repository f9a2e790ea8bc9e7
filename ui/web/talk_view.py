"""A talk as it is read: questions, answers sentence by sentence, refusals, problems. Pure: values in, HTML out.

Everything is HTML in one line that begins with a block: Markdown leaves that as it is, and every word from outside was
escaped before it got there.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.errors import Misconfigured, Retry, Skip, ZhengduError
from core.models import Answer, Claim, Finding, Quote, Usage, Verdict
from core.ports import ModelCard
from core.talk import Scope, Turn
from ui.web.exhibits import Exhibit
from ui.web.formulas import written
from ui.web.markup import SHAPES, badge, esc, foreign
from ui.web.texts import Texts

_CLIPPED = 260
"""Characters of a passage shown in a refusal; the drawer has all of it."""
_MARK = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True)
class View:
    """What an answer is shown with."""

    texts: Texts
    keep: Callable[[Exhibit], str]
    """Evidence -> the name that links to it begin with."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Versions -> names of papers for readers."""
    card: ModelCard | None = None
    """The model that answers now."""
    reports: Mapping[str, str] = field(default_factory=dict)
    """Ids of reports -> their titles."""

    def name(self, version: str) -> str:
        """A paper's name; its version where none is known."""
        return self.names.get(version, version)


def line(text: str) -> str:
    """Words from outside in one line of HTML, with formulas."""
    return " ".join(written(text).split())


def question(turn_question: str, scope: Scope, view: View, day: str = "") -> str:
    """What was asked, and about what. `day`: the date of the scope's issue."""
    words = "<br>".join(line(part) for part in turn_question.strip().splitlines())
    return f'<div class="zd-q"><p dir="auto">{words}</p>{_about(scope, view, day)}</div>'


def _about(scope: Scope, view: View, day: str) -> str:
    texts = view.texts
    if scope.report:
        names = texts("deep.scope", title=view.reports.get(scope.report, texts("deep.scope_gone")))
    elif len(scope.papers) == 1:
        names = view.name(scope.papers[0])
    elif scope.papers:
        names = texts("scope.several", n=len(scope.papers))
    else:
        names = texts("scope.day", date=day) if day else ""
    return f'<p class="zd-about">{foreign(texts("scope.asked", names=names))}</p>' if names else ""


def answer(turn: Turn, view: View) -> str:
    """A turn's answer with its verdicts; what was stopped, with what was there."""
    said = turn.answer
    if turn.stopped:
        return _stopped(said, view.texts)
    if said.refused:
        body = _refusal(said, view) + _withheld(said, view)
    elif said.claims:
        body = _sentences(said, view) + _table(said, view) + _withheld(said, view)
    else:
        body = _marked(said, view)
    return f'<div class="zd-answer">{_understood(turn, view.texts)}{body}{facts(said, turn.usage, view)}</div>'


def _understood(turn: Turn, texts: Texts) -> str:
    understood = turn.answer.question.strip()
    if not understood or understood == turn.question.strip():
        return ""
    return f'<p class="zd-understood">{esc(texts("answer.understood", question=understood))}</p>'


def _stopped(said: Answer, texts: Texts) -> str:
    words = "".join(f"<p>{line(_MARK.sub('', part))}</p>" for part in said.answer.splitlines() if part.strip())
    note = esc(texts("answer.stopped" if words else "answer.stopped_empty"))
    return f'<div class="zd-answer zd-is-stopped">{words}<p class="zd-notice zd-notice-note">{note}</p></div>'


# sentences and their marks


def _numbers(said: Answer) -> dict[str, int]:
    """The number of each standing claim's first mark."""
    at, first = 1, {}
    for claim in said.claims:
        if not claim.withheld:
            first[claim.id] = at
            at += len(claim.evidence)
    return first


def _title(quotes: tuple[Quote, ...], view: View) -> str:
    papers = {quote.paper for quote in quotes}
    return view.name(quotes[0].paper) if len(papers) == 1 else ""


def marks(claim: Claim, first: int, view: View) -> str:
    """The marks of a sentence, each a link to its evidence."""
    if not claim.evidence:
        return ""
    name = view.keep(Exhibit(quotes=claim.evidence, claim=claim, title=_title(claim.evidence, view)))
    return "".join(
        _link(name, n, first + n, quote, claim.verdict, view) for n, quote in enumerate(claim.evidence)
    )  # fmt: skip


def _link(name: str, at: int, shown: int, quote: Quote, verdict: Verdict, view: View) -> str:
    where = esc(view.texts("answer.mark", n=shown, paper=view.name(quote.paper), page=quote.page))
    return f'<a class="cite zd-ref v-{verdict.value}" href="#e:{name}-{at}" title="{where}">{shown}</a>'


def is_corrected(claim: Claim) -> bool:
    """Did the sentence say something else before, and says now what the paper prints?"""
    return not claim.withheld and any(_mended(finding, claim) for finding in claim.findings)


def _mended(finding: Finding, claim: Claim) -> bool:
    return finding.severity == "info" and finding.correction != "" and finding.correction in claim.text


def sentence(claim: Claim, first: int, view: View) -> str:
    """One sentence with marks, badges, and what is to be said of it."""
    texts = view.texts
    why = "".join(f'<span class="zd-why">{note}</span>' for f in claim.findings if (note := _finding(f, claim, texts)))
    return (
        f'<div class="zd-said zd-is-{claim.verdict.value}"><p>{line(claim.text)} '
        f'<span class="zd-marks">{marks(claim, first, view)}{_badges(claim, texts)}</span></p>{why}</div>'
    )


def _badges(claim: Claim, texts: Texts) -> str:
    fixed = f'<span class="zd-badge zd-corrected">{esc(texts("answer.corrected"))}</span>'
    return badge(claim.verdict, texts) + (fixed if is_corrected(claim) else "")


def _finding(finding: Finding, claim: Claim, texts: Texts) -> str:
    """A finding in words; nothing for those that say all is well."""
    if _mended(finding, claim):
        if finding.correction == claim.text:  # the whole sentence was written anew
            return esc(finding.message)
        return esc(texts("answer.corrected_from", where=finding.where, correction=finding.correction))
    if finding.severity == "info":
        return ""
    instead = ""
    if finding.where and finding.correction and finding.correction not in finding.message:
        instead = texts("answer.instead", where=finding.where, correction=finding.correction)
    return f"{esc(finding.message)} {esc(instead)}".strip()


def _sentences(said: Answer, view: View) -> str:
    first, tabled = _numbers(said), _in_table(said)
    return "".join(
        sentence(claim, first[claim.id], view) for claim in said.claims if claim.id in first and claim.id not in tabled
    )


def _withheld(said: Answer, view: View) -> str:
    gone, texts = [claim for claim in said.claims if claim.withheld], view.texts
    if not gone:
        return ""
    items = "".join(f"<li>{_gone(claim, texts)}</li>" for claim in gone)
    count = esc(texts("answer.withheld", n=len(gone)))
    return f'<details class="zd-gone"><summary>{count}</summary><ul>{items}</ul></details>'


def _gone(claim: Claim, texts: Texts) -> str:
    why = "".join(f'<span class="zd-why">{note}</span>' for f in claim.findings if (note := _finding(f, claim, texts)))
    shape = f'<svg class="zd-icon" viewBox="0 0 16 16">{SHAPES[Verdict.UNSUPPORTED]}</svg>'
    mark = f'<span class="zd-badge zd-unsupported">{shape}{esc(texts("answer.withheld_one"))}</span>'
    none = f'<span class="zd-why">{esc(texts("answer.no_reason"))}</span>'
    return f"<p><s>{line(claim.text)}</s> {mark}</p>{why or none}"


def _marked(said: Answer, view: View) -> str:
    """An answer whose sentences are not known apart: its words, marks as links."""
    links = {}
    for citation in said.citations:
        name = view.keep(Exhibit(quotes=(citation.quote,), title=view.name(citation.quote.paper)))
        links[str(citation.n)] = _link(name, 0, citation.n, citation.quote, citation.verdict, view)

    def shown(part: str) -> str:
        pieces = _MARK.split(part)
        return "".join(links.get(p, f"[{p}]") if n % 2 else line(p) for n, p in enumerate(pieces))

    return "".join(f"<p>{shown(part)}</p>" for part in said.answer.splitlines() if part.strip())


# tables and refusals


def _in_table(said: Answer) -> set[str]:
    return {id for _, cells in said.table.rows for id in cells if id} if said.table else set()


def _table(said: Answer, view: View) -> str:
    if said.table is None:
        return ""
    texts, first = view.texts, _numbers(said)
    claims = {claim.id: claim for claim in said.claims}
    head = "".join(f'<th scope="col">{line(column)}</th>' for column in said.table.columns)
    rows = ""
    for version, ids in said.table.rows:
        cells = "".join(f"<td>{_cell(claims.get(id), first, view)}</td>" for id in ids)
        rows += f'<tr><th scope="row">{foreign(view.name(version))}</th>{cells}</tr>'
    corner = esc(texts("answer.paper"))
    return (
        f'<div class="zd-wide"><table class="zd-compare"><thead><tr><th scope="col">{corner}</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cell(claim: Claim | None, first: Mapping[str, int], view: View) -> str:
    if claim is None:
        return f'<span class="zd-silent">{esc(view.texts("answer.silent"))}</span>'
    if claim.withheld:
        return f'<span class="zd-silent">{esc(view.texts("answer.withheld_one"))}</span>'
    why = "".join(f'<span class="zd-why">{n}</span>' for f in claim.findings if (n := _finding(f, claim, view.texts)))
    badges = "" if claim.verdict is Verdict.SUPPORTED and not is_corrected(claim) else _badges(claim, view.texts)
    return f'{line(claim.text)} <span class="zd-marks">{marks(claim, first[claim.id], view)}{badges}</span>{why}'


def _refusal(said: Answer, view: View) -> str:
    texts, near = view.texts, ""
    for quote in said.nearest:
        name = view.keep(Exhibit(quotes=(quote,), title=view.name(quote.paper)))
        words = quote.quote if len(quote.quote) <= _CLIPPED else quote.quote[: _CLIPPED - 1].rstrip() + "…"
        place = f"{view.name(quote.paper)} · {texts('answer.page', n=quote.page)}"
        near += (
            f'<li><a class="cite zd-near" href="#e:{name}-0"><q lang="en" dir="auto">{esc(words)}</q>'
            f'<span class="zd-place">{foreign(place)}</span></a></li>'
        )
    listed = f'<p class="zd-near-head">{esc(texts("answer.nearest"))}</p><ul class="zd-nearest">{near}</ul>'
    return f'<div class="zd-refusal"><p class="zd-refused">{line(said.answer)}</p>{listed if near else ""}</div>'


# around an answer


def facts(said: Answer, usage: Usage, view: View) -> str:
    """Who answered, how large it is, what it took."""
    texts, card = view.texts, view.card
    known = [said.model or texts("answer.no_model")]
    if card and card.name == said.model and card.local:
        known.append(texts("answer.small" if card.small else "answer.local"))
    if usage.prompt_tokens or usage.completion_tokens:
        known.append(texts("answer.tokens", n=f"{usage.prompt_tokens + usage.completion_tokens:,}"))
    if usage.cost:
        known.append(texts("answer.cost", cost=f"{usage.cost:.4f}".rstrip("0").rstrip(".")))
    return f'<p class="zd-facts">{" · ".join(esc(fact) for fact in known)}</p>'


def problem(error: Exception, texts: Texts) -> str:
    """What went wrong, in one line, and what to do."""
    if not isinstance(error, ZhengduError):
        words = texts("answer.broken")
    else:
        kinds = ((Misconfigured, "setting"), (Retry, "retry"), (Skip, "skip"), (ZhengduError, "stop"))
        words = texts(f"answer.{next(k for t, k in kinds if isinstance(error, t))}", message=_once(error))
    again = esc(texts("answer.again"))
    return f'<div class="zd-answer"><p class="zd-notice zd-notice-error" role="alert">{esc(words)} {again}</p></div>'


def _once(error: ZhengduError) -> str:
    """Message and hint as sentences."""
    parts = [part.strip().rstrip("。") for part in (error.message, error.hint) if part.strip()]
    return "；".join(parts) + "。"
