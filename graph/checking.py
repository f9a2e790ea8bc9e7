"""Holds each sentence of an answer against the papers while the next ones are still being written."""

import asyncio
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from agents import replying
from agents.quoting import Span, sentence
from agents.streaming import Statement
from core.models import Claim
from core.talk import Checked, Event, Stage
from graph.deps import Deps

_AT_ONCE = 2
"""Sentences under review; more would only take the processor from each other."""

Say = Callable[[Event], None]


class Checking:
    """Sentences in, verdicts out in the same order. Leaving the context ends what is under way."""

    def __init__(self, deps: Deps, say: Say, columns: Callable[[], Sequence[str]] = tuple) -> None:
        """`columns`: what the table compares by, as far as it is known when a cell comes."""
        self._deps, self._say, self._columns = deps, say, columns
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._tasks: list[asyncio.Task[Claim]] = []
        self._told = 0
        self.statements: list[Statement] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def add(self, statement: Statement) -> None:
        """One more sentence; its review begins at once, or when there is room."""
        self.statements.append(statement)
        id = f"a{len(self.statements)}"
        about = self._columns()[statement.column] if statement.paper else ""
        task = asyncio.create_task(self._reviewed(id, statement, about))
        task.add_done_callback(lambda _: self._tell())
        self._tasks.append(task)

    async def all(self) -> tuple[Claim, ...]:
        """The verdicts once all of them are there. Raises what a judge's server raises."""
        for n, task in enumerate(self._tasks, 1):
            if not task.done():
                self._say(Stage(name="verify", note=f"第 {n} 句，共 {len(self._tasks)} 句"))
            await task
        self._tell()
        return tuple(task.result() for task in self._tasks)

    def _tell(self) -> None:
        """Tells the verdicts that are there, as far as there is no gap."""
        while self._told < len(self._tasks):
            task = self._tasks[self._told]
            if not task.done() or task.cancelled() or task.exception():
                return
            self._told += 1
            self._deps.tell("", "verify", done=self._told, of=len(self._tasks))
            self._say(Checked(claim=task.result()))

    async def _reviewed(self, id: str, statement: Statement, about: str) -> Claim:
        if not statement.cited:
            return replying.uncited(id, statement.text)
        async with self._room:
            return await review(self._deps, id, statement, about)


async def review(deps: Deps, id: str, statement: Statement, about: str = "") -> Claim:
    """A sentence held against the papers it names, by the critic of the digests. `about`: the heading over a cell,
    which belongs to what it says."""
    spans = await asyncio.to_thread(_spans, deps, statement)
    papers = tuple(dict.fromkeys(span.passage.paper for span in spans))
    claim = Claim(id=id, text=f"{about}：{statement.text}" if about else statement.text)
    reviewed = await deps.critic.review(claim, papers, spans)
    return replying.settled(reviewed.model_copy(update={"text": statement.text}))


def _spans(deps: Deps, statement: Statement) -> tuple[Span, ...]:
    passages = {p.id: p for p in deps.library.passages([id for id, _ in statement.cited])}
    return tuple(sentence(passages[id], n) for id, n in statement.cited if id in passages)
