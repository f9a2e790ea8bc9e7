"""Questions that may come next, from the digests of the papers in question. Deterministic: no model is asked."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from agents.asking import coined
from agents.selection import heading
from core.models import Claim, Digest, Paper, Slot

_MOST = 3
_TITLE = 18
"""Characters of a Chinese title that a short question can carry."""
_LATIN = r"[A-Z][\w.+-]*(?: (?:[A-Z]|\d)[\w.+-]*){0,2}"
_SETS = re.compile(rf"在\s?({_LATIN}(?:\s?(?:、|和|与|,)\s?{_LATIN})*)\s?(?:数据集|基准|测试集)?(?:上|中)")
"""Names after 在 and before 上: what something was measured on."""
_AND = re.compile(r"\s?(?:、|和|与|,)\s?")


class Read(NamedTuple):
    """A paper with its digest."""

    paper: Paper
    digest: Digest


class _Idea(NamedTuple):
    question: str
    spent: re.Pattern[str]
    """An earlier question that has this has asked it already."""


def suggest(read: Sequence[Read], asked: Iterable[str]) -> tuple[str, ...]:
    """At most three short questions. `read`: papers in question, those the answer rests on first; `asked`: what was
    asked in this conversation, the newest question included."""
    earlier = list(asked)
    alone = len(read) == 1
    named = [(r, name) for r in read if (name := _name(r, alone=alone))]
    ideas = [idea for idea in (*_of_one(named), *_of_two(named)) if not any(idea.spent.search(q) for q in earlier)]
    return tuple(dict.fromkeys(idea.question for idea in ideas))[:_MOST]


def _of_one(named: Sequence[tuple[Read, str]]) -> Iterable[_Idea]:
    """About the first paper: what it was measured on, where it falls short, how it goes about it."""
    for read, name in named[:1]:
        mine = "" if name.startswith("这") or len(named) == 1 else f"(?=.*{re.escape(name)})"
        for data in _measured_on(_under(read.digest, "result"))[:1]:
            yield _Idea(f"{_spaced(name)}在 {data} 上表现如何？", re.compile(re.escape(data)))
        if _under(read.digest, "limitation"):
            spent = re.compile(rf"^{mine}.*(?:局限|不足|缺点|limit|weak)", re.IGNORECASE)
            yield _Idea(f"{_spaced(name)}有哪些局限？", spent)
        if len(named) == 1 and _under(read.digest, "method"):
            spent = re.compile(r"怎么做|方法|如何实现|how|method", re.IGNORECASE)
            yield _Idea(f"{_spaced(name)}具体是怎么做的？", spent)


def _of_two(named: Sequence[tuple[Read, str]]) -> Iterable[_Idea]:
    """About the first two papers side by side."""
    if len(named) > 1:
        (_, one), (_, other) = named[:2]
        both = rf"(?=.*{re.escape(one)})(?=.*{re.escape(other)})"
        yield _Idea(f"{_spaced(one)}和{_spaced(other, before=True)}的方法有什么不同？", re.compile(both))


def _name(read: Read, *, alone: bool) -> str:
    """How a question calls the paper; empty where nothing short would do."""
    if name := coined(read.paper.title):
        return name
    if alone:
        return "这篇论文"
    title = read.digest.claim("title")
    fits = title is not None and not title.withheld and read.digest.language == "zh" and len(title.text) <= _TITLE
    return f"《{title.text}》" if title and fits else ""


def _under(digest: Digest, slot: Slot) -> list[Claim]:
    """Claims that are shown under a heading."""
    ids = {id for s in digest.sections if s.name == heading(slot) for id in s.claim_ids}
    return [claim for claim in digest.claims if claim.id in ids and not claim.withheld]


def _measured_on(claims: Sequence[Claim]) -> list[str]:
    """Names of data sets in the order they are first met."""
    lists = [found for claim in claims for found in _SETS.findall(claim.text)]
    return list(dict.fromkeys(name.strip() for found in lists for name in _AND.split(found) if len(name.strip()) > 1))


def _spaced(name: str, *, before: bool = False) -> str:
    """A name between Chinese characters: Latin ones have space around them."""
    front = " " if before and name[:1].isascii() else ""
    return f"{front}{name}" + (" " if name[-1:].isascii() else "")
