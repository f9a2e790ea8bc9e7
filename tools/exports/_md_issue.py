"""The page of an issue as Markdown: what it says over its papers, a card a paper, and what was not published."""

import html
from collections.abc import Iterable, Mapping

from core.digests import tldr
from core.models import Claim, Digest, PaperResult
from core.overview import Hot, Topic
from core.publication import Picture, Publication
from core.report import Grid
from tools.exports import _names
from tools.exports._md_said import (
    BADGES,
    badge,
    doubt,
    evidence,
    fold,
    link,
    links,
    name,
    pages,
    quoted,
    text,
    tidy,
    words,
)
from tools.exports._view import View, source
from tools.exports._wording import (
    CHANGES,
    STATUSES,
    STEPS,
    comparable,
    compared,
    hot_heads,
    late,
    ledger,
    not_to_compare,
    usual,
)
from tools.exports.reports._content import SILENT, WITHHELD_CELL, plain

_OPEN = 10
"""Papers of a list that are shown before the fold."""
_NAMED = 3
"""Papers named beside a hot word."""
_NOTES = 2
"""Notes under a table that are shown; more are folded."""


def index(issue: Publication) -> str:
    """The whole page."""
    view = View(issue)
    parts = [
        ("本周看点" if view.day.until else "今日看点", _highlights(view)),
        ("图表", _pictures(view)),
        ("主题", _topics(view)),
        ("热点", _hot(view)),
        ("横向对比", _tables(view)),
        ("值得细读", _worth(view)),
        ("论文", _cards(view)),
        ("没有发布的", _rest(view)),
    ]
    shown = [(heading, lines) for heading, lines in parts if lines]
    contents = [" · ".join(f"[{heading}](#{heading})" for heading, _ in shown), ""] if len(shown) > 2 else []
    sections = (line for heading, lines in shown for line in (f"## {heading}", "", *lines, ""))
    return tidy([*_head(view), *contents, *sections])


def _head(view: View) -> list[str]:
    day = view.day
    facts = f"来源：{text(source(day))}（日期按 {text(day.zone)} 计）　模型：{text(day.model)}"
    lines = [f"# {_names.title(day)}", "", facts, ""]
    lines += [f"> {text(day.note)}", ""] if day.note else []
    lines += [f"**覆盖账**：{ledger(day.ledger)}", ""]
    return lines + ([f"[← 上一期](../{view.issue.earlier}/index.md)", ""] if view.issue.earlier else [])


# over all papers


def _highlights(view: View) -> list[str]:
    lines: list[str] = []
    for n, (claim, versions) in enumerate(view.highlights(), 1):
        about = [_about(view, claim, version) for version in versions if version in view.results]
        lines += [f"{n}. **{text(claim.text)}** `{BADGES[claim.verdict]}`<br>{'；'.join(about)}", ""]
        lines += [f"   {line}".rstrip() for line in (*evidence(claim), "")]
    return lines


def _about(view: View, claim: Claim, version: str) -> str:
    on = pages(quote for quote in claim.evidence if quote.paper == version)
    return f"{name(view, version)}{'，' if on else ''}{on}"


def _pictures(view: View) -> list[str]:
    return [line for picture in view.issue.pictures for line in (f"**{text(picture.title)}**", "", _drawn(picture), "")]


def _drawn(picture: Picture) -> str:
    """In the shade of the reader's screen; readers that know no <picture> show the light one."""
    stem, alt = f"pictures/{picture.name}", html.escape(plain(picture.alt))
    return (
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="{stem}-dark.svg">'
        f'<img src="{stem}-light.svg" alt="{alt}"></picture>'
    )


def _topics(view: View) -> list[str]:
    return [line for topic in view.overview.topics for line in _topic(view, topic)]


def _topic(view: View, topic: Topic) -> list[str]:
    listed = [f"- {name(view, v)}{_unread(view, v)}" for v in topic.papers if v in view.results]
    heading = f"{len(topic.papers)} 篇"
    if len(listed) > _OPEN:
        return [*fold(f"<b>{html.escape(plain(topic.name))}</b>（{heading}）", listed), ""]
    return [f"**{text(topic.name)}**（{heading}）", "", *listed, ""]


def _unread(view: View, version: str) -> str:
    return "" if version in view.published else f"（{STATUSES[view.results[version].status]}）"


def _hot(view: View) -> list[str]:
    if not view.overview.hot:
        return []
    rows = (_word(view, word) for word in view.overview.hot)
    return [*_lines(hot_heads(view), rows), "", compared(view)]


def _word(view: View, word: Hot) -> list[str]:
    known = [v for v in word.papers if v in view.results]
    named = "、".join(name(view, v) for v in known[:_NAMED]) + (f" 等 {len(known)} 篇" if len(known) > _NAMED else "")
    past = [usual(word), CHANGES[word.change]] if comparable(view) else []
    return [text(word.name), f"{len(word.papers)} 篇", *past, named]


