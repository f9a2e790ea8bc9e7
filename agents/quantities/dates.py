"""Years, months and days: 2024 年 6 月 against June 2024."""

import re
from collections.abc import Iterator

from agents.quantities.model import Quantity
from agents.quantities.units import Unit

_MONTHS = "january february march april may june july august september october november december".split()
_NAMES = "|".join(m.capitalize() for m in _MONTHS if m not in ("march", "may"))
_SHORT = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
_MONTH = re.compile(rf"\b(?:({_NAMES})\b|((?:March|May|{_SHORT})\b)(?=\.?,?\s*\d)|(?<=\d )(March|May)\b)")
_FIRST_YEAR, _LAST_YEAR = 1000, 2100
"""Four digits before 年 in this span name a year, anything else a duration."""


def is_year(value: float) -> bool:
    """True where a whole number may name a year."""
    return _FIRST_YEAR <= value <= _LAST_YEAR and value.is_integer()


_DECADE = re.compile(r"(\d{1,2})\s*世纪\s*(\d0)\s*年代|(?<!\d)(?:上世纪)?\s*(\d0)\s*年代|\b(\d{3}0)(?:s\b|\s*年代)")
_CENTURY = re.compile(r"(\d{1,2})\s*世纪(?!\s*\d0\s*年代)")


def spans(text: str) -> Iterator[Quantity]:
    """Decades (20 世纪 30 年代, 1930s) as their first year, 18 世纪 as the 18th of its kind."""
    for found in _DECADE.finditer(text):
        century, tens, late, year = found.groups()
        if year is None:
            year = str((int(century) - 1) * 100 + int(tens)) if century else str(1900 + int(late))
        yield Quantity(found.group(), found.start(), found.end(), float(year), float(year), 0.0, kind="date.year")
    for found in _CENTURY.finditer(text):
        number = float(found.group(1))
        yield Quantity(found.group(), found.start(), found.end(), number, number, 0.0, kind="ordinal")


def months(text: str) -> Iterator[Quantity]:
    """English names of months; May and March only beside a number."""
    for found in _MONTH.finditer(text):
        number = float(next(i for i, m in enumerate(_MONTHS, 1) if m.startswith(found.group().lower()[:3])))
        yield Quantity(found.group(), found.start(), found.end(), number, number, 0.0, kind="date.month")


def behind(text: str, position: int, value: float) -> Unit | None:
    """年, 月, 日 behind a number as a unit; None where they are not one."""
    found = re.compile(r"\s?(年|月(?!球|亮)|[日号](?!志|常|益|线|召|称))").match(text, position)
    if not found:
        return None
    sign, end = found.group(1), found.end()
    if sign == "年":
        if _FIRST_YEAR <= value <= _LAST_YEAR:
            return Unit("date.year", 1, end)
        return Unit("months", 12, end)
    if sign == "月":
        return Unit("date.month", 1, end) if 1 <= value <= 12 else None
    return Unit("date.day", 1, end) if 1 <= value <= 31 else None
