"""An issue of five papers, read aloud by the packaged voice: how long it plays, how long that takes, how loud it is.

    python -m bench.speech [--voice zf_xiaobei] [--out FILE.mp3] [--write]

The issue is composed; its sentences have the numbers, units and names that digests have. Loudness and silence are
measured with ffmpeg where that is installed. `--write` keeps docs/measured/speech.md.
"""

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from agents.speaking import script
from core.models import Basis, Claim, Day, Digest, DigestSection, Ledger, Paper, PaperResult, Status, Step, Verdict
from core.overview import Highlight, Overview
from core.publication import Publication
from core.settings import Settings
from core.speech import Recording, Script
from tools.voice import record

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "measured" / "speech.md"
_PAPERS = (
    (
        "稀疏块注意力：长文本上的等效替代",
        "作者把每个查询限制在门控选出的 12 个块上，在 128K 长度上与全注意力相当。",
        "在 RULER 上平均得分为 86.4%，比全注意力低 0.3 个百分点。",
        "预填充速度最高提高到 6.5 倍，显存从 78 GB 降到 31 GB。",
        "在有监督微调阶段有时不如全注意力。",
    ),
    (
        "强化学习让 1.5B 的小模型学会检索",
        "Qwen2.5-1.5B 只从最终答案得到奖励，就学会了何时检索、检索什么。",
        "在 7 个问答数据集上，精确匹配率平均提高 4.2 ± 0.6 个百分点。",
        "训练用 8 块 A100，共 36 小时，学习率为 1e-6。",
        "检索到的文档有误时，模型仍会照抄。",
    ),
    (
        "扩散语言模型的并行解码",
        "论文提出按置信度分组的并行解码，不必重新训练模型。",
        "在 GSM8K 上吞吐达到每秒 410 个词元，是 LLaMA-3-8B 的 2.7 倍。",
        "在 HumanEval 上 pass@1 从 47.6% 变为 46.9%。",
        "回答短于 32 个词元时几乎没有加速。",
    ),
    (
        "网页智能体为什么会迷路",
        "作者标注了 1,240 条失败轨迹，把失败归为 5 类原因。",
        "61% 的失败发生在第 3 步之前，GPT-4o 也不例外。",
        "加入页面摘要之后，成功率从 35.2% 提高到 41.8%。",
        "只研究了英文网站，没有登录和支付的场景。",
    ),
    (
        "用合成数据训练的医学影像分割",
        "模型只用 20,000 张合成 CT 图像训练，再用 50 张真实图像微调。",
        "Dice 系数为 0.873，与用 3,000 张真实图像训练的 nnU-Net 相差不到 1%。",
        "推理一张 512×512 的图像需要 35 ms。",
        "罕见病灶上的召回率明显更低，p < 0.05。",
    ),
)
"""Title, summary, two results, a limitation."""


def composed() -> Publication:
    """The issue."""
    results = tuple(_result(n, *said) for n, said in enumerate(_PAPERS, 1))
    ledger = Ledger(listed=5, fetched=5, parsed=5, read=5, verified=5, published=5)
    day = Day(date=date(2026, 11, 20), source="hf", zone="UTC", model="写手-7B", results=results, ledger=ledger)
    claims = [r.digest.claims[2] for r in results[:3] if r.digest]
    seen = tuple(Highlight(claim=c, papers=(r.paper.version,)) for c, r in zip(claims, results, strict=False))
    return Publication(day=day, overview=Overview(highlights=seen))


def _result(n: int, title: str, summary: str, first: str, second: str, limit: str) -> PaperResult:
    version = f"2611.{n:05}v1"
    texts = {"title": title, "tldr": summary, "r1": first, "r2": second, "l1": limit}
    partly = "r2" if n == len(_PAPERS) else ""
    claims = tuple(
        Claim(id=id, text=text, score=0.9, verdict=Verdict.PARTIAL if id == partly else Verdict.SUPPORTED)
        for id, text in texts.items()
    )
    digest = Digest(
        paper=version, basis=Basis.FULL_TEXT, language="zh", claims=claims, writer="写手-7B", judge="裁判-7B",
        sections=(
            DigestSection(name="结果", claim_ids=("r1", "r2")), DigestSection(name="局限", claim_ids=("l1",)),
        ),
    )  # fmt: skip
    paper = Paper(id=version[:-2], version=version, title=f"Paper {n}")
    return PaperResult(paper=paper, status=Status.PUBLISHED, passed=tuple(Step), digest=digest)


def heard(path: Path) -> dict[str, str]:
    """What a decoder says of it; empty where there is none."""
    program = shutil.which("ffmpeg")
    if program is None:
        return {}
    filters = "volumedetect,silencedetect=n=-45dB:d=0.2"
    done = subprocess.run(
        [program, "-hide_banner", "-i", str(path), "-af", filters, "-f", "null", "-"], capture_output=True, check=True
    )
    said = done.stderr.decode("utf-8", "replace")
    silent = sum(float(seconds) for seconds in re.findall(r"silence_duration: ([0-9.]+)", said))
    found = {name: m[1] for name in ("mean", "max") if (m := re.search(rf"{name}_volume: (\S+ dB)", said))}
    return {"loudness, mean": found["mean"], "loudness, highest": found["max"], "silence": f"{silent:.0f} s"}


def table(said: Script, made: Recording, processor: float, load: float) -> str:
    """The page. `processor`: seconds of processor time it took; `load`: of the machine when it began."""
    signs = sum(len(sentence) for chapter in said.chapters for sentence in chapter.sentences)
    rows = {
        "chapters": f"{len(made.chapters)}",
        "sentences": f"{sum(len(c.sentences) for c in said.chapters)}, {signs} characters",
        "plays": f"{made.seconds:.0f} s",
        "made in": f"{made.took:.0f} s, loading included",
        "seconds for a second of speech": f"{made.took / made.seconds:.2f}",
        "processor seconds for a second of speech": f"{processor / made.seconds:.2f}",
        "file": f"{made.path.stat().st_size / 1e6:.2f} MB",
        "memory of the process, most": f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB",
        **heard(made.path),
    }
    return "\n".join([
        "# An issue read aloud", "",
        f"{len(_PAPERS)} composed papers, voice {made.voice}, {os.cpu_count()} cores, load average {load:.1f} when it "
        f"began and {os.getloadavg()[0]:.1f} when it ended. Made by `python -m bench.speech --write`.", "",
        "| what | measured |",
        "| --- | --- |",
        *(f"| {what} | {value} |" for what, value in rows.items()), "",
    ])  # fmt: skip


def main() -> int:
    """Prints the table; with `--write` keeps it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voice", default="zf_xiaobei")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    said, load = script(composed()), os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        target = args.out or Path(folder) / "issue.mp3"
        made = record(said, args.voice, target, Settings().cache_dir, _shown)
        text = table(said, made, time.process_time() - began, load)
    sys.stdout.write(text)
    if args.write:
        TABLE.write_text(text, "utf-8")
    return 0


def _shown(done: int, of: int) -> None:
    """How far it is, for whoever waits."""
    sys.stderr.write(f"\r{done}/{of}" + ("\n" if done == of else ""))


if __name__ == "__main__":
    sys.exit(main())
