"""An issue with everything in it, one without anything, and one whose every word wants to be markup."""

import struct
import zlib
from datetime import UTC, date, datetime
from typing import Literal

from core.models import (
    Basis,
    Box,
    Claim,
    Day,
    Digest,
    DigestSection,
    Finding,
    Ledger,
    Paper,
    PaperResult,
    Problem,
    Quote,
    Status,
    Step,
    Usage,
    Verdict,
)
from core.overview import Code, Headline, Highlight, Hot, Overview, Reason, Topic, Trend, Word, Worth
from core.publication import KeyFigure, Picture, Publication, Shade
from core.report import Grid, GridRow

A, B, C, D, E = "2501.00001v1", "2501.00002v2", "hep-th/9901001v1", "2501.00004v1", "file-0123456789ab"
"""Published, published from the abstract and late, published in English, withheld, failed."""
REVIEW = "Black Holes & Matrix Models: a 100% {Review}"
EVIL = '<script>alert("1")</script> [[链]] [x](javascript:y) *b* `c` $d$ &amp; | :: --- \u202eabc\x07 {{e}} #f @g ==h=='


def png(width: int = 6, height: int = 4) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def quote(paper: str, text: str, page: int, section: str = "3 Method") -> Quote:
    """Verbatim words."""
    return Quote(
        passage=f"{paper}:p{page:02}:001", paper=paper, page=page, section=section, quote=text,
        boxes=(Box(page, 72.0, 100.0, 520.0, 112.0),),
    )  # fmt: skip


def claim(
    id: str, text: str, paper: str, said: str, page: int = 3, verdict: Verdict = Verdict.SUPPORTED, **more: object
) -> Claim:
    """A sentence with one quote."""
    return Claim.model_validate(
        {"id": id, "text": text, "verdict": verdict, "score": 0.93, "evidence": (quote(paper, said, page),), **more}
    )


def _paper(version: str, title: str, **more: object) -> Paper:
    id = version if version.startswith("file-") else version.rsplit("v", 1)[0]
    return Paper.model_validate({"id": id, "version": version, "title": title, **more})


def _digest(paper: str, *claims: Claim, **more: object) -> Digest:
    names = {"p": "问题", "m": "方法", "r": "结果", "l": "局限"}
    shown = [
        c for c in claims if c.id not in ("title", "tldr")
    ]  # withheld ones too: it is for the formats to leave out
    parts = [
        DigestSection(name=name, claim_ids=tuple(c.id for c in shown if c.id.startswith(letter)))
        for letter, name in names.items()
    ]
    made = {
        "paper": paper, "basis": Basis.FULL_TEXT, "language": "zh", "claims": claims, "writer": "写手-7B",
        "judge": "裁判-7B", "sections": tuple(p for p in parts if p.claim_ids), "labels": ("本地小模型草稿",),
        "usage": Usage(calls=21, prompt_tokens=9000, completion_tokens=800),
    }  # fmt: skip
    return Digest.model_validate({**made, **more})


def _first() -> PaperResult:
    wrong = Finding(code="number.missing", severity="error", message="数字 99 不在原文中。", where="99")
    digest = _digest(
        A,
        claim("title", "稀疏块注意力：长文本上的等效替代", A, "Block attention matches full attention.", 1),
        claim("tldr", "作者把注意力限制在最相关的块上，在 32K 长度上与全注意力相当。", A, "It matches full ones.", 1),
        claim("p1", "全注意力的开销随长度的平方增长。", A, "The cost of full attention is quadratic.", 1),
        claim("m1", "每个查询只看门控选出的 12 个块。", A, "Each query attends to 12 blocks chosen by a gate.", 4),
        claim("r1", "在 GSM8K 上准确率为 72.8%，比全注意力高 1.4 个百分点。", A, "72.8% on GSM8K, 1.4 points more.", 9),
        claim(
            "r2", "训练速度提高到 6.5 倍。", A, "Up to 6.5 times faster prefilling.", 10, Verdict.PARTIAL,
            findings=(Finding(code="strength.limit", severity="warning", message="原文说“最高”，译文没有。"),),
        ),
        claim("l1", "在有监督微调阶段有时不如全注意力。", A, "Sometimes suboptimal during SFT.", 8),
        claim("r9", "准确率达到 99%。", A, "72.8% on GSM8K.", 9, Verdict.UNSUPPORTED, withheld=True, findings=(wrong,)),
        cautions=(Finding(code="strength.weakened", severity="warning", message="摘要说相当，第 8 页说有时不如。"),),
    )  # fmt: skip
    paper = _paper(
        A, "Sparse Block Attention: An Equal for Long Texts", authors=("李雷", "Ann O'Neil", "José Núñez"),
        categories=("cs.CL", "cs.LG"), published=date(2026, 11, 19), upvotes=39, abstract="We restrict attention.",
        licence="http://creativecommons.org/licenses/by/4.0/", keywords=("sparse attention", "long context"),
    )  # fmt: skip
    return PaperResult(paper=paper, status=Status.PUBLISHED, passed=tuple(Step), digest=digest, usage=digest.usage)


