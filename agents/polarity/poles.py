"""Words that have an opposite: which pole a Chinese word names, and which English speaks for it or against it."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

from core.words import stem

Side = Literal[0, 1]
Good = Literal["more", "less", ""]
"""Which way a quantity is better; empty where nobody can say."""
_HERE = Path(__file__).parent


class Pattern(NamedTuple):
    """English of one pole."""

    strict: re.Pattern[str]
    """Names this pole and nothing else."""
    loose: re.Pattern[str]
    """May be meant by it."""


class Pair(NamedTuple):
    """Two opposite poles."""

    name: str
    english: tuple[Pattern, Pattern]


class Pole(NamedTuple):
    """A Chinese word of a text that names one pole, of one pair or of several that do not exclude each other."""

    start: int
    end: int
    text: str
    meanings: tuple[tuple[str, Side], ...]
    """(name of the pair, side)."""


@dataclass(frozen=True, slots=True)
class _Data:
    pairs: dict[str, Pair]
    chinese: dict[str, tuple[tuple[str, Side], ...]]
    pattern: re.Pattern[str]
    good: dict[str, Good]


def _english(words: str) -> re.Pattern[str]:
    forms = (word.replace("~", r"\w*").replace("_", r"[\s-]") for word in words.split())
    return re.compile(rf"\b(?:{'|'.join(forms)})\b", re.I)


def _written(word: str) -> tuple[str, ...]:
    """A word and its longer forms: 更高, 更加高, 更为高."""
    more = {"更": ("更加", "更为"), "越": ("越来越", "愈", "愈发")}.get(word[0], ()) if len(word) > 1 else ()
    return word, *(form + word[1:] for form in more)


@cache
def _data() -> _Data:
    pairs: dict[str, Pair] = {}
    chinese: dict[str, list[tuple[str, Side]]] = {}
    for entry in tomllib.loads((_HERE / "pairs.toml").read_text("utf-8"))["pair"]:
        poles = [Pattern(_english(en), _english(also)) for en, also in zip(entry["en"], entry["also"], strict=True)]
        pairs[entry["name"]] = Pair(entry["name"], (poles[0], poles[1]))
        for side, words in zip((0, 1), entry["zh"], strict=True):
            for word in chain.from_iterable(map(_written, words.split())):
                chinese.setdefault(word, []).append((entry["name"], 0 if side == 0 else 1))
    longest_first = sorted(chinese, key=lambda word: (-len(word), word))
    quantities = tomllib.loads((_HERE / "quantities.toml").read_text("utf-8"))
    good: dict[str, Good] = {stem(word): "more" for word in quantities["more"].split()}
    good |= {stem(word): "less" for word in quantities["less"].split()}
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return _Data(pairs, {word: tuple(found) for word, found in chinese.items()}, pattern, good)


def poles(text: str) -> list[Pole]:
    """The poles a Chinese text names, in order, longest first."""
    data = _data()
    return [Pole(m.start(), m.end(), m.group(), data.chinese[m.group()]) for m in data.pattern.finditer(text)]


def pole_words() -> frozenset[str]:
    """All Chinese words that name a pole."""
    return frozenset(_data().chinese)


def good(stems: frozenset[str]) -> Good:
    """Which way a quantity is better, by the stems of its English words; empty where they do not agree."""
    ways = {_data().good.get(word, "") for word in stems} - {""}
    return ways.pop() if len(ways) == 1 else ""


class Reading(NamedTuple):
    """How English words are to be read against one Chinese pole said of one quantity."""

    own: tuple[re.Pattern[str], ...]
    opposite: tuple[re.Pattern[str], ...]
    near: tuple[re.Pattern[str], ...]
    """May mean the same as the Chinese pole."""


@cache
def reading(meanings: tuple[tuple[str, Side], ...], way: Good) -> Reading:
    """What speaks for, against and perhaps for a pole. `way`: which way its quantity is better."""
    sides = dict(meanings)
    if way:
        for one, other in (("amount", "quality"), ("quality", "amount")):
            if one in sides and other not in sides:
                sides[other] = sides[one] if way == "more" else _other(sides[one])
        if way == "less" and dict(meanings).keys() >= {"amount", "quality"}:
            sides = {"amount": sides["amount"], "quality": _other(sides["amount"])}
    pairs = _data().pairs
    return Reading(
        tuple(pairs[name].english[side].strict for name, side in sides.items()),
        tuple(pairs[name].english[_other(side)].strict for name, side in sides.items()),
        tuple(pairs[name].english[side].loose for name, side in sides.items()),
    )


def _other(side: Side) -> Side:
    return 1 if side == 0 else 0
