"""What an issue says over all its papers, above the cards: highlights, pictures, topics, hot words, the order. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from core.digests import title_zh
from core.models import Claim, Day, PaperResult, Status, Verdict
from core.overview import Hot, Overview, Topic, Worth
from ui.web.markup import action, badge, esc, foreign
from ui.web.texts import Texts

FEWEST = 4
"""Papers of a day that has pictures."""
_NAMED = 60
"""Characters of a paper's name in a list."""
_SAID = 12
"""Words, topics or lines of a picture that its alternative text names."""
_RANKED = 200
"""Papers of the full order that are listed; more are counted."""

Link = Callable[[Claim, tuple[str, ...]], str]
"""Name of the exhibit that shows a claim's evidence; the second: the papers it is about."""


class Drawn(NamedTuple):
    """A picture of the day, at its address in light and dark."""

    name: str
    light: str
    dark: str


def ordered(results: Sequence[PaperResult], said: Overview | None) -> list[PaperResult]:
    """As worth reading as the overview says; papers it does not name at the end, as they stood."""
    places = {worth.paper: n for n, worth in enumerate(said.worth)} if said else {}
    return sorted(results, key=lambda r: places.get(r.paper.version, len(places)))


def section(day: Day, said: Overview, key: str, link: Link, pictures: Sequence[Drawn], texts: Texts) -> str:
    """All of it; empty where there is nothing to say."""
    papers = {r.paper.version: r for r in day.results}
    parts = [
        _highlights(said, papers, key, link, texts),
        _pictures(pictures, said, texts),
        _topics(said.topics, papers, key, texts),
        _hot(said.hot, said.compared, texts),
        _order(said.worth, papers, key, texts),
    ]
    return f'<section class="zd-overview">{"".join(parts)}</section>' if any(parts) else ""


def reasons(said: Overview | None, version: str, texts: Texts) -> str:
    """Why a paper stands where it stands, for its card."""
    worth = next((w for w in said.worth if w.paper == version), None) if said else None
    if worth is None or not worth.reasons:
        return ""
    words = "；".join(reason.text for reason in worth.reasons)
    return f'<p class="zd-why"><b>{esc(texts("overview.why"))}</b>{esc(words)}</p>'


def _highlights(said: Overview, papers: Mapping[str, PaperResult], key: str, link: Link, texts: Texts) -> str:
    lines = ""
    for highlight in said.highlights:
        claim = highlight.claim
        if claim.withheld:
            continue
        name = link(claim, highlight.papers)
        mark = "" if claim.verdict is Verdict.SUPPORTED else f" {badge(claim.verdict, texts)}"
        about = "".join(_paper(papers[v], key) for v in highlight.papers if v in papers)
        language = "zh-CN" if any("\u4e00" <= c <= "\u9fff" for c in claim.text) else "en"
        lines += (
            f'<li><a class="cite" href="#e:{name}-0" lang="{language}"><bdi>{esc(claim.text)}</bdi></a>{mark}'
            f'<span class="zd-about">{about}</span></li>'
        )
    return f'<h3>{esc(texts("overview.highlights"))}</h3><ol class="zd-highlights">{lines}</ol>' if lines else ""


def _paper(result: PaperResult, key: str) -> str:
    """A paper's name; a button where there is a digest to open."""
    name = title_zh(result.digest) or result.paper.title
    short = name if len(name) <= _NAMED else f"{name[:_NAMED]}…"
    if result.status is not Status.PUBLISHED:
        return foreign(short, "span", "zd-name")
    return action("paper", f"{key}/{result.paper.version}", foreign(short), "zd-link")


def _pictures(pictures: Sequence[Drawn], said: Overview, texts: Texts) -> str:
    shown = ""
    for picture in pictures:
        words = "".join(filter(None, (texts(f"overview.{picture.name}"), _figures(picture.name, said))))
        more = f'alt="{esc(words)}" loading="lazy"'
        shown += f'<figure><img class="zd-by-day" src="{esc(picture.light)}" {more}>'
        shown += f'<img class="zd-by-night" src="{esc(picture.dark)}" {more}></figure>'
    return f'<div class="zd-drawn">{shown}</div>' if shown else ""


def _figures(name: str, said: Overview) -> str:
    """What a picture shows, for those who do not see it: names and numbers, which need no translation."""
    if name == "words":
        counted = [f"{word.name} {word.papers}" for word in said.words]
    elif name == "topics":
        counted = [f"{topic.name} {len(topic.papers)}" for topic in said.topics]
    else:
        counted = [f"{line} {'–'.join(map(str, papers))}" for line, papers in (said.trend.lines if said.trend else ())]
    return f": {', '.join(counted[:_SAID])}" if counted else ""


def _topics(topics: Sequence[Topic], papers: Mapping[str, PaperResult], key: str, texts: Texts) -> str:
    listed = "".join(
        f"<details><summary>{foreign(topic.name, 'b')} "
        f"<span>{esc(texts('overview.papers', n=len(topic.papers)))}</span></summary><ul>"
        + "".join(f"<li>{_paper(papers[v], key)}</li>" for v in topic.papers if v in papers)
        + "</ul></details>"
        for topic in topics
    )
    return f'<h3>{esc(texts("overview.topics_title"))}</h3><div class="zd-topic-list">{listed}</div>' if listed else ""


def _hot(words: Sequence[Hot], compared: int, texts: Texts) -> str:
    if not words:
        return ""
    shown = "".join(
        f'<li class="zd-hot-{word.change}">{foreign(word.name, "b")} '
        f"{esc(texts('overview.papers', n=len(word.papers)))}{_change(word, texts)}</li>"
        for word in words
    )
    how = texts("overview.compared", n=compared) if compared else texts("overview.not_compared")
    return (
        f'<h3>{esc(texts("overview.hot_title"))}</h3><ul class="zd-hot">{shown}</ul><p class="zd-facts">{esc(how)}</p>'
    )


def _change(word: Hot, texts: Texts) -> str:
    if word.change == "unknown":
        return ""
    usual = "" if word.usual is None else f" · {texts('overview.usual', n=f'{word.usual:.1f}')}"
    return f' <span class="zd-change">{esc(texts("overview.change_" + word.change))}{esc(usual)}</span>'


def _order(order: Sequence[Worth], papers: Mapping[str, PaperResult], key: str, texts: Texts) -> str:
    """Every listed paper, those not read included: an order, never a filter."""
    if not any(worth.reasons for worth in order):
        return ""
    listed = "".join(
        f"<li>{_paper(papers[w.paper], key)}"
        f"{foreign('；'.join(reason.text for reason in w.reasons), classes='zd-facts')}</li>"
        for w in order[:_RANKED]
        if w.paper in papers
    )
    more = f"<p>{esc(texts('day.more_left_out', n=len(order) - _RANKED))}</p>" if len(order) > _RANKED else ""
    name = esc(texts("overview.order", n=len(order)))
    return f'<details class="zd-order"><summary>{name}</summary><ol>{listed}</ol>{more}</details>'
