"""The critic: is this Chinese sentence so, according to the paper?

It does not trust the writer's evidence: it also looks through the whole paper and lets the claim stand on what is
nearest to it. Deterministic checks run first and can only be overruled by better evidence, never by a model.
Judges, if there are any, see the claim and the quotes and nothing else.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from agents import checks, judging
from agents.checks import Evidence
from agents.evidence.gather import Ranked, enough, rank
from agents.evidence.statements import Papers, PaperText, text_of
from agents.evidence.support import support
from agents.judging import Opinion
from agents.quoting import Span, cite
from core.documents import Passage
from core.models import Claim, Finding, Verdict
from core.ports import ChatModel, Retriever

_SEARCHED = 24
"""Passages the search may recommend."""
_NEAR = 0.25
"""Share of the claim's words, names and numbers that its evidence must have, where no judge decides."""
_SUPPORT = 0.46
"""How far the paper must speak of what the claim says (see agents/evidence/support.py), where no judge decides. Of 354
true claims one lies below it, of 46 invented ones 19."""
_AT_ONCE = 1
"""Claims laid beside their evidence at the same time. It is pure computing: more threads finish no sooner, and take
turns from those that search for somebody who waits for the first word."""
_AS_GOOD = 0.92
"""From this share of the best score on another statement is as near as the nearest."""


@dataclass(frozen=True, slots=True)
class Option:
    """A piece of evidence and what the checks say of the claim held against it."""

    spans: tuple[Span, ...]
    findings: tuple[Finding, ...]
    covered: float
    """Share of the claim that the evidence has, by rarity: 0 to 1."""
    by_writer: bool
    support: float = 1.0
    """How far the paper speaks of what the claim says: 0 to 1."""

    @property
    def text(self) -> str:
        """The evidence as the judge sees it."""
        return " ".join(span.text for span in self.spans)

    @property
    def rank(self) -> tuple[int, bool, int, float]:
        """Fewest errors first; then the writer's own choice; then fewest warnings, then nearness."""
        errors = sum(f.severity == "error" for f in self.findings)
        warnings = sum(f.severity == "warning" for f in self.findings)
        return -errors, self.by_writer, -warnings, self.covered


@dataclass(frozen=True, slots=True)
class Critic:
    """Judges claims against papers. Without judges the deterministic checks alone decide."""

    retriever: Retriever
    papers: Papers
    judges: Sequence[ChatModel]
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def review(self, claim: Claim, papers: Sequence[str], cited: Sequence[Span]) -> Claim:
        """The claim with verdict, score, evidence and findings.

        `papers`: versions to search. `cited`: the writer's own evidence, already located; may be empty.
        Raises what the judge's server raises (Retry, Stop).
        """
        async with self._room:
            options = await asyncio.to_thread(self.options, claim.text, papers, cited)
        if not options:
            missing = Finding(code="quote.missing", severity="error", message="全文中找不到与这句话有关的原文。")
            return claim.model_copy(update={"verdict": Verdict.UNVERIFIED, "evidence": (), "findings": (missing,)})
        return await self.decide(claim, options[0])

    async def against(self, claim: Claim, passage: Passage) -> Claim:
        """The claim held against a text that came with it, all of whose sentences count. Raises as `review` does."""
        paper = text_of((passage,))
        near = [ranked.statement for ranked in rank(claim.text, paper, {})]
        spans = tuple(s.span for s in dict.fromkeys([*near, *paper.statements]))
        return await self.decide(claim, weigh(claim.text, spans, 1.0, paper=paper, by_writer=True))

    async def decide(self, claim: Claim, option: Option) -> Claim:
        """The claim held against one piece of evidence. Judges are asked only where no check has found an error: they
        could not overrule it."""
        wrong = any(f.severity == "error" for f in option.findings)
        return conclude(claim, option, () if wrong else await judging.opinions(self.judges, claim.text, option.text))

    def options(self, text: str, papers: Sequence[str], cited: Sequence[Span]) -> list[Option]:
        """Pieces of evidence the claim could stand on, best first."""
        # words alone: the claim is in statements already, and loading an encoder takes longer than sixteen claims
        found = self.retriever.search(text, papers, _SEARCHED, by_meaning=False)
        scores = {hit.passage.id: hit.score for hit in found}
        read = [paper for version in papers if (paper := self.papers.get(version))]
        near = [(ranked, paper) for paper in read for ranked in rank(text, paper, scores)]
        near.sort(key=lambda pair: -pair[0].score)
        enough_for = _AS_GOOD * near[0][0].score if near else 0.0
        options = [self._option(text, near, n) for n, (ranked, _) in enumerate(near) if ranked.score >= enough_for]
        if cited:
            others, paper = tuple(r.statement.text for r, _ in near), near[0][1] if near else None
            options.append(weigh(text, tuple(cited), 1.0, near=others, paper=paper, by_writer=True))
        return sorted(options, key=lambda option: option.rank, reverse=True)

    def _option(self, text: str, near: Sequence[tuple[Ranked, PaperText]], n: int) -> Option:
        first, paper = near[n]
        ranked = [first, *(r for r, p in near if p is paper and r is not first)]
        chosen = enough(text, ranked, paper)
        others = tuple(r.statement.text for r in ranked if r.statement not in chosen)
        return weigh(text, tuple(s.span for s in chosen), first.covered, near=others, paper=paper)


def weigh(
    claim: str, spans: tuple[Span, ...], covered: float, *, near: tuple[str, ...] = (), paper: PaperText | None = None,
    by_writer: bool = False,
) -> Option:  # fmt: skip
    """Runs all checks of a claim against these spans. `near`: other statements about the same; `paper`: theirs."""
    context = " ".join(dict.fromkeys(span.passage.text for span in spans))
    evidence = Evidence(tuple(span.text for span in spans), context, near)
    if paper is not None:
        evidence = Evidence(evidence.texts, context, near, paper.tables, paper.naming)
    said = 1.0 if paper is None else support(claim, covered, paper)
    return Option(spans, tuple(checks.run(claim, evidence)), covered, by_writer, said)


def conclude(claim: Claim, option: Option, said: Sequence[Opinion]) -> Claim:
    """Verdict from the checks' findings and the judges' opinions (none: nobody judged). Pure."""
    findings = [*option.findings, *judging.doubts(said)]
    errors = any(f.severity == "error" for f in findings)
    warnings = any(f.severity == "warning" for f in findings)
    if errors:
        verdict = Verdict.UNSUPPORTED
    elif not said and not option.by_writer and (option.covered < _NEAR or option.support < _SUPPORT):
        verdict = Verdict.UNVERIFIED
    else:
        verdict = Verdict.PARTIAL if warnings else Verdict.SUPPORTED
    if said:
        score = min(opinion.probability for opinion in said)
    else:
        score = 0.0 if errors else max(0.0, min(1.0, option.covered))
    evidence = tuple(cite(span) for span in option.spans)
    return claim.model_copy(
        update={"verdict": verdict, "score": round(score, 4), "evidence": evidence, "findings": tuple(findings)}
    )
