"""Rendering: what the model is given, what becomes of its answer, when the English stays."""

from collections.abc import AsyncIterator, Sequence

import pytest

from agents.rendering import Job, finish, people, prepare, punctuated, render
from agents.terms import parse
from core.ports import ModelCard, Prompt, Wire

GLOSSARY = parse(
    """
[terms]
"reinforcement learning" = { zh = "强化学习", abbr = "RL" }
"token" = { zh = "词元", wrong = ["令牌"] }
"KL loss" = "KL 损失"
"KV cache" = "KV 缓存"
"object detection" = "目标检测"
[phrases]
"up to" = "最高"
"""
)


class Parrot:
    """A chat model that says what it was told to, and remembers what it was asked."""

    card = ModelCard(name="parrot", provider="scripted", small=True, context_tokens=2048, local=True)

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[Prompt] = []

    async def text(self, prompt: Prompt) -> str:
        self.asked.append(prompt)
        return self.answers.pop(0)

    def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        raise NotImplementedError

    async def fill(self, prompt: Prompt, schema: type[Wire]) -> Wire:
        raise NotImplementedError

    async def choose(self, prompt: Prompt, options: Sequence[str]) -> dict[str, float]:
        raise NotImplementedError


SENTENCE = "Specifically, we train GPT-X with reinforcement learning on 6 trillion tokens (Gao et al., 2023)."
GOOD = "我们用强化学习在6万亿令牌上训练GPT-X."


def test_the_model_sees_what_must_survive_in_place() -> None:
    job = prepare(SENTENCE, GLOSSARY)
    assert job.given == "We train GPT-X with 强化学习 on 6 万亿 词元."
    assert [s.kind for s in job.spans] == ["name", "term", "number", "term"]


def test_a_term_wins_over_the_name_it_covers_and_loses_to_a_longer_one() -> None:
    assert prepare("We drop the KL Loss and the KV cache.", GLOSSARY).given == "We drop the KL 损失 and the KV 缓存."
    assert prepare("We use the Open Token Leaderboard.", GLOSSARY).given == "We use the Open Token Leaderboard."


async def test_a_good_answer_is_polished() -> None:
    model = Parrot(GOOD)
    rendering = await render(model, SENTENCE, GLOSSARY)
    assert rendering.ok
    assert rendering.text == "作者用强化学习在 6 万亿词元上训练 GPT-X。"
    assert rendering.reason == ""
    assert len(model.asked) == 1
    assert model.asked[0].messages[-1].text == prepare(SENTENCE, GLOSSARY).given
    assert model.asked[0].max_tokens <= 120


async def test_a_failed_answer_gets_one_more_try_with_a_little_chance() -> None:
    model = Parrot("我们用强化学习训练 GPT-X。", GOOD)
    rendering = await render(model, SENTENCE, GLOSSARY)
    assert rendering.ok
    first, second = model.asked
    assert second.messages == first.messages, "what the server has read must stay in its cache"
    assert first.temperature == 0.0 < second.temperature


async def test_what_fails_twice_stays_english_with_the_reason() -> None:
    model = Parrot("我们用强化学习在 7 万亿词元上训练 GPT-X。", "Sorry, I cannot.")
    rendering = await render(model, SENTENCE, GLOSSARY)
    assert not rendering.ok
    assert rendering.text == SENTENCE
    assert "丢失 6 万亿" in rendering.reason
    assert "凭空多出数字 7" in rendering.reason
    assert "没有译成中文" in rendering.reason


@pytest.mark.parametrize("nonsense", ["", "\n\n", "译文：", "？？？", "\ue000", "####", "我" * 500, "а" * 50])
async def test_nonsense_never_raises(nonsense: str) -> None:
    rendering = await render(Parrot(nonsense, nonsense), SENTENCE, GLOSSARY)
    assert not rendering.ok
    assert rendering.text == SENTENCE


@pytest.mark.parametrize("sentence", ["", "   ", "[12]"])
async def test_nothing_to_translate_asks_nobody(sentence: str) -> None:
    rendering = await render(Parrot(), sentence, GLOSSARY)
    assert not rendering.ok
    assert rendering.text == sentence


def problems(sentence: str, said: str) -> list[str]:
    return finish(said, prepare(sentence, GLOSSARY), GLOSSARY)[1]


