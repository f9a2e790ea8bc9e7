"""Pages a second from PDF to searchable passages: parse alone, and parse + passages + vectors + both stores.

    python -m bench.reading [FOLDER]      default: ../shared/papers beside the project

Prints a table and writes it to docs/measured/reading.md. Figures depend on the machine and on what else it does;
the load average is printed with them.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from core.documents import Document
from core.models import Paper
from core.settings import load
from graph import reading
from graph.deps import Deps, open_deps
from tools.pdf.child import Limits, parse

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "measured" / "reading.md"


def main(folder: Path) -> None:
    """Runs both measurements once over all PDFs of the folder."""
    pdfs = sorted(folder.glob("*.pdf"))
    if not pdfs:
        sys.exit(f"no PDFs in {folder}: name a folder that has some")
    parse(pdfs[0], Limits(1024, 120, 400))  # the child server's start is not what is measured
    rows = [_parse_alone(pdfs), asyncio.run(_whole(pdfs))]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    text = _table(rows, len(pdfs), peak)
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(text, "utf-8")
    print(text)


def _parse_alone(pdfs: Sequence[Path]) -> tuple[str, int, int, float]:
    began = time.perf_counter()
    readings = [parse(pdf, Limits(1024, 120, 400)) for pdf in pdfs]
    taken = time.perf_counter() - began
    return "parse, one child after another", sum(r.pages for r in readings), 0, taken


async def _whole(pdfs: Sequence[Path]) -> tuple[str, int, int, float]:
    with tempfile.TemporaryDirectory() as home:
        settings = load(home=Path(home), cache=Path(home) / "cache")
        async with open_deps(settings, models={}) as deps:
            deps.embedder.query("warm")  # loading the encoder is not what is measured
            began = time.perf_counter()
            documents = await asyncio.gather(*(_one(deps, pdf) for pdf in pdfs))
            taken = time.perf_counter() - began
    passages = sum(len(d.passages) for d in documents)
    return "parse + passages + vectors + SQLite + Chroma", sum(d.pages for d in documents), passages, taken


async def _one(deps: Deps, pdf: Path) -> Document:
    paper = Paper(id=pdf.stem.split("v")[0], version=pdf.stem, title=pdf.stem, path=str(pdf))
    return await reading.obtain(deps, paper)


def _table(rows: Sequence[tuple[str, int, int, float]], papers: int, peak: float) -> str:
    lines = [
        "# Reading speed",
        "",
        f"{papers} papers, {os.cpu_count()} cores, load average at the end {os.getloadavg()[0]:.1f}, "
        f"peak memory of the main process {peak:.0f} MB. Made by `python -m bench.reading`.",
        "",
        "| what | pages | passages | seconds | pages/s |",
        "|---|---|---|---|---|",
    ]
    lines += [f"| {name} | {pages} | {n or ''} | {s:.1f} | {pages / s:.1f} |" for name, pages, n, s in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "papers")
