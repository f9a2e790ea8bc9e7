"""Days being read: one watcher a day on the server, however many pages look on; and what they see. No Gradio."""

from dataclasses import dataclass, field

from core.desk import Desk
from core.models import Query, Usage
from core.ports import Progress
from ui.web.markup import action, esc, foreign
from ui.web.texts import Texts
from ui.web.watching import Watcher, clock

STEPS = ("fetch", "parse", "read", "write", "verify", "publish")
"""The stations of a paper, as a line shows them."""


@dataclass
class Run:
    """One day being read, and afterwards how that ended."""

    source: str
    query: Query
    began: float
    state: str = "running"
    """running, ended, cancelled, failed."""
    message: str = ""
    """Chinese: why it failed."""
    note: str = ""
    papers: dict[str, Progress] = field(default_factory=dict)
    """The latest word on each."""
    done: int = 0
    of: int = 0
    usage: Usage = field(default_factory=Usage)
    took: float | None = None
    """Seconds; None while it goes on."""
    changes: int = 0

    @property
    def name(self) -> str:
        """What a button says to mean this one."""
        return f"{self.source}|{self.query.model_dump_json()}"

    def take(self, progress: Progress) -> None:
        """Takes one report in."""
        self.changes += 1
        if progress.usage.calls >= self.usage.calls:
            self.usage = progress.usage
        if progress.paper:
            self.papers[progress.paper] = progress
        else:
            self.note = progress.note if progress.step in ("list", "model", "overview") else self.note
            if progress.step == "papers":
                self.done, self.of = progress.done, progress.of

    def end(self, state: str, now: float, message: str = "") -> None:
        """It is over."""
        self.state, self.message, self.took = state, message, now - self.began
        self.changes += 1


class Runs(Watcher[Run]):
    """All that go on, and those that ended and were not dismissed. One a server."""

    def watch(self, desk: Desk, source: str, query: Query) -> Run:
        """Begins a day, or joins the one that goes on."""
        run = Run(source, query, self.now())
        return self.begin(run.name, run, lambda: desk.fetch(source, query))

    def join(self, desk: Desk) -> list[Run]:
        """All runs, those included that somebody else began at the desk."""
        for source, query in desk.under_way():
            self.watch(desk, source, query)
        return self.all()

    def cancel(self, desk: Desk, name: str) -> None:
        """Ends one that goes on; what was read stays."""
        run = self.get(name)
        if run and run.state == "running" and desk.cancel(run.source, run.query):
            run.state, run.changes = "cancelled", run.changes + 1


def board(run: Run, seconds: float, titles: dict[str, str], texts: Texts, issue: str = "") -> str:
    """One run: how far, how long, what it costs, a line a paper. `issue`: key of what came of it, if anything did."""
    going, what = run.state == "running", _name(run, texts)
    buttons = action("cancel", run.name, esc(texts("fetch.cancel"))) if going else ""
    if issue:
        buttons += action("issue", issue, esc(texts("fetch.open")), "zd-primary")
    if not going:
        buttons += action("dismiss", run.name, esc(texts("fetch.dismiss")))
    busy = ' aria-busy="true"' if going else ""
    return (
        f'<section class="zd-run zd-run-{run.state}"{busy} data-run="{esc(run.state)}">'
        f"<header><h3>{esc(texts('fetch.running', what=what) if going else what)}</h3>"
        f"{buttons}</header>"
        f'<p class="zd-run-facts" role="status">{esc(_facts(run, seconds, texts))}</p>'
        f"{_meter(run)}{_lines(run, titles, texts) if going else ''}</section>"
    )


def _name(run: Run, texts: Texts) -> str:
    source = texts("source." + run.source)
    if run.source == "sample":  # has no days
        return source
    return f"{source} · {run.query.day.isoformat() if run.query.day else texts('fetch.newest')}"


def _facts(run: Run, seconds: float, texts: Texts) -> str:
    ended = {
        "ended": texts("fetch.ended"),
        "cancelled": texts("fetch.cancelled"),
        "failed": texts("fetch.failed", message=run.message),
    }
    parts = [ended.get(run.state, run.note)]
    parts += [texts("fetch.count", done=run.done, of=run.of)] if run.of else []
    parts.append(texts("fetch.elapsed", clock=clock(seconds)))
    if run.usage.calls:
        parts.append(texts("fetch.tokens", read=run.usage.prompt_tokens, written=run.usage.completion_tokens))
    parts += [texts("fetch.cost", cost=f"{run.usage.cost:.4f}")] if run.usage.cost else []
    return " · ".join(part for part in parts if part)


def _meter(run: Run) -> str:
    if run.state != "running":
        return ""
    if not run.of:
        return '<div class="zd-meter"><i class="zd-unknown"></i></div>'
    share = 100 * run.done / run.of
    return f'<div class="zd-meter" aria-hidden="true"><i style="width:{share:.1f}%"></i></div>'


def _lines(run: Run, titles: dict[str, str], texts: Texts) -> str:
    listed = "".join(_line(version, p, titles.get(version, ""), texts) for version, p in run.papers.items())
    return f'<ol class="zd-lines">{listed}</ol>' if listed else ""


def _line(version: str, progress: Progress, title: str, texts: Texts) -> str:
    at = STEPS.index(progress.step) if progress.step in STEPS else -1
    dots = "".join(
        f'<i class="{"zd-past" if n < at or progress.step == "publish" else "zd-now" if n == at else ""}"></i>'
        for n in range(len(STEPS))
    )
    known = progress.step in (*STEPS, "list", "model")
    step = texts("step." + progress.step) if known else progress.step
    count = f" {progress.done}/{progress.of}" if progress.of else ""
    return (
        f"<li>{foreign(title or version, 'span', 'zd-line-title')}"
        f'<span class="zd-steps-dots" aria-hidden="true">{dots}</span>'
        f'<span class="zd-line-step">{esc(step + count)}</span></li>'
    )
