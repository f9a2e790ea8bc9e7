"""The day page in a real browser: shelf, cards, digest, evidence, search, reading a day."""

from typing import Any

import pytest

from tests.ui import fake_day
from tests.ui.conftest import Look, Looked, Serve
from tests.ui.fake_desk import FakeDesk


def _open_digest(looked: Looked) -> Any:
    page = looked.page
    page.locator(".zd-card .zd-open").first.click()
    page.locator(".zd-digest").wait_for()
    return page


def test_the_newest_day_is_there_at_once(serve: Serve, look: Look, fake: FakeDesk) -> None:
    looked = look(serve(fake))
    page = looked.page
    page.locator(".zd-card").first.wait_for()
    assert page.locator(".zd-card").count() == 3
    assert page.locator(".zd-day-head h2").inner_text() == "2026-11-20"
    assert page.locator(".zd-day.zd-here").inner_text() == "20"
    assert "列出 4" in page.locator(".zd-ledger summary").inner_text()
    assert "4 句支持" in page.locator(".zd-counts").first.inner_text()
    page.locator(".zd-ledger summary").click()
    assert "PDF 打不开" in page.locator(".zd-ledger ul").inner_text()
    page.get_by_role("button", name="2026-11-19").click()
    page.locator(".zd-day-head h2", has_text="2026-11-19").wait_for()
    assert page.locator(".zd-card").count() == 1
    looked.clean()


def test_filters_work_in_the_page(serve: Serve, look: Look, fake: FakeDesk) -> None:
    page = look(serve(fake)).page
    page.locator(".zd-card").first.wait_for()
    shown = page.locator(".zd-card:visible")
    page.get_by_label("主题词").fill("router")
    assert shown.count() == 1
    assert page.locator(".zd-filters output").inner_text() == "显示 1/3 篇"
    page.get_by_label("主题词").fill("no such thing")
    assert shown.count() == 0
    assert page.locator("#zd-none").is_visible()
    page.get_by_role("button", name="清除").click()
    assert shown.count() == 3
    page.locator(".zd-filters [name=mark]").select_option("clean")
    assert shown.count() == 0
    page.locator(".zd-filters [name=mark]").select_option("partial")
    assert shown.count() == 3
    page.locator(".zd-filters [name=category]").select_option("cs.LG")
    assert shown.count() == 3


def test_a_sentence_shows_its_page_with_the_words_marked(serve: Serve, look: Look, fake: FakeDesk) -> None:
    looked = look(serve(fake))
    page = _open_digest(looked)
    page.locator(".zd-words", has_text="方法在每一层").click()
    page.locator(".zd-leaf[data-page='3'] .zd-mark").wait_for()
    page.wait_for_function("document.querySelector('.zd-leaf img').naturalWidth > 0")
    assert "We drop 75%" in page.locator("#zd-drawer blockquote").inner_text()
    mark, leaf = page.locator(".zd-mark").bounding_box(), page.locator(".zd-leaf").bounding_box()
    box, scale = fake_day.quote().boxes[0], leaf["width"] / fake_day.A4[0]
    assert leaf["height"] == pytest.approx(scale * fake_day.A4[1], abs=1)
    air = 2.5 * scale  # the highlight is a little larger than the words
    assert mark["x"] - leaf["x"] == pytest.approx(box.x0 * scale, abs=air)
    assert mark["y"] - leaf["y"] == pytest.approx(box.y0 * scale, abs=air)
    assert mark["width"] == pytest.approx((box.x1 - box.x0) * scale, abs=2 * air)
    assert mark["height"] == pytest.approx((box.y1 - box.y0) * scale, abs=2 * air)
    room = page.locator(".zd-leaves").bounding_box()
    assert room["y"] <= mark["y"] <= room["y"] + room["height"]
    assert page.locator("#zd-drawer .zd-out").get_attribute("href") == "https://arxiv.org/pdf/2511.10001v1#page=3"
    assert page.locator(".zd-said.zd-active").count() == 1
    looked.clean()


def test_the_keyboard_is_enough(serve: Serve, look: Look, fake: FakeDesk) -> None:
    page = _open_digest(look(serve(fake)))
    sentence = page.locator(".zd-words", has_text="长上下文推理的代价")
    sentence.focus()
    page.keyboard.press("Enter")
    page.locator(".zd-leaf[data-page='6']").wait_for()
    page.wait_for_function("document.activeElement.classList.contains('zd-close')")
    page.locator("#zd-drawer .zd-step", has_text="下一条").click()
    page.locator(".zd-leaf[data-page='2']").wait_for()
    assert "依据 2/2" in page.locator("#zd-drawer .zd-steps").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#zd-drawer").is_visible()
    assert sentence.evaluate("one => one === document.activeElement")
    page.keyboard.press("Escape")
    assert page.locator(".zd-card").first.is_visible()
    assert not page.locator(".zd-digest").is_visible()


