"""A year as a site: how long its pages take, how large they are, and how long a search in them takes in a browser.

    python -m bench.site_year [--days 365] [--papers 20] [--out FOLDER] [--write]

Days are put together from templates, with digests of nine sentences and their quotes; making them is not part of what
is measured. Pictures of the day are small stand-ins and papers have no figures: those files are copied as they are.
`--write` keeps docs/measured/site.md.
"""

import argparse
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles

from core.models import (
    Basis,
    Claim,
    Day,
    Digest,
    DigestSection,
    Ledger,
    Paper,
    PaperResult,
    Quote,
    Status,
    Step,
    Verdict,
)
from core.overview import Headline, Highlight, Hot, Overview, Reason, Topic, Worth
from core.publication import Picture, Publication, Shade, Shelf
from tools.exports import load_shelf_exporters

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "measured" / "site.md"
_NEWEST = date(2026, 11, 20)
_TIMES = 5
"""How often each query is asked."""
_QUERIES = (
    "稀疏", "稀疏注意力", "强化学习 检索", "智能体 代码", "扩散模型 视频", "的", "a", "attention", "sparse attention",
    "reinforcement learning retrieval", "Zhang Wei", "2026-03", "benchmark 72", "没有这样的论文", "diffusion 长文本",
    "模型",
)  # fmt: skip
_FIELDS = (
    ("稀疏注意力", "Sparse Attention"), ("强化学习", "Reinforcement Learning"), ("扩散模型", "Diffusion Models"),
    ("多模态大模型", "Multimodal Language Models"), ("检索增强生成", "Retrieval-Augmented Generation"),
    ("混合专家", "Mixture of Experts"), ("机器人操作", "Robotic Manipulation"), ("代码智能体", "Code Agents"),
    ("语音合成", "Speech Synthesis"), ("蛋白质设计", "Protein Design"), ("图神经网络", "Graph Neural Networks"),
    ("量化压缩", "Quantization"), ("思维链", "Chain-of-Thought Reasoning"), ("三维重建", "3D Reconstruction"),
)  # fmt: skip
_TASKS = (
    ("长文本问答", "Long-Document QA"), ("视频生成", "Video Generation"), ("数学推理", "Mathematical Reasoning"),
    ("检索", "Retrieval"), ("网页操作", "Web Navigation"), ("软件修复", "Program Repair"),
    ("医学影像", "Medical Imaging"), ("低资源翻译", "Low-Resource Translation"),
    ("时间序列预测", "Forecasting"), ("安全对齐", "Safety Alignment"),
)  # fmt: skip
_WAYS = (
    ("分层门控", "Hierarchical Gating"), ("自我蒸馏", "Self-Distillation"), ("过程奖励", "Process Rewards"),
    ("课程采样", "Curriculum Sampling"), ("低秩适配", "Low-Rank Adaptation"), ("对比预训练", "Contrastive Pretraining"),
    ("记忆压缩", "Memory Compression"), ("并行解码", "Parallel Decoding"), ("合成数据", "Synthetic Data"),
)  # fmt: skip
_SAID = (
    ("r", "在 {n} 个{task}基准上，{way}把准确率从 {a:.1f}% 提高到 {b:.1f}%，训练开销只多 {c} 个百分点。"),
    ("m", "作者把{way}接到{field}的每一层之前，用 {n} 块 GPU 训练 {c} 小时，推理时不需要额外的标注。"),
    ("p", "现有的{field}方法在{task}上随长度增长得很快，超过 {n}K 之后质量明显下降。"),
    ("r", "去掉{way}之后，{task}上的得分下降 {a:.1f} 个百分点，说明提升主要来自这一部分。"),
    ("l", "实验只覆盖英文数据，{task}之外的任务没有测试，作者认为还要更大规模的验证。"),
)
_QUOTED = (
    "Across {n} benchmarks for {task}, {way} raises accuracy from {a:.1f}% to {b:.1f}% while the training cost grows "
    "by only {c} percentage points, which we attribute to the gate that decides what is read again.",
    "We insert {way} before every layer of the {field} backbone and train on {n} GPUs for {c} hours; no additional "
    "annotation is required at inference time.",
    "Existing {field} approaches degrade on {task} once the input exceeds {n}K tokens, as shown in Figure {c}.",
)
_FAMILY, _GIVEN = (
    "Zhang Wang Li Chen Liu Garcia Smith Kim Tanaka Müller".split(),
    "Wei Ann José Min Yuki Lars Mei".split(),
)
_SHADES: tuple[Shade, ...] = ("light", "dark")
_VERDICTS = (Verdict.SUPPORTED,) * 6 + (Verdict.PARTIAL,)


