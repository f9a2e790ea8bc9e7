"""A report's way: plan -> approve (a person's word) -> gather -> sections (one thread each) -> assemble."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from agents import planning, reporting
from core import log
from core.errors import OverBudget, Retry, Skip, Stop, ZhengduError
from core.models import ARXIV_ID, Paper, Usage
from core.ports import Role
from core.report import Plan, PlannedPaper, PlannedSection, Proposal, Report, ReportSection
from graph import candidates, reading
from graph.checkpoints import unfinished
from graph.deps import Deps
from graph.publishing import labels
from graph.section import OVER, made_of, papers_of
from graph.state import ReportState, SectionState

SectionGraph = CompiledStateGraph[SectionState, Deps, SectionState, SectionState]
_TRIES = 2
"""Of a section that fails; the second goes on at the step that failed."""
_PAPERS_AT_ONCE = 4
"""Papers fetched and read at the same time for one report; parsing has room of its own."""


def thread_of(id: str, version: int, section: str = "") -> str:
    """The thread of a version, or of one of its sections."""
    return f"report:{id}:{version}:{section}" if section else f"report:{id}:{version}"


# plan


async def plan_node(state: ReportState, runtime: Runtime[Deps]) -> ReportState:
    """The plan, kept as a proposal; where there is one already, that."""
    deps, commission = runtime.context, state["commission"]
    if "plan" in state:
        return {}
    deps.tell("", "plan", note="找可以用的论文")
    with deps.meter.account() as account:
        found = await candidates.gather(deps, commission)
        deps.tell("", "plan", note=f"从 {len(found.candidates)} 篇候选里拟提纲")
        plan = await planning.plan(deps.model(Role.WRITE), commission, found.candidates, deps.price)
    wanted = {paper.version for paper in plan.papers}
    for candidate in found.candidates:
        if candidate.paper.version in wanted and deps.library.paper(candidate.paper.version) is None:
            deps.library.put_paper(candidate.paper)
    plan = plan.model_copy(update={"note": "".join(filter(None, (plan.note, found.note, _unbound(deps, state))))})
    made = datetime.now(UTC)
    deps.library.put_proposal(Proposal(id=state["id"], commission=commission, plan=plan, made=made))
    return {"plan": plan, "usage": account.usage}


def _unbound(deps: Deps, state: ReportState) -> str:
    """A warning where a budget can hold nothing back."""
    writer, priced = deps.model(Role.WRITE), deps.settings.price_in or deps.settings.price_out
    if state["commission"].budget is None or writer is None or writer.card.local or priced:
        return ""
    return "没有设模型单价，预算不起作用；先设 ZHENGDU_PRICE_IN 和 ZHENGDU_PRICE_OUT。"


async def approve_node(state: ReportState, runtime: Runtime[Deps]) -> ReportState:
    """Waits until somebody agrees to the plan, as it is or edited; whoever refuses drops the thread."""
    plan, library = state["plan"], runtime.context.library
    if not state.get("agreed"):
        plan = Plan.model_validate_json(interrupt(plan.model_dump_json()))
    proposal = library.proposal(state["id"])
    if proposal is None:
        raise Skip("没有这份报告", "它可能已被删除", code="not_found")
    library.put_proposal(proposal.model_copy(update={"plan": plan, "state": "agreed"}))
    return {"plan": plan, "agreed": True}


# gather


async def gather_node(state: ReportState, runtime: Runtime[Deps]) -> ReportState:
    """The papers of the plan, fetched and read in full; those that cannot be are left out with the reason."""
    deps = runtime.context
    wanted = list(dict.fromkeys(paper.version for paper in state["plan"].papers if paper.chosen))
    room, done = asyncio.Semaphore(_PAPERS_AT_ONCE), 0

    async def one(name: str) -> Paper | str:
        nonlocal done
        async with room:
            deps.tell(name, "fetch", note="读全文")
            read = await _read(deps, name)
        done += 1
        deps.tell(name, "fetch", note=read if isinstance(read, str) else "读完")
        deps.tell("", "fetch", note="读全文", done=done, of=len(wanted))
        return read

    found = dict(zip(wanted, await _together([one(name) for name in wanted]), strict=True))
    papers = dict.fromkeys(paper.version for paper in found.values() if isinstance(paper, Paper))
    left_out = tuple((name, reason) for name, reason in found.items() if isinstance(reason, str))
    if not papers:
        raise Skip(
            f"选中的论文都读不到全文：{left_out[0][1]}" if left_out else "计划里没有选任何论文",
            "换几篇论文，或稍后再试", code="nothing",
        )  # fmt: skip
    named = [_named(paper, found.get(paper.version)) for paper in state["plan"].papers]
    once = {paper.version: paper for paper in reversed(named)}  # an id may stand there with and without version
    plan = state["plan"].model_copy(update={"papers": tuple(reversed(once.values()))})
    return {"plan": plan, "papers": tuple(papers), "left_out": left_out}


def _named(planned: PlannedPaper, read: Paper | str | None) -> PlannedPaper:
    """A paper of the plan by its version, which a person who added it may not have known, and as read."""
    if not isinstance(read, Paper):
        return planned
    return planned.model_copy(update={"version": read.version, "title": planned.title or read.title, "read": True})


async def _read(deps: Deps, name: str) -> Paper | str:
    """A paper that has been read in full, or the reason why it cannot be. Raises Stop."""
    if not ARXIV_ID.fullmatch(name) and deps.library.paper(name) is None:  # an edited plan opens no files
        return f"“{name}”不是 arXiv 编号"
    try:
        paper = await asyncio.to_thread(reading.find, deps, name)
        async with deps.alone(paper.version):
            await reading.fetch(deps, paper)
            await reading.read(deps, paper)
        return paper
    except (Skip, Retry) as error:
        return str(error)
    except ZhengduError:
        raise
    except Exception as error:
        log.get("report").exception("paper failed", paper=name)
        return f"程序错误 {type(error).__name__}，请把这篇的编号报给我们"


async def _together(work: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    """All of it at once; where one breaks off, or it is cancelled, none goes on behind its back."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


