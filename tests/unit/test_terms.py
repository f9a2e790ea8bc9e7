"""The term ledger: what is found, replaced and glossed; and that the shipped glossary is sound."""

import re

import pytest

from agents.terms import SHIPPED, Glossary, first_use, load, normalise, parse
from core.errors import Misconfigured

SMALL = parse(
    """
[terms]
"agent" = { zh = "智能体", first = true, wrong = ["代理人", "代理"] }
"surrogate model" = "代理模型"
"multi-agent" = "多智能体"
"token" = { zh = "词元", first = true, wrong = ["令牌"] }
"large language model" = { zh = "大语言模型", abbr = "LLM", first = true }
"language model" = "语言模型"
"policy" = "策略"
"chain-of-thought" = { zh = "思维链", abbr = "CoT", first = true }
"Transformer" = { keep = true, wrong = ["变压器"] }
[phrases]
"up to" = "最高"
"""
)


def found(source: str, glossary: Glossary = SMALL, *, phrases: bool = False) -> list[str]:
    return [f.entry.zh for f in glossary.find(source, phrases=phrases)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Agents emit tokens.", ["智能体", "词元"]),
        ("Large language models and language models", ["大语言模型", "语言模型"]),
        ("large-language model", ["大语言模型"]),
        ("Policies differ; chain of thought and Chain-of-Thoughts", ["策略", "思维链", "思维链"]),
        ("reagent tokenizer Agent-R", []),
        ("a multi-agent system", ["多智能体"]),
        ("up to five transformers", ["Transformer"]),
        ("", []),
    ],
)
def test_terms_are_found_in_all_their_shapes(source: str, expected: list[str]) -> None:
    assert found(source) == expected


def test_phrases_only_when_asked() -> None:
    assert found("up to one token", phrases=True) == ["最高", "词元"]


def test_wrong_renderings_are_replaced_only_where_the_source_has_the_term() -> None:
    assert normalise("每个代理消耗令牌。", "Each agent consumes tokens.", SMALL) == "每个智能体消耗词元。"
    assert normalise("代理服务器发放令牌。", "The proxy hands out badges.", SMALL) == "代理服务器发放令牌。"
    assert normalise("变压器模型", "Transformer models", SMALL) == "Transformer模型"


def test_a_wrong_word_inside_another_terms_right_word_is_left_alone() -> None:
    assert normalise("代理用代理模型。", "The agent uses a surrogate model.", SMALL) == "智能体用代理模型。"


def test_first_use_is_bilingual_once_across_texts() -> None:
    texts = ["智能体输出词元。", "词元与智能体。"]
    sources = ["Agents emit tokens.", "Tokens and agents."]
    glossed = first_use(texts, sources, SMALL)
    assert glossed == ["智能体（agent）输出词元（token）。", "词元与智能体。"]
    assert first_use(glossed, sources, SMALL) == glossed


def test_first_use_needs_the_term_in_the_source() -> None:
    assert first_use(["智能体。"], ["The system."], SMALL) == ["智能体。"]


def test_first_use_waits_for_the_text_that_has_the_term() -> None:
    sources = ["Agents win.", "Agents win."]
    assert first_use(["它们胜出。", "智能体胜出。"], sources, SMALL) == ["它们胜出。", "智能体（agent）胜出。"]


def test_an_explained_term_counts_as_introduced() -> None:
    sources = ["chain-of-thought (CoT)", "chain-of-thought"]
    assert first_use(["思维链（CoT）", "思维链"], sources, SMALL) == ["思维链（CoT）", "思维链"]


def test_a_lone_acronym_is_spelled_out() -> None:
    assert first_use(["用 LLM 评分。"], ["LLMs judge."], SMALL) == ["用大语言模型（LLM）评分。"]
    assert first_use(["Open LLM Leaderboard 上"], ["On the Open LLM Leaderboard"], SMALL) == ["Open LLM Leaderboard 上"]
    assert first_use(["DeepSeek Chat（CoT）"], ["DeepSeek Chat (CoT)"], SMALL) == ["DeepSeek Chat（CoT）"]


def test_no_gloss_inside_a_longer_term() -> None:
    assert first_use(["多智能体系统"], ["a multi-agent system of agents"], SMALL) == ["多智能体系统"]


def test_later_texts_overrule() -> None:
    own = parse(SHIPPED.read_text(encoding="utf-8"), '[terms]\n"agent" = "代理"\n')
    assert [f.entry.zh for f in own.find("an agent")] == ["代理"]
    assert own.hash != load().hash
    assert load('[terms]\n"agent" = "代理"\n').hash == own.hash


@pytest.mark.parametrize(
    "text",
    [
        "not toml [",
        "[words]\na = 'b'",
        "[terms]\na = 3",
        "[terms]\na = { wrong = ['x'] }",
        "[terms]\na = { zh = 'x', wrong = 'y' }",
        "[terms]\na = { zh = 'x', colour = 'y' }",
    ],
)
def test_a_broken_glossary_is_misconfigured(text: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        parse(text)
    assert caught.value.setting == "ZHENGDU_GLOSSARY"


def test_an_empty_glossary_finds_nothing() -> None:
    assert parse("").find("an agent") == []


def test_the_shipped_glossary_is_sound() -> None:
    glossary = load()
    assert len(glossary.entries) >= 150
    for entry in [*glossary.entries, *glossary.phrases]:
        assert entry.keep or re.search(r"[\u4e00-\u9fff]", entry.zh), entry.en
        assert entry.zh not in entry.wrong, entry.en
        assert normalise(entry.zh, entry.en, glossary) == entry.zh, f"{entry.en}: replacing would never end"
        hits = glossary.find(entry.en, phrases=True)
        assert [(h.start, h.end) for h in hits] == [(0, len(entry.en))], entry.en
