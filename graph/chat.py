"""A question's way: understand -> retrieve -> answer -> critique -> reply or refuse.

What happens is told as it happens, as events of core.talk in LangGraph's custom stream: sentences are shown while the
model writes them, and the critic is at the first while the third is being written.
"""

import asyncio
from collections.abc import Sequence
from typing import TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from agents import answerer, asking, replying, streaming, suggesting
from agents.answerer import Composing, Found
from agents.quoting import cite, sentence
from agents.streaming import Statement
from core.documents import Passage
from core.errors import Skip
from core.models import Answer, Claim, Comparison, Paper
from core.ports import ChatModel, Role
from core.talk import Checked, Stage, Turn, Words
from graph.checking import Checking, Say, review
from graph.deps import Deps

_PASSAGES = 8
_PASSAGES_EACH = 3
"""Passages of each paper in a comparison."""
_COMPARED = 5
"""Papers a comparison goes into."""
_LOOKED_THROUGH = 24
"""Passages by which the papers of a comparison are chosen, where there are more."""
_SENTENCES, _SENTENCES_EACH = 12, 5
_NEAREST = 3
_PAGES_NAMED = 4
_SUGGESTED_FROM = 6
"""Papers whose digests are looked at for the next questions."""
_SAID = "论文里的说法"
"""Heading of the one column of a comparison made without composing."""


class ChatState(TypedDict, total=False):
    """One question."""

    question: str
    papers: tuple[str, ...] | None
    """Versions to look in; None for the whole library. Narrowed by papers named in the question."""
    history: tuple[Turn, ...]
    """Earlier turns of the conversation, the oldest first."""
    standing: str
    """The question as understood: it needs no history."""
    english: str
    search: str
    passages: tuple[str, ...]
    compared: tuple[str, ...]
    """Papers to be put side by side; empty where the question asks for no comparison."""
    statements: tuple[Statement, ...]
    reviewed: tuple[Claim, ...]
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    answer: Answer


# understand


async def understand(state: ChatState, runtime: Runtime[Deps]) -> ChatState:
    """The question standing alone and in English, and the papers it names."""
    deps, say = runtime.context, runtime.stream_writer
    deps.tell("", "understand")
    say(Stage(name="understand"))
    history = state.get("history", ())
    named = await asyncio.to_thread(_named, deps, state)
    for name in named.unknown:
        say(Stage(name="understand", note=f"没有找到“@{name}”这篇论文"))
    found = await asking.understand(deps.model(Role.ANSWER), named.question, history)
    if found.question != state["question"]:
        say(Stage(name="understand", note=found.question))
    papers = named.papers or state["papers"]
    return {"papers": papers, "standing": found.question, "english": found.english, "search": found.search}


def _named(deps: Deps, state: ChatState) -> asking.Mentions:
    """The question with the papers it names, or with the one it turns to: asked about another paper than the question
    before, it must not be taken for one about that."""
    question, papers, history = state["question"], state["papers"], state.get("history", ())
    if "@" in question or "＠" in question:
        return asking.mentions(question, _candidates(deps, papers), deps.library.paper, followed=bool(history))
    turned = history and papers is not None and len(papers) == 1 and history[-1].scope.papers != papers
    paper = deps.library.paper(papers[0]) if turned and papers else None
    if paper and asking.leans(question):
        question = f"{asking.called(paper, alone=False)}：{question}"
    return asking.Mentions(question, (), ())


def _candidates(deps: Deps, papers: Sequence[str] | None) -> list[Paper]:
    """Papers that a part of a title may mean: those in question, else all on the shelf."""
    if papers is not None:
        return [paper for version in papers if (paper := deps.library.paper(version))]
    days = (deps.library.day(issue.key) for issue in deps.library.issues())
    return list({r.paper.version: r.paper for day in days if day for r in day.results}.values())


# retrieve


async def retrieve(state: ChatState, runtime: Runtime[Deps]) -> ChatState:
    """Passages, best first; for a comparison the best of each paper."""
    deps, papers = runtime.context, state["papers"]
    deps.tell("", "retrieve")
    where = "整个资料库" if papers is None else f" {len(papers)} 篇论文"
    runtime.stream_writer(Stage(name="retrieve", note=f"在{where}里查找"))
    passages, compared = await asyncio.to_thread(_search, deps, state)
    return {"passages": tuple(p.id for p in passages), "compared": compared}


