"""A desk whose days are written beforehand, and a clock that only sleeping moves: for tests of `app.py watch`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import app
from core.delivery import Delivery
from core.desk import Desk
from core.errors import Stop, ZhengduError
from core.models import Day, Ledger, Problem, Query, Status, Step
from core.ports import Issue, Watch
from core.settings import Settings, load
from tests.unit.builders import day as day_of
from tests.unit.builders import result
from ui import watch_command

BEIJING = ZoneInfo("Asia/Shanghai")
BUSY = Stop("另一个证读进程正在使用这里", "等它结束")


def d(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def made(when: date, published: int = 3, *, failed: bool = False, note: str = "") -> Day:
    results = [result(None, Status.FAILED)] if failed else []
    problems = (Problem(id="x", step=Step.READ, reason="模型没有应答。"),) if failed else ()
    ledger = Ledger(listed=published or len(results), published=published, problems=problems)
    return day_of(*results, date=when, ledger=ledger, note=note)


class FakeDesk:
    """Reads every day with three papers in it, unless `script` says otherwise: what comes of a day, one by one."""

    def __init__(self, *shelf: str) -> None:
        self.script: dict[str, list[Day | Exception]] = {}
        self.places: list[tuple[Delivery, ...] | Exception] = []
        self.site_error: ZhengduError | None = None
        self.read: list[str] = []
        self.queries: list[tuple[str, Query, Path | None]] = []
        self.sent: list[str] = []
        self.sites = 0
        self._shelf: list[Issue] = []
        for text in shelf:
            self.put(made(d(text)), Query(day=d(text)))

    def put(self, day: Day, query: Query) -> None:
        kept = Issue(
            key=f"{day.date:%m-%d}", date=day.date, source=day.source, model="m", published=day.ledger.published,
            listed=day.ledger.listed, query=query,
        )  # fmt: skip
        self._shelf = [kept, *(issue for issue in self._shelf if issue.key != kept.key)]

    def issues(self) -> list[Issue]:
        return self._shelf

    async def digest(self, source: str, query: Query, out: Path | None = None) -> Day:
        assert query.day
        text = f"{query.day:%m-%d}"
        self.read.append(text)
        self.queries.append((source, query, out))
        await asyncio.sleep(0)
        left = self.script.get(text, [])
        day = left.pop(0) if left else made(query.day)
        if isinstance(day, Exception):
            raise day
        self.put(day.model_copy(update={"source": source}), query)
        return day

    async def deliver(self, key: str, *, again: bool = False) -> tuple[Delivery, ...]:
        assert not again
        left = self.places.pop(0) if self.places else None
        if isinstance(left, Exception):
            raise left
        before = key in self.sent
        self.sent += [] if before or left else [key]
        return left or (Delivery(place="ntfy · a.test", state="before" if before else "sent"),)

    async def site(self, out: Path | None = None) -> Path:
        if self.site_error:
            raise self.site_error
        self.sites += 1
        return Path("site/index.html")

    def announced(self, source: str, day: date) -> datetime | None:
        return datetime.combine(day + timedelta(days=1), time(0), UTC) if day.weekday() < 5 else None


class Over(Exception):
    """The test has seen enough."""


class World:
    """A clock that only sleeping moves, and the door to a desk."""

    def __init__(self, desk: FakeDesk, home: Path, start: str = "11-24T08:30", **given: Any) -> None:
        self.desk = desk
        self.now = datetime.fromisoformat(f"2026-{start}").replace(tzinfo=BEIJING).astimezone(UTC)
        self.settings = load(home=home, **given)
        self.end: datetime | None = None
        self.busy: list[Exception] = []
        self.opened: list[str] = []
        self.open = 0
        self.longest = 0.0

    @asynccontextmanager
    async def opener(self, settings: Settings, watch: Watch) -> AsyncIterator[Desk]:
        if self.busy:
            raise self.busy.pop(0)
        self.opened.append(f"{self.now.astimezone(BEIJING):%m-%dT%H:%M}")
        self.open += 1
        try:
            yield self.desk  # type: ignore[misc]  # it has what a watch asks for
        finally:
            self.open -= 1

    async def sleep(self, seconds: float) -> None:
        assert not self.open, "the home is kept from others while it sleeps"
        self.longest = max(self.longest, seconds)
        self.now += timedelta(seconds=seconds)
        if self.end and self.now >= self.end:
            raise Over
        await asyncio.sleep(0)

    def run(self, *arguments: str) -> int:
        args = app._parser().parse_args(["watch", *arguments])
        return asyncio.run(watch_command.run(args, self.settings, self.opener, lambda: self.now, self.sleep))

    def days(self, count: int, *arguments: str) -> None:
        """Watches that long."""
        self.end = self.now + timedelta(days=count)
        with pytest.raises(Over):
            self.run(*arguments)
