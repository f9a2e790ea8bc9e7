"""今日看点 without a strong model: verified sentences of the papers most worth reading, one a paper. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence

from agents.overview.tables import called
from core.models import Claim, Digest, PaperResult, Status, Verdict
from core.overview import Highlight, Topic

MOST = 5
_RESULTS = "结果"
_ALIKE = "（两处"
"""How agents/tabling/conflicts.py begins its remark where both papers state the same settings, or neither any."""
_ITSELF = re.compile(r"作者|本文|本工作|我们|\b[Ww]e\b|\b[Oo]ur\b|\b[Tt]his (?:paper|work)\b")


def candidates(results: Iterable[PaperResult]) -> list[tuple[PaperResult, Claim]]:
    """The sentence of each published paper that says best what came out, in the given order; papers of which none
    stood, or all are about others, are left out."""
    published = (r for r in results if r.status is Status.PUBLISHED and r.digest)
    return [(r, said) for r in published if r.digest and (said := _of_its_own(r, findings(r.digest)))]


def _of_its_own(result: PaperResult, claims: Iterable[Claim]) -> Claim | None:
    """The first that says what the paper itself did or found. A summary may be about others' work; with the paper's
    name put before it, it would give them what others did."""
    name = _bare(result).casefold()
    return next((c for c in claims if c.id != "tldr" or name in c.text.casefold() or _ITSELF.search(c.text)), None)


def _bare(result: PaperResult) -> str:
    return called(result.paper).strip("《》")


def findings(digest: Digest) -> list[Claim]:
    """What a digest says in sum and of results, fully supported, the summary first."""
    ids = ["tldr", *(id for s in digest.sections if s.name == _RESULTS for id in s.claim_ids)]
    told = (digest.claim(id) for id in dict.fromkeys(ids))
    return [c for c in told if c and c.verdict is Verdict.SUPPORTED and not c.withheld and c.evidence]


def spread(
    candidates: Sequence[tuple[PaperResult, Claim]], topics: Sequence[Topic], taken: Iterable[str] = ()
) -> list[Highlight]:
    """Highlights in the order to be shown: the first of each topic that nobody of `taken` (versions) is in, then the
    others."""
    of = {version: topic.id for topic in topics for version in topic.papers}
    known = set(taken)
    met, first, later = {of.get(v, "") for v in known}, list[Highlight](), list[Highlight]()
    for result, claim in candidates:
        version = result.paper.version
        if version not in known:
            topic = of.get(version, "")
            (later if topic in met else first).append(
                Highlight(claim=claim.model_copy(update={"text": named(result, claim)}), papers=(version,))
            )
            met.add(topic)
    return [*first, *later]


def named(result: PaperResult, claim: Claim) -> str:
    """The sentence with the paper's name before it, where it does not have it."""
    named = _bare(result).casefold() in claim.text.casefold()
    return claim.text if named else f"{called(result.paper)}：{claim.text}"


def disagreeing(claims: Sequence[Claim]) -> list[Highlight]:
    """Where two of the papers contradict each other: one at most, the first whose settings are not said to differ;
    numbers of different settings may differ, which is no news."""
    apart = [c for c in claims if _ALIKE in c.text][:1]
    return [Highlight(claim=c, papers=tuple(dict.fromkeys(q.paper for q in c.evidence))) for c in apart]


def numbered(highlights: Iterable[Highlight]) -> tuple[Highlight, ...]:
    """With ids h1, h2, …"""
    return tuple(
        h.model_copy(update={"claim": h.claim.model_copy(update={"id": f"h{n}"})}) for n, h in enumerate(highlights, 1)
    )


def by_version(results: Iterable[PaperResult]) -> Mapping[str, PaperResult]:
    """Version -> how its paper ended."""
    return {result.paper.version: result for result in results}
