"""What sections ask: every aspect is there, its questions have English twins, its words find what they are for."""

import re
from itertools import pairwise
from typing import get_args

import pytest

from agents import aspects, properties
from core.documents import SectionRole
from core.report import Aspect, Length

ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
LENGTHS: tuple[Length, ...] = get_args(Length)
ASKING = [a for a in ASPECTS if a not in ("next", "topic")]


@pytest.mark.parametrize("aspect", ASPECTS)
def test_every_aspect_says_where_and_how_answers_stand(aspect: Aspect) -> None:
    data = aspects.of(aspect)
    assert 2 <= len(data.heading) <= 12 and len(data.compared) <= 12
    assert data.roles and len(set(data.roles)) == len(data.roles)
    assert not {SectionRole.REFERENCES, SectionRole.FRONT, SectionRole.ACKNOWLEDGEMENT} & set(data.roles)
    assert data.cues.groups == 0  # findall gives the words, not pieces of them
    assert data.cues.pattern == data.cues.pattern.lower()
    assert not data.cues.fullmatch("")


@pytest.mark.parametrize("aspect", ASKING)
@pytest.mark.parametrize("kind", get_args(aspects.Kind))
def test_longer_reports_ask_more(aspect: Aspect, kind: aspects.Kind) -> None:
    asked = [aspects.questions(aspect, kind, length) for length in LENGTHS]
    assert len(asked[0]) >= 2 and all(set(less) <= set(more) for less, more in pairwise(asked))


def test_next_and_topic_ask_nothing_of_their_own() -> None:
    assert aspects.of("next").questions == aspects.of("topic").questions == ()


def test_questions_have_one_english_twin() -> None:
    twins: dict[str, str] = {}
    for aspect in ASPECTS:
        for question in aspects.of(aspect).questions:
            assert question.zh.endswith("？") and len(question.zh) <= 30
            assert question.en.endswith("?") and re.fullmatch(r"[\x20-\x7e]+", question.en)
            assert twins.setdefault(question.zh, question.en) == question.en == aspects.english(question.zh)
    assert aspects.english("天气怎么样？") == ""


def test_what_is_asked_of_one_paper_is_not_asked_of_several() -> None:
    together = "这些论文要解决的是同一个问题吗？"
    assert together in aspects.questions("overview", "comparison", "standard")
    assert together not in aspects.questions("overview", "paper", "long")
    assert aspects.heading("limitations", "paper") != aspects.heading("limitations", "comparison") == "局限"


def test_tables_of_properties_ask_for_the_properties() -> None:
    assert [q.zh for q in aspects.of("approaches").questions] == [p.question for p in properties.known()]
    needed = [q.zh for q in aspects.of("reproduction").questions]
    assert needed == [p.question for p in properties.of_reproduction()] and "代码" in needed[0]


@pytest.mark.parametrize(
    ("aspect", "sentence"),
    [
        ("background", "existing methods suffer from high memory cost."),
        ("method", "the objective consists of two terms."),
        ("setup", "we compare against four baselines on two datasets."),
        ("results", "our model outperforms the strongest baseline by 3.1 points."),
        ("ablation", "removing the gate hurts accuracy."),
        ("limitations", "we did not evaluate models above 7b."),
        ("reproduction", "training took four days on 8 gpus."),
        ("benchmarks", "it reaches a higher score on the benchmark."),
        ("agreement", "this is consistent with previous findings."),
        ("next", "we leave longer contexts to future work."),
    ],
)
def test_cues_find_such_sentences(aspect: Aspect, sentence: str) -> None:
    assert aspects.of(aspect).cues.search(sentence)
    assert not aspects.of(aspect).cues.search("the sky is blue over the sea.")
