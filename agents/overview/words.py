"""What a paper is about, in words that can be counted: the source's keywords and the terms of title and abstract. Pure.

A word is named by its key: NFKC, lower case, singular, hyphens as blanks, abbreviations and spellings of one thing
under one key. Counts are of papers: a word that stands ten times in an abstract is one paper's.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from agents import terms
from agents.terms import Entry, Glossary
from core.models import Paper

Keys = Mapping[str, str]
"""Key -> the word as the paper prints it; in the order in which it is met."""

_FOLDER = Path(__file__).parent
_LONGEST, _MOST_WORDS = 60, 6
"""Characters and words of a keyword; more is a sentence."""
_BREAKS = re.compile(r"[^\w\s.+&'’‐‑–—-]+|[.](?=\s|$)|[—]")
"""What no term goes over."""
_TOKEN = re.compile(r"[^\W_]+(?:[.+&'’][^\W_]+)*\+*")
_ASIDE = re.compile(r"\s*[(\[（][^()\[\]（）]*[)\]）]")
_SHORTEST = 3
"""Letters of an abbreviation that is known in running text; DP and PP are too many things."""
_CAPITALS = 4
"""Letters of a word in capitals that is no word."""
_NAME = re.compile(r"[A-Z].*[A-Z]|[a-z][A-Z]|\d")
"""Printed like a name of a model or dataset (DeepSeek-R1, OCR), not like a word."""


@cache
def _table() -> Mapping[str, object]:
    return tomllib.loads((_FOLDER / "words.toml").read_text("utf-8"))


def _set(name: str, by: str | None = None) -> frozenset[str]:
    return frozenset(" ".join(word.split()) for word in str(_table()[name]).split(by) if word.strip())


@cache
def _stop() -> frozenset[str]:
    return _set("stop", ";")


@cache
def _bare() -> frozenset[str]:
    return _set("bare")


@cache
def _singular() -> frozenset[str]:
    return _set("singular")


def line(text: str) -> str:
    """One line without control and formatting characters."""
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).split())


def clean(text: str) -> str:
    """The same with compatibility forms folded: for words, not for Chinese sentences, whose commas it changes."""
    return line(unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=20_000)
def _one(word: str) -> str:
    """A word in lower case, singular."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    if len(word) < 4 or word in _singular() or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) and word != "caches" else word[:-1]


