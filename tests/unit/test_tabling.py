"""Results and ablations rebuilt from a paper's own tables: right cells with their places, or none."""

import pytest

from agents.tabling import add
from core.documents import Document, SectionRole
from core.report import Aspect, Grid, Prose, Sentence, Written
from tests.unit.builders import VERSION
from tests.unit.tabled import NOTHING, cells, paper, planned, table

SYSTEMS = ("Model", "Recall@5", "Latency (ms) ↓")
ROWS = (("Swan-7B", "61.0", "12.5"), ("Crane-7B", "70.4", "11.0"), ("Heron-7B", "72.6*", "9.1"))


def made(document: Document, aspect: Aspect = "results", written: Written = NOTHING) -> Written:
    return add(written, planned(aspect), {document.paper: document}, {})


def grid(written: Written) -> Grid:
    (found,) = [block for block in written.blocks if isinstance(block, Grid)]
    return found


def test_every_cell_stands_where_it_is_printed() -> None:
    document = paper(table(SYSTEMS, ROWS))
    written = made(document)
    assert cells(written, grid(written)) == [list(row) for row in ROWS]
    assert grid(written).columns == SYSTEMS[1:] and grid(written).corner == "Model"
    assert {row.paper for row in grid(written).rows} == {VERSION}
    boxes = {cell.box: cell.text for row in document.tables[0].rows for cell in row.cells}
    for sentence in written.sentences:
        (quote,) = sentence.evidence
        assert boxes[quote.boxes[0]] == sentence.text and len(quote.boxes) == 1
        assert quote.page == 6 and quote.section == "4 Results" and f" {sentence.text}" in quote.quote
        assert "Table 3" in quote.spelled_out and quote.passage in {p.id for p in document.passages}


def test_the_table_says_what_it_is() -> None:
    found = grid(made(paper(table(SYSTEMS, ROWS))))
    assert found.caption == "原文表 3（第 6 页）：Comparison of systems"
    assert found.notes == ("论文自己的方法：Heron-7B。", "↓ 越低越好。", "数字后的 * 是原表的记号，含义见第 6 页。")


def test_it_goes_behind_the_first_paragraph_with_ids_of_its_own() -> None:
    before = Written(
        blocks=(Prose(claims=("s4.c1",)), Prose(claims=("s4.c7",))),
        sentences=(Sentence(id="s4.c1", text="一。"), Sentence(id="s4.c7", text="七。")),
    )
    written = made(paper(table(SYSTEMS, ROWS)), written=before)
    assert [block.kind for block in written.blocks] == ["prose", "grid", "prose"]
    ids = [s.id for s in written.sentences]
    assert ids[2] == "s4.c8" and len(set(ids)) == len(ids)


def test_systems_in_columns_become_rows_with_the_settings_named() -> None:
    header = ("Benchmark (Metric)", "# Shots", "Swan 7B", "Crane 7B", "Heron 7B")
    rows = (
        ("# Params", "-", "7B", "7B", "7B"),
        ("MMLU (Acc.)", "5-shot", "61.0", "62.0", "72.6"),
        ("HumanEval (Pass@1)", "0-shot", "-", "38.1", "40.2"),
    )
    written = made(paper(table(header, rows)))
    assert grid(written).columns == ("MMLU (Acc.)（5-shot）", "HumanEval (Pass@1)（0-shot）")
    assert cells(written, grid(written)) == [
        ["Swan 7B", "61.0", ""],
        ["Crane 7B", "62.0", "38.1"],
        ["Heron 7B", "72.6", "40.2"],
    ]
    assert "行列与原表互换；只列出一部分，完整的表见第 6 页。" in grid(written).notes


def test_a_large_table_keeps_the_own_system_and_its_strongest_rivals() -> None:
    rows = [(f"Swan-{n}B", f"{50 + n}.0", f"{30 - n}.0") for n in range(1, 10)]
    written = made(paper(table(SYSTEMS, [*rows, ("Heron-7B", "72.6", "9.1")])))
    assert [row.label for row in grid(written).rows] == [f"Swan-{n}B" for n in range(5, 10)] + ["Heron-7B"]
    assert "只列出一部分，完整的表见第 6 页。" in grid(written).notes


def test_a_low_value_is_the_good_one_where_an_arrow_says_so() -> None:
    rows = [(f"Swan-{n}B", f"{n}.0") for n in range(1, 10)]
    written = made(paper(table(("Model", "Score ↓"), [*rows, ("Heron-7B", "0.5")])))
    assert [row.label for row in grid(written).rows] == [f"Swan-{n}B" for n in range(1, 6)] + ["Heron-7B"]


def test_the_table_the_abstract_quotes_is_taken() -> None:
    other = table(SYSTEMS, (("Swan-7B", "1.5", "2.5"), ("Heron-7B", "3.5", "4.5")), label="Table 2", page=5)
    abstract = "We propose Heron. Heron reaches a recall of 72.6 in all. We release Heron."
    assert grid(made(paper(other, table(SYSTEMS, ROWS), abstract=abstract))).caption.startswith("原文表 3")
    late = table(SYSTEMS, ROWS, role=SectionRole.APPENDIX)
    assert grid(made(paper(other, late))).caption.startswith("原文表 2")


