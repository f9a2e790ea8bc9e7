"""Reading the entries of each source, odd ones included."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from core.errors import Misconfigured, Retry
from core.models import Paper, Problem
from tools.sources._entries import check_categories, identify, name
from tools.sources.arxiv_api import read_result
from tools.sources.arxiv_feed import read_feed, split_creators
from tools.sources.hf_daily import read_entry


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("2501.12948", ("2501.12948", "2501.12948")),
        (" 2501.12948v2 ", ("2501.12948", "2501.12948v2")),
        ("hep-th/9901001v1", ("hep-th/9901001", "hep-th/9901001v1")),
        ("../../etc/passwd", None),
        ("2501.12948/../x", None),
        ("2501.12948?x=1", None),
        ("２５０１.12948", None),
        ("", None),
        (None, None),
        (2501.12948, None),
    ],
)
def test_only_identifiers_are_identifiers(text: object, ids: tuple[str, str] | None) -> None:
    assert identify(text) == ids


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (r"Paulo Andr\'e Lima de Castro", "Paulo André Lima de Castro"),
        (r"J\"urgen Schmidhuber", "Jürgen Schmidhuber"),
        (r"Bj{\"o}rn \v{S}m\'{\i}d", "Björn Šmíd"),
        (r"Fran\c{c}ois Bj{\o}rn {\L}ukasz", "François Bjørn Łukasz"),
        (r"\AA sa Stra\ss e", "Åsa Straße"),
        ("Kees A. Schouhamer Immink", "Kees A. Schouhamer Immink"),
        ("李明", "李明"),
    ],
)
def test_names_lose_their_tex(tex: str, plain: str) -> None:
    assert name(tex) == plain


def test_creators_are_split_into_people() -> None:
    one = ["Ann Lee (MIT, Cambridge), Bo Li, Sammy Davis, Jr., Carla Ruiz"]
    assert split_creators(one) == ("Ann Lee", "Bo Li", "Sammy Davis, Jr.", "Carla Ruiz")
    assert split_creators(["Ann Lee", "Bo Li"]) == ("Ann Lee", "Bo Li")


def test_categories_are_checked_before_they_become_an_address() -> None:
    assert check_categories(()) == ("cs.CL", "cs.AI", "cs.LG")
    assert check_categories(("cs", "q-fin.CP", "physics.acc-ph")) == ("cs", "q-fin.CP", "physics.acc-ph")
    for wrong in ("cs.CL OR cat:math", "../x", "计算", ""):
        with pytest.raises(Misconfigured):
            check_categories((wrong,))


# Hugging Face


def test_hf_entry_with_everything() -> None:
    row = {
        "paper": {
            "id": "2501.12948",
            "title": "A\n  title",
            "summary": "One\ntwo.",
            "publishedAt": "2025-01-21T23:30:00.000-05:00",
            "authors": [{"name": "Ann"}, {"name": "Bo", "hidden": True}, {"user": {}}],
            "upvotes": 7,
            "ai_keywords": ["reasoning", ""],
        }
    }
    assert read_entry(row) == Paper(
        id="2501.12948",
        version="2501.12948",
        title="A title",
        abstract="One two.",
        authors=("Ann",),
        published=date(2025, 1, 22),
        upvotes=7,
        keywords=("reasoning",),
    )


def test_hf_entry_with_nothing_but_an_id_and_its_flat_shape() -> None:
    bare = Paper(id="2501.12948", version="2501.12948", title="")
    assert read_entry({"paper": {"id": "2501.12948"}}) == bare
    assert read_entry({"id": "2501.12948"}) == bare
    beside = read_entry({"paper": {"id": "2501.12948"}, "title": "T", "summary": "S"})
    assert isinstance(beside, Paper) and (beside.title, beside.abstract) == ("T", "S")


@pytest.mark.parametrize(
    "row",
    [
        "text",
        None,
        {},
        {"paper": {"id": "../../x"}},
        {"paper": {"id": 7}},
        {"paper": {"id": "2501.12948", "publishedAt": "yesterday"}},
        {"paper": {"id": "2501.12948", "ai_keywords": 5}},
    ],
)
def test_hf_entries_that_are_no_papers_say_why(row: object) -> None:
    found = read_entry(row)
    assert isinstance(found, Problem) and found.id and found.reason


# The feed

FEED = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>t</title><updated>2025-08-20T04:00:19+00:00</updated>{}</feed>"""


