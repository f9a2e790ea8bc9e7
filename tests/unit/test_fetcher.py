"""The day's choice: every filter, the limit last, and a reason for each paper left out."""

from datetime import date
from typing import Any

import pytest

from agents.fetcher import choose
from core.models import Listing, Paper, Query
from tests.unit.builders import paper

PAPERS = (
    paper("2501.00001v1", title="Sparse Experts", abstract="The world.", authors=("Ann Lee",), categories=("cs.CL",)),
    paper("2501.00002v1", title="Rewards", abstract="RL agents.", authors=("Bo Wu",), categories=("cs.AI", "cs.LG")),
    paper(
        "2501.00003v2", title="Survey", abstract="Of experts.", authors=("Cy Lee",), keywords=("Benchmark", "大模型")
    ),
)


def listing(*papers: Paper) -> Listing:
    return Listing(source="hf", day=date(2026, 11, 20), zone="UTC", papers=papers)


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ({}, [1, 2, 3]),
        ({"keywords": ("EXPERTS",)}, [1, 3]),
        ({"keywords": ("benchmark", "rewards")}, [2, 3]),
        ({"exclude": ("survey", "RL")}, [1]),
        ({"keywords": ("experts",), "exclude": ("survey",)}, [1]),
        ({"keywords": ("expert",)}, [1, 3]),  # the beginning of a word
        ({"keywords": ("rl",)}, [2]),  # not in the world
        ({"exclude": ("RL",)}, [1, 3]),
        ({"keywords": ("模型",)}, [3]),
        ({"keywords": ("c++", "(")}, []),
        ({"authors": ("lee",)}, [1, 3]),
        ({"categories": ("cs.LG",)}, [2, 3]),  # no category known is no reason
        ({"ids": ("2501.00003", "2501.00001v1")}, [1, 3]),
        ({"ids": ("2501.00003v1",)}, []),
        ({"limit": 2}, [1, 2]),
        ({"keywords": ("experts",), "limit": 2}, [1, 3]),  # the limit counts what passed
    ],
)
def test_filters(asked: dict[str, Any], chosen: list[int]) -> None:
    choice = choose(listing(*PAPERS), Query(**asked))
    assert [PAPERS.index(p) + 1 for p in choice.chosen] == chosen
    assert {p.version for p in choice.chosen} | {p.version for p, _ in choice.left_out} == {p.version for p in PAPERS}
    assert len(choice.chosen) + len(choice.left_out) == 3
    assert all(reason for _, reason in choice.left_out)


def test_reasons_name_what_was_asked() -> None:
    reasons = [reason for _, reason in choose(listing(*PAPERS), Query(keywords=("x", "y"))).left_out]
    assert reasons == ["不含关键词 x、y"] * 3
    assert choose(listing(*PAPERS), Query(exclude=("survey",))).left_out == ((PAPERS[2], "含排除词 survey"),)
    assert [r for _, r in choose(listing(*PAPERS), Query(limit=2)).left_out] == ["超出 --limit 2"]


def test_a_paper_listed_twice_is_read_once() -> None:
    choice = choose(listing(*PAPERS, *PAPERS), Query())
    assert choice.chosen == PAPERS
    assert choice.left_out == ()


def test_an_empty_day_is_an_empty_choice() -> None:
    assert choose(listing(), Query(limit=3)) == ((), ())
