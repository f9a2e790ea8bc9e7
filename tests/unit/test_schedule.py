"""The calendar of a watch: what is due on which morning, and when the next morning is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import schedule
from core.models import Query
from core.ports import Issue
from core.schedule import Announced, due, issue_of, newest_issue, newest_out, next_wake, out, same_question
from tools.sources import _days

BEIJING = ZoneInfo("Asia/Shanghai")
PLAIN = Query()


def hf(day: date) -> datetime | None:
    """As Hugging Face: whole when the day has ended in UTC."""
    return datetime.combine(day + timedelta(days=1), time(0), UTC) if day.weekday() < 5 else None


def never(day: date) -> datetime | None:
    return None


def d(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def morning(text: str, clock: str = "08:30") -> datetime:
    return datetime.fromisoformat(f"2026-{text}T{clock}").replace(tzinfo=BEIJING)


def issue(day: str, published: int = 3, query: Query = PLAIN, source: str = "hf", week: bool = False) -> Issue:
    when = d(day)
    return Issue(
        key=f"{day}{published}", date=when, source=source, model="m", published=published, listed=published,
        query=query.model_copy(update={"day": when}), until=when if week else None,
    )  # fmt: skip


# November 2026: the 16th is a Monday, the 26th Thanksgiving.
@pytest.mark.parametrize(
    ("now", "shelf", "expected"),
    [
        pytest.param(morning("11-24"), [], ["11-23"], id="an empty shelf: the newest alone"),
        pytest.param(morning("11-24"), [issue("11-20")], ["11-23"], id="an ordinary Tuesday"),
        pytest.param(morning("11-24"), [issue("11-20"), issue("11-23")], [], id="already read"),
        pytest.param(morning("11-24", "07:59"), [issue("11-20")], [], id="a minute before the day is whole"),
        pytest.param(morning("11-21"), [issue("11-19")], ["11-20"], id="Friday's, on Saturday"),
        pytest.param(morning("11-22"), [issue("11-20")], [], id="Sunday"),
        pytest.param(morning("11-23"), [issue("11-20")], [], id="Monday: there is no list of Sunday"),
        pytest.param(morning("11-22"), [issue("11-19")], ["11-20"], id="a weekend makes up Friday"),
        pytest.param(
            morning("11-25"), [issue("11-18")], ["11-19", "11-20", "11-23", "11-24"], id="missed over a weekend"
        ),
        pytest.param(
            morning("11-25"), [issue("10-01")], ["11-18", "11-19", "11-20", "11-23", "11-24"], id="back so far only"
        ),
        pytest.param(morning("11-25"), [issue("11-20"), issue("11-24")], ["11-23"], id="a hole"),
        pytest.param(morning("11-24"), [issue("11-20"), issue("11-23", 0)], ["11-23"], id="the newest was empty"),
        pytest.param(
            morning("11-28"), [issue("11-25"), issue("11-26", 0)], ["11-26", "11-27"], id="a holiday is asked again"
        ),
        pytest.param(
            morning("12-05"), [issue("11-26", 0), issue("12-03")], ["11-30", "12-01", "12-02", "12-04"],
            id="but not for ever",
        ),
        pytest.param(
            morning("11-24"), [issue("11-23", 0), issue("11-23"), issue("11-20")], [], id="another model read it"
        ),
        pytest.param(
            morning("11-24"), [issue("11-23", query=Query(limit=5)), issue("11-20")], ["11-23"], id="another question"
        ),
        pytest.param(morning("11-24"), [issue("11-23", source="arxiv")], ["11-23"], id="another source"),
        pytest.param(morning("11-24"), [issue("11-23", week=True)], ["11-23"], id="a week is no day"),
        pytest.param(morning("11-25"), [issue("11-25")], ["11-24"], id="somebody read today's, unfinished, by hand"),
    ],
)  # fmt: skip
def test_due(now: datetime, shelf: list[Issue], expected: list[str]) -> None:
    assert due(shelf, "hf", PLAIN, hf, now, 7) == tuple(map(d, expected))


def test_the_newest_is_due_however_few_days_back_are_asked_for() -> None:
    assert due([issue("11-18")], "hf", PLAIN, hf, morning("11-23"), 1) == (d("11-20"),)


@pytest.mark.parametrize(
    "zone", ["Asia/Shanghai", "UTC", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"]
)
def test_what_is_due_does_not_depend_on_where_one_lives(zone: str) -> None:
    now = datetime(2026, 11, 24, 0, 30, tzinfo=UTC).astimezone(ZoneInfo(zone))
    assert due([issue("11-19")], "hf", PLAIN, hf, now, 7) == (d("11-20"), d("11-23"))


def test_a_source_without_days_has_nothing_due() -> None:
    assert newest_out(never, morning("11-24")) is None
    assert due([issue("11-20")], "hf", PLAIN, never, morning("11-24"), 7) == ()


def test_arxiv_on_a_monday_night_in_new_york() -> None:
    """Tuesday's list is out in the evening, but not to be had before midnight."""
    shelf = [issue("11-16", source="arxiv")]
    evening = datetime(2026, 11, 16, 21, tzinfo=_days.EASTERN)
    for now, days in ((evening, ()), (evening + timedelta(hours=4), (d("11-17"),))):
        assert due(shelf, "arxiv", PLAIN, _days.readable_at, now, 7) == days


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.sets(st.integers(0, 20)),
    st.integers(1, 60),
    st.sampled_from([hf, _days.readable_at]),
)
def test_due_days_are_out_unread_and_in_order(now: datetime, ago: set[int], back: int, announced: Announced) -> None:
    shelf = [issue("01-01").model_copy(update={"date": now.date() - timedelta(days=n)}) for n in ago]
    days = due(shelf, "hf", PLAIN, announced, now, back)
    assert list(days) == sorted(set(days))
    assert not {i.date for i in shelf} & {*days}
    for day in days:
        moment = announced(day)
        assert moment is not None and moment <= now
    newest = newest_out(announced, now)
    assert newest in days or newest in {i.date for i in shelf}
    read = [*shelf, *(issue("01-01").model_copy(update={"date": day}) for day in days)]
    assert due(read, "hf", PLAIN, announced, now, back) == ()


