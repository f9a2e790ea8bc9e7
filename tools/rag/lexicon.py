"""English words for a Chinese question, without a model: so that BM25 finds English papers in Chinese. Pure data."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path


class Lexicon:
    """Chinese words and phrases with the English an English paper prints for them."""

    def __init__(self, more: Mapping[str, Iterable[str]] | None = None) -> None:
        """The words of lexicon.toml and `more` of them (a glossary's); both count where both have one."""
        table = tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text("utf-8"))["words"]
        self._english: dict[str, list[str]] = {chinese: english.split() for chinese, english in table.items()}
        for chinese, words in (more or {}).items():
            self._english.setdefault(chinese, []).extend(words)
        longest_first = sorted(self._english, key=lambda chinese: (-len(chinese), chinese))
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    def words(self, question: str) -> list[str]:
        """The English words for what the question says, each once; the longest Chinese word wins where several fit."""
        found = self._pattern.findall(question)
        return list(dict.fromkeys(word for chinese in found for word in self._english[chinese]))
