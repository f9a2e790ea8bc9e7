"""What readers want to know of every method (data, size, hardware, cost, code), found by how papers print it. Pure."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from agents.answerer import Found
from agents.quoting import cite, sentence
from agents.selection import Wanted, by_place, candidates, worth
from core.documents import Document, Passage, SectionRole
from core.models import Quote

_OURS = re.compile(r"\b(?:we|our|ours|us)\b")
_OTHERS = re.compile(r"\[[\d,\s–-]+\]|\bet al\.|\((?:19|20)\d\d[a-z]?\)")
_LEFT_OUT = frozenset({SectionRole.REFERENCES, SectionRole.ACKNOWLEDGEMENT, SectionRole.RELATED})
_KINDS = ("text", "note", "caption")
_TRIALS = re.compile(r"\bablat|\bpreliminary|\bbaselines?\b", re.IGNORECASE)
"""Headings under which smaller models are tried than the paper is about."""


class Property(NamedTuple):
    """One thing to know."""

    name: str
    """Chinese; heading of its column."""
    question: str
    english: str
    wanted: Wanted
    printed: re.Pattern[str] | None
    """Words worth showing as they stand; None where only a whole sentence says it."""
    reproduction: bool
    """Needed to do it again?"""
    addresses: bool
    """Is it an address, which is shown as it is printed?"""
    owned: re.Pattern[str] | None
    """Without it a sentence that has none of the paper's own words speaks of another's; None where it need not."""


class Printed(NamedTuple):
    """Words of a paper that say a property."""

    passage: Passage
    n: int
    words: str

    @property
    def quote(self) -> Quote:
        """The sentence they stand in."""
        return cite(sentence(self.passage, self.n))


@cache
def known() -> tuple[Property, ...]:
    """All of properties.toml."""
    table = tomllib.loads(Path(__file__).with_name("properties.toml").read_text("utf-8"))["property"]
    return tuple(
        Property(
            row["name"],
            row["question"],
            row["english"],
            Wanted(by_place(map(SectionRole, row["roles"])), re.compile("|".join(row["cues"]))),
            re.compile(row["printed"].strip()) if "printed" in row else None,
            row.get("reproduction", False),
            row.get("addresses", False),
            re.compile(row["owned"].strip()) if "owned" in row else None,
        )
        for row in table
    )


def named(question: str) -> Property | None:
    """By its question."""
    return next((p for p in known() if p.question == question), None)


def printed(document: Document, property: Property) -> list[Printed]:
    """Where a paper prints it, the likeliest to speak of its own work first, the same words once."""
    found = [
        (_owned(passage, n, property), Printed(passage, n, words))
        for passage in document.passages
        if passage.kind in _KINDS and passage.role not in _LEFT_OUT
        for n in range(len(passage.sentences))
        for words in words_of(property, passage, n)
    ]
    ranked = sorted((pair for pair in found if pair[0] > 0), key=lambda pair: -pair[0])
    return list({_plain(p.words): p for _, p in reversed(ranked)}.values())[::-1]


def likeliest(document: Document, property: Property) -> list[Found]:
    """Sentences that may say it, the likeliest first."""
    if property.printed is not None:
        places = {(p.passage.id, p.n): p for p in reversed(printed(document, property))}
        return [(p.passage, p.n, 1.0) for p in reversed(places.values())]
    scored = [(worth(c, 0.0, property.wanted), c) for c in candidates(document)]
    return [(c.passage, c.n, score) for score, c in sorted(scored, key=lambda pair: -pair[0]) if score]


def words_of(property: Property, passage: Passage, n: int) -> list[str]:
    """The words of a sentence that say it, as printed, each once."""
    if property.printed is None:
        return []
    return list(dict.fromkeys(m[0].strip() for m in property.printed.finditer(passage.sentence(n))))


def _plain(words: str) -> str:
    return re.sub(r"\W+", "", words.lower())


def _owned(passage: Passage, n: int, property: Property) -> float:
    """How likely the sentence speaks of that property of the paper's own work; 0.0: it does not."""
    text = passage.sentence(n).lower()
    place = property.wanted.roles.get(passage.role, 0.0)
    cues = len(set(property.wanted.cues.findall(text)))
    others = bool(_OTHERS.search(passage.sentence(n)))
    if not place or not cues or (property.owned and (others or not property.owned.search(text))):
        return 0.0
    ours = 0.5 * bool(_OURS.search(text)) - 0.4 * others
    ours -= 0.6 * bool(_TRIALS.search(passage.section))
    return max(0.05, place + 0.25 * min(cues, 3) + ours)


def of_reproduction() -> tuple[Property, ...]:
    """Those a reader needs to do it again, code first."""
    return tuple(sorted((p for p in known() if p.reproduction), key=lambda p: not p.addresses))
