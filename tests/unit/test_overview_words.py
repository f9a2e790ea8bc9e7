"""Words that are counted: their keys and names, how they compare with the days before, and their month."""

import random
from datetime import date, timedelta

import pytest

from agents import terms
from agents.overview import words
from agents.overview.hot import change, cloud, hot
from agents.overview.trend import trend
from agents.overview.words import Keys, Lexis
from core.models import Paper
from tests.contract.sample_issue import EVIL
from tests.unit.builders import paper

LEXIS = Lexis(terms.load())


def keys(title: str = "On It", abstract: str = "", *keywords: str) -> list[str]:
    return sorted(LEXIS.of(paper(title=title, abstract=abstract, keywords=keywords)))


@pytest.mark.parametrize(
    "said",
    ["Reinforcement Learning (RL)", "reinforcement-learning", "RL", "rl", "ＲＬ", "强化学习", "增强学习"],
)
def test_one_thing_has_one_key(said: str) -> None:
    assert LEXIS.canonical(said.replace(" (RL)", "")) == "reinforcement learning"
    if said.isascii():
        assert keys("On It", "", said) == ["reinforcement learning"]


def test_abbreviations_spellings_and_plurals_are_one() -> None:
    assert keys("", "", "LLMs") == keys("Large Language Models") == keys("LLM") == ["large language model"]
    assert keys("", "", "pre-training") == keys("", "", "pretraining") == keys("", "Pretraining is costly.")
    assert keys("", "", "mixture-of-experts (MoE)") == keys("A Mixture of Experts") == keys("MoE wins")
    assert keys("", "", "multi-modal LLMs", "MLLM") == ["multimodal large language model"]
    assert keys("", "", "analyses of diffusion policies")[0].endswith("diffusion policy")


def test_words_that_say_nothing_are_no_fields() -> None:
    told = "paper method dataset datasets parameter model code benchmark prompt token baseline performance".split()
    assert keys("A Benchmark Dataset", "Our method uses prompts and parameters.", *told) == []
    assert keys("", "", "state-of-the-art performance", "real-world applications") == []
    assert keys("", "", "reasoning capabilities") == ["reasoning"]
    assert keys("", "", "LLM-based agents") == ["agent"]


def test_the_longest_term_wins_and_nothing_goes_over_punctuation() -> None:
    assert "reasoning" not in keys("Mathematical Reasoning")
    assert keys("We study sparse, attention heads aside")[:1] == ["attention head"]
    assert "sparse attention" not in keys("Sparse. Attention")


def test_short_words_in_capitals_are_abbreviations() -> None:
    assert keys("GAME: A Thing") == [] and keys("A Game") == ["game"] == keys("GAMES ALL AROUND")
    assert keys("3D All Around") == ["3d"]


def test_terms_are_those_the_glossary_finds() -> None:
    text = "We train a vision-language model with reinforcement learning, chain-of-thought and KV caches; no RAG."
    found = {words.key(f.entry.en) for f in terms.load().find(text)}
    assert {LEXIS.canonical(k) for k in found} <= set(LEXIS.find(text))
    assert "retrieval augmented generation" in LEXIS.find(text)  # by its abbreviation


def test_names_are_chinese_or_as_printed_most_often() -> None:
    own = Lexis(terms.parse('[terms]\n"black hole" = "黑洞"\n"video generation" = "影片生成"'))
    printed = ("Dark Energy", "dark energy", "dark energy")
    told = [own.of(paper(keywords=(k, "Black Holes", "video generation"))) for k in printed]
    called = words.names(told, own)
    assert called == {"dark energy": "dark energy", "black hole": "黑洞", "video generation": "影片生成"}


def test_hostile_keywords_are_left_out_or_one_plain_line() -> None:
    made = Lexis(terms.load()).of(
        paper(title=EVIL, abstract=EVIL * 50, keywords=(EVIL, "a\nb\u202e c\x00d quark", "x" * 5000, "", "1 2 3", "，"))
    )
    assert all(len(k) <= 70 and k.isprintable() for pair in made.items() for k in pair)
    assert any("quark" in k for k in made)


def test_papers_are_counted_once() -> None:
    many = LEXIS.of(paper(title="RL", abstract="RL and reinforcement learning. " * 9, keywords=("RL", "RL")))
    assert [k for k in many if "reinforcement" in k] == ["reinforcement learning"]


# compared with the days before


def spoken(*days: str) -> dict[str, Keys]:
    """Papers by their words, separated by blanks."""
    return {f"2501.{n:05}v1": dict.fromkeys(day.split(), "") for n, day in enumerate(days)}


