"""An English sentence as tokens with distances between them: near is what stands in the same clause."""

import re
from functools import lru_cache
from typing import NamedTuple

from core.words import stem

_SENTENCE = re.compile(r"(?<=[a-z)\]%\d\"”][.!?])\s+(?=[A-Z(\[•])|(?<=\.)\s+(?=[•])")
_TOKEN = re.compile(r"[A-Za-z]+(?:['’]t\b)?|\d+(?:[.,]\d+)*|[,;:()]|[.!?](?=\s|$)|\s[-–—]\s|—")
_BORDER = {",": 3, ";": 6, ":": 5, ".": 9, "!": 9, "?": 9, "(": 3, ")": 3}
_JOINT = dict.fromkeys("but while whereas although though however yet because since which unless despite".split(), 4)
_JOINT |= dict.fromkeys("and or as when if where than that by with without through".split(), 1)
_NO = re.compile(
    r"(?i)\b(?:not|no|never|nor|neither|without|cannot|fail\w*|avoid\w*|prevent\w*|instead|rather|unlike|hardly|barely|little|"
    r"nearly|despite|against|lack\w*|un\w+ly)\b|n['’]t\b"
)


class Token(NamedTuple):
    """A word or number."""

    start: int
    end: int
    stem: str
    place: float
    """Grows by one a word and by more at borders of clauses."""


class English(NamedTuple):
    """One sentence."""

    text: str
    tokens: tuple[Token, ...]
    stems: frozenset[str]

    def place(self, offset: int) -> float:
        """Where a character stands, on the scale of distances."""
        return next((t.place for t in self.tokens if t.end > offset), self.tokens[-1].place if self.tokens else 0.0)

    def denied(self, start: int) -> bool:
        """Is what begins here negated, or close behind something that might negate it?"""
        return _NO.search(self.text[max(0, start - 36) : start].rpartition(";")[2]) is not None


@lru_cache(maxsize=512)
def english(text: str) -> tuple[English, ...]:
    """A text's sentences."""
    return tuple(_sentence(s) for s in _SENTENCE.split(text) if s.strip())


def _sentence(text: str) -> English:
    tokens = []
    place = 0.0
    for match in _TOKEN.finditer(text):
        word = match.group()
        if not word[0].isalnum():
            place += _BORDER.get(word.strip(), 4)
            continue
        place += 1 + _JOINT.get(word.lower(), 0)
        tokens.append(Token(match.start(), match.end(), stem(word), place))
    return English(text, tuple(tokens), frozenset(t.stem for t in tokens))


_PRONOUN = re.compile(r"(?:It|They|This|These)(?= (?:is|are|was|were|has|have|also|even|further|still|\w+s)\b)")
_SUBJECT = re.compile(
    r"(?!(?:It|They|This|These|We|In|On|For|As|By|To|With)\b)[A-Z][^,;:]{1,50}?"
    r"(?= (?:is|are|was|were|has|have|can|\w+s)\b)"
)


def with_subject(sentence: English, context: str) -> English:
    """It, with the subject of the sentence before it put in its place; any other sentence as it is."""
    pronoun, at = _PRONOUN.match(sentence.text), context.find(sentence.text)
    before = english(context[:at]) if pronoun and at > 0 else ()
    subject = _SUBJECT.match(before[-1].text) if before else None
    return _sentence(subject.group() + sentence.text[pronoun.end() :]) if subject and pronoun else sentence


def is_row(text: str) -> bool:
    """A row of a table, spelled out?"""
    return " · " in text and "=" in text
