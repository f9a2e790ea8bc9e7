"""Reports for people on a terminal: the plan before, and what came of it after."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from core.models import Verdict
from core.report import Plan, Report


def _console() -> Console:
    return Console(highlight=False, markup=False, soft_wrap=True)


def plan(made: Plan) -> None:
    """What will be read, asked and spent."""
    out = _console()
    out.print(Text(made.title, style="bold cyan"))
    out.print()
    out.print(Text("要读的论文", style="bold"))
    for paper in (p for p in made.papers if p.chosen):
        out.print(f"  {paper.version}　{paper.title}")
        out.print(Text(f"      {paper.reason}" + ("" if paper.read else "；全文还没有读过"), style="dim"))
    if others := [p for p in made.papers if not p.chosen]:
        out.print(Text("没有选进来的", style="bold"))
        for paper in others:
            out.print(Text(f"  {paper.version}　{paper.title}（{paper.reason}）", style="dim"))
    for n, section in enumerate(made.sections, 1):
        out.print()
        out.print(Text(f"{n}. {section.heading}", style="bold"))
        for question in section.questions:
            out.print(f"   · {question}")
    out.print()
    out.print(Text(_expected(made), style="dim"))
    if made.note:
        out.print(made.note)


def _expected(made: Plan) -> str:
    usage = made.expected
    parts = [f"预计约 {max(1, round(made.minutes))} 分钟"]
    if usage.calls:
        parts.append(f"调用模型 {usage.calls} 次，读 {usage.prompt_tokens} 词元，写 {usage.completion_tokens} 词元")
    if usage.cost:
        parts.append(f"费用约 {usage.cost:.2f}")
    return "，".join(parts) + "。"


def summary(report: Report, files: Sequence[str]) -> None:
    """How it turned out, in a few lines, and where the files are."""
    out = _console()
    out.print(Text(f"{report.plan.title}（第 {report.version} 版）", style="bold cyan"))
    shown = [c for c in report.claims if not c.withheld]
    counts = [f"{sum(c.verdict is v for c in shown)} 句{word}" for v, word in _WORDS]
    held = len(report.claims) - len(shown)
    counts += [f"{held} 句未过核验，不放进正文"] if held else []
    out.print("，".join(counts) + "。")
    if report.labels:
        out.print(Text("　".join(report.labels), style="yellow"))
    for version, reason in report.left_out:
        out.print(Text(f"！{version} 没有读成：{reason}", style="yellow"))
    for section in report.sections:
        if section.stopped:
            out.print(Text(f"！“{section.heading}”{section.stopped}", style="yellow"))
    if unanswered := sum(len(section.unanswered) for section in report.sections):
        out.print(f"没有找到答案的问题有 {unanswered} 个，列在报告里。")
    usage = report.usage
    cost = f"，费用 {usage.cost:.4f}" if usage.cost else ""
    if usage.calls:
        words = f"读 {usage.prompt_tokens} 词元，写 {usage.completion_tokens} 词元"
        out.print(Text(f"调用模型 {usage.calls} 次，{words}{cost}。", style="dim"))
    for file in files:
        out.print(file)
    out.print(Text(f"重写一节：app.py report --resume {report.id} --redo s1", style="dim"))


_WORDS = ((Verdict.SUPPORTED, "有原文支持"), (Verdict.PARTIAL, "部分支持"))
