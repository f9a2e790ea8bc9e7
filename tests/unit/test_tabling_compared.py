"""Several papers side by side: common benchmarks, their settings, and where two papers contradict each other."""

from types import SimpleNamespace

import pytest

from agents.tabling import add, conflicts
from agents.tabling.benchmarks import named
from core.documents import Document
from core.report import Aspect, Grid, Written
from tests.unit.builders import paper as listed
from tests.unit.tabled import NOTHING, cells, paper, planned, table

A, B, C = "2501.00001v1", "2501.00002v1", "2501.00003v1"


def heron(shots: str = "5-shot", mmlu: str = "72.6") -> Document:
    header = ("Benchmark", "# Shots", "GPT-4-1106", "Heron-7B")
    rows = (("MMLU (Acc.)", shots, "86.4", mmlu), ("GSM8K (EM)", "8-shot", "92.0", "40.2"), ("Speed", "-", "1.0", "2"))
    return paper(table(header, rows, paper=A), version=A)


def stork(name: str = "Stork-7B", mmlu: str = "83.7") -> Document:
    made = table(("Model", "MMLU (0-shot)", "AIME24"), (("GPT-4-1106", mmlu, "9.3"), (name, "70.1", "20.0")), paper=B)
    abstract = "We propose Stork, a new model. We release Stork. Our Stork flies."
    return paper(made, title="Stork: Slow Birds", abstract=abstract, version=B)


def made(aspect: Aspect, *documents: Document) -> Written:
    papers = {d.paper: listed(d.paper, title=d.title) for d in documents}
    return add(NOTHING, planned(aspect), {d.paper: d for d in documents}, papers)


def grid(written: Written) -> Grid:
    (found,) = written.blocks
    assert isinstance(found, Grid)
    return found


def test_common_benchmarks_stand_side_by_side_with_their_settings() -> None:
    written = made("benchmarks", heron(), stork())
    assert cells(written, grid(written)) == [["Heron-7B", "72.6"], ["Stork-7B", "70.1"]]
    assert grid(written).columns == ("MMLU",)
    assert [row.paper for row in grid(written).rows] == [A, B]
    assert grid(written).notes == ("MMLU：设置不同，不能直接比较（Heron-7B 标注 5-shot；Stork-7B 标注 0-shot）。",)
    assert [s.evidence[0].paper for s in written.sentences] == [A, B]


def test_what_is_not_stated_is_said() -> None:
    (note,) = grid(made("benchmarks", heron(shots="-"), stork())).notes
    assert note == "MMLU：设置未全写明，比较时要留意（Heron-7B 未写明；Stork-7B 标注 0-shot）。"
    assert grid(made("benchmarks", heron(shots="0-shot"), stork())).notes == ()


def test_shares_and_percentages_and_kinds_of_models_are_told_apart() -> None:
    notes = grid(made("benchmarks", heron("0-shot", "0.726"), stork("Stork-7B-Base"))).notes
    assert notes == ("MMLU：Heron-7B 给出的是小数，其余是百分数。",)
    chat = paper(
        table(("Model", "MMLU", "BBH"), (("Crane", "1.5", "2.5"), ("Heron-7B-Chat", "72.6", "50.1")), paper=C),
        version=C,
    )
    assert "Stork-7B-Base 是基座模型，Heron-7B-Chat 经过后训练，不宜直接比较。" in grid(
        made("benchmarks", chat, stork("Stork-7B-Base"))
    ).notes  # fmt: skip


def test_a_paper_without_a_common_benchmark_is_named() -> None:
    other = paper(
        table(("Model", "AUC"), (("Swan", "0.9"), ("Ibis-1", "0.91")), paper=C), title="Ibis: Birds",
        abstract="We propose Ibis. We release Ibis. Our Ibis.", version=C,
    )  # fmt: skip
    notes = grid(made("benchmarks", heron(), stork(), other)).notes
    assert notes[-1] == "没有列入：Ibis（没有共同的基准，或表格无法可靠读出）。"
    assert made("benchmarks", heron(), other) == NOTHING


def test_a_contradiction_quotes_both_papers() -> None:
    written = made("agreement", heron(), stork())
    (sentence,) = written.sentences
    assert sentence.text == (
        "GPT-4-1106 在 MMLU 上，Heron 一文报告 86.4，Stork 一文报告 83.7（设置不同：5-shot / 0-shot）。"
    )
    assert [quote.paper for quote in sentence.evidence] == [A, B]
    assert ["86.4" in sentence.evidence[0].quote, "83.7" in sentence.evidence[1].quote] == [True, True]
    assert [block.kind for block in written.blocks] == ["prose"]


@pytest.mark.parametrize("theirs", ["86.4", "86.40", "0.864", "86"])
def test_the_same_number_is_no_contradiction(theirs: str) -> None:
    (sentence,) = made("agreement", heron("0-shot"), stork(mmlu=theirs)).sentences
    assert sentence.text == f"GPT-4-1106 在 MMLU 上，Heron 一文报告 86.4，Stork 一文报告 {theirs}，两者一致。"


@pytest.mark.parametrize("theirs", ["2/30", "80+"])
def test_a_count_out_of_some_is_not_compared(theirs: str) -> None:
    assert made("agreement", heron(), stork(mmlu=theirs)).sentences == ()


@pytest.mark.parametrize(
    ("name", "key", "settings"),
    [
        ("MMLU", "mmlu", ()),
        ("MMLU (5-shot)", "mmlu", ("5-shot",)),
        ("MMLU_PRO", "mmlupro", ()),
        ("AIME 2024 / pass@1", "aime2024", ("pass@1",)),
        ("AIME24", "aime2024", ()),
        ("MATH-500 pass@1", "math500", ("pass@1",)),
        ("C-Eval 5-shot", "ceval", ("5-shot",)),
        ("HumanEval / HumanEval+", "humaneval+", ()),
        ("Python", "", ()),  # a language, and of another benchmark in each table
        ("NDCG", "", ()),
        ("Average", "", ()),
        ("HumanEval / Hard", "", ()),  # a subset
    ],
)
def test_benchmarks_are_known_by_their_names(name: str, key: str, settings: tuple[str, ...]) -> None:
    assert (named(name)[0], named(name)[2]) == (key, settings)


@pytest.mark.parametrize(
    ("ours", "theirs", "equal"),
    [
        ("86.0", "86", True),
        ("0.861", "86.1", True),
        ("86", "1", None),  # 1 may be a share of anything above a half
        ("46", "0.5", None),
        ("-3.2", "3.2", False),
        ("72.1", "72.4", False),
    ],
)
def test_numbers_are_the_same_only_where_they_say_enough(ours: str, theirs: str, equal: bool | None) -> None:
    a, b = (SimpleNamespace(text=text, number=float(text)) for text in (ours, theirs))
    assert conflicts._equal(a, b) is equal  # type: ignore[arg-type]  # what is compared of a result
