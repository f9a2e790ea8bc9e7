"""Reports being written: one watcher each on the server, and what the pages see of it. No Gradio."""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from core.desk import Desk
from core.models import Usage
from core.ports import Progress
from core.report import Plan, PlannedSection, Proposal
from ui.web.markup import esc, foreign
from ui.web.texts import Texts
from ui.web.watching import Watcher, clock

PAPER_STEPS = ("fetch", "parse", "read", "ready")
SECTION_STEPS = ("research", "write", "verify", "revise", "written")
"""The stations of a paper and of a section, as a line shows them."""
_OVER = ("ready", "skipped", "written", "broken")
_READING, _READ = ("", "读全文"), "读完"
"""What the desk notes of a paper before it is read, and after; anything else is why it was not read."""
_BARE = re.compile(r"v\d+$")


@dataclass
class Writing:
    """One report being written, and afterwards how that ended."""

    id: str
    plan: Plan
    began: float
    only: str = ""
    """The one section that is written anew; empty: all."""
    state: str = "running"
    """running, ended, cancelled, failed."""
    message: str = ""
    note: str = ""
    heard: dict[str, Progress] = field(default_factory=dict)
    """The latest word on each paper and section; its step is one of the stations, or how it ended."""
    usage: Usage = field(default_factory=Usage)
    took: float | None = None

    @property
    def name(self) -> str:
        """The report's id: there is one work at a time on it."""
        return self.id

    def take(self, progress: Progress) -> None:
        """Takes one report in."""
        if progress.usage.calls >= self.usage.calls:
            self.usage = progress.usage
        if progress.paper:
            self._one(progress)
        elif progress.step == "section":  # one that was there already tells nothing of itself
            for section in self.sections:
                if section.heading == progress.note and not self.is_over(section.id):
                    self.heard[section.id] = Progress(paper=section.id, step="written")
        elif progress.step == "cancelled":
            self.state = "cancelled"
        elif progress.step != "fetch":
            self.note = progress.note

    def _one(self, progress: Progress) -> None:
        """A word on a paper or a section."""
        section = next((s for s in self.plan.sections if s.id == progress.paper), None)
        step, about = progress.step, progress.paper
        if section is not None and step == "section":
            step = "written" if progress.of or progress.note.startswith(section.heading) else "broken"
        elif section is None:
            about = next((p.version for p in self.plan.papers if _same(p.version, about)), about)
            if step == "fetch" and progress.note not in _READING:
                step = "ready" if progress.note == _READ else "skipped"
        note = "" if section is not None and progress.note == section.heading else progress.note
        self.heard[about] = progress.model_copy(update={"paper": about, "step": step, "note": note})

    def is_over(self, about: str) -> bool:
        """Is nothing more to be heard of this paper or section?"""
        return about in self.heard and self.heard[about].step in _OVER

    def end(self, state: str, now: float, message: str = "") -> None:
        """It is over."""
        self.state, self.message, self.took = state, message, now - self.began

    @property
    def sections(self) -> tuple[PlannedSection, ...]:
        """Those that are written."""
        return tuple(s for s in self.plan.sections if self.only in ("", s.id))


class Writings(Watcher[Writing]):
    """One a server."""

    def write(self, desk: Desk, proposal: Proposal, plan: Plan | None = None) -> Writing:
        """Begins a report, goes on with one, or joins the work on it."""
        work = Writing(proposal.id, plan or proposal.plan, self.now())
        return self._watch(work, lambda: desk.write(proposal.id, plan))

    def rewrite(self, desk: Desk, proposal: Proposal, section: str) -> Writing:
        """Begins one section anew."""
        work = Writing(proposal.id, proposal.plan, self.now(), only=section)
        return self._watch(work, lambda: desk.rewrite(proposal.id, section))

    def _watch(self, work: Writing, told: Callable[[], AsyncIterator[Progress]]) -> Writing:
        return self.begin(work.id, work, told)

    def join(self, desk: Desk) -> set[str]:
        """Ids of all that are being written, those included that somebody else began at the desk."""
        for id in desk.writing():
            if self.goes_on_with(id):
                continue
            proposal = desk.proposal(id)
            if proposal is not None and proposal.state == "agreed":  # to join one that is done would finish it
                self.write(desk, proposal)
        return {work.id for work in self.all() if self.goes_on(work)}

    def goes_on_with(self, id: str) -> bool:
        """Is this report being written?"""
        work = self.get(id)
        return work is not None and self.goes_on(work)

    def halt(self, desk: Desk, id: str) -> None:
        """Ends that work; what was written stays."""
        work = self.get(id)
        if work and work.state == "running" and desk.halt(id):
            work.state = "cancelled"