# sections


class _Ended(NamedTuple):
    """A section and what went wrong with it, if anything did."""

    section: ReportSection
    error: Exception | None = None


def sections_node(graph: SectionGraph) -> Any:
    """The node that sends every section through its own thread of the section graph."""

    async def run(state: ReportState, runtime: Runtime[Deps]) -> ReportState:
        deps, planned = runtime.context, state["plan"].sections
        kept = _kept(deps, state)
        done = len(kept)
        over = False

        async def one(section: PlannedSection) -> _Ended:
            nonlocal done, over
            if section.id in kept:
                return _Ended(kept[section.id])
            async with deps.desks:
                ended = await _written(deps, graph, state, section, over)
            over = over or isinstance(ended.error, OverBudget) or ended.section.stopped == OVER
            done += 1
            if ended.section.stopped:
                deps.tell(section.id, "section", note=ended.section.stopped)
            deps.tell("", "section", note=section.heading, done=done, of=len(planned))
            return ended

        ended = await _together([one(section) for section in planned])
        failed = [end.error for end in ended if end.error and not isinstance(end.error, OverBudget)]
        if failed and not any(not claim.withheld for end in ended for claim in end.section.claims):
            raise failed[0]  # nothing worth keeping: whoever goes on later goes on with these sections
        return {"sections": tuple(end.section for end in ended)}

    return run


def _kept(deps: Deps, state: ReportState) -> dict[str, ReportSection]:
    """Sections of the version before that stay as they are."""
    anew = state.get("anew", ())
    before = deps.library.report(state["id"], state["version"] - 1) if anew else None
    return {section.id: section for section in (before.sections if before else ()) if section.id not in anew}


