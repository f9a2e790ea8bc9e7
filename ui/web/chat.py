"""The chat page: what happens on it. Handlers ask the desk and hand values to pure functions; they decide nothing."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import gradio as gr

from core import log
from core.desk import Desk
from core.errors import Skip, ZhengduError
from core.ports import Role
from core.talk import Conversation, Scope, Turn
from ui.web import asking, chat_parts, report_asked, session, talk_draft, talk_export, talk_parts, talk_view
from ui.web.chat_names import Names, names_of
from ui.web.chat_parts import Parts
from ui.web.exhibits import Exhibit
from ui.web.markup import notice
from ui.web.mentions import mentioned
from ui.web.shared import Shared
from ui.web.talk_draft import Draft
from ui.web.talk_flow import Going, paced
from ui.web.talk_view import View

Update = dict[Any, Any]
"""Component -> what it shows now."""
Outcome = dict[str, str]
"""What an event that answers leaves to the one after it: `question` to put back into the box, `notice` to show."""
LONGEST = 500
"""Characters of a question."""
_LONGEST_NAME = 80
_LOG = log.get("chat")


@dataclass(frozen=True)
class ChatPage:
    """Its parts and what they do."""

    shared: Shared
    parts: Parts
    going: Going
    tabs: gr.Tabs
    """Those the page is one of, by the id "chat"."""

    # opening

    async def load(self, asked_for: str, issue: str, kept: object, request: gr.Request) -> Update:
        """The talk that the page's address names; an empty one where it names none."""
        return await self._open(asked_for, issue, kept, request)

    async def open(self, event: gr.EventData, issue: str, kept: object, request: gr.Request) -> Update:
        """A talk of the list."""
        return await self._open(asking.field(event, "value"), issue, kept, request)

    async def new(self, issue: str, kept: object, request: gr.Request) -> Update:
        """An empty talk."""
        return await self._open("", issue, kept, request)

    async def _open(self, id: str, issue: str, kept: object, request: gr.Request) -> Update:
        owner, parts, texts = session.owner(kept, request), self.parts, self.shared.texts
        said = ""
        try:
            desk = await self.shared.ready()
            turns = await asyncio.to_thread(desk.turns, id, owner) if id else []
        except Skip:
            id, turns, said = "", [], notice(texts("talk.gone"), "warning")
        except ZhengduError as error:
            return {parts.notice: notice(texts("app.failed", message=error), "error")}
        self.going.show(request.session_hash or "", id)
        scope = turns[-1].scope if turns else Scope(day=issue)
        names = await names_of(desk, turns, scope)
        view = self._view(desk, names, owner)
        return {
            parts.talk: id, parts.chatbot: _messages(turns, view, names), parts.notice: said,
            parts.about: scope.day, parts.report: scope.report, self.shared.pinned: list(scope.papers),
            parts.chips: self._chips(turns), parts.box: self._box(self.going.under_way(owner, id)),
            **self._around(desk, owner, id),
        }  # fmt: skip

    def _around(self, desk: Desk, owner: str, id: str) -> Update:
        """The list, the head and its tools."""
        parts, texts = self.parts, self.shared.texts
        talks = desk.conversations(owner) if owner else []
        talk = next((t for t in talks if t.id == id), None)
        return {
            parts.list: talk_parts.conversations(talks, id, date.today(), texts),
            parts.head: talk_parts.head(talk, texts),
            parts.tools: gr.Row(visible=talk is not None),
            parts.renaming: gr.Row(visible=False), parts.deleting: gr.Row(visible=False),
            parts.name: talk.title if talk else "",
        }  # fmt: skip

    def _view(self, desk: Desk, names: Names, owner: str) -> View:
        def keep(exhibit: Exhibit) -> str:
            return self.shared.exhibits.keep(exhibit, owner)

        card = desk.models().get(Role.ANSWER)
        return View(self.shared.texts, keep, names.papers, card, names.reports)

    def _chips(self, turns: list[Turn]) -> str:
        texts = self.shared.texts
        asked = turns[-1].answer.suggestions if turns else tuple(texts("talk.starters").split("|"))
        return talk_parts.suggestions(asked, texts)

    def _box(self, going: bool, **more: Any) -> gr.Textbox:
        """The question box with the button it needs now."""
        send, stop = self.shared.texts("talk.send"), self.shared.texts("talk.stop")
        return gr.Textbox(submit_btn=False if going else send, stop_btn=stop if going else False, **more)

    # asking

    # Every update of a part costs each reader of the server, so the answer's own event has as few parts as it can: the
    # box and what is around it are seen to by an event before it and one after it.

    async def busy(self, question: str) -> Update:
        """Takes the question out of the box; empty: leaves all as it is."""
        asked = (question or "").strip()
        if not asked:
            return {self.parts.asked: ""}
        box = self._box(True, value="")
        return {self.parts.asked: asked, self.parts.box: box, self.parts.notice: "", self.parts.chips: ""}

    async def busy_chip(self, event: gr.EventData) -> Update:
        """Takes a suggested question."""
        return await self.busy(asking.field(event, "value"))

    async def idle(self, outcome: Outcome, id: str, kept: object, request: gr.Request) -> Update:
        """The box after an answer, with the question in it again where nothing came of it."""
        owner, again = session.owner(kept, request), {}
        if outcome.get("question"):
            again = {"value": outcome["question"]}
        box = {self.parts.box: self._box(self.going.under_way(owner, id), **again)}
        said = {self.parts.notice: outcome.get("notice", "")}
        try:
            desk = await self.shared.ready()
        except ZhengduError:
            return box | said
        turns = await self._turns(desk, owner, id) if id else []
        return {**box, **self._around(desk, owner, id), self.parts.chips: self._chips(turns), **said}

    async def ask(
        self, question: str, id: str, about: str, pins: list[str], report: str, kept: object, request: gr.Request
    ) -> AsyncGenerator[Update]:
        """Answers what was asked."""
        owner, texts = session.owner(kept, request), self.shared.texts
        if not question or len(question) > LONGEST or not owner:
            words = texts("talk.too_long", n=LONGEST) if owner else texts("talk.nobody")
            yield self._nothing(question, words if question else "")
            return
        try:
            desk = await self.shared.ready()
            id = id or (await asyncio.to_thread(desk.begin, owner)).id
        except ZhengduError as error:
            yield self._nothing(question, texts("app.failed", message=error))
            return
        halt = self.going.start(owner, id)
        if halt is None:
            yield self._nothing(question, texts("talk.busy"))
            return
        tab = request.session_hash or ""
        self.going.show(tab, id)
        try:
            scope = _scope(about, pins, report)
            async with aclosing(self._answered(desk, owner, id, question, scope, halt)) as updates:
                async for update in updates:
                    if self.going.shows(tab, id):
                        yield update
            if not self.going.shows(tab, id):
                yield gr.skip()  # what an event showed last is shown once more at its end, whoever has turned away
        finally:
            self.going.end(owner, id)

    def _nothing(self, question: str, words: str) -> Update:
        """Nothing was asked, and why."""
        return {self.parts.outcome: {"question": question, "notice": notice(words, "warning") if words else ""}}

    async def _answered(
        self, desk: Desk, owner: str, id: str, question: str, scope: Scope, halt: asyncio.Event
    ) -> AsyncGenerator[Update]:
        """What the page shows from the question to the turn, or to what went wrong."""
        parts = self.parts
        turns = await self._turns(desk, owner, id)
        names = await names_of(desk, turns, scope)
        named, bare = mentioned(question, names.day)
        scope = scope.model_copy(update={"papers": named}) if named else scope
        view = self._view(desk, names, owner)
        before = _messages(turns, view, names)
        before.append(_message("user", talk_view.question(bare or question, scope, view, names.date(scope.day))))
        draft = Draft()
        yield {
            parts.chatbot: [*before, _message("assistant", talk_draft.shown(draft, view))],
            parts.talk: id, parts.outcome: {},
        }  # fmt: skip
        try:
            async with aclosing(paced(desk.chat(id, owner, bare or question, scope), halt)) as batches:
                async for events in batches:
                    draft = draft.heard(events)
                    yield {parts.chatbot: [*before, _message("assistant", talk_draft.shown(draft, view))]}
        except Exception as error:
            if not isinstance(error, ZhengduError):
                _LOG.exception("chat_broke")
            failed = _message("assistant", talk_view.problem(error, view.texts))
            yield {parts.chatbot: [*before, failed], parts.outcome: {"question": question}}
            return
        turns = await self._turns(desk, owner, id)
        names = await names_of(desk, turns, scope)
        view = self._view(desk, names, owner)
        yield {parts.chatbot: _messages(turns, view, names)}

    async def _turns(self, desk: Desk, owner: str, id: str) -> list[Turn]:
        try:
            return await asyncio.to_thread(desk.turns, id, owner)
        except Skip:
            return []

    async def stop(self, kept: object, request: gr.Request) -> None:
        """Ends the answer that the tab shows; its own event shows what is left."""
        self.going.halt(session.owner(kept, request), self.going.shown(request.session_hash or ""))

    # the scope

    async def rescope(self, about: str, issue: str, pins: list[str], report: str) -> Update:
        """The line above the box, and the papers to choose from."""
        try:
            desk = await self.shared.ready()
        except ZhengduError:
            return {self.parts.scope: ""}
        names = await names_of(desk, [], Scope(day=about or issue, papers=tuple(pins), report=report))
        chosen, texts = _scope(about, pins, report), self.shared.texts
        title = names.reports.get(report, texts("deep.scope_gone"))
        shown = talk_parts.scope(chosen, names.date(about or issue), names.offered, texts, title)
        choices = [(name, version) for version, name in names.offered.items()]
        return {self.parts.scope: shown, self.parts.picker: gr.Dropdown(choices=choices, value=list(pins))}

    async def scoped(self, event: gr.EventData, issue: str, about: str, pins: list[str], report: str) -> Update:
        """A click on the scope line."""
        name, value = asking.field(event, "name"), asking.field(event, "value")
        if name == "unpin":
            pins = [version for version in pins if version != value]
        elif name in ("day_on", "day_off"):
            about = issue if name == "day_on" else ""
        elif name == "report_off":
            report = ""
        return {self.parts.about: about, self.shared.pinned: pins, self.parts.report: report}

    async def about_report(self, event: gr.EventData) -> Update:
        """Takes a report over from its page, and a question about it where one was clicked."""
        asked = report_asked.named(event)
        if asked is None:
            return {self.parts.asked: ""}
        taken = {self.parts.report: asked.id, self.shared.pinned: [], self.parts.asked: asked.question}
        return {**taken, self.tabs: gr.Tabs(selected="chat")}

    # one talk

    async def rename(self, name: str, id: str, kept: object, request: gr.Request) -> Update:
        """Gives the talk another name."""
        owner, name = session.owner(kept, request), " ".join((name or "").split())[:_LONGEST_NAME]
        return await self._changed(lambda desk: desk.rename(id, owner, name) if name else None, owner, id)

    async def forget(self, id: str, issue: str, kept: object, request: gr.Request) -> Update:
        """Deletes the talk; an empty one is open then."""
        owner = session.owner(kept, request)
        self.going.halt(owner, id)
        changed = await self._changed(lambda desk: desk.forget(id, owner), owner, id)
        return changed | await self._open("", issue, kept, request)

    async def _changed(self, change: Any, owner: str, id: str) -> Update:
        texts = self.shared.texts
        try:
            desk = await self.shared.ready()
            await asyncio.to_thread(change, desk)
        except ZhengduError as error:
            return {self.parts.notice: notice(texts("app.failed", message=error), "error")}
        return self._around(desk, owner, id)

    async def export(self, id: str, kept: object, request: gr.Request) -> str:
        """The talk as a file, for the browser to save: its name and its text as JSON; empty where there is none."""
        owner = session.owner(kept, request)
        try:
            desk = await self.shared.ready()
            turns = await asyncio.to_thread(desk.turns, id, owner)
        except ZhengduError:
            return ""
        talk = next((t for t in desk.conversations(owner) if t.id == id), None)
        if talk is None:
            return ""
        names = await names_of(desk, turns, Scope())
        return json.dumps(self._parcel(talk, turns, names), ensure_ascii=False)

    def _parcel(self, talk: Conversation, turns: list[Turn], names: Names) -> dict[str, str]:
        texts, now = self.shared.texts, datetime.now(UTC).astimezone()
        text = talk_export.document(talk, turns, names.papers, now, texts)
        return {"name": talk_export.file_name(talk, texts), "text": text}


