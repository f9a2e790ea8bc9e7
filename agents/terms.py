"""The term ledger: which Chinese word stands for which English term, the same one everywhere. Pure but for `load`."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from core.errors import Misconfigured

SHIPPED = Path(__file__).with_name("glossary.toml")


@dataclass(frozen=True)
class Entry:
    """One term. `zh` equals `en` for terms that stay English."""

    en: str
    zh: str
    wrong: tuple[str, ...] = ()
    """Renderings to be replaced by `zh`."""
    abbr: str = ""
    first: bool = False
    """Bilingual where it is first used."""
    keep: bool = False


class Found(NamedTuple):
    """source[start:end] is the term of that entry."""

    start: int
    end: int
    entry: Entry


@dataclass(frozen=True)
class Glossary:
    """Entries and phrases, longest English first, so that longer ones win."""

    entries: tuple[Entry, ...]
    phrases: tuple[Entry, ...] = ()
    """Stock phrases of papers a small model stumbles over; helped along, not terms."""

    @cached_property
    def hash(self) -> str:
        """Changes when any entry does; part of what a digest depends on."""
        return hashlib.sha256(repr((self.entries, self.phrases)).encode()).hexdigest()[:16]

    def chinese_words(self) -> dict[str, tuple[str, ...]]:
        """Each rendering, right or wrong, with the English words and abbreviations it may stand for."""
        found: dict[str, dict[str, None]] = {}
        for entry in self.entries:
            english = dict.fromkeys([*entry.en.split(), *([entry.abbr] if entry.abbr else [])])
            for chinese in (entry.zh, *entry.wrong):
                if chinese != entry.en:
                    found.setdefault(chinese, {}).update(english)
        return {chinese: tuple(words) for chinese, words in found.items()}

    @cached_property
    def _terms(self) -> "_Finder":
        return _Finder(self.entries)

    @cached_property
    def _everything(self) -> "_Finder":
        return _Finder(_longest_first([*self.entries, *self.phrases]))

    def find(self, source: str, *, phrases: bool = False) -> list[Found]:
        """Terms (and stock phrases) in an English text, in order, longest first, not overlapping."""
        return (self._everything if phrases else self._terms).find(source)


class _Finder:
    """One pattern over many entries."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._pattern = re.compile("|".join(f"({_surface(e.en)})" for e in entries) or "(?!)", re.IGNORECASE)

    def find(self, source: str) -> list[Found]:
        matches = self._pattern.finditer(source)
        return [Found(m.start(), m.end(), self._entries[m.lastindex - 1]) for m in matches if m.lastindex]


def _longest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda e: (-len(e.en), e.en)))


_BETWEEN = r"[\s‐‑–-]"


def _surface(en: str) -> str:
    """A pattern for singular and plural, with hyphen, dash or space between the words."""
    words = [re.escape(w) for w in re.split(r"[\s-]+", en)]
    last = words[-1]
    words[-1] = rf"(?:{last}(?:e?s)?|{last[:-1]}ies)" if last.endswith("y") else rf"{last}(?:e?s)?"
    joined = _BETWEEN.join(words)
    return rf"(?<![\w-]){joined}(?!\w)(?!-[A-Z\d])"


def _entry(en: str, value: object) -> Entry:
    if isinstance(value, str):
        return Entry(en, value)
    unknown = set(value) - {"zh", "wrong", "abbr", "first", "keep"} if isinstance(value, Mapping) else {str(value)}
    if not isinstance(value, Mapping) or unknown:
        raise Misconfigured(f"术语表中「{en}」的写法不对", f"不认识：{'、'.join(sorted(unknown))}", "ZHENGDU_GLOSSARY")
    keep = value.get("keep") is True
    zh = en if keep else value.get("zh")
    wrong = value.get("wrong", [])
    if (
        not isinstance(zh, str)
        or not zh
        or not isinstance(wrong, list)
        or not all(isinstance(w, str) and w for w in wrong)
    ):
        raise Misconfigured(f"术语表中「{en}」缺少译名 zh，或 wrong 不是一列词", "请检查这一行", "ZHENGDU_GLOSSARY")
    return Entry(en, zh, tuple(wrong), str(value.get("abbr", "")), value.get("first") is True, keep)


