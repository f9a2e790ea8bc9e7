"""Attribution: others' work is not the authors', the authors' is not others'."""

import pytest

from agents.checks import Evidence
from agents.checks.attribution import CHECK
from agents.evidence.names import Naming

NAMES = Naming(frozenset({"FlyNet"}), (), frozenset({"heron", "finchqa"}), frozenset({"heron", "finchqa"}))

WRONG = [
    ("FinchQA 数据集由 FlyNet 的作者自行构建。", ("FinchQA is used for evaluation.",), "attribution.other"),
    ("作者提出了 FinchQA。", ("FinchQA is used for evaluation.",), "attribution.other"),
    (
        "作者提出了位置插值方法，用于扩展上下文。",
        ("We use position interpolation (Lee et al., 2023) to extend the context.",),
        "attribution.other",
    ),
    (
        "作者发现小数据集上的训练会导致性能下降。",
        ("Previous work (Lee et al., 2023) shows that training on a small dataset degrades performance.",),
        "attribution.other",
    ),
    (
        "作者定义了衡量忠实度的分数。",
        ("Lee et al. (2021) define a score to measure faithfulness.",),
        "attribution.other",
    ),
    (
        "Heron 的成绩是作者自行复现测得的。",
        ("Comparison of FlyNet with Heron.", "Heron results are taken from [2]."),
        "attribution.other",
    ),
    (
        "FlyNet 用哈希对词元聚类，只关注簇。",
        ("Heron (Lee et al., 2020) employs hashing to cluster tokens, and attends to clusters only.",),
        "attribution.other",
    ),
    (
        "FlyNet 采用专家选择路由，让不同词元分到不同数量的专家。",
        ("Lee et al. (2022) propose an expert-choice routing, where tokens go to different numbers of experts.",),
        "attribution.other",
    ),
    (
        "FlyNet 通过拉长思维链引入了推理时扩展。",
        (
            "In the context of reasoning, BirdLab’s h1 (BirdLab, 2024) models introduce inference-time scaling by "
            "increasing the length of the chain of thought.",
        ),
        "attribution.other",
    ),
    (
        "Smith 等人发现，稀疏模型能从指令微调中受益。",
        ("However, Lee et al. (2023) show that sparse models benefit from instruction tuning.",),
        "attribution.other",
    ),
    (
        "动态采样和长度惩罚都是作者在本文中首次提出的。",
        ("We utilize the dynamic sampling and length penalty techniques from Lee et al. (2025).",),
        "attribution.other",
    ),
    (
        "Heron 的成绩由作者用自己的脚本测得。",
        ("The results for Heron come from Finch.",),
        "attribution.other",
    ),
    (
        "该数据集由前人的工作构建，用于评测代码模型。",
        ("We construct a new dataset to evaluate code models.",),
        "attribution.own",
    ),
    (
        "Heron 的结果直接取自官方报告，使用相同的评测设置。",
        ("The results of Heron are from our own evaluation in the same setting.",),
        "attribution.own",
    ),
]

RIGHT = [
    ("作者提出了基于 Heron 的训练方法。", "We propose a training method based on Heron [3]."),
    ("作者使用 FinchQA 构建了评测集。", "We build an evaluation set with FinchQA [3]."),
    (
        "作者发现训练会导致性能下降。",
        "Following previous work (Lee et al., 2023), we show that training degrades performance.",
    ),
    ("前人的工作发现训练会导致性能下降。", "Previous work shows that training degrades performance."),
    ("Heron 的成绩取自官方报告。", "Heron results are taken from its official report."),
    ("FlyNet 用哈希对词元聚类。", "We employ hashing (Lee et al., 2020) to cluster tokens."),
    ("Lee 等人发现，稀疏模型能从指令微调中受益。", "Lee et al. (2023) show that sparse models benefit from tuning."),
    ("作者提出了新的采样方法。", "We propose a new sampling method based on the technique from Lee et al. (2025)."),
    ("FlyNet 采用动态采样。", "We utilize the dynamic sampling from Lee et al. (2025)."),
    ("作者复现了 Heron 的成绩。", "We reproduce the results of Heron reported in [2]."),
]


