"""Digits as they are said."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.speaking.numerals import digits, named, number

_VALUES = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}


def _heard(text: str) -> int:
    """The whole number somebody understands who hears it."""
    total = group = digit = 0
    for sign in text:
        if sign in _VALUES:
            digit = _VALUES[sign]
        elif sign in _PLACES:
            group, digit = group + (digit or 1) * _PLACES[sign], 0
        elif sign == "万":
            total, group, digit = total + (group + digit) * 10_000, 0, 0
        else:
            total, group, digit = (total + group + digit) * 10**8, 0, 0
    return total + group + digit


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("0", "零"), ("2", "二"), ("10", "十"), ("12", "十二"), ("20", "二十"), ("101", "一百零一"),
        ("110", "一百一十"),
        ("200", "二百"), ("2000", "两千"), ("2002", "两千零二"), ("1010", "一千零一十"), ("10000", "一万"),
        ("10010", "一万零一十"), ("12,800", "一万两千八百"), ("20000", "两万"), ("110000", "十一万"),
        ("100100", "十万零一百"),
        ("200000000", "两亿"), ("120030004", "一亿两千零三万零四"), ("3.14", "三点一四"), ("0.05", "零点零五"),
        ("-0.5", "负零点五"), ("+2.50", "加二点五零"), ("007", "零零七"),
        ("12345678901234567", "一二三四五六七八九零一二三四五六七"),
    ],
)  # fmt: skip
def test_numbers(written: str, said: str) -> None:
    assert number(written) == said


def test_a_lone_two_counts_as_a_pair() -> None:
    assert (number("2", pair=True), number("12", pair=True), number("2.5", pair=True)) == ("两", "十二", "二点五")


def test_numbers_in_names() -> None:
    assert (named("100"), named("4090"), named("3.5"), digits("a12b")) == ("一百", "四零九零", "三点五", "一二")


@given(st.integers(0, 10**12 - 1))
def test_what_is_heard_is_what_was_written(value: int) -> None:
    assert _heard(number(str(value))) == value


@given(st.integers(0, 10**12 - 1))
def test_thousands_may_be_set_apart(value: int) -> None:
    assert number(f"{value:,}") == number(str(value))
    assert not re.search("零零|零$", number(str(value))) or value == 0