async def _written(deps: Deps, graph: SectionGraph, state: ReportState, section: PlannedSection, over: bool) -> _Ended:
    """One section through its thread, resumed where a killed run left it. Never raises for the section's sake.
    `over`: the budget is used up, so nothing new is begun."""
    config: Any = {"configurable": {"thread_id": thread_of(state["id"], state["version"], section.id)}}
    begin: SectionState = {"section": section, "plan": state["plan"], "papers": state["papers"], "usage": Usage()}
    snapshot = await graph.aget_state(config)
    if snapshot.values and not unfinished(snapshot):
        return _Ended(snapshot.values["made"])
    if over and not unfinished(snapshot):
        return _Ended(made_of(deps, begin, OVER))
    before = snapshot.values.get("usage", Usage())
    error: Exception | None = None
    with deps.meter.account() as account:
        for _ in range(_TRIES):
            try:
                going_on = unfinished(await graph.aget_state(config))
                values = await graph.ainvoke(None if going_on else begin, config, context=deps, durability="sync")
                return _Ended(values["made"].model_copy(update={"usage": before + account.usage}))
            except OverBudget as short:
                error = short
                break
            except Stop:
                raise
            except Exception as found:
                error = found
                if not isinstance(found, ZhengduError):
                    log.get("report").exception("section failed", report=state["id"], section=section.id)
            deps.tell(section.id, "section", note="这一节出错，再试一次")
    reached: Any = (await graph.aget_state(config)).values or begin
    made = await asyncio.to_thread(made_of, deps, reached, _why(error))
    return _Ended(made.model_copy(update={"usage": before + account.usage}), error)


def _why(error: Exception | None) -> str:
    if isinstance(error, OverBudget):
        return OVER
    if isinstance(error, ZhengduError):
        return f"没有写成：{error}"
    return f"没有写成：程序错误 {type(error).__name__}"


# assemble


async def assemble_node(state: ReportState, runtime: Runtime[Deps]) -> ReportState:
    """The version into the library."""
    deps = runtime.context
    deps.tell("", "assemble", note="装订")
    told = state["sections"] if deps.composes else reporting.said_once(state["sections"])
    sections = reporting.terms_once(told, deps.glossary)
    found = await asyncio.to_thread(papers_of, deps, _in_order(sections, state["papers"]))
    usage = sum((section.usage for section in sections), state.get("usage", Usage()))
    report = Report(
        id=state["id"], version=state["version"], commission=state["commission"], plan=state["plan"],
        made=datetime.now(UTC), papers=tuple(found.values()), left_out=state["left_out"], sections=sections,
        labels=(*labels(deps), *_unfinished(sections)), writer=deps.writer_name, judge=deps.judge_name, usage=usage,
    )  # fmt: skip
    deps.library.put_report(report)
    shown = sum(not claim.withheld for claim in report.claims)
    deps.tell("", "assemble", note=f"第 {report.version} 版写好了，{shown} 句通过核验", done=1, of=1)
    return {}


def _in_order(sections: Sequence[ReportSection], read: Sequence[str]) -> tuple[str, ...]:
    """Papers as they are first cited, then those that are not."""
    shown = (claim for section in sections for claim in section.claims if not claim.withheld)
    cited = (quote.paper for claim in shown for quote in claim.evidence if quote.paper in read)
    return tuple(dict.fromkeys([*cited, *read]))


def _unfinished(sections: Sequence[ReportSection]) -> tuple[str, ...]:
    """What a reader must know of a report that is not whole."""
    stopped = {section.stopped for section in sections if section.stopped}
    said = [OVER] if OVER in stopped else []
    said += ["有的小节没有写成"] if stopped - {OVER} else []
    said += [] if any(not c.withheld for s in sections for c in s.claims) else ["没有一句话通过核验"]
    return tuple(said)


def build(sections: SectionGraph) -> StateGraph[ReportState, Deps, ReportState, ReportState]:
    """The graph, not yet compiled."""
    graph = StateGraph(ReportState, context_schema=Deps)
    graph.add_node("plan", plan_node)
    graph.add_node("approve", approve_node)
    graph.add_node("gather", gather_node)
    graph.add_node("sections", sections_node(sections))
    graph.add_node("assemble", assemble_node)
    graph.add_edge(START, "plan")
    graph.add_edge("plan", "approve")
    graph.add_edge("approve", "gather")
    graph.add_edge("gather", "sections")
    graph.add_edge("sections", "assemble")
    graph.add_edge("assemble", END)
    return graph