@pytest.mark.parametrize("claim, texts, code", WRONG)
def test_work_given_to_the_wrong_people_is_an_error(claim: str, texts: tuple[str, ...], code: str) -> None:
    found = CHECK(claim, Evidence(texts, " ".join(texts), naming=NAMES))
    assert [(f.code, f.severity) for f in found] == [(code, "error")]
    assert found[0].where in claim and found[0].message.endswith("。")


@pytest.mark.parametrize("claim, text", RIGHT)
def test_work_given_to_the_right_people_is_left_alone(claim: str, text: str) -> None:
    assert CHECK(claim, Evidence((text,), text, naming=NAMES)) == []


def test_this_method_is_the_one_named_before() -> None:
    text = "This method uses random walks to learn embeddings of users."
    context = f"• Heron [31]: An algorithm for graphs. {text}"
    found = CHECK("FlyNet 用随机游走学习用户的嵌入。", Evidence((text,), context, naming=NAMES))
    assert [f.code for f in found] == ["attribution.other"] and "Heron" in found[0].message
    part = "Each model is trained from scratch with 87% code."
    found = CHECK(
        "FlyNet 从头训练，数据中 87% 是代码。",
        Evidence((part,), f"• Heron [31] comprises five models. {part}", naming=NAMES),
    )
    assert [f.code for f in found] == ["attribution.other"]
    own = f"FlyNet extends Heron [31]. {text}"
    assert CHECK("FlyNet 用随机游走学习用户的嵌入。", Evidence((text,), own, naming=NAMES)) == []


CROSSED = [
    (
        "Heron 负责压缩缓存，Kestrel 则负责稀疏计算。",
        ("Kestrel compresses the cache, while Heron performs sparse computation.",),
        "Heron",
    ),
    (
        "训练集和测试集上的准确率分别为 61.2% 与 72.5%。",
        ("The accuracy is 72.5% on the training set and 61.2% on the test set.",),
        "训练集",
    ),
    (
        "图像模型的推理速度较慢；文本模型则需要更多显存。",
        ("Image models need more memory. Text models have a slower inference speed.",),
        "图像模型的推理速度较慢",
    ),
]
NOT_CROSSED = [
    (
        "Kestrel 负责压缩缓存，Heron 则负责稀疏计算。",
        ("Kestrel compresses the cache, while Heron performs sparse computation.",),
    ),
    (
        "训练集和测试集上的准确率分别为 72.5% 与 61.2%。",
        ("The accuracy is 72.5% on the training set and 61.2% on the test set.",),
    ),
    (
        "Heron 负责稀疏计算，缓存由 Kestrel 压缩。",
        ("Kestrel compresses the cache, while Heron performs sparse computation.",),
    ),
    # no second thing: the clause goes on about the first one
    (
        "Kestrel 负责压缩缓存，因此稀疏计算更快。",
        ("Sparse computation is faster, for Kestrel compresses the cache.",),
    ),
]


@pytest.mark.parametrize(("claim", "texts", "where"), CROSSED)
def test_what_is_said_of_two_things_changed_places(claim: str, texts: tuple[str, ...], where: str) -> None:
    """Two clauses, each with what the paper says of the other one's subject."""
    sentences = tuple(s for t in texts for s in t.replace(". ", ".\n").split("\n"))
    found = CHECK(claim, Evidence(sentences, " ".join(texts)))
    assert [(f.code, f.where) for f in found] == [("attribution.crossed", where)]


@pytest.mark.parametrize(("claim", "texts"), NOT_CROSSED)
def test_two_things_in_their_places(claim: str, texts: tuple[str, ...]) -> None:
    """The order of clauses is free, and one clause may go on with another's subject."""
    assert CHECK(claim, Evidence(texts, " ".join(texts))) == []
