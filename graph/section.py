"""One section's way: research -> write -> critique -> [revise -> critique …] -> done. Every section is a thread."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, Literal

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from agents import quoting, replying, reporting, researching, tabling
from agents.asking import coined
from agents.streaming import Statement
from agents.weakened import weakened
from core.documents import Document, Passage
from core.errors import OverBudget, Skip
from core.models import Claim, Finding, Paper, Usage, Verdict
from core.ports import Role
from core.report import Grid, ReportSection, Sentence, Written
from graph.checking import review
from graph.deps import Deps
from graph.publishing import fails
from graph.state import SectionState

OVER = "预算用完，未写完"
_AT_ONCE = 2
"""Sentences of a section under review."""
_UNJUDGED = Finding(code="entailment.unjudged", severity="error", message="这句话还没有核验。")


def documents_of(deps: Deps, versions: Sequence[str]) -> dict[str, Document]:
    """The papers of a report as they were read."""
    found = {version: deps.library.document(version, deps.parser) for version in versions}
    return {version: document for version, document in found.items() if document is not None}


def papers_of(deps: Deps, versions: Sequence[str]) -> dict[str, Paper]:
    """What the sources say of them."""
    found = {version: deps.library.paper(version) for version in versions}
    return {version: paper for version, paper in found.items() if paper is not None}


async def research_node(state: SectionState, runtime: Runtime[Deps]) -> SectionState:
    """What the papers say on the section's questions."""
    deps, section = runtime.context, state["section"]
    deps.tell(section.id, "research", note=section.heading)
    documents = await asyncio.to_thread(documents_of, deps, state["papers"])

    async def search(question: str, english: str, versions: Sequence[str], k: int) -> list[tuple[Passage, int, float]]:
        return await asyncio.to_thread(deps.retriever.sentences, question, versions, k, english)

    with deps.meter.account() as account:
        model = deps.model(Role.READ if deps.composes else Role.WRITE)
        material = await researching.research(
            model, section, state["plan"], documents, search, deps.embedder,
            lambda note: deps.tell(section.id, "research", note=note),
        )  # fmt: skip
    return {"material": material, "usage": account.usage}


async def write_node(state: SectionState, runtime: Runtime[Deps]) -> SectionState:
    """Blocks and sentences with evidence keys, and what code takes from tables and figures."""
    deps, section = runtime.context, state["section"]
    deps.tell(section.id, "write", note=section.heading)
    documents = await asyncio.to_thread(documents_of, deps, state["papers"])
    papers = await asyncio.to_thread(papers_of, deps, state["papers"])
    with deps.meter.account() as account:
        written = await reporting.write(
            deps.model(Role.WRITE), section, state["plan"], state["material"], documents, papers, deps.glossary
        )
    written = await asyncio.to_thread(tabling.add, written, section, documents, papers)
    return {"written": written, "claims": (), "again": (), "rounds": 0, "rewritten": 0, "stopped": "",
            "usage": account.usage}  # fmt: skip


# critique


async def critique_node(state: SectionState, runtime: Runtime[Deps]) -> SectionState:
    """Verdicts for all sentences that have none yet; once the budget is used up the others are withheld unjudged."""
    deps, section, written = runtime.context, state["section"], state["written"]
    documents = await asyncio.to_thread(documents_of, deps, state["papers"])
    passages = {p.id: p for document in documents.values() for p in document.passages}
    before = {claim.id: claim for claim in state["claims"]}
    about = _columns(written)
    room, done = asyncio.Semaphore(_AT_ONCE), 0

    async def one(sentence: Sentence) -> Claim | None:
        nonlocal done
        old = before.get(sentence.id)
        claim = old if old and sentence.id not in state["again"] else printed(sentence, passages)
        if claim is None:
            async with room:
                try:
                    claim = await _reviewed(deps, sentence, about.get(sentence.id, ""))
                except OverBudget:
                    return None
            if old and old.withheld and not claim.withheld:
                claim = replying.corrected(claim, old)
        done += 1
        deps.tell(section.id, "verify", done=done, of=len(written.sentences))
        return claim

    with deps.meter.account() as account:
        claims = await _each([one(sentence) for sentence in written.sentences])
    settled = [claim or before.get(s.id) or unjudged(s) for s, claim in zip(written.sentences, claims, strict=True)]
    stand = sum(c.id in before and before[c.id].withheld and not c.withheld for c in settled)
    stopped = state["stopped"] or (OVER if None in claims else "")
    return {
        "claims": tuple(settled), "rewritten": state["rewritten"] + stand, "stopped": stopped, "usage": account.usage,
    }  # fmt: skip


async def _each(reviews: Sequence[Coroutine[Any, Any, Claim | None]]) -> list[Claim | None]:
    """All of them; where one breaks off, none goes on behind its back."""
    tasks = [asyncio.create_task(one) for one in reviews]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _reviewed(deps: Deps, sentence: Sentence, about: str) -> Claim:
    if not sentence.cited:
        return replying.uncited(sentence.id, sentence.text)
    claim = await review(deps, sentence.id, Statement(sentence.text, sentence.cited), about)
    return claim.model_copy(update={"withheld": claim.withheld or fails(claim)})


def _columns(written: Written) -> dict[str, str]:
    """Claims in cells -> the heading over them, which belongs to what they say."""
    grids = [block for block in written.blocks if isinstance(block, Grid)]
    return {id: column for g in grids for row in g.rows for id, column in zip(row.cells, g.columns, strict=False) if id}


