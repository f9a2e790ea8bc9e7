"""Papers that belong together, found by average linkage over their vectors and the words they share. Pure.

The day's mean is taken off the vectors first: what all papers of a day have in common (they speak of models) says
nothing about which of them belong together. Papers are sorted by version before anything is computed, so the order in
which they come does not matter. A topic is named by the words that set it apart: share of its papers that have the
word minus the share of the others.
"""

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

import numpy as np

from agents.overview.words import Keys, like_name
from core.overview import Topic

OTHERS = "其他"
_SMALL, _LARGE = 2.5, 6.0
"""Papers a topic should have on average, at least and at most."""
_FEWEST, _MOST = 3, 8
"""Topics of a day of at least `_ENOUGH` papers."""
_ENOUGH = 6
_WORDS = 0.5
"""What sharing all words adds to a likeness of vectors that goes from -1 to 1. Without it papers are put together that
sound alike; with more, every paper on reinforcement learning is one topic."""
_NAMED = 0.25
"""How far a word must set a topic apart to name it: by a quarter of the papers."""
_KEYS = 5
"""Words kept for a topic."""
_LEFT_OUT = 0.3
"""Where the first word leaves out more of a topic's papers, a second stands beside it."""
_EVERYWHERE = 0.4
"""Share of all papers; a word that so many have cannot be that second one."""

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def topics(
    vectors: Mapping[str, np.ndarray], spoken: Mapping[str, Keys], names: Mapping[str, str]
) -> tuple[Topic, ...]:
    """All papers of `spoken` (version -> its words), each in one topic, the largest first; 其他 last."""
    versions = sorted(spoken)
    if not versions:
        return ()
    alike = likeness([vectors[v] for v in versions], [spoken[v] for v in versions])
    groups, rest = _settled(_cut(alike), alike)
    groups.sort(key=lambda group: (-len(group), group))
    named, rest = _named(groups, rest, versions, spoken, names)
    if rest:
        named.append((sorted(rest), _Name(OTHERS, ())))
    return tuple(
        Topic(id=f"t{n}", name=name.text, keys=name.keys, papers=tuple(versions[i] for i in _central(group, alike)))
        for n, (group, name) in enumerate(named, 1)
    )


def likeness(vectors: Sequence[np.ndarray], spoken: Sequence[Keys]) -> Array:
    """How alike papers are, each with each: cosine without the day's mean, and the rare words they share."""
    rows = np.stack([np.asarray(v, dtype=np.float64) for v in vectors])
    centred = _unit(rows - rows.mean(axis=0))
    often: dict[str, int] = {}
    for keys in spoken:
        for key in keys:
            often[key] = often.get(key, 0) + 1
    shared = sorted(key for key, n in often.items() if n > 1)
    has = np.array([[math.log(1 + len(spoken) / often[k]) * (k in keys) for k in shared] for keys in spoken])
    worded = _unit(has) if shared else np.zeros((len(spoken), 1))
    return np.asarray(np.round(centred @ centred.T + _WORDS * (worded @ worded.T), 9))


def _unit(rows: Array) -> Array:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths < 1e-9, 1.0, lengths))


def _levels(alike: Array) -> Iterator[list[list[int]]]:
    """From every paper alone to all together, the two groups most alike joined at each step; the first where several
    pairs are."""
    near = alike.copy()
    np.fill_diagonal(near, -np.inf)
    groups = {n: [n] for n in range(len(near))}
    yield [[n] for n in groups]
    while len(groups) > 1:
        i, j = sorted(int(n) for n in np.unravel_index(int(np.argmax(near)), near.shape))
        a, b = len(groups[i]), len(groups[j])
        near[i] = near[:, i] = (a * near[i] + b * near[j]) / (a + b)
        near[i, i] = -np.inf
        near[j] = near[:, j] = -np.inf
        groups[i] = sorted([*groups[i], *groups.pop(j)])
        yield [groups[n] for n in sorted(groups)]