def plain(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared."""
    return tuple(_one(word) for word in _TOKEN.findall(unicodedata.normalize("NFKC", text)))


def key(text: str) -> str:
    """A word or phrase as it is compared, before its spellings are brought together."""
    return " ".join(plain(text))


class Lexis:
    """The words that are known: the glossary's and those of fields.toml; where both have one, the glossary's."""

    def __init__(self, glossary: Glossary) -> None:
        own = {entry.en.lower() for entry in glossary.entries}
        fields = terms.parse((_FOLDER / "fields.toml").read_text("utf-8")).entries
        entries = sorted(
            [*glossary.entries, *(e for e in fields if e.en.lower() not in own)],
            key=lambda e: (not e.abbr, len(e.en), e.en),
        )
        self._names: dict[str, str] = {}
        self._same: dict[str, str] = {}
        self._shorts: dict[str, str] = {}
        self._chinese: dict[str, str] = {}
        self._enter(entries)
        self._longest = max((len(known.split()) for known in self._same), default=1)

    def _enter(self, entries: Sequence[Entry]) -> None:
        same = {str(k): str(v) for k, v in dict(_table()["same"]).items()}  # type: ignore[call-overload]  # a table
        first: dict[str, str] = {}
        for entry in entries:
            mine = key(entry.en)
            stopped = mine in _stop()
            one = mine if stopped or entry.keep else first.setdefault(entry.zh, mine)
            self._same.setdefault(mine, one)
            self._names.setdefault(one, entry.zh)
            for chinese in (entry.zh, *entry.wrong):
                self._chinese.setdefault(chinese.lower(), one)
            if entry.abbr:
                self._shorts.setdefault(entry.abbr, one)
        for said, meant in same.items():
            self._same[said] = self._same.get(key(meant), key(meant))

    def canonical(self, said: str) -> str:
        """The key of a word or phrase in English or Chinese, whatever its spelling or abbreviation."""
        word = clean(said)
        if (known := self._chinese.get(word.lower())) is not None:
            return self._same.get(known, known)
        short = {abbr.lower(): meant for abbr, meant in self._shorts.items()}.get(_one(word))
        found = short or key(word)
        return self._same.get(found, found)

    def chinese(self, key: str) -> str:
        """The glossary's word for a key; empty where it has none."""
        return self._names.get(key, "")

    def of(self, paper: Paper) -> Keys:
        """What a paper is about, key by key. Words that say nothing as a field are left out."""
        found: dict[str, str] = {}
        for keyword in paper.keywords:
            found.update({k: p for k, p in self._keyword(keyword) if k not in found})
        for text in (paper.title, paper.abstract):
            found.update({k: "" for k in self.find(text) if k not in found})
        return {k: printed for k, printed in found.items() if k not in _stop()}

    def find(self, text: str) -> list[str]:
        """Keys of the known terms in a text, in order, the longest first, each once."""
        return list(dict.fromkeys(k for part in _BREAKS.split(clean(text)) for k, _ in self._found(part)))

    def _found(self, part: str) -> Iterator[tuple[str, int]]:
        """(key, how many words it takes) in a stretch without punctuation."""
        printed = _TOKEN.findall(part)
        words, at = [_one(word) for word in printed], 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                known = self._same.get(" ".join(words[at : at + length]))
                if known is not None and self._may(printed[at : at + length]):
                    break
            else:
                length, known = 1, self._short(printed[at])
            if known:
                yield known, length
            at += length

    def _may(self, printed: Sequence[str]) -> bool:
        """A short word in capitals is an abbreviation (GAME, not a game); it is looked up as one."""
        first = printed[0]
        return len(printed) > 1 or not (first.isalpha() and first.isupper() and 2 <= len(first) <= _CAPITALS)

    def _short(self, printed: str) -> str | None:
        known = self._shorts.get(printed) or self._shorts.get(printed.removesuffix("s"))
        return self._same.get(known, known) if known and len(printed) >= _SHORTEST else None

    def _keyword(self, keyword: str) -> Iterator[tuple[str, str]]:
        """(key, as printed) of a source's keyword, and of the known terms in it."""
        shown = clean(_ASIDE.sub(" ", clean(keyword))) or clean(keyword)
        whole = self.canonical(shown)
        words = whole.split()
        if not words or len(words) > _MOST_WORDS or len(shown) > _LONGEST or not any(c.isalpha() for c in whole):
            return
        inner = list(dict.fromkeys(k for part in _BREAKS.split(shown) for k, _ in self._found(part)))
        covered = {word for part in _BREAKS.split(shown) for word in self._covered(part)}
        yield from ((k, "") for k in inner)
        if self.chinese(whole) or not all(word in covered or word in _bare() for word in plain(shown)):
            yield whole, shown

    def _covered(self, part: str) -> Iterator[str]:
        """Words of a stretch that belong to known terms."""
        words, at = [_one(word) for word in _TOKEN.findall(part)], 0
        while at < len(words):
            fits = (n for n in range(min(self._longest, len(words) - at), 0, -1))
            length = next((n for n in fits if " ".join(words[at : at + n]) in self._same), 0)
            yield from words[at : at + length] or ([words[at]] if self._short(_upper(words[at])) else [])
            at += length or 1


def _upper(word: str) -> str:
    return word.upper()


def like_name(printed: str) -> bool:
    """Does a word as printed look like the name of a model or dataset?"""
    return any(_NAME.search(part) for part in printed.split())


def papers_of(spoken: Mapping[str, Keys]) -> dict[str, tuple[str, ...]]:
    """Key -> versions of the papers that have it, in the given order."""
    found: dict[str, list[str]] = {}
    for version, keys in spoken.items():
        for k in keys:
            found.setdefault(k, []).append(version)
    return {k: tuple(versions) for k, versions in found.items()}


def specific(papers: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Without words that stand within a longer one of the very same papers (time series, time series forecasting)."""
    longer: dict[tuple[str, ...], list[str]] = {}
    for k, versions in papers.items():
        longer.setdefault(versions, []).append(f" {k} ")
    return {
        k: versions
        for k, versions in papers.items()
        if not any(f" {k} " in other and len(other) > len(k) + 2 for other in longer[versions])
    }


def names(spoken: Iterable[Keys], lexis: Lexis) -> dict[str, str]:
    """Key -> what it is called: in Chinese where there is a word, else as the papers print it most often."""
    printed: dict[str, Counter[str]] = {}
    for keys in spoken:
        for k, as_printed in keys.items():
            printed.setdefault(k, Counter())[as_printed or k] += 1
    return {
        k: lexis.chinese(k) or min(forms, key=lambda form: (-forms[form], len(form), form))
        for k, forms in printed.items()
    }