def entry(id: str = "oai:arXiv.org:2508.13426v1", kind: str = "new", summary: str = "", title: str = "T") -> str:
    return (
        f"<entry><id>{id}</id><title>{title}</title><updated>2025-08-20T04:00:19+00:00</updated>"
        f"<summary>{summary}</summary><category term='cs.CL'/><published>2025-08-20T00:00:00-04:00</published>"
        f"<arxiv:announce_type>{kind}</arxiv:announce_type><dc:rights>http://l/</dc:rights>"
        f"<dc:creator>Ann Lee, Bo Li</dc:creator></entry>"
    )


def feed(*entries: str) -> Any:
    return read_feed(FEED.format("".join(entries)).encode(), "arxiv_feed")


def test_feed_entry() -> None:
    text = "arXiv:2508.13426v1 Announce Type: new \nAbstract: If a &lt; b and &lt;b&gt; is a\n  token, 5% win."
    listing = feed(entry(summary=text)).listing
    assert listing.day == date(2025, 8, 20)
    assert listing.papers == (
        Paper(
            id="2508.13426",
            version="2508.13426v1",
            title="T",
            abstract="If a < b and <b> is a token, 5% win.",
            authors=("Ann Lee", "Bo Li"),
            categories=("cs.CL",),
            announce_type="new",
            licence="http://l/",
        ),
    )


def test_feed_leaves_out_replacements_and_counts_them() -> None:
    listing = feed(
        entry(),
        entry("oai:arXiv.org:2508.1v1"),
        entry("oai:arXiv.org:2401.00001v3", "replace"),
        entry("oai:arXiv.org:2401.00002v2", "replace-cross"),
        entry("oai:arXiv.org:2508.00003v1", "cross"),
        entry("oai:arXiv.org:2508.00004v1", "surprise"),
        entry(),
    ).listing
    assert [p.version for p in listing.papers] == ["2508.13426v1", "2508.00003v1"]
    assert "2 篇" in listing.note
    assert [p.id for p in listing.problems] == ["oai:arXiv.org:2508.1v1", "2508.00004v1"]


def test_an_empty_feed_is_no_error_and_no_feed_is_one() -> None:
    empty = feed()
    assert empty.entries == 0 and empty.listing.papers == () and "空" in empty.listing.note
    for body in (b"<a/>", b"hello", b"http://127.0.0.1:1/feed"):
        with pytest.raises(Retry):
            read_feed(body, "x")


# The API


def result(**fields: object) -> SimpleNamespace:
    base = {
        "entry_id": "http://arxiv.org/abs/hep-th/9901001v2",
        "title": "A \n title",
        "summary": "Text\nhere.",
        "comment": None,
        "authors": [SimpleNamespace(name="Ann Lee")],
        "primary_category": "cs.CL",
        "categories": ["cs.AI", "cs.CL"],
        "published": datetime(2026, 11, 19, 23, 30, tzinfo=UTC),
    }
    return SimpleNamespace(**(base | fields))


def test_api_result() -> None:
    assert read_result(result()) == Paper(
        id="hep-th/9901001",
        version="hep-th/9901001v2",
        title="A title",
        abstract="Text here.",
        authors=("Ann Lee",),
        categories=("cs.CL", "cs.AI"),
        published=date(2026, 11, 19),
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"comment": "This paper has been withdrawn by Ann Lee"}, "撤回"),
        ({"summary": "This submission has been withdrawn by arXiv administrators"}, "撤回"),
        ({"entry_id": "https://arxiv.org/api/errors#incorrect_id_format_for_abc"}, "不是论文"),
    ],
)
def test_api_results_that_are_no_papers(fields: dict[str, object], reason: str) -> None:
    found = read_result(result(**fields))
    assert isinstance(found, Problem) and reason in found.reason


def test_a_paper_about_withdrawal_is_a_paper() -> None:
    assert isinstance(read_result(result(summary="We study why papers have been withdrawn.")), Paper)
