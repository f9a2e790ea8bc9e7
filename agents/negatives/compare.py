"""Does the paper deny what the claim says, or say what the claim denies?"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from agents.negatives import chinese, english
from agents.negatives.align import HOLLOW, LATER, Alignment, Pair, heard, said

_ENOUGH = 0.4
"""Share of the claim that the sentence must have."""
_RUNNER_UP = 0.5
"""The same of a sentence that is not cited."""
_NEARLY = 0.9
_LITTLE = 0.25
"""The share that will do where the two are clearly about the same."""
_CLEAR = 3
"""So many denied words, all of them in the claim, need less of the rest."""
_LIGHT = frozenset(
    """
    使用 采用 利用 运用 借助 进行 加入 引入 添加 得到 获得 任何 额外 明显 显著 直接 具有 存在 出现 产生 观察到 发现 需要
    需 必须 要求 能够 可以 足够 充分 完全 所有 全部 启用 带来 提供 给出 相互 互相
    """.split()
)
"""Words behind a Chinese negative that the English may leave to a preposition or an article."""
_PRONOUN = re.compile(r"\b(?:we|it|they|this|these|there|he|she|i)\s*$", re.I)


class Clash(NamedTuple):
    """One side denies, the other does not."""

    is_dropped: bool
    """The paper denies; else the claim does."""
    english: str
    chinese: str
    fit: float


def dropped(alignment: Alignment) -> Clash | None:
    """What the paper denies and the claim says without a negative; the best fitting one."""
    found: list[Clash] = []
    pairs = [list(alignment.pairs(clause)) for clause in alignment.clauses if len(clause.pieces) > 1]
    for same in zip(*pairs, strict=True):
        for denial in same[0].en.denials:
            # where one clause of the claim speaks of the same, and denies it, the others may say what they like
            shared = [said(denial.all, pair.zh.pieces) for pair in same]
            most = max(map(len, shared))
            near = [(pair, some) for pair, some in zip(same, shared, strict=True) if 5 * len(some) >= 3 * most]
            if not most or any(pair.zh.is_negative(heard(some, pair.zh.pieces)) for pair, some in near):
                continue
            for pair in (pair for pair, some in near if len(some) == most):
                some = _denied(denial, pair, alignment)
                if some and not _said_elsewhere(denial, some, pair, pairs, alignment):
                    found.append(Clash(True, denial.words, pair.zh.text.strip("，。；：！？,;:!? "), pair.fit))
    return max(found, key=lambda c: c.fit, default=None)


def _denied(denial: english.Denial, pair: Pair, alignment: Alignment) -> list[english.Token]:
    """The denied words that the claim has, if it speaks of what is denied; else none."""
    if denial.is_condition or ("yet" in denial.words.split() and LATER.search(pair.zh.text)):
        return []
    head = said(denial.head, pair.zh.pieces)
    rest = denial.rest[:4]
    told = said(rest, pair.zh.pieces)
    whole = bool(denial.head) and len(head) == len(denial.head)
    if denial.is_verbal:
        agrees = whole and (2 * len(told) >= len(rest) or (len(rest) == 1 and alignment.says_all(pair)))
        agrees = agrees or len(told) == len(rest) >= _CLEAR
    else:
        agrees = denial.core in head and 5 * len(head) >= 3 * len(denial.head)
    if not agrees or _other_subject(denial, pair, alignment):
        return []
    clear = len(head) + len(told) >= _CLEAR and len(head) + len(told) == len(denial.head) + len(rest)
    clear = clear or (whole and alignment.same_number(pair.sentence))
    enough = _LITTLE if clear else _ENOUGH if alignment.is_cited(pair.sentence) else _RUNNER_UP
    return head + told if pair.covered >= enough else []


def _other_subject(denial: english.Denial, pair: Pair, alignment: Alignment) -> bool:
    """Does the denied clause speak of something the claim does not name?"""
    if not denial.is_verbal and not denial.words.lower().startswith("lack"):
        return False
    subject = re.split(r"\b(?:that|whether|which)\b", denial.subject)[-1]
    if _PRONOUN.search(subject):
        return False
    words = [t for t in pair.en.tokens if denial.start - len(subject) <= t.start < denial.start]
    return bool(words) and not said(words, alignment.claim)


def _said_elsewhere(
    denial: english.Denial,
    words: list[english.Token],
    best: Pair,
    pairs: Sequence[Sequence[Pair]],
    alignment: Alignment,
) -> bool:
    """Does a clause that fits nearly as well say the same of the same things, without a negative?"""
    stems = frozenset(t.stem for t in words)
    key = denial.core.stem if denial.core and denial.core.stem in stems else words[0].stem
    names = [p for p in best.zh.pieces if p.is_name and not p.stems.isdisjoint(best.en.stems)]
    numbered = alignment.same_number(best.sentence)
    return any(
        not p.en.denials
        and key in p.en.stems
        and p.fit >= _NEARLY * best.fit
        and len(stems & p.en.stems) >= len(stems) * (0.6 if p.fit >= best.fit else 0.8)
        and (not numbered or alignment.same_number(p.sentence))
        and (p.fit >= best.fit or all(not name.stems.isdisjoint(p.en.stems) for name in names))
        for row in pairs
        if row[0].zh is best.zh
        for p in row
    )


def added(alignment: Alignment) -> Clash | None:
    """What the claim denies and the paper says without a negative; the best fitting one."""
    found: list[Clash] = []
    for clause in alignment.clauses:
        if len(clause.denials) != 1:
            continue
        denial = clause.denials[0]
        pairs = list(alignment.pairs(clause))
        for pair in pairs:
            if pair.en.is_negative(_stems(denial)) or not _affirmed(denial, pair, alignment):
                continue
            if not _denied_elsewhere(denial, pair, pairs, alignment):
                found.append(Clash(False, " ".join(pair.en.text.split()), denial.words, pair.fit))
    return max(found, key=lambda c: c.fit, default=None)


def _stems(denial: chinese.Denial) -> frozenset[str]:
    return frozenset().union(*(p.stems for p in denial.scope))


def _affirmed(denial: chinese.Denial, pair: Pair, alignment: Alignment) -> bool:
    """Does the clause say what is denied, of the same things?"""
    if not denial.scope or pair.covered < 0.55:
        return False
    shared = heard(pair.en.tokens, pair.zh.pieces)
    if all(p.is_name or p.text in HOLLOW for p in shared):
        return False
    return (
        alignment.covered(denial.scope, pair.en.stems) >= 0.7
        and alignment.covered(pair.zh.pieces, pair.en.stems) >= 0.6
        and not next((p for p in denial.scope if p.text not in _LIGHT), denial.scope[0]).stems.isdisjoint(pair.en.stems)
    )


def _denied_elsewhere(denial: chinese.Denial, best: Pair, pairs: list[Pair], alignment: Alignment) -> bool:
    enough = 0.6 * alignment.covered(denial.scope, best.en.stems)
    mine = _stems(denial)
    return any(p.en.is_negative(mine) and alignment.covered(denial.scope, p.en.stems) >= enough for p in pairs)
