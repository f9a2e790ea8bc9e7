"""Claims about tables: the cells they name, numbers in the wrong cell, computed numbers, comparisons."""

import pytest

from agents.checks import Evidence
from agents.checks.numbers import CHECK as NUMBERS
from agents.checks.units import CHECK as UNITS
from agents.evidence.names import Naming
from agents.tables import values
from agents.tables.locate import places
from agents.tables.order import disagreements
from agents.tables.universal import confirms
from core.documents import Cell, Table, TableRow
from core.models import Box, Finding

_BOX = Box(page=1, x0=0, y0=0, x1=1, y1=1)


def table(label: str, caption: str, header: str, *rows: str) -> Table:
    """A row is `group: cell | cell`; the group may be missing."""
    read = []
    for row in rows:
        group, found, cells = row.partition(": ")
        texts = (cells if found else row).split("|")
        read.append(TableRow(group=group if found else "", cells=tuple(Cell(text.strip(), _BOX) for text in texts)))
    return Table(
        label=label, caption=caption, box=_BOX, header=tuple(h.strip() for h in header.split("|")), rows=tuple(read)
    )


QUALITY = table(
    "Table 2",
    "Translation results on Ferry and Harbor.",
    "Model | Ferry / Acc. | Ferry / F1 | Harbor / Acc. | Harbor / F1",
    "Baselines: Swallow-7B-Chat [12] | 61.2 | 58.4 | 40.1 | 39.0",
    "Baselines: Heron 13B | 70.5 | 66.1 | 52.3 | 50.8",
    "Ours: Lapwing (Ours) | 74.0 | 69.9 | 50.2 | 51.6",
)
LOSSES = table(
    "Table 3",
    "Ablation of the gate.",
    "Benchmark | Lapwing-2B-Gate | Lapwing-2B-Full",
    "Perplexity | 12.4 | 11.9",
    "Ferry [5-shot] | 0.7278 | 0.7142",
    "Latency (ms) | 20 | 65",
)
SIZES = table(
    "Table 4", "Model sizes.", "Size | Layers | Tokens", "545M | 14 | 10.8B", "822M | 16 | 15.3B", "1.1B | 18 | 20.6B"
)
NAMING = Naming(frozenset({"Lapwing"}), (("HRN", "Heron"),))


def evidence(*texts: str, near: tuple[str, ...] = ()) -> Evidence:
    return Evidence(texts or ("",), "", near, (QUALITY, LOSSES, SIZES), NAMING)


def numbers(claim: str, *texts: str, near: tuple[str, ...] = ()) -> list[Finding]:
    return NUMBERS(claim, evidence(*texts, near=near))


def errors(claim: str, *texts: str, near: tuple[str, ...] = ()) -> list[str]:
    return [f.code for f in numbers(claim, *texts, near=near) if f.severity == "error"]


@pytest.mark.parametrize(
    "claim, label, row, column",
    [
        ("Swallow-Chat-7B 在 Harbor 上的准确率", "Table 2", "Swallow-7B-Chat", "Harbor / Acc."),
        ("Lapwing 在 Ferry 上的 F1", "Table 2", "Lapwing (Ours)", "Ferry / F1"),
        ("HRN 13B 在 harbor 上的 F1", "Table 2", "Heron 13B", "Harbor / F1"),
        ("822M 模型的层数", "Table 4", "822M", "Layers"),
    ],
)
def test_cell_is_found(claim: str, label: str, row: str, column: str) -> None:
    best = places(claim, evidence())[0]
    assert best.named.table.label == label
    assert [best.named.row_name(n) for e in best.rows for n in e.lines] == [row]
    assert [best.named.column_name(n) for e in best.columns for n in e.lines] == [column]


def test_transposed_table_has_models_as_columns() -> None:
    best = places("Lapwing-2B-Gate 的困惑度高于全量版 Lapwing-2B-Full", evidence())[0]
    assert {best.named.column_name(n) for e in best.columns for n in e.lines} == {"Lapwing-2B-Gate", "Lapwing-2B-Full"}


def test_piece_of_a_longer_name_is_not_the_name() -> None:
    assert not any(p.rows for p in places("Heron-13B-Lite 的表现", evidence()) if not p.missed)


@pytest.mark.parametrize(
    "claim",
    [
        "Heron 13B 在 Ferry 上的准确率为 61.2。",
        "Lapwing 在 Harbor 上的 F1 为 50.8。",
        "Swallow-7B-Chat 在 Harbor 上的准确率为 61.2。",
        "822M 模型的层数为 18。",
    ],
)
def test_number_of_another_cell(claim: str) -> None:
    everything = "61.2 50.8 18"
    assert errors(claim, everything) == ["number.cell"]


