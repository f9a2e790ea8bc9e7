"""How two quantities stand to each other: same unit, same value, same bound."""

import math
from collections.abc import Iterator
from typing import Literal

from agents.quantities.model import Bound, Quantity, same
from agents.quantities.nouns import EXCLUSIVE

Fit = Literal["yes", "unstated", "no"]
"""Do the units agree? `unstated`: the evidence prints a bare number."""

_ALIKE = frozenset(
    frozenset(pair.split(","))
    for pair in (
        "times?,times times?, score,points score, percent,fraction times,magnitude date.year, date.month, date.day, "
        "fraction,times age, age,months"
    ).split()
)
"""Pairs of kinds that may stand for each other; nothing behind the comma is a count or plain number."""
_MODEL_SIZE = 1e6
"""From here on a counted `model` is a model of that many parameters (a 671B model)."""
_ROUND = 0.03
"""How far beyond a round number (不到 700) the printed one may lie, as a share of it."""
_CAP = 0.15
"""Rounding may not move a value by more than this share, however coarse the printed place (约 1 万)."""


def fit(claim: Quantity, evidence: Quantity) -> Fit:
    """Whether the two measure the same kind of thing."""
    a, b = claim.kind, evidence.kind
    if a == b or frozenset((a, b)) in _ALIKE or evidence.in_name:
        return "yes"
    if {a, b} == {"percent", "points"}:
        return "yes" if claim.absolute or evidence.absolute else "no"
    if a == "" and not claim.noun and b != "ordinal":
        return "yes"
    if a == "ordinal" and b == "" and not evidence.word:
        return "yes"  # 第 3 层 is layer 3
    if {a, b} == {"fps", ""} and "frame" in claim.noun | evidence.noun:
        return "yes"
    if a != "ordinal" and b == "" and not evidence.noun and not evidence.word:
        return "unstated"
    return "no"


def values(claim: Quantity, evidence: Quantity) -> Iterator[tuple[float, float]]:
    """The evidence's interval on the claim's scale; two where two readings are possible."""
    low, high = evidence.low, evidence.high
    kinds = (claim.kind, evidence.kind)
    if kinds == ("percent", "fraction"):
        yield low * 100, high * 100
    elif kinds == ("fraction", "percent"):
        yield low / 100, high / 100
    elif kinds == ("times", "magnitude"):
        yield 10**low, 10**high
    elif kinds == ("magnitude", "times") and low > 0:
        yield math.log10(low), math.log10(high)
    elif kinds == ("percent", "") and 0 < low < 1 and not evidence.noun:
        yield low * 100, high * 100
        yield low, high
    elif kinds == ("age", "months"):
        yield low / 12, high / 12
    elif evidence.kind == "" and claim.kind:
        yield low * claim.factor, high * claim.factor
    elif claim.kind == "" and evidence.kind:
        yield low / evidence.factor, high / evidence.factor
    else:
        yield low, high


def place(quantity: Quantity) -> float:
    """Value of one unit in the last meaningful place: trailing zeros of whole numbers count as unknown."""
    quantum = quantity.quantum or 0.0
    if quantity.quantum >= 1:
        while quantum * 10 <= quantity.low / 10 and same(
            round(quantity.low / (quantum * 10)) * quantum * 10, quantity.low
        ):
            quantum *= 10
    return quantum


def equal(claim: Quantity, evidence: Quantity) -> bool:
    """Same value, within the rounding that the claim's wording allows."""
    # of two shares in words (a quarter, one in five) neither is the other's rounding
    worded = claim.word and not evidence.word and claim.kind in ("fraction", "percent") and evidence.exact
    if worded and any(_near_share(claim, low - claim.low) for low, _ in values(claim, evidence)):
        return True
    return any(_equal(claim, low, high, evidence.bound) for low, high in values(claim, evidence))


def _equal(claim: Quantity, low: float, high: float, evidence_bound: Bound) -> bool:
    if claim.exact and low != high:
        # the paper says millions: no exact number follows from that
        return False
    if not claim.exact:
        return claim.low <= high * (1 + 1e-9) and low <= claim.high * (1 + 1e-9)
    if same(claim.low, low):
        return True
    difference = low - claim.low
    step = place(claim)
    if claim.kind == "fraction" or (claim.kind == "percent" and claim.word):
        return abs(difference) <= 0.02 * claim.low and bool(claim.bound)
    if claim.bound in (">", "<") and evidence_bound == claim.bound and abs(difference) > _CAP * claim.low:
        return False  # p < 0.01 is not what p < 0.001 says
    if claim.bound in ("~", "near"):
        return abs(difference) <= min(step / 2, _CAP * claim.low) * (1 + 1e-9)
    if claim.bound in (">", "<"):
        if step >= claim.low / 100:
            step = max(step, _ROUND * claim.low)
        return 0 < (difference if claim.bound == ">" else -difference) <= step
    # 66.7% for two-thirds: a fraction has no printed form to keep to
    return 0 < abs(difference) <= claim.quantum / 2 and claim.kind == "percent" and _is_fraction(low)


