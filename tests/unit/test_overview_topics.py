"""Topics: every paper in one, the same whatever the order, named by what sets them apart."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.overview.topics import OTHERS, bounds, topics
from agents.overview.words import Keys
from core.overview import Topic

NAMES = {"a": "甲", "b": "乙", "c": "丙", "d": "丁", "all": "模型", "gpt 9": "GPT-9", "quark": "quark"}


def version(n: int) -> str:
    return f"2501.{n:05}v1"


def vectors(groups: Mapping[int, int], spread: float = 0.2) -> dict[str, np.ndarray]:
    """A vector for each paper (number -> its group), from a seed of its own: equal whoever else is there."""
    found = {}
    for n, group in groups.items():
        made = np.eye(16)[group] + spread * np.random.default_rng(n).normal(size=16)
        found[version(n)] = made / np.linalg.norm(made)
    return found


def words(groups: Mapping[int, int]) -> dict[str, Keys]:
    return {version(n): {"abcd"[group]: "", "all": ""} for n, group in groups.items()}


FOUR = {n: n % 4 for n in range(1, 17)}


def members(found: tuple[Topic, ...]) -> set[frozenset[str]]:
    return {frozenset(t.papers) for t in found}


def test_groups_are_found_and_named_by_what_sets_them_apart() -> None:
    found = topics(vectors(FOUR), words(FOUR), NAMES)
    assert members(found) == {frozenset(version(n) for n in FOUR if FOUR[n] == g) for g in range(4)}
    assert {t.name for t in found} == {"甲", "乙", "丙", "丁"}
    assert [t.id for t in found] == ["t1", "t2", "t3", "t4"]
    assert all(t.keys[0] in "abcd" and NAMES[t.keys[0]] == t.name for t in found)


def test_one_more_paper_does_not_reshuffle_the_others() -> None:
    before = topics(vectors(FOUR), words(FOUR), NAMES)
    more = {**FOUR, 99: 2}
    after = topics(vectors(more), words(more), NAMES)
    assert {group - {version(99)} for group in members(after)} == members(before)


@given(st.lists(st.integers(0, 3), min_size=0, max_size=14), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_makes_no_difference_and_every_paper_is_in_one_topic(groups: list[int], chance: object) -> None:
    given_groups = dict(enumerate(groups))
    many, told = vectors(given_groups, 0.6), words(given_groups)
    order = sorted(told)
    getattr(chance, "shuffle")(order)  # noqa: B009 - hypothesis gives a random.Random
    found = topics(many, told, NAMES)
    assert topics({v: many[v] for v in order}, {v: told[v] for v in order}, NAMES) == found
    assert sorted(v for t in found for v in t.papers) == sorted(told)
    assert len({t.name for t in found}) == len(found) <= 9
    assert all(len(t.papers) > 1 for t in found) or len(groups) == 1


@pytest.mark.parametrize(("papers", "expected"), [(1, (1, 1)), (4, (1, 2)), (8, (3, 3)), (20, (3, 8)), (90, (8, 8))])
def test_how_many(papers: int, expected: tuple[int, int]) -> None:
    assert bounds(papers) == expected


def test_equal_vectors_and_no_words_are_still_topics() -> None:
    told: dict[str, Keys] = {version(n): {} for n in range(7)}
    (only,) = topics({v: np.ones(4) / 2 for v in told}, told, {})
    assert only.name == OTHERS and sorted(only.papers) == sorted(told)
    assert topics({}, {}, {}) == ()


def test_no_two_have_one_name_and_names_of_models_are_none() -> None:
    told: dict[str, Keys] = {
        v: {"all": "", "gpt 9": "", **({"quark": ""} if n % 2 else {"b": ""})} for n, v in enumerate(words(FOUR))
    }
    found = topics(vectors(FOUR), told, NAMES)
    assert len({t.name for t in found}) == len(found)
    assert not any("GPT-9" in t.name for t in found)


def test_a_second_word_names_those_the_first_leaves_out() -> None:
    groups = {n: n % 2 for n in range(8)}
    told = words(groups)
    for n in (0, 2):
        told[version(n)] = {"c": "", "all": ""}
    for n in (4, 6):
        told[version(n)] = {"d": "", "all": ""}
    names = {t.name for t in topics(vectors(groups, 0.05), told, NAMES)}
    assert names <= {"丙、丁", "丁、丙", "乙", "丙", "丁"} and names & {"丙、丁", "丁、丙", "丙"}
