"""The drawer's part of the page and what opens it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from core.desk import Desk, Page
from core.errors import ZhengduError
from core.models import Quote
from ui.web import asking, evidence, session
from ui.web.evidence import Leaf
from ui.web.pictures import Pictures
from ui.web.shared import Shared


@dataclass(frozen=True)
class Drawer:
    """One a page, shared by all its tabs."""

    desk: Callable[[], Desk]
    shared: Shared
    pictures: Pictures
    shown: gr.HTML

    async def open(self, event: gr.EventData, name: object, request: gr.Request) -> dict[Any, Any]:
        """Shows the evidence that a link names, to whom it was given."""
        texts = self.shared.texts
        found = self.shared.exhibits.find(asking.words(event), session.owner(name, request))
        if found is None:
            return {self.shown: evidence.message(texts("evidence.stale"), texts)}
        quote, problem, leaves = found.exhibit.quotes[found.at], "", list[Leaf]()
        try:
            numbers = evidence.pages_of(quote)
            pages = await asyncio.gather(*(self.desk().page(quote.paper, number) for number in numbers))
            leaves = [self._leaf(quote, number, page) for number, page in zip(numbers, pages, strict=True)]
        except ZhengduError as error:
            problem = str(error)
        return {self.shown: evidence.drawer(found, leaves, problem, texts)}

    def _leaf(self, quote: Quote, number: int, page: Page) -> Leaf:
        async def make() -> Path:
            return page.path

        return Leaf(number, page, self.pictures.keep(f"page {quote.paper} {number} {page.path}", make))


def build(desk: Callable[[], Desk], shared: Shared, pictures: Pictures, bridge: gr.HTML) -> Drawer:
    """The drawer, closed."""
    shown = gr.HTML(
        elem_id="zd-drawer", js_on_load="watch('value', () => window.zd.came('drawer'))", apply_default_css=False
    )
    drawer = Drawer(desk, shared, pictures, shown)
    bridge.evidence(
        drawer.open, [shared.owner], [shown], show_progress="hidden", concurrency_limit=None, api_visibility="private"
    )
    return drawer
