"""Long work shows what, how far, how long and what it costs: a live table on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.table import Table

from core.models import Usage
from core.ports import Progress, Watch

STEPS = {
    "list": "列出论文", "fetch": "下载", "parse": "解析", "read": "阅读", "write": "撰写", "verify": "核验",
    "publish": "完成", "failed": "未完成", "papers": "论文", "model": "模型", "understand": "理解问题",
    "retrieve": "检索", "answer": "回答", "plan": "拟提纲", "research": "研究", "revise": "改写", "section": "章节",
    "assemble": "装订", "cancelled": "已停止", "overview": "今日看点", "print": "写文件", "site": "网站",
    "speak": "朗读", "deliver": "投递",
}  # fmt: skip


@contextmanager
def shown(*, quiet: bool) -> Iterator[Watch]:
    """A Watch that shows what it is told on standard error; with `quiet` (or without a terminal) one line a step."""
    console = Console(stderr=True)
    board = _Board(time.monotonic())
    if quiet or not console.is_terminal:
        yield board.lines
        return
    with Live(board, console=console, refresh_per_second=4, transient=True):
        yield board.note


class _Board:
    """The latest word on every paper."""

    def __init__(self, started: float) -> None:
        self._started = started
        self._papers: dict[str, Progress] = {}
        self._day = Progress(paper="", step="list")
        self._usage = Usage()
        self._said = ""

    def note(self, progress: Progress) -> None:
        """Takes one report in; called from any thread."""
        self._usage = progress.usage if progress.usage.calls >= self._usage.calls else self._usage
        if not progress.paper:
            self._day = progress
        elif progress.step in ("publish", "failed"):
            self._papers.pop(progress.paper, None)
        else:
            self._papers[progress.paper] = progress

    def lines(self, progress: Progress) -> None:
        """The same as plain lines, each step once."""
        self.note(progress)
        line = f"{progress.paper} {_step(progress)}".strip()
        if line != self._said:
            self._said = line
            sys.stderr.write(f"[{_clock(time.monotonic() - self._started)}] {line}\n")

    def __rich__(self) -> Table:
        table = Table.grid(padding=(0, 2))
        spent = f"读 {self._usage.prompt_tokens}　写 {self._usage.completion_tokens} 词元"
        cost = f"　费用 {self._usage.cost:.4f}" if self._usage.cost else ""
        table.add_row(_clock(time.monotonic() - self._started), _step(self._day), spent + cost)
        for paper, progress in list(self._papers.items()):
            table.add_row("", paper, _step(progress))
        return table


def _step(progress: Progress) -> str:
    name = STEPS.get(progress.step, progress.step)
    if progress.step == "model":
        return f"{name} {progress.note} {progress.done * 100 // max(1, progress.of)}%"
    count = f" {progress.done}/{progress.of}" if progress.of else ""
    return f"{name}{count}" + (f" {progress.note}" if progress.note else "")


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60:02}:{int(seconds) % 60:02}"
