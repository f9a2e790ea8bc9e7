"""The words of words.toml: predicates and opposites."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from agents.terms import load
from core.lexicon import Lexicon
from core.words import stems

_FILE = Path(__file__).with_name("words.toml")


@dataclass(frozen=True, slots=True)
class Scale:
    """Two ends, in Chinese and in English words as printed."""

    affirmed: tuple[str, ...]
    denied: tuple[str, ...]
    english: frozenset[str]
    opposite: frozenset[str]


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon and glossary with the predicates."""
    words = dict(load().chinese_words())
    for chinese, english in _tables()["predicates"].items():
        words[chinese] = (*words.get(chinese, ()), *english.split())
    return Lexicon(words)


@cache
def scales() -> tuple[Scale, ...]:
    """All opposites."""
    return tuple(
        Scale(
            tuple(row["affirmed"].split()),
            tuple(row["denied"].split()),
            frozenset(row["english"].split()),
            frozenset(row["opposite"].split()),
        )
        for row in _tables()["opposites"]
    )


@cache
def stem_of(word: str) -> str:
    """The stem by which a word is compared."""
    return next(iter(stems(word)), "")
