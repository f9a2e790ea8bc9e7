"""Parts of a claim and of an English sentence, and whether one names what the other names."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from agents.evidence.units import units
from agents.polarity.english import English
from agents.polarity.poles import good
from core.words import stem

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_.@/&'’+*][A-Za-z0-9]+)*|\d+(?:\.\d+)?[A-Za-z]\w*", re.ASCII)
_WE = re.compile(r"\b(?:we|our|ours|proposed)\b", re.I)
_IT = re.compile(r"\b(?:it|its|they|their|this|these|that|those)\b", re.I)
_WORD = re.compile(r"[A-Za-z]+|\d+", re.ASCII)
_DEGREES = frozenset("显著 明显 远远 大幅 略微 稍微 整体 总体 反而 普遍 始终 仍然 依然 发现 观察 作者 结果".split())
"""Words that name neither of two that are compared."""
_THINGS = frozenset(map(stem, "model method system train learn algorithm network module function".split()))
"""What has one of these is no quantity: a reward model."""


class Part(NamedTuple):
    """A word or name of a claim."""

    text: str
    stems: frozenset[str]
    flat: str
    """A name, without case, spaces and hyphens; empty for Chinese words."""
    is_own: bool = False
    """The paper's own, which it may call "we"."""


def flat(text: str) -> str:
    """Letters and digits only, lower case."""
    return "".join(_WORD.findall(text)).lower()


def parts(claim: str, start: int, end: int, own: frozenset[str], measured: bool = False) -> tuple[Part, ...]:
    """Words and names of a stretch of the claim that say who or what.

    `own`: flat names of the paper's own system. `measured`: also the quantities that are measured (损失).
    """
    found = [
        Part(p.text, p.stems, "")
        for p in units(claim).pieces
        if not p.is_name
        and start <= p.start
        and p.start + len(p.text) <= end
        and p.text not in _DEGREES
        and (measured or not good(p.stems) or p.stems & _THINGS)
    ]
    for match in _NAME.finditer(claim, start, end):
        name = flat(match.group())
        if len(name) > 1:
            found.append(Part(match.group(), frozenset(), name, name in own))
    return tuple(found)


class Slice(NamedTuple):
    """A stretch of an English sentence."""

    text: str
    stems: frozenset[str]
    runs: frozenset[str]
    """All runs of up to six of its words, joined."""

    def has(self, part: Part) -> bool:
        """Does it name it?"""
        if not part.flat:
            return bool(part.stems & self.stems)
        named = not self.runs.isdisjoint((part.flat, part.flat + "s"))
        return named or (part.is_own and _WE.search(self.text) is not None)


def cut(sentence: English, start: int, end: int) -> Slice:
    """A stretch of a sentence, by characters."""
    text = sentence.text[start:end]
    words = [w.lower() for w in _WORD.findall(text)]
    runs = {"".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, min(i + 7, len(words) + 1))}
    return Slice(text, frozenset(t.stem for t in sentence.tokens if start <= t.start < end), frozenset(runs))


def orientation(a: Sequence[Part], b: Sequence[Part], first: Slice, second: Slice) -> int:
    """1: A stands in the first slice and B in the second; -1: the other way round; 0: not to be told."""
    ours_a = [p for p in _apart(a, b) if not (first.has(p) and second.has(p))]
    ours_b = [p for p in _apart(b, a) if not (first.has(p) and second.has(p))]
    straight = sum(first.has(p) for p in ours_a), sum(second.has(p) for p in ours_b)
    crossed = sum(second.has(p) for p in ours_a), sum(first.has(p) for p in ours_b)
    if any(straight) == any(crossed) and all(straight) == all(crossed):
        return 0
    whole = all(straight) or all(crossed)
    way, found = (1, straight) if (all(straight) if whole else any(straight)) else (-1, crossed)
    sizes = len(ours_a), len(ours_b)
    slices = (first, second) if way > 0 else (second, first)
    for side, n, there in zip((ours_a, ours_b), found, slices, strict=True):
        if not n and any(p.flat for p in side) and not _IT.search(there.text):
            return 0  # another one is named there
    sure = all(found) or any(2 * f > n for f, n in zip(found, sizes, strict=True) if f)
    return way if sure else 0


def _apart(these: Sequence[Part], others: Sequence[Part]) -> list[Part]:
    """Without the stems that the other side has too: positive and negative of positive samples and negative samples."""
    shared = {stem for p in others for stem in p.stems}
    own = [p for p in these if p not in others]
    return [p if p.flat or not p.stems - shared else p._replace(stems=p.stems - shared) for p in own]
