"""Which English words a Chinese word stands for in papers: for search and for comparing a claim with a sentence."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from core.words import stems

_SHIPPED = Path(__file__).with_name("lexicon.toml")


class Word(NamedTuple):
    """A Chinese word of a text and the stems of its English ones."""

    start: int
    end: int
    text: str
    stems: frozenset[str]


@cache
def _shipped() -> dict[str, tuple[str, ...]]:
    """The words of lexicon.toml."""
    table = tomllib.loads(_SHIPPED.read_text("utf-8"))["words"]
    return {chinese: tuple(english.split()) for chinese, english in table.items()}


class Lexicon:
    """Chinese words and phrases with the English an English paper prints for them."""

    def __init__(self, more: Mapping[str, Iterable[str]] | None = None) -> None:
        """The words of lexicon.toml and `more` of them (a glossary's); both count where both have one."""
        self._english = dict(_shipped())
        for chinese, words in (more or {}).items():
            self._english[chinese] = (*self._english.get(chinese, ()), *words)
        self._stems: dict[str, frozenset[str]] = {}

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        """How long the words are that begin with a character, longest first. (A pattern of all the words takes longer
        to compile than a hundred claims take to cut.)"""
        lengths = defaultdict(set)
        for chinese in self._english:
            lengths[chinese[0]].add(len(chinese))
        return {first: sorted(known, reverse=True) for first, known in lengths.items()}

    def _found(self, text: str) -> Iterator[tuple[int, str]]:
        """(where it begins, word) for the known words of a text, in order; the longest wins where several fit."""
        at = 0
        while at < len(text):
            fitting = (text[at : at + length] for length in self._lengths.get(text[at], ()))
            word = next((part for part in fitting if part in self._english), "")
            if word:
                yield at, word
            at += len(word) or 1

    def words(self, question: str) -> list[str]:
        """The English words for what the question says, each once; the longest Chinese word wins where several fit."""
        return list(dict.fromkeys(word for _, chinese in self._found(question) for word in self._english[chinese]))

    def cut(self, text: str) -> list[Word]:
        """The known Chinese words of a text, in order, longest first."""
        return [Word(at, at + len(word), word, self._stemmed(word)) for at, word in self._found(text)]

    def _stemmed(self, chinese: str) -> frozenset[str]:
        if chinese not in self._stems:
            self._stems[chinese] = frozenset(stems(" ".join(self._english[chinese])))
        return self._stems[chinese]
