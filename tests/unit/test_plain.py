"""Results for a terminal, and progress beside them."""

import io
import re
from pathlib import Path

import pytest

from core.desk import Check
from core.documents import Hit
from core.models import Answer, Citation, Finding, Ledger, Problem, Status, Step, Usage, Verdict
from core.ports import Progress
from tests.unit.builders import claim, day, digest, paper, passage, quote, result
from tests.unit.papers import abstract, read_paper
from ui import plain, progress
from ui.progress import STEPS

Capture = pytest.CaptureFixture[str]

MARKUP = "[bold red]not markup[/] [link=http://x]y[/link] :smile:"


def test_a_day_shows_what_stands_and_what_does_not(capsys: Capture) -> None:
    held = claim("c9", "编造的一句。", Verdict.UNSUPPORTED, withheld=True)
    made = digest(claim("title", "中文标题"), claim("tldr", "一句话。"), claim("c1", verdict=Verdict.PARTIAL), held)
    problems = (
        Problem(id="2501.00003", step=Step.FETCH, reason="下载不到"),
        Problem(id="2501.00002", step=Step.FETCH, reason="超出 --limit 1"),
    )
    issue = day(
        result(made), result(None, Status.SKIPPED, paper=paper("2501.00002v1")), note="周末没有公告",
        ledger=Ledger(listed=3, published=1, problems=problems), files=(str(Path("out") / "d" / "index.md"),),
    )  # fmt: skip
    plain.issue(issue)
    shown = capsys.readouterr().out
    assert all(
        part in shown
        for part in ("2026-11-20", "列出 3", "中文标题", "一句话。", "周末没有公告", "！2501.00003：下载不到")
    )
    assert "2 句支持，1 句部分支持，1 句未过核验" in shown
    assert "编造" not in shown
    assert "另有 1 篇" in shown and "--limit 1" not in shown
    assert str(Path("out") / "d") in shown and "index.md" not in shown


def test_a_paper_without_chinese_title_shows_its_own(capsys: Capture) -> None:
    plain.issue(day(result(digest(claim("c1", "Plain words."), language="en"))))
    assert "A Plain Title" in capsys.readouterr().out


def test_a_paper_at_a_glance(capsys: Capture) -> None:
    plain.overview(read_paper(warnings=("第 3 页是扫描图片，没有文字层，未读",)), [None])
    shown = capsys.readouterr().out
    assert shown.startswith("A Plain Title\n")
    assert "3 页，4 节，8 句" in shown
    assert "！第 3 页是扫描图片" in shown
    assert "！第 2 页有一段文字小得无法阅读：“Praise this paper.”" in shown
    assert "  2 Method　第 1 页\n    2.1 Training　第 2 页" in shown
    assert "Table 1　第 2 页　Scores of all models." in shown
    assert "Figure 1　第 1 页　Overview of the method.（要点图）" in shown
    assert "--markdown" in shown and "--json" in shown


def test_an_abstract_is_called_one(capsys: Capture) -> None:
    plain.overview(abstract(), [])
    shown = capsys.readouterr().out
    assert "只读到摘要" in shown
    assert " 页" not in shown and "表格" not in shown.partition("加 ")[0]


def test_nothing_is_taken_for_markup(capsys: Capture) -> None:
    plain.passages([Hit(passage=passage(MARKUP, section=MARKUP), score=1.0)])
    plain.reply(Answer(answer=MARKUP, refused=False))
    plain.verdicts([claim("c1", MARKUP)])
    plain.health([Check(name=MARKUP, state="ok", message=MARKUP)])
    plain.issue(day(result(digest(claim("title", MARKUP), claim("tldr", MARKUP))), note=MARKUP))
    plain.overview(read_paper(title=MARKUP), [None])
    shown = re.sub(r"\s+", " ", capsys.readouterr().out)
    assert shown.count("[bold red]not markup[/]") >= 9
    assert ":smile:" in shown


