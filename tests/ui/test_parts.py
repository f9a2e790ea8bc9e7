"""What the pages are made of: pure functions, hostile words, links that name nothing, days that go on."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from core.desk import Page
from core.errors import Misconfigured, Retry, Stop
from core.models import Box, Query, Usage
from core.ports import Issue, Progress
from core.settings import load
from tests.ui import fake_day
from tests.ui.fake_desk import FakeDesk
from ui.web import digest, evidence, issue, runs, shelf
from ui.web.exhibits import Exhibit, Exhibits
from ui.web.markup import esc
from ui.web.pictures import Pictures
from ui.web.serve import House
from ui.web.texts import Texts, texts

ZH, EN = texts("zh"), texts("en")
HOSTILE = (
    "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", '"><svg onload=alert(1)>', "' onmouseover='alert(1)",
    "[x](javascript:alert(1))", "**b** `c` | d", "${alert(1)} {{constructor}} @children", "&lt;b&gt; &amp;",
    "\u202egnp.exe\u202c \u2066x\u2069", "مرحبا بالعالم", "w" * 300, "👩‍🔬🧪", "a\x00b\x1bc",
)  # fmt: skip
_TAGS = {
    "a", "article", "aside", "b", "bdi", "blockquote", "button", "datalist", "details", "div", "em", "figure", "footer",
    "form", "h2", "h3", "header", "i", "img", "input", "label", "li", "mark", "nav", "ol", "option", "output", "p",
    "path", "circle", "section", "select", "small", "span", "summary", "svg", "ul",
}  # fmt: skip


class _Looked(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def _harmless(html: str) -> _Looked:
    found = _Looked(html)
    assert found.tags <= _TAGS
    assert not {name for name in found.attributes if name.startswith("on")}
    assert all(link.startswith(("#e:", "https://arxiv.org/", "/pictures/", "/issues/k/")) for link in found.links)
    assert not re.search("[\x00-\x08\x1b\u202a-\u202e\u2066-\u2069]", html)
    return found


def _named(words: str) -> Any:
    day = fake_day.day()
    result = day.results[0]
    paper = result.paper.model_copy(
        update={"title": words, "authors": (words,), "categories": (words,), "keywords": (words,)}
    )
    said = tuple(c.model_copy(update={"text": words}) for c in result.digest.claims) if result.digest else ()
    found = result.digest.model_copy(update={"claims": said, "labels": (words,)}) if result.digest else None
    results = (result.model_copy(update={"paper": paper, "digest": found}), *day.results[1:])
    return day.model_copy(update={"results": results, "note": words, "model": words})


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("language", [ZH, EN])
def test_hostile_words_stay_words(words: str, language: Texts) -> None:
    day = _named(words)
    result = day.results[0]
    listed = _harmless(issue.page(day, "k", lambda r: "", language))
    shown = _harmless(digest.article(result, result.digest, "k", lambda claim: "0" * 32, language))
    plain = _Looked(esc(words)).text
    assert plain in listed.text
    assert plain in shown.text
    quote = fake_day.quote(text=words).model_copy(update={"section": words, "spelled_out": words})
    exhibits = Exhibits()
    name = exhibits.keep(Exhibit(quotes=(quote, quote), claim=result.digest.claims[0], title=words))
    found = exhibits.find(f"{name}-1", "")
    assert found is not None
    leaf = evidence.Leaf(6, Page(path=Path("x.png"), width=595, height=842), "/pictures/x.png")
    assert plain in _harmless(evidence.drawer(found, [leaf], "", language)).text
    assert plain in _harmless(evidence.drawer(found, [], words, language)).text
    assert plain in _harmless(issue.found(words, [], language)).text


def test_both_languages_say_everything() -> None:
    assert ZH.words.keys() == EN.words.keys()
    fields = re.compile(r"{(\w+)")
    for key, said in ZH.words.items():
        assert set(fields.findall(said)) == set(fields.findall(EN.words[key])), key


def test_marks_stand_where_the_words_are() -> None:
    page = Page(path=Path("x.png"), width=600.0, height=800.0)
    leaf = evidence.leaf(
        evidence.Leaf(2, page, "/pictures/x.png"),
        [Box(2, 61.5, 81.5, 298.5, 118.5), Box(3, 0, 0, 9, 9), Box(2, -5.0, 790.0, 700.0, 900.0)], ZH,
    )  # fmt: skip
    marks = re.findall(r"left:([\d.]+)%;top:([\d.]+)%;width:([\d.]+)%;height:([\d.]+)%", leaf)
    assert [tuple(map(float, mark)) for mark in marks] == [(10, 10, 40, 5), (0, 98.562, 100, 1.438)]


def test_a_link_opens_only_what_was_given_to_that_person() -> None:
    exhibits = Exhibits(kept=2)
    mine = exhibits.keep(Exhibit(quotes=(fake_day.quote(),)), owner="a" * 32)
    assert exhibits.keep(Exhibit(quotes=(fake_day.quote(),)), owner="a" * 32) == mine
    assert exhibits.find(f"{mine}-0", "a" * 32)
    for key, owner in ((f"{mine}-0", "b" * 32), (f"{mine}-0", ""), (f"{mine}-1", "a" * 32), (mine, "a" * 32)):
        assert exhibits.find(key, owner) is None
    for n in range(2):
        exhibits.keep(Exhibit(quotes=(fake_day.quote(page=n + 1),)))
    assert exhibits.find(f"{mine}-0", "a" * 32) is None  # the oldest went


async def test_pictures_have_no_names_of_ours(tmp_path: Path) -> None:
    pictures, there = Pictures(), tmp_path / "a.png"

    async def make() -> Path:
        return there

    address = pictures.keep("page x 1", make)
    assert str(tmp_path) not in address
    assert await pictures.find(address.removeprefix("/pictures/").removesuffix(".png")) == there
    assert await pictures.find("../a") is None
    assert await pictures.find("0" * 32) is None


def test_a_calendar_leaf_a_month() -> None:
    days = [(date(2026, 11, 20), "a"), (date(2026, 11, 20), "b"), (date(2026, 10, 1), "c")]
    issues = [Issue(key=k, date=d, source="hf", model="m", published=3, listed=5) for d, k in days]
    html = shelf.shelf(issues, "c", ZH)
    assert html.count("<details") == 2
    assert html.count('<details class="zd-month" open>') == 1
    assert html.index("2026 年 11 月") < html.index("2026 年 10 月")
    assert 'aria-current="date"' in html[html.index("2026 年 10 月") :]
    assert "2026-11-20，2 份" in html
    assert shelf.shelf([], "", ZH) == ""


class _Slow(FakeDesk):
    """Tells one thing and then waits until it is cancelled."""

    stop: asyncio.Event

    async def fetch(self, source: str, query: Query) -> AsyncIterator[Progress]:
        yield Progress(paper="", step="list", note="列出 2 篇")
        yield Progress(paper="2511.10001v1", step="read", usage=Usage(calls=1, prompt_tokens=10, cost=0.5))
        yield Progress(paper="", step="papers", done=1, of=2)
        await self.stop.wait()
        raise Stop("停了")

    def cancel(self, source: str, query: Query) -> bool:
        self.stop.set()
        return True


async def test_a_run_is_watched_once_and_may_be_cancelled(tmp_path: Path) -> None:
    desk, all_runs = _Slow(tmp_path), runs.Runs(clock=lambda: 75.0)
    desk.stop = asyncio.Event()
    run = all_runs.watch(desk, "hf", Query(limit=2))
    assert all_runs.watch(desk, "hf", Query(limit=2)) is run
    await asyncio.sleep(0)
    await asyncio.sleep(0.01)
    html = runs.board(run, 75.0, {"2511.10001v1": "<b>标题</b>"}, ZH)
    assert "1/2 篇" in html
    assert "用时 01:15" in html
    assert "费用 0.5000" in html
    assert "&lt;b&gt;标题&lt;/b&gt;" in html
    assert "取消" in html
    all_runs.dismiss(run.name)
    assert all_runs.all() == [run]
    all_runs.cancel(desk, run.name)
    await asyncio.sleep(0.01)
    assert run.state == "cancelled"
    assert not all_runs.goes_on(run)
    assert "已取消" in runs.board(run, 75.0, {}, ZH)
    all_runs.dismiss(run.name)
    assert all_runs.all() == []


async def test_a_desk_that_does_not_open_ends_the_server(tmp_path: Path) -> None:
    @asynccontextmanager
    async def broken(*_: Any) -> AsyncIterator[Any]:
        raise Misconfigured("资料库正被另一个程序使用")
        yield

    house, ended = House(load(home=tmp_path), broken), list[bool]()
    house.give_up = lambda: ended.append(True)
    with pytest.raises(Retry):
        house.desk()
    await house.keep()
    assert ended
    with pytest.raises(Misconfigured):
        await house.ready()
