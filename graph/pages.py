"""Pages of papers as pictures, for readers who want to see the words in their place. Each is made once."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from core.desk import Page
from core.documents import Document
from core.errors import Skip
from graph.deps import Deps
from graph.figures import original
from tools.pdf import child
from tools.store import atomic

_WIDTH = 1360
"""Pixels: 160 an inch on Letter paper. As sharp as a telephone and a column on a good screen can show; at the median
100 ms and 350 kB a page (measured over some 40 pages), half again as much as at 110 an inch."""
_AT_ONCE = 2
"""Children at once, beside those that read papers: a click does not wait for a day being read."""
_METRE = 1 / 0.0254
"""Inches."""
_POINTS = 72
"""To the inch."""


@dataclass
class Pages:
    """The pictures of one desk."""

    deps: Deps
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    _made: dict[Path, "asyncio.Task[None]"] = field(default_factory=dict)
    """Pictures on their way; who asks for the same one waits for the same one."""
    _known: dict[tuple[str, int], Path] = field(default_factory=dict)
    """Pictures shown before: finding out again what was read of a long paper takes 10 ms."""

    async def page(self, version: str, number: int) -> Page:
        """See core.desk.Desk. Raises Skip (not_found: no such page or no PDF; changed: not the PDF that was read;
        damaged, too_slow, …), Retry and Stop."""
        known = self._known.get((version, number))
        if known and (found := _measured(known)) is not None:
            return found
        document = self.deps.library.document(version, self.deps.parser)
        if document is None:
            raise Skip(f"没有读过 {version} 的全文", "先读这篇论文", code="not_found")
        if not 1 <= number <= document.pages:
            raise Skip(f"这篇论文没有第 {number} 页，全文共 {document.pages} 页", "换一个页码", code="not_found")
        target = self.deps.paths.pages(version) / f"{number:03}-{document.sha256[:12]}.png"
        self._known[version, number] = target
        if (found := _measured(target)) is not None:
            return found
        if target not in self._made:
            self._made[target] = asyncio.create_task(self._make(document, number, target))
            self._made[target].add_done_callback(lambda _: self._made.pop(target))
        await asyncio.shield(self._made[target])  # others may wait for it, and the next click finds it
        if (found := _measured(target)) is None:
            raise Skip(f"第 {number} 页的图片没有做成", "再点一次", code="damaged")
        return found

    async def _make(self, document: Document, number: int, target: Path) -> None:
        pdf = await original(self.deps, document)
        async with self._room:
            picture = await asyncio.to_thread(child.page, pdf, number, _WIDTH, self.deps.limits)
        await asyncio.to_thread(atomic.write, target, picture)

    async def close(self) -> None:
        """Gives up what is on its way; its children end by themselves."""
        for task in (tasks := list(self._made.values())):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _measured(path: Path) -> Page | None:
    """A picture with the size of its page, as the PNG itself tells; None where there is none."""
    try:
        with path.open("rb") as file:
            head = file.read(50)
    except OSError:
        return None
    # PNG (ISO 15948): 8 bytes of signature; the header chunk with width and height at bytes 16 and 20; MuPDF puts the
    # chunk with the pixels a metre next.
    if len(head) < 50 or head[:4] != b"\x89PNG" or head[37:41] != b"pHYs":
        return None
    across, down, x, y = (int.from_bytes(head[n : n + 4]) for n in (16, 20, 41, 45))
    dots_x, dots_y = round(x / _METRE), round(y / _METRE)  # an inch; MuPDF draws in whole ones
    return Page(path=path, width=across * _POINTS / dots_x, height=down * _POINTS / dots_y)
