"""A plan as text that a person can edit, and back. Pure.

    # title
    - [x] 2502.13189v1 MoBA: Mixture of Block Attention（why）     a paper that is read; [ ]: not
    ## heading
    - question

Lines that begin with > are hints. Whatever is deleted is left out; papers, sections and questions may change places. A
heading that the plan does not have is its section renamed, where most questions are still there, else a topic of the
person's own.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from core.errors import Misconfigured
from core.models import ARXIV_ID
from core.report import Plan, PlannedPaper, PlannedSection

_HINTS = (
    "> 可以直接改：[x] 的论文会读，[ ] 的不读；章节和问题可以删、改、增、换顺序。",
    "> 想加一篇论文，就加一行“- [x] ”和它的 arXiv 编号。",
)
_PAPERS = "论文"
_HEADING = re.compile(r"^(?P<marks>[#＃]+)\s*(?P<text>.*)$")
_PAPER = re.compile(r"^(?:[-*+•]\s*)?[\[【［](?P<mark>[^\]】］]{0,2})[\]】］]\s*(?P<id>\S*)\s*(?P<rest>.*)$")
_BULLET = re.compile(r"^(?:[-*+•](?!\d)\s*|\d{1,2}(?:[、．]\s*|[.)]\s))")
_YES, _NO = frozenset({"x", "√", "✓", "✔", "是"}), frozenset({"", "否"})
_ADDRESS = re.compile(r"^(?:https?://)?(?:www\.)?(?:arxiv\.org/(?:abs|pdf|html)/|arxiv[:：])", re.IGNORECASE)
_REASON = re.compile(r"（[^（）]*）$")
_ADDED = "你添加的"
_SHOWN = 60
"""Characters of a wrong line that its error repeats."""
_MOST = 99
"""Sections; their ids have two digits."""
_PAPERS_AT_MOST, _QUESTIONS_AT_MOST, _LINE_AT_MOST = 40, 20, 300
"""Of the text; questions of one section, characters of one line. Each takes calls, or a download."""


class _Line(NamedTuple):
    """A line of the text that says something."""

    n: int
    text: str

    def wrong(self, why: str, hint: str) -> Misconfigured:
        """The error that names it."""
        shown = self.text if len(self.text) <= _SHOWN else f"{self.text[:_SHOWN]}…"
        return Misconfigured(f"第 {self.n} 行“{shown}”{why}", hint)


class _Block(NamedTuple):
    """A heading and what stands under it."""

    line: _Line
    heading: str
    questions: list[str]


def as_text(plan: Plan) -> str:
    """The plan as a person edits it."""
    lines = [f"# {_line(plan.title)}", "", *_HINTS, "", f"{_PAPERS}："]
    for paper in plan.papers:
        reason = f"（{_line(paper.reason)}）" if paper.reason else ""
        lines.append(f"- [{'x' if paper.chosen else ' '}] {paper.version} {_line(paper.title)}{reason}")
    for section in plan.sections:
        lines += ["", f"## {_line(section.heading)}", *(f"- {_line(q)}" for q in section.questions)]
    return "\n".join(lines) + "\n"


def edited(text: str, plan: Plan) -> Plan:
    """The plan as the text has it. `plan`: as it was, from which aspects, papers and what it takes are kept.

    Raises Misconfigured with a Chinese message that names the line which is wrong, or says that nothing is left.
    """
    title, papers, blocks = _taken_apart(text)
    kept = _papers(papers, plan)
    if not any(paper.chosen for paper in kept):
        raise Misconfigured("提纲里没有要读的论文", "至少给一篇论文打上 [x]")
    sections = _sections(blocks, plan)
    kind = _kind(kept, sections, plan)
    if kind == "comparison" or sum(paper.chosen for paper in kept) == 1:
        sections = [s for s in sections if s.aspect != "neighbours"]  # there is nobody beside the one
    if not sections:
        raise Misconfigured("提纲里一节也没有了", "至少留一个“## ”开头的章节")
    if kind == "paper":
        kept.sort(key=lambda p: p.version != _subject(plan))  # stable: only the one it is about moves to the front
    return plan.model_copy(
        update={
            "title": title or plan.title, "papers": tuple(kept), "kind": kind,
            "sections": tuple(s.model_copy(update={"id": f"s{n}"}) for n, s in enumerate(sections, 1)),
        }
    )  # fmt: skip


def _kind(
    papers: Sequence[PlannedPaper], sections: Sequence[PlannedSection], plan: Plan
) -> Literal["paper", "comparison"]:
    """Of one paper; or still of the one it was of, where the others are its neighbours."""
    chosen = {paper.version for paper in papers if paper.chosen}
    beside = any(s.aspect == "neighbours" for s in sections)
    return "paper" if len(chosen) == 1 or (beside and _subject(plan) in chosen) else "comparison"


def _line(text: str) -> str:
    return " ".join(text.split())


def _subject(plan: Plan) -> str:
    """The paper a deep-dive is of."""
    return next((p.version for p in plan.papers if p.chosen), "") if plan.kind == "paper" else ""


def _taken_apart(text: str) -> tuple[str, list[_Line], list[_Block]]:
    """Title, lines of papers, sections."""
    title, papers, blocks = "", list[_Line](), list[_Block]()
    for n, raw in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        line = _Line(n, _line(raw))
        if not line.text or line.text.startswith((">", "＞")):
            continue
        if len(line.text) > _LINE_AT_MOST and not _PAPER.match(line.text):
            raise line.wrong(f"太长了，有 {len(line.text)} 个字", f"一行最多 {_LINE_AT_MOST} 个字")
        if heading := _HEADING.match(line.text):
            if len(heading["marks"]) == 1 and not title and not blocks:
                title = heading["text"]
            else:
                blocks.append(_Block(line, heading["text"], []))
        elif blocks and not _ticked(line):
            blocks[-1].questions.append(_BULLET.sub("", line.text))
        elif line.text.rstrip("：:") != _PAPERS:
            papers.append(line)
    return title, papers, blocks


# papers


def _papers(lines: Sequence[_Line], plan: Plan) -> list[PlannedPaper]:
    found: dict[str, PlannedPaper] = {}
    if len(lines) > max(_PAPERS_AT_MOST, len(plan.papers)):
        raise lines[-1].wrong(f"前面已有 {len(lines) - 1} 篇论文", f"最多 {max(_PAPERS_AT_MOST, len(plan.papers))} 篇")
    for line in lines:
        paper = _paper(line, plan)
        if paper.version in found:
            raise line.wrong("和前面重复了", "同一篇论文只留一行")
        found[paper.version] = paper
    return list(found.values())


def _ticked(line: _Line) -> bool:
    """A paper that somebody wrote among the questions?"""
    match = _PAPER.match(line.text)
    return match is not None and match["mark"].strip().lower() in _YES | _NO


def _paper(line: _Line, plan: Plan) -> PlannedPaper:
    match = _PAPER.match(line.text)
    if match is None:
        raise line.wrong("看不懂", "论文写成“- [x] 编号”，章节用“## ”开头，问题写在章节下面")
    mark = match["mark"].strip().lower()
    if mark not in _YES | _NO:
        raise line.wrong("的标记看不懂", "要读写 [x]，不读写 [ ]")
    id = _ADDRESS.sub("", match["id"])
    known = next((p for p in plan.papers if id in (p.version, _bare(p.version))), None)
    if known is not None:
        return known.model_copy(update={"chosen": mark in _YES})
    title = _REASON.sub("", match["rest"]).strip()
    if not (id.isascii() and ARXIV_ID.fullmatch(id)):
        raise line.wrong("不是计划里的论文，也不是 arXiv 编号", "照原样写编号，或写完整的 arXiv 编号")
    if any(title and title == _line(p.title) for p in plan.papers):
        raise line.wrong("的编号和题目对不上", "编号照原样写；换一篇论文时把题目也删掉")
    return PlannedPaper(version=id, title=title, reason=_ADDED, chosen=mark in _YES)


def _bare(version: str) -> str:
    return re.sub(r"v\d+$", "", version)


# sections


def _sections(blocks: Sequence[_Block], plan: Plan) -> list[PlannedSection]:
    """Sections in the order of the text. Those that kept their heading are found first."""
    if len(blocks) > _MOST:
        raise blocks[_MOST].line.wrong(f"是第 {_MOST + 1} 节，太多了", f"最多 {_MOST} 节")
    left = list(plan.sections)
    found: dict[int, PlannedSection] = {}
    for same in (_by_heading, _by_questions):
        for n, block in enumerate(blocks):
            was = None if n in found else same(block, left)
            if was is not None:
                left.remove(was)
                found[n] = was
    return [_section(block, found.get(n)) for n, block in enumerate(blocks)]


def _by_heading(block: _Block, left: Sequence[PlannedSection]) -> PlannedSection | None:
    return next((s for s in left if _line(s.heading) == block.heading), None)


def _by_questions(block: _Block, left: Sequence[PlannedSection]) -> PlannedSection | None:
    """A section renamed: at least half of its questions are still there. One that asks nothing was renamed where the
    new one asks nothing either."""
    if not block.questions:
        return next((s for s in left if not s.questions), None)
    shared = [(len({_line(q) for q in s.questions} & set(block.questions)), s) for s in left]
    return next((s for n, s in sorted(shared, key=lambda pair: -pair[0]) if n and 2 * n >= len(s.questions)), None)


def _section(block: _Block, was: PlannedSection | None) -> PlannedSection:
    """`was`: the plan's section it comes from; None: a new one."""
    questions = tuple(dict.fromkeys(q for q in block.questions if q))
    if len(questions) > _QUESTIONS_AT_MOST:
        raise block.line.wrong(f"下面有 {len(questions)} 个问题，太多了", f"一节最多 {_QUESTIONS_AT_MOST} 个")
    if not block.heading:
        raise block.line.wrong("没有标题", "在“##”后面写上标题，或删掉这一节")
    if not questions and (was is None or was.questions):
        raise block.line.wrong("下面没有问题", "写上要回答的问题，一行一个，或删掉这一节")
    if was is None:
        return PlannedSection(id="s1", heading=block.heading, aspect="topic", questions=questions)
    return was.model_copy(update={"heading": block.heading, "questions": questions})
