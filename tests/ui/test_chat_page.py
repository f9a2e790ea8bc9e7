"""The chat page in a real browser: a talk over the fake desk, from the question to the file."""

import re
from pathlib import Path
from typing import Any

import pytest

from core.errors import Retry
from tests.ui.conftest import Look, Looked, Serve
from tests.ui.fake_desk import FakeDesk

WIDE = 1440
PHONE = 360


def chat(looked: Looked) -> Any:
    """The chat tab, ready to be asked."""
    page = looked.page
    page.locator("#zd-list .zd-card").first.wait_for(state="attached")
    tab = page.get_by_role("tab", name="对话")
    tab.click()
    page.locator("#zd-scope .zd-scope").wait_for()
    page.locator("#zd-chips .zd-chip").first.wait_for()
    return page


def ask(page: Any, question: str) -> None:
    """Enter sends."""
    box = page.locator("#zd-box textarea")
    box.fill(question)
    box.press("Enter")


def answers(page: Any) -> Any:
    """What was answered, drafts not among it."""
    return page.locator("#zd-chatbot .zd-answer:not(.zd-is-draft)")


def asked(page: Any, question: str, n: int = 1) -> Any:
    """The n-th answer once it is there, and the box is ready again."""
    ask(page, question)
    found = answers(page).nth(n - 1)
    found.wait_for()
    page.locator("#zd-box .submit-button").wait_for()
    return found