def board(work: Writing, seconds: float, texts: Texts) -> str:
    """How far it is: facts, sections, papers."""
    sections = work.sections
    done = sum(work.is_over(s.id) for s in sections)
    section_lines = "".join(_line(s.heading, work.heard.get(s.id), SECTION_STEPS, texts) for s in sections)
    chosen = [paper for paper in work.plan.papers if paper.chosen]
    papers = [(p.title, work.heard.get(p.version)) for p in chosen if not work.only or p.version in work.heard]
    paper_lines = "".join(_line(title, heard, PAPER_STEPS, texts) for title, heard in papers)
    return (
        f'<section class="zd-run zd-writing" aria-busy="true">'
        f'<p class="zd-run-facts" role="status">{esc(_facts(work, seconds, done, len(sections), texts))}</p>'
        f"{_meter(done, len(sections))}{_group('work.papers', paper_lines, texts)}"
        f"{_group('work.sections', section_lines, texts)}</section>"
    )


def ending(work: Writing, texts: Texts) -> str:
    """How it ended, in a sentence."""
    said = {"cancelled": texts("work.stopped"), "failed": texts("work.failed", message=work.message)}
    return said.get(work.state, texts("work.ended"))


def _facts(work: Writing, seconds: float, done: int, of: int, texts: Texts) -> str:
    tokens = work.usage.prompt_tokens + work.usage.completion_tokens
    parts = [texts("work.halting") if work.state == "cancelled" else work.note]
    parts += [texts("work.finished", done=done, of=of), texts("work.elapsed", clock=clock(seconds))]
    parts += [texts("work.tokens", n=f"{tokens:,}")] if tokens else []
    parts += [texts("work.cost", cost=f"{work.usage.cost:.4f}".rstrip("0").rstrip("."))] if work.usage.cost else []
    return " · ".join(part for part in parts if part)


def _meter(done: int, of: int) -> str:
    if not done:
        return '<div class="zd-meter" aria-hidden="true"><i class="zd-unknown"></i></div>'
    return f'<div class="zd-meter" aria-hidden="true"><i style="width:{100 * done / of:.1f}%"></i></div>'


def _group(name: str, lines: str, texts: Texts) -> str:
    return f'<h4>{esc(texts(name))}</h4><ol class="zd-lines">{lines}</ol>' if lines else ""


def _line(title: str, heard: Progress | None, steps: tuple[str, ...], texts: Texts) -> str:
    step = heard.step if heard else "queued"
    at = steps.index(step) if step in steps else -1
    over = step in _OVER
    dots = "".join(
        f'<i class="{"zd-past" if n < at or (over and at >= 0) else "zd-now" if n == at else ""}"></i>'
        for n in range(len(steps))
    )
    return (
        f'<li class="zd-step-{esc(step)}">{foreign(title, "span", "zd-line-title")}'
        f'<span class="zd-steps-dots" aria-hidden="true">{dots}</span>'
        f'<span class="zd-line-step">{esc(_word(heard, texts))}</span></li>'
    )


def _word(heard: Progress | None, texts: Texts) -> str:
    """研究 · 第 2 轮; 核验 5/12; what is not known is said as the desk says it."""
    if heard is None:
        return texts("work.queued")
    if heard.step not in (*PAPER_STEPS, *SECTION_STEPS, *_OVER):
        return heard.note or heard.step
    word = texts(f"work.{heard.step}")
    if heard.step in ("research", "skipped", "broken") and heard.note:
        return f"{word} · {heard.note}"
    return f"{word} {heard.done}/{heard.of}" if heard.of and heard.step not in _OVER else word


def _same(planned: str, told: str) -> bool:
    """A paper may be planned without its version, and is read with it."""
    return planned == told or _BARE.sub("", planned) == _BARE.sub("", told)
