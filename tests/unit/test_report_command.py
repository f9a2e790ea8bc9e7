"""`app.py report`: nobody is charged for a plan they have not seen, and what was written is always said."""

import io
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import pytest

import app
from core.desk import Desk
from core.errors import Retry
from core.models import Usage, Verdict
from core.ports import Progress, Watch
from core.report import (
    Commission,
    Grid,
    GridRow,
    Plan,
    PlannedPaper,
    PlannedSection,
    Proposal,
    Prose,
    Report,
    ReportSection,
)  # fmt: skip
from core.settings import Settings
from tests.unit.builders import VERSION, claim
from ui import commandline

ID = "0123456789abcdef"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLAN = Plan(
    title="KARMA 深读",
    kind="paper",
    papers=(
        PlannedPaper(version=VERSION, title="KARMA", reason="你指定的", read=True),
        PlannedPaper(version="2501.00002v1", title="ORCA", reason="与题目相近", chosen=False),
    ),
    sections=(
        PlannedSection(id="s1", heading="方法", aspect="method", questions=("怎么做的？",)),
        PlannedSection(id="s2", heading="结果", aspect="results", questions=("好多少？",)),
    ),
    expected=Usage(calls=9, prompt_tokens=9000, completion_tokens=900, cost=0.12),
    minutes=3.0,
    note="报告会短。",
)


def written() -> Report:
    method = ReportSection(
        id="s1", heading="方法", aspect="method", blocks=(Prose(claims=("s1.c1", "s1.c2")),),
        claims=(claim("s1.c1", "好句。"), claim("s1.c2", "坏句。", verdict=Verdict.UNSUPPORTED, withheld=True)),
    )  # fmt: skip
    grid = Grid(caption="表 1", columns=("MMLU",), rows=(GridRow(label="KARMA", cells=("s2.c1",)),))
    results = ReportSection(
        id="s2", heading="结果", aspect="results", blocks=(grid,), claims=(claim("s2.c1", "72.1"),),
        stopped="预算用完，未写完", unanswered=("好多少？",),
    )  # fmt: skip
    return Report(
        id=ID, version=2, commission=Commission(), plan=PLAN, made=NOON, papers=(), sections=(method, results),
        left_out=(("2501.00003v1", "PDF 打不开"),), labels=("本地小模型草稿",), usage=Usage(calls=8, cost=0.1),
    )  # fmt: skip


class FakeDesk:
    """One report, in whatever state."""

    def __init__(self, state: str = "proposed") -> None:
        self.known = Proposal.model_validate(
            {"id": ID, "commission": Commission(), "plan": PLAN, "made": NOON, "state": state}
        )
        self.done: list[Any] = []
        self.breaks = False

    async def propose(self, commission: Commission) -> Proposal:
        self.done.append(commission)
        return self.known

    def proposal(self, id: str) -> Proposal | None:
        return self.known if id == ID else None

    async def refuse(self, id: str) -> None:
        self.done.append("refused")

    async def write(self, id: str, plan: Plan | None = None) -> AsyncIterator[Progress]:
        self.done.append(("write", plan))
        yield Progress(paper="s1", step="research", note="第 1 轮")
        if self.breaks:
            raise Retry("模型服务繁忙")
        yield Progress(paper="s1", step="section", note="写好了")

    async def rewrite(self, id: str, section: str) -> AsyncIterator[Progress]:
        self.done.append(("rewrite", section))
        yield Progress(paper=section, step="write")

    def report(self, id: str, version: int | None = None) -> Report | None:
        return written() if any(isinstance(d, tuple) for d in self.done) else None

    async def export(self, id: str, version: int, format: str, out: Path | None = None) -> Path:
        return (out or Path("/reports")) / f"{version}.{format}"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGDU_HOME", str(tmp_path))


def run(desk: FakeDesk, *arguments: str) -> int:
    @asynccontextmanager
    async def opener(settings: Settings, watch: Watch) -> AsyncIterator[Desk]:
        yield cast(Desk, desk)

    return commandline.run(app._parser().parse_args(["report", *arguments]), opener, lambda _: [])


