"""A part of a claim and the sentences of the paper that speak of the same thing."""

import re
from functools import cached_property, lru_cache
from itertools import pairwise

from agents.checks import Evidence
from agents.evidence.units import Piece, units
from agents.polarity.english import is_row
from core.words import stems

_ALIKE = 0.6
"""Share of a claim's words from which a sentence that was not cited speaks of the same thing."""
_CITED = 0.6
"""A cited sentence speaks of the same thing from this share of the best one's likeness."""
_VAGUE = 0.35
"""Up to this likeness nobody can tell which of the cited sentences is meant."""
_TOPIC = 0.45
"""From here on a sentence that was not cited is on the same subject."""
_PROSE = 0.4
"""The same of a sentence that was cited along with a table's row."""
_NAME = 2.0
"""Weight of a name, a word being 1."""
_SENTENCES = re.compile(r"(?<=[a-z)\]%\d”\"][.!?])\s+(?=[A-Z•“(])")
_ANAPHOR = re.compile(r"(?:They|It|This|These|Those|However|Moreover|Still|Nevertheless|Yet|But|In contrast)\b")
_OF_TABLE = re.compile(
    r"(?<![代发外图列])表\s?\d|(?<![意企])图\s?\d|[如见据由从](?:表|图)\s?[一二三四五六七八九十](?![个种类项])|"
    r"(?<![代发外])表[中里内]|(?<![意企])图[中里]|[上下该此本](?:表|图)(?![现达示明征面述象像谱片形文])|"
    r"列出的|所列|列在|参评|各(?:个)?模型|参与(?:比较|对比|评测|评估)|对比的?(?:各|几|[两三四五六七八九十\d])"
)
_MEASURES = re.compile(
    r"最|[高低多少快慢大小长短强弱好差优劣胜]于|不如|不及|不敌|超过|超越|领先|落后|逊|击败|占优|持平|追平|榜首|第一|得分|分数|"
    r"成绩|准确率|比[^，。；]{1,30}[高低多少快慢大小长短强弱好差优]|[高低升降]"
)
"""What a claim says that a table's row may bear out."""


@lru_cache(maxsize=4096)
def stemmed(sentence: str) -> frozenset[str]:
    """The stems of a sentence's words."""
    return frozenset(stems(sentence))


def split(text: str) -> list[str]:
    """A text's English sentences."""
    return _SENTENCES.split(text.strip())


def alike(claim: str, sentence: str) -> float:
    """Share of the claim's words and names that the sentence has."""
    pieces = units(claim).pieces
    weights = [_NAME if p.is_name else 1.0 for p in pieces]
    having = stemmed(sentence)
    return sum(w for p, w in zip(pieces, weights, strict=True) if p.stems & having) / (sum(weights) or 1.0)


def had(pieces: list[Piece], sentence: str) -> float:
    """Share of these pieces that the sentence has; 1 where there are none."""
    having = stemmed(sentence)
    return sum(bool(p.stems & having) for p in pieces) / len(pieces) if pieces else 1.0


class Part:
    """One sentence of a claim with the sentences of the paper that speak of the same."""

    def __init__(self, text: str, evidence: Evidence) -> None:
        self.text = text
        self.evidence = evidence
        self.cited = [s for t in evidence.texts for s in split(t)]
        own = {s for name in evidence.naming.own for s in stems(name)}
        names = [p.stems for p in units(text).pieces if p.is_name and not p.stems & own]
        key = {s: (sum(bool(n & stemmed(s)) for n in names), alike(text, s)) for s in self.cited}
        self.best = max(self.cited, key=lambda s: key[s], default="")
        """The cited sentence that speaks of the same thing most."""
        self.alike = key[self.best][1] if self.best else 0.0
        sure = self.alike > _VAGUE
        self.same = [s for s in self.cited if key[s][1] >= _CITED * self.alike] if sure else self.cited
        """The cited ones that speak of the same thing."""
        prose = max((s for s in self.cited if not is_row(s)), key=lambda s: key[s], default="")
        self.prose = prose if prose == self.best or (prose and key[prose][1] >= _PROSE) else ""
        """The cited sentence outside tables that speaks of it most; empty where none says much of it."""

    @cached_property
    def near(self) -> list[str]:
        """Others that speak of it as well; a table's row says nothing about its words."""
        return [s for s in self.evidence.near if alike(self.text, s) >= max(_ALIKE, self.alike - 0.1)]

    @cached_property
    def topical(self) -> list[str]:
        """All sentences on the same subject: cited, the ones that go on from them, and others."""
        following = []
        context = split(self.evidence.context) if self.evidence.context else []
        for one, two in pairwise(context):
            if _ANAPHOR.match(two) and any(one in s or s in one for s in self.cited):
                following.append(two)
        others = [s for s in self.evidence.near if alike(self.text, s) >= _TOPIC]
        return list(dict.fromkeys(s for s in (*self.cited, *following, *others) if not is_row(s)))

    @cached_property
    def of_table(self) -> bool:
        """Is it about the cells of a table, of which words say nothing?"""
        if _OF_TABLE.search(self.text):
            return True
        return is_row(self.best) and bool(units(self.text).quantities or _MEASURES.search(self.text))

    def behind(self, at: int, most: int) -> list[Piece]:
        """The first words of the claim from a character on, up to the next comma."""
        return list(units(re.split(r"[，,；。]", self.text[at:])[0]).pieces[:most])