@pytest.mark.parametrize(
    ("sentence", "said", "fault"),
    [
        ("The method is fast.", "这种方法比 BERT 快。", "凭空多出 BERT"),
        ("The method is fast.", "这种方法快 3 成。", "凭空多出数字 3"),
        ("The method is quite robust here.", "这种方法在这里相当 robust。", "留有英文 robust"),
        ("It does not improve the final result.", "它改进了最终结果。", "丢失否定"),
        ("The method is fast.", "這種方法很快。", "夹有繁体或其他文字"),
        ("The method is fast.", "この方法は速い。", "夹有繁体或其他文字"),
        ("The method is fast.", "这种方法（一种网络）很快。", "多出括注"),
        ("The method is fast and easy to use in practice today.", "很快。", "译文过短，可能有遗漏"),
        ("The method is fast.", "这种方法" + "又快又好又省" * 6, "译文重复"),
        ("The method is fast.", "The method is fast.", "没有译成中文"),
        ("The method is fast.", "这种方法很快，这个译文准确。", "不是译文"),
    ],
)
def test_faults_are_named(sentence: str, said: str, fault: str) -> None:
    assert fault in problems(sentence, said)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("The method is fast.", "这种方法很快。"),
        ("It does not help.", "它没有帮助。"),
        ("We keep the KV cache and drop the KL loss.", "作者保留 KV 缓存，去掉 KL 损失。"),
        ("A set x has an element k.", "集合 x 有元素 k。"),
        ("This is new (and better).", "这是新的（而且更好）。"),
    ],
)
def test_sound_answers_pass(sentence: str, said: str) -> None:
    assert problems(sentence, said) == []


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("翻译：“这种方法很快.”", "这种方法很快。"),
        ("译文：\n这种方法很快", "这种方法很快。"),
        ("这种方法很快。\n\n注：略。", "这种方法很快。"),
        ("这种方法很快,也很好;真的!", "这种方法很快，也很好；真的！"),
    ],
)
def test_chatter_goes_and_punctuation_is_chinese(said: str, text: str) -> None:
    assert finish(said, Job("The method is fast, and good.", "", ()), GLOSSARY)[0] == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("在本文中，我们提出新方法", "作者提出新方法"),
        ("本文我们提出新方法", "作者提出新方法"),
        ("我们提出新方法，我们的框架很快", "作者提出新方法，其框架很快"),
        ("我们的框架很快", "作者的框架很快"),
        ("该框架很快", "该框架很快"),
    ],
)
def test_the_paper_is_reported_not_spoken(before: str, after: str) -> None:
    assert people(before) == after


def test_punctuation_leaves_no_ascii_marks() -> None:
    assert punctuated('a: "b"(c), d; e?') == "a：“b”（c），d；e？"


async def test_titles_keep_their_name_and_have_no_full_stop() -> None:
    model = Parrot("用强化学习推进目标检测。")
    rendering = await render(
        model, "DetR1: Advancing Object Detection with Reinforcement Learning", GLOSSARY, kind="title"
    )
    assert rendering.ok
    assert rendering.text == "DetR1：用强化学习推进目标检测"
    assert model.asked[0].messages[-1].text == "advancing 目标检测 with 强化学习"


async def test_a_title_that_is_only_a_name_needs_no_model() -> None:
    model = Parrot("GPT-4 技术报告")
    rendering = await render(model, "GPT-4 Technical Report", GLOSSARY, kind="title")
    assert rendering.text == "GPT-4 技术报告"
    assert "GPT-4 technical report" in model.asked[0].messages[-1].text


@pytest.mark.parametrize("table", ["terms", "phrases"])
def test_a_term_that_came_back_as_another_is_not_accepted(table: str) -> None:
    glossary = parse(f'[{table}]\n"quadratic" = "二次方"\n"sub-quadratic" = "次二次方"')
    job = prepare("It reduces the cost of attention to a sub-quadratic scale.", glossary)
    assert finish("它把注意力的代价降到次二次方规模。", job, glossary)[1] == []
    assert finish("它把注意力的代价降到二次方规模。", job, glossary)[1] == ["“次二次方”成了“二次方”"]
    both = prepare("It reduces the quadratic cost to a sub-quadratic scale.", glossary)
    assert finish("它把二次方的代价降到次二次方规模。", both, glossary)[1] == []
    assert finish("它把二次方的代价降到二次方规模。", both, glossary)[1] == ["“次二次方”成了“二次方”"]


@pytest.mark.parametrize(
    ("source", "said", "right"),
    [
        ("It has redundancy, so it can buffer the performance drop.", "它有冗余，因此性能会下降。", False),
        (
            "It has redundancy, so it can buffer the performance drop.",
            "它有冗余，因此能缓冲性能的下降。",
            True,
        ),
        ("The model shows a performance drop on long inputs in practice.", "模型在长输入上的性能会下降。", True),
        (
            "It achieves comparable performance with the dense model.",
            "它达到了与稠密模型相同的性能。",
            False,
        ),
        (
            "It achieves comparable performance with the dense model.",
            "它达到了与稠密模型相当的性能。",
            True,
        ),
        ("One limitation of ORCA compared to KARMA is its small window.", "ORCA 和 KARMA 的一个局限是窗口小。", False),
        ("One limitation of ORCA compared to KARMA is its small window.", "ORCA 相比 KARMA 的局限是窗口小。", True),
        ("It uses the same amount of compute as the dense model.", "它与稠密模型用了相同的计算量。", True),
        ("Its outstanding performance is comparable with ORCA here.", "它在这里有与 ORCA 相比的出色性能。", False),
        ("Scaling up to a larger size, we train the dense model.", "作者发现，规模更大时可以训练稠密模型。", False),
        ("Scaling up to a larger size, we train the dense model.", "作者把规模扩大，训练了稠密模型。", True),
        ("We find that the dense model of larger size wins.", "作者发现，规模更大的稠密模型胜出。", True),
        ("We train the dense model of a larger size.", "作者训练了规模最大的稠密模型。", False),
        ("We train the dense model of the largest size.", "作者训练了规模最大的稠密模型。", True),
    ],
)
def test_what_a_small_model_turns_round_is_not_accepted(source: str, said: str, right: bool) -> None:
    assert (finish(said, prepare(source, GLOSSARY), GLOSSARY)[1] == []) is right
