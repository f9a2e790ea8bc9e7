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
