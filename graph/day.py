"""A day's way: list -> choose -> papers (one thread each) -> publish, with what it says over all of them."""

import asyncio
import hashlib
from collections.abc import Coroutine, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from agents import fetcher
from core import log
from core.errors import Misconfigured, Stop, ZhengduError
from core.models import Day, Ledger, Paper, PaperResult, Problem, Query, Status, Step, Usage
from graph import overview
from graph.checkpoints import unfinished
from graph.deps import Deps
from graph.late import came_late
from graph.publishing import result_of
from graph.state import DayState, PaperState

PaperGraph = CompiledStateGraph[PaperState, Deps, PaperState, PaperState]


def day_key(deps: Deps, source: str, day: date | str, query: Query) -> str:
    """Hash of everything a day's issue depends on but its papers."""
    asked = query.model_copy(update={"day": None}).model_dump_json()
    return hashlib.sha256(f"{source}|{day}|{asked}|{deps.digest_key}".encode()).hexdigest()[:16]


def edition(query: Query) -> str:
    """Six hex digits for an issue that was asked to contain something particular; empty for a whole day."""
    asked = query.model_copy(update={"day": None, "folder": None})
    return "" if asked == Query() else hashlib.sha256(asked.model_dump_json().encode()).hexdigest()[:6]


async def list_node(state: DayState, runtime: Runtime[Deps]) -> DayState:
    """The source's papers of the day, into the library."""
    deps, query = runtime.context, state["query"]
    deps.tell("", Step.LIST, note=state["source"])
    listing = await asyncio.to_thread(deps.source(state["source"]).list, query)
    late = await asyncio.to_thread(came_late, deps, state["source"], query, listing)
    everything = listing.model_copy(update={"papers": (*listing.papers, *(found.paper for found in late))})
    choice = fetcher.choose(await asyncio.to_thread(deps.with_versions, everything), query)
    days = {found.paper.id: found.day.isoformat() for found in late}
    for paper in (*choice.chosen, *(p for p, _ in choice.left_out)):
        deps.library.put_paper(paper)
    more = f"，另有前些天补录的 {len(late)} 篇" if late else ""
    deps.tell("", Step.LIST, note=f"列出 {len(listing.papers)} 篇{more}，选读 {len(choice.chosen)} 篇")
    everybody = (*choice.chosen, *(paper for paper, _ in choice.left_out))
    return {
        "date": listing.day.isoformat(), "zone": listing.zone, "note": listing.note,
        "listed": len(everything.papers) + len(listing.problems),
        "late": tuple((p.version, days[p.id]) for p in everybody if p.id in days),
        "observed": overview.now().isoformat(),
        "chosen": tuple(p.version for p in choice.chosen),
        "left_out": tuple((p.version, reason) for p, reason in choice.left_out),
        "problems": listing.problems, "results": (),
    }  # fmt: skip


def papers_node(papers: PaperGraph) -> Any:
    """The node that sends every chosen paper through its own thread of the paper graph."""

    async def run(state: DayState, runtime: Runtime[Deps]) -> DayState:
        deps = runtime.context
        done = 0

        async def one(version: str) -> PaperResult:
            nonlocal done
            async with deps.alone(version), deps.room:
                result = await read_paper(deps, papers, version)
            done += 1
            deps.tell("", "papers", note=result.status, done=done, of=len(state["chosen"]))
            return result

        results = await _together([one(version) for version in state["chosen"]])
        skipped = [_left_out(deps, version, reason) for version, reason in state["left_out"]]
        late = {version: date.fromisoformat(day) for version, day in state["late"]}
        bare = [r.model_copy(update={"digest": None, "late": late.get(r.paper.version)}) for r in (*results, *skipped)]
        return {"results": tuple(bare)}

    return run


async def _together(papers: Sequence[Coroutine[Any, Any, PaperResult]]) -> list[PaperResult]:
    """All of them at once; where one breaks the day off, or it is cancelled, none goes on behind its back."""
    tasks = [asyncio.create_task(paper) for paper in papers]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


async def read_paper(deps: Deps, papers: PaperGraph, version: str) -> PaperResult:
    """One paper through its thread; resumes what a killed run left behind. Never raises for the paper's sake."""
    paper = deps.library.paper(version)
    if paper is None:
        raise Stop(f"资料库里没有 {version}", "再运行一次")
    if (final := deps.library.digest(version, deps.digest_key)) is not None:
        return result_of(paper, final)
    thread = f"paper:{version}:{deps.digest_key}"
    config: Any = {"configurable": {"thread_id": thread}}
    snapshot = await papers.aget_state(config)
    if snapshot.values and not unfinished(snapshot):
        # An earlier run ended here without a final digest: the thread begins anew, its usage forgotten.
        await _saver(papers).adelete_thread(thread)
    begin: PaperState = {"paper": paper, "passed": (Step.LIST,), "usage": Usage(), "final": True}
    try:
        await papers.ainvoke(None if unfinished(snapshot) else begin, config, context=deps, durability="sync")
    except Misconfigured:
        raise
    except ZhengduError as error:
        return await _failed(deps, papers, config, paper, str(error))
    except Exception as error:
        log.get("day").exception("paper failed", paper=version)
        return await _failed(deps, papers, config, paper, f"程序错误 {type(error).__name__}，请把这篇的编号报给我们")
    paper, digest = deps.library.paper(version) or paper, deps.digest(version)
    if digest is None:
        raise Stop(f"{version} 的速读稿没有写进资料库", "检查磁盘空间")
    await _saver(papers).adelete_thread(thread)  # the library has it all; threads are for what is unfinished
    return result_of(paper, digest)


