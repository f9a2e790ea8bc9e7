"""Evidence: a paper in statements, a claim in pieces and parts, and which statements the claim is about."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from agents.evidence.atoms import atoms
from agents.evidence.gather import enough, rank
from agents.evidence.statements import Papers, read, text_of
from agents.evidence.units import units
from core.documents import SectionRole
from core.lexicon import Lexicon
from core.words import stem, stems
from tests.unit.builders import document, passage

METHOD = passage("The router drops tokens with the lowest affinity. Each layer has 64 experts in all.", 1)
RESULT = passage("Pruning hurts recall on MovieLens. It reduces latency by 40% on a single GPU.", 2, page=4)
OTHER = passage("We thank nobody in particular. The weather was fine.", 3, page=5)
PAPER = read(document(METHOD, RESULT, OTHER))


def nearest(claim: str) -> str:
    return rank(claim, PAPER, {})[0].statement.text


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("路由器会丢弃亲和度最低的词元。", METHOD.sentence(0)),
        ("每一层一共有 64 个专家。", METHOD.sentence(1)),
        ("剪枝使单块 GPU 上的延迟降低了 40%。", RESULT.sentence(1)),
        ("剪枝会损害 MovieLens 上的召回率。", RESULT.sentence(0)),
    ],
)
def test_the_nearest_statement_is_the_one_that_speaks_of_it(claim: str, text: str) -> None:
    assert nearest(claim) == text


def test_a_false_claim_is_held_against_what_it_is_about() -> None:
    assert nearest("剪枝使单块 GPU 上的延迟增加了 70%。") == RESULT.sentence(1)


def test_search_decides_between_equals() -> None:
    twins = read(document(passage("Pruning helps.", 1), passage("Pruning helps.", 2, page=9)))
    assert rank("剪枝有用。", twins, {twins.statements[1].passage.id: 3.0})[0].statement.passage.page == 9


def test_numbers_and_parts_that_the_nearest_lacks_come_from_close_ones() -> None:
    claim = "剪枝会损害 MovieLens 上的召回率，但使延迟降低 40%。"
    chosen = enough(claim, rank(claim, PAPER, {}), PAPER)
    assert {s.text for s in chosen} == {RESULT.sentence(0), RESULT.sentence(1)}


def test_a_simple_claim_rests_on_one_statement() -> None:
    claim = "每一层一共有 64 个专家。"
    assert len(enough(claim, rank(claim, PAPER, {}), PAPER)) == 1


def test_references_are_not_evidence() -> None:
    cited = passage("Pruning neural networks for latency.", 9, role=SectionRole.REFERENCES)
    assert read(document(cited)).statements == ()
    assert rank("剪枝。", text_of(()), {}) == []


def test_a_paper_is_read_once() -> None:
    asked: list[str] = []

    def find(version: str) -> None:
        asked.append(version)

    papers = Papers(lambda version: asked.append(version) or document(METHOD))  # type: ignore[func-returns-value]
    assert papers.get("a") is papers.get("a") and asked == ["a"]
    assert Papers(find).get("nobody-read-it") is None


@pytest.mark.parametrize(
    ("claim", "parts"),
    [
        ("ABC 有 64 个专家。", ("ABC 有 64 个专家",)),
        ("ABC 的召回率为 82.3%，精度为 84.2%。", ("ABC 的召回率为 82.3%", "ABC 精度为 84.2%")),
        ("在 GSM8K 上，ABC 高于基线。", ("在 GSM8K 上，ABC 高于基线",)),  # a scene is no part
        ("上下文越长，ABC 的优势越大。", ("上下文越长，ABC 的优势越大",)),
        ("规则只看关系类型，而不看具体实体。", ("规则只看关系类型", "不看具体实体")),
        ("共有 1,024 个专家。", ("共有 1,024 个专家",)),
        ("", ()),
    ],
)
def test_a_claim_in_its_parts(claim: str, parts: tuple[str, ...]) -> None:
    assert atoms(claim) == parts


def test_a_claim_in_pieces() -> None:
    found = units("MoE-Base 的训练速度为 860，比 Switch 慢。")
    assert {p.text for p in found.pieces if p.is_name} == {stems("moe")[0], stems("base")[0], stems("switch")[0]}
    assert [q.value for q in found.quantities] == [860]
    (speed,) = [p for p in found.pieces if "speed" in p.stems]
    assert not speed.is_name


def test_the_longest_chinese_word_wins() -> None:
    lexicon = Lexicon({"奖励模型": ("reward", "model"), "奖励": ("bonus",), "模型": ("network",)})
    assert [(w.text, "reward" in w.stems) for w in lexicon.cut("奖励模型")] == [("奖励模型", True)]


def test_stems_leave_joining_words_out() -> None:
    assert stems("The models were trained on 2.5 trillion tokens") == ("model", "train", "2.5", "trillion", "token")


def test_stems_are_the_same_from_many_threads() -> None:
    words = [
        f"{a}{b}" for a in ("generaliz", "optimiz", "hypothesiz", "normaliz") for b in ("ation", "ing", "ed", "es")
    ]
    text = " ".join(f"{word}{n}" for n in range(50) for word in words)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads take turns within a word
    try:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda n: stems(text.replace("iz", f"iz{'abcdefgh'[n]}")), range(8)))
    finally:
        sys.setswitchinterval(interval)
    stem.cache_clear()
    assert found == [stems(text.replace("iz", f"iz{letter}")) for letter in "abcdefgh"]
