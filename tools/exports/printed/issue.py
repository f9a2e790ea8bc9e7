"""A day's issue, block by block: what it says over its papers, the papers, what was not published, the evidence."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time

from core.models import Claim
from core.overview import Hot, Topic
from core.publication import Publication
from core.report import Grid
from tools.exports import _names
from tools.exports._view import View, dates, source
from tools.exports._wording import CHANGES, STATUSES, STEPS, comparable, compared, hot_heads, late, ledger, usual
from tools.exports.printed.blocks import Block, Evidence, Heading, Image, Line, Run, Sheet, Table, Text, run, spaced
from tools.exports.printed.papers import paper
from tools.exports.reports._closing import HOW_TO_READ
from tools.exports.reports._content import SILENT, WITHHELD_CELL, plain

_PICTURE = 440.0
"""Points: the pictures of a day take the width of the page."""
_NAMED = 3
"""Papers named beside a hot word."""


def sheet(issue: Publication) -> Sheet:
    """The whole issue. Its time is the start of its day: nothing else may change its bytes."""
    made = datetime.combine(issue.day.until or issue.day.date, time(), UTC)
    return Sheet(_names.title(issue.day), made, tuple(_Issue(View(issue)).blocks()))


class _Issue:
    def __init__(self, view: View) -> None:
        self._view = view
        self._evidence = Evidence(list(view.published))
        self._numbers = {version: n for n, version in enumerate(view.published, 1)}

    def blocks(self) -> Iterator[Block]:
        """The head, then each part that has something to say."""
        yield from self._head()
        day = self._view.day
        parts = (
            ("seen", "本周看点" if day.until else "今日看点", self._highlights),
            ("drawn", "图表", self._pictures),
            ("topics", "主题", self._topics),
            ("hot", "热点", self._hot),
            ("compared", "横向对比", self._tables),
            ("worth", "值得细读", self._worth),
            ("papers", "论文", self._papers),
            ("rest", "没有发布的", self._rest),
            ("proofs", "原文依据", self._evidence.blocks),  # last: the others fill it
        )
        for id, heading, made in parts:
            if inner := list(made()):
                yield Heading(1, (Run(heading),), id)
                yield from inner

    def _head(self) -> Iterator[Block]:
        day = self._view.day
        facts = [
            f"来源：{source(day)}",
            f"{dates(day)}（日期按 {day.zone} 计）",
            *([f"模型：{day.model}"] if day.model else []),
        ]
        yield Text(spaced(map(run, facts)), "soft")
        if day.note:
            yield Text((run(day.note),), "note")
        yield Text((Run("覆盖账　", "strong"), run(ledger(day.ledger))), "soft")
        if self._view.published:
            yield Text((Run(HOW_TO_READ),), "soft")

    # over all papers

    def _highlights(self) -> Iterator[Block]:
        for n, (claim, versions) in enumerate(self._view.highlights(), 1):
            yield Text(self._evidence.said(claim), number=str(n))
            yield Text(spaced(self._named(version) for version in versions if version in self._view.results), "soft")

    def _named(self, version: str) -> Run:
        """Its number and what it is called, leading to where it stands here."""
        n = self._numbers.get(version)
        return run(f"{f'[{n}] ' if n else ''}{self._view.name(version).text}", "", f"#p{n}" if n else "")

    def _pictures(self) -> Iterator[Block]:
        for picture in self._view.issue.pictures:
            yield Image(picture.png["light"], plain(picture.alt), _PICTURE, (run(picture.title, "strong"),))

    def _topics(self) -> Iterator[Block]:
        for topic in self._view.overview.topics:
            yield from self._topic(topic)

    def _topic(self, topic: Topic) -> Iterator[Block]:
        known = [version for version in topic.papers if version in self._view.results]
        yield Text((run(topic.name, "strong"), Run(f"（{len(topic.papers)} 篇）")))
        for version in known:
            yield Text((self._named(version), run(self._unread(version), "soft")), "item")

    def _unread(self, version: str) -> str:
        return "" if version in self._numbers else f"（{STATUSES[self._view.results[version].status]}）"

    def _hot(self) -> Iterator[Block]:
        if self._view.overview.hot:
            yield Table(tuple(hot_heads(self._view)), tuple(map(self._word, self._view.overview.hot)))
            yield Text((Run(compared(self._view)),), "soft")

    def _word(self, word: Hot) -> tuple[Line, ...]:
        known = [version for version in word.papers if version in self._view.results]
        names = [self._named(version) for version in known[:_NAMED]]
        names += [Run(f"等 {len(known)} 篇", "soft")] if len(known) > _NAMED else []
        past = [(Run(usual(word)),), (Run(CHANGES[word.change]),)] if comparable(self._view) else []
        return (run(word.name, "strong"),), (Run(f"{len(word.papers)} 篇"),), *past, spaced(names)

    def _tables(self) -> Iterator[Block]:
        cells = {claim.id: claim for claim in self._view.overview.cells}
        for grid in self._view.overview.grids:
            yield from self._table(grid, cells)

    def _table(self, grid: Grid, cells: Mapping[str, Claim]) -> Iterator[Block]:
        rows: list[tuple[Line, ...]] = []
        for row in grid.rows:
            n = self._numbers.get(row.paper)
            label = (run(row.label, "strong"), *((Run(f" [{n}]", "mark", f"#p{n}"),) if n else ()))
            ids = (*row.cells, *[""] * len(grid.columns))
            made = (
                self._cell(cells.get(id), f"{row.label}，{column}", filled=bool(id))
                for column, id in zip(grid.columns, ids, strict=False)
            )
            rows.append((label, *made))
        yield Table(tuple(map(plain, (grid.corner, *grid.columns))), tuple(rows), plain(grid.caption))
        for note in grid.notes:
            yield Text((run(note, "soft"),), "item")

    def _cell(self, claim: Claim | None, about: str, *, filled: bool) -> Line:
        if claim is None or claim.withheld:
            return (Run(WITHHELD_CELL if filled else SILENT, "soft"),)
        return self._evidence.said(claim, own=True, about=about)

    def _worth(self) -> Iterator[Block]:
        """Every listed paper, those that were not read too: an order that hides nothing."""
        if not any(worth.reasons for worth in self._view.overview.worth):
            return
        for n, version in enumerate(self._view.results, 1):
            worth = self._view.worth.get(version)
            why = "；".join(reason.text for reason in worth.reasons) if worth else ""
            said = " · ".join(filter(None, (why, self._unread(version).strip("（）"))))
            yield Text(spaced([self._called(version), *([run(said, "soft")] if said else [])]), number=str(n))

    def _called(self, version: str) -> Run:
        n = self._numbers.get(version)
        return run(self._view.name(version).text, "", f"#p{n}" if n else _names.abstract_page(version))

    # papers

    def _papers(self) -> Iterator[Block]:
        for n, (version, digest) in enumerate(self._view.published.items(), 1):
            yield from paper(self._view, n, self._view.results[version], digest, self._evidence)

    def _rest(self) -> Iterator[Block]:
        results = [r for v, r in self._view.results.items() if v not in self._view.published]
        for result in results:
            to = _names.abstract_page(result.paper.version)
            added = "".join(f"（{said}）" for said in late(result))
            name = run(f"{result.paper.title}（{result.paper.version}）", "", to)
            status = Run(STATUSES[result.status], "strong")
            yield Text((status, Run("　"), name, run(f"：{result.reason}{added}" if result.reason else added)), "item")
        known = {name for r in results for name in (r.paper.id, r.paper.version)}
        for problem in self._view.day.ledger.problems:
            if problem.id not in known:
                yield Text((run(f"{problem.id}（{STEPS[problem.step]}）：{problem.reason}"),), "item")
