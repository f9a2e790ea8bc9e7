"""arXiv's calendar, daylight saving included."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.sources import _days

WEEKDAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31)).filter(_days.is_weekday)


def eastern(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=_days.EASTERN)


@pytest.mark.parametrize(
    ("listing", "start", "end"),
    [
        ("2026-11-16", "2026-11-12T14:00", "2026-11-13T14:00"),  # Monday: Thursday to Friday
        ("2026-11-17", "2026-11-13T14:00", "2026-11-16T14:00"),  # Tuesday: Friday to Monday
        ("2026-11-18", "2026-11-16T14:00", "2026-11-17T14:00"),
        ("2026-11-19", "2026-11-17T14:00", "2026-11-18T14:00"),
        ("2026-11-20", "2026-11-18T14:00", "2026-11-19T14:00"),
    ],
)
def test_a_week_of_submission_windows(listing: str, start: str, end: str) -> None:
    assert _days.submission_window(date.fromisoformat(listing)) == (eastern(start), eastern(end))


@pytest.mark.parametrize(
    ("listing", "start", "end"),
    [
        ("2026-11-03", "202610301800", "202611021900"),  # clocks went back on 1 November: EDT, then EST
        ("2026-03-10", "202603061900", "202603091800"),  # clocks went forward on 8 March
        ("2026-07-15", "202607131800", "202607141800"),
    ],
)
def test_the_deadline_is_local_time_so_its_gmt_moves_with_the_clocks(listing: str, start: str, end: str) -> None:
    window = _days.submission_window(date.fromisoformat(listing))
    assert tuple(_days.api_stamp(moment) for moment in window) == (start, end)


@given(WEEKDAYS)
def test_windows_of_following_listings_touch_and_never_overlap(day: date) -> None:
    following = next(d for d in (day + timedelta(days=n) for n in (1, 2, 3)) if _days.is_weekday(d))
    assert _days.submission_window(day)[1] == _days.submission_window(following)[0]
    assert _days.submission_window(day)[1] < _days.announced_at(day)


@given(WEEKDAYS)
def test_a_listing_is_the_latest_from_its_announcement_on(day: date) -> None:
    out = _days.announced_at(day)
    assert _days.latest_listing(out) == day
    assert _days.latest_listing(out - timedelta(seconds=1)) == _days.weekday_before(day)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-20T12:00", "2026-11-20"),
        ("2026-11-20T21:00", "2026-11-20"),  # nothing is announced on Friday evening
        ("2026-11-21T21:00", "2026-11-20"),
        ("2026-11-22T19:59", "2026-11-20"),
        ("2026-11-22T20:00", "2026-11-23"),  # Sunday evening: Monday's listing
    ],
)
def test_the_latest_listing_over_a_weekend(now: str, day: str) -> None:
    assert _days.latest_listing(eastern(now).astimezone(UTC)) == date.fromisoformat(day)


def test_a_feed_belongs_to_the_eastern_day_of_its_renewal() -> None:
    assert _days.feed_day(datetime(2025, 8, 20, 4, 0, 19, tzinfo=UTC)) == date(2025, 8, 20)
    assert _days.feed_day(datetime(2025, 8, 20, 3, 59, tzinfo=UTC)) == date(2025, 8, 19)
    assert _days.feed_day(datetime(2025, 8, 24, 4, 0, tzinfo=UTC)) == date(2025, 8, 22)  # Sunday: Friday's