def _scope(about: str, pins: list[str], report: str) -> Scope:
    """A report has its own papers, whatever day is open."""
    return Scope(day="" if report else about, papers=tuple(pins), report=report)


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _messages(turns: list[Turn], view: View, names: Names) -> list[dict[str, str]]:
    """All that was said."""
    found = []
    for turn in turns:
        asked = talk_view.question(turn.question, turn.scope, view, names.date(turn.scope.day))
        found += [_message("user", asked), _message("assistant", talk_view.answer(turn, view))]
    return found


_ADDRESS = "(asked, issue, kept) => [new URLSearchParams(location.search).get('talk') || '', issue, kept]"
_ASKED_FOR = """() => {
  const asked = new URLSearchParams(location.search);
  return [(!asked.get('report') && asked.get('talk')) || ''];
}"""
"""A report that the address names too is what the person looked at."""
_SAVE = """(parcel) => {
  if (!parcel) return;
  const file = JSON.parse(parcel);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([file.text], { type: 'text/markdown' }));
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}"""
"""Saves what the server wrote, without a file on the server that somebody else might ask for."""


def build(shared: Shared, tabs: gr.Tabs) -> ChatPage:
    """The page, in the one of `tabs` that is open while this is called."""
    return ChatPage(shared, chat_parts.build(shared), Going(), tabs)


