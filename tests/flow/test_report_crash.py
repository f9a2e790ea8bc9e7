"""Reports that are interrupted: an error in each node, kill -9, a person's stop, a budget that is used up."""

import asyncio
import inspect
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from agents import reporting, researching, tabling
from core.errors import OverBudget, Skip, Stop
from core.ports import Message, Prompt
from core.report import Commission, Report
from graph import reading, section
from tests.flow.paid_server import PaidServer, _completion
from tests.flow.talks import KARMA, ORCA
from tests.flow.writing import BOTH, Script, fixed, plan, press
from tools.llm.scripted import Asked, Said
from tools.store.library import SqliteLibrary

ROOT = Path(__file__).parents[2]
CRASHES = {
    "plan": (SqliteLibrary, "put_proposal", 1),
    "agreeing": (SqliteLibrary, "put_proposal", 2),
    "approve": (SqliteLibrary, "put_proposal", 3),
    "gather": (reading, "read", 1),
    "research": (researching, "research", 2),
    "write": (tabling, "add", 2),
    "critique": (section, "review", 4),
    "revise": (reporting, "revise", 1),
    "done": (section, "made_of", 2),
    "assemble": (SqliteLibrary, "put_report", 1),
}
"""What the node does last, and the time at which the lights go out once that is done."""


def crash(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, at: int) -> list[int]:
    """The call of that number does its work and breaks everything off; the list has the number of calls."""
    real, calls = getattr(owner, name), [0]

    def counted() -> None:
        calls[0] += 1
        if calls[0] == at:
            raise Stop("断电")

    async def slow(*args: Any, **more: Any) -> Any:
        result = await real(*args, **more)
        counted()
        return result

    def quick(*args: Any, **more: Any) -> Any:
        result = real(*args, **more)
        counted()
        return result

    monkeypatch.setattr(owner, name, slow if inspect.iscoroutinefunction(real) else quick)
    return calls


def one_lie(name: str, asked: Asked) -> Said | None:
    """The second section has a sentence that fails and is rewritten."""
    if name == "_Section" and "第 2 节" in asked.last:
        return {"paragraphs": [{"sentences": [{"text": "KARMA 用 512 块 GPU 训练了两周。", "keys": ["S2"]}]}]}
    return None


def bare(report: Report | None) -> dict[str, Any]:
    """A report without what may differ between two runs."""
    assert report is not None
    return report.model_dump(exclude={"made": True, "usage": True, "sections": {"__all__": {"usage"}}})


@pytest.mark.parametrize("node", CRASHES)
async def test_whatever_node_it_dies_in_nothing_finished_is_done_again(
    node: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch)
    script = Script()
    script.wrong = one_lie
    calls = crash(monkeypatch, *CRASHES[node])
    async with press(tmp_path / "home", script, concurrency=1) as p:
        id = ""
        for attempt in range(2):
            try:
                id = id or (await p.desk.propose(BOTH)).id
                await p.write(id)
            except Stop as stop:
                assert attempt == 0 and stop.message == "断电"
        made = bare(p.desk.report(id))
        assert await p.threads() == []
    assert calls[0] >= CRASHES[node][2]
    again = {"research": "_Findings", "write": "_Section", "revise": "_Revision"}.get(node)
    expected = {"_Findings": 3, "_Section": 3, "_Revision": 1}
    assert {name: script.asked[name] - (name == again) for name in expected} == expected
    script.asked.clear()
    async with press(tmp_path / "other", script, concurrency=1) as p:
        assert bare(await p.report()) == made


# kill -9


class WritingServer(PaidServer):
    """A paid server that writes reports as Script does."""

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """A chat completion for a request."""
        wanted = request.get("response_format", {}).get("json_schema", {}).get("schema", {}).get("properties", {})
        names = {"notes": "_Findings", "paragraphs": "_Section", "cells": "_Cells", "text": "_Revision"}
        name = next((name for key, name in names.items() if key in wanted), "")
        if not name:
            return super().answer(request)
        messages = tuple(Message(role=m["role"], text=m["content"]) for m in request["messages"])
        said = Script().say(Asked("fill", Prompt(messages=messages, max_tokens=9), type(name, (BaseModel,), {})))
        return _completion(request["model"], json.dumps(said, ensure_ascii=False))


