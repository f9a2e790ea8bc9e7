"""What stands around a report's sections: what it was made from and by, references, what failed, the ledger."""

from dataclasses import dataclass

from core.models import Claim, Paper, Usage, Verdict
from core.report import Grid, ReportSection
from tools.exports import _names
from tools.exports.reports._content import BADGES, Content, plain

CONTENTS, CAUTIONS, UNANSWERED, ASKS = "目录", "摘要与正文的出入", "没有找到答案", "可以接着问的问题"
REFERENCES, LEFT_OUT, EVIDENCE, WITHHELD, LEDGER = (
    "参考论文", "没有读到的论文", "原文依据", "没有通过核验的句子", "这份报告的账",
)  # fmt: skip
WITHHELD_NOTE = "留作记录，请勿引用。"
NOTHING = "这一节没有站得住的内容。"
HOW_TO_READ = "每句话后面标着它在论文里的页码，点开看原文。标“部分支持”的，原文只支持其中一部分。"
AUTHORS = 3
"""Named in a reference before "et al."."""


def stopped(why: str) -> str:
    """A section that is unfinished."""
    return f"这一节没有写完：{why}"


def facts(content: Content) -> list[tuple[str, str]]:
    """What the report was made from and by: name and words."""
    report = content.report
    topic = plain(report.commission.topic)
    found = [("题目", topic)] if topic and topic != plain(report.plan.title) else []
    return [
        *found,
        ("依据", f"{len(report.papers)} 篇论文"),
        ("撰写", plain(report.writer) or "无（保留英文原句）"),
        ("裁判", plain(report.judge) or "无（只有规则）"),
        ("写成", f"{report.made.astimezone():%Y-%m-%d %H:%M}，第 {report.version} 版"),
    ]


# references


@dataclass(frozen=True)
class Reference:
    """A paper that was read."""

    number: int
    title: str
    about: str
    """Authors and year; may be empty."""
    name: str
    """arXiv:2501.12948v1, 本地文件"""
    address: str
    """Empty for local files."""


def references(content: Content) -> list[Reference]:
    """In the order of their numbers."""
    return [_reference(n, paper) for n, paper in enumerate(content.report.papers, 1)]


def _reference(n: int, paper: Paper) -> Reference:
    names = ", ".join(map(plain, paper.authors[:AUTHORS])) + (" et al." if len(paper.authors) > AUTHORS else "")
    year = str(paper.published.year) if paper.published else ""
    address = _names.abstract_page(paper.version)
    name = f"arXiv:{paper.version}" if address else f"本地文件 {plain(paper.version)}"
    return Reference(n, plain(paper.title), ", ".join(filter(None, (names, year))), name, address)


def left_out(content: Content) -> list[tuple[str, str]]:
    """Name and reason of the papers that could not be read."""
    titles = {paper.version: plain(paper.title) for paper in content.report.plan.papers}
    return [
        (f"{titles[version]}（{plain(version)}）" if titles.get(version) else plain(version), plain(why))
        for version, why in content.report.left_out
    ]


# what failed


@dataclass(frozen=True)
class Held:
    """A sentence that is kept for the record only."""

    text: str
    where: str
    """Heading of its section; for a cell, which."""
    badge: str
    why: str


def withheld(content: Content) -> list[Held]:
    """All of them, in the order of the sections."""
    return [
        Held(plain(claim.text), _where(claim, section), BADGES[claim.verdict], reasons(claim))
        for section in content.report.sections
        for claim in section.claims
        if claim.withheld
    ]


def reasons(claim: Claim) -> str:
    """Why a sentence failed."""
    found = [plain(f.message).removesuffix("。") for f in claim.findings if f.severity != "info"]
    return "；".join(dict.fromkeys(found)) + "。" if found else "找不到原文依据。"


def _where(claim: Claim, section: ReportSection) -> str:
    heading = plain(section.heading)
    for block in section.blocks:
        for row in block.rows if isinstance(block, Grid) else ():
            if claim.id in row.cells:
                at = row.cells.index(claim.id)
                column = block.columns[at] if isinstance(block, Grid) and at < len(block.columns) else ""
                names = "、".join(filter(None, map(plain, (row.label, column))))
                return f"{heading}，表中“{names}”"
    return heading


# the ledger


def ledger(content: Content) -> tuple[list[str], list[list[str]]]:
    """Heads, and a row for each section with the sum below; what is nowhere is left out."""
    report = content.report
    rows = [_counts(plain(s.heading), (s,), s.usage) for s in report.sections]
    rows.append(_counts("合计", report.sections, report.usage))
    kept = [n for n in range(len(_HEADS)) if n < _ALWAYS or any(row[n] != "0" for row in rows)]
    return [_HEADS[n] for n in kept], [[row[n] for n in kept] for row in rows]


_HEADS = ("节", "支持", "部分支持", "改写后留下", "撤下", "检索轮数", "调用", "词元", "未核验", "费用")
_ALWAYS = _HEADS.index("未核验")


def _counts(name: str, sections: tuple[ReportSection, ...], usage: Usage) -> list[str]:
    claims = [claim for section in sections for claim in section.claims]
    stand = [claim.verdict for claim in claims if not claim.withheld]
    tokens = usage.prompt_tokens + usage.completion_tokens
    return [
        name,
        str(stand.count(Verdict.SUPPORTED)),
        str(stand.count(Verdict.PARTIAL)),
        str(sum(section.rewritten for section in sections)),
        str(len(claims) - len(stand)),
        str(sum(section.rounds for section in sections)),
        f"{usage.calls:,}",
        f"{tokens:,}",
        str(len(stand) - stand.count(Verdict.SUPPORTED) - stand.count(Verdict.PARTIAL)),
        f"{usage.cost:.4f}" if usage.cost else "0",
    ]