def _tab(asked_for: str) -> Any:  # what Gradio takes for an update
    return gr.Tabs(selected="chat") if asked_for else gr.skip()


def connect(page: ChatPage, blocks: gr.Blocks, reports: gr.HTML) -> None:
    """Binds the page's events. An address that names a talk opens it. `reports`: tells of reports to ask about."""
    shared, parts = page.shared, page.parts
    quiet: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": None, "api_visibility": "private"}
    who = [shared.issue, shared.owner]
    around = [parts.list, parts.head, parts.tools, parts.renaming, parts.deleting, parts.name, parts.notice]
    opened = [parts.talk, parts.chatbot, parts.chips, parts.box, *around, parts.about, parts.report, shared.pinned]

    gr.on([blocks.load], page.load, [parts.asked_for, *who], opened, js=_ADDRESS, **quiet)
    blocks.load(_tab, [parts.asked_for], [page.tabs], js=_ASKED_FOR, **quiet)
    parts.list.say(page.open, who, opened, **quiet)
    parts.new.click(page.new, who, opened, **quiet)
    taken = [parts.asked, parts.box, parts.notice, parts.chips]
    handed = [parts.report, shared.pinned, parts.asked, page.tabs]
    reports.report_ask(page.about_report, None, handed, **quiet)
    for begun in (
        parts.box.submit(page.busy, [parts.box], taken, **quiet),
        parts.chips.say(page.busy_chip, None, taken, **quiet),
        reports.report_question(page.about_report, None, handed, **quiet).then(
            page.busy, [parts.asked], taken, **quiet
        ),
    ):
        given = [parts.asked, parts.talk, parts.about, shared.pinned, parts.report, shared.owner]
        begun.then(page.ask, given, [parts.chatbot, parts.talk, parts.outcome], **quiet).then(
            page.idle, [parts.outcome, parts.talk, shared.owner], [parts.box, parts.chips, *around], **quiet
        )
    parts.box.stop(page.stop, [shared.owner], None, **quiet)

    scoped = [parts.scope, parts.picker]
    gr.on(
        [shared.issue.change, shared.pinned.change, parts.about.change, parts.report.change, blocks.load], page.rescope,
        [parts.about, shared.issue, shared.pinned, parts.report], scoped, **quiet,
    )  # fmt: skip
    shared.issue.change(lambda key: key, [shared.issue], [parts.about], **quiet)
    about = [parts.about, shared.pinned, parts.report]
    parts.scope.say(page.scoped, [shared.issue, *about], about, **quiet)
    parts.picker.input(lambda chosen: list(chosen or []), [parts.picker], [shared.pinned], **quiet)

    rows = [parts.renaming, parts.deleting]
    parts.rename.click(lambda: (gr.Row(visible=True), gr.Row(visible=False)), None, rows, **quiet)
    for saved in (parts.save.click, parts.name.submit):
        saved(page.rename, [parts.name, parts.talk, shared.owner], around, **quiet)
    parts.delete.click(lambda: (gr.Row(visible=False), gr.Row(visible=True)), None, rows, **quiet)
    parts.keep.click(lambda: gr.Row(visible=False), None, [parts.deleting], **quiet)
    parts.delete_sure.click(page.forget, [parts.talk, *who], opened, **quiet)
    parts.export.click(page.export, [parts.talk, shared.owner], [parts.parcel], **quiet).then(
        None, [parts.parcel], None, js=_SAVE
    )