def test_message_names_the_right_number_and_its_place() -> None:
    (found,) = numbers("Heron 13B 在 Ferry 上的准确率为 61.2。", "61.2")
    assert found.message.startswith("原文是 70.5（表 2，Heron 13B 一行")
    assert "不是 61.2" in found.message
    assert found.where == "61.2"


@pytest.mark.parametrize(
    "claim",
    [
        "Heron 13B 在 Ferry 上的准确率为 70.5。",
        "Swallow-7B-Chat 在 Ferry 上的准确率约为 61%。",
        "7B 的 Swallow-7B-Chat 在 Harbor 上准确率只有 40.1。",
        "1.1B 模型训练了 206 亿 token，层数为 18。",
        "Lapwing 在 Ferry 上的准确率为 74.0，高于 Heron 13B 的 70.5。",
    ],
)
def test_number_of_the_named_cell(claim: str) -> None:
    assert errors(claim) == []


@pytest.mark.parametrize(
    "claim",
    [
        "在 Ferry 上，Lapwing 的准确率比 Heron 13B 高 3.5 个百分点。",
        "在 Harbor 上，Heron 13B 的准确率约为 Swallow-7B-Chat 的 1.3 倍。",
        "Lapwing-2B-Gate 在 Ferry 上比 Lapwing-2B-Full 高约 1.4 个百分点。",
        "Lapwing-2B-Full 的延迟约为 Lapwing-2B-Gate 的 3.3 倍。",
        "在 Harbor 上，Lapwing 的准确率比 Heron 13B 低 4.0%。",
    ],
)
def test_computed_from_two_cells(claim: str) -> None:
    found = numbers(claim)
    assert [f.code for f in found if f.where not in ("13B", "7B", "2B")] == ["number.computed"]
    assert found[-1].severity == "info"
    assert "计算所得" in found[-1].message


@pytest.mark.parametrize(
    "claim",
    [
        "在 Ferry 上，Lapwing 的准确率比 Heron 13B 高 5.5 个百分点。",
        "在 Harbor 上，Heron 13B 的准确率约为 Swallow-7B-Chat 的 2.3 倍。",
        "Lapwing-2B-Gate 在 Ferry 上比 Lapwing-2B-Full 高约 14 个百分点。",
    ],
)
def test_wrongly_computed(claim: str) -> None:
    assert errors(claim)


def test_wrong_difference_is_put_right() -> None:
    (found,) = numbers("在 Ferry 上，Lapwing 的准确率比 Heron 13B 高 5.5 个百分点。")
    assert found.severity == "error"
    assert "74.0 − 70.5 = 3.5" in found.message


@pytest.mark.parametrize(
    "claim, text",
    [
        (
            "每步取 128 个提示、每个采样 64 条，合计 8192 条。",
            "Each step has 128 prompts with 64 responses per prompt.",
        ),
        ("共 32 层，其中 3 层是全注意力，其余 29 层是线性注意力。", "Of the 32 layers, 3 layers use full attention."),
        ("得分只低 0.3 个百分点。", "The score is 0.7818 compared to 0.7849."),
        ("训练到约 680 步时出现转折。", "A turn appears around step 680."),
        ("召回只低 2.2 个百分点。", "Recall is only 2.2% percentage lower."),
        ("损失差在 0.001 以内。", "The differences stay within 1e −3."),
    ],
)
def test_follows_from_a_sentence(claim: str, text: str) -> None:
    assert errors(claim, text) == []


def test_product_must_be_right() -> None:
    text = "Each step has 128 prompts with 64 responses per prompt."
    assert errors("每步取 128 个提示、每个采样 64 条，合计 9192 条。", text)


def test_digits_of_a_name_are_no_rival() -> None:
    found = numbers("稀疏度约为 0.08。", "Step-3 on H800 is sparse.")
    assert not any("H800" in f.message for f in found)


@pytest.mark.parametrize(
    "claim, texts",
    [
        ("参数 β 设为 5。", ("We set α to 5 and β to 4.",)),
        ("模型由 64 层构成。", ("The model has 61 layers.", "It is projected up to 64*256.")),
        ("缓存开销减少了 42.5%。", ("It saves 42.5% of training, and cuts the overhead of the cache by 93.3%.",)),
    ],
)
def test_number_of_something_else_in_the_sentence(claim: str, texts: tuple[str, ...]) -> None:
    assert "number.other" in errors(claim, *texts)


@pytest.mark.parametrize(
    "claim, texts",
    [
        ("参数 β 设为 4。", ("We set α to 5 and β to 4.",)),
        ("训练开销减少了 42.5%。", ("It saves 42.5% of training, and cuts the overhead of the cache by 93.3%.",)),
        ("模型由 61 层构成。", ("The model has 61 layers.", "It is projected to 64 dimensions.")),
    ],
)
def test_number_of_the_same_thing(claim: str, texts: tuple[str, ...]) -> None:
    assert errors(claim, *texts) == []


