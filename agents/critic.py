"""The critic: is this Chinese sentence so, according to the paper?

It does not trust the writer's evidence: it also searches the paper itself and lets the claim stand on whatever
passes best. Deterministic checks run first and can only be overruled by better evidence, never by a model.
The judge, if there is one, sees the claim and the quote and nothing else.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from agents import checks, judging
from agents.quoting import Span, cite, sentence
from core.models import Claim, Finding, Quote, Verdict
from core.ports import ChatModel, Retriever

_OWN_CANDIDATES = 6
"""Sentences the critic's own search adds."""
_NEAR = 0.42
"""Cosine above which a sentence is about the claim's subject, used only where no judge decides. Over 53 renderings of
seven papers the cosine with their own sentence was 0.54 to 0.88, with the other chosen sentences of the same paper
0.20 in the middle and above 0.42 for 15 %; claims that people word freely lie lower than renderings."""


@dataclass(frozen=True, slots=True)
class Critic:
    """Judges claims against papers. `judge` None: the deterministic checks alone decide."""

    retriever: Retriever
    judge: ChatModel | None

    async def review(self, claim: Claim, papers: Sequence[str], cited: Sequence[Span]) -> Claim:
        """The claim with verdict, score, evidence and findings.

        `papers`: versions to search. `cited`: the writer's own evidence, already located; may be empty.
        Raises what the judge's server raises (Retry, Stop).
        """
        options = await asyncio.to_thread(self._options, claim.text, papers, cited)
        if not options:
            missing = Finding(code="quote.missing", severity="error", message="全文中找不到与这句话有关的原文。")
            return claim.model_copy(update={"verdict": Verdict.UNVERIFIED, "evidence": (), "findings": (missing,)})
        best = options[0]
        probability = await judging.supported(self.judge, claim.text, best.text) if self.judge else None
        return conclude(claim, best, probability, self.judge)

    def _options(self, text: str, papers: Sequence[str], cited: Sequence[Span]) -> list["Option"]:
        """Pieces of evidence the claim could stand on, best first."""
        own = self.retriever.sentences(text, papers, _OWN_CANDIDATES)
        near = {(passage.id, n): score for passage, n, score in own}
        options = []
        if cited:
            likeness = max((near.get((s.passage.id, _number(s)), 0.0) for s in cited), default=0.0)
            options.append(weigh(text, tuple(cited), likeness, by_writer=True))
        spans = [sentence(passage, n) for passage, n, _ in own]
        options += [weigh(text, (span,), score) for span, (_, _, score) in zip(spans, own, strict=True)]
        if len(spans) >= 2:  # a compound claim may rest on two sentences
            options.append(weigh(text, (spans[0], spans[1]), (own[0][2] + own[1][2]) / 2 - 0.05))
        return sorted(options, key=lambda option: option.rank, reverse=True)


@dataclass(frozen=True, slots=True)
class Option:
    """A piece of evidence and what the checks say of the claim held against it."""

    spans: tuple[Span, ...]
    findings: tuple[Finding, ...]
    likeness: float
    """Cosine with the claim, 0 where unknown."""
    by_writer: bool

    @property
    def text(self) -> str:
        """The evidence as the judge sees it."""
        return " ".join(span.text for span in self.spans)

    @property
    def rank(self) -> tuple[int, bool, int, float]:
        """Fewest errors first; then the writer's own choice; then fewest warnings, then nearness."""
        errors = sum(f.severity == "error" for f in self.findings)
        warnings = sum(f.severity == "warning" for f in self.findings)
        return -errors, self.by_writer, -warnings, self.likeness


def weigh(claim: str, spans: tuple[Span, ...], likeness: float, *, by_writer: bool = False) -> Option:
    """Runs all checks of a claim against these spans."""
    evidence = " ".join(span.text for span in spans)
    context = " ".join(dict.fromkeys(span.passage.text for span in spans))
    return Option(spans, tuple(checks.run(claim, evidence, context)), likeness, by_writer)


def _number(span: Span) -> int:
    """The number of the sentence a span begins in."""
    return next((n for n, (start, end) in enumerate(span.passage.sentences) if start <= span.start < end), -1)


def conclude(claim: Claim, option: Option, probability: float | None, judge: ChatModel | None) -> Claim:
    """Verdict from the checks' findings and the judge's probability (None: nobody judged). Pure."""
    evidence: tuple[Quote, ...] = tuple(cite(span) for span in option.spans)
    findings = list(option.findings)
    errors = [f for f in findings if f.severity == "error"]
    warnings = [f for f in findings if f.severity == "warning"]
    if probability is None:
        about_it = option.by_writer or option.likeness >= _NEAR
        verdict = _by_checks(bool(errors), bool(warnings), about_it)
        score = 0.0 if errors else max(0.0, min(1.0, option.likeness))
    else:
        bar = judging.thresholds(judge)
        score = probability
        if errors or probability < bar.partial:
            verdict = Verdict.UNSUPPORTED
        else:
            verdict = Verdict.SUPPORTED if probability >= bar.supported and not warnings else Verdict.PARTIAL
        if probability < bar.supported and not errors:
            findings.append(judging.doubt(probability, bar))
    return claim.model_copy(
        update={"verdict": verdict, "score": round(score, 4), "evidence": evidence, "findings": tuple(findings)}
    )


def _by_checks(errors: bool, warnings: bool, about_it: bool) -> Verdict:
    """Without a judge: what code alone can answer for."""
    if not about_it:
        return Verdict.UNVERIFIED
    if errors:
        return Verdict.UNSUPPORTED
    return Verdict.PARTIAL if warnings else Verdict.SUPPORTED