def results() -> tuple[PaperResult, ...]:
    """Five papers, each ending another way."""
    late = _digest(
        B,
        claim("title", "强化学习让小模型学会检索", B, "Reinforcement learning teaches small models to search.", 1),
        claim("m1", "模型只从最终答案得到奖励。", B, "The model is rewarded for the final answer only.", 1),
        claim("r1", "在 7 个问答集上平均提高 4.2 个百分点。", B, "An average gain of 4.2 points on 7 datasets.", 1),
        claim("r2", "代码已公开。", B, "Code is public.", 1),
        basis=Basis.ABSTRACT, why_abstract="PDF 暂时下载不了", labels=("仅摘要", "本地小模型草稿"),
    )  # fmt: skip
    english = _digest(
        C,
        claim("tldr", "We study black holes.", C, "We study black holes.", 1),
        claim("m1", "We use matrix models.", C, "We use matrix models.", 2),
        claim("r1", "The entropy is 1.7 times larger.", C, "The entropy is 1.7 times larger.", 3),
        language="en", writer="", judge="", labels=("未译：没有可用的模型，保留英文原句",),
    )  # fmt: skip
    return (
        _first(),
        PaperResult(
            paper=_paper(B, "Small Models Learn to Search", authors=("Wang Wei",), upvotes=3),
            status=Status.PUBLISHED, passed=(Step.LIST, Step.WRITE, Step.VERIFY, Step.PUBLISH), digest=late,
            reason="PDF 暂时下载不了", late=date(2026, 11, 19),
        ),
        PaperResult(
            paper=_paper(C, REVIEW), status=Status.PUBLISHED,
            passed=tuple(Step), digest=english,
        ),
        PaperResult(
            paper=_paper(D, "Too Little Was Left"), status=Status.WITHHELD, passed=tuple(Step)[:-1],
            digest=_digest(D, claim("m1", "只剩一句。", D, "One sentence.")), reason="通过核验的句子太少，整篇不发布",
        ),
        PaperResult(
            paper=_paper(E, "scan.pdf", path="scan.pdf"), status=Status.FAILED, passed=(Step.LIST,),
            reason="加密的 PDF，打不开（去掉密码再试）",
        ),
    )  # fmt: skip


def overview() -> Overview:
    """What the issue says over them."""
    both = Claim(
        id="h2", text="两篇论文在小模型上给出数字：72.8% 与 4.2 个百分点。", verdict=Verdict.PARTIAL, score=0.7,
        evidence=(quote(A, "72.8% on GSM8K, 1.4 points more.", 9), quote(B, "An average gain of 4.2 points.", 1)),
    )  # fmt: skip
    cells = (
        claim("g1", "72.8", A, "72.8", 9),
        claim("g2", "70.1", B, "70.1", 1),
    )
    return Overview(
        highlights=(
            Highlight(claim=claim("h1", "稀疏块注意力在 32K 长度上与全注意力相当。", A, "It matches.", 1), papers=(A,)),
            Highlight(claim=both, papers=(A, B)),
        ),
        headlines=(
            Headline(paper=A, text="稀疏块注意力：长文本上的等效替代", verdict=Verdict.SUPPORTED, original=False),
            Headline(paper=B, text="强化学习让小模型学会检索", verdict=Verdict.SUPPORTED, original=False),
            Headline(paper=C, text=REVIEW, verdict=Verdict.SUPPORTED, original=True),
        ),
        topics=(
            Topic(id="t1", name="大语言模型", keys=("large language model",), papers=(A, B, D)),
            Topic(id="t2", name="black hole", keys=("black hole",), papers=(C, E)),
        ),
        hot=(
            Hot(key="sparse attention", name="稀疏注意力", papers=(A,), usual=0.5, change="up"),
            Hot(key="black hole", name="black hole", papers=(C,), usual=0.0, change="new"),
            Hot(key="large language model", name="大语言模型", papers=(A, B), usual=3.25, change="down"),
        ),
        compared=4,
        words=(Word(name="大语言模型", papers=2), Word(name="稀疏注意力", papers=1), Word(name="black hole", papers=1)),
        trend=Trend(
            days=(date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 20)), listed=(6, 9, 5),
            lines=(("大语言模型", (3, 4, 2)), ("稀疏注意力", (0, 1, 1))),
        ),
        grids=(
            Grid(
                caption="共同基准", corner="方法", columns=("GSM8K",),
                rows=(GridRow(paper=A, label="SBA", cells=("g1",)), GridRow(paper=B, label="Searcher", cells=("g2",))),
                notes=("GSM8K：设置不同，不能直接比较。",),
            ),
        ),
        cells=cells,
        worth=(
            Worth(paper=A, score=2.5, reasons=(
                Reason(kind="keyword", text="你关注的关键词：稀疏注意力", weight=1.5),
                Reason(kind="upvotes", text="社区 39 票（2026-11-20 09:10 UTC 时）", weight=1.0),
            )),
            Worth(paper=B, score=0.5, reasons=(Reason(kind="evidence", text="3 句有原文支持", weight=0.5),)),
            Worth(paper=C, score=0.2, reasons=()),
            Worth(paper=D, score=0.0, reasons=()),
            Worth(paper=E, score=0.0, reasons=()),
        ),
        codes=(Code(paper=A, address="https://github.com/example/sba", page=1),),
        observed=datetime(2026, 11, 20, 9, 10, tzinfo=UTC),
    )  # fmt: skip