@pytest.mark.parametrize(
    "claim",
    [
        "在 Ferry 上，Lapwing 的准确率低于 Heron 13B。",
        "在 Harbor 上，Lapwing 的准确率比 Heron 13B 更高。",
        "Harbor 的准确率上，Lapwing 优于 Heron 13B。",
        "Lapwing 在 Ferry 的准确率上不如 Swallow-7B-Chat。",
        "Lapwing-2B-Gate 的困惑度优于 Lapwing-2B-Full。",
        "Lapwing-2B-Gate 的困惑度低于 Lapwing-2B-Full。",
        "Ferry 的 F1 最高的是 Heron 13B。",
        "Lapwing 在 Ferry 和 Harbor 上的准确率均超过 Heron 13B。",
    ],
)
def test_comparison_that_the_cells_contradict(claim: str) -> None:
    (found,) = disagreements(claim, evidence())
    assert (found.code, found.severity) == ("direction.table", "error")


@pytest.mark.parametrize(
    "claim",
    [
        "在 Ferry 上，Lapwing 的准确率高于 Heron 13B。",
        "在 Harbor 上，Lapwing 的准确率不如 Heron 13B。",
        "在 Harbor 上，Lapwing 的准确率并不高于 Heron 13B。",
        "Lapwing-2B-Full 的困惑度优于 Lapwing-2B-Gate。",
        "Lapwing-2B-Gate 的困惑度高于 Lapwing-2B-Full。",
        "Ferry 的 F1 最高的是 Lapwing。",
        "Lapwing 在 Ferry 的准确率上高于 Swallow-7B-Chat，但在 Harbor 的准确率上低于 Heron 13B。",
        "Lapwing 在 Ferry 和 Harbor 上的 F1 均超过 Heron 13B。",
        "Lapwing 优于 Kestrel。",
        "Lapwing 是一种方法。",
    ],
)
def test_comparison_that_the_cells_allow(claim: str) -> None:
    assert disagreements(claim, evidence()) == []


@pytest.mark.parametrize(
    "text, number",
    [
        ("0.3568*", 0.3568), ("10, 429", 10429), ("66.8 (2.0)", 66.8), ("12.3 ± 0.4", 12.3), ("20.6B", 20.6e9),
        ("2.80×10⁻¹⁹", 2.8e-19), ("-", None), ("N/A", None), ("3-shot", None), ("3 to 5", None),
    ],
)  # fmt: skip
def test_value_of_a_cell(text: str, number: float | None) -> None:
    found = values.value(text)
    assert (found.low if found else None) == number


ROWS = {
    "heron": "Table 2 · Baselines · Model=Heron 13B, Ferry / Acc.=70.5, Ferry / F1=66.1, Harbor / Acc.=52.3 (Results)",
    "loss": "Table 3 · Benchmark=Perplexity, Lapwing-2B-Gate=12.4, Lapwing-2B-Full=11.9 (Ablation of the gate.)",
}


@pytest.mark.parametrize(
    "claim",
    [
        # one side of the comparison is only described
        "Heron 13B 在 Ferry 上的 F1 比最早的基线高 7.7 个百分点。",
        "完整版的困惑度比 Lapwing-2B-Gate 低 0.5。",
        # nothing in the tables yields it, but nobody can tell which cells are meant
        "Heron 13B 在 Harbor 上的准确率比另一种设置高 33.3 个百分点。",
    ],
)
def test_difference_whose_cells_are_not_all_named_is_no_error(claim: str) -> None:
    assert not errors(claim, ROWS["heron"], ROWS["loss"])


def test_difference_of_two_named_cells_that_is_wrong_stays_an_error() -> None:
    assert errors("在 Ferry 上，Lapwing 的 F1 比 Heron 13B 高 5.8 个百分点。", ROWS["heron"]) == ["number.computed"]


def test_what_is_stated_as_printed_is_no_difference() -> None:
    assert errors("Heron 13B 在 Ferry 上的 F1 得分为 47.3。", ROWS["heron"])
    assert errors("训练规模减少到 9.8 万个样本。", "The training set is reduced to 12,000 samples.")


def test_points_called_relative() -> None:
    claim = "在 Harbor 上，Heron 13B 的准确率比 Swallow-7B-Chat 相对提高 12.2%。"
    (found,) = UNITS(claim, evidence(ROWS["heron"]))
    assert (found.code, found.severity) == ("unit.percent_points", "error")
    assert not UNITS(claim.replace("12.2%", "30.4%"), evidence(ROWS["heron"]))


