"""Text for the ear."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents.speaking.spoken import sentences, spoken
from tests.contract.sample_issue import EVIL

_UNSPEAKABLE = re.compile(r"[^㐀-䶿一-鿿A-Za-z'，。！？；：、 ]")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        # amounts
        ("准确率为 72.8%，高 1.4 个百分点。", "准确率为百分之七十二点八，高一点四个百分点。"),
        ("10%-20%", "百分之十到百分之二十"), ("10–20%", "百分之十到二十"), ("100%", "百分之百"),
        ("-3%", "负百分之三"),
        ("5‰", "千分之五"), ("72.8 ± 0.3", "七十二点八正负零点三"), ("3-5 倍", "三到五倍"), ("6.5x", "六点五倍"),
        ("2× 加速", "两倍加速"), ("224×224", "二百二十四乘二百二十四"), ("1/3", "三分之一"), ("3:1", "三比一"),
        ("~100 步", "约一百步"), ("p < 0.05", "P 小于零点零五"), ("≥ 90", "大于等于九十"),
        ("从 -1.5 到 2.0", "从负一点五到二点零"),
        ("12,800 篇", "一万两千八百篇"), ("2 万", "两万"), ("1.2 亿", "一点二亿"), ("$5", "五美元"),
        ("[0, 1]", "零到一"),
        # counting and order
        ("2 块", "两块"), ("第 2 层", "第二层"), ("前 2 名", "前两名"), ("2 月 2 日", "二月二日"), ("1st", "第一"),
        # units
        ("80 GB", "八十 G B"), ("35 ms", "三十五毫秒"), ("120 tokens/s", "每秒一百二十 token"),
        ("30 FPS", "每秒三十帧"),
        ("900GB/s", "每秒九百 G B"), ("0.5 s/step", "每步零点五秒"), ("4-bit", "四比特"), ("1.5B", "一点五 B"),
        ("32K", "三十二 K"), ("5 m", "五米"), ("8 小时/天", "八小时每天"),
        # powers and formulas
        ("1e-4", "十的负四次方"), ("3.2e-5", "三点二乘十的负五次方"), ("2×10^{-5}", "二乘十的负五次方"),
        ("10⁻⁴", "十的负四次方"),
        ("$O(n^2)$", "O N 平方"), (r"$\alpha = 0.5$", "阿尔法等于零点五"), (r"\frac{1}{\sqrt{d}}", "根号 D 分之一"),
        ("x_i", "X I"), ("½", "二分之一"), ("H₂O", "H 二 O"), (r"\mathbf{W}", "W"), ("σ=0.1", "西格马等于零点一"),
        # dates
        ("2026-11-20", "二零二六年十一月二十日"), ("2024 年", "二零二四年"),
        ("2019-2024 年", "二零一九到二零二四年"), ("09:10", "九点十分"),
        # names
        ("GPT-4o", "G P T 四 O"), ("Qwen2.5-7B-Instruct", "Qwen 二点五，七 B Instruct"), ("MATH-500", "Math 五百"),
        ("pass@1", "pass at 一"), ("F1", "F 一"), ("GSM8K", "G S M 八 K"), ("RTX 4090", "R T X 四零九零"),
        ("A100 80GB", "A 一百，八十 G B"), ("LLMs", "L L M"), ("DeepSeek-R1", "Deep Seek R 一"),
        ("AIME 2024", "A I M E 二零二四"),
        ("写手-7B", "写手七 B"), ("Python 3.11.7", "Python 三点一一点七"),
        ("arXiv:2501.12948v1", "archive：二五零一点一二九四八"),
        ("`max_tokens`", "max tokens"), ("José Núñez", "Jose Nunez"), ("ＡＩ", "A I"), ("et al.", "等人"),
        ("DeepSeekMoE 16B", "Deep Seek M O E 十六 B"), ("DSv3", "D S V 三"),
        ("OpenAI-o1-1217", "Open A I O 一，一二一七"),
        ("NORMAL 与 GRPO", "Normal 与 G R P O"), ("3B/16B", "三 B，十六 B"), ("LongCoT", "Long C O T"),
        ("MiMo-7B", "Mimo 七 B"),
        # what nobody reads aloud
        ("基准（benchmark）上", "基准上"), ("长链推理（LongCoT）", "长链推理，Long C O T"),
        ("结果[3]（第 4 页）（表 2）更好（Figure 3）。", "结果更好。"), ("代码在 https://a.org/b?c=1 。", "代码在。"),
        ("见 github.com/a/b", "见"), ("**粗** ~~删~~ # 题", "粗删题"), ("a@b.org", ""),
        ("[文字](https://x.org)", "文字"),
        ("强化学习（RL）", "强化学习，R L"), ("训练/推理", "训练、推理"), ("<b>粗</b>&amp;", "粗"), ("😀", ""),
    ],
)  # fmt: skip
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said


@given(st.text(max_size=60))
@example(EVIL)
@example("1,2,3,,4..5--6")
@example("٣𝟛①Ⅷ²⁻½\u202e\x07")
def test_nothing_is_left_that_cannot_be_said(text: str) -> None:
    assert not _UNSPEAKABLE.search(spoken(text))


@given(st.text(alphabet="0123456789.,-+%×xeE^{}()[]$/:~ 年月个第KGBms", max_size=30))
@example("^2")
def test_numbers_of_any_shape_are_read(text: str) -> None:
    said = spoken(text)
    assert not _UNSPEAKABLE.search(said)
    assert bool(re.search("[零一二两三四五六七八九十百平立]", said)) or not re.sub(
        r"\[[^]]*\]|[^0-9]|\S*/\S*", "", text
    )


@given(st.text(max_size=60))
def test_sentences_end_and_are_not_empty(text: str) -> None:
    assert all(re.search(r"[㐀-鿿A-Za-z].*[。！？]$", sentence) for sentence in sentences(text))


def test_sentences_are_cut_at_their_ends() -> None:
    assert sentences("第一句。第二句，还有！") == ("第一句。", "第二句，还有！")
    assert sentences("，。") == ()
    assert sentences("没有句号") == ("没有句号。",)
