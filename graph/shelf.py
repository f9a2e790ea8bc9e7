"""What was read and kept, for whoever looks at it. The desk's own methods are here and in graph/talk.py."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from core.desk import Check, Page
from core.models import Day, Paper, Query, Usage
from core.ports import Issue, ModelCard, Progress, Role
from graph import doctor
from graph.deps import Deps
from graph.jobs import Jobs
from graph.pages import Pages
from tools.pdf import child

Read = Callable[[str, Query], Awaitable[object]]
"""Reads the day of that source and query."""


class Shelf:
    """The part of core.desk.Desk that is about days, papers and the house."""

    def __init__(self, deps: Deps, read: Read) -> None:
        """`read` reads a day, as `Desk.digest` does."""
        self._deps = deps
        self._read_day = read
        self._days: Jobs[tuple[str, Query]] = Jobs(deps)
        self._pages = Pages(deps)

    def issues(self) -> list[Issue]:
        """See core.desk.Desk. Whoever looks at the shelf will soon want a page."""
        child.warm()
        return self._deps.library.issues()

    def issue(self, key: str) -> Day | None:
        """See core.desk.Desk."""
        return self._deps.library.day(key)

    def papers(self, versions: Sequence[str]) -> dict[str, Paper]:
        """See core.desk.Desk."""
        found = {version: self._deps.library.paper(version) for version in versions}
        return {version: paper for version, paper in found.items() if paper is not None}

    async def page(self, version: str, number: int) -> Page:
        """See graph.pages."""
        return await self._pages.page(version, number)

    def fetch(self, source: str, query: Query) -> AsyncIterator[Progress]:
        """See core.desk.Desk. The work begins at once; a watcher that leaves should close the iterator."""
        return self._days.follow((source, query), lambda: self._read_day(source, query))

    def cancel(self, source: str, query: Query) -> bool:
        """See core.desk.Desk."""
        return self._days.cancel((source, query))

    def under_way(self) -> list[tuple[str, Query]]:
        """See core.desk.Desk."""
        return self._days.under_way()

    def models(self) -> dict[Role, ModelCard]:
        """See core.desk.Desk."""
        return {role: model.card for role, model in self._deps.models.items()}

    def spent(self) -> Usage:
        """See core.desk.Desk."""
        return self._deps.meter.total

    async def examine(self) -> list[Check]:
        """See core.desk.Desk."""
        return await asyncio.to_thread(doctor.examine, self._deps.settings)

    async def close(self) -> None:
        """Ends what goes on in the background."""
        await self._days.close()
        await self._pages.close()
