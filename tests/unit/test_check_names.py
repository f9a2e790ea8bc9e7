"""Names: swapped ones are caught, the paper's own and other spellings are left alone."""

import pytest

from agents.checks import Evidence
from agents.checks.names import CHECK
from agents.evidence.names import Naming, naming
from core.documents import Document, SectionRole
from tests.unit.builders import document, passage

KNOWN = frozenset("falcon kestrel heron vx200 vx300 finch robin bpo grpo".split())
OWN = Naming(frozenset({"FlyNet"}), (("BPO", "Balanced Policy Optimization"),), KNOWN)

SWAPPED = [
    (
        "Kestrel 可看作块更小、查询更少的注意力。",
        ("Falcon can be viewed as attention with a smaller block and fewer queries.",),
        "Falcon",
    ),
    ("对稀疏模型最不友好的硬件是 VX300。", ("VX200 is the least friendly hardware to sparse models.",), "VX200"),
    (
        "FlyNet 采用 GRPO 作为大规模训练的强化学习算法。",
        (
            "We adopt Balanced Policy Optimization (BPO) as the reinforcement learning algorithm for large-scale "
            "training, unlike GRPO used in Heron.",
        ),
        "BPO",
    ),
    (
        "Finch 和 Robin 的训练数据含有类似样例，而 Heron 的没有。",
        (
            "The training data of Heron and Robin contain similar examples, while the data of Finch "
            "do not have any of them.",
        ),
        "Heron",
    ),
    # a sentence that is far nearer than the one with the claimed name
    (
        "评测摘要质量时，由 Kestrel 担任裁判做两两比较。",
        ("We follow earlier settings, which leverage Falcon as judge for pairwise comparison.", "Kestrel is old."),
        "Falcon",
    ),
    ("作者因结果不稳定而剔除了 Robin。", ("We exclude FINCH due to the instability of results.",), "FINCH"),
    # listed with the same partner
    (
        "各模型在 Finch 和 Robin 上微调。",
        ("We finetune all baselines on Heron (Lee et al., 2024) and Robin.",),
        "Heron",
    ),
    # changed places
    ("SFT 用 Falcon 训练，RL 用 Kestrel 训练。", ("We use Kestrel for SFT and Falcon for RL training.",), "Kestrel"),
    (
        "编码器用 Kestrel，解码器用 Falcon。",
        ("The encoder and the decoder are Falcon and Kestrel, respectively.",),
        "Falcon",
    ),
]

FAITHFUL = [
    ("FlyNet 把准确率提高了 3 个点。", "We improve accuracy by 3 points."),
    ("使用 Falcon-32B-Instruct 评测。", "We evaluate Falcon-Instruct-32B."),
    ("使用 GPT-4-1106-Preview 打分。", "Scored by GPT-4-Turbo-1106-Preview."),
    ("采用 BPO 训练。", "We train with Balanced Policy Optimization."),
    ("使用 DataBase 存储。", "We store it in a data base."),
    (
        "Falcon 的训练数据含有类似样例，而 Heron 的没有。",
        "The training data of Falcon contain similar examples; Heron's do not.",
    ),
    ("该强化学习算法用于大规模训练。", "The RL algorithm is used for large-scale training."),
    ("SFT 用 Kestrel 训练，RL 用 Falcon 训练。", "We use Kestrel for SFT and Falcon for RL training."),
    ("解码器用 Kestrel，编码器用 Falcon。", "The encoder and the decoder are Falcon and Kestrel, respectively."),
    ("Kestrel 与 Falcon 都使用稀疏注意力和较小的块。", "Falcon and Kestrel use sparse attention with a smaller block."),
]


@pytest.mark.parametrize("claim, texts, printed", SWAPPED)
def test_a_name_in_anothers_place_is_an_error(claim: str, texts: tuple[str, ...], printed: str) -> None:
    found = [f for f in CHECK(claim, Evidence(texts, " ".join(texts), naming=OWN)) if f.code == "name.swapped"]
    assert found and found[0].severity == "error"
    assert printed in found[0].message and found[0].where in claim


@pytest.mark.parametrize("claim, text", FAITHFUL)
def test_a_name_written_differently_is_left_alone(claim: str, text: str) -> None:
    assert [f for f in CHECK(claim, Evidence((text,), text, naming=OWN)) if f.severity == "error"] == []


def test_a_statement_about_the_claimed_name_forgives_another_about_a_second() -> None:
    texts = (
        "Falcon can be viewed as attention with a smaller block.",
        "Kestrel, too, can be viewed as attention with a smaller block.",
    )
    assert CHECK("Kestrel 可看作块更小的注意力。", Evidence(texts, " ".join(texts), naming=OWN)) == []


@pytest.mark.parametrize(
    "claim, text",
    [
        (
            "Kestrel 的关系类型很有限。",
            "It performs worse than Heron as relation types are very limited in this dataset.",
        ),
        ("Kestrel 的计算开销被大幅压缩。", "It greatly reduces the computational overhead, unlike Heron."),
        ("Kestrel 使训练更稳定。", "By setting sC2 = 4, training becomes more stable."),
    ],
)
def test_a_sentence_that_may_mean_the_claimed_name_is_no_swap(claim: str, text: str) -> None:
    evidence = Evidence((text,), f"Kestrel was introduced above. {text}", naming=OWN)
    assert [f for f in CHECK(claim, evidence) if f.severity == "error"] == []


