"""Answers under way on this server: one a conversation, each can be stopped, each shown at a reader's pace."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator

from core.talk import Event

PAUSE = 0.1
"""Seconds between two looks at an answer that comes in."""
_TABS = 10_000
"""Browser tabs remembered; the ones not heard of for longest go first."""


class Going:
    """Which conversations are being answered, and what each browser tab looks at."""

    def __init__(self) -> None:
        self._halts: dict[tuple[str, str], asyncio.Event] = {}
        self._shown: OrderedDict[str, str] = OrderedDict()

    def start(self, owner: str, talk: str) -> asyncio.Event | None:
        """What ends this answer when it is set; None where one is under way already."""
        if (owner, talk) in self._halts:
            return None
        return self._halts.setdefault((owner, talk), asyncio.Event())

    def end(self, owner: str, talk: str) -> None:
        """It is over."""
        self._halts.pop((owner, talk), None)

    def halt(self, owner: str, talk: str) -> bool:
        """Ends the answer; False where there is none."""
        found = self._halts.get((owner, talk))
        if found:
            found.set()
        return found is not None

    def under_way(self, owner: str, talk: str) -> bool:
        """Is an answer coming?"""
        return (owner, talk) in self._halts

    def show(self, tab: str, talk: str) -> None:
        """The tab looks at this talk from now on."""
        self._shown[tab] = talk
        self._shown.move_to_end(tab)
        while len(self._shown) > _TABS:
            self._shown.popitem(last=False)

    def shown(self, tab: str) -> str:
        """What the tab looks at; empty where nobody knows."""
        return self._shown.get(tab, "")

    def shows(self, tab: str, talk: str) -> bool:
        """Is that what the tab looks at?"""
        return self._shown.get(tab) == talk


async def paced(
    events: AsyncIterator[Event], halt: asyncio.Event, pause: float = PAUSE
) -> AsyncGenerator[list[Event]]:  # fmt: skip
    """The events in the order they come: the first at once, then at most one batch every `pause` seconds. Ends early,
    and the work behind it with it, when `halt` is set or this is closed."""
    came: list[Event] = []
    stirred = asyncio.Event()

    async def pump() -> None:
        async for event in events:
            came.append(event)
            stirred.set()

    work, stop = asyncio.create_task(pump()), asyncio.create_task(halt.wait())
    for task in (work, stop):
        task.add_done_callback(lambda _: stirred.set())
    try:
        while not halt.is_set():
            await stirred.wait()
            stirred.clear()
            if came and not halt.is_set():
                batch, came[:] = list(came), []
                yield batch
            if work.done() and not came:
                break
            await asyncio.wait({work, stop}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                stirred.set()
        if work.done() and not halt.is_set():
            work.result()
    finally:
        stop.cancel()
        work.cancel()
        await asyncio.gather(work, stop, return_exceptions=True)
        if close := getattr(events, "aclose", None):
            await close()
