"""今日看点: a strong model puts verified claims of the day's papers together, the critic checks every sentence again.

The model names claims by key (P1.c3); a key it was not given makes its sentence worthless. A sentence on one paper is
reviewed like any other. One on several is held against all their quotes together, so that nothing else can carry it,
and each of its clauses that names one of the papers against the quotes of that paper alone, so that numbers do not
change places. What fails is dropped; sentences that code chose stand in its place.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from agents import checks, judging, prompting, quoting
from agents.checks import Evidence
from agents.composing import prints_addresses
from agents.critic import Critic, Option, conclude
from agents.overview import chosen
from agents.overview.tables import called
from agents.overview.words import line
from agents.quoting import Span
from core.documents import Document, Passage
from core.errors import OverBudget, Skip
from core.models import Claim, Finding, Paper, PaperResult, Quote, Verdict
from core.overview import Highlight
from core.ports import ChatModel

_PAPERS, _CLAIMS = 24, 4
"""Papers that are offered to the model, and claims of each: about 6,000 characters."""
_TOKENS = 900
_KEYS = 3
_LONGEST = 160
"""Characters; more is no sentence to be read at breakfast."""
_CODE = re.compile(r"\bP\d+(?:\.[\w.]+)?\b")
_COUNTS = re.compile(r"[\d一二两三四五六七八九十百千万亿半倍]")
_CLAUSE = re.compile(r"[，；,;。]")
_STANDS = (Verdict.SUPPORTED, Verdict.PARTIAL)


class _Sentence(BaseModel):
    model_config = ConfigDict(extra="ignore")
    text: str
    keys: list[str] = Field(default=[], description="编号，如 P1.c3，只能取自材料")


class _Highlights(BaseModel):
    """What the model fills."""

    model_config = ConfigDict(extra="ignore")
    sentences: list[_Sentence]


class Offer(NamedTuple):
    """A verified claim the model may build on."""

    key: str
    paper: Paper
    claim: Claim
    spans: tuple[Span, ...]


class Said(NamedTuple):
    """A sentence of the model and what it rests on."""

    text: str
    offers: tuple[Offer, ...]

    @property
    def papers(self) -> tuple[Paper, ...]:
        """Each once."""
        return tuple({offer.paper.version: offer.paper for offer in self.offers}.values())

    def spans(self, version: str = "") -> tuple[Span, ...]:
        """The quotes it rests on; with a version, those of that paper."""
        chosen = [s for o in self.offers for s in o.spans if not version or o.paper.version == version]
        return tuple(dict.fromkeys(chosen))


def offers(results: Sequence[PaperResult], documents: Mapping[str, Document], critic: Critic) -> list[Offer]:
    """What there is to build on: of each published paper, in the given order, what stands and whose quotes are found
    in what was read."""
    found = list[Offer]()
    told = [(r, r.digest) for r, _ in chosen.candidates(results) if r.digest and r.digest.language == "zh"]
    for n, (result, digest) in enumerate(told[:_PAPERS], 1):
        passages = _passages(result.paper.version, documents, critic)
        for claim in chosen.findings(digest)[:_CLAIMS]:
            if spans := _spans(claim.evidence, passages):
                found.append(Offer(f"P{n}.{claim.id}", result.paper, claim, spans))
    return found


def _passages(version: str, documents: Mapping[str, Document], critic: Critic) -> dict[str, Passage]:
    if version in documents:
        return {p.id: p for p in documents[version].passages}
    read = critic.papers.get(version)  # of an abstract
    return {s.passage.id: s.passage for s in read.statements} if read else {}


def _spans(quotes: Sequence[Quote], passages: Mapping[str, Passage]) -> tuple[Span, ...]:
    """Where the quotes stand; empty where one of them is not found."""
    homes = [(quote, passages.get(quote.passage)) for quote in quotes]
    found = [quoting.locate(q.spelled_out or q.quote, [home]) if home else None for q, home in homes]
    spans = [span for span in found if span is not None]
    return tuple(spans) if len(spans) == len(quotes) else ()


async def compose(model: ChatModel, critic: Critic, day: date, offered: Sequence[Offer]) -> tuple[list[Highlight], int]:
    """(the sentences of the model that stood, in its order; how many it wrote). None where it fills no schema or the
    budget ends. Raises what a server raises."""
    if not offered:
        return [], 0
    template = prompting.load("overview", "day", "notes")
    prompt = template.prompt(_TOKENS, day=day.isoformat(), notes=_listed(offered))
    made, wrote = list[Highlight](), 0
    try:
        filled = await model.fill(prompt, _Highlights)
        wrote = len(filled.sentences[: chosen.MOST])
        for sentence in filled.sentences[:wrote]:
            said = _said(sentence, offered)
            claim = await review(critic, said) if said else None
            if said and claim:
                made.append(Highlight(claim=claim, papers=tuple(p.version for p in said.papers)))
    except OverBudget:
        return made, wrote
    except Skip as error:
        if error.code != "format":
            raise
    return made, wrote


def _listed(offered: Sequence[Offer]) -> str:
    """Claims under their papers. What would end the delimiter is broken up."""
    lines = list[str]()
    for n, offer in enumerate(offered):
        if not n or offered[n - 1].paper.version != offer.paper.version:
            lines.append(f"# {called(offer.paper)}")
        lines.append(f"[{offer.key}] {offer.claim.text}")
    return prompting.data("\n".join(lines))


def _said(sentence: _Sentence, offered: Sequence[Offer]) -> Said | None:
    """None for what is no sentence resting on one to three of the claims."""
    known = {offer.key: offer for offer in offered}
    keys = list(dict.fromkeys(key.strip(" []") for key in sentence.keys))
    text = line(sentence.text)
    if not 1 <= len(keys) <= _KEYS or not all(key in known for key in keys):
        return None
    said = Said(text, tuple(known[key] for key in keys))
    if not text or len(text) > _LONGEST or _CODE.search(text):
        return None
    return said if prints_addresses(text, " ".join(span.text for span in said.spans())) else None


async def review(critic: Critic, said: Said) -> Claim | None:
    """The sentence with its verdict; None where it does not stand."""
    claim = Claim(id="h", text=said.text)
    versions = [paper.version for paper in said.papers]
    if len(versions) == 1:
        reviewed = await critic.review(claim, versions, said.spans())
    elif not await asyncio.to_thread(told_apart, said):
        return None
    else:
        reviewed = await _together(critic, claim, said)
    about = {quote.paper for quote in reviewed.evidence}
    return reviewed if reviewed.verdict in _STANDS and about == set(versions) else None


async def _together(critic: Critic, claim: Claim, said: Said) -> Claim:
    """Held against the quotes of all its papers, each under its paper's name for the judges."""
    findings = await asyncio.to_thread(_errors, said.text, said.spans(), said.papers)
    option = Option(said.spans(), tuple(findings), 1.0, by_writer=True)
    if any(f.severity == "error" for f in findings):
        return conclude(claim, option, ())
    quotes = (f"{called(p)}: {' '.join(s.text for s in said.spans(p.version))}" for p in said.papers)
    return conclude(claim, option, await judging.opinions(critic.judges, claim.text, "\n".join(quotes)))