def test_findings_and_withheld_sentences_are_said_as_they_are(serve: Serve, look: Look, fake: FakeDesk) -> None:
    page = _open_digest(look(serve(fake)))
    assert page.locator(".zd-label", has_text="本地小模型草稿").count()
    assert "摘要说“总是”" in page.locator(".zd-cautions").inner_text()
    assert not page.locator(".zd-held .zd-words").is_visible()
    page.locator(".zd-held summary").click()
    assert "原文没有这样的结论" in page.locator(".zd-held").inner_text()
    page.locator(".zd-words", has_text="精度下降 3 个点").click()
    page.locator("#zd-drawer .zd-findings").wait_for()
    assert "原文写的是 0.3 个点" in page.locator("#zd-drawer .zd-findings").inner_text()


def test_a_page_that_cannot_be_had_leaves_the_words(serve: Serve, look: Look, fake: FakeDesk) -> None:
    served = serve(fake)
    page = _open_digest(look(served))
    fake.papers = lambda versions: {}  # type: ignore[method-assign]  # the paper is gone
    page.locator(".zd-words", has_text="方法在每一层").click()
    page.locator("#zd-drawer .zd-notice").wait_for()
    assert "没有这一页" in page.locator("#zd-drawer .zd-notice").inner_text()
    assert "We drop 75%" in page.locator("#zd-drawer blockquote").inner_text()


def test_made_up_links_open_nothing(serve: Serve, look: Look, fake: FakeDesk) -> None:
    served = serve(fake)
    page = _open_digest(look(served))
    for key in ("../../etc/passwd-0", "0" * 32 + "-0", "x", ""):
        page.evaluate("key => document.querySelector('.zd-words').setAttribute('href', '#e:' + key)", key)
        page.locator(".zd-words").first.click()
        page.locator("#zd-drawer .zd-notice", has_text="更早打开的页面").wait_for()
        page.keyboard.press("Escape")


def test_search_finds_passages(serve: Serve, look: Look, fake: FakeDesk) -> None:
    looked = look(serve(fake))
    page = looked.page
    page.locator(".zd-card").first.wait_for()
    page.get_by_role("searchbox").first.fill("丢弃词元")
    page.keyboard.press("Enter")
    page.locator(".zd-hits").wait_for()
    assert page.locator(".zd-hits li").count() == 3
    assert "Dropping Tokens" in page.locator(".zd-hit-title").first.inner_text()
    page.locator(".zd-hits a").first.click()
    page.locator(".zd-leaf[data-page='6']").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("searchbox").first.fill("无")
    page.keyboard.press("Enter")
    page.get_by_text("读过的论文里没有找到").wait_for()
    page.locator("#zd-found button").click()
    assert page.locator(".zd-card").first.is_visible()
    looked.clean()


@pytest.mark.parametrize("width", [360, 1440])
def test_hostile_names_do_nothing(serve: Serve, look: Look, tmp_path: Any, width: int) -> None:
    looked = look(serve(FakeDesk(tmp_path / "pages", hostile=True)), width=width)
    page = _open_digest(looked)
    page.locator(".zd-words").first.click()
    page.locator(".zd-leaf").wait_for()
    assert page.evaluate("window.hacked") is None
    assert "<img src=x" in page.locator(".zd-digest h2").inner_text()
    assert page.locator(".zd-digest h2 img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    looked.clean()


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_wider_than_a_phone(serve: Serve, look: Look, fake: FakeDesk, dark: bool) -> None:
    page = look(serve(fake), width=360, height=740, dark=dark).page
    page.locator(".zd-card").first.wait_for()

    def wide() -> int:
        found: int = page.evaluate("document.documentElement.scrollWidth")
        return found

    assert wide() <= 360
    page.get_by_role("button", name="选日期").click()
    assert page.locator(".zd-form").is_visible()
    assert wide() <= 360
    page.get_by_role("button", name="收起").click()
    page.locator(".zd-card .zd-open").first.click()
    page.locator(".zd-digest").wait_for()
    assert wide() <= 360
    page.locator(".zd-digest .zd-words").first.click()
    page.locator(".zd-leaf").wait_for()
    assert wide() <= 360
    assert page.locator("#zd-drawer").bounding_box()["width"] == 360
    assert ("dark" in page.locator("body").get_attribute("class").split()) is dark
