"""Halves and quarters that stand apart from their unit: 一个半小时, 半小时, an hour and a half, half a million."""

import re
from collections.abc import Iterator

from agents.quantities import numerals, units
from agents.quantities.model import Quantity
from agents.quantities.patterns import bound

_EN = "|".join(sorted(numerals.EN_UNITS, key=len, reverse=True))
_ZH = f"[{numerals.ZH_CHARS}]+"
_EN_UNIT = r"(?:minute|hour|day|week|month|year|decade|time|fold)s?"
_SCALE = "|".join(numerals.EN_SCALES)
_PARTS = "|".join(numerals.EN_PARTS)
_HINT = re.compile(f"半|{_PARTS}", re.I)
# only clock units: 半天, 半年 and half a year often are a way of speaking
_CLOCK_ZH, _CLOCK_EN = "小时|钟头|分钟", "hour|minute"
# what may follow 半 when it ends a duration; elsewhere it begins a word (2020 年半导体)
_END = r"(?=\s*(?:[，。；、！？,.;)）的以之内后前左右来至到]|时间|$))"

_HALF = re.compile(
    rf"(?P<zh>\d+|{_ZH})\s?个半(?P<zhunit>{_CLOCK_ZH}|月|星期)"
    rf"|(?P<zhlate>\d{{1,2}}|{_ZH})\s?(?P<zhlateunit>天|周|年|倍)半{_END}"
    rf"|半个?(?P<zhonly>{_CLOCK_ZH})"
    rf"|\b(?P<en>(?i:an?|{_EN})|\d+)[ ](?P<enunit>{_EN_UNIT})[ ]and[ ]a[ ]half\b"
    rf"|\b(?P<enlate>(?i:{_EN})|\d+)[ -]and[ -]a[ -]half\b(?:[ -](?P<enscale>{_SCALE})\b)?"
    rf"|\b(?P<part>(?i:half|(?:a|{_EN})[ -](?:{_PARTS})s?))[ -](?:of[ ])?(?:an?[ ])?"
    rf"(?:(?P<enonly>{_CLOCK_EN})|(?P<partscale>{_SCALE}))\b"
)
_ZH_UNITS = {"年": ("months", 12.0), "月": ("months", 1.0), "钟头": ("time", 3600.0)}


def spans(text: str) -> Iterator[Quantity]:
    """Every such number of `text` with its unit."""
    if not _HINT.search(text):
        return
    for match in _HALF.finditer(text):
        value = _value(match)
        if value is None:
            continue
        kind, factor, end = _unit(match, text)
        factor *= numerals.scale(match["enscale"] or match["partscale"] or "")
        total = value * factor
        yield Quantity(
            text=text[match.start() : end].strip(),
            start=match.start(),
            end=end,
            low=total,
            high=total,
            quantum=factor / 10,
            kind=kind,
            bound=bound(text, match.start(), end),
            word=True,
            factor=factor,
        )


def _value(match: re.Match[str]) -> float | None:
    if match["zhonly"] or (match["part"] or "").lower() == "half":
        return 0.5
    if match["part"]:
        top, bottom = re.split(r"[ -]", match["part"].lower())
        return (numerals.english(top) or 1.0) / numerals.EN_PARTS[bottom.rstrip("s")]
    printed = match["zh"] or match["zhlate"] or match["en"] or match["enlate"]
    if printed.isdigit():
        whole: float | None = float(printed)
    elif match["zh"] or match["zhlate"]:
        whole = numerals.chinese(printed)
    else:
        whole = 1.0 if printed.lower() in ("a", "an") else numerals.english(printed)
    return None if whole is None else whole + 0.5


def _unit(match: re.Match[str], text: str) -> units.Unit:
    """The unit inside the match, or the one behind it (two and a half hours)."""
    for name in ("zhunit", "zhlateunit", "zhonly", "enunit", "enonly"):
        if match[name]:
            inside = _ZH_UNITS.get(match[name]) or units.behind(match[name], 0) or ("", 1.0)
            return units.Unit(inside[0], inside[1], match.end())
    return units.behind(text, match.end()) or units.Unit("", 1.0, match.end())