def _lines(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A table; cells are escaped already."""
    named = list(heads)
    body = [f"| {' | '.join(row)} |" for row in rows]
    return [f"| {' | '.join(named)} |", "|" + " --- |" * len(named), *body]


def _tables(view: View) -> list[str]:
    cells = {claim.id: claim for claim in view.overview.cells}
    return [line for grid in view.overview.grids for line in _table(view, grid, cells)]


def _table(view: View, grid: Grid, cells: Mapping[str, Claim]) -> list[str]:
    rows = []
    for row in grid.rows:
        whose = f"<br>{name(view, row.paper)}" if row.paper in view.results else ""
        rows.append([text(row.label) + whose, *(cell(cells.get(id), bool(id)) for id in row.cells)])
    used = [cells[id] for row in grid.rows for id in row.cells if id in cells and not cells[id].withheld]
    quotes = dict.fromkeys("\n".join(quoted(q)) for claim in used for q in claim.evidence)
    heads = [text(head) or "　" for head in (grid.corner, *grid.columns)]
    listed = [f"- {text(note)}" for note in grid.notes]
    notes = [*(fold(not_to_compare(len(listed)), listed) if len(listed) > _NOTES else listed), ""]
    proof = [*fold("原文依据", quotes), ""] if quotes else []
    return [f"**{text(grid.caption)}**", "", *_lines(heads, rows), "", *notes, *proof]


def cell(claim: Claim | None, filled: bool) -> str:
    """What a table shows of a claim: words that lead to their page. `filled`: False where the paper says nothing."""
    if claim is None or claim.withheld:
        return WITHHELD_CELL if filled else SILENT
    at = claim.evidence[0] if claim.evidence else None
    if at is None:
        return text(claim.text) + doubt(claim.verdict)
    address = _names.pdf_page(at.paper, at.page)
    said = link(text(claim.text), address) if address else f"{text(claim.text)}（第 {at.page} 页）"
    return said + doubt(claim.verdict)


def _worth(view: View) -> list[str]:
    """Every listed paper in its order, those that were not read too; the first are shown, the others folded."""
    if not any(worth.reasons for worth in view.overview.worth):
        return []
    lines = [f"{n}. {name(view, v)}{_why(view, v)}" for n, v in enumerate(view.results, 1)]
    rest = lines[_OPEN:]
    return lines[:_OPEN] + (["", *fold(f"其余 {len(rest)} 篇的顺序和理由", rest)] if rest else [])


def _why(view: View, version: str) -> str:
    worth = view.worth.get(version)
    reasons = "；".join(text(reason.text) for reason in worth.reasons) if worth else ""
    said = (reasons, _unread(view, version).strip("（）"), *late(view.results[version]))
    return "　" + " · ".join(filter(None, said)) if any(said) else ""


# papers


def _cards(view: View) -> list[str]:
    """In the order of 值得细读."""
    return [
        line
        for n, (version, digest) in enumerate(view.published.items(), 1)
        for line in _card(view, n, view.results[version], digest)
    ]


def _card(view: View, n: int, result: PaperResult, digest: Digest) -> list[str]:
    version = result.paper.version
    lines = [f"### {n}. {name(view, version)}", ""]
    if view.name(version).text != plain(result.paper.title):
        lines += [f"*{text(result.paper.title)}*", ""]
    if summary := tldr(digest):
        lines += [f"{words(summary, digest)}　{badge(summary)}", ""]
    facts = [*late(result), counts(digest), *map(text, digest.labels), *links(view, version)]
    return [*lines, " · ".join(facts), ""]


def counts(digest: Digest) -> str:
    """How its sentences ended."""
    shown = [c.verdict for c in digest.claims if not c.withheld]
    supported, partial = (shown.count(verdict) for verdict in tuple(BADGES)[:2])
    held = len(digest.claims) - len(shown)
    said = [f"{supported} 句支持"] + ([f"{partial} 句部分支持"] if partial else [])
    return "、".join(said + ([f"{held} 句未过核验（不发布）"] if held else []))


def _rest(view: View) -> list[str]:
    results = [r for v, r in view.results.items() if v not in view.published]
    lines = [f"- **{STATUSES[r.status]}**　{_left(r)}" for r in results]
    ids = {name for r in results for name in (r.paper.id, r.paper.version)}
    others = [p for p in view.day.ledger.problems if p.id not in ids]
    lines += [f"- {text(f'{p.id}（{STEPS[p.step]}）：{p.reason}')}" for p in others]
    return lines if len(lines) <= 2 * _OPEN else fold(f"{len(lines)} 篇，各有原因", lines)


def _left(result: PaperResult) -> str:
    added = "".join(f"（{said}）" for said in late(result))
    return text(f"{result.paper.title}（{result.paper.version}）：{result.reason}") + added
