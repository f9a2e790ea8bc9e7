"""The sources against recorded answers and the faulty mirror of ../shared."""

import itertools
import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from core.errors import Retry, Skip
from core.models import Paper, Query
from core.settings import load
from tools.pdf.fetch import fetch_pdf
from tools.sources.arxiv_api import ArxivApi
from tools.sources.arxiv_day import ArxivDay
from tools.sources.arxiv_feed import ArxivFeed, read_feed
from tools.sources.hf_daily import HfDaily
from tools.sources.local_files import LocalFiles
from tools.web.client import PoliteClient

from .conftest import Mirror, asked
from .small_world import make

SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 18, 17, tzinfo=UTC)


@pytest.mark.shared
def test_every_recorded_hf_day_is_read_whole(shared: Path, mirror: Mirror, tmp_path: Path) -> None:
    source = HfDaily(*make(tmp_path, mirror()))
    days = sorted((shared / "feeds" / "hf_daily").glob("*.json"))
    assert len(days) >= 11
    for file in days:
        rows = json.loads(file.read_text("utf-8"))
        listing = source.list(Query(day=date.fromisoformat(file.stem)))
        assert len(listing.papers) + len(listing.problems) == len(rows)
        assert not listing.problems
        for paper, row in zip(listing.papers, rows, strict=True):
            assert paper.id == row["paper"]["id"] and paper.title and paper.authors and paper.published
            assert "\n" not in paper.abstract


@pytest.mark.shared
def test_the_recorded_arxiv_feed(shared: Path) -> None:
    body = (shared / "feeds" / "arxiv_rss" / "rss_cs.AI_2025-08-20.atom.xml").read_bytes()
    listing = read_feed(body, "x").listing
    assert listing.day == date(2025, 8, 20)
    assert len(listing.papers) == 7 and not listing.problems
    assert [p.announce_type for p in listing.papers].count("cross") == 5
    first, third = listing.papers[0], listing.papers[2]
    assert first.version == "2508.13426v1" and first.abstract.startswith("As large language models")
    assert first.authors == ("Chunhua Liu", "Kabir Manandhar Shrestha", "Sukai Huang")
    assert (
        first.categories == ("cs.CL", "cs.AI") and first.licence == "http://creativecommons.org/licenses/by-nc-sa/4.0/"
    )
    assert third.authors == ("Paulo André Lima de Castro",)
    assert first.published is None, "the feed tells the day of announcement, not of submission"


@pytest.mark.shared
def test_recorded_api_answers(shared: Path, httpserver: HTTPServer, tmp_path: Path) -> None:
    recorded = {}
    for file in (shared / "feeds" / "arxiv_api").glob("id_*.json"):
        answer = json.loads(file.read_text("utf-8"))
        recorded[parse_qs(urlsplit(answer["url"]).query)["id_list"][0]] = answer

    def respond(request: Request) -> Response:
        answer = recorded[request.args["id_list"]]
        return Response(answer["body"], answer["status_code"], {"Content-Type": "application/atom+xml"})

    httpserver.expect_request("/api/query").respond_with_handler(respond)
    source = ArxivApi(*make(tmp_path, httpserver.url_for("")))
    both = source.by_ids(("0808.05394", "1707.08567"))
    assert [p.version for p in both.papers] == ["1707.08567v1"]
    assert [p.id for p in both.problems] == ["0808.05394"]
    assert both.papers[0].categories[0] == "cs.IT" and len(both.papers[0].authors) > 5
    old = source.by_ids(("quant-ph/0201082v1",)).papers[0]
    assert (old.id, old.version) == ("quant-ph/0201082", "quant-ph/0201082v1")
    assert source.by_ids(("abc",)).problems[0].id == "abc"
    assert source.by_ids(("0000.0000",)).problems


@pytest.mark.shared
def test_the_mirrors_day_from_every_source(shared: Path, mirror: Mirror, tmp_path: Path) -> None:
    records = [json.loads(line) for line in (shared / "papers" / "papers.jsonl").read_text("utf-8").splitlines()]
    web, settings = make(tmp_path, mirror())
    hf = HfDaily(web, settings, lambda: SUNDAY).list(Query(day=date(2026, 11, 20)))
    feed = ArxivFeed(web, settings).list(Query(categories=("cs",)))
    by_ids = ArxivApi(web, settings).by_ids([r["id"] for r in records])
    assert {p.id for p in hf.papers} == {p.id for p in feed.papers} == {r["id"] for r in records}
    assert [p.version for p in by_ids.papers] == [r["version"] for r in records]
    assert {p.version: p.published for p in feed.papers} == {p.version: p.published for p in by_ids.papers}
    assert not (hf.problems or feed.problems or by_ids.problems)


@pytest.mark.shared
def test_the_mirrors_api_filters_by_submission_window(shared: Path, mirror: Mirror, tmp_path: Path) -> None:
    records = [json.loads(line) for line in (shared / "papers" / "papers.jsonl").read_text("utf-8").splitlines()]
    r1 = next(r for r in records if r["id"] == "2501.12948")
    submitted = date.fromisoformat(r1["published"])
    web, settings = make(tmp_path, mirror())
    # It was submitted at noon GMT of a Wednesday, so before that day's deadline: Thursday's listing.
    assert submitted == date(2025, 1, 22)
    found = ArxivDay(web, settings).list(Query(day=date(2025, 1, 23), categories=("cs",)))
    assert "2501.12948" in {p.id for p in found.papers}
    assert all(p.published and p.published <= submitted for p in found.papers)
    assert not ArxivDay(web, settings).list(Query(day=date(2025, 1, 24), categories=("cs",))).papers


