"""Sentences for an extractive digest: from the right sections, readable alone, none twice."""

import pytest

from agents.selection import SLOTS, SPARE, heading, select, standalone
from core.documents import Passage, SectionRole
from tests.unit.builders import WordsEmbedder, document, passage

FILLER = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda omicron sigma tau upsilon omega".split()


def told(topic: str, n: int, words: str) -> str:
    """A readable sentence with words of its own."""
    own = " ".join(f"{FILLER[(n * 3 + k) % 16]}{topic}" for k in range(6))
    return f"{words} the {own} of plain networks today."


def paper() -> list[Passage]:
    parts = [
        (SectionRole.FRONT, "front", ["In this work we propose frontal things and"]),
        (SectionRole.ABSTRACT, "abs", ["In this paper we present a router for", "However, it is difficult to serve"]),
        (
            SectionRole.INTRODUCTION,
            "intro",
            ["However, training is costly for", "The problem is hard for"] * 3,
        ),
        (SectionRole.METHOD, "meth", ["We propose and train", "The router consists of", "We design and introduce"] * 3),
        (
            SectionRole.RESULT,
            "res",
            ["It achieves 79.8% accuracy on", "We find it improves by 2.5 points on"] * 4,
        ),
        (SectionRole.LIMITATION, "lim", ["The method is limited to", "We did not evaluate", "It cannot handle"]),
        (SectionRole.REFERENCES, "ref", ["However, we propose and achieve"]),
        (SectionRole.APPENDIX, "app", ["However, we propose and achieve"]),
    ]
    return [
        passage(told(name, n, start), 100 * k + n, role=role, section=name)
        for k, (role, name, starts) in enumerate(parts, 1)
        for n, start in enumerate(starts)
    ]


def test_every_slot_is_filled_from_its_sections() -> None:
    passages = paper()
    homes = {p.id: p.role for p in passages}
    picks = select(document(*passages), WordsEmbedder())
    roles = {slot: {homes[p.passage] for p in picks if p.slot == slot} for slot in SLOTS}
    assert roles["summary"] <= {SectionRole.ABSTRACT, SectionRole.INTRODUCTION, SectionRole.CONCLUSION}
    assert SectionRole.METHOD in roles["method"]
    assert SectionRole.RESULT in roles["result"]
    assert roles["limitation"] == {SectionRole.LIMITATION} or SectionRole.LIMITATION in roles["limitation"]
    used = {homes[p.passage] for p in picks}
    assert not used & {SectionRole.FRONT, SectionRole.REFERENCES, SectionRole.APPENDIX}
    assert all(sum(p.slot == slot for p in picks) <= SLOTS[slot] + SPARE for slot in SLOTS)


def test_picks_come_slot_by_slot_best_first_each_sentence_once() -> None:
    picks = select(document(*paper()), WordsEmbedder())
    slots = [list(SLOTS).index(p.slot) for p in picks]
    assert slots == sorted(slots)
    for slot in SLOTS:
        scores = [p.score for p in picks if p.slot == slot]
        assert scores == sorted(scores, reverse=True)
    keys = [(p.passage, p.sentence) for p in picks]
    assert len(set(keys)) == len(keys)


def test_selection_is_the_same_every_time() -> None:
    assert select(document(*paper()), WordsEmbedder()) == select(document(*paper()), WordsEmbedder())


def test_near_twins_are_picked_once() -> None:
    one = "We propose a sparse router that sends every token to two of the experts in a layer."
    two = "We propose a sparse router which sends every token to two of the experts in a layer."
    twins = [passage(one, 1, role=SectionRole.ABSTRACT), passage(two, 2, role=SectionRole.INTRODUCTION)]
    assert len(select(document(*twins), WordsEmbedder())) == 1


def test_captions_and_tables_are_never_picked() -> None:
    text = "We propose a sparse router that sends every token to two of the experts in a layer."
    kinds = [passage(text, 1, kind="caption"), passage(text, 2, kind="table"), passage(text, 3, kind="note")]
    assert select(document(*kinds), WordsEmbedder()) == []
    assert select(document(), WordsEmbedder()) == []


GOOD = "We propose a sparse router that sends every token to two of the experts."


@pytest.mark.parametrize(
    "text",
    [
        "we propose a sparse router that sends every token to two experts.",  # begins in the middle
        "We propose a sparse router that sends every token to two of the",  # ends in the middle
        "We propose a sparse router.",
        GOOD[:-1] + " and more" * 60 + ".",
        "We propose (a sparse router that sends every token to two of the experts.",
        "We set x = 3 and y = 4 so that f ∈ F and θ = 2 for all of them here.",
        "The code of this sparse router is at https://example.org for every reader of it.",
        "12 34 56 78 90 12 34 56 78 90 12 34.",
    ],
)
def test_what_cannot_stand_alone_is_never_shown(text: str) -> None:
    assert standalone(text) == 0.0


@pytest.mark.parametrize(
    "worse",
    [
        "However, it sends every token to two of the experts in a sparse router.",
        "We propose, as Figure 3 shows, a sparse router that sends every token to two experts.",
        "We propose a sparse router [12] that sends every token to two of the experts (Lee, 2020).",
        "We propose a sparse router² that sends every token to two of the experts.",
    ],
)
def test_what_leans_on_its_neighbours_is_worse(worse: str) -> None:
    assert 0 < standalone(worse) < standalone(GOOD) == 1.0


def test_slots_have_chinese_headings() -> None:
    assert [heading(slot) for slot in SLOTS] == ["一句话", "问题", "方法", "结果", "局限"]