def test_back_filling_leaves_out_weekends_and_what_is_not_out() -> None:
    days = out(d("11-19"), d("12-31"), hf, morning("11-25"))
    assert days == (d("11-19"), d("11-20"), d("11-23"), d("11-24"))
    assert out(d("11-21"), d("11-22"), hf, morning("11-25")) == ()
    assert out(d("11-24"), d("11-20"), hf, morning("11-25")) == ()


def test_questions_are_the_same_whatever_the_day() -> None:
    narrow = Query(keywords=("agent",), limit=3)
    kept = issue("11-20", query=narrow)
    assert same_question(kept, "hf", narrow) and same_question(
        kept, "hf", narrow.model_copy(update={"day": d("11-23")})
    )
    assert not same_question(kept, "hf", PLAIN) and not same_question(kept, "arxiv", narrow)
    assert not same_question(issue("11-20", week=True), "hf", PLAIN)


def test_the_issue_of_a_day_is_one_with_papers_if_there_is_one() -> None:
    last, empty, first = issue("11-20", 4), issue("11-20", 0), issue("11-20", 2)
    assert issue_of([empty, first], "hf", PLAIN, d("11-20")) is first
    assert issue_of([last, first], "hf", PLAIN, d("11-20")) is last
    assert issue_of([empty], "hf", PLAIN, d("11-20")) is empty
    assert issue_of([empty], "hf", PLAIN, d("11-19")) is None
    assert newest_issue([issue("11-23", 0), first, issue("11-19")], "hf", PLAIN) is first
    assert newest_issue([empty], "hf", PLAIN) is None


# waking

NEW_YORK, LORD_HOWE, APIA = ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")


