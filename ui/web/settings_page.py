"""The settings page: what happens on it. It shows and checks; nothing is set and no key is asked for here."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.errors import ZhengduError
from ui.web import house_view
from ui.web.markup import esc, notice
from ui.web.shared import Shared

Update = dict[Any, Any]


@dataclass(frozen=True)
class SettingsPage:
    """Its parts and what they do."""

    shared: Shared
    models: gr.HTML
    presets: gr.Radio
    snippet: gr.HTML
    money: gr.HTML
    examine_button: gr.Button
    report: gr.HTML

    async def load(self) -> Update:
        """Models in use and what was spent so far."""
        settings, texts = self.shared.settings, self.shared.texts
        try:
            desk = await self.shared.ready()
        except ZhengduError as error:
            return {self.models: notice(texts("app.failed", message=error), "error")}
        priced = bool(settings.price_in or settings.price_out)
        money = house_view.money(desk.spent(), settings.budget, priced, texts)
        return {self.models: house_view.models(desk.models(), texts), self.money: money}

    async def show(self, name: str) -> str:
        """The lines for a provider."""
        return house_view.snippet(name, self.shared.settings.ollama, self.shared.texts)

    async def examine(self) -> AsyncGenerator[Update]:
        """The doctor's report; asks the model service one short question."""
        texts = self.shared.texts
        yield {self.report: notice(texts("house.examining")), self.examine_button: gr.Button(interactive=False)}
        try:
            desk = await self.shared.ready()
            shown = house_view.doctor(await desk.examine(), texts)
        except ZhengduError as error:
            shown = notice(texts("app.failed", message=error), "error")
        yield {self.report: shown, self.examine_button: gr.Button(interactive=True)}


def build(shared: Shared) -> SettingsPage:
    """The page's parts, in the tab that is open while this is called."""
    texts, settings = shared.texts, shared.settings
    plain: dict[str, Any] = {"js_on_load": None, "apply_default_css": False}
    with gr.Column(elem_classes="zd-house", min_width=0):
        gr.HTML(house_view.head(texts), **plain)
        models = gr.HTML(notice(texts("app.opening")), elem_id="zd-models", **plain)
        with gr.Column(min_width=0):
            gr.HTML(house_view.connect(texts), **plain)
            choices = [(texts("house.preset_" + name), name) for name in house_view.PRESETS]
            presets = gr.Radio(
                choices, value=choices[0][1], show_label=False, label=texts("house.preset"), container=False
            )
            first = house_view.snippet(choices[0][1], settings.ollama, texts)
            snippet = gr.HTML(first, elem_id="zd-snippet", **plain)
        money = gr.HTML(elem_id="zd-money", **plain)
        with gr.Column(min_width=0):
            gr.HTML(f"<h3>{esc(texts('house.doctor'))}</h3><p>{esc(texts('house.examine_note'))}</p>", **plain)
            button = gr.Button(texts("house.examine"), elem_classes="zd-examine", scale=0)
            report = gr.HTML(elem_id="zd-doctor", **plain)
        gr.HTML(house_view.folders(settings.home, settings.cache_dir, texts), **plain)
    return SettingsPage(shared, models, presets, snippet, money, button, report)


def connect(page: SettingsPage, blocks: gr.Blocks, tab: gr.Tab | None = None) -> None:
    """Binds the page's events; with its tab, what was spent is read anew whenever the tab is opened."""
    quiet: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": None, "api_visibility": "private"}
    shown = [page.models, page.money]
    gr.on([blocks.load, *([tab.select] if tab else [])], page.load, None, shown, **quiet)
    page.presets.change(page.show, [page.presets], [page.snippet], **quiet)
    page.examine_button.click(page.examine, None, [page.report, page.examine_button], **quiet)
