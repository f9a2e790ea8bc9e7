"""Errors cross process borders whole, and say in Chinese what to do."""

import copy
import pickle

import pytest

from core.errors import Misconfigured, Retry, Skip, Stop, ZhengduError

EACH = [
    (ZhengduError("坏了", "修"), {}),
    (Retry("服务器忙", "稍后再试", after=2.5), {"after": 2.5}),
    (Retry("服务器忙"), {"after": None}),
    (Skip("打不开", "换一个", code="damaged"), {"code": "damaged"}),
    (Skip("打不开"), {"code": "skipped"}),
    (Stop("磁盘满了", "清理"), {}),
    (Misconfigured("不对", "改", setting="ZHENGDU_MODEL"), {"setting": "ZHENGDU_MODEL"}),
]


@pytest.mark.parametrize(("error", "more"), EACH, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("again", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy], ids=["pickle", "copy"])  # noqa: S301
def test_errors_survive(error: ZhengduError, more: dict[str, object], again: object) -> None:
    back = again(error)  # type: ignore[operator]
    assert type(back) is type(error)
    assert (back.message, back.hint, str(back)) == (error.message, error.hint, str(error))
    assert {name: getattr(back, name) for name in more} == more


def test_the_tree_is_one_type_a_reaction() -> None:
    assert issubclass(Misconfigured, Stop)
    assert not issubclass(Skip, Stop)
    assert not issubclass(Retry, (Skip, Stop))


def test_the_hint_is_shown_only_if_there_is_one() -> None:
    assert str(Stop("磁盘满了", "清理")) == "磁盘满了（清理）"
    assert str(Stop("磁盘满了")) == "磁盘满了"
