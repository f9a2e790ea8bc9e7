"""Days read in the background: one task a day, however many watch it, and it goes on when nobody does."""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

from core import log
from core.errors import ZhengduError
from core.models import Query
from core.ports import Progress
from graph.deps import Deps

Read = Callable[[str, Query], Awaitable[object]]
"""Reads the day of that source and query."""
Key = tuple[str, Query]
_CANCELLED = Progress(paper="", step="cancelled", note="已停止，做完的都留着")


class Job:
    """One day being read. Lives in one event loop; reports may come from any thread."""

    def __init__(self, read: Callable[[], Awaitable[object]], deps: Deps, turn: asyncio.Lock) -> None:
        """`turn` is held while it works, so that an earlier job of the same day has ended before."""
        self._loop = asyncio.get_running_loop()
        self._told: dict[tuple[str, str], Progress] = {}
        """The latest word on each paper, and on each step of the day itself; the latest of all last."""
        self._watchers: set[asyncio.Queue[Progress | None]] = set()
        self.turn = turn
        self.cancelled = False
        # In a context of its own: what its first watcher happens to be doing has no part in it.
        self.task = asyncio.create_task(self._run(read, deps), context=contextvars.Context())
        self.task.add_done_callback(self._end)

    async def _run(self, read: Callable[[], Awaitable[object]], deps: Deps) -> None:
        async with self.turn:
            with deps.apart(self._hear):
                await read()

    def _hear(self, progress: Progress) -> None:
        self._loop.call_soon_threadsafe(self._tell, progress)

    def _tell(self, progress: Progress) -> None:
        about = (progress.paper, "" if progress.paper else progress.step)
        self._told.pop(about, None)
        self._told[about] = progress
        for watcher in self._watchers:
            watcher.put_nowait(progress)

    def _end(self, task: "asyncio.Task[None]") -> None:
        if task.cancelled():
            self._tell(_CANCELLED)
        elif isinstance(error := task.exception(), ZhengduError):
            log.get("jobs").warning("a day failed", reason=str(error))
        elif error is not None:
            log.get("jobs").error("a day failed", exc_info=error)
        for watcher in self._watchers:
            watcher.put_nowait(None)

    def cancel(self) -> None:
        """Ends the work; its watchers see the iterator end."""
        self.cancelled = True
        self.task.cancel()

    async def watch(self) -> AsyncIterator[Progress]:
        """What happened so far, condensed, and then what happens. Raises what the work raised."""
        queue: asyncio.Queue[Progress | None] = asyncio.Queue()
        for progress in self._told.values():
            queue.put_nowait(progress)
        if self.task.done():
            queue.put_nowait(None)
        self._watchers.add(queue)
        try:
            while (heard := await queue.get()) is not None:
                yield heard
        finally:
            self._watchers.discard(queue)
        if not self.task.cancelled() and (error := self.task.exception()) is not None:
            raise error


class Jobs:
    """Those of one desk."""

    def __init__(self, deps: Deps, read: Read) -> None:
        self._deps = deps
        self._read = read
        self._jobs: dict[Key, Job] = {}

    def fetch(self, source: str, query: Query) -> AsyncIterator[Progress]:
        """See core.ports.Desk."""
        key = (source, query)
        job = self._jobs.get(key)
        if job is None or job.cancelled:
            turn = job.turn if job else asyncio.Lock()
            job = self._jobs[key] = Job(lambda: self._read(source, query), self._deps, turn)
            job.task.add_done_callback(partial(self._forget, key, job))
        return job.watch()

    def _forget(self, key: Key, job: Job, _: "asyncio.Task[None]") -> None:
        if self._jobs.get(key) is job:
            del self._jobs[key]

    def cancel(self, source: str, query: Query) -> bool:
        """See core.ports.Desk."""
        job = self._jobs.get((source, query))
        if job is None or job.cancelled:
            return False
        job.cancel()
        return True

    def under_way(self) -> list[Key]:
        """See core.ports.Desk."""
        return [key for key, job in self._jobs.items() if not job.cancelled]

    async def close(self) -> None:
        """Cancels them all and waits until they have ended."""
        jobs = list(self._jobs.values())
        for job in jobs:
            job.cancel()
        if jobs:
            await asyncio.wait([job.task for job in jobs])
