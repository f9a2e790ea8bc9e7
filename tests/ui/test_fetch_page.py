"""Reading a day from the page: progress, cancelling, coming back, the first page."""

import time
from typing import Any

from core.errors import Stop
from tests.ui.conftest import Look, Serve
from tests.ui.fake_desk import FakeDesk


def _read(page: Any, **fields: str) -> None:
    form = page.locator(".zd-form")
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    form.get_by_role("button", name="读这一天").click()


def test_a_day_is_read_before_ones_eyes(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.fetch_delay = 0.15
    looked = look(serve(fake))
    page = looked.page
    page.locator(".zd-card").first.wait_for()
    _read(page, day="2026-11-21")
    page.locator(".zd-run .zd-lines li").first.wait_for()
    assert "Dropping Tokens" in page.locator(".zd-line-title").first.inner_text()
    page.locator(".zd-run[data-run=ended]").wait_for()
    facts = page.locator(".zd-run-facts").inner_text()
    assert "读完了" in facts and "用时 00:" in facts and "词元" in facts and "费用 0.01" in facts
    assert page.locator(".zd-day-head h2").inner_text() == "2026-11-20"  # nobody is torn from what they read
    page.get_by_role("button", name="2026-11-21").click()
    page.locator(".zd-day-head h2", has_text="2026-11-21").wait_for()
    page.get_by_role("button", name="知道了").click()
    page.locator(".zd-run").wait_for(state="detached")
    looked.clean()


def test_reloading_finds_the_work_again_and_it_can_be_cancelled(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.hold = "parse"
    page = look(serve(fake)).page
    page.locator(".zd-card").first.wait_for()
    _read(page, day="2026-11-21")
    page.locator(".zd-run .zd-lines li").first.wait_for()
    page.reload()
    page.locator(".zd-run .zd-lines li").first.wait_for()
    page.locator(".zd-run").get_by_role("button", name="取消").click()
    page.locator(".zd-run[data-run=cancelled]").wait_for()
    assert "已取消" in page.locator(".zd-run-facts").inner_text()
    until = time.monotonic() + 10
    while fake.running and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert not fake.running


def test_what_went_wrong_is_said(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.fetch_error = Stop("预算用完了", "提高 ZHENGDU_BUDGET")
    page = look(serve(fake)).page
    page.locator(".zd-card").first.wait_for()
    _read(page, categories="<b>cs.CL</b>")
    page.locator("#zd-board .zd-notice", has_text="不像 arXiv 分类").wait_for()
    _read(page, categories="cs.CL")
    page.locator(".zd-run[data-run=failed]").wait_for()
    assert "预算用完了（提高 ZHENGDU_BUDGET）" in page.locator(".zd-run-facts").inner_text()


def test_an_empty_shelf_offers_the_sample(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.days, fake.fetch_delay = {}, 0.05
    looked = look(serve(fake))
    page = looked.page
    page.get_by_role("button", name="先读三篇样例").click()
    page.locator(".zd-card").first.wait_for()  # it is shown by itself: somebody waited for it
    assert "样例" in page.locator(".zd-day-head").inner_text()
    looked.clean()
