"""Work of the desk that goes on behind the pages: one watcher each on the server, however many pages look on."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Generic, Protocol, TypeVar

from core import log
from core.errors import ZhengduError
from core.ports import Progress


class Work(Protocol):
    """One piece of it, and afterwards how that ended."""

    began: float
    state: str
    """running, ended, cancelled, failed."""
    took: float | None
    """Seconds; None while it goes on."""

    @property
    def name(self) -> str:
        """Tells it from the others."""

    def take(self, progress: Progress) -> None:
        """Takes one report in."""

    def end(self, state: str, now: float, message: str = "") -> None:
        """It is over."""


W = TypeVar("W", bound=Work)


class Watcher(Generic[W]):
    """All that go on, and those that ended and were not dismissed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.now = clock
        self._works: dict[str, W] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def all(self) -> list[W]:
        """The one begun last first."""
        return sorted(self._works.values(), key=lambda work: -work.began)

    def get(self, name: str) -> W | None:
        """The one of that name."""
        return self._works.get(name)

    def begin(self, name: str, work: W, told: Callable[[], AsyncIterator[Progress]]) -> W:
        """Watches `work` from now on, or gives the one of that name that goes on; `told` asks the desk."""
        known = self._works.get(name)
        if known and known.state == "running":
            return known
        self._works[name] = work
        self._tasks[name] = asyncio.create_task(self._follow(name, work, told))
        return work

    async def _follow(self, name: str, work: W, told: Callable[[], AsyncIterator[Progress]]) -> None:
        try:
            async for progress in told():
                work.take(progress)
            work.end("cancelled" if work.state == "cancelled" else "ended", self.now())
        except ZhengduError as error:
            work.end("cancelled" if work.state == "cancelled" else "failed", self.now(), str(error))
        except asyncio.CancelledError:
            work.end("cancelled", self.now())
            raise
        except Exception as error:
            log.get("ui").exception("work failed", work=name)
            work.end("failed", self.now(), type(error).__name__)
        finally:
            if self._works.get(name) is work:
                self._tasks.pop(name, None)

    def dismiss(self, name: str) -> None:
        """Forgets one that is over."""
        if name in self._works and name not in self._tasks:
            del self._works[name]

    def goes_on(self, work: W) -> bool:
        """Is there still work done for it? One that was cancelled may take a moment to end."""
        return work.name in self._tasks and self._works.get(work.name) is work

    def seconds(self, work: W) -> float:
        """How long it has taken."""
        return work.took if work.took is not None else self.now() - work.began

    async def close(self) -> None:
        """Stops watching; the work is the desk's to end."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def clock(seconds: float) -> str:
    """Minutes and seconds; hours where there are some."""
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60:02}:{rest % 60:02}"
