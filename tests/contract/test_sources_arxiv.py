"""arXiv by id, by feed and by day, against hand-written answers."""

from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from core.errors import Misconfigured, Retry
from core.models import Query
from tools.sources.arxiv_api import ArxivApi
from tools.sources.arxiv_day import ArxivDay
from tools.sources.arxiv_feed import ArxivFeed

from .small_world import atom, atom_entry, make

SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 18, 17, tzinfo=UTC)


def api(httpserver: HTTPServer, papers: dict[str, str], refused: str = "") -> list[dict[str, list[str]]]:
    """An API that knows these papers (id to entry) and answers 400 to one id, as arXiv does; returns the queries."""
    seen: list[dict[str, list[str]]] = []

    def answer(request: Request) -> Response:
        query = parse_qs(urlsplit(request.url).query)
        seen.append(query)
        ids = query.get("id_list", [""])[0].split(",")
        if refused and refused in ids:
            return Response("", 400, {"Content-Type": "application/atom+xml"})
        found = [papers[id] for id in ids if id in papers]
        return atom("".join(found), len(found))

    httpserver.expect_request("/api/query").respond_with_handler(answer)
    return seen


def test_api_by_ids_keeps_the_order_and_explains_what_is_missing(httpserver: HTTPServer, tmp_path: Path) -> None:
    known = {
        "2511.00002": atom_entry("2511.00002v3"),
        "2511.00001v1": atom_entry("2511.00001v1"),
        "2511.00001": atom_entry("2511.00001v10"),
        "2511.00001v9": atom_entry("2511.00001v9"),
        "2511.00004": atom_entry("2511.00004v2", comment="This paper has been withdrawn by Ann Lee"),
    }
    seen = api(httpserver, known)
    ids = ("2511.00002", "2511.00001v9", "2511.00001", "../x", "2511.00001v1", "2511.00003", "2511.00004", "2511.00002")
    listing = ArxivApi(*make(tmp_path, httpserver.url_for("")), lambda: SUNDAY).by_ids(ids)
    versions = [p.version for p in listing.papers]
    assert versions == ["2511.00002v3", "2511.00001v9", "2511.00001v10", "2511.00001v1"]
    reasons = {p.id: p.reason for p in listing.problems}
    assert reasons.keys() == {"../x", "2511.00003", "2511.00004v2"}
    assert (
        "不是 arXiv 编号" in reasons["../x"] and "没有" in reasons["2511.00003"] and "撤回" in reasons["2511.00004v2"]
    )
    assert len(seen) == 1


def test_api_finds_the_one_id_that_makes_arxiv_refuse(httpserver: HTTPServer, tmp_path: Path) -> None:
    ids = [f"2511.{n:05d}" for n in range(8)]
    seen = api(httpserver, {id: atom_entry(f"{id}v1") for id in ids}, refused=ids[5])
    listing = ArxivApi(*make(tmp_path, httpserver.url_for(""))).by_ids(ids)
    assert [p.id for p in listing.papers] == [id for id in ids if id != ids[5]]
    assert [(p.id, p.reason) for p in listing.problems] == [(ids[5], "arXiv 不认这个编号。")]
    assert len(seen) == 7, "all, two halves of it, …"


def test_api_asks_for_many_ids_in_several_requests(httpserver: HTTPServer, tmp_path: Path) -> None:
    ids = [f"2511.{n:05d}" for n in range(250)]
    seen = api(httpserver, {id: atom_entry(f"{id}v1") for id in ids})
    listing = ArxivApi(*make(tmp_path, httpserver.url_for(""))).by_ids(ids)
    assert [p.id for p in listing.papers] == ids
    assert [len(q["id_list"][0].split(",")) for q in seen] == [100, 100, 50]


def test_api_reads_all_pages_of_a_day(httpserver: HTTPServer, tmp_path: Path) -> None:
    queries: list[str] = []

    def answer(request: Request) -> Response:
        queries.append(request.args["search_query"])
        assert (request.args["sortBy"], request.args["sortOrder"]) == ("submittedDate", "ascending")
        start, size = int(request.args["start"]), int(request.args["max_results"])
        return atom("".join(atom_entry(f"2511.{n:05d}v1") for n in range(start, min(1200, start + size))), 1200)

    httpserver.expect_request("/api/query").respond_with_handler(answer)
    source = ArxivApi(*make(tmp_path, httpserver.url_for("")), lambda: SUNDAY)
    listing = source.list(Query(day=date(2026, 11, 17), categories=("cs.CL", "math")))
    httpserver.check_assertions()
    assert len(listing.papers) == 1200
    assert {*queries} == {"(cat:cs.CL OR cat:math.*) AND submittedDate:[202611131900 TO 202611161859]"}
    assert len(queries) == 3
    assert listing.zone == "America/New_York"


def test_api_says_when_a_page_stays_empty(httpserver: HTTPServer, tmp_path: Path) -> None:
    def answer(request: Request) -> Response:
        return atom("" if request.args["start"] != "0" else atom_entry("2511.00001v1"), 3)

    httpserver.expect_request("/api/query").respond_with_handler(answer)
    listing = ArxivApi(*make(tmp_path, httpserver.url_for(""))).list(Query(day=date(2026, 11, 17)))
    assert [p.version for p in listing.papers] == ["2511.00001v1"]
    assert "不完整" in listing.problems[0].reason


