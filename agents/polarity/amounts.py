"""Changes by a number (提高了 18%): does the English print the number with the opposite change?"""

import re
from collections.abc import Sequence

from agents.evidence.units import units
from agents.polarity.chinese import CHANGES
from agents.polarity.english import English
from agents.polarity.poles import Pole, Side, poles, reading
from agents.polarity.states import Reversal
from agents.quantities import parse
from agents.quantities.model import Quantity
from agents.quantities.relate import equal, fit

_BY = re.compile(r"\s*(?:了|约|近|将近|大约|超过|超|达|多达|高达|最多|至多|幅度为?|\s)*")
_TO = re.compile(r"[到至为]$")
_VERSUS = re.compile(r"比|相比|相较|较|低于|高于|差|相差")
_REACH = 4.0
_CLEAR = 8.0


def by_number(claim: str, sentences: Sequence[English]) -> list[Reversal]:
    """Changes of the claim whose number stands in the English with the opposite change, and nowhere with the same."""
    if _VERSUS.search(claim):
        return []
    quantities = units(claim).quantities
    changes = (
        [p for p in poles(claim) if {n for n, _ in p.meanings} & CHANGES and not _TO.search(p.text)]
        if quantities
        else []
    )
    found = []
    for pole in changes:
        end = _BY.match(claim, pole.end)
        amount = next((q for q in quantities if end and q.start == end.end() and not q.grammatical), None)
        if amount and (theirs := _opposite(pole, amount, sentences)):
            found.append(Reversal(theirs, pole.text, claim[pole.start : amount.end]))
    return found


def _opposite(pole: Pole, amount: Quantity, sentences: Sequence[English]) -> str:
    """The English word; empty where the number is not there, or stands with the same change."""
    sides: tuple[tuple[str, Side], ...] = pole.meanings
    read = reading(sides, "")
    words = ""
    for sentence in sentences:
        for theirs in parse(sentence.text):
            if fit(amount, theirs) != "yes" or not equal(amount, theirs):
                continue
            same, other, word = _nearest(sentence, theirs, read.own + read.near, read.opposite)
            if same <= _CLEAR:
                return ""
            words = words or (word if other <= _REACH else "")
    return words


def _nearest(
    sentence: English, quantity: Quantity, same: Sequence[re.Pattern[str]], other: Sequence[re.Pattern[str]]
) -> tuple[float, float, str]:
    """Distances of the nearest same and opposite change, and the opposite word."""
    at = sentence.place(quantity.start)
    alike = min((abs(sentence.place(m.start()) - at) for p in same for m in p.finditer(sentence.text)), default=99.0)
    against = min(
        (
            (abs(sentence.place(m.start()) - at), m.group())
            for p in other
            for m in p.finditer(sentence.text)
            if not sentence.denied(m.start())
        ),
        default=(99.0, ""),
    )
    return alike, *against
