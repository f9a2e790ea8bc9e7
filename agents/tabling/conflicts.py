"""Where two papers report the same system on the same benchmark: the same number, or another. Pure."""

import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from agents.evidence.names import flat
from agents.tabling.benchmarks import Result, conditions, in_words
from agents.tabling.rebuilding import Ids
from core.report import Sentence

_DIFFERENT, _EQUAL = 6, 3
"""So many sentences at most."""
_FINE = 0.1
"""Of a number its last printed place may be worth, for rounding to say anything."""
_MAKER = re.compile(r"^(?:openai|google|meta|anthropic|alibaba|mistralai)(?=[a-z0-9]{3})")
_SHORT = re.compile(r"\binst\b\.?", re.I)
_PART = re.compile(r"[（·]")
"""In names that were put together of several cells."""


class _Pair(NamedTuple):
    a: Result
    b: Result
    equal: bool


def found(
    results: Mapping[str, Sequence[Result]], names: Mapping[str, str], ids: Ids
) -> tuple[list[Sentence], list[Sentence]]:
    """(contradictions, agreements) as sentences with both cells as evidence."""
    pairs = [p for a, b in combinations(results.values(), 2) for p in _pairs(a, b)]
    different = _spread([p for p in pairs if not p.equal])[:_DIFFERENT]
    equal = _spread([p for p in pairs if p.equal])[:_EQUAL]
    return (
        [ids.sentence(_contradicts(p, names), [p.a.quote, p.b.quote]) for p in different],
        [ids.sentence(_agrees(p, names), [p.a.quote, p.b.quote]) for p in equal],
    )


def _pairs(ours: Sequence[Result], theirs: Sequence[Result]) -> list[_Pair]:
    """One for each system and benchmark of both papers: the two results whose settings are most alike."""
    a, b = _by_name(ours), _by_name(theirs)
    return [pair for name in a if name in b and (pair := _closest(a[name], b[name])) is not None]


def _by_name(results: Sequence[Result]) -> dict[tuple[str, str], list[Result]]:
    found: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        system = _MAKER.sub("", flat(_SHORT.sub("Instruct", result.system.name)))
        # "Baseline" is another thing in every paper; a name with a version is not
        if any(c.isdigit() for c in system) and not _PART.search(result.system.name):
            found.setdefault((system, result.benchmark), []).append(result)
    return found


def _closest(ours: Sequence[Result], theirs: Sequence[Result]) -> _Pair | None:
    pairs = [_Pair(a, b, equal) for a in ours for b in theirs if (equal := _equal(a, b)) is not None]
    return max(pairs, key=lambda p: (conditions(p.a) == conditions(p.b), p.equal), default=None)


def _equal(a: Result, b: Result) -> bool | None:
    """The same number, by value or by rounding; a share and a percentage are the same. None: one of them is printed
    too coarsely to tell."""
    unsure = False
    for scale in (1.0, 100.0, 0.01):
        apart = abs(a.number - b.number * scale)
        coarse = max(_place(a.text), _place(b.text) * scale)
        if apart <= coarse / 2 + 1e-9:
            if apart <= 1e-9 or coarse <= _FINE * max(abs(a.number), abs(b.number * scale)):
                return True
            unsure = True
    return None if unsure else False


def _place(text: str) -> float:
    """Value of the last printed digit."""
    match = re.search(r"\d+(?:\.(\d+))?", text)
    return 10.0 ** -len(match[1]) if match and match[1] else 1.0


def _spread(pairs: Sequence[_Pair]) -> list[_Pair]:
    """One of each system first, then the others."""
    first = {flat(pair.a.system.name): pair for pair in reversed(pairs)}
    return sorted(pairs, key=lambda pair: first[flat(pair.a.system.name)] is not pair)


def _contradicts(pair: _Pair, names: Mapping[str, str]) -> str:
    a, b = pair.a, pair.b
    said = _said(pair, names)
    stated, theirs = conditions(a), conditions(b)
    if stated == theirs:
        why = f"两处设置都写作 {in_words(a)}，数字却不同" if stated else "两处都没有写明设置"
    else:
        why = f"设置{'不同' if stated and theirs else '可能不同'}：{in_words(a)} / {in_words(b)}"
    return f"{said}（{why}）。"


def _agrees(pair: _Pair, names: Mapping[str, str]) -> str:
    a, b = pair.a, pair.b
    apart = "" if conditions(a) == conditions(b) else f"（所写设置：{in_words(a)} / {in_words(b)}）"
    return f"{_said(pair, names)}，两者一致{apart}。"


def _said(pair: _Pair, names: Mapping[str, str]) -> str:
    a, b = pair.a, pair.b
    return (
        f"{a.system.name} 在 {a.shown} 上，{_paper(names[a.paper])}报告 {a.text}，{_paper(names[b.paper])}报告 {b.text}"
    )


def _paper(name: str) -> str:
    return name if name.endswith("》") else f"{name} 一文"
