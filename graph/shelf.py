"""What was read and kept, for whoever looks at it. The desk's own methods are here and in graph/talk.py."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from core.models import Day, Paper, Query, Usage
from core.ports import Check, Issue, ModelCard, Page, Progress, Role
from graph import doctor
from graph.deps import Deps
from graph.jobs import Jobs, Read
from graph.pages import Pages
from tools.pdf import child


class Shelf:
    """The part of core.ports.Desk that is about days, papers and the house."""

    def __init__(self, deps: Deps, read: Read) -> None:
        """`read` reads a day, as `Desk.digest` does."""
        self._deps = deps
        self._jobs = Jobs(deps, read)
        self._pages = Pages(deps)

    def issues(self) -> list[Issue]:
        """See core.ports.Desk. Whoever looks at the shelf will soon want a page."""
        child.warm()
        return self._deps.library.issues()

    def issue(self, key: str) -> Day | None:
        """See core.ports.Desk."""
        return self._deps.library.day(key)

    def papers(self, versions: Sequence[str]) -> dict[str, Paper]:
        """See core.ports.Desk."""
        found = {version: self._deps.library.paper(version) for version in versions}
        return {version: paper for version, paper in found.items() if paper is not None}

    async def page(self, version: str, number: int) -> Page:
        """See graph.pages."""
        return await self._pages.page(version, number)

    def fetch(self, source: str, query: Query) -> AsyncIterator[Progress]:
        """See core.ports.Desk. The work begins at once; a watcher that leaves should close the iterator."""
        return self._jobs.fetch(source, query)

    def cancel(self, source: str, query: Query) -> bool:
        """See core.ports.Desk."""
        return self._jobs.cancel(source, query)

    def under_way(self) -> list[tuple[str, Query]]:
        """See core.ports.Desk."""
        return self._jobs.under_way()

    def models(self) -> dict[Role, ModelCard]:
        """See core.ports.Desk."""
        return {role: model.card for role, model in self._deps.models.items()}

    def spent(self) -> Usage:
        """See core.ports.Desk."""
        return self._deps.meter.total

    async def examine(self) -> list[Check]:
        """See core.ports.Desk."""
        return await asyncio.to_thread(doctor.examine, self._deps.settings)

    async def close(self) -> None:
        """Ends what goes on in the background."""
        await self._jobs.close()
        await self._pages.close()