@pytest.mark.parametrize(
    "header",
    [
        ("Metric", "Claude-3.5- / Sonnet", "Claude-3.5- GPT-4o", "Heron"),
        ("Metric", "", "", "Heron"),
        ("Metric", "Swan", "Swan", "Heron"),
        ("Metric", "Small MoE Small MoE / A", "Small MoE Small MoE / B", "Heron"),
        ("Metric", "GPT-4o SwanMoE / A", "GPT-4o SwanMoE / B", "Heron"),
        ("Metric", "A / Speed ↓ Ratio ↓", "A / GPU ↑ Idle ↑", "Heron"),
    ],
)
def test_a_table_whose_headings_are_in_doubt_is_left_out(header: tuple[str, ...]) -> None:
    rows = (("MMLU", "61.0", "62.0", "72.6"), ("GSM8K", "50.0", "51.0", "52.0"))
    assert made(paper(table(header, rows))) == NOTHING


@pytest.mark.parametrize(
    "rows",
    [
        (("Swan", "61.0", "12.5"), ("", "62.0", "13.5"), ("Heron", "72.6", "9.1")),  # a name over several rows
        (("Swan", "", ""), ("Crane", "", "13.5"), ("Heron", "72.6", "9.1")),  # cells that may have slipped
    ],
)
def test_a_ragged_table_is_left_out(rows: tuple[tuple[str, ...], ...]) -> None:
    assert made(paper(table(SYSTEMS, rows))) == NOTHING


def test_columns_in_doubt_are_left_out_where_most_are_sure() -> None:
    header = ("Metric", "GPT-4o Claude-3.5- / A", "OpenAI o1-mini", "OpenAI o1-1217", "Heron")
    rows = (("MMLU", "61.0", "62.0", "63.0", "72.6"), ("GSM8K", "50.0", "51.0", "52.0", "53.0"))
    found = grid(made(paper(table(header, rows))))
    assert [row.label for row in found.rows] == ["OpenAI o1-mini", "OpenAI o1-1217", "Heron"]


def test_a_heading_whose_arrow_went_to_the_next_is_left_out() -> None:
    header = ("Model", "Recall ↑", "F1 ↑", "Idle Time", "Idle ↓ Ratio ↓")
    rows = (("Swan", "61.0", "12.5", "1.5", "1.1"), ("Heron", "62.0", "13.5", "2.5", "1.2"))
    assert grid(made(paper(table(header, rows)))).columns == ("Recall ↑", "F1 ↑")


def test_one_name_over_two_columns_is_told_apart_by_its_size() -> None:
    header = ("Models", "Swan3", "Swan3", "Heron")
    rows = (("# Parameter", "0.6B", "8B", "8B"), ("MMLU", "42.9", "77.5", "78.0"), ("CMMLU", "42.0", "77.6", "80.6"))
    found = grid(made(paper(table(header, rows))))
    assert [row.label for row in found.rows] == ["Swan3（0.6B）", "Swan3（8B）", "Heron"]


def test_a_heading_beside_several_rows_is_no_part_of_their_names() -> None:
    header = ("Benchmark", "Swan", "Heron")
    rows = (("MMLU", "61.0", "72.6"), ("GSM8K", "50.0", "53.0"), ("BBH", "40.0", "43.0"))
    found = grid(made(paper(table(header, rows, aside={1: "English"}))))
    assert found.columns == ("MMLU", "GSM8K", "BBH")


def test_what_is_printed_several_times_in_a_cell_is_no_number() -> None:
    rows = (("Swan-7B", "61.0", "12.5"), ("Heron-7B", "72.6 72.6 72.6", "9.1"))
    assert grid(made(paper(table(SYSTEMS, rows)))).columns == ("Latency (ms) ↓",)


def test_a_row_whose_words_are_elsewhere_on_the_page_is_left_out() -> None:
    found, passages = table(SYSTEMS, ROWS)
    _, others = table(SYSTEMS, (ROWS[0], ("Crane-7B", "99.9", "11.0"), ROWS[2]))
    written = made(paper((found, [passages[0], others[1], passages[2]])))
    assert [row.label for row in grid(written).rows] == ["Swan-7B", "Heron-7B"]


def test_rivals_alone_are_no_result_of_the_paper() -> None:
    assert made(paper(table(SYSTEMS, ROWS[:2]))) == NOTHING


def test_an_ablation_is_told_from_the_result() -> None:
    result = table(SYSTEMS, ROWS)
    rows = (("Heron", "72.6"), ("w/o wings", "60.1"), ("w/o beak", "55.0"))
    apart = table(("Variant", "Recall@5"), rows, caption="Ablation of the parts.", label="Table 4", page=7)
    document = paper(result, apart)
    assert grid(made(document)).caption.startswith("原文表 3")
    written = made(document, "ablation")
    assert grid(written).caption == "原文表 4（第 7 页）：Ablation of the parts"
    assert cells(written, grid(written)) == [
        ["Heron", "72.6"], ["Heron · w/o wings", "60.1"], ["Heron · w/o beak", "55.0"]
    ]  # fmt: skip
    assert made(paper(result), "ablation") == NOTHING


def test_other_sections_stay_as_they_are() -> None:
    document = paper(table(SYSTEMS, ROWS))
    assert made(document, "limitations") == NOTHING
    assert made(document, "benchmarks") == NOTHING  # nothing to compare one paper with
