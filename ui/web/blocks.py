"""The whole page: head, tabs, drawer, and the bridge over which clicks reach the server."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.desk import Desk
from core.errors import ZhengduError
from core.settings import Settings
from ui.web import asking, chat, day, drawer, report, session, settings_page
from ui.web.exhibits import Exhibits
from ui.web.markup import esc, local, notice
from ui.web.pictures import Pictures
from ui.web.report_work import Writings
from ui.web.runs import Runs
from ui.web.shared import Shared
from ui.web.texts import Texts, texts
from ui.web.theme import words_of

QUIET: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": None, "api_visibility": "private"}
"""How every event is bound: no spinner of Gradio's, nobody waits for another, no public interface."""


@dataclass(frozen=True)
class Server:
    """What outlives a page."""

    settings: Settings
    desk: Callable[[], Desk]
    """The open desk; raises Retry as long as it is not open."""
    ready: Callable[[], Awaitable[Desk]]
    pictures: Pictures
    exhibits: Exhibits
    runs: Runs
    writings: Writings


def page(server: Server) -> gr.Blocks:
    """All pages, wired; nothing of the desk is asked for yet."""
    words = texts(server.settings.ui_language)
    blocks: gr.Blocks = gr.Blocks(title=words("app.name"), analytics_enabled=False, fill_width=True)
    with blocks:
        bridge = gr.HTML(elem_id="zd-bridge", js_on_load=words_of("script.js"))
        writer = gr.HTML(elem_id="zd-report-bridge", js_on_load=words_of("report.js"))
        shared = Shared(
            settings=server.settings, texts=words, exhibits=server.exhibits, ready=server.ready,
            owner=gr.BrowserState(storage_key=session.STORAGE, secret=session.STORAGE),
            issue=gr.State(""), pinned=gr.State([]),
        )  # fmt: skip
        gr.HTML(
            _head(words, server.settings.sign_in is not None),
            elem_id="zd-head",
            js_on_load=None,
            apply_default_css=False,
        )
        with gr.Tabs(elem_id="zd-tabs") as tabs:
            with gr.Tab(words("app.today"), id="day"):
                today = day.build(server.desk, shared, server.pictures, server.runs)
            with gr.Tab(words("app.chat"), id="chat"):
                talk = chat.build(shared, tabs)
            with gr.Tab(words("report.tab"), id="report") as reports:
                deep = report.build(shared, server.pictures, server.writings, writer)
            with gr.Tab(words("app.settings"), id="settings") as last:
                house = settings_page.build(shared)
        drawer.build(server.desk, shared, server.pictures, bridge)
        day.connect(today, bridge)
        chat.connect(talk, blocks, writer)
        report.connect(deep, blocks, tabs, reports)
        settings_page.connect(house, blocks, last)
        bridge.pin(_pinned, None, [shared.pinned, tabs], **QUIET)
        _begin(blocks, today, shared)
    return blocks


def _pinned(event: gr.EventData) -> tuple[list[str], gr.Tabs]:
    """Takes a paper over to the chat."""
    version = asking.words(event)
    return [version] if version else [], gr.Tabs(selected="chat")


def _head(words: Texts, signed_in: bool) -> str:
    mark = (
        '<svg class="zd-logo" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 3.5h11l5 5v12H4z"/>'
        '<path d="M8 14l2.6 2.7L16 11"/></svg>'
    )
    half = (
        '<svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.2"/>'
        '<path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z"/></svg>'
    )
    leave = f'<a class="zd-link" href="/sign-out">{esc(words("app.sign_out"))}</a>' if signed_in else ""
    return (
        f'<header class="zd-head" lang="{"zh-CN" if words.language == "zh" else "en"}">{mark}'
        f'<h1>{esc(words("app.name"))}</h1><span class="zd-tagline">{esc(words("app.tagline"))}</span>'
        f"<span class='zd-right'>{leave}{local('theme', half, 'zd-theme', words('app.theme'))}</span></header>"
    )


def _begin(blocks: gr.Blocks, today: day.DayPage, shared: Shared) -> None:
    async def load(kept: object) -> dict[Any, Any]:
        name = {shared.owner: session.browser_name(kept)}
        try:
            await shared.ready()
        except ZhengduError as error:
            return {**name, today.issue: notice(shared.texts("app.failed", message=error), "error")}
        return {**name, **today.shelf("")}

    shelf = [today.side, today.issue, shared.issue]
    blocks.load(load, [shared.owner], [shared.owner, *shelf], **QUIET).then(
        today.look_on, [shared.issue], [*shelf, today.board], **QUIET
    )
