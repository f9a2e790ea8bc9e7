"""The term ledger: which Chinese word stands for which English term, the same one everywhere. Pure but for `load`."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

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
    """Entries, longest English first, so that longer terms win."""

    entries: tuple[Entry, ...]

    @cached_property
    def hash(self) -> str:
        """Changes when any entry does; part of what a digest depends on."""
        return hashlib.sha256(repr(self.entries).encode()).hexdigest()[:16]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        if not self.entries:
            return re.compile(r"(?!)")
        return re.compile("|".join(f"(?P<t{n}>{_surface(e.en)})" for n, e in enumerate(self.entries)), re.IGNORECASE)

    def find(self, source: str) -> list[Found]:
        """Terms in an English text, in order, longest first, not overlapping."""
        return [
            Found(m.start(), m.end(), self.entries[int(m.lastgroup[1:])])
            for m in self._pattern.finditer(source)
            if m.lastgroup
        ]


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
    if not isinstance(value, Mapping) or (unknown := set(value) - {"zh", "wrong", "abbr", "first", "keep"}):
        raise Misconfigured(f"术语表中「{en}」的写法不对", f"未知的键：{unknown}", "ZHENGDU_GLOSSARY")
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
    merged: dict[str, Entry] = {}
    for text in texts:
        try:
            table: Any = tomllib.loads(text).get("terms", {})
        except tomllib.TOMLDecodeError as error:
            raise Misconfigured(f"术语表不是合法的 TOML：{error}", "请检查 glossary.toml", "ZHENGDU_GLOSSARY") from None
        if not isinstance(table, dict):
            raise Misconfigured("术语表缺少 [terms] 表", "请检查 glossary.toml", "ZHENGDU_GLOSSARY")
        merged.update({en.lower(): _entry(en, value) for en, value in table.items()})
    return Glossary(tuple(sorted(merged.values(), key=lambda e: (-len(e.en), e.en))))


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
