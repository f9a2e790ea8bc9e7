"""值得细读: every listed paper, the most worth reading first, with the reasons. Pure; it orders, it never leaves out.

The score is the sum of the reasons' weights. A keyword or author a person named weighs more than all else together;
what the community and the evidence say orders the rest.
"""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from agents.overview.words import Keys, Lexis, clean, plain
from core.models import Basis, Digest, PaperResult, Verdict
from core.overview import Hot, Profile, Reason, Worth

KEYWORD, KEYWORD_MORE = 2.5, 0.5
"""The first keyword of the profile, and each further one: they were asked for, so one outweighs votes, field, evidence
and code together; a second says little more."""
_KEYWORDS = 4
"""Keywords that are counted and named."""
AUTHOR = 3.0
"""Named people are followed whatever they write about; seldom, and never by chance."""
EXAMPLE = 1.5
"""As like as a paper can be to an example; less than a keyword, because likeness is guessed."""
UPVOTES = 1.0
"""The day's most voted paper. By the logarithm: the step from 3 to 30 votes says as much as that from 30 to 300."""
HOT, _HOTS = 0.2, 2
"""Each field that has more papers than usual, of at most two: a hint, no merit of the paper."""
EVIDENCE = 0.6
"""Every sentence of the digest was found in the full text: what was read whole and stood is worth more of a reader's
time than an abstract. Less than votes, because it also measures how well we read."""
CODE = 0.3
"""Can be tried out at once."""

_NEAR = 0.3
"""How much more like an example than the day's papers are on average a paper must be to say so. With the packaged
encoder papers on the example's subject lie above it, those that only sound like it between 0.1 and 0.25."""


class Known(NamedTuple):
    """What the day's papers are ordered by."""

    spoken: Mapping[str, Keys]
    vectors: Mapping[str, np.ndarray]
    likes: np.ndarray
    profile: Profile
    hot: Sequence[Hot]
    coded: frozenset[str]
    """Versions that print where their code is."""
    observed: datetime | None
    lexis: Lexis


def worth(results: Sequence[PaperResult], known: Known) -> tuple[Worth, ...]:
    """All of them, equal ones by version."""
    most = max((r.paper.upvotes or 0 for r in results), default=0)
    likeness = _likeness(results, known)
    found = []
    for result in results:
        reasons = (
            *_keywords(result, known),
            *_authors(result, known.profile),
            *_example(likeness.get(result.paper.version, 0.0)),
            *_upvotes(result.paper.upvotes, most, known.observed),
            *_hot(result, known.hot),
            *_evidence(result.digest),
            *_code(result, known.coded),
        )
        score = round(sum(reason.weight for reason in reasons), 4)
        found.append(Worth(paper=result.paper.version, score=score, reasons=reasons))
    return tuple(sorted(found, key=lambda w: (-w.score, w.paper)))


def _keywords(result: PaperResult, known: Known) -> list[Reason]:
    """Keywords of the profile that the paper has: as one of its words under whatever spelling, Chinese or English, or
    printed in title, abstract or what of its digest is shown; in Chinese also as part of a word (材料 of 材料科学)."""
    paper = result.paper
    english = f" {' '.join(plain(f'{paper.title} . {paper.abstract}'))} "
    chinese = " ".join(c.text for c in result.digest.claims if not c.withheld) if result.digest else ""
    met = [k for k in known.profile.keywords if _has(k, known.spoken[paper.version], english, chinese, known.lexis)]
    met = list({known.lexis.canonical(k): k for k in reversed(met)}.values())[::-1][:_KEYWORDS]
    if not met:
        return []
    weight = KEYWORD + KEYWORD_MORE * (len(met) - 1)
    return [Reason(kind="keyword", text=f"你关注的关键词：{'、'.join(met)}", weight=weight)]


def _has(keyword: str, keys: Keys, english: str, chinese: str, lexis: Lexis) -> bool:
    key, word = lexis.canonical(keyword), clean(keyword)
    if key and (key in keys or f" {key} " in english):
        return True
    if not word or word.isascii():
        return False
    return word in chinese or any(word in lexis.chinese(k) for k in keys)


def _authors(result: PaperResult, profile: Profile) -> list[Reason]:
    wanted = {_person(name): name for name in reversed(profile.authors) if _person(name)}
    met = list(dict.fromkeys(wanted[p] for name in result.paper.authors if (p := _person(name)) in wanted))
    return [Reason(kind="author", text=f"你关注的作者：{'、'.join(met)}", weight=AUTHOR)] if met else []


def _person(name: str) -> tuple[str, ...]:
    """A name for comparing: without accents, in whatever order its parts stand."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    return tuple(sorted("".join(c if c.isalnum() else " " for c in plain).split()))


def _likeness(results: Sequence[PaperResult], known: Known) -> dict[str, float]:
    """How far each paper is more like one of the examples than the day's papers are on average: 0 to 1."""
    if not len(known.likes) or not results:
        return {}
    rows = np.stack([np.asarray(known.vectors[r.paper.version], dtype=np.float64) for r in results])
    alike = rows @ np.asarray(known.likes, dtype=np.float64).T
    usual = alike.mean(axis=0)  # an example that all of a day resembles points at none of its papers
    best = ((alike - usual) / np.maximum(1.0 - usual, 1e-6)).max(axis=1)
    return {r.paper.version: float(np.clip(b, 0.0, 1.0)) for r, b in zip(results, best, strict=True)}


def _example(likeness: float) -> list[Reason]:
    if likeness < _NEAR:
        return []
    return [Reason(kind="example", text="和你举的例子相近", weight=round(EXAMPLE * likeness, 4))]


def _upvotes(upvotes: int | None, most: int, observed: datetime | None) -> list[Reason]:
    if not upvotes or upvotes < 0:
        return []
    when = f"（{observed.astimezone(UTC):%Y-%m-%d %H:%M} UTC 时）" if observed else ""
    weight = round(UPVOTES * math.log1p(upvotes) / math.log1p(most), 4)
    return [Reason(kind="upvotes", text=f"社区 {upvotes} 票{when}", weight=weight)]


def _hot(result: PaperResult, hot: Sequence[Hot]) -> list[Reason]:
    met = [h.name for h in hot if h.change in ("new", "up") and result.paper.version in h.papers][:_HOTS]
    return [Reason(kind="hot", text=f"升温的方向：{'、'.join(met)}", weight=round(HOT * len(met), 4))] if met else []


def _evidence(digest: Digest | None) -> list[Reason]:
    if digest is None or digest.basis is not Basis.FULL_TEXT or not digest.claims:
        return []
    stand = sum(c.verdict is Verdict.SUPPORTED and not c.withheld for c in digest.claims)
    weight = round(EVIDENCE * stand / len(digest.claims), 4)
    text = f"读了全文，{len(digest.claims)} 句里 {stand} 句有原文支持"
    return [Reason(kind="evidence", text=text, weight=weight)] if stand else []


def _code(result: PaperResult, coded: frozenset[str]) -> list[Reason]:
    return [Reason(kind="code", text="论文给出了代码地址", weight=CODE)] if result.paper.version in coded else []
