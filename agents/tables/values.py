"""What a cell prints, as a quantity."""

import re
from functools import lru_cache

from agents.quantities import parse
from agents.quantities.model import Quantity
from agents.quantities.relate import equal, fit, rounded

_MARKS = re.compile(r"[*†‡§↑↓∗]|\((?:[^()]*)\)|\[[^\[\]]*\]|±.*$|(?<=\d)[⁎]")
_SPACED = re.compile(r"(?<=\d), (?=\d{3})")


@lru_cache(maxsize=8192)
def value(cell: str) -> Quantity | None:
    """The one number of a cell, marks and what stands in brackets left out; None where it holds anything else."""
    plain = _SPACED.sub(",", _MARKS.sub("", cell)).strip()
    found = [q for q in parse(plain) if not q.in_name]
    if len(found) != 1 or not found[0].exact:
        return None
    rest = (plain[: found[0].start] + plain[found[0].end :]).strip(" +-−–$~≈<>≤≥")
    return None if rest else found[0]


def agrees(q: Quantity, cell: Quantity) -> bool:
    """Is the claim's number the cell's, by value or by rounding?"""
    return fit(q, cell) != "no" and (equal(q, cell) or rounded(q, cell))


def shown(number: float) -> str:
    """A computed number as a person would print it."""
    if abs(number) >= 1000:
        return f"{number:,.0f}"
    text = f"{number:.4g}" if abs(number) < 1 else f"{number:.2f}"
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