class _Year:
    """Days of composed papers, the newest first; equal every time."""

    def __init__(self, days: int, papers: int) -> None:
        self._days, self._papers = days, papers
        self.spent = 0.0
        """Seconds that went into composing."""

    def __call__(self) -> Iterator[Publication]:
        for n in range(self._days):
            began = time.perf_counter()
            made = self._issue(n)
            self.spent += time.perf_counter() - began
            yield made

    def _issue(self, n: int) -> Publication:
        chance, when = random.Random(n), _NEWEST - timedelta(days=n)
        results = tuple(self._result(chance, when, k) for k in range(self._papers))
        ledger = Ledger(
            listed=len(results), fetched=len(results), parsed=len(results), read=len(results), verified=len(results),
            published=len(results),
        )  # fmt: skip
        day = Day(date=when, source="hf", zone="UTC", model="写手-7B", results=results, ledger=ledger)
        svg = dict.fromkeys(_SHADES, b"<svg xmlns='http://www.w3.org/2000/svg'/>")
        pictures = tuple(Picture(name, name, f"{n} 天前", svg, svg, 1200, 630) for name in ("words", "topics", "trend"))
        return Publication(day=day, overview=_overview(results), pictures=pictures)

    def _result(self, chance: random.Random, when: date, k: int) -> PaperResult:
        version = f"{when:%y%m}.{when.day:02}{k:03}v1"
        (field, field_en), (task, task_en), (way, way_en) = map(chance.choice, (_FIELDS, _TASKS, _WAYS))

        def filled(template: str, *names: str) -> str:
            numbers = {"n": chance.randint(2, 128), "a": 40 + 30 * chance.random(), "b": 75 + 20 * chance.random()}
            return template.format(
                **numbers, c=chance.randint(2, 90), **dict(zip(("field", "task", "way"), names, strict=True))
            )

        def claim(id: str, text: str) -> Claim:
            quote = Quote(
                passage=f"{version}:p01:001", paper=version, page=chance.randint(1, 14), section="4 Experiments",
                quote=filled(chance.choice(_QUOTED), field_en, task_en, way_en),
            )  # fmt: skip
            return Claim(id=id, text=text, verdict=chance.choice(_VERDICTS), score=0.9, evidence=(quote,))

        kinds = [chance.choice(_SAID) for _ in range(7)]
        claims = (
            claim("title", f"{way}：让{field}胜任{task}"),
            claim("tldr", filled(_SAID[0][1], field, task, way)),
            *(claim(f"{kind}{n}", filled(said, field, task, way)) for n, (kind, said) in enumerate(kinds)),
        )
        sections = tuple(
            DigestSection(name=name, claim_ids=tuple(c.id for c in claims[2:] if c.id[0] == kind))
            for kind, name in (("p", "问题"), ("m", "方法"), ("r", "结果"), ("l", "局限"))
        )
        digest = Digest(
            paper=version, basis=Basis.FULL_TEXT, language="zh", claims=claims, sections=sections, writer="写手-7B",
            judge="裁判-7B",
        )  # fmt: skip
        authors = tuple(f"{chance.choice(_FAMILY)} {chance.choice(_GIVEN)}" for _ in range(chance.randint(2, 14)))
        title = f"{way_en} for {task_en}: Making {field_en} {chance.randint(2, 99)} Times Cheaper"
        paper = Paper(id=version[:-2], version=version, title=title, authors=authors, categories=("cs.CL",), upvotes=k)
        return PaperResult(paper=paper, status=Status.PUBLISHED, passed=tuple(Step), digest=digest)