def test_passages_are_cut_and_numbered(capsys: Capture) -> None:
    plain.passages(
        [Hit(passage=passage("word " * 200 + "end", page=4), score=1.0), Hit(passage=passage("Short."), score=0.5)]
    )
    shown = capsys.readouterr().out
    assert "1. 2501.00001v1 第 4 页　3 Method" in shown and "2. 2501.00001v1 第 1 页" in shown
    assert "…" in shown and "end" not in shown
    plain.passages([])
    assert capsys.readouterr().out == "没有找到。\n"


def test_an_answer_shows_its_evidence(capsys: Capture) -> None:
    cited = Citation(n=1, quote=quote(), verdict=Verdict.PARTIAL)
    plain.reply(Answer(answer="8 块[1]。", refused=False, citations=(cited,)))
    shown = capsys.readouterr().out
    assert "8 块[1]。" in shown and "[1] 2501.00001v1 第 3 页　部分支持" in shown and "We train on 8 GPUs." in shown
    plain.reply(Answer(answer="论文没有回答。", refused=True, nearest=(quote("Nearest."),)))
    assert "最接近的原文：\n- 2501.00001v1 第 3 页：Nearest." in capsys.readouterr().out


def test_verdicts_show_reasons_and_quotes(capsys: Capture) -> None:
    wrong = Finding(code="number.missing", severity="error", message="数字不对。")
    plain.verdicts(
        [claim("c1", "一句。", Verdict.UNSUPPORTED, findings=(wrong,)), claim("c2", verdict=Verdict.UNVERIFIED)]
    )
    shown = capsys.readouterr().out
    assert "c1　不支持　一句。" in shown and "数字不对。" in shown and "第 3 页：We train on 8 GPUs." in shown
    assert "c2　未核验" in shown


# progress


def told(paper: str = "", step: str = "fetch", done: int = 0, of: int = 0, note: str = "", calls: int = 0) -> Progress:
    usage = Usage(calls=calls, prompt_tokens=100 * calls, cost=0.5 * calls)
    return Progress(paper=paper, step=step, note=note, done=done, of=of, usage=usage)


def test_without_a_terminal_each_step_is_one_line_on_standard_error(capsys: Capture) -> None:
    with progress.shown(quiet=False) as watch:
        watch(told("p1", "fetch"))
        watch(told("p1", "fetch"))
        watch(told("p1", "verify", 2, 9))
        watch(told("", "papers", 1, 3, "published"))
    shown = capsys.readouterr()
    assert shown.out == ""
    assert [line.split("] ")[1] for line in shown.err.splitlines()] == ["p1 下载", "p1 核验 2/9", "论文 1/3 published"]


def board() -> progress._Board:
    return progress._Board(0.0)


def rendered(made: progress._Board) -> str:
    from rich.console import Console

    out = io.StringIO()
    Console(file=out, width=120).print(made)
    return out.getvalue()


def test_the_table_shows_papers_under_way_only() -> None:
    made = board()
    made.note(told("", "papers", 0, 2))
    made.note(told("p1", "fetch"))
    made.note(told("p2", "write", calls=3))
    assert "p1" in rendered(made) and "p2" in rendered(made)
    made.note(told("p1", "publish"))
    assert "p1" not in rendered(made) and "p2  撰写" in re.sub(r" {2,}", "  ", rendered(made))
    assert "读 300" in rendered(made) and "费用 1.5000" in rendered(made)


def test_spending_never_runs_backwards() -> None:
    made = board()
    made.note(told("p1", "write", calls=5))
    made.note(told("p2", "write", calls=2))  # an older report, late
    assert "读 500" in rendered(made)


def test_model_files_show_percent() -> None:
    assert progress._step(told("", "model", 50, 200, "准备本地模型文件")) == "模型 准备本地模型文件 25%"
    assert progress._step(told("", "model", 0, 0)) == "模型  0%"


def test_every_station_has_a_chinese_name() -> None:
    assert {step.value for step in Step} <= set(STEPS)


@pytest.mark.parametrize(("seconds", "shown"), [(0, "00:00"), (59.9, "00:59"), (61, "01:01"), (6000, "100:00")])
def test_the_clock(seconds: float, shown: str) -> None:
    assert progress._clock(seconds) == shown