def parse(*texts: str) -> Glossary:
    """TOML texts to a glossary; later texts overrule earlier ones. Raises Misconfigured."""
    merged: dict[str, dict[str, Entry]] = {"terms": {}, "phrases": {}}
    for text in texts:
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise Misconfigured(f"术语表不是合法的 TOML：{error}", "请检查 glossary.toml", "ZHENGDU_GLOSSARY") from None
        if set(table) - set(merged) or not all(isinstance(part, dict) for part in table.values()):
            raise Misconfigured("术语表只能有 [terms] 和 [phrases] 两张表", "请检查 glossary.toml", "ZHENGDU_GLOSSARY")
        for part, entries in table.items():
            merged[part].update({en.lower(): _entry(en, value) for en, value in entries.items()})
    return Glossary(_longest_first(merged["terms"].values()), _longest_first(merged["phrases"].values()))


@lru_cache(maxsize=4)
def load(own: str = "") -> Glossary:
    """The shipped glossary under the user's own TOML text."""
    return parse(SHIPPED.read_text(encoding="utf-8"), *([own] if own else []))


def normalise(text: str, source: str, glossary: Glossary) -> str:
    """Chinese with wrong renderings replaced, where the English source has the term.

    A wrong word that is part of the right word of another term of the same sentence is left alone
    (代理 in 代理模型)."""
    found = [f.entry for f in glossary.find(source)]
    right = sorted({e.zh for e in found}, key=len, reverse=True)
    for entry in found:
        for wrong in sorted(entry.wrong, key=len, reverse=True):
            shelter = [z for z in right if wrong in z]
            text = re.sub(
                "|".join([f"({re.escape(z)})" for z in shelter] + [re.escape(wrong)]),
                lambda m, zh=entry.zh: m[0] if m.lastindex else zh,  # type: ignore[misc]  # bound per entry on purpose
                text,
            )
    return text


def first_use(texts: Sequence[str], sources: Sequence[str], glossary: Glossary) -> list[str]:
    """Chinese texts with each term bilingual where the reader meets it first: 「词元（token）」.

    `sources[i]` is the English behind `texts[i]`; only terms found there are glossed. An acronym the
    text uses alone is spelled out the same way: 「大语言模型（LLM）」. Doing it twice changes nothing."""
    met: set[str] = set()
    out = []
    for text, source in zip(texts, sources, strict=True):
        for entry in _worth_glossing(source, glossary):
            if entry.zh in met:
                continue
            glossed = _gloss(text, entry, source, glossary)
            if glossed is not None:
                met.add(entry.zh)
                text = glossed
        out.append(text)
    return out


def _worth_glossing(source: str, glossary: Glossary) -> Iterable[Entry]:
    seen = [f.entry for f in glossary.find(source)]
    spoken = [e for e in glossary.entries if e.abbr and _has_word(source, e.abbr)]
    return [e for e in dict.fromkeys([*seen, *spoken]) if e.first and not e.keep]


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}s?(?![\w-])", text) is not None


def _gloss(text: str, entry: Entry, source: str, glossary: Glossary) -> str | None:
    """The text with the gloss, the text itself where it is already explained, None where the term is absent."""
    foreign = entry.abbr if entry.abbr and _has_word(source, entry.abbr) else entry.en
    longer = [e.zh for e in glossary.entries if entry.zh in e.zh and e.zh != entry.zh]
    for match in re.finditer(
        "|".join([*map(re.escape, sorted(longer, key=len, reverse=True)), f"(?P<it>{re.escape(entry.zh)})"]), text
    ):
        if match["it"] is None:
            continue
        if re.match(r"\s*[（(]", text[match.end() :]):
            return text
        return f"{text[: match.end()]}（{foreign}）{text[match.end() :]}"
    if entry.abbr and entry.zh not in text:
        alone = re.search(
            rf"(?<![\w/+.（(-])(?<![A-Za-z\d] ){re.escape(entry.abbr)}(?![\w/+）)-])(?! ?[A-Za-z\d])", text
        )
        if alone:
            before = text[: alone.start()].rstrip(" ")
            return f"{before}{entry.zh}（{entry.abbr}）{text[alone.end() :].lstrip(' ')}"
    return None
