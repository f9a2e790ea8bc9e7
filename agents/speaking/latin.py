"""Words in Latin letters as a Chinese voice gets them: abbreviations letter by letter, glued names apart. Pure."""

import re
from functools import cache

from agents.speaking.formulas import table

WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_PARTS = re.compile(r"[A-Z]{2,}(?=[a-z]$)|[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|[A-Z]")
_READABLE = re.compile(r"(?=.{5})(?:.*[AEIOU]){2}")
"""Capitals that are shouted words (NORMAL) rather than letters (GRPO): five letters and two vowels."""
_PLURAL = re.compile(r"([A-Z]{2,})s")
_POSSESSIVE = re.compile(r"['’]s$")


@cache
def _capitals() -> frozenset[str]:
    words: str = table("words")["capitals"]
    return frozenset(words.split())


@cache
def _mixed() -> re.Pattern[str]:
    """Names that have capitals inside and are one word."""
    words: str = table("words")["mixed"]
    return re.compile(f"({'|'.join(words.split())})")


def said(text: str) -> str:
    """The text with every Latin word written for the ear: GPT -> G P T, DeepSeek -> Deep Seek, MATH -> Math."""
    return WORD.sub(lambda m: f" {_word(m[0], _beside_english(text, m))} ", text)


def _beside_english(text: str, found: re.Match[str]) -> bool:
    """Does another Latin word stand before or after it, only a blank between?"""
    return bool(re.search(r"[A-Za-z]{2} $", text[: found.start()]) or re.match(r" [A-Za-z]{2}", text[found.end() :]))


def _word(word: str, english: bool) -> str:
    known: str | None = table("names").get(word.lower())
    if known:
        return known
    if len(word) == 1:
        return word if english and word in "aI" else word.upper()
    if _POSSESSIVE.search(word) or not word.isalpha():
        return re.sub("['’]", "'", word)
    word = _PLURAL.sub(r"\1", word)
    if word.isupper() or word[1:].islower():
        return _part(word)
    whole = [piece for piece in _mixed().split(word) if piece]
    parts = [part for piece in whole for part in ([piece] if _mixed().fullmatch(piece) else _PARTS.findall(piece))]
    return " ".join(map(_part, parts))


def _part(part: str) -> str:
    """A piece of a glued name."""
    known: str | None = table("names").get(part.lower())
    if known:
        return known
    if part.isupper():
        return part.capitalize() if part in _capitals() or _READABLE.match(part) else " ".join(part)
    return part if len(part) > 1 else part.upper()
