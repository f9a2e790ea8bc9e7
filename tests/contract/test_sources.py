"""What every source promises, and what each does with its service, against hand-written answers."""

import importlib
import json
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

import tools.sources
from core.errors import Misconfigured, Retry, Stop
from core.models import Listing, Query, Step
from tools.sources import load_sources, open_source
from tools.sources.hf_daily import HfDaily
from tools.sources.local_files import LocalFiles
from tools.sources.sample import Sample

from .small_world import atom, atom_entry, hf_rows, make

SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 18, 17, tzinfo=UTC)


# The registry


def test_people_can_name_these_sources() -> None:
    assert list(load_sources()) == ["arxiv", "files", "hf", "sample"]
    assert list(load_sources(inner=True)) == ["arxiv", "arxiv_api", "arxiv_feed", "files", "hf", "sample"]


def test_every_file_of_the_folder_is_a_source() -> None:
    names = [m.name for m in pkgutil.iter_modules(tools.sources.__path__) if not m.name.startswith("_")]
    made = [importlib.import_module(f"tools.sources.{name}").SOURCE.name for name in names]
    assert sorted(made) == list(load_sources(inner=True))


def test_an_unknown_source_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="arxiv、files、hf、sample") as error:
        open_source("arxiv_api", *make(tmp_path, "http://127.0.0.1:1"))
    assert error.value.setting == "source"


def test_listing_the_folder_loads_no_heavy_library() -> None:
    code = (
        "import sys, tools.sources as s; s.load_sources(True); print({'arxiv', 'lxml', 'feedparser'} & {*sys.modules})"
    )
    root = Path(__file__).parents[2]
    out = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"


# What every source promises, against a small world


@pytest.fixture
def world(httpserver: HTTPServer, tmp_path: Path) -> Callable[[str], Callable[[], Listing]]:
    """For the name of a source: a function that lists, with a new client each time."""
    httpserver.expect_request("/api/daily_papers").respond_with_response(hf_rows("2511.00001", "oops", "2511.00002"))
    httpserver.expect_request("/atom/cs.CL+cs.AI+cs.LG").respond_with_response(
        atom(atom_entry("2511.00001v1") + atom_entry("nothing"))
    )
    httpserver.expect_request("/api/query").respond_with_response(
        atom(atom_entry("2511.00001v1") + atom_entry("2511.00003v2", comment="This paper has been withdrawn"), 2)
    )
    folder = tmp_path / "pdfs"
    folder.mkdir()
    (folder / "b.PDF").write_bytes(b"%PDF-1.4 b")
    (folder / "a.pdf").write_bytes(b"%PDF-1.4 a")
    (folder / "copy of a.pdf").write_bytes(b"%PDF-1.4 a")
    manifest = {"date": "2026-11-18", "papers": [{"file": "a.pdf", "title": "A"}, {"file": "gone.pdf"}]}
    (folder / "sample.json").write_text(json.dumps(manifest), "utf-8")

    def choose(name: str) -> Callable[[], Listing]:
        def run() -> Listing:
            web, settings = make(tmp_path, httpserver.url_for(""))
            if name == "sample":
                return Sample(web, settings, folder).list(Query())
            source = load_sources(inner=True)[name](web, settings)
            return source.list(Query(day=date(2026, 11, 18), folder=str(folder)))

        return run

    return choose


@pytest.mark.parametrize("name", load_sources(inner=True))
def test_every_source_gives_papers_and_reasons_for_the_rest(
    world: Callable[[str], Callable[[], Listing]], name: str
) -> None:
    listing = world(name)()
    assert listing.source == name
    assert listing.day == date(2026, 11, 18)
    assert ZoneInfo(listing.zone)
    assert listing.papers and listing.problems
    assert len({p.version for p in listing.papers}) == len(listing.papers)
    for paper in listing.papers:
        assert paper.version.startswith(paper.id)
        assert paper.title == " ".join(paper.title.split())
        assert (paper.path is not None) == paper.id.startswith("file-")
    for wrong in listing.problems:
        assert wrong.id and wrong.reason.endswith("。") and wrong.step is Step.LIST


@pytest.mark.parametrize("name", load_sources(inner=True))
def test_two_equal_runs_list_the_same(world: Callable[[str], Callable[[], Listing]], name: str) -> None:
    assert world(name)() == world(name)()


# Hugging Face


def test_hf_asks_for_the_day_and_explains_an_empty_one(httpserver: HTTPServer, tmp_path: Path) -> None:
    seen: list[str] = []

    def answer(request: Request) -> Response:
        seen.append(request.args["date"])
        assert request.args["limit"] == "100"
        return hf_rows()

    httpserver.expect_request("/api/daily_papers").respond_with_handler(answer)
    source = HfDaily(*make(tmp_path, httpserver.url_for("")), lambda: WEDNESDAY)
    notes = {day: source.list(Query(day=date.fromisoformat(day) if day else None)).note for day in NOTES}
    httpserver.check_assertions()
    assert all(word in notes[day] for day, word in NOTES.items()), notes
    assert seen == ["2026-11-18", "2026-11-15", "2026-11-17"], "the future is not asked for"


