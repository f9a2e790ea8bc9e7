"""The report page in a real browser: from the form to the file, over the fake desk."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from core.errors import Stop
from core.report import Commission
from tests.ui.conftest import Look, Looked, Serve
from tests.ui.fake_day import HOSTILE, KEY
from tests.ui.fake_desk import FakeDesk
from tests.ui.fake_reports import FIRST, SECOND

PHONE = 360
_UNTIL = 10.0
"""Seconds a test waits for the desk."""


def reports(looked: Looked) -> Any:
    """The report tab, ready."""
    page = looked.page
    page.locator("#zd-list .zd-card").first.wait_for(state="attached")
    page.get_by_role("tab", name="报告").click()
    page.locator(".zd-commission").wait_for()
    page.locator("#zd-report-list .zd-new-report").wait_for(state="attached")
    return page


def planned(page: Any, topic: str = "长上下文怎样省算力") -> Any:
    """A plan to agree to."""
    page.locator(".zd-commission [name=topic]").fill(topic)
    page.get_by_role("button", name="拟计划").click()
    plan = page.locator("form.zd-plan")
    plan.wait_for()
    return plan


def opened(looked: Looked) -> Any:
    """The first report of the list."""
    page = reports(looked)
    page.locator(".zd-report-link").first.click()
    page.locator("article.zd-deep").wait_for()
    return page


def until(true: Any) -> None:
    """Waits for the desk, which lives in another thread."""
    end = time.monotonic() + _UNTIL
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    assert true()


def test_from_the_form_to_the_report(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.write_delay, fake.hold_step = 0.02, "s1 write 0"
    looked = look(serve(fake, price_in=1.0))
    page = reports(looked)
    page.get_by_label("标题或 arXiv 编号").fill("a router that knows what is hard")
    page.keyboard.press("Enter")
    page.get_by_label("标题或 arXiv 编号").fill("2501.12948")
    page.get_by_role("button", name="加入").click()
    assert page.locator(".zd-pins li").count() == 2
    page.locator(".zd-commission [name=since]").select_option("2026-11-19")
    page.get_by_label("短", exact=False).first.check()
    page.get_by_label("预算").fill("3.5")
    planned(page)
    asked = fake.asked[0]
    assert asked.papers == (SECOND, "2501.12948")
    assert (str(asked.since), str(asked.until)) == ("2026-11-19", "2026-11-19")
    assert (asked.length, asked.budget) == ("short", 3.5)
    assert "待同意" in page.locator(".zd-report-link").inner_text()
    page.get_by_role("button", name="同意并开始").click()
    page.locator(".zd-writing").wait_for()
    page.locator(".zd-line-step", has_text="撰写").wait_for()
    fake.hold_step = "s1 verify 5"
    page.locator(".zd-line-step", has_text="核验 5/12").wait_for()
    assert page.locator(".zd-line-step", has_text="读完").count() == 2
    assert "已花" in page.locator(".zd-run-facts").inner_text()
    assert "写作中" in page.locator(".zd-report-link").inner_text()
    fake.hold_step = ""
    page.locator("article.zd-deep").wait_for()
    assert "完成" in page.locator(".zd-report-link").inner_text()
    assert "本地小模型草稿" in page.locator(".zd-labels").inner_text()
    assert page.locator(".zd-writing").count() == 0
    looked.clean()


def test_papers_are_ticked_off_and_the_text_is_edited(serve: Serve, look: Look, fake: FakeDesk) -> None:
    looked = look(serve(fake))
    page = reports(looked)
    plan = planned(page)
    assert plan.locator("input[type=checkbox]:checked").count() == 2
    stale = plan.get_by_text("（按原提纲估计）")
    assert not stale.is_visible()
    plan.get_by_label("A Router That Knows What Is Hard").uncheck()
    assert stale.is_visible()
    page.get_by_role("button", name="改成文字编辑").click()
    text = page.locator("textarea[name=outline]")
    text.wait_for()
    text.fill(text.input_value().replace("怎样省算力？", "怎样省显存？"))
    page.get_by_role("button", name="改好了，看一看").click()
    plan.get_by_text("怎样省显存？").wait_for()
    assert plan.locator("input[type=checkbox]:checked").count() == 1
    assert "计划已经改过" in plan.inner_text()
    assert stale.is_visible()
    page.get_by_role("button", name="同意并开始").click()
    page.locator("article.zd-deep").wait_for()
    agreed = fake.agreed[0]
    assert agreed is not None
    assert [paper.chosen for paper in agreed.papers] == [True, False, False]
    assert agreed.sections[1].questions[0] == "怎样省显存？"
    looked.clean()


def test_a_mistake_in_the_text_is_shown_and_nothing_is_lost(serve: Serve, look: Look, fake: FakeDesk) -> None:
    looked = look(serve(fake))
    page = reports(looked)
    planned(page)
    page.get_by_role("button", name="改成文字编辑").click()
    text = page.locator("textarea[name=outline]")
    text.wait_for()
    lines = text.input_value().split("\n")
    first = next(n for n, line in enumerate(lines) if FIRST in line)
    lines[first] = lines[first].replace(FIRST, "不是编号")
    text.fill("\n".join([*lines, ""]))
    typed = text.input_value()
    page.get_by_role("button", name="同意并开始").click()
    said = page.locator("#zd-report-said [role=alert]")
    said.wait_for()
    assert re.search(rf"第 ?{first + 1} ?行", said.inner_text())
    assert text.input_value() == typed
    chosen = text.evaluate("t => t.value.slice(t.selectionStart, t.selectionEnd)")
    assert chosen == lines[first]
    assert not fake.agreed
    text.fill(typed.replace("不是编号", FIRST))
    page.get_by_role("button", name="同意并开始").click()
    page.locator("article.zd-deep").wait_for()
    looked.clean()


def test_no_paper_no_report_and_a_plan_can_be_thrown_away(serve: Serve, look: Look, fake: FakeDesk) -> None:
    page = reports(look(serve(fake)))
    page.get_by_role("button", name="拟计划").click()
    page.locator("#zd-report-said", has_text="请填题目").wait_for()
    plan = planned(page)
    for n in range(2):
        plan.locator("input[type=checkbox]").nth(n).uncheck()
    page.get_by_role("button", name="同意并开始").click()
    page.locator("#zd-report-said", has_text="至少要留一篇论文").wait_for()
    page.get_by_role("button", name="放弃").click()
    page.locator(".zd-commission").wait_for()
    assert "计划已放弃" in page.locator("#zd-report-said").inner_text()
    assert not fake.proposed
    assert page.locator(".zd-report-link").count() == 0


def test_a_plan_that_cannot_be_made_keeps_the_form(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.plan_error = Stop("预算用完了", "提高 ZHENGDU_BUDGET")
    page = reports(look(serve(fake)))
    page.locator(".zd-commission [name=topic]").fill("题目还在")
    page.get_by_role("button", name="拟计划").click()
    page.locator("#zd-report-said", has_text="预算用完了（提高 ZHENGDU_BUDGET）").wait_for()
    assert page.locator(".zd-commission [name=topic]").input_value() == "题目还在"


def test_a_plan_that_takes_long_tears_nobody_from_what_they_read(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.finished()
    fake.plan_delay = 2.0
    page = reports(look(serve(fake)))
    page.locator(".zd-commission [name=topic]").fill("要等很久的计划")
    page.get_by_role("button", name="拟计划").click()
    page.get_by_text("正在拟计划…").wait_for()
    page.locator(".zd-report-link").click()
    page.locator("article.zd-deep").wait_for()
    page.locator(".zd-report-link", has_text="要等很久的计划").wait_for()
    assert page.locator("article.zd-deep").is_visible()
    assert page.locator("form.zd-plan").count() == 0


def test_it_survives_reloading_stops_and_goes_on(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.hold_step = "s2 verify 4"
    looked = look(serve(fake))
    page = reports(looked)
    planned(page)
    page.get_by_role("button", name="同意并开始").click()
    page.locator(".zd-writing").wait_for()
    page.wait_for_url("**/?report=*")
    page.reload()
    page.locator(".zd-writing").wait_for()  # the tab and the work are found again
    assert page.locator("#zd-report-page").is_visible()
    page.locator(".zd-line-step", has_text="读完").first.wait_for()
    page.locator(".zd-new-report").click()
    page.locator(".zd-commission").wait_for()
    page.wait_for_timeout(1200)  # whoever looked on before has turned away
    assert page.locator(".zd-writing").count() == 0
    page.locator(".zd-report-link").click()
    page.locator(".zd-writing").wait_for()
    page.get_by_role("button", name="停止").click()
    page.get_by_role("button", name="继续", exact=True).wait_for()
    assert "已停止" in page.locator("#zd-report-said").inner_text()
    assert "已中断，可以继续" in page.locator(".zd-report-link").inner_text()
    until(lambda: not fake.at_work)
    reached = max(fake.steps_done.values())
    assert reached > 0
    fake.hold_step = ""
    page.get_by_role("button", name="继续", exact=True).click()
    page.locator("article.zd-deep").wait_for()
    assert len(fake.agreed) == 2
    looked.clean()


def test_what_broke_is_said_and_it_can_go_on(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.write_error = Stop("模型连不上", "检查 ZHENGDU_BASE_URL")
    page = reports(look(serve(fake)))
    planned(page)
    page.get_by_role("button", name="同意并开始").click()
    page.locator("#zd-report-said", has_text="没有写成：模型连不上（检查 ZHENGDU_BASE_URL）").wait_for()
    fake.write_error = None
    page.get_by_role("button", name="继续", exact=True).click()
    page.locator("article.zd-deep").wait_for()


def test_a_citation_opens_the_page_with_the_words_marked(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.finished()
    looked = look(serve(fake))
    page = opened(looked)
    page.locator(".zd-words", has_text="第二篇把每个问题").click()
    page.locator(".zd-leaf[data-page='3'] .zd-mark").wait_for()
    page.wait_for_function("document.querySelector('.zd-leaf img').naturalWidth > 0")
    assert "The router sends each query" in page.locator("#zd-drawer blockquote").inner_text()
    page.go_back()  # as Escape would: the drawer goes, the report stays
    page.locator("#zd-drawer").wait_for(state="hidden")
    assert page.locator("article.zd-deep").is_visible()
    assert "?report=" in page.url
    cell = page.locator(".zd-grid td .zd-words", has_text="按难度分派")
    cell.focus()
    page.keyboard.press("Enter")
    page.locator("#zd-drawer", has_text="按难度分派").wait_for()
    page.keyboard.press("Escape")
    assert cell.evaluate("one => one === document.activeElement")
    page.locator(".zd-plate img").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.zd-plate img').naturalWidth > 0")
    looked.clean()


def test_files_are_fetched_and_what_goes_wrong_is_said(
    serve: Serve, look: Look, fake: FakeDesk, tmp_path: Path
) -> None:
    fake.finished()
    looked = look(serve(fake))
    page = opened(looked)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Markdown").click()
    assert saved.value.suggested_filename == "长上下文怎样省算力.md"
    saved.value.save_as(tmp_path / "report.md")
    assert "长上下文怎样省算力" in (tmp_path / "report.md").read_text("utf-8")
    page.get_by_role("link", name="DOCX").click()
    page.locator(".zd-file-state", has_text="文件没有生成：没有安装 Pandoc（安装后再试）").wait_for()
    assert page.locator("article.zd-deep").is_visible()
    looked.clean()


def test_a_section_is_written_anew_as_another_version(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.finished()
    fake.hold_step = "s2 verify 4"
    looked = look(serve(fake))
    page = opened(looked)
    page.locator("#zd-s2").get_by_role("button", name="重写这一节").click()
    page.locator(".zd-writing", has_text="方法对照").wait_for()
    assert "正在重写“方法对照”" in page.locator("#zd-report-top").inner_text()
    assert page.locator("article.zd-deep").is_visible()  # there is something to read meanwhile
    fake.hold_step = ""
    page.locator(".zd-versions").wait_for()
    assert "第 2 版" in page.locator(".zd-deep > header .zd-facts").inner_text()
    page.get_by_role("button", name="第 1 版").click()
    page.locator(".zd-notice", has_text="这是旧版，最新是第 2 版").wait_for()
    looked.clean()


def test_what_the_budget_left_out_can_be_finished(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.budget_ends = "预算用完，未写完"
    fake.finished()
    page = opened(look(serve(fake)))
    page.locator(".zd-notice", has_text="这一节没有写完：预算用完，未写完").wait_for()
    fake.budget_ends = ""
    page.get_by_role("button", name="接着写没写完的").click()
    page.locator(".zd-versions").wait_for()
    assert page.get_by_role("button", name="接着写没写完的").count() == 0


def test_a_question_is_asked_about_the_report(serve: Serve, look: Look, fake: FakeDesk) -> None:
    id = fake.finished().id
    looked = look(serve(fake))
    page = opened(looked)
    page.locator("#zd-s3").get_by_role("button", name="两种做法能不能一起用？").click()
    answer = page.locator("#zd-chatbot .zd-answer:not(.zd-is-draft)")
    answer.wait_for()
    assert "报告：长上下文怎样省算力" in page.locator("#zd-chatbot .zd-q").inner_text()
    assert page.locator("#zd-scope .zd-pin", has_text="报告：长上下文怎样省算力").count() == 1
    turns = [turn for kept in fake.kept.values() for turn in kept]
    assert [(t.question, t.scope.report, t.scope.day) for t in turns] == [("两种做法能不能一起用？", id, "")]
    page.locator("#zd-box .submit-button").wait_for()
    page.locator("#zd-scope .zd-off").click()
    page.locator("#zd-scope .zd-pin", has_text="2026-11-20").wait_for()
    page.get_by_role("tab", name="报告").click()
    page.get_by_role("button", name="就这份报告提问").click()
    page.locator("#zd-scope .zd-pin", has_text="报告：").wait_for()
    assert page.locator("#zd-box textarea").is_visible()
    assert len(turns) == 1
    looked.clean()


def test_a_report_is_begun_from_a_paper_and_from_the_chat(serve: Serve, look: Look, fake: FakeDesk) -> None:
    looked = look(serve(fake))
    page = looked.page
    page.locator(".zd-card").first.get_by_role("button", name="写深读").click()
    page.locator(".zd-commission .zd-pins li", has_text="Dropping Tokens").wait_for()
    page.get_by_role("tab", name="今日").click()
    page.locator(".zd-card .zd-open").nth(1).click()
    page.locator(".zd-digest").get_by_role("button", name="写深读报告").click()
    page.locator(".zd-commission .zd-pins li", has_text="A Router").wait_for()
    page.get_by_role("tab", name="对话").click()
    page.locator("#zd-scope").get_by_role("button", name="写深读报告").click()
    page.locator(".zd-commission").wait_for()
    page.wait_for_function("document.querySelector('.zd-commission [name=since]').value === '2026-11-20'")
    assert fake.days[KEY].date.isoformat() == "2026-11-20"
    looked.clean()


def test_a_report_can_be_deleted(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.finished()
    page = opened(look(serve(fake)))
    page.locator(".zd-delete summary").click()
    page.locator(".zd-delete").get_by_role("button", name="删除").click()
    page.locator(".zd-commission").wait_for()
    assert not fake.proposed
    assert "报告已删除" in page.locator("#zd-report-said").inner_text()


def test_an_address_that_names_nothing_opens_the_form(serve: Serve, look: Look, fake: FakeDesk) -> None:
    looked = look(serve(fake), path="/?report=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    looked.page.locator(".zd-commission").wait_for()
    looked.clean()
    gone = look(serve(fake), path=f"/?report={'a' * 16}")
    gone.page.locator("#zd-report-said", has_text="没有找到这份报告").wait_for()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [PHONE, 1440])
def test_hostile_words_and_narrow_screens(serve: Serve, look: Look, fake: FakeDesk, width: int, dark: bool) -> None:
    fake.hostile = True
    fake.finished(Commission(topic=HOSTILE))
    looked = look(serve(fake), width=width, height=800, dark=dark)
    page = reports(looked)

    def fits() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("window.hacked") is None

    fits()
    if width == PHONE:
        page.locator("#zd-report-top").get_by_role("button", name="全部报告").click()
    page.locator(".zd-report-link").click()
    page.locator("article.zd-deep").wait_for()
    fits()
    grid = page.locator(".zd-grid .zd-wide")
    assert grid.evaluate("one => one.clientWidth") <= width
    if width == PHONE:
        assert grid.evaluate("one => one.scrollWidth > one.clientWidth")  # it scrolls inside itself
    page.locator(".zd-deep-ledger summary").click()
    fits()
    if width == PHONE:
        page.locator("#zd-report-top").get_by_role("button", name="全部报告").click()
    page.locator(".zd-new-report").click()
    planned(page, "题目")
    fits()
    page.get_by_role("button", name="改成文字编辑").click()
    page.locator("textarea[name=outline]").wait_for()
    fits()
    looked.clean()