class Terminal(io.StringIO):
    """Somebody sits there and types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    def type_in(*lines: str) -> None:
        monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    return type_in


def test_without_a_terminal_the_plan_is_shown_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    desk = FakeDesk()
    assert run(desk, "--paper", VERSION, "--paper", "b.pdf", "--length", "long", "--budget", "2.5") == 0
    (commission,) = desk.done
    assert commission == Commission(papers=(VERSION, "b.pdf"), length="long", budget=2.5)
    said = capsys.readouterr()
    for words in ("KARMA 深读", "你指定的", "没有选进来的", "1. 方法", "怎么做的？", "费用约 0.12", "报告会短。"):
        assert words in said.out
    assert f"--resume {ID} --yes" in said.err
    assert run(FakeDesk(), "题目", "--json") == 0
    assert json.loads(capsys.readouterr().out)["plan"]["title"] == PLAN.title


def test_days_are_asked_for_from_one_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    desk = FakeDesk()
    run(desk, "题目", "--date", "2026-11-20")
    run(desk, "题目", "--since", "2026-11-16", "--until", "2026-11-20")
    one, week = desk.done
    assert (one.since, one.until) == (date(2026, 11, 20), date(2026, 11, 20))
    assert (week.since, week.until) == (date(2026, 11, 16), date(2026, 11, 20))


def test_yes_writes_at_once_and_says_what_came_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    desk = FakeDesk()
    assert run(desk, "题目", "--yes", "--format", "md,pdf", "--out", "/tmp/out") == 0
    assert desk.done[1] == ("write", PLAN)
    said = capsys.readouterr()
    for words in ("第 2 版", "2 句有原文支持，0 句部分支持，1 句未过核验", "本地小模型草稿",
                  "2501.00003v1 没有读成：PDF 打不开", "“结果”预算用完，未写完", "/tmp/out/2.md",
                  "/tmp/out/2.pdf"):  # fmt: skip
        assert words in said.out
    assert "方法 研究 第 1 轮" in said.err


def test_json_is_one_document_with_every_claim_and_its_quote(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(FakeDesk(), "题目", "--yes", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["report"], made["version"], made["files"]) == (ID, 2, ["/reports/2.md", "/reports/2.html"])
    method, results = made["sections"]
    assert [c["text"] for c in method["claims"]] == ["好句。"] and [c["text"] for c in method["withheld"]] == ["坏句。"]
    (evidence,) = method["claims"][0]["evidence"]
    assert evidence["page"] == 3 and evidence["quote"] and evidence["paper"] == VERSION
    assert results["tables"][0]["rows"][0]["cells"] == ["s2.c1"] and results["stopped"]


def test_at_a_terminal_somebody_has_to_agree(typed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for answers, done in ((("",), "write"), (("什么", "y"), "write"), (("q",), "refused"), ((), "refused")):
        desk = FakeDesk()
        typed(*answers)
        assert run(desk, "题目") == 0
        assert (desk.done[1] if isinstance(desk.done[1], str) else desk.done[1][0]) == done


def test_leaving_does_not_wait_for_another_enter(tmp_path: Path) -> None:
    main, sub = pty.openpty()
    child = subprocess.Popen(  # waits for the person at the plan
        [sys.executable, "-c", _AT_THE_PLAN], cwd=Path(__file__).parents[2], stdin=sub, stderr=sub,
        stdout=subprocess.DEVNULL, env={**os.environ, "ZHENGDU_HOME": str(tmp_path)},
    )  # fmt: skip
    os.close(sub)
    seen = b""
    while "放弃：".encode() not in seen:
        seen += os.read(main, 1000)
    child.send_signal(signal.SIGINT)
    assert child.wait(20) == 130
    os.close(main)


_AT_THE_PLAN = """
from tests.unit.test_report_command import FakeDesk, run
raise SystemExit(run(FakeDesk(), "题目"))
"""


def test_an_edited_plan_is_what_is_written(typed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor, seen = tmp_path / "editor.sh", tmp_path / "seen"
    editor.write_text(
        f'#!/bin/sh\ncp "$1" {seen}\n'
        'if grep -q 看不懂 "$1"; then sed -i "/看不懂/d; s/怎么做的/凭什么/" "$1"\n'
        'else sed -i "3i 看不懂的一行" "$1"; fi\n',
        "utf-8",
    )
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    desk = FakeDesk()
    typed("e", "", "")  # edit; the mistake: back to the editor; agree
    assert run(desk, "题目") == 0
    assert "看不懂的一行" in seen.read_text("utf-8")  # what was typed was not lost
    kind, plan = desk.done[1]
    assert kind == "write" and plan.sections[0].questions == ("凭什么？",)


def test_an_editor_that_is_not_there_changes_nothing(
    typed: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VISUAL", os.devnull + "/no-editor")
    desk = FakeDesk()
    typed("e", "")
    assert run(desk, "题目") == 0
    assert desk.done[1] == ("write", PLAN)
    assert "提纲没有改" in capsys.readouterr().err


def test_an_interrupted_report_goes_on_and_a_section_is_written_anew() -> None:
    going_on = FakeDesk("agreed")
    assert run(going_on, "--resume", ID) == 0
    assert going_on.done == [("write", None)]
    again = FakeDesk("done")
    assert run(again, "--resume", ID, "--redo", "s2") == 0
    assert again.done == [("rewrite", "s2")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "没有说写什么"),
        (["题目", "--resume", ID], "不能再给题目"),
        (["--resume", ID, "--budget", "1"], "拟提纲时定下"),
        (["题目", "--redo", "s1"], "要和 --resume 一起用"),
        (["题目", "--date", "2026-11-20", "--since", "2026-11-19"], "不能和 --since"),
        (["题目", "--until", "2026-11-20"], "要和 --since 一起用"),
        (["题目", "--since", "2026-11-20", "--until", "2026-11-19"], "早于"),
        (["--resume", ID, "--redo", "s1"], "还没有写完"),
    ],
)
def test_arguments_that_make_no_sense_together_are_named(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = FakeDesk()
    assert run(desk, *arguments) == 2
    assert said in capsys.readouterr().err and desk.done == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--budget", "-1"], "不是金额"), (["--redo", "3"], "编号像 s3"), (["--format", "md,ps"], "没有 ps 这种格式")],
)
def test_what_cannot_be_read_is_refused_at_once(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        app._parser().parse_args(["report", "题目", *arguments])
    assert said in capsys.readouterr().err


def test_an_unknown_report_and_a_failure_are_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(FakeDesk(), "--resume", "f" * 16) == 1
    assert "没有编号为" in capsys.readouterr().err
    desk = FakeDesk()
    desk.breaks = True
    assert run(desk, "题目", "--yes", "--json") == 1
    assert json.loads(capsys.readouterr().out)["error"]["message"] == "模型服务繁忙"
