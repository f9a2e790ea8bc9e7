"""The day page: what happens on it. Handlers ask the desk and hand values to pure functions; they decide nothing."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from core.desk import Desk
from core.errors import ZhengduError
from core.licences import may_show
from core.models import Basis, Claim, Day, PaperResult, Query
from core.overview import Overview
from core.ports import Issue
from core.publication import Shade
from ui.web import asking, digest, issue, overview, shelf
from ui.web.exhibits import Exhibit
from ui.web.markup import notice
from ui.web.overview import Drawn
from ui.web.pictures import Pictures
from ui.web.runs import Run, Runs, board
from ui.web.shared import Shared

Update = dict[Any, Any]
"""Component -> what it shows now."""
_HITS = 12
_TICK = 0.5
"""Seconds between two looks at work that goes on."""


@dataclass(frozen=True)
class DayPage:
    """Its parts and what they do."""

    desk: Callable[[], Desk]
    shared: Shared
    pictures: Pictures
    runs: Runs
    side: gr.HTML
    board: gr.HTML
    issue: gr.HTML
    reader: gr.HTML
    found: gr.HTML

    # the shelf

    def shelf(self, key: str) -> Update:
        """Calendar and cards of an issue; the newest where there is none; the first page on an empty shelf."""
        issues, texts = self.desk().issues(), self.shared.texts
        if not issues:
            return {
                self.side: shelf.side([], "", texts), self.issue: issue.first(texts), self.shared.issue: "",
            }  # fmt: skip
        key = key if any(i.key == key for i in issues) else issues[0].key
        day = self.desk().issue(key)
        shown = self._page(day, key) if day else notice(texts("day.gone"), "warning")
        return {self.side: shelf.side(issues, key, texts), self.issue: _fresh(shown), self.shared.issue: key}

    def _page(self, day: Day, key: str) -> str:
        texts, said = self.shared.texts, self.desk().overview(key)
        names = {r.paper.version: issue.heading(r) for r in day.results}

        def link(claim: Claim, papers: tuple[str, ...]) -> str:
            titles = tuple(names.get(quote.paper, quote.paper) for quote in claim.evidence)
            title = names.get(papers[0], "") if papers else ""
            return self.shared.exhibits.keep(Exhibit(quotes=claim.evidence, claim=claim, title=title, titles=titles))

        over = overview.section(day, said, key, link, self._drawn(day, key, said), texts) if said else ""
        return issue.page(day, key, self._figure, texts, over, said)

    def _drawn(self, day: Day, key: str, said: Overview) -> list[Drawn]:
        """Addresses of the day's pictures, as far as there is something to draw."""
        if len(day.results) < overview.FEWEST:
            return []
        several = said.trend is not None and len(said.trend.days) > 1
        there = (("words", bool(said.words)), ("topics", bool(said.topics)), ("trend", several))

        def address(name: str, shade: Shade) -> str:
            return self.pictures.keep(f"day {key} {name} {shade}", lambda: self._picture(key, name, shade))

        return [Drawn(name, address(name, "light"), address(name, "dark")) for name, is_there in there if is_there]

    async def _picture(self, key: str, name: str, shade: Shade) -> Path | None:
        return await self.desk().picture_of(key, name, shade)

    async def open_issue(self, event: gr.EventData) -> Update:
        """Shows the day somebody picked."""
        return self.shelf(asking.words(event))

    async def open_paper(self, event: gr.EventData) -> Update:
        """Shows a digest: `issue key/version`."""
        key, _, version = asking.words(event).partition("/")
        day = self.desk().issue(key) if asking.is_key(key) else None
        result = next((r for r in day.results if r.paper.version == version), None) if day else None
        if day is None or result is None or result.digest is None:
            return {self.reader: _fresh(notice(self.shared.texts("digest.gone"), "warning"))}
        return {self.reader: _fresh(self._digest(day, key, result))}

    def _digest(self, day: Day, key: str, result: PaperResult) -> str:
        texts, found = self.shared.texts, result.digest
        if found is None:
            return notice(texts("digest.gone"), "warning")

        def link(claim: Claim) -> str:
            return self.shared.exhibits.keep(Exhibit(quotes=claim.evidence, claim=claim, title=issue.heading(result)))

        shown = overview.ordered(issue.published(day), self.desk().overview(key))
        versions = [r.paper.version for r in shown]
        around = digest.around(key, versions, result.paper.version, texts)
        return around + digest.article(result, found, key, link, texts, self._figure(result)) + around

    def _figure(self, result: PaperResult) -> str:
        """Address of the key figure, where the paper was read and its licence lets us show it."""
        version = result.paper.version
        if result.digest is None or result.digest.basis is not Basis.FULL_TEXT or not may_show(result.paper):
            return ""

        async def make() -> Path | None:
            document = await self.desk().read(version)
            at = next((n for n, figure in enumerate(document.figures) if figure.key), None)
            return (await self.desk().crops(document))[at] if at is not None else None

        return self.pictures.keep(f"figure {version}", make)

    # passages

    async def search(self, event: gr.EventData) -> Update:
        """Passages of everything read."""
        texts, question = self.shared.texts, asking.field(event, "question")
        if not question or len(question) > issue.LONGEST:
            return {self.found: _fresh(notice(texts("search.too_long", n=issue.LONGEST), "warning"))}
        try:
            hits = await self.desk().search(question, None, None, _HITS)
        except ZhengduError as error:
            return {self.found: _fresh(notice(texts("app.failed", message=error), "error"))}
        papers = self.desk().papers(sorted({hit.passage.paper for hit in hits}))
        exhibits = [issue.exhibit(hit, papers) for hit in hits]
        named = [(hit, e, self.shared.exhibits.keep(e)) for hit, e in zip(hits, exhibits, strict=True)]
        return {self.found: _fresh(issue.found(question, named, texts))}

    # days being read

    async def fetch(self, event: gr.EventData, key: str) -> AsyncIterator[Update]:
        """Begins the day the form asks for, and looks on."""
        asked = asking.day(event, self.shared.texts)
        if isinstance(asked, str):
            yield {self.board: self._boards() + notice(asked, "error")}
            return
        async for update in self._begun(*asked, key):
            yield update

    async def begin(self, event: gr.EventData, key: str) -> AsyncIterator[Update]:
        """The first page's buttons: the sample, or a few of today's papers."""
        sample = asking.words(event) == "sample"
        query = Query() if sample else Query(limit=asking.FEW)
        async for update in self._begun("sample" if sample else "hf", query, key):
            yield update

    async def _begun(self, source: str, query: Query, key: str) -> AsyncIterator[Update]:
        self.runs.watch(self.desk(), source, query)
        async for update in self.look_on(key):
            yield update

    async def look_on(self, key: str) -> AsyncIterator[Update]:
        """Shows how far the days being read are, as long as one is; then the shelf with what came of them."""
        going, shown = self._going(), None
        while self._going():
            going = self._going() or going
            boards = self._boards()
            if boards != shown:
                shown = boards
                yield {self.board: boards}
            await asyncio.sleep(_TICK)
        if not going:
            yield {self.board: self._boards()}
            return
        update = self.shelf(key) if not key else {self.side: self._side(key)}
        if not key and update[self.shared.issue]:  # somebody waited on an empty shelf: here it is
            for run in going:
                if run.state == "ended":
                    self.runs.dismiss(run.name)
        yield {**update, self.board: self._boards()}

    def _side(self, key: str) -> str:
        return shelf.side(self.desk().issues(), key, self.shared.texts)

    def _going(self) -> list[Run]:
        return [run for run in self.runs.join(self.desk()) if self.runs.goes_on(run)]

    def _boards(self) -> str:
        issues = self.desk().issues()
        return "".join(self._board(run, issues) for run in self.runs.all())

    def _board(self, run: Run, issues: list[Issue]) -> str:
        papers = self.desk().papers(list(run.papers))
        titles = {version: paper.title for version, paper in papers.items()}
        key = _outcome(run, issues) if run.state == "ended" else ""
        return board(run, self.runs.seconds(run), titles, self.shared.texts, key)

    async def cancel(self, event: gr.EventData) -> Update:
        """Ends a day being read."""
        self.runs.cancel(self.desk(), asking.words(event))
        return {self.board: self._boards()}

    async def dismiss(self, event: gr.EventData) -> Update:
        """Takes a day that is over off the board."""
        self.runs.dismiss(asking.words(event))
        return {self.board: self._boards()}


