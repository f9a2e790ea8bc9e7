"""Which days are due, and when to look again. Pure: the present is always handed in, aware."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.models import Query
from core.ports import Issue

Announced = Callable[[date], datetime | None]
"""When the list of a day is out, aware; None for a day without one. As core.desk.Desk.announced of one source."""

_DAY = timedelta(days=1)
_NEWEST_WITHIN = 14
"""Days in which some list must have come out; a source that had none for longer has no days."""
_WAKES_WITHIN = 4
"""Days in which some day must have the time of waking: where a zone crosses the date line, one is left out."""


def same_question(issue: Issue, source: str, query: Query) -> bool:
    """Is it an issue of a day, of that source, asked to contain the same on whatever day?"""
    bare = query.model_copy(update={"day": None})
    return issue.source == source and issue.until is None and issue.query.model_copy(update={"day": None}) == bare


def issue_of(issues: Iterable[Issue], source: str, query: Query, day: date) -> Issue | None:
    """The issue of that day and question; of several the first that has papers. `issues`: those made last first."""
    found = [issue for issue in issues if issue.date == day and same_question(issue, source, query)]
    return next((issue for issue in found if issue.published), found[0] if found else None)


def newest_issue(issues: Iterable[Issue], source: str, query: Query) -> Issue | None:
    """The newest issue of that question that has papers."""
    found = [issue for issue in issues if issue.published and same_question(issue, source, query)]
    return max(found, key=lambda issue: issue.date, default=None)


def out(first: date, last: date, announced: Announced, now: datetime) -> tuple[date, ...]:
    """The days from `first` to `last`, both included, whose lists are out; ascending."""
    days = (first + _DAY * n for n in range((last - first).days + 1))
    return tuple(day for day in days if (moment := announced(day)) is not None and moment <= now)


def newest_out(announced: Announced, now: datetime) -> date | None:
    """The newest day whose list is out; None where none came out for long."""
    today = now.date() + _DAY  # it may be tomorrow already where the source is
    return max(out(today - _DAY * _NEWEST_WITHIN, today, announced, now), default=None)


def due(
    issues: Iterable[Issue], source: str, query: Query, announced: Announced, now: datetime, back: int
) -> tuple[date, ...]:
    """The days to read now, ascending: those whose lists are out, of the last `back` days, and that have no issue of
    this question with a paper in it.

    The newest list is due however long ago it came out. A day is missed only if an earlier one was read: where the
    shelf has nothing of this question, the newest list alone is due. An issue without papers is looked at again as
    long as it is not older than that: its list may not have been there yet, or its papers may all have failed; on a
    holiday that costs a request and nothing is read.
    """
    newest = newest_out(announced, now)
    if newest is None:
        return ()
    mine = [issue for issue in issues if same_question(issue, source, query)]
    done = {issue.date for issue in mine if issue.published}
    begun = min((issue.date for issue in mine), default=newest)
    first = min(newest, max(begun, now.date() - _DAY * back))
    return tuple(day for day in out(first, newest, announced, now) if day not in done)


def next_wake(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The first moment after `now` at which clocks in `zone` show `at` (without a zone of its own).

    Where clocks are put forward past `at`, that day's moment is as much later; where they show it twice, it is the
    first time.
    """
    today = now.astimezone(zone).date()
    for n in range(-1, _WAKES_WITHIN):
        # Between two times of one zone Python compares and adds what clocks show; only UTC is honest.
        moment = datetime.combine(today + _DAY * n, at.replace(fold=0), zone).astimezone(UTC)
        if moment > now:
            return moment.astimezone(zone)
    raise ValueError(f"no day has {at} in {zone}")