NOTES = {None: "还没有论文", "2026-11-15": "周末不更新", "2026-11-17": "没有这一天的记录", "2026-11-19": "还没有到"}


def test_hf_default_day_is_the_last_weekday_in_utc(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/api/daily_papers", query_string="date=2026-11-20&limit=100").respond_with_response(
        hf_rows("2511.00001")
    )
    listing = HfDaily(*make(tmp_path, httpserver.url_for("")), lambda: SUNDAY).list(Query())
    assert (listing.day, len(listing.papers)) == (date(2026, 11, 20), 1)


def test_hf_lists_each_paper_once_and_admits_a_full_page(httpserver: HTTPServer, tmp_path: Path) -> None:
    ids = [f"2511.{n:05d}" for n in range(99)]
    httpserver.expect_request("/api/daily_papers").respond_with_response(hf_rows(*ids, ids[0]))
    listing = HfDaily(*make(tmp_path, httpserver.url_for(""))).list(Query(day=date(2026, 11, 18)))
    assert len(listing.papers) == 99
    assert [p.id for p in listing.problems] == [ids[0]]
    assert "更多" in listing.note


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Response('{"error": "x"}', 200, {"Content-Type": "application/json"}), Retry),
        (Response("<html>", 200, {"Content-Type": "text/html"}), Retry),
        (Response('{"error":"Invalid date"}', 400, {"Content-Type": "application/json"}), Stop),
        (Response("", 500), Retry),
    ],
)
def test_hf_never_takes_an_error_for_an_empty_day(
    httpserver: HTTPServer, tmp_path: Path, answer: Response, error: type[Exception]
) -> None:
    httpserver.expect_request("/api/daily_papers").respond_with_response(answer)
    with pytest.raises(error):
        HfDaily(*make(tmp_path, httpserver.url_for(""), retries=1)).list(Query(day=date(2026, 11, 18)))


# Files and the sample


def test_files_are_sorted_named_by_content_and_not_searched_for_below(tmp_path: Path) -> None:
    folder = tmp_path / "pdfs"
    (folder / "below.pdf").mkdir(parents=True)
    (folder / "below.pdf" / "c.pdf").write_bytes(b"%PDF c")
    for name, body in (("b.pdf", b""), ("a.PDF", b"%PDF a"), ("notes.txt", b"x")):
        (folder / name).write_bytes(body)
    listing = LocalFiles(*make(tmp_path, "http://127.0.0.1:1"), lambda: SUNDAY).list(Query(folder=str(folder)))
    assert [p.title for p in listing.papers] == ["a", "b"]
    assert listing.papers[1].id == listing.papers[1].version == "file-e3b0c44298fc"
    assert listing.day == date(2026, 11, 22)
    (folder / "a.PDF").rename(folder / "z.pdf")
    again = LocalFiles(*make(tmp_path, "http://127.0.0.1:1")).list(Query(folder=str(folder)))
    assert {p.id for p in again.papers} == {p.id for p in listing.papers}, "the name does not matter"


@pytest.mark.parametrize("folder", [None, "missing", "file.pdf"])
def test_files_without_a_folder_name_the_setting(tmp_path: Path, folder: str | None) -> None:
    (tmp_path / "file.pdf").write_bytes(b"")
    query = Query(folder=folder and str(tmp_path / folder))
    with pytest.raises(Misconfigured) as error:
        LocalFiles(*make(tmp_path, "http://127.0.0.1:1")).list(query)
    assert error.value.setting == "folder"


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    listing = LocalFiles(*make(tmp_path, "http://127.0.0.1:1")).list(Query(folder=str(tmp_path)))
    assert not listing.papers and "没有 PDF" in listing.note


def test_sample_knows_its_day_and_its_papers(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF a")
    (tmp_path / "unlisted.pdf").write_bytes(b"%PDF b")
    entry = {"file": "a.pdf", "title": "T", "abstract": "S", "authors": ["Ann"], "published": "2026-11-19"}
    (tmp_path / "sample.json").write_text(json.dumps({"date": "2026-11-20", "papers": [entry]}), "utf-8")
    source = Sample(*make(tmp_path, "http://127.0.0.1:1"), tmp_path)
    first, second = source.list(Query()).papers
    assert (first.title, first.abstract, first.authors, first.published) == ("T", "S", ("Ann",), date(2026, 11, 19))
    assert second.title == "unlisted"
    other = source.list(Query(day=date(2026, 11, 19)))
    assert not other.papers and "2026-11-20" in other.note


@pytest.mark.parametrize("manifest", [None, "{", "[]", '{"papers": []}', '{"date": "2026-11-20", "extra": 1}'])
def test_a_damaged_sample_stops_with_a_reason(tmp_path: Path, manifest: str | None) -> None:
    if manifest is not None:
        (tmp_path / "sample.json").write_text(manifest)
    with pytest.raises(Stop, match="样例"):
        Sample(*make(tmp_path, "http://127.0.0.1:1"), tmp_path).list(Query())
