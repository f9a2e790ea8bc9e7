"""What the pages of one browser tab share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import gradio as gr

from core.desk import Desk
from core.settings import Settings
from ui.web.exhibits import Exhibits
from ui.web.texts import Texts


@dataclass(frozen=True)
class Shared:
    """Made once a Blocks, inside it. Components are state of the browser tab, the rest belongs to the server."""

    settings: Settings
    texts: Texts
    exhibits: Exhibits
    """A link to evidence anywhere: `<a class="cite" href="#e:{exhibits.keep(exhibit, owner)}-{n}">`, n from 0. A click
    opens the drawer; nothing else is needed."""
    ready: Callable[[], Awaitable[Desk]]
    """Waits until the desk is open; for what runs when a page loads. Raises what opening it raised."""
    owner: gr.BrowserState
    """The browser's own name; give it to `session.owner(value, request)` for the person's."""
    issue: gr.State
    """Key of the day that is open; "" for none. Its `change` tells."""
    pinned: gr.State
    """list[str]: versions that somebody wants to ask about; the day page sets it, the chat page listens to `change`."""
