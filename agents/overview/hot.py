"""Which words the day has, and whether it has them more or less often than the days before. Pure.

Days list a different number of papers, and a word is in few of them; so the comparison is a test. If a word were as
common today as before, each of the papers that have it, today's and earlier ones together, would be one of today's with
the chance `listed today / listed on all days`. `up`: so many of them today, or more, would be that in at most one of 20
such cases; `down`: so few, or fewer; `new`: up, and on no day before; else `same`. Two papers are never `up` against a
single day before.
"""

from collections.abc import Mapping, Sequence
from math import comb
from typing import Literal

from agents.overview.words import Keys, like_name, papers_of, specific
from core.overview import Hot, Word

Change = Literal["new", "up", "down", "same", "unknown"]

_CHANCE = 0.05
_LEAST = 2
"""Papers; what one paper speaks of is no field of the day."""
_MOST = 12
_CLOUD = 48
"""Words of the cloud."""


def hot(today: Mapping[str, Keys], before: Sequence[Mapping[str, Keys]], names: Mapping[str, str]) -> tuple[Hot, ...]:
    """The day's words: those that gained first, then those of most papers. `today`: version -> its words; `before`: the
    same for each earlier day that has an issue."""
    earlier = [papers_of(day) for day in before]
    listed = sum(map(len, before))
    found = []
    for key, papers in specific(papers_of(today)).items():
        if len(papers) >= _LEAST:
            had = sum(len(day.get(key, ())) for day in earlier)
            usual = had / len(before) if before else None
            how = change(len(papers), len(today), had, listed)
            found.append(Hot(key=key, name=names[key], papers=papers, usual=usual, change=how))
    found.sort(key=lambda h: (h.change not in ("new", "up"), -len(h.papers), h.usual or 0.0, h.name.isascii(), h.key))
    return tuple(found[:_MOST])


def change(papers: int, listed: int, had: int, before: int) -> Change:
    """How `papers` of `listed` today compare with `had` of `before` on all earlier days together."""
    if not before or not listed:
        return "unknown"
    share, total = listed / (listed + before), papers + had
    chances = [comb(total, n) * share**n * (1 - share) ** (total - n) for n in range(total + 1)]
    if sum(chances[papers:]) <= _CHANCE:
        return "up" if had else "new"
    return "down" if sum(chances[: papers + 1]) <= _CHANCE else "same"


def cloud(spoken: Mapping[str, Keys], names: Mapping[str, str]) -> tuple[Word, ...]:
    """The words of all listed papers and how many have them. Of those that only one has, names of models and data and
    what has no Chinese word are left out."""
    counted = {
        key: len(papers)
        for key, papers in specific(papers_of(spoken)).items()
        if len(papers) > 1 or not (names[key].isascii() or like_name(names[key]))
    }
    often: dict[str, int] = {}
    for key, papers in counted.items():
        often[names[key]] = max(papers, often.get(names[key], 0))
    ranked = sorted(often, key=lambda name: (-often[name], name))[:_CLOUD]
    return tuple(Word(name=name, papers=often[name]) for name in ranked)
