"""One paper's way: fetch -> read -> write -> critique -> [revise -> critique …] -> publish."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from agents import reader, selection, writer
from agents.quoting import Span, cite, locate, sentence
from agents.reader import Key, Keys
from core.documents import Document, Passage, SectionRole
from core.errors import Retry, Skip
from core.models import Basis, Claim, Draft, Paper, Pick, Step, Verdict
from core.ports import Role
from graph.deps import Deps
from graph.publishing import digest_of, enough, fails
from graph.reading import ABSTRACT, fetch, read, read_abstract
from graph.state import PaperState


async def fetch_node(state: PaperState, runtime: Runtime[Deps]) -> PaperState:
    """The PDF, or the decision to make do with the abstract."""
    deps, paper = runtime.context, state["paper"]
    deps.tell(paper.version, Step.FETCH)
    try:
        await fetch(deps, paper)
    except (Skip, Retry) as error:
        return _abstract_instead(paper, error)
    return {"basis": Basis.FULL_TEXT, "passed": (Step.FETCH,), "final": True}


def _abstract_instead(paper: Paper, error: Skip | Retry) -> PaperState:
    if not paper.abstract or paper.path is not None:
        raise error
    return {"basis": Basis.ABSTRACT, "why_abstract": str(error), "final": isinstance(error, Skip)}


async def read_node(state: PaperState, runtime: Runtime[Deps]) -> PaperState:
    """Passages in the library and the index; then notes, or picks where the model is small."""
    deps, paper = runtime.context, state["paper"]
    deps.tell(paper.version, Step.PARSE)
    update: PaperState = {}
    if state["basis"] is Basis.FULL_TEXT:
        try:
            document = await read(deps, paper)
            update["passed"] = (Step.PARSE, Step.READ)
        except (Skip, Retry) as error:
            update = _abstract_instead(paper, error)
            document = await read_abstract(deps, paper)
    else:
        document = await read_abstract(deps, paper)
    if paper.path is not None and document.title and paper.title == Path(paper.path).stem:
        update["paper"] = paper.model_copy(update={"title": document.title})  # a file's name is no title
        deps.library.put_paper(update["paper"])
    deps.tell(paper.version, Step.READ)
    with deps.meter.account() as account:
        if deps.composes:
            model = deps.models[Role.READ]
            update["notes"] = tuple(await reader.take_notes(model, document, Keys(document.passages)))
        else:
            update["picks"] = tuple(await asyncio.to_thread(selection.select, document, deps.embedder))
    return {**update, "usage": account.usage}


def _document(deps: Deps, state: PaperState) -> Document:
    parser = deps.parser if state["basis"] is Basis.FULL_TEXT else ABSTRACT
    document = deps.library.document(state["paper"].version, parser)
    if document is None:
        raise Skip("资料库里找不到这篇论文的文字", "再运行一次", code="lost")
    return document


def _title(paper: Paper, document: Document) -> tuple[str, Key]:
    """The title and the sentence of the paper that prints it; the first sentence where it is not found as text."""
    title = paper.title if paper.path is None else document.title or paper.title
    front = [p for p in document.passages if p.role is SectionRole.FRONT] or list(document.passages[:1])
    return title, (front[0].id, 0)


async def write_node(state: PaperState, runtime: Runtime[Deps]) -> PaperState:
    """Drafts with evidence keys."""
    deps, version = runtime.context, state["paper"].version
    document = _document(deps, state)
    keys = Keys(document.passages)
    title, title_key = _title(state["paper"], document)
    deps.tell(version, Step.WRITE)
    with deps.meter.account() as account:
        if deps.composes:
            model = deps.models[Role.WRITE]
            drafts = await writer.compose(model, title, title_key, state["notes"], keys, deps.glossary)
        else:
            drafts = await writer.extract(
                deps.model(Role.WRITE), title, title_key, state["picks"], keys.sentence, deps.glossary,
                lambda done, of: deps.tell(version, Step.WRITE, done=done, of=of),
            )  # fmt: skip
    tried = tuple(_address(key) for draft in drafts for key in draft.cited)
    return {
        "drafts": _in_both_languages(deps, drafts, keys), "tried": tried, "rounds": 0,
            "passed": (Step.WRITE,), "usage": account.usage}  # fmt: skip


def _address(key: Key) -> str:
    return f"{key[0]}#{key[1]}"


def _in_both_languages(deps: Deps, drafts: Sequence[Draft], keys: Keys) -> tuple[Draft, ...]:
    """Terms in Chinese and English where the digest first uses them."""
    if deps.model(Role.WRITE) is None:
        return tuple(drafts)
    sources = [" ".join(keys.sentence(k) for k in d.cited) for d in drafts]
    return tuple(writer.with_terms(drafts, sources, deps.glossary))


async def critique_node(state: PaperState, runtime: Runtime[Deps]) -> PaperState:
    """Verdicts for all drafts that have none yet."""
    deps, paper = runtime.context, state["paper"]
    document = _document(deps, state)
    passages = {p.id: p for p in document.passages}
    known = {(c.id, c.text): c for c in state.get("claims", ())}
    claims: list[Claim] = []
    title = _title(paper, document)[0]
    with deps.meter.account() as account:
        for n, draft in enumerate(state["drafts"], 1):
            deps.tell(paper.version, Step.VERIFY, done=n, of=len(state["drafts"]))
            claim = known.get((draft.id, draft.text)) or Claim(id=draft.id, text=draft.text)
            if claim.evidence or claim.findings:
                claims.append(claim)
                continue
            cited = _spans(draft, passages, title)
            if draft.text == " ".join(span.text for span in cited):
                claims.append(_verbatim(claim, cited))
            else:
                claims.append(await deps.critic.review(claim, (paper.version,), cited))
    return {"claims": tuple(claims), "usage": account.usage}


def _spans(draft: Draft, passages: dict[str, Passage], title: str) -> tuple[Span, ...]:
    if draft.slot == "title":
        printed = locate(title, passages.values())
        if printed is not None:
            return (printed,)
    return tuple(sentence(passages[p], n) for p, n in draft.cited if p in passages)


def _verbatim(claim: Claim, spans: Sequence[Span]) -> Claim:
    """A claim that is the paper's own sentence needs no judge."""
    return claim.model_copy(
        update={"verdict": Verdict.SUPPORTED, "score": 1.0, "evidence": tuple(cite(span) for span in spans)}
    )


