"""Work in the background: one task a day or a report, however many watch it, and it goes on when nobody does."""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from functools import partial
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from core import log
from core.errors import ZhengduError
from core.ports import Progress
from graph.deps import Deps

Key = TypeVar("Key", bound=Hashable)
Work = Callable[[], Awaitable[object]]
_CANCELLED = Progress(paper="", step="cancelled", note="已停止，做完的都留着")


class Job:
    """One piece of work. Lives in one event loop; its progress may come from any thread."""

    def __init__(self, work: Work, deps: Deps, turn: asyncio.Lock) -> None:
        """`turn` is held while it works, so that an earlier job of the same kind has ended before."""
        self._loop = asyncio.get_running_loop()
        self._told: dict[tuple[str, str], Progress] = {}
        """The latest word on each paper or section, and on each step of the whole; the latest of all last."""
        self._watchers: set[asyncio.Queue[Progress | None]] = set()
        self.turn = turn
        self.cancelled = False
        # In a context of its own: what its first watcher happens to be doing has no part in it.
        self.task = asyncio.create_task(self._run(work, deps), context=contextvars.Context())
        self.task.add_done_callback(self._end)

    async def _run(self, work: Work, deps: Deps) -> None:
        async with self.turn:
            with deps.apart(self._hear):
                await work()

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
        for watcher in self._watchers:  # before the log, whose trouble is not theirs
            watcher.put_nowait(None)
        if task.cancelled():
            return
        if isinstance(error := task.exception(), ZhengduError):
            log.get("jobs").warning("work failed", reason=str(error))
        elif error is not None:
            log.get("jobs").error("work failed", exc_info=error)

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


class Jobs(Generic[Key]):
    """Those of one kind. Keys name pieces of work; two of the same turn never work at the same time."""

    def __init__(self, deps: Deps, turn: Callable[[Key], Hashable] = lambda key: key) -> None:
        """`turn`: of a key; what waits for the same thing."""
        self._deps = deps
        self._turn = turn
        self._jobs: dict[Key, Job] = {}
        self._turns: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()
        """Kept by the jobs, those that were cancelled and are still ending included."""

    def follow(self, key: Key, work: Work) -> AsyncIterator[Progress]:
        """Begins the work at once, or joins the one of that key that is under way."""
        job = self._jobs.get(key)
        if job is None or job.cancelled:
            turn = self._turns.setdefault(self._turn(key), asyncio.Lock())
            job = self._jobs[key] = Job(work, self._deps, turn)
            job.task.add_done_callback(partial(self._forget, key, job))
        return job.watch()

    def _forget(self, key: Key, job: Job, _: "asyncio.Task[None]") -> None:
        if self._jobs.get(key) is job:
            del self._jobs[key]

    def cancel(self, key: Key) -> bool:
        """Ends that work. False where there is none."""
        job = self._jobs.get(key)
        if job is None or job.cancelled:
            return False
        job.cancel()
        return True

    def under_way(self) -> list[Key]:
        """What is worked on, or waits for its turn."""
        return [key for key, job in self._jobs.items() if not job.cancelled]

    async def close(self) -> None:
        """Cancels them all and waits until they have ended."""
        await self.end(list(self._jobs))

    async def end(self, keys: list[Key]) -> None:
        """Cancels these and waits until they have ended."""
        jobs = [job for key in keys if (job := self._jobs.get(key))]
        for job in jobs:
            job.cancel()
        if jobs:
            await asyncio.wait([job.task for job in jobs])