def test_api_asks_again_for_a_page_that_was_empty_once(httpserver: HTTPServer, tmp_path: Path) -> None:
    starts: list[str] = []

    def answer(request: Request) -> Response:
        starts.append(request.args["start"])
        empty = starts == ["0", "1"]
        return atom("" if empty else atom_entry(f"2511.0000{request.args['start']}v1"), 2)

    httpserver.expect_request("/api/query").respond_with_handler(answer)
    listing = ArxivApi(*make(tmp_path, httpserver.url_for(""))).list(Query(day=date(2026, 11, 17)))
    assert [p.id for p in listing.papers] == ["2511.00000", "2511.00001"]
    assert not listing.problems and starts == ["0", "1", "1"]


def test_api_empty_weekday_may_be_a_holiday(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/api/query").respond_with_response(atom("", 0))
    listing = ArxivApi(*make(tmp_path, httpserver.url_for(""))).list(Query(day=date(2026, 11, 17)))
    assert not listing.papers and "可能是假日" in listing.note


def test_arxiv_pages_instead_of_feeds_are_retried_then_raised(httpserver: HTTPServer, tmp_path: Path) -> None:
    page = Response("<html>Rate exceeded</html>", 200, {"Content-Type": "text/html"})
    count = 0

    def answer(request: Request) -> Response:
        nonlocal count
        count += 1
        return page

    for path in ("/api/query", "/atom/cs.CL+cs.AI+cs.LG"):
        httpserver.expect_request(path).respond_with_handler(answer)
    web, settings = make(tmp_path, httpserver.url_for(""), retries=1)
    for source in (ArxivApi(web, settings), ArxivFeed(web, settings)):
        count = 0
        with pytest.raises(Retry):
            source.list(Query(day=date(2026, 11, 17)))
        assert count == 2


@pytest.mark.parametrize(
    ("now", "day", "asks"),
    [
        ("2026-11-18T17:00Z", None, "atom"),
        ("2026-11-18T17:00Z", "2026-11-18", "atom"),
        ("2026-11-18T17:00Z", "2026-11-17", "api"),
        ("2026-11-18T17:00Z", "2026-11-19", "nothing"),  # announced at 20:00 in New York, 01:00Z
        ("2026-11-19T01:00Z", "2026-11-19", "api"),  # out, but the feed is renewed at midnight there
        ("2026-11-18T17:00Z", "2026-11-15", "nothing"),  # a Sunday
        ("2026-11-18T17:00Z", "2027-01-04", "nothing"),
    ],
)
def test_arxiv_day_asks_the_right_service(
    httpserver: HTTPServer, tmp_path: Path, now: str, day: str | None, asks: str
) -> None:
    seen: list[str] = []

    def answer(request: Request) -> Response:
        seen.append(request.path.split("/")[1])
        return atom(atom_entry("2511.00001v1"))

    for path in ("/api/query", "/atom/cs.CL+cs.AI+cs.LG"):
        httpserver.expect_request(path).respond_with_handler(answer)
    source = ArxivDay(*make(tmp_path, httpserver.url_for("")), lambda: datetime.fromisoformat(now))
    listing = source.list(Query(day=date.fromisoformat(day) if day else None))
    assert seen == ([] if asks == "nothing" else [asks])
    assert listing.day == date.fromisoformat(day or "2026-11-18")
    assert bool(listing.papers) == (asks != "nothing")
    assert listing.source == "arxiv"
    assert listing.papers or listing.note


def test_arxiv_day_on_a_weekend_goes_back_to_friday_though_the_feed_is_empty(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    httpserver.expect_request("/atom/cs.CL").respond_with_response(atom("", 0, "2026-11-22T05:00:00+00:00"))
    httpserver.expect_request("/api/query").respond_with_response(atom(atom_entry("2511.00001v1")))
    source = ArxivDay(*make(tmp_path, httpserver.url_for("")), lambda: SUNDAY)
    for day in (None, date(2026, 11, 20)):
        listing = source.list(Query(day=day, categories=("cs.CL",)))
        assert (listing.day, len(listing.papers)) == (date(2026, 11, 20), 1)


def test_arxiv_day_on_a_holiday_is_empty_with_a_note(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/atom/cs.CL").respond_with_response(atom("", 0, "2026-11-18T05:00:00+00:00"))
    source = ArxivDay(*make(tmp_path, httpserver.url_for("")), lambda: WEDNESDAY)
    listing = source.list(Query(categories=("cs.CL",)))
    assert not listing.papers and "假日" in listing.note


def test_a_category_that_is_none_is_never_asked_for(httpserver: HTTPServer, tmp_path: Path) -> None:
    web, settings = make(tmp_path, httpserver.url_for(""))
    for source in (ArxivDay(web, settings), ArxivApi(web, settings), ArxivFeed(web, settings)):
        with pytest.raises(Misconfigured):
            source.list(Query(categories=("../../x",)))
    assert not httpserver.log