def after_critique(state: PaperState, runtime: Runtime[Deps]) -> Literal["revise", "publish"]:
    """Back to the writer while claims fail and rounds are left."""
    failed = any(fails(claim) for claim in state["claims"])
    return "revise" if failed and state["rounds"] < runtime.context.settings.revisions else "publish"


async def revise_node(state: PaperState, runtime: Runtime[Deps]) -> PaperState:
    """Failed claims rewritten, or replaced by another of the paper's sentences."""
    deps, paper = runtime.context, state["paper"]
    keys = Keys(_document(deps, state).passages)
    claims = {claim.id: claim for claim in state["claims"]}
    tried = list(state["tried"])
    drafts: list[Draft] = []
    with deps.meter.account() as account:
        for draft in state["drafts"]:
            if fails(claims[draft.id]):
                deps.tell(paper.version, Step.WRITE, note=f"重写 {draft.id}")
                spare = _spare(state, draft, tried)
                tried += [_address((p.passage, p.sentence)) for p in spare]
                draft = await _better(deps, draft, claims[draft.id], spare, keys) or draft
            drafts.append(draft)
    update: PaperState = {"drafts": _in_both_languages(deps, drafts, keys), "tried": tuple(tried)}
    return {**update, "rounds": state["rounds"] + 1, "usage": account.usage}


def _spare(state: PaperState, draft: Draft, tried: Sequence[str]) -> list[Pick]:
    """The next sentence for the draft's slot that has not been tried."""
    picks = state.get("picks", ())
    return [p for p in picks if p.slot == draft.slot and _address((p.passage, p.sentence)) not in tried][:1]


async def _better(deps: Deps, draft: Draft, claim: Claim, spare: Sequence[Pick], keys: Keys) -> Draft | None:
    model = deps.model(Role.WRITE)
    if model is None:
        return None
    if deps.composes:
        return await writer.revise(model, draft, claim, keys)
    return await writer.replace(model, draft, spare, keys.sentence, deps.glossary)


async def publish_node(state: PaperState, runtime: Runtime[Deps]) -> PaperState:
    """The digest into the library; the day reads it from there."""
    deps, paper = runtime.context, state["paper"]
    digest = await asyncio.to_thread(digest_of, deps, state, _document(deps, state))
    deps.library.put_digest(digest, deps.key_for(digest.basis, final=state["final"]))
    deps.tell(paper.version, Step.PUBLISH, note="已发布" if enough(digest) else "未发布")
    return {"passed": (Step.VERIFY,)}


def build() -> StateGraph[PaperState, Deps, PaperState, PaperState]:
    """The graph, not yet compiled."""
    graph = StateGraph(PaperState, context_schema=Deps)
    graph.add_node("fetch", fetch_node)
    graph.add_node("read", read_node)
    graph.add_node("write", write_node)
    graph.add_node("critique", critique_node)
    graph.add_node("revise", revise_node)
    graph.add_node("publish", publish_node)
    graph.add_edge(START, "fetch")
    graph.add_edge("fetch", "read")
    graph.add_edge("read", "write")
    graph.add_edge("write", "critique")
    graph.add_conditional_edges("critique", after_critique)
    graph.add_edge("revise", "critique")
    graph.add_edge("publish", END)
    return graph
