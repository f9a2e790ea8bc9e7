"""A Chinese claim in clauses, with what each of its poles is said of."""

import re
from typing import NamedTuple

from agents.evidence.units import Piece, units
from agents.polarity.poles import Pole, poles

_CLAUSE = re.compile(r"[^，。；：！？,;:!?]+")
_JOINT = re.compile(
    r"[，。；：！？、,;:!?()（）]|并且|同时|(?<!反)而(?!且|言)|但是?|以及|从而|和|与|及|或|并|时(?!间|长|序|延|刻|空)|且|则|下(?=表现|性能|效果|的|会|能)|比|在|对|由|把|将|使|让"
)
_THIN = re.compile(
    r"[\s的了会将能可得地着过大幅显著明显进一步有所约略仅更大大极其非常小幅逐渐持续不断快速稳步反而普遍一直依旧仍然“”也都还就却较较为相对被很快迅易往总始终通常]*"
)
_THAN = re.compile(
    r"比(?!较|例|如|率|赛|特|对|重|值|分)|相比于?|相较于?|相对于?|较之?(?=[^高低大小多少好差快慢长短为])"
)
_BESIDE = re.compile(r"(?:与|和|同|跟)[^，。；]{2,40}?(?:相比|相较|比起来)|(?:相比于?|相较于?|比起)[^，。；]{2,40}?，")
_NO = re.compile(r"[不没未无非免勿别莫]|防止|而非|拒绝|难以|停止|缺乏|很难|几乎")
_REACH = 2
"""Characters the lexicon does not know that may stand inside a noun phrase."""


CHANGES = frozenset({"amount", "quality", "speed", "length", "strength"})
"""Pairs of which one sentence often says both poles, of different things."""
_HOLLOW = frozenset(
    """
    显著 作用 效果 实现 利用 使用 有效 高效 关键 重要 主要 逐步 比较 相比 对比 影响 变化 导致 造成 引起 趋势
    差异 达到 可行 整体 总体 快 慢
    """.split()
)
"""Words nothing is said of, when they stand beside a pole."""


class Said(NamedTuple):
    """A pole and what it may be said of: the phrase before it, the phrase behind it."""

    pole: Pole
    left: Piece | None
    right: Piece | None
    against: tuple[Piece, ...]
    """What it is compared with: 比全注意力更低."""
    clause: str
    pieces: tuple[Piece, ...]
    """All of the clause but the poles."""

    def named_more_closely(self, piece: Piece) -> Piece | None:
        """The word right before it, which belongs to it: SFT of SFT 损失."""
        before = [p for p in self.pieces if p.start < piece.start]
        if not before or piece.start - before[-1].start > len(before[-1].text) + 2:
            return None
        return before[-1]

    @property
    def about(self) -> tuple[Piece, ...]:
        """What it may be said of."""
        return tuple(p for p in (self.right, self.left) if p is not None)


def said(claim: str) -> list[Said]:
    """The poles of a claim that are not negated, with their clauses."""
    named = poles(claim)
    if not named:
        return []
    changes = [w for w in named if any(name in CHANGES for name, _ in w.meanings)]
    pieces = [
        p for p in units(claim).pieces if p.text not in _HOLLOW and not any(w.start <= p.start < w.end for w in changes)
    ]
    found = []
    for clause in _CLAUSE.finditer(claim):
        for pole in named:
            if clause.start() <= pole.start < clause.end() and not _denied(claim[clause.start() : pole.start], pieces):
                found.append(_said(claim, clause, pole, pieces))
    return found


def _said(claim: str, clause: re.Match[str], pole: Pole, everything: list[Piece]) -> Said:
    inside = (p for p in everything if clause.start() <= p.start < clause.end())
    pieces = [q for p in inside if (q := _without(pole, p))]
    than = _THAN.search(claim, clause.start(), pole.start)
    if beside := _BESIDE.search(claim, 0, pole.start):
        against = [p for p in everything if beside.start() <= p.start < beside.end()]
        left = _left(claim, pole.start, pieces)
    elif than:
        of = claim.find("的", than.end(), pole.start)
        gap = than.group().startswith("相对") and of >= 0  # A 相对 B 的优势 is one thing, not two
        against = [p for p in pieces if than.end() <= p.start < (pole.start if of < 0 else of) and not gap]
        left = _left(claim, than.start() if of < 0 else pole.start, pieces)
    else:
        against = [p for p in pieces if pole.text[-1] in "于如" and p.start > pole.start]
        left = _left(claim, pole.start, pieces)
    right = None if against and not (than or beside) else _right(claim, pole, pieces)
    return Said(pole, left, right, tuple(against), clause.group().strip(), tuple(pieces))


def _without(pole: Pole, piece: Piece) -> Piece | None:
    """The piece without the pole, where it begins with it: 检索 of 稠密检索."""
    if not pole.start <= piece.start < pole.end:
        return piece
    if piece.start > pole.start or len(piece.text) <= len(pole.text) or piece.is_name:
        return None
    rest = piece.stems - {stem for p in units(pole.text).pieces for stem in p.stems}
    return Piece(piece.text[len(pole.text) :], pole.end, rest, False) if rest else None


def _denied(before: str, pieces: list[Piece]) -> bool:
    known = [p.text for p in pieces if not p.is_name] + [p.text for p in poles(before)]
    for word in sorted(known, key=len, reverse=True):
        before = before.replace(word, "＿")
    return _NO.search(before[-9:]) is not None


_LATIN = re.compile(r"[A-Za-z0-9][\w.@/&'’+*-]*", re.ASCII)


def _end(claim: str, piece: Piece) -> int:
    """Where it ends; the text of a name is only a stem of it."""
    match = _LATIN.match(claim, piece.start) if piece.is_name else None
    return match.end() if match else piece.start + len(piece.text)


def _left(claim: str, border: int, pieces: list[Piece]) -> Piece | None:
    before = [p for p in pieces if _end(claim, p) <= border]
    if not before:
        return None
    between = claim[_end(claim, before[-1]) : border]
    if _JOINT.search(between) or len(_THIN.sub("", between)) > _REACH:
        return None
    return before[-1]


def _right(claim: str, pole: Pole, pieces: list[Piece]) -> Piece | None:
    """The head of the phrase behind the pole: its last known word."""
    head, end = None, pole.end
    for piece in (p for p in pieces if p.start >= pole.end):
        between = claim[end : piece.start]
        if _JOINT.search(between) or len(_THIN.sub("", between)) > _REACH:
            break
        head, end = piece, _end(claim, piece)
    rest = re.match(r"[\u4e00-\u9fff]*", claim[end:])
    tail = _JOINT.split(rest.group())[0] if rest else ""
    return head if len(_THIN.sub("", tail)) <= _REACH else None
