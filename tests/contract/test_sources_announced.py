"""From when a source's list of a day can be had, and that it is there then."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from core.models import Query
from tools.sources import _days, load_sources
from tools.sources.arxiv_day import ArxivDay
from tools.sources.arxiv_feed import read_feed

from .small_world import atom, atom_entry, make

NOWHERE = "http://127.0.0.1:1"
DATED = ("arxiv", "arxiv_api", "arxiv_feed", "hf")


@pytest.mark.parametrize("name", load_sources(inner=True))
def test_every_source_says_when_its_days_are_out(tmp_path: Path, name: str) -> None:
    source = load_sources(inner=True)[name](*make(tmp_path, NOWHERE))
    found = [source.announced(date(2026, 11, 16) + timedelta(days=n)) for n in range(7)]
    assert [moment is not None for moment in found] == [name in DATED] * 5 + [False] * 2
    moments = [moment for moment in found if moment is not None]
    assert all(moment.tzinfo for moment in moments)
    assert moments == sorted(moments)


@pytest.mark.parametrize(
    ("name", "day", "utc"),
    [
        ("hf", "2026-11-20", "2026-11-21T00:00"),  # Friday's is whole on Saturday, 8:00 in Beijing
        ("hf", "2026-11-23", "2026-11-24T00:00"),
        ("arxiv", "2026-11-20", "2026-11-20T05:30"),  # New York in winter: 13:30 in Beijing
        ("arxiv", "2026-07-15", "2026-07-15T04:30"),  # and in summer: 12:30
        ("arxiv", "2026-03-09", "2026-03-09T04:30"),  # the day after clocks went forward there
        ("arxiv", "2026-11-02", "2026-11-02T05:30"),  # and after they went back
    ],
)
def test_when_that_is(tmp_path: Path, name: str, day: str, utc: str) -> None:
    source = load_sources()[name](*make(tmp_path, NOWHERE))
    assert source.announced(date.fromisoformat(day)) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)).filter(_days.is_weekday))
def test_arxiv_is_readable_after_it_is_announced_and_on_the_feeds_day(day: date) -> None:
    readable = _days.readable_at(day)
    assert readable is not None
    assert (
        timedelta(hours=4) <= readable.astimezone(UTC) - _days.announced_at(day).astimezone(UTC) <= timedelta(hours=6)
    )
    assert _days.feed_day(readable) == _days.latest_listing(readable) == day


def test_from_then_on_arxiv_is_asked_through_the_feed(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Before that the API would be asked, which has nothing of the day yet and would make it look like a holiday."""
    httpserver.expect_request("/atom/cs.CL+cs.AI+cs.LG").respond_with_response(
        atom(atom_entry("2511.00001v1"), updated="2026-11-18T05:00:20+00:00")
    )
    day = date(2026, 11, 18)
    source = ArxivDay(*make(tmp_path, httpserver.url_for("")), lambda: _days.readable_at(day) or datetime.now(UTC))
    assert [paper.version for paper in source.list(Query(day=day)).papers] == ["2511.00001v1"]


@pytest.mark.shared
def test_a_recorded_feed_was_there_by_then(shared: Path) -> None:
    feeds = sorted((shared / "feeds" / "arxiv_rss").glob("*.atom.xml"))
    assert feeds
    for path in feeds:
        body = path.read_bytes()
        day = read_feed(body, "arxiv").listing.day
        renewed = re.search(rb"<updated>([^<]+)</updated>", body)
        readable = _days.readable_at(day)
        assert renewed and readable
        if renewed[1][:10].decode() == day.isoformat():  # those of a weekend hold an earlier day
            assert datetime.fromisoformat(renewed[1].decode()) < readable
