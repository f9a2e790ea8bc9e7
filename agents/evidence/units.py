"""A claim in pieces that can be looked for: Chinese words by their English ones, names, quantities."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from agents.quantities import parse
from agents.quantities.model import Quantity
from agents.terms import load
from core.lexicon import Lexicon
from core.words import stems

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_.@/&'’+*][A-Za-z0-9]+)*")
_HOLLOW = frozenset(
    """
    论文 作者 文中 实验 方法 模型 结果 使用 采用 进行 通过 其中 分别 相比 发现 表明 指出 认为 达到 得到 给出 左右
    """.split()
)
"""Words that stand in claims about any paper."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or a name of a claim."""

    text: str
    start: int
    stems: frozenset[str]
    """Any of them covers the piece."""
    is_name: bool


@dataclass(frozen=True, slots=True)
class Units:
    """All of a claim that can be looked for."""

    pieces: tuple[Piece, ...]
    quantities: tuple[Quantity, ...]


@cache
def shipped() -> Lexicon:
    """The lexicon with the shipped glossary's words."""
    return Lexicon(load().chinese_words())


@lru_cache(maxsize=512)
def units(claim: str) -> Units:
    """A Chinese claim (English inside allowed) in pieces, in order."""
    pieces = [
        Piece(word.text, word.start, word.stems, False) for word in shipped().cut(claim) if word.text not in _HOLLOW
    ]
    for match in _NAME.finditer(claim):
        pieces += [Piece(stem, match.start(), frozenset([stem]), True) for stem in stems(match.group())]
    quantities = tuple(q for q in parse(claim) if not q.in_name)
    return Units(tuple(sorted(pieces, key=lambda piece: piece.start)), quantities)
