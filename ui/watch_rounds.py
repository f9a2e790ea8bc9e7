"""A watch at the desk: what is due is read, written, sent, and the site rebuilt. When: see ui/watch_command.py."""

import argparse
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core import log, schedule
from core.desk import Desk
from core.errors import Misconfigured, Retry, Stop, ZhengduError
from core.models import Day, Query, Status
from core.ports import Watch
from core.settings import Settings
from ui import watch_plain
from ui.progress import shown
from ui.watch_plain import Outcome

Opener = Callable[[Settings, Watch], AbstractAsyncContextManager[Desk]]
Clock = Callable[[], datetime]
"""The aware present."""
Sleep = Callable[[float], Awaitable[None]]

_SLICE = 60.0
"""Seconds slept at once: the clock of a laptop that was asleep has jumped, and this is how late that is noticed."""
_BUSY = timedelta(minutes=3)
"""Between two tries to open the desk."""
_BUSY_LONGEST = timedelta(hours=2)
_STILL_NEWS = timedelta(days=2)
"""How old an issue may be to be sent by a later round than the one that made it."""


class Round(NamedTuple):
    """What came of one time at the desk."""

    days: tuple[date, ...]
    """What was to be read."""
    wrong: bool
    """Should a person know of something?"""
    again: bool
    """Is it worth another try soon?"""


