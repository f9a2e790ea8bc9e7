"""The report page: what happens on it. Handlers ask the desk and hand values to pure functions; they decide nothing."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr

from core import outline
from core.desk import Desk
from core.errors import Misconfigured, ZhengduError
from core.models import Status
from core.report import Commission, Plan, Proposal
from ui.web import asking, report_asked, report_form, report_plan, report_top, report_view, report_work, session
from ui.web.exhibits import Exhibit
from ui.web.markup import notice
from ui.web.pictures import Pictures
from ui.web.report_blocks import View
from ui.web.report_form import Filled
from ui.web.report_work import Writings
from ui.web.shared import Shared
from ui.web.talk_flow import Going

Update = dict[Any, Any]
"""Component -> what it shows now."""
_TICK = 0.5
"""Seconds between two looks at work that goes on."""
_OFFERED = 400
"""Papers offered by their titles; any other can be typed."""


@dataclass(frozen=True)
class ReportPage:
    """Its parts and what they do."""

    shared: Shared
    pictures: Pictures
    writings: Writings
    bridge: gr.HTML
    asked_for: gr.Textbox
    """The report that the page's address names."""
    edited: gr.State
    """Plan: the one that is open, as edited; None where it is as it was proposed."""
    side: gr.HTML
    said: gr.HTML
    """What is to be said about the last step."""
    top: gr.HTML
    work: gr.HTML
    main: gr.HTML
    looking: Going = field(default_factory=Going)
    planning: set[asyncio.Task[Proposal]] = field(default_factory=set)
    """Plans being made; they are finished and kept though nobody waits any more."""

    @property
    def shown(self) -> list[Any]:
        """What every step may change."""
        return [self.side, self.said, self.top, self.work, self.main, self.edited]

    # opening

    async def load(self, asked_for: str, kept: object, request: gr.Request) -> AsyncGenerator[Update]:
        """The report that the address names; the form where it names none."""
        try:
            desk = await self.shared.ready()
        except ZhengduError as error:
            yield {self.said: self._failed(error)}
            return
        if self.looking.shown(request.session_hash or ""):  # somebody was quicker
            yield {self.side: self._side(desk, "")}
            return
        id = asked_for if report_asked.is_id(asked_for) else ""
        async for update in self._open(desk, id, None, kept, request):
            yield update

    async def open(self, event: gr.EventData, kept: object, request: gr.Request) -> AsyncGenerator[Update]:
        """A report of the list, or a version of one."""
        asked = report_asked.named(event)
        desk = await self.shared.ready()
        async for update in self._open(desk, asked.id if asked else "", asked and asked.version, kept, request):
            yield update

    async def new(self, request: gr.Request) -> Update:
        """The form, empty."""
        return self._form(await self.shared.ready(), Filled(), request)

    async def fill(self, event: gr.EventData, request: gr.Request) -> Update:
        """The form with what somebody wants a report on."""
        desk = await self.shared.ready()

        def issue_day(key: str) -> date | None:
            found = desk.issue(key)
            return found.date if found else None

        return self._form(desk, report_asked.filled(event, issue_day), request)

    async def listed(self, request: gr.Request) -> Update:
        """The list as it is now; the rest stays."""
        try:
            desk = await self.shared.ready()
        except ZhengduError:
            return {self.side: gr.skip()}
        return {self.side: self._side(desk, self.looking.shown(request.session_hash or "").partition(" ")[0])}

    async def _open(
        self, desk: Desk, id: str, version: int | None, kept: object, request: gr.Request
    ) -> AsyncGenerator[Update]:
        """Shows a report as it stands, and looks on as long as it is written."""
        if not id or desk.proposal(id) is None:
            gone = notice(self.shared.texts("report.gone"), "warning") if id else ""
            yield {**self._form(desk, Filled(), request), self.said: gone}
            return
        owner = session.owner(kept, request)
        tab, mine = request.session_hash or "", f"{id} {secrets.token_hex(4)}"
        self.looking.show(tab, mine)
        stands, going = self._stands(desk, id, version, owner), self.writings.goes_on_with(id)
        yield stands
        if not going:
            return
        async for update in self._look_on(id, tab, mine):
            yield update
        # what an event showed last is shown once more at its end: a tab that has turned away gets nothing
        yield self._stands(desk, id, version, owner) if self.looking.shows(tab, mine) else gr.skip()

    # what is shown

    def _failed(self, error: ZhengduError) -> str:
        return _fresh(notice(self.shared.texts("app.failed", message=error), "error"))

    def _side(self, desk: Desk, shown: str) -> str:
        writing = self.writings.join(desk)
        return report_form.listed(desk.proposals(), writing, shown, self.shared.texts)

    def _form(self, desk: Desk, filled: Filled, request: gr.Request) -> Update:
        settings, texts = self.shared.settings, self.shared.texts
        self.looking.show(request.session_hash or "", " ")
        names, days = _shelf(desk)
        names |= {v: paper.title for v, paper in desk.papers([v for v in filled.papers if v not in names]).items()}
        priced = bool(settings.price_in or settings.price_out)
        shown = report_form.form(names, days, filled, priced, texts)
        return {
            self.side: self._side(desk, ""), self.said: "", self.top: report_top.menu(texts), self.work: "",
            self.main: _fresh(shown), self.edited: None,
        }  # fmt: skip

    def _stands(self, desk: Desk, id: str, version: int | None, owner: str) -> Update:
        """A report as it is now: its plan to agree to, what is at work, the newest version or the one asked for."""
        texts, side, unfinished = self.shared.texts, self._side(desk, id), False
        proposal, going = desk.proposal(id), self.writings.goes_on_with(id)
        if proposal is None:
            return {self.side: side, self.said: notice(texts("report.gone"), "warning"), self.main: ""}
        state = report_form.state(proposal, going)
        if state == "proposed":
            main = report_plan.editor(proposal, proposal.plan, texts)
        else:
            main = self._report(desk, proposal, version, owner, busy=state != "done")
            main += report_plan.shown(proposal.plan, texts) if state != "done" else ""
            newest = desk.report(id) if state == "done" else None
            unfinished = newest is not None and any(section.stopped for section in newest.sections)
        return {
            self.side: side, self.said: self._outcome(id, going), self.work: self._board(id),
            self.top: report_top.top(proposal, state, self.writings.get(id), unfinished, texts),
            self.main: _fresh(main), self.edited: None,
        }  # fmt: skip

    def _report(self, desk: Desk, proposal: Proposal, version: int | None, owner: str, *, busy: bool) -> str:
        if not proposal.versions:
            return ""
        report = desk.report(proposal.id, version) or desk.report(proposal.id)
        if report is None:
            return notice(self.shared.texts("report.gone"), "warning")
        id, number = report.id, report.version

        def keep(exhibit: Exhibit) -> str:
            return self.shared.exhibits.keep(exhibit, owner)

        def picture(block: str) -> str:
            async def make() -> Path:
                return await desk.picture(id, number, block)

            return self.pictures.keep(f"plate {id} {number} {block}", make)

        return report_view.article(View(self.shared.texts, report, keep, picture), proposal.versions, busy)

    def _outcome(self, id: str, going: bool) -> str:
        """How the last work on it ended, told once."""
        work = self.writings.get(id)
        if going or work is None:
            return ""
        self.writings.dismiss(id)
        kind = {"failed": "error", "cancelled": "warning"}.get(work.state, "note")
        return _fresh(notice(report_work.ending(work, self.shared.texts), kind))

    def _board(self, id: str) -> str:
        work = self.writings.get(id)
        if work is None or not self.writings.goes_on(work):
            return ""
        return report_work.board(work, self.writings.seconds(work), self.shared.texts)

    async def _look_on(self, id: str, tab: str, mine: str) -> AsyncIterator[Update]:
        """How far it is, as long as it is written and the tab shows it."""
        before = ""
        while self.writings.goes_on_with(id) and self.looking.shows(tab, mine):
            board = self._board(id)
            if board != before:
                before = board
                yield {self.work: board}
            await asyncio.sleep(_TICK)

    # planning

    async def plan(self, event: gr.EventData, kept: object, request: gr.Request) -> AsyncGenerator[Update]:
        """Makes a plan for what the form asks."""
        desk = await self.shared.ready()
        asked = report_asked.commission(event, list(_shelf(desk)[0]), self.shared.texts)
        if isinstance(asked, str):
            yield {self.said: _fresh(notice(asked, "error"))}
            return
        tab = request.session_hash or ""
        before = self.looking.shown(tab)
        try:
            proposal = await self._proposed(desk, asked)
        except ZhengduError as error:
            yield {self.said: self._failed(error)}
            return
        if not self.looking.shows(tab, before):  # they read something else meanwhile; it stands in the list
            yield {self.side: self._side(desk, self.looking.shown(tab).partition(" ")[0])}
            return
        async for update in self._open(desk, proposal.id, None, kept, request):
            yield update

    async def _proposed(self, desk: Desk, asked: Commission) -> Proposal:
        async def propose() -> Proposal:
            return await desk.propose(asked)

        task = asyncio.create_task(propose())
        self.planning.add(task)
        task.add_done_callback(self.planning.discard)
        return await asyncio.shield(task)

    def _read(self, event: gr.EventData, proposal: Proposal, edited: Plan | None) -> Plan | str:
        """The plan as the page has it now, or what is wrong with its text."""
        texts, plan = self.shared.texts, edited or proposal.plan
        if not report_asked.has_text(event):
            plan = report_asked.chosen(event, plan)
        else:
            text = report_asked.outline(event)
            if text is None:
                return texts("plan.long")
            try:
                plan = outline.edited(text, plan)
            except Misconfigured as error:
                return texts("plan.mistake", message=error)
        return plan if any(paper.chosen for paper in plan.papers) else texts("plan.no_papers")

    async def as_text(self, event: gr.EventData, edited: Plan | None) -> Update:
        """The plan as text to edit."""
        return await self._turned(event, edited, outline.as_text)

    async def preview(self, event: gr.EventData, edited: Plan | None) -> Update:
        """The plan as it was edited, laid out."""
        return await self._turned(event, edited, lambda plan: None)

    async def _turned(self, event: gr.EventData, edited: Plan | None, text: Callable[[Plan], str | None]) -> Update:
        desk, id = await self.shared.ready(), asking.field(event, "id")
        proposal = desk.proposal(id) if report_asked.is_id(id) else None
        if proposal is None:
            return {self.said: _fresh(notice(self.shared.texts("report.gone"), "warning"))}
        plan = self._read(event, proposal, edited)
        if isinstance(plan, str):  # the page keeps what was typed
            return {self.said: _fresh(report_top.mistake(plan))}
        shown = report_plan.editor(proposal, plan, self.shared.texts, text(plan))
        return {self.main: _fresh(shown), self.edited: plan, self.said: ""}

    # writing

    async def agree(
        self, event: gr.EventData, edited: Plan | None, kept: object, request: gr.Request
    ) -> AsyncGenerator[Update]:
        """Begins to write what the plan says now."""
        desk, id = await self.shared.ready(), asking.field(event, "id")
        proposal = desk.proposal(id) if report_asked.is_id(id) else None
        plan = self._read(event, proposal, edited) if proposal else self.shared.texts("report.gone")
        if proposal is None or isinstance(plan, str):
            yield {self.said: _fresh(report_top.mistake(str(plan)))}
            return
        self.writings.write(desk, proposal, plan if plan != proposal.plan else None)
        async for update in self._open(desk, id, None, kept, request):
            yield update

    async def go_on(self, event: gr.EventData, kept: object, request: gr.Request) -> AsyncGenerator[Update]:
        """Goes on with an interrupted one."""
        desk, asked = await self.shared.ready(), report_asked.named(event)
        proposal = desk.proposal(asked.id) if asked else None
        if proposal is not None:
            self.writings.write(desk, proposal)
        async for update in self._open(desk, asked.id if asked else "", None, kept, request):
            yield update

    async def redo(self, event: gr.EventData, kept: object, request: gr.Request) -> AsyncGenerator[Update]:
        """Writes one section anew."""
        desk, asked = await self.shared.ready(), report_asked.named(event)
        proposal = desk.proposal(asked.id) if asked else None
        if proposal is not None and asked and asked.section:
            self.writings.rewrite(desk, proposal, asked.section)
        async for update in self._open(desk, asked.id if asked else "", None, kept, request):
            yield update

    async def halt(self, event: gr.EventData) -> None:
        """Ends the work; whoever looks on sees what is left."""
        if asked := report_asked.named(event):
            self.writings.halt(await self.shared.ready(), asked.id)

    async def refuse(self, event: gr.EventData, request: gr.Request) -> Update:
        """Drops a plan, or a report with all its versions."""
        desk, asked = await self.shared.ready(), report_asked.named(event)
        proposal = desk.proposal(asked.id) if asked else None
        if proposal is None:
            return self._form(desk, Filled(), request)
        words = self.shared.texts("plan.refused" if proposal.state == "proposed" else "work.deleted")
        try:
            await desk.refuse(proposal.id)
        except ZhengduError as error:
            return {self.said: self._failed(error)}
        return {**self._form(desk, Filled(), request), self.said: _fresh(notice(words))}