def told_apart(said: Said) -> bool:
    """Can every number of a sentence on several papers be told whose it is, and is it theirs? Pure."""
    names = {paper.version: called(paper).strip("《》") for paper in said.papers}
    plain = said.text.casefold()
    for name in names.values():
        plain = plain.replace(name.casefold(), "")
    if _COUNTS.search(plain) and not all(name.casefold() in said.text.casefold() for name in names.values()):
        return False
    speaking, parts = tuple[str, ...](), dict[tuple[str, ...], str]()
    for clause in _CLAUSE.split(said.text):
        speaking = tuple(v for v, name in names.items() if name.casefold() in clause.casefold()) or speaking
        parts[speaking] = f"{parts.get(speaking, '')}，{clause}".strip("，")
    return not any(
        finding.severity == "error"
        for versions, text in parts.items()
        for version in versions  # a number said of two papers is to be found in both
        if len(versions) == 1 or _COUNTS.search(text)
        for finding in _errors(text, said.spans(version), said.papers)
    )


def _errors(text: str, spans: Sequence[Span], papers: Sequence[Paper]) -> list[Finding]:
    """What the checks say; that a quote does not print its paper's own name is no error."""
    evidence = Evidence(
        tuple(span.text for span in spans), " ".join(dict.fromkeys(span.passage.text for span in spans))
    )
    own = " ".join(called(paper) for paper in papers).casefold()
    found = checks.run(text, evidence)
    return [f for f in found if not (f.code.startswith("name") and f.where and f.where.casefold() in own)]