def _outcome(run: Run, issues: list[Issue]) -> str:
    """Key of the issue a run made; empty where it made none."""
    asked = run.query.model_copy(update={"day": None})
    return next(
        (
            i.key
            for i in issues
            if i.source == run.source
            and i.query.model_copy(update={"day": None}) == asked
            and run.query.day in (None, i.date)
        ),
        "",
    )


def _fresh(shown: str) -> str:
    """The same words again are shown again: the page learns of it only when something changed."""
    return f'<div data-n="{secrets.token_hex(4)}">{shown}</div>'


def build(desk: Callable[[], Desk], shared: Shared, pictures: Pictures, going_on: Runs) -> DayPage:
    """The page's parts, in the tab that is open while this is called."""
    texts = shared.texts
    with gr.Row(elem_classes="zd-columns"):
        with gr.Column(scale=0, min_width=0, elem_classes="zd-left"):
            side = gr.HTML(elem_id="zd-side", js_on_load=None, apply_default_css=False)
        with gr.Column(min_width=0, elem_classes="zd-middle"):
            gr.HTML(issue.search_box(texts), js_on_load=None, apply_default_css=False)
            runs_board = gr.HTML(elem_id="zd-board", js_on_load=None, apply_default_css=False)
            cards_list = gr.HTML(
                notice(texts("app.opening")), elem_id="zd-list", js_on_load=_tell("list"), apply_default_css=False
            )
            reader = gr.HTML(elem_id="zd-reader", js_on_load=_tell("reader"), apply_default_css=False)
            found = gr.HTML(elem_id="zd-found", js_on_load=_tell("found"), apply_default_css=False)
    return DayPage(desk, shared, pictures, going_on, side, runs_board, cards_list, reader, found)


def _tell(view: str) -> str:
    """Tells the page's script that there is something new to look at."""
    return f"watch('value', () => window.zd.came('{view}'))"


def connect(page: DayPage, bridge: gr.HTML) -> None:
    """Binds the bridge's events to the page."""
    shelf_parts = [page.side, page.issue, page.shared.issue]
    quiet: dict[str, Any] = {
        "show_progress": "hidden", "concurrency_limit": None, "api_visibility": "private",
    }  # fmt: skip
    bridge.issue(page.open_issue, None, shelf_parts, **quiet)
    bridge.paper(page.open_paper, None, [page.reader], **quiet)
    bridge.search(page.search, None, [page.found], **quiet)
    bridge.fetch(page.fetch, [page.shared.issue], [*shelf_parts, page.board], **quiet)
    bridge.begin(page.begin, [page.shared.issue], [*shelf_parts, page.board], **quiet)
    bridge.cancel(page.cancel, None, [page.board], **quiet)
    bridge.dismiss(page.dismiss, None, [page.board], **quiet)
