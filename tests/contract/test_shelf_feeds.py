"""RSS 2.0 and Atom 1.0: what the specifications ask for, and a reader of feeds."""

import importlib
import re
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest

from core.publication import Publication, Shelf
from tests.contract import sample_issue
from tests.contract.shelves import ADDRESS, dated, printed, shelf
from tests.contract.shelves import read as read_html

etree: Any = importlib.import_module("lxml.etree")
_ATOM = "{http://www.w3.org/2005/Atom}"
_MORE = {"dc": "http://purl.org/dc/elements/1.1/", "content": "http://purl.org/rss/1.0/modules/content/"}
_SCHEMA = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="feed"><attribute name="xml:lang"><value>zh-CN</value></attribute>
    <interleave>
      <ref name="id"/><element name="title"><text/></element><ref name="updated"/><ref name="author"/>
      <element name="generator"><text/></element><element name="subtitle"><text/></element>
      <zeroOrMore><ref name="link"/></zeroOrMore>
      <zeroOrMore><element name="entry"><interleave>
        <ref name="id"/><element name="title"><text/></element><ref name="updated"/><ref name="author"/>
        <element name="published"><ref name="moment"/></element><element name="summary"><text/></element>
        <element name="content"><attribute name="type"><value>html</value></attribute><text/></element>
        <optional><ref name="link"/></optional>
      </interleave></element></zeroOrMore>
    </interleave></element></start>
  <define name="id"><element name="id">
    <data type="anyURI"><param name="pattern">urn:uuid:[0-9a-f-]{36}</param></data></element></define>
  <define name="moment"><data type="dateTime"><param name="pattern">.*T00:00:00[+-].*</param></data></define>
  <define name="updated"><element name="updated"><ref name="moment"/></element></define>
  <define name="author"><element name="author"><element name="name"><text/></element></element></define>
  <define name="link"><element name="link"><optional><attribute name="rel"/></optional>
    <attribute name="href"><data type="anyURI"><param name="pattern">https://.*</param></data></attribute>
  </element></define>
