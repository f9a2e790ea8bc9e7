"""Two numbers that share what is printed once: 10-20%, 7-14B, 1 到 2 万, between 60 and 65%."""

import re
from dataclasses import replace

from agents.quantities import dates
from agents.quantities.model import Quantity

_JOINED = re.compile(r"\s*(?:-|~|到|至|to|and|和|、|±|vs\.?|versus)\s*")
_LOOSE = ("and", "和", "、")
"""These join two numbers that need not share a unit."""
_ENDS = ("-", "~", "到", "至", "to")
"""These stand between the two ends of a range."""
_BETWEEN = re.compile(r"\bbetween\s+$", re.I)
_BETWEEN_ZH = re.compile(r"[^，。]{0,6}之间")
_PRINTED = r"[$€£¥]?\s*([\d,.]+)"


def shared(found: list[Quantity], text: str) -> list[Quantity]:
    """The first number of each two borrows scale and unit of the second; ends of a range know each other."""
    for i in range(len(found) - 2, -1, -1):
        a, b = found[i], found[i + 1]
        if not _JOINED.fullmatch(text[a.end : b.start]):
            continue
        if not (a.kind or not a.exact or (dates.is_year(a.low) and not b.kind.startswith("date"))):
            a = _borrowing(a, b, text)
        if _are_ends(a, b, text):
            found[i + 1] = replace(b, mate=a.low)
            a = replace(a, mate=b.low)
        found[i] = a
    return found


def _borrowing(a: Quantity, b: Quantity, text: str) -> Quantity:
    unit = b.kind if b.kind not in ("ordinal", "") and not b.kind.startswith("date") else ""
    tight = text[a.end : b.start].strip() not in _LOOSE
    factor = _factor(a, b) if tight else 1.0
    noun = a.noun or (b.noun if tight else frozenset())
    return replace(a, kind=unit, noun=noun, low=a.low * factor, high=a.high * factor, quantum=a.quantum * factor)


def _are_ends(a: Quantity, b: Quantity, text: str) -> bool:
    if not (a.exact and b.exact and a.kind == b.kind and a.low < b.low):
        return False
    gap = text[a.end : b.start].strip()
    if gap in _ENDS:
        return True
    return gap in _LOOSE and bool(
        _BETWEEN.search(text[max(0, a.start - 10) : a.start]) or _BETWEEN_ZH.match(text, b.end)
    )


def _factor(a: Quantity, b: Quantity) -> float:
    """Factor the second number's suffix adds to the first, 1 where the first has its own or is no smaller."""
    printed = re.match(_PRINTED, b.text)
    own = re.fullmatch(_PRINTED, a.text)
    if not printed or not own:
        return 1.0
    shown = float(printed[1].replace(",", "").rstrip(".") or 0)
    first = float(own[1].replace(",", "").rstrip(".") or 0)
    return round(b.low / shown, 12) if shown and 0 < first < shown else 1.0