def test_the_finding_carries_what_the_paper_prints() -> None:
    text = "We exclude FINCH due to the instability of results."
    (found,) = CHECK("作者因结果不稳定而剔除了 Robin。", Evidence((text,), text, naming=OWN))
    assert (found.where, found.correction) == ("Robin", "FINCH")


def test_a_sentence_that_is_not_cited_may_be_the_nearest() -> None:
    near = ("We exclude FINCH due to the instability of results.",)
    texts = ("We evaluate chat models on many benchmarks.",)
    found = CHECK("作者因结果不稳定而剔除了 Robin。", Evidence(texts, texts[0], near, naming=OWN))
    assert "name.swapped" in [f.code for f in found]


def test_the_end_of_a_long_own_name_is_the_own_name() -> None:
    names = Naming(frozenset({"Birdlab-F1-Zero"}), ())
    assert names.base("F1-Zero") == names.base("Birdlab-F1-Zero") == "birdlabf1zero"
    assert names.base("Zero") == names.base("1") == ""


def test_what_a_number_is_comparable_to_does_not_have_it() -> None:
    text = "The average score jumps from 15.6 to 71.0, reaching levels comparable to Heron."
    assert CHECK("FlyNet 的平均得分由 15.6 升至 71.0。", Evidence((text,), text, naming=OWN)) == []


def test_a_variant_of_the_own_system_needs_its_size_in_the_paper() -> None:
    names = OWN._replace(words=" flynet comes as 7 b and 32 b ")
    text = "We reach 80 points."
    assert CHECK("FlyNet-32B 达到 80 分。", Evidence((text,), text, naming=names)) == []
    assert CHECK("FlyNet-99X 达到 80 分。", Evidence((text,), text, naming=names))[0].code == "name.missing"


def test_a_number_of_another_system_is_not_the_own_ones() -> None:
    text = "The reported latency of Heron is 150 ms for a single token, higher than ours."
    found = CHECK("FlyNet 报告的单个词元延迟为 150 ms，高于其他系统。", Evidence((text,), text, naming=OWN))
    assert [f.code for f in found] == ["name.swapped"]


def _paper(title: str, *sentences: str) -> Document:
    return document(*(passage(text, role=SectionRole.ABSTRACT) for text in sentences), title=title)


TALK = ("FlyNet is fast.", "Results of FlyNet are good.", "FlyNet needs no data.")


@pytest.mark.parametrize(
    "title, first",
    [
        ("FLYNET: A Fast Method", "FlyNet is what follows."),
        ("A Fast Method", "In this paper we introduce FlyNet, a fast method."),
        ("A Fast Method", "We propose a joint framework for birds, called FlyNet."),
        ("FlyNet Technical Report", "Birds fly."),
    ],
)
def test_what_the_paper_calls_its_own_system(title: str, first: str) -> None:
    assert "FlyNet" in naming(_paper(title, first, *TALK)).own


def test_what_others_made_is_not_the_papers_own() -> None:
    names = naming(
        _paper("A Fast Method", "Smith introduces Heron (Smith et al., 2020).", "Heron flies.", "Heron is old.", *TALK)
    )
    assert "Heron" not in names.own and "heron" in names.cited


def test_a_variant_is_known_by_its_base_and_no_other_word_is() -> None:
    assert OWN.base("FlyNet-32B") == "flynet"
    assert OWN.base("Fly") == OWN.base("Heron") == ""


SIBLINGS = [
    (
        "为降低通信开销，模型采用张量并行来训练。",
        "The model is trained with pipeline parallelism to reduce the communication overhead.",
        "张量并行",
        "pipeline parallelism",
    ),
    (
        "每个块的表示由键向量的最大池化得到。",
        "The representation of each block is obtained by mean pooling of the key vectors.",
        "最大池化",
        "mean pooling",
    ),
]
NO_SIBLINGS = [
    (
        "为降低通信开销，模型采用流水线并行来训练。",
        "The model is trained with pipeline parallelism to reduce the communication overhead.",
    ),
    # both are named: neither stands in the other's place
    (
        "训练模型时流水线并行取代了张量并行，以降低通信开销。",
        "The model is trained with pipeline parallelism to reduce the communication overhead.",
    ),
    ("该方法不适用于卷积神经网络。", "We leave other applications to future work."),
]


@pytest.mark.parametrize(("claim", "text", "claimed", "printed"), SIBLINGS)
def test_terms_of_one_kind(claim: str, text: str, claimed: str, printed: str) -> None:
    """A Chinese term in whose place the paper prints another one of the same kind."""
    found = [f for f in CHECK(claim, Evidence((text,), text)) if f.code == "name.swapped"]
    assert [(f.where, f.correction) for f in found] == [(claimed, printed)]


@pytest.mark.parametrize(("claim", "text"), NO_SIBLINGS)
def test_terms_that_stand_where_they_should(claim: str, text: str) -> None:
    """The same term, both terms, or a sentence on something else."""
    assert not [f for f in CHECK(claim, Evidence((text,), text)) if f.code == "name.swapped"]
