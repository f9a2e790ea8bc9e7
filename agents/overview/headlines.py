"""What the papers are called in the issue. Pure."""

from collections.abc import Iterable

from core.models import Claim, PaperResult, Status, Verdict
from core.overview import Headline

_STRONGER = ("strength", "number", "unit", "direction", "negation", "attribution")
"""Findings that say a title promises more than the paper, or something else; others (a name spelled otherwise, a judge
not quite sure) leave it usable, marked as partly supported."""


def headlines(results: Iterable[PaperResult]) -> tuple[Headline, ...]:
    """Of the published ones, in the given order."""
    return tuple(_headline(result) for result in results if result.status is Status.PUBLISHED)


def _headline(result: PaperResult) -> Headline:
    digest, paper = result.digest, result.paper
    title = digest.claim("title") if digest and digest.language == "zh" else None
    if title is not None and may_head(title):
        return Headline(paper=paper.version, text=title.text.strip(), verdict=title.verdict, original=False)
    return Headline(paper=paper.version, text=paper.title, verdict=Verdict.SUPPORTED, original=True)


def may_head(title: Claim) -> bool:
    """Is the Chinese title no stronger than its evidence?"""
    if title.withheld or not title.text.strip():
        return False
    if title.verdict is Verdict.PARTIAL:
        return not any(f.severity != "info" and f.code.split(".")[0] in _STRONGER for f in title.findings)
    return title.verdict is Verdict.SUPPORTED