NAMES = {k: k.upper() for k in "abcdefgh"}


@pytest.mark.parametrize(
    ("papers", "listed", "had", "before", "expected"),
    [
        (2, 25, 0, 0, "unknown"),
        (2, 25, 0, 25, "same"),  # one day before says little
        (2, 25, 0, 750, "new"),
        (5, 25, 0, 25, "new"),
        (6, 25, 30, 750, "up"),
        (2, 25, 30, 750, "same"),
        (24, 75, 240, 750, "same"),  # three times the papers of a usual day, three times the words
        (2, 25, 300, 750, "down"),
        (3, 25, 12, 75, "same"),
    ],
)
def test_change(papers: int, listed: int, had: int, before: int, expected: str) -> None:
    assert change(papers, listed, had, before) == expected


def test_hot_words_with_the_mean_of_the_days_that_have_an_issue() -> None:
    today = spoken("a b", "a b", "a c", "d")
    found = hot(today, [spoken("a", "b"), spoken("a", "a", "c")], NAMES)
    assert [(h.key, h.name, h.usual, h.change) for h in found] == [("a", "A", 1.5, "same"), ("b", "B", 0.5, "same")]
    assert found[0].papers == ("2501.00000v1", "2501.00001v1", "2501.00002v1")
    (a, b) = hot(today, [], NAMES)
    assert (a.usual, a.change, b.usual, b.change) == (None, "unknown", None, "unknown")
    assert hot({}, [spoken("a")], NAMES) == ()
    (only,) = hot({v: {"a": "", "a b": ""} for v in today}, [], {"a b": "AB"})
    assert only.name == "AB"  # what is said by a longer word of the same papers is not said twice
    rising = hot(spoken("a b", "a b", "a"), [spoken(*["a"] * 90)], NAMES)
    assert [(h.key, h.change) for h in rising] == [("b", "new"), ("a", "same")]
    many = {k: k for k in map(str, range(40))}
    assert len(hot(spoken(" ".join(many), " ".join(many)), [], many)) == 12


def composed() -> list[tuple[date, dict[str, Keys]]]:
    """Thirty days of papers, from a fixed seed."""
    chance = random.Random(7)
    return [
        (
            date(2026, 10, 20) + timedelta(days=n),
            spoken(*(" ".join(k for k in NAMES if chance.random() < (ord(k) - 96) / 12) for _ in range(5 + n % 4))),
        )
        for n in range(30)
    ]


def test_month_and_hot_against_a_recount() -> None:
    days = composed()
    made = trend(days, NAMES)
    assert made is not None and made.days == tuple(d for d, _ in days) and made.listed == tuple(len(s) for _, s in days)
    counted = {k: [sum(k in words for words in s.values()) for _, s in days] for k in NAMES}
    share = {k: c[-1] / made.listed[-1] + sum(c) / sum(made.listed) for k, c in counted.items() if c[-1]}
    best = sorted(share, key=lambda k: (-share[k], k))[:6]
    assert {name for name, _ in made.lines} == {k.upper() for k in best}
    assert all(list(line) == counted[name.lower()] for name, line in made.lines)
    assert [sum(line) for _, line in made.lines] == sorted((sum(line) for _, line in made.lines), reverse=True)
    for found in hot(days[-1][1], [s for _, s in days[:-1]], NAMES):
        assert len(found.papers) == counted[found.key][-1]
        assert found.usual == pytest.approx(sum(counted[found.key][:-1]) / 29)


def test_no_month_of_one_day_and_none_of_an_empty_one() -> None:
    assert trend([(date(2026, 11, 20), spoken("a"))], NAMES) is None
    assert trend([(date(2026, 11, 19), spoken("a")), (date(2026, 11, 20), {})], NAMES) is None
    assert trend([(date(2026, 11, 19), {}), (date(2026, 11, 20), spoken("a"))], NAMES) is not None


def test_cloud() -> None:
    papers: list[Paper] = [
        paper("2501.00001v1", title="Sparse Attention", keywords=("GPT-9", "quark soup", "RL")),
        paper("2501.00002v1", title="", keywords=("GPT-9", "RL")),
    ]
    told = {p.version: LEXIS.of(p) for p in papers}
    made = {w.name: w.papers for w in cloud(told, words.names(told.values(), LEXIS))}
    assert made == {"GPT-9": 2, "强化学习": 2, "稀疏注意力": 1}