@pytest.mark.parametrize(
    ("now", "at", "zone", "utc"),
    [
        ("2026-11-24T00:29:59Z", "08:30", BEIJING, "2026-11-24T00:30"),
        ("2026-11-24T00:30:00Z", "08:30", BEIJING, "2026-11-25T00:30"),  # never the present itself
        ("2026-12-31T23:00:00Z", "08:30", BEIJING, "2027-01-01T00:30"),
        ("2026-03-08T06:00:00Z", "02:30", NEW_YORK, "2026-03-08T07:30"),  # 2:30 does not exist: 3:30 it is
        ("2026-03-08T07:30:00Z", "02:30", NEW_YORK, "2026-03-09T06:30"),
        ("2026-03-07T14:00:00Z", "08:30", NEW_YORK, "2026-03-08T12:30"),  # 23.5 hours after the last
        ("2026-11-01T05:00:00Z", "01:30", NEW_YORK, "2026-11-01T05:30"),  # 1:30 comes twice: the first
        ("2026-11-01T05:30:00Z", "01:30", NEW_YORK, "2026-11-02T06:30"),  # and not the second
        ("2026-11-01T06:10:00Z", "01:30", NEW_YORK, "2026-11-02T06:30"),
        ("2026-10-03T15:00:00Z", "02:15", LORD_HOWE, "2026-10-03T15:45"),  # half an hour is skipped: 2:45
        ("2026-06-01T12:00:00Z", "00:00", ZoneInfo("UTC"), "2026-06-02T00:00"),
        ("2011-12-29T19:00:00Z", "08:30", APIA, "2011-12-30T18:30"),  # there was no 30th; that is the 31st
    ],
)
def test_next_wake(now: str, at: str, zone: ZoneInfo, utc: str) -> None:
    moment = next_wake(datetime.fromisoformat(now), time.fromisoformat(at), zone)
    assert moment.astimezone(UTC) == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert moment.tzinfo is zone


def test_which_of_two_times_is_meant_is_not_asked_of_the_setting() -> None:
    now = datetime(2026, 11, 1, 5, tzinfo=UTC)
    assert next_wake(now, time(1, 30, fold=1), NEW_YORK).astimezone(UTC) == now + timedelta(minutes=30)


def test_beijing_sleeps_a_day_at_a_time() -> None:
    moment = morning("11-24")
    for _ in range(400):
        following = next_wake(moment, time(8, 30), BEIJING)
        assert following - moment == timedelta(days=1)
        moment = following


ZONES = st.sampled_from(
    ["Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu",
     "America/St_Johns", "Pacific/Kiritimati", "Africa/Casablanca", "Asia/Tehran", "America/Santiago"]
).map(ZoneInfo)  # fmt: skip
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2036, 12, 31), timezones=st.just(UTC))


@given(MOMENTS, st.times(), ZONES)
def test_the_next_wake_is_the_first_to_come(now: datetime, at: time, zone: ZoneInfo) -> None:
    moment = next_wake(now, at, zone)
    assert moment > now
    assert timedelta(0) < moment.astimezone(UTC) - now <= timedelta(hours=25)
    shown = moment.replace(tzinfo=None, fold=0)
    exact = datetime.combine(shown.date(), at, None).replace(fold=0)
    assert exact <= shown <= exact + timedelta(hours=1)  # later only where clocks jumped over it
    # a second earlier the same moment is still to come, and it is no other's yesterday
    assert next_wake(moment.astimezone(UTC) - timedelta(seconds=1), at, zone) == moment
    assert next_wake(now.astimezone(ZoneInfo("America/New_York")), at, zone) == moment


@given(MOMENTS, st.times(), ZONES)
def test_a_year_of_wakes_has_every_day_once(now: datetime, at: time, zone: ZoneInfo) -> None:
    days = []
    for _ in range(30):
        now = next_wake(now, at, zone)
        days.append(now.date())
    assert days == [days[0] + timedelta(days=n) for n in range(30)]


def test_the_module_knows_no_clock() -> None:
    assert not {"now", "today", "sleep"} & {*vars(schedule)}