def _overview(results: Sequence[PaperResult]) -> Overview:
    versions = tuple(r.paper.version for r in results)
    titles = [r.digest.claims[0] for r in results if r.digest]
    seen = [Highlight(claim=r.digest.claims[1], papers=(r.paper.version,)) for r in results[:5] if r.digest]
    reason = Reason(kind="evidence", text="8 句有原文支持", weight=1.0)
    return Overview(
        highlights=tuple(seen),
        headlines=tuple(
            Headline(paper=v, text=title.text, verdict=title.verdict, original=False)
            for v, title in zip(versions, titles, strict=True)
        ),
        topics=tuple(Topic(id=f"t{n}", name=_FIELDS[n][0], keys=("x",), papers=versions[n::5]) for n in range(5)),
        hot=tuple(
            Hot(key=str(n), name=_WAYS[n][0], papers=versions[n : n + 4], usual=2.0, change="up") for n in range(8)
        ),
        compared=30,
        worth=tuple(Worth(paper=v, score=1.0, reasons=(reason,)) for v in versions),
    )


@dataclass
class Built:
    """A site that was written."""

    seconds: float
    """Composing left out."""
    composing: float
    files: int
    size: int
    index: int
    """Bytes of what the search page loads."""


def build(days: int, papers: int, out: Path) -> Built:
    """Writes the site and its feeds."""
    year, began = _Year(days, papers), time.perf_counter()
    files = size = index = 0
    folders = set[Path]()
    for exporter in load_shelf_exporters().values():
        for name, content in exporter.files(Shelf(year, "https://papers.example.org/")):
            target = out / name
            if target.parent not in folders:
                target.parent.mkdir(parents=True, exist_ok=True)
                folders.add(target.parent)
            target.write_bytes(content)
            files, size = files + 1, size + len(content)
            index = len(content) if name == "search-index.js" else index
    return Built(time.perf_counter() - began - year.spent, year.spent, files, size, index)


def searched(out: Path) -> tuple[float, list[float], float]:
    """Seconds until the search page answers; milliseconds of every search; those of the slowest query, its median."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-background-networking"]
    ask = (
        "async (query) => { const box = document.getElementById('q'); box.value = query;"
        "const began = performance.now(); box.dispatchEvent(new Event('input'));"
        "document.body.getBoundingClientRect(); const took = performance.now() - began;"
        "await new Promise(requestAnimationFrame); return took; }"
    )
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        began = time.perf_counter()
        page.goto(f"{out.resolve().as_uri()}/search.html#q=attention")
        page.locator("#hits > li").first.wait_for()
        opened = time.perf_counter() - began
        taken = {query: [float(page.evaluate(ask, query)) for _ in range(_TIMES)] for query in _QUERIES}
        browser.close()
    return opened, [ms for all_of_it in taken.values() for ms in all_of_it], max(map(median, taken.values()))


def main() -> int:
    """Prints the table; with `--write` keeps it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--papers", type=int, default=20)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = args.out or Path(folder)
        built = build(args.days, args.papers, out)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        opened, taken, slowest = searched(out)
    text = "\n".join([
        "# A year as a site", "",
        f"{args.days} composed days of {args.papers} papers, nine sentences with quotes each; {os.cpu_count()} cores, "
        f"load average at the end {os.getloadavg()[0]:.1f}. Composing them ({built.composing:.0f} s) is not counted; "
        "pictures are stand-ins and there are no figures. Made by `python -m bench.site_year --write`.", "",
        "| what | measured |",
        "| --- | --- |",
        f"| site and feeds, written | {built.seconds:.1f} s |",
        f"| files | {built.files:,}, {built.files / built.seconds:.0f} a second |",
        f"| size | {built.size / 1e6:.1f} MB |",
        f"| search index | {built.index / 1e6:.2f} MB |",
        f"| memory of the process, most | {memory:.0f} MB |",
        f"| search page from the disk until it answers | {1000 * opened:.0f} ms |",
        f"| a search and its list: {len(_QUERIES)} queries {_TIMES} times each, median | {median(taken):.1f} ms |",
        f"| the same, 95th percentile | {quantiles(taken, n=20)[-1]:.1f} ms |",
        f"| the slowest query, median | {slowest:.1f} ms |", "",
    ])  # fmt: skip
    sys.stdout.write(text)
    if args.write:
        TABLE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