def pictures() -> tuple[Picture, ...]:
    """Three small ones."""
    shades: tuple[Shade, ...] = ("light", "dark")
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 6 4" width="6" height="4"><path d="M0 0h6v4z"/></svg>'
    return tuple(
        Picture(
            name=name, title=title, alt=alt, svg=dict.fromkeys(shades, svg.encode()),
            png=dict.fromkeys(shades, png()), width=6, height=4,
        )
        for name, title, alt in (
            ("words", "词云", "大语言模型 2 篇，稀疏注意力 1 篇，black hole 1 篇。"),
            ("topics", "主题", "大语言模型 3 篇，black hole 2 篇。"),
            ("trend", "近 30 天", "大语言模型：11-17 3 篇，11-18 4 篇，11-20 2 篇。"),
        )
    )  # fmt: skip


def day(*shown: PaperResult, **more: object) -> Day:
    """The issue itself."""
    made = {
        "date": date(2026, 11, 20), "source": "hf", "zone": "UTC", "model": "写手-7B", "results": shown or results(),
        "note": "", "ledger": Ledger(
            listed=6, fetched=3, parsed=3, read=3, verified=4, published=3,
            problems=(
                Problem(id=D, step=Step.PUBLISH, reason="通过核验的句子太少，整篇不发布"),
                Problem(id=E, step=Step.FETCH, reason="加密的 PDF，打不开（去掉密码再试）"),
                Problem(id="xx", step=Step.LIST, reason="编号不是 arXiv 编号，无法取得论文。"),
            ),
        ),
    }  # fmt: skip
    return Day.model_validate({**made, **more})


def publication() -> Publication:
    """With everything."""
    figure = KeyFigure(label="Figure 1", caption="The gate chooses blocks.", page=4, png=png(), width=240.0)
    linked = KeyFigure(label="Figure 2", caption="Rewards.", page=2, png=b"", width=200.0)
    return Publication(
        day=day(), overview=overview(), pictures=pictures(), figures={A: figure, B: linked}, earlier="2026-11-19-hf"
    )


def bare(kind: Literal["empty", "plain"] = "empty") -> Publication:
    """A day without papers; or one with papers and no overview, pictures and figures, as old issues are."""
    if kind == "plain":
        return Publication(day=day())
    return Publication(day=day().model_copy(update={"results": (), "ledger": Ledger(), "note": "周末没有论文。"}))


def hostile() -> Publication:
    """Every word that is not ours tries to be markup."""
    full = publication()

    def spoilt(said: Claim) -> Claim:
        quotes = tuple(q.model_copy(update={"quote": EVIL, "section": EVIL}) for q in said.evidence)
        return said.model_copy(update={"text": f"{EVIL} {said.text}", "evidence": quotes})

    def worse(result: PaperResult) -> PaperResult:
        paper = result.paper.model_copy(
            update={"title": EVIL, "authors": (EVIL,), "keywords": (EVIL,), "abstract": EVIL}
        )
        digest = result.digest and result.digest.model_copy(update={"claims": tuple(map(spoilt, result.digest.claims))})
        return result.model_copy(update={"paper": paper, "digest": digest, "reason": EVIL})

    over = full.overview.model_copy(
        update={
            "highlights": tuple(h.model_copy(update={"claim": spoilt(h.claim)}) for h in full.overview.highlights),
            "headlines": tuple(h.model_copy(update={"text": EVIL}) for h in full.overview.headlines),
            "topics": tuple(t.model_copy(update={"name": EVIL}) for t in full.overview.topics),
            "hot": tuple(h.model_copy(update={"name": EVIL, "key": EVIL}) for h in full.overview.hot),
        }
    )
    figures = {v: KeyFigure(EVIL, EVIL, f.page, f.png, f.width) for v, f in full.figures.items()}
    issue = full.day.model_copy(update={"results": tuple(map(worse, full.day.results)), "note": EVIL})
    return Publication(day=issue, overview=over, pictures=full.pictures, figures=figures, earlier=full.earlier)