@pytest.mark.shared
@pytest.mark.parametrize("kind", ["503", "html", "empty", "truncate"])
def test_listings_survive_every_fault(mirror: Mirror, tmp_path: Path, kind: str) -> None:
    address = mirror(*(f"{route}:{kind}:0.5" for route in ("hf", "atom", "api")))
    web, settings = make(tmp_path, address, retries=10)
    whole = {
        "hf": HfDaily(web, settings, lambda: SUNDAY).list(Query(day=date(2026, 11, 20))),
        "atom": ArxivFeed(web, settings).list(Query(categories=("cs",))),
        "api": ArxivApi(web, settings).by_ids(("2501.12948", "2406.11931")),
    }
    assert {k: len(v.papers) for k, v in whole.items()} == {"hf": 21, "atom": 21, "api": 2}


@pytest.mark.shared
def test_pdfs_survive_every_fault_twice_the_same(shared: Path, mirror: Mirror, tmp_path: Path) -> None:
    kinds = ("html:0.15", "503:0.15", "empty:0.15", "truncate:0.25")
    versions = ["1903.03714v1", "2501.12948v1", "2502.16982v1", "2503.05139v1"]
    runs = []
    for run in ("one", "two"):
        address = mirror(*(f"pdf:{kind}" for kind in kinds))
        web, settings = make(tmp_path / run, address, retries=15)
        for version in versions:
            paper = Paper(id=version[:-2], version=version, title="")
            target = fetch_pdf(web, settings, paper, tmp_path / run / "pdf" / f"{version}.pdf")
            assert target.read_bytes() == (shared / "papers" / f"{version}.pdf").read_bytes()
        assert sorted(p.name for p in (tmp_path / run / "pdf").iterdir()) == [f"{v}.pdf" for v in versions]
        runs.append([r["path"] for r in asked(address)])
    assert runs[0] == runs[1]
    assert len(runs[0]) > len(versions), "some of the faults were met"


@pytest.mark.shared
def test_a_busy_mirror_gets_the_silence_it_asks_for(mirror: Mirror, tmp_path: Path) -> None:
    address = mirror("hf:429:0.4")  # Retry-After: 2
    web, settings = make(tmp_path, address)
    assert len(HfDaily(web, settings, lambda: SUNDAY).list(Query(day=date(2026, 11, 20))).papers) == 21
    times = [r["t"] for r in asked(address)]
    assert len(times) > 1, "the fault was met"
    assert all(later - earlier >= 1.99 for earlier, later in itertools.pairwise(times))


@pytest.mark.shared
def test_a_download_that_is_always_cut_leaves_nothing(mirror: Mirror, tmp_path: Path) -> None:
    web, settings = make(tmp_path, mirror("pdf:truncate:1"), retries=2)
    folder = tmp_path / "pdf"
    with pytest.raises(Retry):
        fetch_pdf(web, settings, Paper(id="1903.03714", version="1903.03714v1", title=""), folder / "a.pdf")
    assert not list(folder.iterdir())


@pytest.mark.shared
def test_a_paper_the_mirror_does_not_have_is_skipped(mirror: Mirror, tmp_path: Path) -> None:
    web, settings = make(tmp_path, mirror())
    with pytest.raises(Skip) as error:
        fetch_pdf(web, settings, Paper(id="2401.00001", version="2401.00001", title=""), tmp_path / "a.pdf")
    assert error.value.code == "not_found"


@pytest.mark.shared
def test_a_slow_answer_is_waited_for_or_asked_for_again(mirror: Mirror, tmp_path: Path) -> None:
    address = mirror("hf:slow:1")
    web, settings = make(tmp_path, address, retries=0)
    assert len(HfDaily(web, settings, lambda: SUNDAY).list(Query(day=date(2026, 11, 20))).papers) == 21
    hasty = settings.model_copy(update={"http_timeout": 0.5, "cache": tmp_path / "other"})
    with pytest.raises(Retry, match="没有按时回答"):
        HfDaily(PoliteClient(hasty, 0.01), hasty, lambda: SUNDAY).list(Query(day=date(2026, 11, 20)))


@pytest.mark.shared
def test_the_mirror_is_asked_at_arxivs_pace(mirror: Mirror, tmp_path: Path) -> None:
    address = mirror()
    settings = load(home=tmp_path, cache=tmp_path, mirror=address, arxiv_interval=0.5)
    ArxivFeed(PoliteClient(settings), settings).list(Query())
    ArxivApi(PoliteClient(settings), settings).by_ids(("2501.12948",))
    paper = Paper(id="1903.03714", version="1903.03714v1", title="")
    fetch_pdf(PoliteClient(settings), settings, paper, tmp_path / "a.pdf")
    times = [r["t"] for r in asked(address)]
    assert len(times) == 3
    assert min(times[1] - times[0], times[2] - times[1]) >= 0.499  # the mirror rounds to milliseconds
    assert all(r["agent"].startswith("zhengdu/") for r in asked(address)), "not the package's own name"


@pytest.mark.shared
def test_hard_files_are_told_apart_by_their_bytes(shared: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hard"
    shutil.copytree(shared / "hard", folder)
    web, settings = make(tmp_path, "http://127.0.0.1:1")
    listing = LocalFiles(web, settings).list(Query(folder=str(folder)))
    assert len(listing.papers) == len(list(folder.iterdir()))
    skipped: dict[str, str] = {}
    for paper in listing.papers:
        try:
            fetch_pdf(web, settings, paper, tmp_path / "never.pdf")
        except Skip as error:
            assert error.code == "not_a_pdf"
            skipped[paper.title] = error.message
    assert skipped.keys() == {"empty_2bytes", "lfs_pointer_2602.16241"}
    assert "Git LFS" in skipped["lfs_pointer_2602.16241"]
