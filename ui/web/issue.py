"""The middle of the day page: the day's head, filters, cards, what did not come through, passages found. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from core import placement
from core.digests import title_zh
from core.documents import Hit
from core.models import Day, Paper, PaperResult, Problem, Quote, Status
from core.overview import Overview
from ui.web import cards, downloads, overview
from ui.web.exhibits import Exhibit
from ui.web.markup import action, esc, foreign, local, notice
from ui.web.texts import Texts

Figure = Callable[[PaperResult], str]
"""Address of a picture of a paper's key figure; empty where it may not be shown."""


class File(NamedTuple):
    """A file of the whole issue that the page offers."""

    format: str
    """Its exporter."""
    name: str
    """As the exporter calls it."""
    label: str
    media_type: str


FILES = (
    File("pdf", "issue.pdf", "PDF", "application/pdf"),
    File("docx", "issue.docx", "Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    File("bibtex", "papers.bib", "BibTeX", "application/x-bibtex; charset=utf-8"),
    File("ris", "papers.ris", "RIS", "application/x-research-info-systems; charset=utf-8"),
)

_SHOWN = 40
"""Papers that did not come through, named one by one; more are counted."""


def published(day: Day) -> list[PaperResult]:
    """What a reader gets, in the order of the issue."""
    return [r for r in day.results if r.status is Status.PUBLISHED and r.digest]


def page(day: Day, key: str, figure: Figure, texts: Texts, over: str = "", said: Overview | None = None) -> str:
    """A whole issue. `over`: what stands above the cards (ui.web.overview); `said`: in what order they stand."""
    results = overview.ordered(published(day), said)
    listed = "".join(
        cards.card(r, r.digest, key, texts, figure(r), overview.reasons(said, r.paper.version, texts))
        for r in results
        if r.digest
    )
    body = _filters(results, texts) + f'<div class="zd-cards">{listed}</div>' if results else ""
    none = "" if results else notice(texts("day.empty"))
    nothing = f'<p class="zd-notice" id="zd-none" hidden>{esc(texts("day.none_match"))}</p>' if results else ""
    inner = (_head(day, key, texts), none, over, body, nothing, _unpublished(day, texts))
    return f'<section class="zd-issue">{"".join(inner)}</section>'


def _source(day: Day, texts: Texts) -> str:
    known = f"source.{day.source}"
    return texts(known) if known in texts.words else day.source


def _head(day: Day, key: str, texts: Texts) -> str:
    facts = texts("day.facts", source=_source(day, texts), n=len(published(day)), model=day.model)
    return (
        f'<header class="zd-day-head"><h2>{esc(_name(day, texts))}</h2><p class="zd-facts">{esc(facts)}</p>'
        f"{_ledger(day, texts)}{notice(day.note) if day.note else ''}{_files(day, key, texts)}</header>"
    )


def _files(day: Day, key: str, texts: Texts) -> str:
    if not published(day):
        return ""
    stem = f"{day.date.isoformat()}-{day.source}"
    found = ((f"/issues/{key}/{f.format}", f"{stem}.{f.name.rpartition('.')[2]}", f.label) for f in FILES)
    return downloads.links(found, texts)


def _name(day: Day, texts: Texts) -> str:
    if day.until is None:
        return day.date.isoformat()
    year, week, _ = day.date.isocalendar()
    return texts("day.week", year=year, week=week, first=f"{day.date:%m-%d}", last=f"{day.until:%m-%d}")


def _ledger(day: Day, texts: Texts) -> str:
    found = day.ledger
    steps = ("list", "fetch", "parse", "read", "verify", "publish")
    counts = (found.listed, found.fetched, found.parsed, found.read, found.verified, found.published)
    line = "".join(
        f"<span>{esc(texts('step.' + step))} <b>{n}</b></span>" for step, n in zip(steps, counts, strict=True)
    )
    shown = found.problems[:_SHOWN]
    listed = "".join(_problem(problem, texts) for problem in shown)
    if more := len(found.problems) - len(shown):
        listed += f"<li>{esc(texts('day.more_left_out', n=more))}</li>"
    inner = f"<ul>{listed}</ul>" if listed else f"<p>{esc(texts('day.ledger_whole'))}</p>"
    name = esc(texts("day.ledger"))
    return f'<details class="zd-ledger"><summary><em>{name}</em>{line}</summary>{inner}</details>'


def _problem(problem: Problem, texts: Texts) -> str:
    return f"<li>{foreign(problem.id)} · {esc(texts('step.' + problem.step.value))} · {esc(problem.reason)}</li>"


def _filters(results: Sequence[PaperResult], texts: Texts) -> str:
    names = Counter(name for r in results for name in r.paper.categories)
    categories = "".join(f'<option value="{esc(c)}">{esc(c)} ({n})</option>' for c, n in names.most_common())
    kinds = (("clean", "day.all_supported"), ("partial", "day.some_partial"), ("withheld", "day.some_withheld"))
    verdicts = "".join(f'<option value="{kind}">{esc(texts(words))}</option>' for kind, words in kinds)
    topics = Counter(word for r in results for word in r.paper.keywords)
    known = "".join(f'<option value="{esc(word)}"></option>' for word, _ in topics.most_common(60))
    everything = f'<option value="">{esc(texts("day.any"))}</option>'
    counted = esc(texts("day.shown", shown="{shown}", all="{all}"))
    return (
        f'<form class="zd-filters" data-filters aria-label="{esc(texts("day.filters"))}">'
        f"<label>{esc(texts('day.category'))}<select name='category'>{everything}{categories}</select></label>"
        f"<label>{esc(texts('day.verdicts'))}<select name='mark'>{everything}{verdicts}</select></label>"
        f"<label class='zd-grow'>{esc(texts('day.topic'))}<input type='search' name='topic' list='zd-topics' "
        f"placeholder='{esc(texts('day.topic_hint'))}' autocomplete='off'></label>"
        f'<datalist id="zd-topics">{known}</datalist>'
        f'<output data-counted="{counted}">{esc(texts("day.shown", shown=len(results), all=len(results)))}</output>'
        f"{local('clear', esc(texts('day.clear')), 'zd-link')}</form>"
    )


def _unpublished(day: Day, texts: Texts) -> str:
    rest = [r for r in day.results if r.status is not Status.PUBLISHED]
    if not rest:
        return ""
    listed = "".join(
        f"<li><b>{esc(texts('day.status_' + r.status.value))}</b> {foreign(r.paper.title)} "
        f"{cards.links(r.paper, texts)}<p>{esc(r.reason)}</p></li>"
        for r in rest[:_SHOWN]
    )
    if more := len(rest) - _SHOWN if len(rest) > _SHOWN else 0:
        listed += f"<li>{esc(texts('day.more_left_out', n=more))}</li>"
    name = esc(texts("day.unpublished", n=len(rest)))
    return f'<details class="zd-unpublished"><summary>{name}</summary><ul>{listed}</ul></details>'


def first(texts: Texts) -> str:
    """What stands there before anything was read."""
    ways = "".join(_way(source, "zd-way zd-primary" if source == "sample" else "zd-way", texts) for source in _WAYS)
    return (
        f'<section class="zd-first"><h2>{esc(texts("first.title"))}</h2><p>{esc(texts("first.text"))}</p>'
        f'<div class="zd-ways">{ways}</div></section>'
    )


_WAYS = ("sample", "hf")
"""What the first page offers to read."""


def _way(source: str, classes: str, texts: Texts) -> str:
    name, note = esc(texts(f"first.{source}")), esc(texts(f"first.{source}_note"))
    return action("begin", source, f"<b>{name}</b><span>{note}</span>", classes)


def search_box(texts: Texts) -> str:
    """Asks for passages."""
    name, hint = esc(texts("search.label")), esc(texts("search.hint"))
    glass = (
        '<svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="7" cy="7" r="4.6"/><path d="M10.6 10.6L14 14"/></svg>'
    )
    return (
        f'<form class="zd-search" data-submit="search" role="search">'
        f'<svg viewBox="0 0 16 16" aria-hidden="true">{glass}</svg><input type="search" name="question" '
        f'aria-label="{name}" placeholder="{hint}" autocomplete="off" enterkeyhint="search" '
        f'maxlength="{LONGEST}" required>'
        f'<button type="submit">{esc(texts("search.go"))}</button>'
        f"{local('side', esc(texts('shelf.open')), 'zd-narrow')}</form>"
    )


LONGEST = 500
"""Characters of a question."""


def exhibit(hit: Hit, papers: Mapping[str, Paper]) -> Exhibit:
    """A passage found, as evidence of itself."""
    passage = hit.passage
    start, end = passage.sentences[hit.sentence] if passage.sentences else (0, len(passage.text))
    quote = Quote(
        passage=passage.id, paper=passage.paper, page=hit.page, section=passage.section, quote=passage.text[start:end],
        boxes=tuple(placement.boxes(passage.words, start, end)),
    )  # fmt: skip
    return Exhibit(quotes=(quote,), title=name_of(passage.paper, papers))


def name_of(version: str, papers: Mapping[str, Paper]) -> str:
    """A paper's title, or its version where nothing more is known."""
    return papers[version].title if version in papers else version


def found(question: str, hits: Sequence[tuple[Hit, Exhibit, str]], texts: Texts) -> str:
    """Passages found; each with its exhibit and that one's name."""
    listed = "".join(_hit(hit, exhibit, name, texts) for hit, exhibit, name in hits)
    body = f'<ol class="zd-hits">{listed}</ol>' if hits else notice(texts("search.nothing"))
    back = local("list", "← " + esc(texts("search.back")), "zd-link")
    title = esc(texts("search.title", question=question))
    return f'<section class="zd-found"><nav>{back}</nav><h2 dir="auto">{title}</h2>{body}</section>'


def _hit(hit: Hit, shown: Exhibit, name: str, texts: Texts) -> str:
    text, quote = hit.passage.text, shown.quotes[0]
    start, end = hit.passage.sentences[hit.sentence] if hit.passage.sentences else (0, len(text))
    before = ("…" if start > _AROUND else "") + text[max(0, start - _AROUND) : start]
    after = text[end : end + _AROUND] + ("…" if len(text) > end + _AROUND else "")
    words = f"{esc(before)}<mark>{esc(text[start:end])}</mark>{esc(after)}"
    place = texts("evidence.place", page=quote.page, section=quote.section)
    return (
        f'<li><a class="cite" href="#e:{name}-0">{foreign(shown.title, "span", "zd-hit-title")}'
        f"{foreign(place, 'span', 'zd-facts')}"
        f'<span class="zd-passage" lang="en" dir="auto"><bdi>{words}</bdi></span></a></li>'
    )


_AROUND = 240
"""Characters of the passage shown before and after the sentence found."""


def heading(result: PaperResult) -> str:
    """The name a paper goes by."""
    return title_zh(result.digest) or result.paper.title