def _saver(papers: PaperGraph) -> BaseCheckpointSaver[Any]:
    saver = papers.checkpointer
    assert isinstance(saver, BaseCheckpointSaver)  # noqa: S101  # the desk compiles it with one
    return saver


async def _failed(deps: Deps, papers: PaperGraph, config: Any, paper: Paper, reason: str) -> PaperResult:
    values = (await papers.aget_state(config)).values
    deps.tell(paper.version, "failed", note=reason)
    return PaperResult(
        paper=paper, status=Status.FAILED, passed=values.get("passed", (Step.LIST,)), reason=reason,
        usage=values.get("usage", Usage()),
    )  # fmt: skip


def _left_out(deps: Deps, version: str, reason: str) -> PaperResult:
    paper = deps.library.paper(version)
    if paper is None:
        raise Stop(f"资料库里没有 {version}", "再运行一次")
    return PaperResult(paper=paper, status=Status.SKIPPED, passed=(Step.LIST,), reason=reason)


async def publish_node(state: DayState, runtime: Runtime[Deps]) -> DayState:
    """The issue and what it says over all its papers, into the library. One that is there stays as it is, but for what
    is new; where nothing is, it is left alone."""
    deps, when = runtime.context, date.fromisoformat(state["date"])
    key = day_key(deps, state["source"], state["date"], state["query"])
    before = deps.library.day(key)
    results = _steady(before, tuple(_with_digest(deps, r) for r in state["results"]))
    kept = deps.library.overview(key) if before and before.results == results else None
    if kept is None and results:
        count = len(state["chosen"])
        deps.tell("", "overview", note="写今日看点", done=count, of=count)
        seen = datetime.fromisoformat(state["observed"])
        kept = await overview.made(deps, state["source"], when, results, seen)
        deps.tell("", "overview", note="今日看点写好了", done=count, of=count)  # with what it took
    day = Day(
        date=when, source=state["source"], edition=edition(state["query"]), zone=state["zone"],
        model=deps.writer_name or "无模型", results=results,
        ledger=ledger(results, state["problems"], state["listed"]), note=state["note"],
    )  # fmt: skip
    deps.library.put_day(day, key, state["query"].model_copy(update={"day": day.date}), kept)
    return {}


def _steady(before: Day | None, results: tuple[PaperResult, ...]) -> tuple[PaperResult, ...]:
    """Results as an earlier run of the same day has them, where they ended the same way: votes and whatever else a
    source tells are those of the first time. Papers that the source no longer lists stay."""
    if before is None:
        return results
    known = {r.paper.version: r for r in before.results}

    def kept(result: PaperResult) -> PaperResult:
        old = known.get(result.paper.version)
        same = old and (old.status, old.digest, old.reason) == (result.status, result.digest, result.reason)
        return old if old and same else result

    here = {r.paper.id for r in results}
    return (*map(kept, results), *(r for r in before.results if r.digest and r.paper.id not in here))


def _with_digest(deps: Deps, result: PaperResult) -> PaperResult:
    """Threads carry no digests; the library has them."""
    if result.status not in (Status.PUBLISHED, Status.WITHHELD):
        return result
    digest = deps.digest(result.paper.version)
    return result.model_copy(update={"digest": digest})


def ledger(results: Sequence[PaperResult], problems: Sequence[Problem], listed: int) -> Ledger:
    """Counts how many papers came how far, and says why the others stopped. Pure."""

    def passed(step: Step) -> int:
        return sum(step in r.passed for r in results)

    stopped = [
        Problem(id=r.paper.id, step=_stopped_at(r), reason=_named(r))
        for r in results
        if r.status is not Status.PUBLISHED or r.reason
    ]
    return Ledger(
        listed=max(listed, len(results)),
        fetched=passed(Step.FETCH),
        parsed=passed(Step.PARSE),
        read=passed(Step.READ),
        verified=passed(Step.VERIFY),
        published=passed(Step.PUBLISH),
        problems=(*problems, *stopped),
    )


def _named(result: PaperResult) -> str:
    """The reason; for a local file with its name, which says more than its id."""
    name = Path(result.paper.path).name if result.paper.path else ""
    return result.reason if not name or name in result.reason else f"{name}：{result.reason}"


def _stopped_at(result: PaperResult) -> Step:
    """The first station it did not pass."""
    return next((step for step in Step if step not in result.passed), Step.PUBLISH)


def build(papers: PaperGraph) -> StateGraph[DayState, Deps, DayState, DayState]:
    """The graph, not yet compiled."""
    graph = StateGraph(DayState, context_schema=Deps)
    graph.add_node("list", list_node)
    graph.add_node("papers", papers_node(papers))
    graph.add_node("publish", publish_node)
    graph.add_edge(START, "list")
    graph.add_edge("list", "papers")
    graph.add_edge("papers", "publish")
    graph.add_edge("publish", END)
    return graph
