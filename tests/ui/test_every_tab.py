"""What holds on every tab: it fits a phone, it can be read, it speaks one language, it needs no mouse."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ui.conftest import Look, Serve, Served
from tests.ui.fake_desk import FakeDesk

WIDTHS = (360, 1440)
TABS = ("day", "paper", "chat", "form", "plan", "report", "settings")
_AA = 4.5
"""Least contrast of words, as the Web Content Accessibility Guidelines have it."""
_OF_PAPERS = (
    "bdi, s, .zd-tldr, .zd-words, .zd-said, .zd-why, .zd-label, .zd-drawer-claim, .zd-reason, .zd-notes, "
    ".zd-plan > .zd-notice, .zd-part h3, .zd-cautions li, .zd-left-out li, .zd-ledger li, .zd-unpublished li, "
    "[data-papers], script, style"
)
"""What papers, models and the desk say, in whatever language they say it."""
_SAID = """(foreign) => {
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest(foreign)) said.push(walker.currentNode.data.trim());
  }
  for (const one of document.querySelectorAll('button, input, textarea, select, [role=group], [data-wait]')) {
    if (!one.closest('bdi')) said.push(one.ariaLabel, one.placeholder, one.dataset.wait);
  }
  return said.filter(Boolean);
}"""
_CONTRAST = """(one) => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((n) => n / 255).map((c) =>
      c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const style = getComputedStyle(one);
  const [dark, bright] = [light(style.color), light(style.backgroundColor)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}"""


def _desk(folder: Path) -> FakeDesk:
    desk = FakeDesk(folder)
    desk.finished()
    return desk


@pytest.fixture
def served(serve_once: Serve, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Served]:
    """One application a language for all tests here: none of them changes what another one looks at."""

    def begin(language: str) -> Served:
        return serve_once(lambda: _desk(tmp_path_factory.mktemp("pages")), ui_language=language, price_in=1.0)

    return begin


def _open(page: Any, tab: str) -> None:
    """Goes there as a person would, whatever the language; from the first tab, or in the order of TABS."""
    page.locator("#zd-list .zd-card").first.wait_for(state="attached")
    tabs = page.locator("#zd-tabs [role=tab]")
    if tab == "paper":
        page.locator(".zd-card .zd-open").first.click()
        page.locator(".zd-digest").wait_for()
    elif tab == "chat":
        tabs.nth(1).click()
        page.locator("#zd-chips .zd-chip").nth(1).click()
        page.locator("#zd-chatbot .zd-answer:not(.zd-is-draft)").wait_for()
        page.locator("#zd-box .submit-button").wait_for()
    elif tab in ("form", "plan", "report"):
        tabs.nth(2).click()
        page.locator("#zd-report form, #zd-report article").wait_for()
    elif tab == "settings":
        tabs.nth(3).click()
        page.locator("#zd-models table").wait_for()
        page.locator(".zd-examine").click()
        page.locator("#zd-doctor table").wait_for()
    if tab == "plan":
        page.locator(".zd-commission [name=topic]").fill("长上下文")
        page.locator(".zd-commission .zd-primary").click()
        page.locator("form.zd-plan").wait_for()
    elif tab == "report":
        page.locator(".zd-report-link").last.dispatch_event("click")
        page.locator("article.zd-deep").wait_for()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_tab_is_wider_than_the_window(served: Callable[[str], Served], look: Look, width: int) -> None:
    looked = look(served("zh"), width=width, height=780)
    for tab in TABS:
        _open(looked.page, tab)
        assert looked.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), tab
    looked.clean()


def test_the_english_pages_say_nothing_in_chinese(served: Callable[[str], Served], look: Look) -> None:
    looked = look(served("en"))
    page = looked.page
    for tab in TABS:
        _open(page, tab)
        said = page.evaluate(_SAID, _OF_PAPERS)
        assert len(said) > 10, tab
        assert [words for words in said if re.search(r"[\u3000-\u9fff\uff00-\uffef]", words)] == [], tab
    looked.clean()


@pytest.mark.parametrize("dark", [False, True])
def test_buttons_in_colour_can_be_read(served: Callable[[str], Served], look: Look, dark: bool) -> None:
    page = look(served("zh"), dark=dark).page
    _open(page, "chat")
    page.get_by_role("button", name="改名").click()
    for button in (page.get_by_role("button", name="保存"), page.locator("#zd-box .submit-button")):
        button.wait_for()
        assert button.evaluate(_CONTRAST) >= _AA
    page.get_by_role("button", name="删除").click()
    delete = page.locator("#zd-deleting").get_by_role("button", name="删除")
    delete.wait_for()
    assert delete.evaluate(_CONTRAST) >= _AA
    _open(page, "plan")
    assert page.locator("form.zd-plan .zd-primary").evaluate(_CONTRAST) >= _AA


def _to(page: Any, wanted: str, key: str = "Tab") -> None:
    """Presses the key until what is wanted has the focus, and sees to it that one can tell."""
    for _ in range(40):
        page.keyboard.press(key)
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"the keyboard does not come to {wanted}")


def test_a_report_can_be_begun_with_the_keyboard_alone(serve: Serve, look: Look, fake: FakeDesk) -> None:
    looked = look(serve(fake))
    page = looked.page
    page.locator("#zd-list .zd-card").first.wait_for()
    page.locator("#zd-tabs [role=tab]").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".zd-commission").wait_for()
    _to(page, ".zd-commission [name=topic]")
    page.keyboard.type("长上下文怎样省算力")
    _to(page, ".zd-commission [name=typed]")
    page.keyboard.type("2501.12948")
    page.keyboard.press("Enter")
    assert page.locator(".zd-pins li").count() == 1
    _to(page, ".zd-pins .zd-off", "Shift+Tab")
    page.keyboard.press("Enter")
    assert page.locator(".zd-pins li").count() == 0
    _to(page, ".zd-commission [name=since]")
    _to(page, ".zd-commission [name=length]")
    page.keyboard.press("ArrowRight")
    _to(page, ".zd-commission .zd-primary")
    page.keyboard.press("Enter")
    page.locator("form.zd-plan").wait_for()
    _to(page, ".zd-plan [name=chosen]")
    page.keyboard.press("Space")
    assert page.locator(".zd-before").is_visible()
    page.keyboard.press("Space")
    assert not page.locator(".zd-before").is_visible()
    _to(page, ".zd-plan button[value=report_agree]")
    page.keyboard.press("Enter")
    page.locator("article.zd-deep").wait_for()
    assert (fake.asked[0].length, fake.asked[0].papers) == ("long", ())
    looked.clean()


@pytest.mark.parametrize("tab", TABS)
def test_everything_that_can_be_used_has_a_name(served: Callable[[str], Served], look: Look, tab: str) -> None:
    page = look(served("zh")).page
    _open(page, tab)
    nameless = page.evaluate(
        """() => Array.from(document.querySelectorAll('button, a[href], input, select, textarea'))
          .filter((one) => one.offsetParent && one.type !== 'hidden' && !one.textContent.trim() && !one.ariaLabel
            && !one.labels?.length && !one.title && one.tabIndex >= 0)
          .map((one) => one.outerHTML.slice(0, 200))"""
    )
    assert nameless == []