@pytest.fixture
def server() -> Iterator[WritingServer]:
    running = WritingServer()
    yield running
    running.close()


def child(home: Path, server: PaidServer) -> "subprocess.Popen[str]":
    env = {k: v for k, v in os.environ.items() if not k.startswith(("ZHENGDU_", "OPENAI_"))}
    env |= {
        "OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "sk-test", "ZHENGDU_MODEL": "paid-strong",
        "ZHENGDU_CONCURRENCY": "2", "NO_PROXY": "127.0.0.1",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "tests.flow.report_child", str(home)],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def test_killed_at_any_moment_the_report_is_finished_and_paid_once(tmp_path: Path, server: WritingServer) -> None:
    kills: list[float] = []
    for moment in (2, 5, 9):
        running = child(tmp_path, server)
        start = server.seen

        def shoot(number: int, running: "subprocess.Popen[str]" = running, at: int = start + moment) -> None:
            if number == at:
                kills.append(time.monotonic())
                os.killpg(running.pid, signal.SIGKILL)

        server.before = shoot
        _, err = running.communicate(timeout=240)
        assert running.returncode == -signal.SIGKILL, err
    server.before = lambda number: None
    out, err = child(tmp_path, server).communicate(timeout=240)
    made = Report.model_validate_json(out)
    assert made.version == 1 and [bool(s.claims) and not s.stopped for s in made.sections] == [True] * 3, err
    paid: dict[str, list[float]] = {}
    for body, at in server.calls:
        paid.setdefault(body, []).append(at)
    for times in paid.values():
        for earlier in times[:-1]:  # only an answer on its way at a kill may be paid for again
            assert any(abs(earlier - kill) < 1.0 for kill in kills)
    assert sum(len(times) - 1 for times in paid.values()) <= len(kills) * 2 * 2  # two sections, two reviews each

    sent = len(server.calls)
    out, _ = child(tmp_path, server).communicate(timeout=240)  # the same commission: a new report, all of it paid for
    assert len(server.calls) == sent
    assert [s.claims for s in Report.model_validate_json(out).sections] == [s.claims for s in made.sections]


# a person's stop


async def test_a_halted_report_goes_on_where_it_stood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed(monkeypatch)
    reached, opened = asyncio.Event(), asyncio.Event()
    real = reporting.write

    async def waiting(model: Any, planned: Any, *rest: Any) -> Any:
        if planned.id == "s2" and not opened.is_set():
            reached.set()
            await opened.wait()
        return await real(model, planned, *rest)

    monkeypatch.setattr(reporting, "write", waiting)
    async with press(tmp_path, concurrency=1) as p:
        proposal = await p.desk.propose(BOTH)
        watchers = [asyncio.create_task(p.write(proposal.id)) for _ in range(2)]
        await reached.wait()
        assert p.desk.writing() == [proposal.id]
        assert (p.desk.halt(proposal.id), p.desk.halt(proposal.id), p.desk.writing()) == (True, False, [])
        first, second = await asyncio.gather(*watchers)
        assert first[-1].step == second[-1].step == "cancelled"
        known = p.desk.proposal(proposal.id)
        assert known is not None and known.state == "agreed" and p.desk.report(proposal.id) is None
        opened.set()
        told = await p.write(proposal.id)
        made = p.desk.report(proposal.id)
    assert made is not None and all(s.claims and not s.stopped for s in made.sections)
    assert (p.script.asked["_Findings"], p.script.asked["_Section"]) == (3, 3)
    assert not any(t.paper == "s1" for t in told)