def _near_share(claim: Quantity, difference: float) -> bool:
    """Is the value near enough to a share in words (约一半, 超过三分之一, 近七成)? `difference`: of it to the share."""
    step = 5.0 if claim.kind == "percent" else 0.1 * claim.low
    if claim.bound == "~":
        return abs(difference) <= step
    if claim.bound == ">":
        return 0 < difference <= 2 * step
    if claim.bound in ("<", "near"):
        return 0 < -difference <= 2 * step
    return False


def _is_fraction(value: float) -> bool:
    return (
        any(same(value / 100 * n, round(value / 100 * n)) for n in (3, 6, 7, 9, 11)) and not float(value).is_integer()
    )


def rounded(claim: Quantity, evidence: Quantity) -> bool:
    """The claim is the evidence cut to fewer places without saying so."""
    return (
        evidence.exact
        and not evidence.in_name
        and 0 < evidence.quantum < claim.quantum
        and 0 < abs(claim.low - evidence.low) <= min(claim.quantum / 2, _CAP * claim.low)
    )


def shifted(claim: Quantity, evidence: Quantity) -> bool:
    """Same digits, another power of ten: 14B against 14 亿."""
    if not (claim.exact and evidence.exact and claim.low > 0 and evidence.low > 0) or claim.grammatical:
        return False
    if (claim.kind == "fraction") != (evidence.kind == "fraction"):
        return False  # a quarter is no 2.5 with its point moved
    if {claim.text[-1:], evidence.text[-1:]} in ({"K", "B"}, {"k", "B"}) and not claim.noun & evidence.noun:
        return False  # a length of 32K is no model of 32B
    power = math.log10(claim.low / evidence.low)
    if not 1 <= abs(round(power)) <= 12 or not math.isclose(power, round(power), abs_tol=1e-9):
        return False
    digits = len(f"{evidence.low:.6e}".split("e")[0].rstrip("0").replace(".", ""))
    suffixed = max(claim.quantum, evidence.quantum) >= 100 or min(claim.quantum, evidence.quantum) < 0.01
    return digits >= 2 or suffixed


def nouns_clash(claim: Quantity, evidence: Quantity) -> bool:
    """Both name what is counted and it is not the same."""
    theirs = evidence.noun
    if evidence.low >= _MODEL_SIZE and theirs & {"model", "llm"}:
        theirs = theirs | {"parameter"}
    ours = claim.noun
    if claim.low >= _MODEL_SIZE and ours & {"model", "llm"}:
        ours = ours | {"parameter"}
    return bool(ours and theirs and not ours & theirs)


def exclusive(claim: Quantity, evidence: Quantity) -> bool:
    """Two things that cannot be meant by each other's names."""
    return bool(claim.noun & EXCLUSIVE and evidence.noun & EXCLUSIVE)


def bounds_clash(claim: Quantity, evidence: Quantity) -> Literal["", "error", "warning"]:
    """How far the limits of two equal values (超过 90%, nearly 90%) contradict each other."""
    a, b = claim.bound, evidence.bound
    if a == b or not claim.exact or not evidence.exact:
        return ""
    low, high = {"<", "near", "most"}, {">"}
    # up to 90% and over 90% may be said of one thing; the other way round the claim invents
    if (a in low and b in high) or (a in high and b in low | {"max"}):
        return "error"
    if b in ("max", "most") and a == "" and claim.kind not in ("", "ordinal"):
        return "warning"
    if a in (">", "<") and b in ("", "~"):
        beyond = any(v > claim.low if a == ">" else v < claim.low for v, _ in values(claim, evidence))
        return "" if beyond and not same(claim.low, evidence.low) else "warning"
    return ""


def alike(claim: Quantity, evidence: Quantity) -> float:
    """How likely the evidence's number is the one the claim got wrong, 0 to 1."""
    ours = [c for c in claim.text if c.isdigit()]
    theirs = [c for c in evidence.text if c.isdigit()]
    if not ours or not theirs:
        return 0.5 if claim.noun & evidence.noun else 0.0
    if sorted(ours) == sorted(theirs):
        return 1.0
    shared = sum(a == b for a, b in zip(ours, theirs, strict=False)) / max(len(ours), len(theirs))
    return max(shared, 0.6 if claim.noun & evidence.noun else 0.0)