def _search(deps: Deps, state: ChatState) -> tuple[list[Passage], tuple[str, ...]]:
    """The passages, and the papers to be compared."""
    papers, ask = state["papers"], (state["search"], state["english"])
    several = papers is None or len(papers) > 1
    if not several or not asking.compares(state["standing"]):
        return [h.passage for h in deps.retriever.search(ask[0], papers, _PASSAGES, ask[1])], ()
    compared = papers
    if compared is None or len(compared) > _COMPARED:
        best = deps.retriever.search(ask[0], papers, _LOOKED_THROUGH, ask[1])
        compared = tuple(dict.fromkeys(hit.passage.paper for hit in best))[:_COMPARED]
    each = [deps.retriever.search(ask[0], (version,), _PASSAGES_EACH, ask[1]) for version in compared]
    return [hit.passage for hits in each for hit in hits], tuple(compared) if len(compared) > 1 else ()


# answer


async def answer(state: ChatState, runtime: Runtime[Deps]) -> ChatState:
    """Sentences with evidence keys, shown as they come and reviewed meanwhile; none is a refusal."""
    deps, say = runtime.context, runtime.stream_writer
    deps.tell("", "answer")
    model = deps.model(Role.ANSWER)
    passages = await asyncio.to_thread(deps.library.passages, state["passages"])
    if not passages or model is None:
        return {"statements": (), "reviewed": (), "columns": (), "rows": ()}
    say(Stage(name="answer", note=_reading(passages)))
    if not model.card.small:
        return await _composed(deps, model, state, passages, say)
    if state["compared"]:
        return await _side_by_side(deps, model, state, say)
    return await _extracted(deps, model, state, passages, say)


def _reading(passages: Sequence[Passage]) -> str:
    papers = {p.paper for p in passages}
    pages = sorted({p.page for p in passages})
    if len(papers) > 1:
        return f"读 {len(papers)} 篇论文里的 {len(passages)} 段原文"
    return f"读第 {'、'.join(map(str, pages[:_PAGES_NAMED]))}{' 等' if len(pages) > _PAGES_NAMED else ' '}页"


async def _composed(deps: Deps, model: ChatModel, state: ChatState, passages: Sequence[Passage], say: Say) -> ChatState:
    """What a strong model writes."""
    writing = Composing(passages, await asyncio.to_thread(_titles, deps, passages))
    async with Checking(deps, say, lambda: writing.stream.columns) as checking:
        async for part in writing.write(model, state["standing"]):
            if isinstance(part, str):
                say(Words(text=part))
            else:
                checking.add(part)
        return _answered(checking, await checking.all(), writing.stream.columns, writing.stream.rows)


async def _extracted(
    deps: Deps, model: ChatModel, state: ChatState, passages: Sequence[Passage], say: Say
) -> ChatState:
    """The paper's own sentences that answer, rendered one by one."""
    marks, papers = 1, tuple(dict.fromkeys(p.paper for p in passages))
    found = await asyncio.to_thread(deps.retriever.sentences, state["search"], papers, _SENTENCES, state["english"])
    async with Checking(deps, say) as checking:
        async for statement in answerer.extract(model, state["standing"], found, deps.glossary, _looking(say)):
            say(Words(text=replying.as_words(statement, marks)))
            marks += len(statement.cited)
            checking.add(statement)
        return _answered(checking, await checking.all(), (), ())


async def _side_by_side(deps: Deps, model: ChatModel, state: ChatState, say: Say) -> ChatState:
    """For each paper the sentence that answers best."""
    asked, rows, waiting, marks = state["search"], list[str](), "", 1
    found: dict[str, list[Found]] = {}
    for version in state["compared"]:
        found[version] = await asyncio.to_thread(
            deps.retriever.sentences, asked, (version,), _SENTENCES_EACH, state["english"]
        )
    titles = await asyncio.to_thread(_names, deps, state["compared"])
    async with Checking(deps, say, lambda: (_SAID,)) as checking:
        best = answerer.best_of_each(model, state["standing"], found, deps.glossary, _looking(say))
        waiting = streaming.table_head((_SAID,))
        async for version, statement in best:
            rows.append(version)
            cell = replying.as_words(statement, marks) if statement else ""
            waiting += streaming.table_row(titles[version], (cell,))
            if statement:
                marks += len(statement.cited)
                checking.add(statement)
            if checking.statements:  # a table of nothing is not shown
                say(Words(text=waiting))
                waiting = ""
        return _answered(checking, await checking.all(), (_SAID,), rows)


