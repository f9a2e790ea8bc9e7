"""Have two changed places: does English say of them what the claim says of them the other way round?"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from agents.polarity.english import English, with_subject
from agents.polarity.roles import Ours, Theirs, comparing, ours, theirs
from agents.polarity.scope import Scope, same_case, scope, whole_of
from agents.polarity.spans import orientation


class Exchange(NamedTuple):
    """What the claim says, and what the English says."""

    where: str
    theirs: str
    axis: str


def exchanged(
    claim: str, texts: Sequence[English], near: Sequence[English], context: str, own: frozenset[str]
) -> list[Exchange]:
    """Comparisons of the claim that some sentence says the other way round and none says the same way.

    `texts`: what the claim stands on; `near`: other sentences; `context`: the passages around `texts`. Only sentences
    about the same case count against the claim; any that agrees speaks for it.
    """
    found: list[Exchange] = []
    for match in _SENTENCE_ZH.finditer(claim):
        mine = ours(match.group(), own)
        beside = whole_of(" ".join([context, *(s.text for s in texts)])) if mine else None
        held = [(with_subject(s, context), beside) for s in texts] + [(s, None) for s in near] if mine else []
        case = scope(match.group(), own, comparing())
        for one in mine:
            verdicts = [(v, t, s, b) for s, b in held for v, t in _verdicts(one, s, case)]
            against = [t for v, t, s, b in verdicts if v < 0 and same_case(case, s, t.stems, b)]
            alike = [s for v, t, s, b in verdicts if v > 0 and (b or same_case(case, s, t.stems, b))]
            if against and not alike:
                words = f"{against[0].a.text.strip()} {against[0].text} {against[0].b.text.strip()}"
                found.append(Exchange(one.text.strip(), words, next(iter(one.axes))))
    return found


_SENTENCE_ZH = re.compile(r"[^。；！？]+")
_TURN = re.compile(r"\b(?:but|while|whereas|although|though|however)\b|;")


def _verdicts(one: Ours, sentence: English, case: Scope) -> list[tuple[int, Theirs]]:
    """The comparisons of a sentence that are the claim's (1) or its opposite (-1).

    Where a sentence turns (lags in A but is better in B), the half that has more of the claim's words.
    """
    found = [(v, t) for t in theirs(sentence.text) if (v := _agreement(one, t, sentence))]
    if len({v for v, _ in found}) < 2:
        return found
    halves = [sum(bool(p.stems & _half(sentence.text, t)) for p in case.words) for _, t in found]
    return [pair for pair, n in zip(found, halves, strict=True) if n == max(halves)]


def _half(text: str, comparison: Theirs) -> frozenset[str]:
    """Stems of the part of a sentence between its turns in which the comparison stands."""
    at = max(text.find(comparison.text), 0)
    start = max((m.end() for m in _TURN.finditer(text, 0, at)), default=0)
    end = _TURN.search(text, at)
    return whole_of(text[start : end.start() if end else len(text)]).stems


def _agreement(one: Ours, other: Theirs, sentence: English) -> int:
    """1: the same, -1: the opposite, 0: not to be compared."""
    shared = {one.axes[axis] * other.axes[axis] for axis in one.axes if axis in other.axes}
    if len(shared) != 1:
        return 0
    whole = whole_of(sentence.text)
    if not all(any(whole.has(part) for part in side) for side in (one.a, one.b)):
        return 0
    return shared.pop() * orientation(one.a, one.b, other.a, other.b)
