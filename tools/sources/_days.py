"""arXiv's calendar: which submissions an announcement day contains. Pure.

arXiv announces at 20:00 US Eastern, Sunday to Thursday; the listing carries the next day's date, so listings are
dated Monday to Friday. Submissions close at 14:00 US Eastern on weekdays. Source: arXiv, "Availability of
submissions". Holidays move both; arXiv sets them each year, so no table of them is kept here.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = "America/New_York"
EASTERN = ZoneInfo(ZONE)  # Windows has no zone data of its own; there tzdata must be installed
DEADLINE = time(14, 0)
ANNOUNCED = time(20, 0)
READABLE = time(0, 30)
"""Feed and API are renewed at midnight, four hours after the announcement ("new articles are only available to the API
on the midnight after", its manual; a feed recorded 19 seconds after it); the half hour is for a night they are late."""
_DAY = timedelta(days=1)


def is_weekday(day: date) -> bool:
    """Monday to Friday?"""
    return day.weekday() < 5


def weekday_on_or_before(day: date) -> date:
    """`day` itself, or the Friday before a weekend day."""
    return day - _DAY * max(0, day.weekday() - 4)


def weekday_before(day: date) -> date:
    """The last weekday earlier than `day`."""
    return weekday_on_or_before(day - _DAY)


def announced_at(listing: date) -> datetime:
    """When the listing dated `listing` (a weekday) comes out, in US Eastern: 20:00 on the evening before."""
    return datetime.combine(listing - _DAY, ANNOUNCED, EASTERN)


def readable_at(day: date) -> datetime | None:
    """From when feed and API have the listing dated `day`, in US Eastern; None for days without one."""
    return datetime.combine(day, READABLE, EASTERN) if is_weekday(day) else None


def submission_window(listing: date) -> tuple[datetime, datetime]:
    """[start, end) of the submissions announced under a weekday, in US Eastern.

    Both ends are deadlines: the last weekday before the listing, and the weekday before that one. So Monday's
    listing holds Thursday 14:00 to Friday 14:00, and Tuesday's holds Friday 14:00 to Monday 14:00.
    """
    last = weekday_before(listing)
    first = weekday_before(last)
    return datetime.combine(first, DEADLINE, EASTERN), datetime.combine(last, DEADLINE, EASTERN)


def latest_listing(now: datetime) -> date:
    """The newest listing that is out at `now` (aware)."""
    there = now.astimezone(EASTERN)
    return weekday_on_or_before(there.date() + _DAY * (there.time() >= ANNOUNCED))


def feed_day(updated: datetime) -> date:
    """The listing a feed holds that was `updated` then (aware): feeds are renewed at midnight US Eastern."""
    return weekday_on_or_before(updated.astimezone(EASTERN).date())


def api_stamp(moment: datetime) -> str:
    """As submittedDate wants it: YYYYMMDDHHMM in GMT."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M")