def _shelf(desk: Desk) -> tuple[dict[str, str], list[date]]:
    """The titles of the papers on the shelf, the newest days first, and the days."""
    issues, names = desk.issues(), dict[str, str]()
    for issue in issues:
        day = desk.issue(issue.key) if len(names) < _OFFERED else None
        for result in day.results if day else ():
            if result.status is Status.PUBLISHED:
                names.setdefault(result.paper.version, result.paper.title)
    return names, sorted({issue.date for issue in issues}, reverse=True)


def _fresh(shown: str) -> str:
    """The same words again are shown again: the page learns of it only when something changed."""
    return f'<div data-n="{secrets.token_hex(4)}">{shown}</div>'


_ADDRESS = "(asked, kept) => [new URLSearchParams(location.search).get('report') || '', kept]"
_ASKED_FOR = "() => [new URLSearchParams(location.search).get('report') || '']"


def build(shared: Shared, pictures: Pictures, writings: Writings, bridge: gr.HTML) -> ReportPage:
    """The page's parts, in the tab that is open while this is called. `bridge`: outside of all tabs, so that a report
    can be begun from any of them."""
    plain: dict[str, Any] = {"js_on_load": None, "apply_default_css": False}
    with gr.Row(elem_classes="zd-columns", elem_id="zd-report-page"):
        with gr.Column(scale=0, min_width=0, elem_classes="zd-left"):
            side = gr.HTML(elem_id="zd-report-list", **plain)
        with gr.Column(min_width=0, elem_classes="zd-middle"):
            top = gr.HTML(elem_id="zd-report-top", **plain)
            said = gr.HTML(elem_id="zd-report-said", apply_default_css=False, js_on_load=_tell("said"))
            work = gr.HTML(elem_id="zd-report-work", **plain)
            main = gr.HTML(
                notice(shared.texts("app.opening")), elem_id="zd-report", apply_default_css=False,
                js_on_load=_tell("main"),
            )  # fmt: skip
    asked_for, edited = gr.Textbox(visible="hidden"), gr.State(None)
    return ReportPage(shared, pictures, writings, bridge, asked_for, edited, side, said, top, work, main)


