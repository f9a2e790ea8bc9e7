"""What a quantity is, whatever the language it was written in."""

from dataclasses import dataclass
from typing import Literal

Bound = Literal["", "~", "near", ">", "<", "max", "most"]
"""How the wording limits the value: exactly, about, nearly, more than, less than, up to, at most."""

Sign = Literal["", "-", "down"]
"""Nothing said, a minus printed, or wording of a fall or lack that may stand for one."""

TOLERANCE = 1e-13
"""Relative; absorbs binary fractions (0.1 + 0.2), nothing a reader could see."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit.

    `low` and `high` are in the base unit of `kind` (time: seconds, size: bytes, length: metres, otherwise the
    number itself with 万, 亿, k, M, B, T multiplied out); they differ only for vague words (数百, dozens).
    """

    text: str
    """As printed, with unit."""
    start: int
    end: int
    low: float
    high: float
    quantum: float
    """Value of one unit in the last printed place: 3.2 万 -> 1000."""
    kind: str = ""
    """percent, points, score, times, time, money.usd, ordinal, …; empty for counts and plain numbers."""
    bound: Bound = ""
    noun: frozenset[str] = frozenset()
    """What is counted, as English lemmas that may stand for it; empty where unknown."""
    word: bool = False
    """Written as a word or Chinese numeral, not as digits."""
    in_name: bool = False
    """Part of a name (Qwen2.5-7B): may confirm a number, never asks for confirmation."""
    factor: float = 1.0
    """What the unit multiplied the printed number by: 3600 for hours."""
    absolute: bool = False
    """A percentage called absolute, that is, percentage points."""
    sign: Sign = ""
    """`low` and `high` are without it."""
    each: bool = False
    """Said of each of several things: 8 GPUs per node."""
    per: str = ""
    """Of a rate, the stretch of time below the line (second, day); empty where none is named."""
    mate: float | None = None
    """The other end, where the number is one end of a range (3–5)."""

    @property
    def exact(self) -> bool:
        """False for vague words."""
        return self.low == self.high

    @property
    def value(self) -> float:
        """The lower end; the value itself unless vague."""
        return self.low

    @property
    def grammatical(self) -> bool:
        """True for small counts in words (三个阶段), which often are a way of speaking."""
        return self.word and self.exact and self.low <= 10 and self.kind in ("", "ordinal")


def same(a: float, b: float) -> bool:
    """Equal but for floating point."""
    return abs(a - b) <= TOLERANCE * max(abs(a), abs(b), 1e-300)
