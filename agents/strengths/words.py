"""Strong Chinese wordings and words for shares of a whole, read from words.toml; which of them are denied."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

DENIED_ZH = re.compile(
    r"(?:[不没未无](?![同仅但只断论来关过少外所久管])|难以|而非|并非|是否|能否|如何|旨在|为了|试图|尝试)"
    r"(?:有?[把将对被使让给][^，。；、]{1,10})?[^，。；、]{0,3}$"
)
"""At the end of what stands before a word: it is denied, asked or wished for."""
UNIVERSAL_ZH = re.compile(
    r"(?<!几乎)(?<!近乎)(?:所有(?!者|权(?!重|值|威)|制(?!造|约|作))|全部(?!分)|每一个|任何(?!一?个?人)|任意|一切(?![如照正顺就])|无一例外|毫无例外|没有例外|悉数|通通|无不)"
)
EACH_ZH = re.compile(
    UNIVERSAL_ZH.pattern + r"|每一?[个种项类款门组张条道次]|各(?:个|项|种|类|大)|全面|一致|处处|无论|不论|不管"
)
"""Also what stands for all of a few things or goes without a quantifier."""
EXCEPT_ZH = re.compile(
    r"除|以外|之外|(?<!没有)(?<!无一)(?<!毫无)例外|大多|多数|部分|个别|少数|唯独|只有|不过|但|并非|不是|几乎|未必"
)
_DENIED_EN = re.compile(
    r"(?:\b(?:not|cannot|never|neither|nor|no longer|fails? to|unable to|hardly|partially|partly|nearly|almost|one of|"
    r"some of|among|yet to|remains? to be|aims? to|tr(?:y|ies) to|attempts? to|"
    r"(?:difficult|hard|challenging|impossible|infeasible|impractical|unlikely) to)|n't)"
    r"\W+(?:(?!only|just)\w+\W+){0,2}$",
    re.I,
)
_NOT_ONLY = re.compile(r"\bnot (?:only|just|merely|solely)\W+(?:\w+\W+){0,2}$", re.I)


@dataclass(frozen=True, slots=True)
class Word:
    """A strong Chinese wording and what stands for it; see words.toml."""

    name: str
    code: str
    zh: re.Pattern[str]
    tight: re.Pattern[str] | None
    loose: re.Pattern[str] | None
    weak: re.Pattern[str] | None
    excused: re.Pattern[str] | None
    lacking: str
    bound: bool
    """The weak wording counts only beside words of the claim."""


class Share(NamedTuple):
    """Words for a share of a whole, in both languages."""

    level: int
    zh: re.Pattern[str]
    en: re.Pattern[str]


def _pattern(source: str | None) -> re.Pattern[str] | None:
    return re.compile(source, re.I) if source else None


@cache
def data() -> tuple[tuple[Word, ...], tuple[Share, ...]]:
    """All wordings and all shares, as words.toml has them."""
    table = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
    words = tuple(
        Word(
            w["name"], w.get("code", "overclaim"), re.compile(w["zh"]), _pattern(w.get("tight")),
            _pattern(w.get("loose")), _pattern(w.get("weak")), _pattern(w.get("excused")), w.get("lacking", "none"),
            w.get("bound", False),
        )
        for w in table["word"]
    )  # fmt: skip
    shares = tuple(Share(s["level"], re.compile(s["zh"]), re.compile(s["en"], re.I)) for s in table["share"])
    return words, shares


def stands(pattern: re.Pattern[str] | None, sentence: str) -> bool:
    """Does the sentence have it, neither denied nor weakened?"""
    return pattern is not None and any(not denied(m, sentence) for m in pattern.finditer(sentence))


def denied(match: re.Match[str], sentence: str) -> bool:
    """Do the words before it deny or weaken it?"""
    before = sentence[max(0, match.start() - 60) : match.start()]
    return bool(_DENIED_EN.search(before)) and not _NOT_ONLY.search(before)


def around(sentence: str, match: re.Match[str]) -> str:
    """The words of a match with three before and three behind them."""
    before = re.search(r"(?:[^\s,;(]+\s+){0,3}$", sentence[: match.start()])
    behind = re.match(r"[^\s,;.)]*(?:\s+[^\s,;.()]+){0,3}", sentence[match.end() :])
    return ((before.group() if before else "") + match.group() + (behind.group() if behind else "")).strip()