def _looking(say: Say) -> answerer.Looked:
    return lambda passage, n: say(Stage(name="answer", note=f"读第 {cite(sentence(passage, n)).page} 页"))


def _answered(
    checking: Checking, reviewed: tuple[Claim, ...], columns: Sequence[str], rows: Sequence[str]
) -> ChatState:
    return {
        "statements": tuple(checking.statements), "reviewed": reviewed, "columns": tuple(columns), "rows": tuple(rows),
    }  # fmt: skip


def _titles(deps: Deps, passages: Sequence[Passage]) -> dict[str, str]:
    return _names(deps, tuple(dict.fromkeys(p.paper for p in passages)))


def _names(deps: Deps, versions: Sequence[str]) -> dict[str, str]:
    """Versions -> short names for readers."""
    papers = {v: deps.library.paper(v) for v in versions}
    return {v: (asking.coined(p.title) or p.title) if p else v for v, p in papers.items()}


# critique


async def critique(state: ChatState, runtime: Runtime[Deps]) -> ChatState:
    """Sentences that failed go back to a strong model once; what stands then takes their place, others are withheld."""
    deps, say = runtime.context, runtime.stream_writer
    model, claims, statements = deps.model(Role.ANSWER), list(state["reviewed"]), list(state["statements"])
    failed = [n for n, s in enumerate(statements) if claims[n].withheld and s.cited and not s.paper]
    if model is None or model.card.small or not failed:
        return {}
    passages = await asyncio.to_thread(deps.library.passages, state["passages"])
    writing = Composing(passages, {})
    for n in failed:
        say(Stage(name="verify", note=f"第 {n + 1} 句与原文不符，正在改写"))
        try:
            better = await writing.mend(model, statements[n], claims[n])
        except Skip:  # what the model wrote is of no use: the sentence stays withheld
            continue
        again = await review(deps, claims[n].id, better) if better != statements[n] else claims[n]
        if not again.withheld:
            claims[n], statements[n] = replying.corrected(again, claims[n]), better
            say(Checked(claim=claims[n]))
    return {"reviewed": tuple(claims), "statements": tuple(statements)}


# reply


async def reply(state: ChatState, runtime: Runtime[Deps]) -> ChatState:
    """Sentences that stand, with marks made from their evidence; a refusal shows what comes nearest."""
    return {"answer": await asyncio.to_thread(_reply, runtime.context, state)}


def _reply(deps: Deps, state: ChatState) -> Answer:
    model = deps.model(Role.ANSWER)
    ids = {(s.paper, s.column): c.id for s, c in zip(state["statements"], state["reviewed"], strict=True) if s.paper}
    table: Comparison | None = replying.comparison(state["columns"], state["rows"], ids)
    made = replying.answer(state["reviewed"], table, _names(deps, state["rows"]))
    if made.refused:
        near = deps.library.passages(state["passages"][:_NEAREST])
        made = replying.refusal([cite(sentence(p, 0)) for p in near]).model_copy(update={"claims": made.claims})
    own = {"model": model.card.name if model else "", "question": state["standing"]}
    return made.model_copy(update={**own, "suggestions": () if made.refused else _suggestions(deps, state, made)})


def _suggestions(deps: Deps, state: ChatState, made: Answer) -> tuple[str, ...]:
    cited = (citation.quote.paper for citation in made.citations)
    versions = tuple(dict.fromkeys([*cited, *(state["papers"] or ())]))[:_SUGGESTED_FROM]
    both = [(deps.library.paper(version), deps.digest(version)) for version in versions]
    read = [suggesting.Read(paper, digest) for paper, digest in both if paper and digest]
    asked = [question for t in state.get("history", ()) for question in (t.question, t.answer.question)]
    return suggesting.suggest(read, [*asked, state["question"], state["standing"]])


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
