"""Questions: on their own, leaning on others, and naming papers."""

from datetime import UTC, datetime

import pytest

from agents import asking
from agents.asking import Mentions, Understood
from core.models import Answer, Paper
from core.talk import Turn
from tests.unit.builders import paper
from tools.llm.scripted import ScriptedModel

KARMA = paper("2305.14627v2", title="KARMA: Planning with Long Context")
ATTENTION = paper("1706.03762v1", title="Attention Is All You Need")
SHELF = [KARMA, ATTENTION]


def by_id(id: str) -> Paper | None:
    return next((p for p in SHELF if id in (p.id, p.version)), None)


def turn(question: str, answer: str = "用规则奖励。[1]", *, stopped: bool = False) -> Turn:
    said = Answer(answer=answer, refused=False)
    return Turn(n=1, question=question, asked=datetime(2026, 11, 20, tzinfo=UTC), answer=said, stopped=stopped)


R1 = turn("R1 的奖励是怎么设计的？")


async def test_a_chinese_question_is_put_into_english() -> None:
    model = ScriptedModel([" How many GPUs? \nThat is all."])
    assert await asking.to_english(model, "用了几块 GPU？") == "How many GPUs?"
    assert "用了几块 GPU？" in model.history[0].last


@pytest.mark.parametrize(("model", "question"), [(None, "用了几块？"), (ScriptedModel(), "How many GPUs?")])
async def test_nothing_is_translated_without_need(model: ScriptedModel | None, question: str) -> None:
    assert await asking.to_english(model, question) == ""


@pytest.mark.parametrize(
    ("question", "does"),
    [
        ("那它的局限呢？", True), ("为什么？", True), ("这个方法在长上下文任务上的准确率到底是多少？", True),
        ("该方法在长上下文任务上的准确率到底是多少呢", True), ("How about it?", True),
        ("What is the accuracy of the model when they use a larger batch?", True),
        ("作者在 MMLU 和 GSM8K 两个数据集上取得了多少准确率？", False),
        ("论文应该怎样处理其他语言的训练数据才能提高准确率？", False),
        ("Which data sets were used to train large language models here?", False),
    ],
)  # fmt: skip
def test_short_questions_and_pronouns_lean_on_what_was_said(question: str, does: bool) -> None:
    assert asking.leans(question) is does


@pytest.mark.parametrize(
    ("question", "does"),
    [("比较 KARMA 和 BERT", True), ("两篇的方法有什么区别？", True), ("哪个更快？", True), ("A vs B", True),
     ("How do they differ?", True), ("How much faster is it compared with the baseline?", False),
     ("用了什么数据？", False), ("这个方法有什么局限？", False)],
)  # fmt: skip
def test_comparisons_are_told_by_their_words(question: str, does: bool) -> None:
    assert asking.compares(question) is does


async def test_a_follow_up_is_condensed_and_translated_in_one_call() -> None:
    model = ScriptedModel(["R1 有什么局限？\nWhat are the limitations of R1?"])
    found = await asking.understand(model, "那它的局限呢？", (R1,))
    assert found == Understood("R1 有什么局限？", "What are the limitations of R1?", "R1 有什么局限？")
    assert len(model.history) == 1
    asked = model.history[0].last
    assert asked.endswith("追问：那它的局限呢？")
    assert "问：R1 的奖励是怎么设计的？\n答：用规则奖励。\n" in asked


async def test_a_question_that_stands_alone_is_only_translated() -> None:
    model = ScriptedModel(["How accurate?"])
    question = "作者在 MMLU 和 GSM8K 两个数据集上取得了多少准确率？"
    assert await asking.understand(model, question, (R1,)) == Understood(question, "How accurate?", question)
    assert "R1" not in model.history[0].last


async def test_an_english_question_that_stands_alone_asks_no_model() -> None:
    question = "Which data sets were used to train large language models here?"
    assert await asking.understand(ScriptedModel(), question, (R1,)) == Understood(question, "", question)


async def test_an_english_follow_up_may_come_back_in_either_language() -> None:
    found = await asking.understand(ScriptedModel(["What limits does R1 have?"]), "And its limits?", (R1,))
    assert found == Understood("What limits does R1 have?", "What limits does R1 have?", "What limits does R1 have?")


@pytest.mark.parametrize("said", ["", "\n \n", "字" * 300])
async def test_nonsense_leaves_the_question_as_it_is(said: str) -> None:
    assert await asking.understand(ScriptedModel([said]), "那它呢？", (R1,)) == Understood("那它呢？", "", "那它呢？")


async def test_an_earlier_question_said_again_is_not_the_follow_up() -> None:
    model = ScriptedModel([f"{R1.question}\nHow is it designed?", "And its limitations?"])
    found = await asking.understand(model, "那它的局限呢？", (R1,))
    assert found == Understood("那它的局限呢？", "And its limitations?", f"{R1.question} 那它的局限呢？")


async def test_without_a_model_the_search_gets_the_words_of_the_question_before() -> None:
    found = await asking.understand(None, "那它的局限呢？", (turn("BERT 呢？"), R1))
    assert found == Understood("那它的局限呢？", "", "R1 的奖励是怎么设计的？ 那它的局限呢？")
    assert (await asking.understand(None, "那它的局限呢？", ())).search == "那它的局限呢？"


async def test_history_is_short() -> None:
    model = ScriptedModel(["问题？\nQuestion?"])
    turns = [turn(f"第 {n} 问？", "长" * 500) for n in range(5)] + [turn("停了的？", "一半", stopped=True)]
    await asking.understand(model, "它呢？", turns)
    asked = model.history[0].last
    assert "第 2 问" not in asked and "第 3 问" in asked and "长" * 130 not in asked
    assert "问：停了的？\n答：（没有答完）" in asked


@pytest.mark.parametrize(
    ("typed", "question", "papers", "unknown"),
    [
        ("@2305.14627 的局限是什么？", "KARMA 的局限是什么？", [KARMA], []),
        ("@2305.14627v2的局限", "KARMA的局限", [KARMA], []),
        ("@1706.03762 用了什么数据？", "这篇论文 用了什么数据？", [ATTENTION], []),
        ("@attention is all 用了什么？", "这篇论文 用了什么？", [ATTENTION], []),
        ("比较 @karma 和 @“Is All You” 的速度", "比较 KARMA 和 《Attention Is All You Need》 的速度", SHELF, []),
        ("@9999.99999 呢", "@9999.99999 呢", [], ["9999.99999"]),
        ("@没有这篇，讲了什么", "@没有这篇，讲了什么", [], ["没有这篇"]),
        ("写信给 a@b.com", "写信给 a@b.com", [], []),
    ],
)  # fmt: skip
def test_papers_are_named_by_id_or_title(typed: str, question: str, papers: list[Paper], unknown: list[str]) -> None:
    versions = tuple(p.version for p in papers)
    assert asking.mentions(typed, SHELF, by_id) == Mentions(question, versions, tuple(unknown))


def test_after_another_question_a_paper_is_named_in_full() -> None:
    said = asking.mentions("那 @1706.03762 呢？", SHELF, by_id, followed=True)
    assert said.question == "那 《Attention Is All You Need》 呢？"