</grammar>
"""
"""What of RFC 4287 our feeds use."""

KINDS = {
    "several": shelf(),
    "addressed": shelf(address=ADDRESS),
    "hostile": shelf(sample_issue.hostile(), address=ADDRESS),
    "empty day": shelf(sample_issue.bare()),
    "plain": shelf(sample_issue.bare("plain")),
    "nothing": Shelf(lambda: iter(())),
}


def atom(found: Shelf) -> bytes:
    return printed(found)["atom.xml"]


def rss(found: Shelf) -> bytes:
    return printed(found)["rss.xml"]


@pytest.mark.parametrize("kind", KINDS)
def test_readers_have_nothing_to_complain_about(kind: str) -> None:
    files = printed(KINDS[kind])
    for name in ("rss.xml", "atom.xml"):
        found = feedparser.parse(files[name])
        assert not found.bozo, found.get("bozo_exception")
        assert found.feed.title == "证读" and found.feed.language == "zh-CN"
        assert len(found.entries) == sum(1 for _ in KINDS[kind].publications())
        assert all(entry.title and entry.id and entry.summary for entry in found.entries)


@pytest.mark.parametrize("kind", KINDS)
def test_atom_is_as_the_standard_wants_it(kind: str) -> None:
    schema, feed = etree.RelaxNG(etree.fromstring(_SCHEMA)), etree.fromstring(atom(KINDS[kind]))
    assert schema.validate(feed), schema.error_log
    ids = [found.text for found in feed.iter(f"{_ATOM}id")]
    assert len(ids) == len(set(ids))


def test_the_schema_refuses_what_is_missing() -> None:
    schema, feed = etree.RelaxNG(etree.fromstring(_SCHEMA)), etree.fromstring(atom(shelf()))
    feed.find(f"{_ATOM}entry").remove(feed.find(f"{_ATOM}entry/{_ATOM}updated"))
    assert not schema.validate(feed)


@pytest.mark.parametrize("kind", KINDS)
def test_rss_is_as_the_standard_wants_it(kind: str) -> None:
    feed = etree.fromstring(rss(KINDS[kind]))
    assert (feed.tag, feed.get("version")) == ("rss", "2.0") and len(feed) == 1
    channel = feed[0]
    for name in ("title", "link", "description", "language", "generator", "lastBuildDate"):
        assert len(channel.findall(name)) == 1 and channel.findtext(name), name
    assert re.match(r"(https|urn):", channel.findtext("link"))
    dates = [channel.findtext("lastBuildDate"), *(item.findtext("pubDate") for item in channel.iter("item"))]
    assert all(parsedate_to_datetime(found).strftime("%H:%M:%S") == "00:00:00" for found in dates)
    for item in channel.iter("item"):
        known = {"title", "link", "description", "guid", "pubDate", *(f"{{{space}}}{name}" for space, name in (
            (_MORE["dc"], "creator"), (_MORE["content"], "encoded")))}  # fmt: skip
        assert {child.tag for child in item} <= known and item.findtext("description")
        assert item.find("guid").get("isPermaLink") == "false" and item.findtext("guid").startswith("urn:uuid:")
        assert item.findtext("dc:creator", namespaces=_MORE) == "证读"
    guids = [found.text for found in channel.iter("guid")]
    assert len(guids) == len(set(guids))


def test_ids_do_not_hang_on_the_address() -> None:
    def ids(found: Shelf) -> list[str]:
        return [entry.id for entry in feedparser.parse(atom(found)).entries]

    other = shelf(address="https://elsewhere.example.org/")
    assert ids(shelf()) == ids(shelf(address=ADDRESS)) == ids(other)
    assert ids(shelf(sample_issue.publication())) == ["urn:uuid:6a99050c-6a54-594f-a674-97f316f43f07"]


def test_moments_are_the_issues_own() -> None:
    issues = [
        dated(sample_issue.bare("plain"), sample_issue.day().date, zone=zone, source=source)
        for source, zone in (
            ("hf", "UTC"),
            ("arxiv", "America/New_York"),
            ("files", "Asia/Shanghai"),
            ("sample", "No/T"),
        )
    ]
    found = feedparser.parse(atom(shelf(*issues)))
    assert [entry.published[-6:] for entry in found.entries] == ["+00:00", "-05:00", "+08:00", "+00:00"]
    assert found.feed.updated == found.entries[0].updated == "2026-11-20T00:00:00+00:00"
    week = feedparser.parse(atom(shelf())).entries[0]
    assert week.updated_parsed[:3] == (2026, 11, 22)


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_every_address_is_whole_and_links_hang_on_the_setting(address: str) -> None:
    files = printed(shelf(address=address))
    for name in ("rss.xml", "atom.xml"):
        found = feedparser.parse(files[name])
        links = [link.href for entry in found.entries for link in entry.get("links", ())]
        assert len(links) == (len(found.entries) if address else 0)
        inner = [a["href"] for e in found.entries for a in read_html(e.content[0].value.encode()).of("a")]
        assert inner and all(urlsplit(link).scheme == "https" and urlsplit(link).netloc for link in links + inner)
        own = [link.removeprefix(ADDRESS).partition("#")[0] for link in links + inner if link.startswith(ADDRESS)]
        assert all(link in files for link in own) and bool(own) == bool(address)


def test_content_says_what_is_worth_seeing_and_how_sure_it_is() -> None:
    entry = feedparser.parse(atom(shelf(sample_issue.publication(), address=ADDRESS))).entries[0]
    words = read_html(entry.content[0].value.encode()).words
    assert (
        "今日看点" in words
        and "两篇论文在小模型上给出数字：72.8% 与 4.2 个百分点。（部分支持 · 第 9 页、第 1 页）" in words
    )
    assert "强化学习让小模型学会检索" in words and "准确率达到 99%" not in words and "Too Little" not in words


def test_hostile_words_stay_words() -> None:
    raw = atom(shelf(sample_issue.hostile(), address=ADDRESS)).decode()
    assert not set("\x07\u202e") & set(raw)
    tags = {tag for tag, _ in read_html(feedparser.parse(raw).entries[0].content[0].value.encode()).tags}
    assert tags <= {"p", "h3", "ol", "ul", "li", "a", "span", "bdi"}
    raw_content = etree.fromstring(raw.encode()).findtext(f"{_ATOM}entry/{_ATOM}content")
    assert "<script" not in raw_content and "&lt;script&gt;" in raw_content


def test_letters_xml_may_not_hold_are_left_out() -> None:
    issue = sample_issue.publication()
    light = issue.overview.highlights[0]
    bad = "甲\x00\x0b\x1f\ud800\ufffe\uffff乙"
    spoilt = light.model_copy(update={"claim": light.claim.model_copy(update={"text": bad})})
    over = issue.overview.model_copy(update={"highlights": (spoilt,)})
    found = Publication(day=issue.day.model_copy(update={"note": bad}), overview=over)
    for made in (rss(shelf(found)), atom(shelf(found))):
        assert feedparser.parse(made).entries[0].summary == "甲乙"


def test_a_feed_has_the_newest_thirty_and_opens_no_more() -> None:
    opened = 0

    def many() -> Any:
        nonlocal opened
        for n in range(50):
            opened += 1
            yield dated(sample_issue.bare(), sample_issue.day().date.fromordinal(739_900 - n))

    from tools.exports.shelf.atom import EXPORTER

    (content,) = (content for _, content in EXPORTER.files(Shelf(many)))
    assert len(feedparser.parse(content).entries) == opened == 30
