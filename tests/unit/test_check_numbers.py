"""The number and unit checks: hand-written pairs, properties, wording of the findings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.quantities import examine, parse
from bench.number_pairs import Pair, pairs
from core.models import Finding


def errors(claim: str, evidence: str, context: str = "") -> list[Finding]:
    return [f for f in examine(claim, evidence, context) if f.severity == "error"]


@pytest.mark.parametrize("pair", pairs(), ids=lambda p: p.zh[:30])
def test_hand_written_pair(pair: Pair) -> None:
    assert bool(errors(pair.zh, pair.en)) != pair.match, pair.why


def test_there_are_enough_pairs_of_both_kinds() -> None:
    rows = pairs()
    assert len(rows) >= 200
    assert 0.4 < sum(p.match for p in rows) / len(rows) < 0.6


@pytest.mark.parametrize(
    "text, value, kind",
    [
        ("14B", 14e9, ""),
        ("140 亿", 14e9, ""),
        ("1.4 万亿", 1.4e12, ""),
        ("5k", 5e3, ""),
        ("三分之二", 2 / 3, "fraction"),
        ("二分之一", 0.5, "fraction"),
        ("百分之五", 5, "percent"),
        ("５０％", 50, "percent"),
        ("79.8 \\%", 79.8, "percent"),
        ("3.8 个百分点", 3.8, "points"),
        ("3.8 percentage points", 3.8, "points"),
        ("twenty-one tasks", 21, ""),
        ("3×10⁻⁴", 3e-4, ""),
        ("$10^{-4}$", 1e-4, ""),
        ("1e-4", 1e-4, ""),
        ("2.2×10−4", 2.2e-4, ""),
        ("two-thirds", 2 / 3, "fraction"),
        ("a dozen", 12, ""),
        ("threefold", 3, "times"),
        ("2.5×", 2.5, "times"),
        ("10GB显存", 1e10, "size"),
        ("30FPS下", 30, "fps"),
        ("45 毫秒", 0.045, "time"),
        ("60 个 GPU 小时", 216000, "computer_time"),
        ("$5.6M", 5.6e6, "money.usd"),
        ("560 万美元", 5.6e6, "money.usd"),
        ("2024 年", 2024, "date.year"),
        ("June 2024", 6, "date.month"),
        ("十二层", 12, ""),
        ("两千三百篇", 2300, ""),
        ("三成", 30, "percent"),
        ("一个数量级", 1, "magnitude"),
        ("第三阶段", 3, "ordinal"),
        ("1,234,567", 1234567, ""),
        ("20 世纪 30 年代", 1930, "date.year"),
        ("半年", None, ""),
        ("半小时", 1800, "time"),
        ("一个半小时", 5400, "time"),
        ("两年半前", 30, "months"),
        ("an hour and a half", 5400, "time"),
        ("two and a half million users", 2.5e6, ""),
        ("three quarters of an hour", 2700, "time"),
        ("half a trillion tokens", 5e11, ""),
        ("翻两番", 4, "times"),
        ("翻一番", 2, "times"),
        ("a factor of five", 5, "times"),
        ("1\u202f319 道题", 1319, ""),
        ("$1{,}319$ items", 1319, ""),
        ("1\\,281\\,167 images", 1281167, ""),
        ("2020 年半导体", 2020, "date.year"),
    ],
)
def test_first_quantity(text: str, value: float | None, kind: str) -> None:
    found = [q for q in parse(text) if not q.in_name]
    if value is None:
        assert found == []
    else:
        assert found[0].low == pytest.approx(value)
        assert found[0].kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "一个方法，这一步，之一，一种，一些，统一，唯一，进一步",
        "十分重要，万能，四周，千万不要",
        "GPT-4、Qwen2.5-7B、3D、Top-1、Pass@1、F1、H800",
    ],
)
def test_grammar_and_names_are_no_quantities(text: str) -> None:
    assert [q.text for q in parse(text) if not q.in_name] == []


@pytest.mark.parametrize(
    "claim, evidence, code, message",
    [
        ("准确率为 93.2%。", "Accuracy is 39.2%.", "number.missing", "原文是 39.2%，不是 93.2%。"),
        ("参数量为 14 亿。", "It has 14B parameters.", "number.scale", "数量级不对：原文是 14B，不是 14 亿。"),
        (
            "提高 3.8%。",
            "It improves by 3.8 percentage points.",
            "unit.percent_points",
            "原文是 3.8 percentage points（百分点），不是3.8%（百分比）。",
        ),
        ("准确率为 70%。", "Accuracy is 69.6%.", "number.rounded", "原文是 69.6%；写成 70% 要注明“约”。"),
        (
            "有 16 层和 24 个头。",
            "It has 24 layers and 16 heads.",
            "unit.noun",
            "原文里 16 说的是 head，layer 对应的是 24。",
        ),
        ("不到 90%。", "It exceeds 90%.", "number.bound", "原文说的是“超过 90%”，不是“不到”。"),
        ("至多 90%。", "It is at least 90%.", "number.bound", "原文说的是“超过 90%”，不是“最多”。"),
        ("需要 3 到 8 次调用。", "It takes 3–5 calls.", "number.missing", "原文是 5，不是 8。"),
        ("排名第二。", "It ranked third.", "number.missing", "原文是 third，不是第二。"),
        ("相关系数为 0.42。", "The correlation is -0.42.", "number.missing", "正负号不对：原文是 -0.42，不是 0.42。"),
        ("B 上为 7.5。", "A=7.5, B=8.1", "unit.noun", "原文里 7.5 说的是 A，B 对应的是 8.1。"),
    ],
)
def test_message(claim: str, evidence: str, code: str, message: str) -> None:
    assert (code, message) in [(f.code, f.message) for f in errors(claim, evidence)]


def test_difference_is_computed_and_labelled() -> None:
    (finding,) = examine("提升了 31.2 个百分点。", "It rises from 58.8% to 90.0%.", "")
    assert (finding.code, finding.severity) == ("number.computed", "info")
    assert finding.message == "计算所得：58.8% → 90.0%，差 31.2 个百分点。"


def test_product_of_each_is_computed_and_labelled() -> None:
    (finding,) = examine("共 128 块 GPU。", "We train on 16 nodes with 8 GPUs each.", "")
    assert (finding.code, finding.severity) == ("number.computed", "info")


@pytest.mark.parametrize(
    "text, signs",
    [
        ("a change of -0.42", ["-"]),
        ("a change of −0.42", ["-"]),
        ("three components—3 of them", ["", ""]),
        ("values of 3-5", ["", ""]),
        ("it drops by 0.42", ["down"]),
    ],
)
def test_a_minus_is_told_from_a_dash(text: str, signs: list[str]) -> None:
    assert [q.sign for q in parse(text)] == signs


@pytest.mark.parametrize(
    "text, per",
    [
        ("2.4K tokens/s", "second"),
        ("2 billion queries a day", "day"),
        ("每分钟处理 2400 个词元", "minute"),
        ("每 24 小时一次", ""),
        ("3 epochs in total", ""),
    ],
)
def test_a_rate_knows_its_stretch_of_time(text: str, per: str) -> None:
    assert parse(text)[0].per == per


def test_ends_of_a_range_know_each_other() -> None:
    assert [q.mate for q in parse("takes 3–5 calls")] == [5, 3]
    assert [q.mate for q in parse("between 60 and 65%")] == [65, 60]
    assert [q.mate for q in parse("with 3 layers and 5 heads")] == [None, None]


def test_number_of_the_neighbourhood_is_a_warning() -> None:
    (finding,) = examine("批大小为 512。", "We train the model.", "We train the model. The batch size is 512.")
    assert (finding.code, finding.severity) == ("number.elsewhere", "warning")


def test_lost_up_to_is_a_warning() -> None:
    (finding,) = examine("结果提升 12.2%。", "Results improve by up to 12.2%.", "")
    assert (finding.code, finding.severity) == ("number.bound", "warning")


def test_a_vague_number_supports_no_exact_one() -> None:
    assert errors("用了 1030000 个词元。", "It reads millions of tokens.")
    assert not errors("用了数百万个词元。", "It reads 3.2 million tokens.")


_ZH = [(1, ""), (10**4, " 万"), (10**8, " 亿"), (10**12, "万亿")]
_EN = [(1, ""), (10**3, "k"), (10**6, "M"), (10**9, "B"), (10**12, " trillion"), (10**6, " million"), (10**3, "K")]


def _rendered(value: int, factor: int, suffix: str) -> str:
    whole, rest = divmod(value, factor)
    decimals = f"{rest:0{len(str(factor)) - 1}d}".rstrip("0") if factor > 1 else ""
    return f"{whole}{'.' if decimals else ''}{decimals}{suffix}"


@settings(max_examples=200, deadline=None)
@given(st.integers(11, 10**14), st.sampled_from(_ZH), st.sampled_from(_EN))
def test_any_integer_reads_the_same_in_both_languages(value: int, zh: tuple[int, str], en: tuple[int, str]) -> None:
    chinese, english = _rendered(value, *zh), _rendered(value, *en)
    assert parse(f"共有{chinese}个样本。")[0].low == pytest.approx(value, rel=1e-12)
    assert parse(f"There are {english} samples.")[0].low == pytest.approx(value, rel=1e-12)
    assert not errors(f"共有{chinese}个样本。", f"There are {english} samples.")


@settings(max_examples=200, deadline=None)
@given(st.integers(11, 10**9), st.data())
def test_a_changed_digit_is_always_caught(value: int, data: st.DataObject) -> None:
    digits = list(str(value))
    place = data.draw(st.integers(0, len(digits) - 1))
    digits[place] = data.draw(st.sampled_from([d for d in "123456789" if d != digits[place]]))
    assert errors(f"共有 {''.join(digits)} 个样本。", f"There are {value} samples.")


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 999), st.integers(1, 999))
def test_percentages_match_only_themselves(a: int, b: int) -> None:
    assert bool(errors(f"准确率为 {a / 10:.1f}%。", f"Accuracy is {b / 10:.1f}%.")) == (a != b)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_can_be_examined(claim: str, evidence: str) -> None:
    for finding in examine(claim, evidence, evidence):
        assert len(finding.where) <= len(claim)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789.,%一二三十百万亿分之点个倍第年 -~×^{}kMB/()约超", max_size=40))
def test_offsets_point_at_the_text(text: str) -> None:
    for quantity in parse(text):
        assert 0 <= quantity.start < quantity.end <= len(text)
        assert quantity.low <= quantity.high


@pytest.mark.parametrize(
    "claim, evidence",
    [
        ("约一半的样本被丢弃。", "About 53% of the samples are discarded."),
        ("超过一半的样本被丢弃。", "58% of the samples are discarded."),
        ("过半用户选择了它。", "It was chosen by 56% of the users."),
        ("安全类占两成。", "Safety data make up 20%."),
        ("不到 700 篇论文入选。", "We select 689 papers."),
        ("两种语言各占一半。", "We keep a 1:1 ratio of the two languages."),
        ("可能的组合超过 31 亿种。", "This yields 3, 126, 450, 771 combinations."),
    ],
)
def test_shares_and_rounded_limits_in_words(claim: str, evidence: str) -> None:
    assert not [f for f in examine(claim, evidence, "") if f.severity != "info"]


@pytest.mark.parametrize(
    "claim, evidence",
    [
        ("超过一半的样本被丢弃。", "42% of the samples are discarded."),
        ("约三成的样本被丢弃。", "42% of the samples are discarded."),
        ("不到 700 篇论文入选。", "We select 712 papers."),
        ("两种语言各占一半。", "We keep a 3:1 ratio of the two languages."),
    ],
)
def test_wrong_shares_and_limits_in_words(claim: str, evidence: str) -> None:
    assert errors(claim, evidence)


@pytest.mark.parametrize(
    ("claim", "evidence", "correction"),
    [
        ("准确率为 93.2%。", "Accuracy is 39.2%.", "39.2%"),
        ("共有 784 万种关系。", "There are 784K relation types.", "784K"),
    ],
)
def test_what_the_paper_prints_instead_is_known(claim: str, evidence: str, correction: str) -> None:
    (found,) = [f for f in examine(claim, evidence, evidence) if f.severity == "error"]
    assert (found.where in claim, found.correction) == (True, correction)
