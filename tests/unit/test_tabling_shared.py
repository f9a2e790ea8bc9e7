"""Tables of real papers, cell by cell as their pages print them."""

from functools import lru_cache

import pytest

from agents.tabling import add
from core.documents import Document
from core.report import Aspect, Grid, Plate, Written
from tests.unit.builders import SHARED, read
from tests.unit.tabled import NOTHING, cells, planned
from tools.rag.chunk import cut

R1, ORZ, MIMO, SWITCH = "2501.12948v1", "2503.24290v1", "2505.07608v1", "2101.03961v3"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "papers").is_dir(), reason="needs ../shared (real papers)"),
]


@lru_cache(maxsize=4)
def document(version: str) -> Document:
    made = read(SHARED / "papers" / f"{version}.pdf")
    return Document(
        paper=version, sha256=made.sha256, pages=made.pages, sections=made.sections, passages=cut(made, version),
        tables=made.tables, figures=made.figures, title=made.title,
    )  # fmt: skip


def made(aspect: Aspect, *versions: str) -> Written:
    return add(NOTHING, planned(aspect), {v: document(v) for v in versions}, {})


def test_the_main_table_without_the_columns_whose_headings_are_in_doubt() -> None:
    written = made("results", R1)
    (grid,) = written.blocks
    assert isinstance(grid, Grid)
    assert grid.caption == "原文表 4（第 13 页）：Comparison between DeepSeek-R1 and other representative models"
    named = dict(zip(grid.columns, zip(*(row[1:] for row in cells(written, grid)), strict=True), strict=True))
    assert [row.label for row in grid.rows] == ["OpenAI o1-mini", "OpenAI o1-1217", "DeepSeek R1"]
    assert named["MMLU (Pass@1)"] == ("85.2", "91.8", "90.8")
    assert named["MMLU-Pro (EM)"] == ("80.3", "", "84.0")
    assert named["AIME 2024 (Pass@1)"] == ("63.6", "79.2", "79.8")
    assert {s.evidence[0].page for s in written.sentences} == {13}


def test_a_small_table_is_kept_whole() -> None:
    written = made("results", ORZ)
    assert cells(written, written.blocks[0]) == [
        ["QwQ-32B-preview", "50.0", "33.5", "90.6", "54.5"],
        ["DeepSeek-R1-Zero-Qwen-32B", "47.0", "", "91.6", "55.0"],
        ["Open-Reasoner-Zero-32B", "48.1", "36.0", "92.2", "55.5"],
    ]


def test_common_benchmarks_of_three_papers() -> None:
    written = made("benchmarks", R1, ORZ, MIMO)
    (grid,) = written.blocks
    assert isinstance(grid, Grid)
    rows = {row[0]: dict(zip(grid.columns, row[1:], strict=True)) for row in cells(written, grid)}
    assert rows["DeepSeek R1"]["MMLU"] == "90.8" and rows["Open-Reasoner-Zero-32B"]["MMLU"] == "84.9"
    assert rows["DeepSeek R1"]["AIME 2024"] == "79.8" and rows["Open-Reasoner-Zero-32B"]["AIME 2024"] == "48.1"


def test_two_papers_on_the_same_model() -> None:
    said = {s.text: [q.paper for q in s.evidence] for s in made("agreement", R1, ORZ, MIMO).sentences}
    contradiction = next(text for text in said if "AIME 2025" in text)
    assert "33.5" in contradiction and "32.4" in contradiction and said[contradiction] == [ORZ, MIMO]
    assert any("50.0" in text and "两者一致" in text for text in said)


def test_equations_of_the_loss() -> None:
    found = [block for block in made("method", SWITCH).blocks if isinstance(block, Plate)]
    assert [plate.label for plate in found if plate.what == "equation"] == ["(4)", "(5)", "(6)"]
    assert {plate.box.page for plate in found if plate.what == "equation"} == {7}
    assert [plate.shown for plate in found] == [plate.what == "equation" for plate in found]