async def test_a_desk_that_closes_leaves_the_report_to_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch)
    script = Script()
    held = asyncio.Event()
    real = researching.research

    async def waiting(model: Any, planned: Any, *rest: Any) -> Any:
        if planned.id == "s3" and not held.is_set():
            held.set()
            await asyncio.Event().wait()
        return await real(model, planned, *rest)

    monkeypatch.setattr(researching, "research", waiting)
    async with press(tmp_path, script, concurrency=1) as p:
        proposal = await p.desk.propose(BOTH)
        watcher = asyncio.create_task(p.write(proposal.id))
        await held.wait()
    assert (await watcher)[-1].step == "cancelled"
    async with press(tmp_path, script, concurrency=1) as p:
        assert await p.desk.propose(BOTH) == p.desk.proposal(proposal.id)
        await p.write(proposal.id)
        assert p.desk.report(proposal.id) is not None
    assert (script.asked["_Findings"], script.asked["_Section"]) == (3, 3)


# money


async def test_a_budget_used_up_in_the_middle_ends_with_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch)
    price = 1.0  # for a million tokens
    async with press(tmp_path / "whole", price=price, concurrency=1) as p:
        whole = await p.report(Commission(papers=(KARMA, ORCA), budget=9.0))
        after_two = whole.sections[0].usage.cost + whole.sections[1].usage.cost
    assert whole.labels == ()
    budget = after_two + 0.0001
    async with press(tmp_path / "short", price=price, concurrency=1) as p:
        made = await p.report(Commission(papers=(KARMA, ORCA), budget=budget))
        assert p.desk.spent().cost <= budget and made.usage.cost <= budget
        assert [c.text for c in made.sections[0].claims] == [c.text for c in whole.sections[0].claims]
        assert made.labels == ("预算用完，未写完",)
        stopped = [s.id for s in made.sections if s.stopped]
        assert stopped and stopped[-1] == "s3" and made.sections[2].stopped == "预算用完，未写完"
        assert not [c for c in made.sections[2].claims if not c.withheld]
        await p.write(made.id)  # somebody wants the rest after all
        rest = p.desk.report(made.id)
    assert rest is not None and rest.version == 2 and rest.labels == ()
    assert rest.sections[0] == made.sections[0] and rest.sections[2].claims


async def test_sentences_that_nobody_could_pay_to_judge_are_withheld(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch, lambda _: plan(sections=("results",)))
    script, judged = Script(), [0]

    def poor(name: str, asked: Asked) -> Said | None:
        judged[0] += name == "choose"
        return OverBudget("不够") if name == "choose" and judged[0] > 2 else None

    script.wrong = poor
    async with press(tmp_path, script) as p:
        made = await p.report()
    (only,) = made.sections
    shown = [c for c in only.claims if not c.withheld]
    assert len(shown) == 1 and len(only.claims) > 2 and only.stopped == made.labels[0] == "预算用完，未写完"
    assert all(c.findings[0].code == "entailment.unjudged" for c in only.claims if c.withheld)


async def test_a_budget_that_prices_cannot_hold_is_said_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed(monkeypatch)
    async with press(tmp_path, price=1.0) as p:
        proposal = await p.desk.propose(Commission(papers=(KARMA,), budget=1.0))
    assert "没有设模型单价" in proposal.plan.note


async def test_what_was_paid_before_the_interruption_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed(monkeypatch)
    commission = Commission(papers=(KARMA, ORCA), budget=1.0)
    script = Script()
    script.wrong = lambda name, asked: Stop("断电") if name == "_Section" and "第 2 节" in asked.last else None
    async with press(tmp_path, script, price=1.0, concurrency=1) as p:
        proposal = await p.desk.propose(commission)
        with pytest.raises(Stop):
            await p.write(proposal.id)
        known = p.desk.proposal(proposal.id)
        assert known is not None
        left = await p.desk._reports._left(known, 1)
        assert left is not None and 0 < 1.0 - left < p.desk.spent().cost + 1e-9
        with pytest.raises(Skip):
            await anext(p.desk.write("f" * 16))
