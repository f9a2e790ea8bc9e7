"""Values that wording implies without printing them. They may confirm a number of a claim, they ask for nothing."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from agents.quantities.model import Quantity, Sign

_SHRINKS_BEFORE = re.compile(
    r"\b(?:reduc|lower|decreas|shr[aiu]nk|cut|drop|f[ae]ll|sav|compress)\w*\b[^.;]{0,60}$", re.I
)
_SHRINKS_AFTER = re.compile(
    r"\s*(?:\w+\s+)?(?:fewer|less|smaller|lower|cheaper|faster|shorter|reduction|decrease|saving)\b", re.I
)
_REACH = 90
_OUT_OF = re.compile(r"\s+out\s+of\s+(?:every\s+|the\s+|all\s+)?")
_RATIO = re.compile(r"(?<![\d.:])(\d{1,3}(?:\.\d+)?)\s?:\s?(\d{1,3}(?:\.\d+)?)(?![\d:]|\.\d)")
_SPACED = re.compile(r"(?<![\d.,])(?<!\d )\d{1,3}(?:, \d{3}){2,}(?!\d|, \d)")
_EACH_AFTER = re.compile(r"\s+(?:[A-Za-z-]+\s+){1,4}each\b|\s*[A-Za-z-]+\s+per\s+[a-z]")
_EACH_BEFORE = re.compile(r"\b(?:each|every|per)\b[^.,;\d]{0,30}$", re.I)
_NO_MINUS = re.compile(r"(?:[\d%)]\s*|[^\W\d_])$")
_DOWN = re.compile(
    r"[低降减少负亏差落短小跌退损缩慢弱逊]|代价|零下"
    r"|\b(?i:drop|decreas|lower|reduc|f[ae]ll|below|los[st]|worse|negativ|minus|degrad|behind|down|less|fewer|declin)",
)
_STRETCHES = {"s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour"}
_STRETCHES |= {w: w for w in ("second", "minute", "hour", "day", "week", "month", "year")}
_STRETCHES |= {"秒": "second", "分钟": "minute", "小时": "hour", "天": "day", "日": "day", "周": "week"}
_STRETCHES |= {"月": "month", "年": "year"}
_PER_ZH = re.compile(r"每个?(秒|分钟|小时|天|日|周|月|年)[^，。；：、\d每]{0,8}$")
_PER = re.compile(
    r"\s*(?:[A-Za-z]+\s?){0,2}?(?:/\s?|\bper\s|\ban?\s)(second|minute|hour|day|week|month|year|sec|min|hr|s|h)\b"
    r"(?!\s(?:and|ago|later|before|after|earlier))"
)
_SIGN_REACH = 30
"""Characters in which wording may say what a minus says."""


def values(found: list[Quantity], text: str) -> Iterator[Quantity]:
    """What is left after a tenfold reduction (十分之一); the share in seven out of ten (七成); both shares of 1:1;
    the one number that 4, 426, 165, 368 may be."""
    for q in found:
        if q.kind in ("times", "times?") and q.exact and q.low > 1:
            before = text[max(0, q.start - _REACH) : q.start]
            if _SHRINKS_BEFORE.search(before) or _SHRINKS_AFTER.match(text, q.end):
                yield _fraction(q, 1.0 / q.low)
    for a, b in pairwise(found):
        if a.kind == b.kind == "" and 0 < a.low < b.low and _OUT_OF.fullmatch(text[a.end : b.start]):
            yield _fraction(a, a.low / b.low)
    for found_ratio in _RATIO.finditer(text) if ":" in text else ():
        one, two = float(found_ratio[1]), float(found_ratio[2])
        for part in {one, two} if one + two else ():
            yield _plain(found_ratio, part / (one + two), "fraction")
    for spaced in _SPACED.finditer(text):
        yield _plain(spaced, float(spaced.group().replace(", ", "")), "")


def _plain(match: re.Match[str], value: float, kind: str) -> Quantity:
    return Quantity(
        match.group(), match.start(), match.end(), value, value, 0.0 if kind else 1.0, kind=kind, in_name=True
    )


def _fraction(q: Quantity, value: float) -> Quantity:
    return replace(q, low=value, high=value, kind="fraction", quantum=0.0, factor=1.0, noun=frozenset(), in_name=True)


def marked(found: list[Quantity], text: str, printed: str) -> list[Quantity]:
    """The same, with their signs and with counts said of each thing (16 nodes with 8 GPUs each) marked.

    `printed`: the text before its dashes were brought to one, because a dash in front of a number is no minus.
    """
    return [_marked(q, text, printed) for q in found]


def _marked(q: Quantity, text: str, printed: str) -> Quantity:
    sign = _sign(q, text, printed)
    each = q.kind == "" and bool(
        _EACH_AFTER.match(text, q.end) or _EACH_BEFORE.search(text[max(0, q.start - 40) : q.start])
    )
    per = _per(q, text)
    return replace(q, sign=sign, each=each, per=per) if sign or each or per else q


def _per(q: Quantity, text: str) -> str:
    found = _PER_ZH.search(text[max(0, q.start - 14) : q.start]) or _PER.match(text, q.end)
    return _STRETCHES[found[1]] if found else ""


def _sign(q: Quantity, text: str, printed: str) -> Sign:
    dashed = q.start > 0 and printed[q.start - 1] in "-−"
    # behind a digit it is a range, directly behind a letter a hyphen
    if dashed and not _NO_MINUS.search(text[max(0, q.start - 6) : q.start - 1]):
        return "-"
    return "down" if _DOWN.search(text[max(0, q.start - _SIGN_REACH) : q.end + _SIGN_REACH]) else ""