def bounds(papers: int) -> tuple[int, int]:
    """How few and how many topics a day of so many papers may have."""
    if papers < _ENOUGH:
        return (1, max(1, papers // 2))
    few, many = (max(_FEWEST, min(_MOST, round(papers / each))) for each in (_LARGE, _SMALL))
    return few, many


def _cut(alike: Array) -> list[list[int]]:
    """The level at which papers are most like those of their topic and least like the others, of those with a fitting
    number of topics; where there is none, the one that comes nearest, with the fewest papers alone."""
    few, many = bounds(len(alike))

    def fits(groups: list[list[int]]) -> tuple[int, float, int]:
        several = sum(len(group) > 1 for group in groups)
        return max(0, few - several, several - many), -_apartness(groups, alike), len(groups) - several

    return min(_levels(alike), key=fits)


def _apartness(groups: Sequence[Sequence[int]], alike: Array) -> float:
    """Mean silhouette (Rousseeuw 1987), with likeness in place of distance; 0.0 for a paper alone."""
    if len(groups) < 2:
        return 0.0
    member = np.zeros((len(alike), len(groups)))
    for n, group in enumerate(groups):
        member[group, n] = 1.0
    sizes, own = member.sum(axis=0), member.argmax(axis=1)
    far = float(alike.max()) - alike
    sums, rows = far @ member, np.arange(len(alike))
    others = sums / sizes
    others[rows, own] = np.inf
    nearest = others.min(axis=1)
    inside = (sums[rows, own] - far[rows, rows]) / np.maximum(sizes[own] - 1, 1)
    apart = (nearest - inside) / np.maximum(np.maximum(nearest, inside), 1e-9)
    return round(float(np.where(sizes[own] > 1, apart, 0.0).mean()), 9)


def _settled(groups: list[list[int]], alike: Array) -> tuple[list[list[int]], list[int]]:
    """Papers alone go to the topic they are most like, where they are like one at all; the rest are others. One left
    over goes to the nearest."""
    kept = [group for group in groups if len(group) > 1]
    alone = [group[0] for group in groups if len(group) == 1]
    if not kept:
        return [sorted(alone)], []
    likes = {n: [float(alike[n, group].mean()) for group in kept] for n in alone}
    rest = [n for n in alone if max(likes[n]) <= 0]
    rest = rest if len(rest) > 1 else []
    joined = [list(group) for group in kept]
    for n in alone:
        if n not in rest:
            joined[likes[n].index(max(likes[n]))].append(n)
    return [sorted(group) for group in joined], rest


def _central(group: Sequence[int], alike: Array) -> list[int]:
    """The nearest to the middle first."""
    inside = alike[np.ix_(group, group)].mean(axis=1)
    return [group[n] for n in sorted(range(len(group)), key=lambda n: (-round(float(inside[n]), 6), n))]


class _Name(NamedTuple):
    text: str
    keys: tuple[str, ...]


def _named(
    groups: Sequence[list[int]], rest: list[int], versions: Sequence[str], spoken: Mapping[str, Keys],
    names: Mapping[str, str],
) -> tuple[list[tuple[list[int], _Name]], list[int]]:  # fmt: skip
    """Each group with its name, no two the same, and the papers left for 其他; the largest chooses its name first. A
    group of which no word can be said is none."""
    found, left, taken = list[tuple[list[int], _Name]](), list(rest), {OTHERS}
    for group in groups:
        name = _name({versions[n] for n in group}, spoken, names, taken)
        if name.text:
            found.append((group, name))
            taken.add(name.text)
        else:
            left += group
    return found, left


def _name(group: Set[str], spoken: Mapping[str, Keys], names: Mapping[str, str], taken: Set[str]) -> _Name:
    """The word that sets the group apart most; beside it, where it leaves papers out, the one that has most of them."""
    ranked = _apart(group, spoken, names)
    good = [k for k, apart in ranked if apart >= _NAMED] or [k for k, apart in ranked[:1] if apart > 0]
    special = [k for k in good if sum(k in keys for keys in spoken.values()) <= _EVERYWHERE * len(spoken)]
    choices = []
    for first in good:
        out = [v for v in sorted(group) if first not in spoken[v]]
        others = [k for k in special if k != first and len(out) > _LEFT_OUT * len(group)]
        second = max(others, key=lambda k: sum(k in spoken[v] for v in out), default=None)
        if second is not None and sum(second in spoken[v] for v in out) > 1:
            choices.append(f"{names[first]}、{names[second]}")
        choices.append(names[first])
    choices += [f"{names[a]}、{names[b]}" for a in good for b in special if a != b]
    return _Name(next((c for c in choices if c not in taken), ""), tuple(k for k, _ in ranked[:_KEYS]))


def _apart(group: Set[str], spoken: Mapping[str, Keys], names: Mapping[str, str]) -> list[tuple[str, float]]:
    """(key, how far it sets the group apart), best first: words of several of its papers, in Chinese before others."""
    outside = [v for v in spoken if v not in group]
    scored = []
    for k in {k for v in group for k in spoken[v]}:
        own = sum(k in spoken[v] for v in group)
        apart = own / len(group) - (sum(k in spoken[v] for v in outside) / len(outside) if outside else 0.0)
        if own >= min(2, len(group)) and not (names[k].isascii() and like_name(names[k])):
            scored.append((k, round(apart, 6)))
    return sorted(scored, key=lambda pair: (-pair[1], names[pair[0]].isascii(), pair[0]))