def _tell(part: str) -> str:
    return f"const came = () => window.zdReport && window.zdReport.came('{part}'); watch('value', came); came();"


def _tab(asked_for: str) -> Any:  # what Gradio takes for an update
    return gr.Tabs(selected="report") if asked_for else gr.skip()


def connect(page: ReportPage, blocks: gr.Blocks, tabs: gr.Tabs, tab: gr.Tab) -> None:
    """Binds the page's events. `tab`: its own, with the id "report" among `tabs`."""
    quiet: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": None, "api_visibility": "private"}
    bridge, shown, owner = page.bridge, page.shown, page.shared.owner
    blocks.load(page.load, [page.asked_for, owner], shown, js=_ADDRESS, **quiet)
    blocks.load(_tab, [page.asked_for], [tabs], js=_ASKED_FOR, **quiet)
    tab.select(page.listed, None, [page.side], **quiet)
    bridge.report_open(page.open, [owner], shown, **quiet)
    bridge.report_new(page.new, None, shown, **quiet)
    bridge.report_fill(page.fill, None, shown, **quiet)
    bridge.report_fill(lambda: gr.Tabs(selected="report"), None, [tabs], **quiet)
    bridge.report_plan(page.plan, [owner], shown, **quiet)
    bridge.report_outline(page.as_text, [page.edited], shown, **quiet)
    bridge.report_preview(page.preview, [page.edited], shown, **quiet)
    bridge.report_agree(page.agree, [page.edited, owner], shown, **quiet)
    bridge.report_go(page.go_on, [owner], shown, **quiet)
    bridge.report_redo(page.redo, [owner], shown, **quiet)
    bridge.report_halt(page.halt, None, None, **quiet)
    bridge.report_refuse(page.refuse, None, shown, **quiet)