def test_words_come_before_the_end_and_verdicts_after_them(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.hold = "retrieve"
    looked = look(serve(fake))
    page = chat(looked)
    ask(page, "怎样省算力？")
    draft = page.locator("#zd-chatbot .zd-is-draft")
    draft.get_by_text("读 2511.10001v1 第 6 页").wait_for()
    assert page.locator("#zd-box textarea").input_value() == ""
    fake.hold = "words"
    draft.get_by_text("方法丢", exact=True).wait_for()
    assert answers(page).count() == 0
    fake.hold = "checked"
    draft.locator(".zd-badge").first.wait_for()
    assert draft.locator(".zd-badge").count() == 1
    fake.hold = ""
    found = answers(page).first
    found.wait_for()
    words = found.inner_text()
    for part in (
        "方法丢弃 75% 的词元。",
        "支持",
        "已改正",
        "部分支持",
        "1 句未通过核验",
        "本地小模型，只摘取并翻译原句",
    ):
        assert part in words
    assert not found.get_by_text("它在所有任务上都最好。").is_visible()
    found.locator("summary").click()
    assert found.get_by_text("原文没有这样的结论。").is_visible()
    looked.clean()


def test_a_mark_opens_the_page_with_the_words_marked(serve: Serve, look: Look, fake: FakeDesk) -> None:
    looked = look(serve(fake))
    page = chat(looked)
    asked(page, "怎样？").locator("a.zd-ref").nth(2).click()
    drawer = page.locator("#zd-drawer")
    mark = drawer.locator(".zd-mark").first
    mark.wait_for()
    drawer.get_by_text("第 8 页").first.wait_for()
    leaf = drawer.locator(".zd-leaf").bounding_box()
    assert abs(mark.bounding_box()["y"] - leaf["y"] - leaf["height"] * (200 - 1.5) / 842) < 2
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")
    looked.clean()


def test_a_talk_goes_on_and_compares_and_refuses(serve: Serve, look: Look, fake: FakeDesk) -> None:
    looked = look(serve(fake))
    page = chat(looked)
    asked(page, "怎样？")
    assert "接着上一问" in asked(page, "要重新训练吗？", 2).inner_text()
    table = asked(page, "比较这几篇的方法", 3).locator("table")
    assert table.locator("tbody th").all_inner_texts() == [
        "丢弃词元的长上下文推理", "按难度分派问题的路由器", "小模型的便宜训练配方",
    ]  # fmt: skip
    assert table.get_by_text("未提及").count() == 3
    assert table.locator("td a.cite").count() == 3
    refusal = asked(page, "火星上有水吗", 4).locator(".zd-refusal")
    assert "没有找到能回答这个问题的内容" in refusal.inner_text()
    refusal.locator("a.zd-near").nth(1).click()
    page.locator("#zd-drawer").get_by_text("Training takes 8 A100 GPUs").first.wait_for()
    looked.clean()


def test_formulas_are_drawn_and_prices_are_not(serve: Serve, look: Look, fake: FakeDesk) -> None:
    page = chat(look(serve(fake)))
    found = asked(page, "公式怎么写")
    found.locator(".katex").first.wait_for()
    assert found.locator(".katex").count() == 3
    assert "从 $5 降到 $3，每百万词元省 $2。" in found.inner_text()


def test_suggested_questions_ask_themselves(serve: Serve, look: Look, fake: FakeDesk) -> None:
    page = chat(look(serve(fake)))
    page.locator("#zd-chips .zd-chip").nth(1).click()
    answers(page).first.locator("table").wait_for()
    page.locator("#zd-chips .zd-chip", has_text="训练花了多少算力").click()
    answers(page).nth(1).wait_for()
    assert page.locator("#zd-talk-list li").count() == 1


def test_stop_ends_the_work_and_says_so(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.hold = "words"
    page = chat(look(serve(fake)))
    ask(page, "怎样？")
    page.locator("#zd-chatbot .zd-is-draft").get_by_text("方法丢").wait_for()
    page.locator("#zd-box .stop-button").click()
    page.get_by_text("已停止，以上内容未经核验。").wait_for()
    page.locator("#zd-box .submit-button").wait_for()
    assert fake.closed == 1
    assert next(iter(fake.kept.values()))[0].stopped


def test_an_answer_leaves_those_alone_who_turned_away(serve: Serve, look: Look, fake: FakeDesk) -> None:
    looked = look(serve(fake))
    page = chat(looked)
    asked(page, "第一个问题？")
    page.get_by_role("button", name="新对话").click()
    page.get_by_text("每句回答都标明原文在第几页").wait_for()
    fake.hold = "words"
    ask(page, "比较这几篇")
    page.locator("#zd-chatbot .zd-is-draft").get_by_text("丢弃 ", exact=False).wait_for()
    page.locator("#zd-talk-list button", has_text="第一个问题？").click()
    page.locator("#zd-chatbot .zd-q", has_text="第一个问题？").wait_for()
    fake.hold = ""
    page.locator("#zd-talk-list button", has_text="比较这几篇").wait_for()
    page.wait_for_timeout(600)  # whatever the answer's event still sends has come
    assert page.locator("#zd-chatbot .zd-q").count() == 1
    assert "第一个问题？" in page.locator("#zd-chatbot .zd-q").inner_text()
    assert page.locator("#zd-chatbot .zd-is-draft").count() == 0
    asked(page, "要重新训练吗？", 2)
    assert len(fake.turns(*_talk(fake, "第一个问题？"))) == 2
    looked.clean()


def _talk(fake: FakeDesk, title: str) -> tuple[str, str]:
    """Id and owner."""
    return next((talk.id, talk.owner) for talk in fake.talks.values() if talk.title == title)


def test_an_error_is_one_line_and_the_question_stays(serve: Serve, look: Look, fake: FakeDesk) -> None:
    fake.chat_error = Retry("模型服务没有回应", "过一会儿再试")
    page = chat(look(serve(fake)))
    ask(page, "怎样？")
    page.get_by_text("暂时没有答成：模型服务没有回应；过一会儿再试。").wait_for()
    page.locator("#zd-box .submit-button").wait_for()
    assert page.locator("#zd-box textarea").input_value() == "怎样？"
    fake.chat_error = None
    page.locator("#zd-box .submit-button").click()
    page.locator("#zd-chatbot .zd-said").first.wait_for()


def test_reloading_finds_the_talk(serve: Serve, look: Look, fake: FakeDesk) -> None:
    looked = look(serve(fake))
    page = chat(looked)
    asked(page, "怎样省算力？")
    page.wait_for_url(re.compile(r"talk=[0-9a-f]{32}"))
    page.reload()
    page.locator("#zd-talk-name h2", has_text="怎样省算力？").wait_for()
    assert "方法丢弃 75% 的词元。" in answers(page).first.inner_text()
    answers(page).first.locator("a.zd-ref").first.click()
    page.locator("#zd-drawer .zd-mark").first.wait_for()
    looked.clean()


def test_talks_are_named_opened_and_deleted(serve: Serve, look: Look, fake: FakeDesk) -> None:
    page = chat(look(serve(fake)))
    asked(page, "第一个问题？")
    page.get_by_role("button", name="新对话").click()
    page.get_by_text("每句回答都标明原文在第几页").wait_for()
    asked(page, "比较这几篇")
    page.get_by_role("button", name="改名").click()
    page.locator("#zd-renaming textarea, #zd-renaming input").fill("方法比较")
    page.get_by_role("button", name="保存").click()
    page.locator("#zd-talk-list", has_text="方法比较").wait_for()
    page.locator("#zd-talk-list button", has_text="第一个问题？").click()
    page.locator("#zd-chatbot .zd-said").first.wait_for()
    page.get_by_role("button", name="删除").click()
    page.get_by_text("删掉就找不回来了").wait_for()
    page.locator("#zd-deleting").get_by_role("button", name="删除").click()
    page.locator("#zd-talk-list button", has_text="第一个问题？").wait_for(state="detached")
    assert page.locator("#zd-talk-list li").count() == 1
    page.wait_for_url(re.compile(r"^[^?]*/?$"))


def test_a_talk_can_be_saved_as_a_file(serve: Serve, look: Look, fake: FakeDesk, tmp_path: Path) -> None:
    page = chat(look(serve(fake)))
    asked(page, "怎样省算力？")
    with page.expect_download() as coming:
        page.get_by_role("button", name="导出").click()
    file = tmp_path / "talk.md"
    coming.value.save_as(file)
    text = file.read_text("utf-8")
    assert coming.value.suggested_filename.endswith(".md")
    assert "方法丢弃 75% 的词元。\\[1\\]（支持）" in text
    assert "[第 6 页](https://arxiv.org/pdf/2511.10001v1#page=6)" in text
    assert "> We drop 75% of the tokens" in text


def test_nobody_sees_another_ones_talk(serve: Serve, look: Look, fake: FakeDesk) -> None:
    served = serve(fake)
    mine = chat(look(served))
    asked(mine, "我的问题？")
    mine.wait_for_url(re.compile(r"talk=[0-9a-f]{32}"))
    link = answers(mine).first.locator("a.zd-ref").first.get_attribute("href")
    theirs = look(served, path=mine.url.removeprefix(served.address))
    page = theirs.page
    page.get_by_text("没有找到这次对话").wait_for()
    assert page.locator("#zd-talk-list li").count() == 0
    assert "我的问题" not in page.content()
    page.evaluate(
        "href => document.body.insertAdjacentHTML('beforeend', `<a class=cite id=x href='${href}'>x</a>`)", link
    )
    page.locator("#x").click(force=True)
    page.locator("#zd-drawer .zd-notice").wait_for()
    assert page.locator("#zd-drawer .zd-leaf").count() == 0


def test_papers_are_pinned_from_a_card_and_with_an_at(serve: Serve, look: Look, fake: FakeDesk) -> None:
    looked = look(serve(fake))
    page = looked.page
    page.locator("#zd-list .zd-card").nth(1).get_by_role("button", name="就这篇提问").click()
    pin = page.locator("#zd-scope .zd-pin")
    page.locator("#zd-scope .zd-pin", has_text="按难度分派问题的路由器").wait_for()
    asked(page, "怎样？")
    assert "问 按难度分派问题的路由器" in page.locator(".zd-q").first.inner_text()
    pin.locator("button").click()
    page.locator("#zd-scope .zd-pin", has_text="2026-11-20 这一天").wait_for()
    box = page.locator("#zd-box textarea")
    box.press_sequentially("@便宜")
    page.locator("#zd-mentions li", has_text="小模型的便宜训练配方").wait_for()
    box.press("Enter")
    assert box.input_value() == "@2511.10003v1 "
    box.press_sequentially("多少钱？")
    box.press("Enter")
    page.locator(".zd-q", has_text="多少钱？").wait_for()
    assert "问 小模型的便宜训练配方" in page.locator(".zd-q").nth(1).inner_text()
    looked.clean()


def test_hostile_words_do_nothing(serve: Serve, look: Look, tmp_path: Path) -> None:
    desk = FakeDesk(tmp_path / "pages", hostile=True)
    looked = look(serve(desk), width=PHONE, height=740)
    page = chat(looked)
    found = asked(page, '<img src=x onerror="window.hacked=1">')
    assert "<script>window.hacked=1</script>" in found.inner_text()
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert found.locator("img, script").count() == 0
    looked.clean()


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_the_list_is_a_drawer(serve: Serve, look: Look, fake: FakeDesk, dark: bool) -> None:
    looked = look(serve(fake), width=PHONE, height=740, dark=dark)
    page = chat(looked)
    asked(page, "第一个问题？")
    side = page.locator("#zd-talk-list")
    assert not side.is_visible()
    page.locator(".zd-menu").click()
    side.wait_for()
    page.locator("#zd-talk-list button").first.click()
    side.wait_for(state="hidden")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    looked.clean()