@pytest.mark.parametrize("claim", ["表中列出了 3 个模型的成绩。", "三种规模的设置见表，最小的为 545M 参数。"])
def test_count_of_rows(claim: str) -> None:
    assert not errors(claim, "Table 4 · Size=545M, Layers=14, Tokens=10.8B (Model sizes.)", ROWS["heron"])


def test_header_only_compared_with_does_not_take_the_number() -> None:
    row = "Table 7 · Method=Lapwing, Avg.=82.6, HERON=12.0, SWALLOW=33.1 (Scores)"
    assert not errors("Lapwing 平均 82.6，比 HERON-V2 强。", row)
    assert not errors("Lapwing 的平均分为 82.6 而优于 HERON。", row)


def test_unit_in_the_header() -> None:
    row = "Table 8 · Device=Board, Latency (ms)=20, Accuracy=31 (Speed)"
    assert not UNITS("板卡上的延迟为 20 毫秒。", evidence(row))
    assert [f.code for f in UNITS("板卡上的延迟为 20 秒。", evidence(row))] == ["unit.kind"]


@pytest.mark.parametrize(
    "claim, holds",
    [
        ("Lapwing 在 Ferry 的 F1 上是表中所有模型里最高的。", True),
        ("Harbor 的准确率上，Heron 13B 最高。", True),
        ("Harbor 的准确率上，Lapwing 最高。", False),
        ("Swallow-7B-Chat 在所有指标上都低于 Heron 13B。", True),
        ("Lapwing 在每一项指标上都高于 Heron 13B。", False),
        ("Lapwing 在所有指标上都优于其他所有模型。", False),
        ("Heron 13B 把最大学习率设为 0.1。", None),
        ("Lapwing 在 Ferry 的 F1 上几乎最高。", None),
        ("Lapwing 在开源模型里 Harbor 的准确率最高。", None),
        ("作者认为所有方法都有改进余地。", None),
    ],
)
def test_claims_about_all_cells(claim: str, holds: bool | None) -> None:
    assert confirms(claim, evidence()) is holds
    found = disagreements(claim, evidence())
    assert bool(found) == (holds is False)


def test_counter_example_names_its_cells() -> None:
    (found,) = disagreements("Lapwing 在所有指标上都优于其他所有模型。", evidence())
    assert found.code == "direction.table"
    assert "Heron 13B" in found.message and "52.3" in found.message and "50.2" in found.message


def test_metric_of_the_last_clause_counts() -> None:
    claim = "Ferry 的准确率 Lapwing 最高，但单看 Harbor 的准确率，Lapwing 比 Heron 13B 低 2.1 个百分点。"
    assert not disagreements(claim, evidence())
    assert not errors(claim, ROWS["heron"])


def test_a_number_from_the_part_of_another_system() -> None:
    text = (
        "Heron-Lite contains 12.4 billion parameters with 3.15 billion activated parameters, while Heron-Max "
        "boasts 310 billion parameters with 24.6 billion activated parameters."
    )
    found = list(NUMBERS("Heron-Max 虽有 3100 亿参数，激活的只有 31.5 亿。", Evidence((text,))))
    assert any(f.code == "number.other" and "24.6" in f.message for f in found)
    assert not errors("Heron-Max 虽有 3100 亿参数，激活的只有 246 亿。", text)
    assert not errors("Heron-Lite 激活的参数有 31.5 亿。", text)


def test_a_name_of_another_clause_asks_nothing_of_the_number() -> None:
    one = "Training 1 trillion tokens on Heron costs about 6.35 million RMB."
    two = "In contrast, lower-end hardware reduces the cost to around 5.08 million RMB."
    assert not errors("用 Heron 训练 1 万亿 token 约需 635 万元，换成低配硬件后只需约 508 万元。", one, two)


PAIRED = "Training runs with a step size of 3e-4 for 40B tokens, followed by a decay over 10B tokens down to 2e-5."


@pytest.mark.parametrize(
    "claim, evidence, code",
    [
        ("训练先以 3e-4 的步长跑 10B token，随后在 40B token 内衰减到 2e-5。", PAIRED, "number.other"),
        ("训练先以 3e-4 的步长跑 40B token，随后在 10B token 内衰减到 2e-5。", PAIRED, ""),
        ("准确率从 61.2 提高到 70.5，增幅为 8.3 个百分点。", "It rises from 61.2 to 70.5.", "number.computed"),
        ("准确率从 61.2 提高到 70.5，增幅为 9.3 个百分点。", "It rises from 61.2 to 70.5.", ""),
        ("准确率从 61.2 提高到 70.5，增幅约 9 个百分点。", "It rises from 61.2 to 70.5.", ""),
    ],
)
def test_numbers_that_go_together(claim: str, evidence: str, code: str) -> None:
    found = {f.code for f in NUMBERS(claim, Evidence((evidence,))) if f.severity == "error"}
    assert found == ({code} if code else set())