def printed(sentence: Sentence, passages: Mapping[str, Passage]) -> Claim | None:
    """A claim that is as the paper prints it, which needs no judge; None for any other."""
    evidence = sentence.evidence
    if not evidence:
        spans = [quoting.sentence(passages[id], n) for id, n in sentence.cited if id in passages]
        if not spans or sentence.text != " ".join(span.text for span in spans):
            return None
        evidence = tuple(quoting.cite(span) for span in spans)
    return Claim(id=sentence.id, text=sentence.text, verdict=Verdict.SUPPORTED, score=1.0, evidence=evidence)


def unjudged(sentence: Sentence) -> Claim:
    """A sentence that nobody came to judge: kept, not shown, but for what code took from the page."""
    bare = Claim(id=sentence.id, text=sentence.text, findings=(_UNJUDGED,), withheld=True)
    return printed(sentence, {}) or bare


# revise


def after_critique(state: SectionState, runtime: Runtime[Deps]) -> Literal["revise", "done"]:
    """Back to a strong writer while sentences fail and rounds are left."""
    writer, rounds = runtime.context.model(Role.WRITE), runtime.context.settings.revisions
    able = writer is not None and not writer.card.small and not state["stopped"]
    return "revise" if able and state["rounds"] < rounds and any(c.withheld for c in state["claims"]) else "done"


async def revise_node(state: SectionState, runtime: Runtime[Deps]) -> SectionState:
    """Failed sentences rewritten from what the critic found."""
    deps, section, written = runtime.context, state["section"], state["written"]
    documents = await asyncio.to_thread(documents_of, deps, state["papers"])
    claims = {claim.id: claim for claim in state["claims"]}
    failed = [s for s in written.sentences if claims[s.id].withheld and not s.evidence]
    better: dict[str, Sentence] = {}
    stopped = ""
    with deps.meter.account() as account:
        for n, sentence in enumerate(failed, 1):
            deps.tell(section.id, "revise", note="改写没通过核验的句子", done=n, of=len(failed))
            try:
                made = await reporting.revise(
                    deps.model(Role.WRITE), section, sentence, claims[sentence.id], state["material"], documents
                )
            except Skip:  # what the model wrote is of no use: the sentence stays withheld
                continue
            except OverBudget:
                stopped = OVER
                break
            if made is not None and made != sentence:
                better[sentence.id] = made
    sentences = tuple(better.get(s.id, s) for s in written.sentences)
    rounds = state["rounds"] + 1 if better else deps.settings.revisions  # nothing new: nothing to judge again
    return {
        "written": written.model_copy(update={"sentences": sentences}), "again": tuple(better), "rounds": rounds,
        "stopped": stopped, "usage": account.usage,
    }  # fmt: skip


# done


async def done_node(state: SectionState, runtime: Runtime[Deps]) -> SectionState:
    """The section as it was written."""
    deps, section = runtime.context, state["section"]
    made = await asyncio.to_thread(made_of, deps, state, state["stopped"])
    shown = sum(not claim.withheld for claim in made.claims)
    deps.tell(section.id, "section", note=made.stopped or f"写好了，{shown} 句通过核验")
    return {"made": made}


def made_of(deps: Deps, state: SectionState, stopped: str) -> ReportSection:
    """What there is of a section, however far it came."""
    section, written = state["section"], state.get("written", Written(blocks=(), sentences=()))
    known = {claim.id: claim for claim in state.get("claims", ())}
    material = state.get("material")
    return ReportSection(
        id=section.id,
        heading=section.heading,
        aspect=section.aspect,
        blocks=written.blocks,
        claims=tuple(known.get(s.id) or unjudged(s) for s in written.sentences),
        unanswered=material.unanswered if material else (),
        asks=written.asks,
        cautions=_cautions(deps, state) if section.aspect == "limitations" else (),
        stopped=stopped,
        rewritten=state.get("rewritten", 0),
        rounds=material.rounds if material else 0,
        usage=state.get("usage", Usage()),
    )


def _cautions(deps: Deps, state: SectionState) -> tuple[Finding, ...]:
    """What abstracts claim and full texts weaken; with the paper's name where there are several."""
    found = [(v, finding) for v, doc in documents_of(deps, state["papers"]).items() for finding in weakened(doc)]
    if state["plan"].kind == "paper":
        return tuple(finding for _, finding in found)
    named = {v: coined(p.title) or f"《{p.title}》" for v, p in papers_of(deps, state["papers"]).items()}
    return tuple(f.model_copy(update={"message": f"{named.get(v, v)}：{f.message}"}) for v, f in found)


def build() -> StateGraph[SectionState, Deps, SectionState, SectionState]:
    """The graph, not yet compiled."""
    graph = StateGraph(SectionState, context_schema=Deps)
    graph.add_node("research", research_node)
    graph.add_node("write", write_node)
    graph.add_node("critique", critique_node)
    graph.add_node("revise", revise_node)
    graph.add_node("done", done_node)
    graph.add_edge(START, "research")
    graph.add_edge("research", "write")
    graph.add_edge("write", "critique")
    graph.add_conditional_edges("critique", after_critique)
    graph.add_edge("revise", "critique")
    graph.add_edge("done", END)
    return graph
