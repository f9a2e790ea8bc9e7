"""Reports from the commission to the file: proposed, agreed to, written in the background, exported."""

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents import planning
from core.errors import Misconfigured, Skip
from core.models import Usage
from core.ports import Progress, Role
from core.report import Commission, Plan, Proposal, Report
from graph import plates
from graph.deps import Deps
from graph.jobs import Jobs
from tools.store import atomic
from tools.store.paths import title_name

if TYPE_CHECKING:
    from graph.flows import Flows


class Reports:
    """The part of core.desk.Desk that is about reports."""

    def __init__(self, deps: Deps, flows: "Callable[[], Awaitable[Flows]]") -> None:
        self._deps = deps
        self._flows = flows
        self._jobs: Jobs[tuple[str, str]] = Jobs(deps, turn=lambda key: key[0])
        """By report and, where one of its sections is written anew, that section."""

    # the plan

    async def propose(self, commission: Commission) -> Proposal:
        """See core.desk.Desk."""
        from graph.candidates import named

        deps, papers = self._deps, await named(self._deps, commission.papers)
        commission = commission.model_copy(update={"papers": tuple(paper.version for paper in papers)})
        id = self._id(commission)
        async with deps.alone(f"report:{id}"):
            if (known := deps.library.proposal(id)) is not None:
                return known
            await self._forget(id, 1)
            begin = {"id": id, "version": 1, "commission": commission}
            with deps.meter.account(commission.budget):
                reports = (await self._flows()).reports
                await reports.ainvoke(begin, _config(id, 1), context=deps, durability="sync")
        return self._known(id)

    def _id(self, commission: Commission) -> str:
        """Hash of the commission and all a report depends on but its papers; counted up past those that are done."""
        asked = f"{commission.model_dump_json()}|{self._deps.report_key}"
        for n in count():
            id = hashlib.sha256(f"{asked}|{n}".encode()).hexdigest()[:16]
            proposal = self._deps.library.proposal(id)
            if proposal is None or proposal.state != "done":
                break
        return id

    def proposals(self) -> list[Proposal]:
        """See core.desk.Desk."""
        return self._deps.library.proposals()

    def proposal(self, id: str) -> Proposal | None:
        """See core.desk.Desk."""
        return self._deps.library.proposal(id)

    def _known(self, id: str) -> Proposal:
        if (proposal := self._deps.library.proposal(id)) is None:
            raise Skip("没有这份报告", "它可能已被删除；重新选一份", code="not_found")
        return proposal

    async def refuse(self, id: str) -> None:
        """See core.desk.Desk."""
        await self._jobs.end([key for key in self._jobs.under_way() if key[0] == id])
        proposal = self._deps.library.proposal(id)
        if proposal is None:
            return
        for version in range(1, proposal.versions + 2):
            await self._forget(id, version)
        while begun := [key for key in self._jobs.under_way() if key[0] == id]:  # meanwhile
            await self._jobs.end(begun)
        self._deps.library.drop_proposal(id)
        await asyncio.to_thread(shutil.rmtree, self._deps.paths.reports / id, ignore_errors=True)

    # the writing

    def write(self, id: str, plan: Plan | None = None) -> AsyncIterator[Progress]:
        """See core.desk.Desk. A finished report is written again, as a new version, where another plan is given, and
        where the budget or a failure left sections unfinished: those alone. Otherwise there is nothing to do."""
        return self._jobs.follow((id, ""), lambda: self._write(id, plan))

    def rewrite(self, id: str, section: str) -> AsyncIterator[Progress]:
        """See core.desk.Desk. An unfinished version is finished before."""
        return self._jobs.follow((id, section), lambda: self._rewrite(id, section))

    def halt(self, id: str) -> bool:
        """See core.desk.Desk."""
        return sum(self._jobs.cancel(key) for key in self._jobs.under_way() if key[0] == id) > 0

    def writing(self) -> list[str]:
        """See core.desk.Desk."""
        return list(dict.fromkeys(id for id, _ in self._jobs.under_way()))

    async def _write(self, id: str, plan: Plan | None) -> None:
        proposal, library = self._known(id), self._deps.library
        if proposal.state == "proposed":
            agreed = self._counted(_checked(plan)) if plan and plan != proposal.plan else _checked(proposal.plan)
            proposal = proposal.model_copy(update={"plan": agreed, "state": "agreed"})
            library.put_proposal(proposal)  # before the graph goes on: from now on this is the plan, whatever happens
        if proposal.state == "agreed":
            return await self._first(proposal)
        report = self._report(id, None)
        await self._forget(id, report.version)
        if plan is not None and plan != report.plan:
            return await self._run(proposal, {"plan": self._counted(_checked(plan))})
        unfinished = tuple(section.id for section in report.sections if section.stopped)
        return await self._run(proposal, {"anew": unfinished}) if unfinished else None

    def _counted(self, plan: Plan) -> Plan:
        """An edited plan with what it takes now."""
        return planning.expected(plan, self._deps.model(Role.WRITE), self._deps.price)

    async def _first(self, proposal: Proposal) -> None:
        """The next version; where none of the papers can be read, the plan can be changed again."""
        try:
            await self._run(proposal, {})
        except Skip as error:
            if error.code == "nothing" and not proposal.versions:
                await self._forget(proposal.id, 1)
                self._deps.library.put_proposal(proposal.model_copy(update={"state": "proposed"}))
            raise

    async def _rewrite(self, id: str, section: str) -> None:
        proposal, report = self._known(id), self._report(id, None)
        if all(section != planned.id for planned in report.plan.sections):
            raise Skip(f"这份报告没有 {section} 这一节", "重新选一节", code="not_found")
        if proposal.state != "done":
            await self._write(id, None)
            proposal = self._known(id)
        await self._run(proposal, {"plan": self._report(id, None).plan, "anew": (section,)})

    async def _run(self, proposal: Proposal, begin: dict[str, Any]) -> None:
        """The next version through its thread, from where it stands; a thread that was lost begins anew."""
        from langgraph.types import Command

        from graph.checkpoints import unfinished

        deps, id, version = self._deps, proposal.id, proposal.versions + 1
        reports, config = (await self._flows()).reports, _config(id, version)
        snapshot = await reports.aget_state(config)
        going_on: Any = Command(resume=proposal.plan.model_dump_json()) if snapshot.interrupts else None
        if not unfinished(snapshot) or "plan" not in snapshot.values:
            await self._forget(id, version)
            begin = {"id": id, "version": version, "plan": proposal.plan, "agreed": True, **begin}
            going_on = {**begin, "commission": proposal.commission, "usage": Usage()}
        with deps.meter.account(await self._left(proposal, version)):
            await reports.ainvoke(going_on, config, context=deps, durability="sync")
        await self._forget(id, version)  # the library has it all; threads are for what is unfinished

    async def _left(self, proposal: Proposal, version: int) -> float | None:
        """What this version may still cost, after what it took before it was interrupted."""
        if (budget := proposal.commission.budget) is None:
            return None
        flows = await self._flows()
        whole = await flows.reports.aget_state(_config(proposal.id, version))
        spent: float = whole.values.get("usage", Usage()).cost
        for section in proposal.plan.sections:
            part = await flows.sections.aget_state(_config(proposal.id, version, section.id))
            spent += part.values.get("usage", Usage()).cost
        return max(0.0, budget - spent)

    async def _forget(self, id: str, version: int) -> None:
        """Drops a version's threads."""
        from graph.report import thread_of

        flows = await self._flows()
        whole = await flows.reports.aget_state(_config(id, version))
        sections = whole.values["plan"].sections if "plan" in whole.values else ()
        for section in sections:
            await flows.sections.checkpointer.adelete_thread(thread_of(id, version, section.id))
        await flows.reports.checkpointer.adelete_thread(thread_of(id, version))

    # the finished report

    def report(self, id: str, version: int | None = None) -> Report | None:
        """See core.desk.Desk."""
        return self._deps.library.report(id, version)

    def _report(self, id: str, version: int | None) -> Report:
        if (report := self._deps.library.report(id, version)) is None:
            raise Skip("这份报告还没有写成", "先写完它，或换一个版本", code="not_found")
        return report

    async def export(self, id: str, version: int, format: str, out: Path | None = None) -> Path:
        """See core.desk.Desk."""
        from tools.exports import load_report_exporters

        report, exporters = self._report(id, version), load_report_exporters()
        if format not in exporters:
            raise Misconfigured(f"没有 {format} 这种格式", f"可用：{'、'.join(exporters)}", setting="--format")
        target = await asyncio.to_thread(self._target, report, format, out)
        if out or not await asyncio.to_thread(target.is_file):
            pictures = await plates.pictures(self._deps, report)
            made = await asyncio.to_thread(exporters[format].file, report, pictures)
            await asyncio.to_thread(atomic.write, target, made)
        return target

    def _target(self, report: Report, format: str, out: Path | None) -> Path:
        """A file named after the report's title; in a folder of the person's own, after its id as well."""
        own = f"{title_name(report.plan.title)}-v{report.version}.{format}"
        if out is None:
            return self._deps.paths.report(report.id, report.version) / own
        return out.expanduser().absolute() / f"{report.id[:6]}-{own}"

    async def picture(self, id: str, version: int, block: str) -> Path:
        """See core.desk.Desk."""
        return await plates.picture(self._deps, self._report(id, version), block)

    async def close(self) -> None:
        """Ends what goes on in the background."""
        await self._jobs.close()


def _config(id: str, version: int, section: str = "") -> Any:
    from graph.report import thread_of

    return {"configurable": {"thread_id": thread_of(id, version, section)}}


def _checked(plan: Plan) -> Plan:
    """A plan that can be written. Raises Skip(code="nothing")."""
    if not any(paper.chosen for paper in plan.papers):
        raise Skip("计划里没有选任何论文", "至少选一篇", code="nothing")
    ids = [section.id for section in plan.sections]
    if not ids:
        raise Skip("计划里没有任何小节", "至少留一节", code="nothing")
    if len(set(ids)) < len(ids):
        raise Skip("计划里有两节编号相同", "给每一节不同的编号", code="nothing")
    return plan
