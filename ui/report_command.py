"""`app.py report`: the plan shown and agreed to, the writing watched, the files named."""

import argparse
import asyncio
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar, cast

from core import outline
from core.desk import Desk
from core.errors import Misconfigured, Skip
from core.models import Claim
from core.ports import Progress, Watch
from core.report import Commission, Grid, Plan, Proposal, Report
from core.settings import Settings

Opener = Callable[[Settings, Watch], AbstractAsyncContextManager[Desk]]
_DONE, _NOTHING = 0, 1
_Result = TypeVar("_Result")


class _Relay:
    """A watch whose listener changes: nobody watches while a person reads the plan."""

    def __init__(self) -> None:
        self.to: Watch | None = None

    def __call__(self, progress: Progress) -> None:
        if self.to is not None:
            self.to(progress)


async def run(args: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Carries the command out; the exit code. Raises what the desk raises, and Misconfigured for arguments that make no
    sense together."""
    _check(args)
    relay = _Relay()
    async with opener(settings, relay) as desk:
        proposal = await _proposed(args, desk, relay)
        if proposal.state == "proposed":
            agreed = await _agreed(args, desk, proposal)
            if agreed is None:
                return _DONE
            await _watched(args, agreed, desk.write(proposal.id, agreed))
        elif args.redo:
            await _watched(args, proposal.plan, desk.rewrite(proposal.id, args.redo))
        else:
            await _watched(args, proposal.plan, desk.write(proposal.id))
        return await _finished(args, desk, proposal.id)


def _check(args: argparse.Namespace) -> None:
    asked = args.topic or args.paper or args.date or args.since
    wrong = None
    if args.resume and asked:
        wrong = "--resume 接着做已有的报告，不能再给题目、论文或日期"
    elif args.resume and (args.budget is not None or args.length != "standard"):
        wrong = "--budget 和 --length 在拟提纲时定下，--resume 时不能改"
    elif not args.resume and not asked:
        wrong = "没有说写什么：给一个题目，或用 --paper、--date、--since 指定论文"
    elif args.redo and not args.resume:
        wrong = "--redo 要和 --resume 一起用，说明是哪一份报告"
    elif args.date and (args.since or args.until):
        wrong = "--date 不能和 --since、--until 一起用"
    elif args.until and not args.since:
        wrong = "--until 要和 --since 一起用"
    elif args.since and args.until and args.until < args.since:
        wrong = f"--until {args.until} 早于 --since {args.since}"
    if wrong:
        raise Misconfigured(wrong, "见 app.py report --help", setting="report")


async def _proposed(args: argparse.Namespace, desk: Desk, relay: _Relay) -> Proposal:
    from ui.progress import shown

    if args.resume:
        found = desk.proposal(args.resume)
        if found is None:
            raise Skip(f"没有编号为 {args.resume} 的报告", "编号在拟好提纲时给出", code="not_found")
        if args.redo and found.state != "done":
            raise Misconfigured("这份报告还没有写完，不能重写其中一节", "先不带 --redo 写完", setting="--redo")
        return found
    commission = Commission(
        topic=args.topic or "", papers=tuple(args.paper or ()), since=args.date or args.since,
        until=args.date or args.until, length=args.length, budget=args.budget,
    )  # fmt: skip
    with shown(quiet=args.json) as watch:
        relay.to = watch
        try:
            return await desk.propose(commission)
        finally:
            relay.to = None


# the plan


async def _agreed(args: argparse.Namespace, desk: Desk, proposal: Proposal) -> Plan | None:
    """The plan as a person wants it; None where nobody agreed to it."""
    from ui.report_plain import plan as show

    if args.yes:
        return proposal.plan
    if args.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        if args.json:
            _out({"report": proposal.id, "state": proposal.state, "plan": _bare(proposal.plan)})
        else:
            show(proposal.plan)
        sys.stderr.write(f"同意这份提纲就运行：app.py report --resume {proposal.id} --yes\n")
        return None
    plan = proposal.plan
    while True:
        show(plan)
        answer = (await _aside(_ask)).strip().lower()
        if answer in ("", "y", "yes", "好", "是"):
            return plan
        if answer in ("q", "n", "no", "否"):
            await desk.refuse(proposal.id)
            sys.stderr.write("已放弃，什么也没有写。\n")
            return None
        if answer == "e":
            plan = await _aside(partial(_edited, plan))


async def _aside(work: Callable[[], _Result]) -> _Result:
    """What waits for a person, in a thread that nobody waits for: Ctrl-C must not need Enter after it."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_Result] = loop.create_future()

    def settle(made: _Result | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(cast(_Result, made))

    def run() -> None:
        made, wrong = None, None
        try:
            made = work()
        except BaseException as error:
            wrong = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, made, wrong)

    Thread(target=run, daemon=True).start()
    return await done


def _ask() -> str:
    sys.stderr.write("\n回车同意并开始　e 编辑　q 放弃：")
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line if line else "q"  # the terminal was closed: nobody agreed


def _edited(plan: Plan) -> Plan:
    """The plan after a person's editor; opened again as long as the text cannot be read."""
    text = outline.as_text(plan)
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with tempfile.TemporaryDirectory(prefix="zhengdu-") as folder:
        file = Path(folder) / "outline.md"
        while True:
            file.write_text(text, "utf-8")
            try:
                subprocess.run([*command, str(file)], check=True)
                text = file.read_text("utf-8")
            except (OSError, subprocess.CalledProcessError, UnicodeDecodeError):
                sys.stderr.write(f"编辑器 {command[0]} 没有正常结束，提纲没有改。可以用 EDITOR 换一个。\n")
                return plan
            try:
                return outline.edited(text, plan)
            except Misconfigured as error:
                sys.stderr.write(f"{error}\n回车回去改　q 不改了：")
                sys.stderr.flush()
                line = sys.stdin.readline()
                if not line or line.strip().lower() == "q":
                    return plan


# the writing


async def _watched(args: argparse.Namespace, plan: Plan, work: AsyncIterator[Progress]) -> None:
    """Shows what happens until it has ended; sections under their headings."""
    from ui.progress import shown

    headings = {section.id: section.heading for section in plan.sections}
    with shown(quiet=args.json) as watch:
        async for progress in work:
            step = "publish" if progress.step == "section" and progress.paper else progress.step
            name = headings.get(progress.paper, progress.paper)
            watch(progress.model_copy(update={"paper": name, "step": step}))


async def _finished(args: argparse.Namespace, desk: Desk, id: str) -> int:
    report = desk.report(id)
    if report is None:
        raise Skip("报告没有写成", f"再运行一次：app.py report --resume {id}", code="lost")
    files = [str(await desk.export(id, report.version, name, args.out)) for name in args.format]
    if args.json:
        _out(document(report, files))
    else:
        from ui.report_plain import summary

        summary(report, files)
    return _DONE if any(not claim.withheld for claim in report.claims) else _NOTHING


# as JSON


def document(report: Report, files: list[str]) -> dict[str, Any]:
    """A report as `--json` gives it: only what stands, and apart from that what was withheld and why."""
    return {
        "report": report.id,
        "version": report.version,
        "state": "done",
        "plan": _bare(report.plan),
        "labels": list(report.labels),
        "papers": [{"version": p.version, "title": p.title, "authors": list(p.authors)} for p in report.papers],
        "left_out": [{"version": version, "reason": reason} for version, reason in report.left_out],
        "sections": [
            {
                "id": s.id, "heading": s.heading, "aspect": s.aspect,
                "claims": [_claim(c) for c in s.claims if not c.withheld],
                "tables": [_grid(b) for b in s.blocks if isinstance(b, Grid)],
                "withheld": [_claim(c) for c in s.claims if c.withheld],
                "unanswered": list(s.unanswered), "asks": list(s.asks),
                "cautions": [f.message for f in s.cautions], "stopped": s.stopped,
            }
            for s in report.sections
        ],
        "writer": report.writer,
        "judge": report.judge,
        "usage": report.usage.model_dump(),
        "files": files,
    }  # fmt: skip


def _bare(plan: Plan) -> dict[str, Any]:
    return plan.model_dump(mode="json")


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id, "text": claim.text, "verdict": claim.verdict.value, "score": claim.score,
        "evidence": [q.model_dump(include={"paper", "page", "section", "quote"}) for q in claim.evidence],
        "findings": [f.model_dump(mode="json", exclude_defaults=True) for f in claim.findings],
    }  # fmt: skip


def _grid(grid: Grid) -> dict[str, Any]:
    """Cells are ids of the section's claims; empty: nothing was found."""
    rows = [{"label": row.label, "paper": row.paper, "cells": list(row.cells)} for row in grid.rows]
    return {
        "caption": grid.caption,
        "corner": grid.corner,
        "columns": list(grid.columns),
        "rows": rows,
        "notes": list(grid.notes),
    }


def _out(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    sys.stdout.flush()
