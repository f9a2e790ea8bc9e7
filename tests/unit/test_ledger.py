"""The day's ledger: every paper is counted as far as it came, and says why it stopped."""

import pytest

from core.models import PaperResult, Problem, Status, Step
from graph.day import ledger
from tests.unit.builders import claim, digest, paper, result

FULL = tuple(Step)
PROBLEM = Problem(id="x", step=Step.LIST, reason="没有编号")


def ended(n: int, status: Status, *passed: Step, reason: str = "") -> PaperResult:
    return result(None, status, paper=paper(f"2501.{n:05}v1"), passed=passed, reason=reason)


def test_a_mixed_day() -> None:
    results = [
        result(digest(claim("c1")), Status.PUBLISHED, passed=FULL),
        ended(2, Status.PUBLISHED, Step.LIST, Step.WRITE, Step.VERIFY, Step.PUBLISH, reason="只有摘要"),
        ended(3, Status.WITHHELD, *FULL[:-1], reason="句子太少"),
        ended(4, Status.FAILED, Step.LIST, Step.FETCH, reason="已损坏"),
        ended(5, Status.FAILED, Step.LIST, reason="下载不到"),
        ended(6, Status.SKIPPED, Step.LIST, reason="超出 --limit"),
    ]
    made = ledger(results, [PROBLEM], 7)
    counted = (made.listed, made.fetched, made.parsed, made.read, made.verified, made.published)
    assert counted == (7, 3, 2, 2, 3, 2)
    assert [(p.id, p.step, p.reason) for p in made.problems] == [
        ("x", Step.LIST, "没有编号"),
        ("2501.00002", Step.FETCH, "只有摘要"),
        ("2501.00003", Step.PUBLISH, "句子太少"),
        ("2501.00004", Step.PARSE, "已损坏"),
        ("2501.00005", Step.FETCH, "下载不到"),
        ("2501.00006", Step.FETCH, "超出 --limit"),
    ]


def test_nothing_vanishes() -> None:
    made = ledger([ended(n, Status.FAILED, Step.LIST, reason="坏") for n in range(5)], [], 0)
    assert made.listed == 5
    assert made.listed == made.published + len(made.problems)


@pytest.mark.parametrize("last", range(len(FULL) - 1))
def test_a_paper_stopped_at_the_first_station_it_did_not_pass(last: int) -> None:
    (problem,) = ledger([ended(1, Status.FAILED, *FULL[: last + 1], reason="坏")], [], 1).problems
    assert problem.step is FULL[last + 1]


def test_a_good_day_has_no_problems() -> None:
    made = ledger([result(digest(claim("c1")))], [], 1)
    assert (made.listed, made.fetched, made.verified, made.published, made.problems) == (1, 1, 1, 1, ())


def test_an_empty_day_is_all_zero() -> None:
    assert set(ledger([], [], 0).model_dump().values()) == {0, ()}