class Rounds:
    """One source and question."""

    def __init__(
        self, args: argparse.Namespace, settings: Settings, opener: Opener, clock: Clock, sleep: Sleep
    ) -> None:
        """`args`: of `app.py watch`."""
        self._args, self._settings, self._opener = args, settings, opener
        self._clock, self._sleep = clock, sleep
        self._zone = ZoneInfo(settings.watch_zone)
        self._source: str = args.source or "hf"
        self._query = Query(
            categories=args.categories, keywords=args.keywords, exclude=args.exclude, authors=args.authors,
            limit=args.limit,
        )  # fmt: skip
        wanted = settings.deliver is not None and not args.no_deliver
        self._delivers: bool = args.deliver if args.first else wanted

    @property
    def about(self) -> str:
        """The source as people call it."""
        return watch_plain.SOURCES[self._source]

    def say(self, text: str) -> None:
        """A line for people, with the time."""
        watch_plain.say(self._here(), text)

    def _here(self) -> datetime:
        return self._clock().astimezone(self._zone)

    async def until(self, moment: datetime) -> None:
        """Waits, by the clock on the wall, which goes on while a laptop sleeps."""
        goal = moment.astimezone(UTC)
        while (left := (goal - self._clock()).total_seconds()) > 0:
            await self._sleep(min(left, _SLICE))

    # rounds

    async def due(self) -> Round:
        """Reads what is due. Raises Misconfigured, and Stop or Retry where the desk was not to be had for hours."""
        async with AsyncExitStack() as stack:
            desk = await self._desk(stack)
            announced, now = partial(desk.announced, self._source), self._here()
            newest = schedule.newest_out(announced, now)
            back = self._settings.watch_back
            days = schedule.due(desk.issues(), self._source, self._query, announced, now, back)
            self.say(f"要读的：{watch_plain.days(days)}" if days else "没有要读的新清单")
            outcomes = await self._looked_at(desk, days)
            outcomes += await self._still_unsent(desk, days)
            built = await self._built(desk)
        early = any(outcome.day == newest and not outcome.listed for outcome in outcomes)
        wrong = not built or any(outcome.wrong for outcome in outcomes)
        return Round(days, wrong, early or not built or any(outcome.again for outcome in outcomes))

    async def named(self, first: date, last: date | None) -> Round:
        """Reads the days from `first` to `last` (None: the newest that is out) that have a list; what was read is not
        read again. Raises as `due` does."""
        async with AsyncExitStack() as stack:
            desk = await self._desk(stack)
            announced, now = partial(desk.announced, self._source), self._here()
            end = last or schedule.newest_out(announced, now)
            days = schedule.out(first, end, announced, now) if end else ()
            self.say(f"要读的：{watch_plain.days(days)}" if days else "这段日子没有已经公布的清单")
            outcomes = [self._told(await self._there(desk, day) or await self._read(desk, day)) for day in days]
            built = await self._built(desk)
        return Round(days, not built or any(outcome.wrong for outcome in outcomes), False)

    async def _desk(self, stack: AsyncExitStack) -> Desk:
        """The desk, open until `stack` closes; waits where the home is in use or something else is amiss for now."""
        patience = self._clock() + _BUSY_LONGEST
        while True:
            try:
                async with AsyncExitStack() as attempt:
                    watch = attempt.enter_context(shown(quiet=self._args.json))
                    desk = await attempt.enter_async_context(self._opener(self._settings, watch))
                    stack.push_async_exit(attempt.pop_all())
                    return desk
            except Misconfigured:
                raise
            except (Stop, Retry) as error:
                if self._clock() >= patience:
                    raise
                self.say(f"{error.message}；{_BUSY.seconds // 60} 分钟后再试")
            await self.until(self._clock() + _BUSY)

    # days

    async def _looked_at(self, desk: Desk, days: Sequence[date]) -> list[Outcome]:
        """Each day, told; those that are as empty as they were in one line together."""
        outcomes, same = [], []
        for day in days:
            known = schedule.issue_of(desk.issues(), self._source, self._query, day)
            outcome = await self._read(desk, day)
            outcomes.append(outcome)
            if known is not None and not outcome.published and outcome.error is None:
                same.append(day)
            else:
                self._told(outcome)
        if same:
            self.say(f"{watch_plain.days(same)} 还是没有可读的")
        return outcomes

    async def _read(self, desk: Desk, day: date) -> Outcome:
        try:
            made = await desk.digest(self._source, self._query.model_copy(update={"day": day}), self._args.out)
        except Misconfigured:
            raise
        except ZhengduError as error:
            return Outcome(day, error=error)
        except Exception as error:
            log.get("watch").exception("day failed", day=day.isoformat())
            return Outcome(day, error=Stop(f"程序错误 {type(error).__name__}", "请把这一天和来源报给我们"))
        issue = schedule.issue_of(desk.issues(), self._source, self._query, day)
        outcome = Outcome(
            day, issue.key if issue else "", made.ledger.listed, made.ledger.published, error=_unread(made),
            note=made.note,
        )  # fmt: skip
        return await self._sent(desk, outcome)

    async def _there(self, desk: Desk, day: date) -> Outcome | None:
        """The issue of that day if it need not be read any more."""
        issue = schedule.issue_of(desk.issues(), self._source, self._query, day)
        if issue is None or not issue.published:
            return None
        return await self._sent(desk, Outcome(day, issue.key, issue.listed, issue.published, note="早已读过"))

    async def _sent(self, desk: Desk, outcome: Outcome) -> Outcome:
        """Sent, where it is to be and there is something in it."""
        if not self._delivers or not outcome.published or not outcome.key:
            return outcome
        try:
            return outcome._replace(delivered=await desk.deliver(outcome.key))
        except Misconfigured:
            raise
        except ZhengduError as error:
            return outcome._replace(error=error)

    async def _still_unsent(self, desk: Desk, handled: Sequence[date]) -> list[Outcome]:
        """The newest issue, to those who have not got it: the wake that made it may have been cut off, or a place may
        not have answered. Older ones nobody waits for any more."""
        issue = schedule.newest_issue(desk.issues(), self._source, self._query)
        if issue is None or issue.date in handled or self._here().date() - issue.date > _STILL_NEWS:
            return []
        outcome = await self._sent(desk, Outcome(issue.date, issue.key, issue.listed, issue.published, note="补发"))
        if outcome.error is None and all(d.state == "before" for d in outcome.delivered):
            return []
        return [self._told(outcome)]

    async def _built(self, desk: Desk) -> bool:
        """The site, where it is asked for. False where that went wrong."""
        if not self._args.site:
            return True
        try:
            page = await desk.site()
        except Misconfigured:
            raise
        except ZhengduError as error:
            self.say(f"网站没有更新：{error}")
            return False
        self.say(f"网站更新了：{page}")
        return True

    def _told(self, outcome: Outcome) -> Outcome:
        for line in watch_plain.lines(outcome):
            self.say(line)
        if self._args.json:
            sys.stdout.write(watch_plain.as_json(outcome) + "\n")
            sys.stdout.flush()
        return outcome


def _unread(day: Day) -> ZhengduError | None:
    """Why a day is worth another try: nothing came of it, and not because there was nothing."""
    failed = any(result.status is Status.FAILED for result in day.results)
    if day.ledger.published or not (failed or (not day.results and day.ledger.problems)):
        return None
    reason = next((problem.reason for problem in day.ledger.problems), "")
    return Stop(f"列出 {day.ledger.listed} 篇，一篇也没有写成", reason.rstrip("。"))
