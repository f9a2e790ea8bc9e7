"""Which English words a Chinese word stands for in papers: for search and for comparing a claim with a sentence."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
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


class Lexicon:
    """Chinese words and phrases with the English an English paper prints for them."""

    def __init__(self, more: Mapping[str, Iterable[str]] | None = None) -> None:
        """The words of lexicon.toml and `more` of them (a glossary's); both count where both have one."""
        table = tomllib.loads(_SHIPPED.read_text("utf-8"))["words"]
        self._english: dict[str, list[str]] = {chinese: english.split() for chinese, english in table.items()}
        for chinese, words in (more or {}).items():
            self._english.setdefault(chinese, []).extend(words)
        self._stems: dict[str, frozenset[str]] = {}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        by_first: defaultdict[str, list[str]] = defaultdict(list)
        for chinese in sorted(self._english, key=lambda chinese: (-len(chinese), chinese)):
            by_first[chinese[0]].append(re.escape(chinese[1:]))
        # words with one beginning together: a tenth of the alternatives to try at each character
        return re.compile("|".join(f"{re.escape(c)}(?:{'|'.join(rest)})" for c, rest in by_first.items()) or "(?!)")

    def words(self, question: str) -> list[str]:
        """The English words for what the question says, each once; the longest Chinese word wins where several fit."""
        found = self._pattern.findall(question)
        return list(dict.fromkeys(word for chinese in found for word in self._english[chinese]))

    def cut(self, text: str) -> list[Word]:
        """The known Chinese words of a text, in order, longest first."""
        return [Word(m.start(), m.end(), m.group(), self._stemmed(m.group())) for m in self._pattern.finditer(text)]

    def _stemmed(self, chinese: str) -> frozenset[str]:
        if chinese not in self._stems:
            self._stems[chinese] = frozenset(stems(" ".join(self._english[chinese])))
        return self._stems[chinese]
