"""A question's way: understand -> retrieve -> answer -> critique -> reply or refuse."""

import asyncio
from typing import TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from agents import answerer
from agents.answerer import Statement
from agents.quoting import Span, cite, sentence
from core.documents import Passage
from core.models import Answer, Citation, Claim, Verdict
from core.ports import Role
from graph.deps import Deps

_PASSAGES = 8
_SENTENCES = 12
_NEAREST = 3
_REFUSAL = "所查的论文里没有找到能回答这个问题的内容。"
_MARKED = {
    Verdict.SUPPORTED: "",
    Verdict.PARTIAL: "（部分支持）",
    Verdict.UNVERIFIED: "（未核验）",
    Verdict.UNSUPPORTED: "",
}


class ChatState(TypedDict, total=False):
    """One question."""

    question: str
    papers: tuple[str, ...] | None
    """Versions to look in; None for the whole library."""
    english: str
    passages: tuple[str, ...]
    statements: tuple[Statement, ...]
    reviewed: tuple[Claim, ...]
    answer: Answer


async def understand(state: ChatState, runtime: Runtime[Deps]) -> ChatState:
    """The question in English, if a model can put it so."""
    runtime.context.tell("", "understand")
    return {"english": await answerer.to_english(runtime.context.model(Role.ANSWER), state["question"])}


async def retrieve(state: ChatState, runtime: Runtime[Deps]) -> ChatState:
    """Passages, best first."""
    deps = runtime.context
    deps.tell("", "retrieve")
    hits = await asyncio.to_thread(
        deps.retriever.search, state["question"], state["papers"], _PASSAGES, state["english"]
    )
    return {"passages": tuple(hit.passage.id for hit in hits)}


async def answer(state: ChatState, runtime: Runtime[Deps]) -> ChatState:
    """Sentences with evidence keys; none is a refusal."""
    deps = runtime.context
    deps.tell("", "answer")
    model = deps.model(Role.ANSWER)
    passages = deps.library.passages(state["passages"])
    if model is not None and not model.card.small:
        return {"statements": tuple(await answerer.compose(model, state["question"], passages))}
    papers = tuple(dict.fromkeys(p.paper for p in passages))
    asked = state["english"] or state["question"]
    found = await asyncio.to_thread(deps.retriever.sentences, asked, papers, _SENTENCES) if papers else []
    return {"statements": tuple(await answerer.extract(model, state["question"], found, deps.glossary))}


async def critique(state: ChatState, runtime: Runtime[Deps]) -> ChatState:
    """The same critic as the digest's, sentence by sentence."""
    deps = runtime.context
    reviewed = []
    for n, statement in enumerate(state["statements"], 1):
        deps.tell("", "verify", done=n, of=len(state["statements"]))
        spans = _spans(deps, statement)
        papers = tuple(dict.fromkeys(span.passage.paper for span in spans))
        reviewed.append(await deps.critic.review(Claim(id=f"a{n}", text=statement.text), papers, spans))
    return {"reviewed": tuple(reviewed)}


def _spans(deps: Deps, statement: Statement) -> tuple[Span, ...]:
    passages = {p.id: p for p in deps.library.passages([id for id, _ in statement.cited])}
    return tuple(sentence(passages[id], n) for id, n in statement.cited if id in passages)


async def reply(state: ChatState, runtime: Runtime[Deps]) -> ChatState:
    """Sentences that stand, with marks made from their evidence; a refusal shows what comes nearest."""
    deps = runtime.context
    name = deps.models[Role.ANSWER].card.name if Role.ANSWER in deps.models else ""
    standing = [claim for claim in state["reviewed"] if claim.verdict is not Verdict.UNSUPPORTED and claim.evidence]
    if not standing:
        near = deps.library.passages(state["passages"][:_NEAREST])
        nearest = tuple(cite(_lead(passage)) for passage in near)
        return {"answer": Answer(answer=_REFUSAL, refused=True, nearest=nearest, model=name)}
    text, citations = "", list[Citation]()
    for claim in standing:
        text += claim.text + _MARKED[claim.verdict]
        for quote in claim.evidence:
            citations.append(Citation(n=len(citations) + 1, quote=quote, verdict=claim.verdict))
            text += f"[{len(citations)}]"
    return {"answer": Answer(answer=text, refused=False, citations=tuple(citations), model=name)}


def _lead(passage: Passage) -> Span:
    return sentence(passage, 0)


def build() -> StateGraph[ChatState, Deps, ChatState, ChatState]:
    """The graph, not yet compiled."""
    graph = StateGraph(ChatState, context_schema=Deps)
    for node in (understand, retrieve, answer, critique, reply):
        graph.add_node(node.__name__, node)
    graph.add_edge(START, "understand")
    graph.add_edge("understand", "retrieve")
    graph.add_edge("retrieve", "answer")
    graph.add_edge("answer", "critique")
    graph.add_edge("critique", "reply")
    graph.add_edge("reply", END)
    return graph
