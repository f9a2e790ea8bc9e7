"""What must survive translation: found, written for Chinese, recognised again, restored."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.protect import CJK, chinese_scale, inline, seal, spaced, spans, unseal, without_citations


def shown(sentence: str, *, titled: bool = False) -> list[str]:
    return [s.shown for s in spans(sentence, titled=titled)]


@pytest.mark.parametrize(
    ("sentence", "clean"),
    [
        ("We use MAUVE (Pillutla et al., 2021) here.", "We use MAUVE here."),
        ("Prior work [1, 3-5] fails [12].", "Prior work fails."),
        ("As in [Hui et al., 2024], we train.", "As in, we train."),
        ("Networks (Lample et al., 2019; Zhong et al., 2022) scale.", "Networks scale."),
        ("We report scores (Table 22) for all.", "We report scores for all."),
        ("Scores rise (see Figures 3 and 4).", "Scores rise."),
        ("It keeps (maybe even 18.2%) of them.", "It keeps (maybe even 18.2%) of them."),
        ("A model (GPT-4) from 2024 wins.", "A model (GPT-4) from 2024 wins."),
    ],
)
def test_citation_marks_go_and_nothing_else(sentence: str, clean: str) -> None:
    assert without_citations(sentence) == clean


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("DeepSeek-R1 achieves 79.8% Pass@1 on AIME 2024.", ["DeepSeek-R1", "79.8%", "Pass@1", "AIME 2024"]),
        ("We train a 14B model on 800k samples.", ["14B", "800k"]),
        ("It rises from 58.8 → 90.0 (±0.3).", ["58.8 → 90.0", "±0.3"]),
        ("The rate is 3 × 10−4, then 10^-4 and 1e-3.", ["3 × 10−4", "10^-4", "1e-3"]),
        ("GPT-4o and LoRA beat T5-Base on MMLU.", ["GPT-4o", "LoRA", "T5-Base", "MMLU"]),
        ("We run on 2×H800 for 62 ms.", ["2×H800", "62 ms"]),
        ("The 32K-token window needs 300 GB.", ["32K", "300 GB"]),
        ("See https://example.org/a_b for code.", ["https://example.org/a_b"]),
        ("As shown in Figures 9 and 10, Muon wins.", ["图 9、10", "Muon"]),
        ("As Section 3.2 and Eq. (13) say.", ["第 3.2 节", "公式 (13)"]),
        ("Zhou et al. (2022) propose routing.", ["Zhou 等人"]),
        ("The model from DeepSeek 67B costs $62 billion.", ["DeepSeek 67B", "620 亿美元"]),
        ("It has one-tenth of the cost.", ["十分之一"]),
        ("LLMs and the FLOPs they need.", ["LLM", "FLOPs"]),
        ("It is KL-related and MoBA/full.", ["KL", "MoBA"]),
        ("It needs Newton-Schulz steps and Ling-Plus.", ["Newton-Schulz", "Ling-Plus"]),
        ("A 5-shot test of pass@k.", ["5-shot", "pass@k"]),
    ],
)
def test_what_is_protected(sentence: str, expected: list[str]) -> None:
    assert shown(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "However, the method is good.",
        "Training is stable. We do not know why.",
        "Token-level losses help.",
        "I think it works.",
    ],
)
def test_ordinary_words_are_left_to_the_translator(sentence: str) -> None:
    assert shown(sentence) == []


def test_titles_have_capitals_that_mean_nothing() -> None:
    assert shown("A Survey of Retrieval-Augmented Generation with GPT-4o", titled=True) == ["GPT-4o"]


@pytest.mark.parametrize(
    ("digits", "scale", "zh"),
    [
        ("1.46", "million", "146 万"),
        ("6", "trillion", "6 万亿"),
        ("5.7", "trillion", "5.7 万亿"),
        ("671", "billion", "6710 亿"),
        ("500", "thousand", "50 万"),
        ("2", "thousand", "2000"),
        ("1,000", "billion", "1 万亿"),
        ("0.5", "billion", "5 亿"),
    ],
)
def test_scales_are_converted_exactly(digits: str, scale: str, zh: str) -> None:
    assert chinese_scale(digits, scale) == zh


def test_a_scale_word_counts_for_both_ends_of_a_range() -> None:
    assert shown("from 500 to 1000 billion tokens") == ["5000 亿至 1 万亿"]
    assert shown("between 64 and 96 million tokens") == ["6400 万和 9600 万"]


def test_multiples_are_written_the_chinese_way() -> None:
    assert shown("a 4x speedup, 6.5× at most") == ["4 倍", "6.5 倍"]
    assert shown("a 14 × 14 grid") == ["14 × 14"]


def test_inline_puts_the_shown_forms_in_place() -> None:
    sentence = "At 6 trillion tokens, the 32K-token GPT-4o wins."
    assert inline(sentence, spans(sentence)) == "At 6 万亿 tokens, the 32K token GPT-4o wins."


def test_sealing_finds_forms_as_a_translator_writes_them() -> None:
    found = spans("GPT-4o reaches 79.8 % on 4,000 tasks at 3 × 10−4.")
    sealed = seal("gpt‑4o 在 4000 个任务上达到79.8%，学习率 3×10-4。", found)
    assert sealed.faults == ()
    assert not any(c.isascii() and c.isalnum() for c in sealed.text)
    assert unseal(sealed.text, sealed.forms) == "GPT-4o 在 4,000 个任务上达到 79.8%，学习率 3 × 10−4。"


@pytest.mark.parametrize(
    ("chinese", "fault"),
    [
        ("它在 MMLU 上达到 8%。", "丢失 58.8%"),
        ("它在 MMLU 上达到 158.8%。", "丢失 58.8%"),
        ("它在 MMLU 上达到 58.8%，即 58.8%。", "多出 58.8%"),
        ("它达到 58.8%。", "丢失 MMLU"),
        ("它在 MMLU-Pro 上达到 58.8%。", "丢失 MMLU"),
        ("它在 MMLUX 上达到 58.8%。", "丢失 MMLU"),
    ],
)
def test_what_is_lost_or_doubled_is_named(chinese: str, fault: str) -> None:
    assert fault in seal(chinese, spans("It reaches 58.8% on MMLU.")).faults


def test_equal_numbers_are_counted_each() -> None:
    found = spans("We use 16 experts with 16 times the cost.")
    assert seal("用 16 个专家，成本为 16 倍。", found).faults == ()
    assert seal("用 16 个专家。", found).faults == ("丢失 16",)


def test_longer_names_are_taken_before_the_shorter_ones_inside_them() -> None:
    found = spans("The 8B model is Seed-Coder-8B-Instruct.")
    assert seal("这个模型是 Seed-Coder-8B-Instruct。", found).faults == ("丢失 8B",)


def test_spacing() -> None:
    assert (
        spaced("使用GPT-4在 2024 年达到90%的准确率，（SFT）好 的")
        == "使用 GPT-4 在 2024 年达到 90% 的准确率，（SFT）好的"
    )


@given(st.text(alphabet="ab 的在，。GPT4%5.×", max_size=40))
def test_spacing_is_stable_and_loses_no_letter(text: str) -> None:
    once = spaced(text)
    assert spaced(once) == once
    assert once.replace(" ", "") == text.replace(" ", "")


@given(st.text(max_size=120))
def test_any_text_is_split_without_loss(text: str) -> None:
    found = spans(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 <= s.start < s.end <= len(text) for s in found)
    assert CJK  # the range other modules build patterns from
    inline(text, found)
