"""Pages a second from PDF to searchable passages: parse alone, and parse + passages + vectors + both stores.

    python -m bench.reading [--rival] [FOLDER]      default: ../shared/papers beside the project

`--rival` (group `bench`) measures LangChain's splitter and Chroma store with the same encoder, one after the other with
ours in the same run. It reads plain text only: no order, tables, captions or boxes.

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
from importlib import import_module
from pathlib import Path

from core.documents import Document
from core.models import Paper
from core.settings import load
from graph import reading
from graph.deps import Deps, open_deps
from tools.pdf.child import Limits, parse
from tools.rag.chunk import cut
from tools.rag.embed import UseEmbedder

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "measured" / "reading.md"


def main(folder: Path, rival: bool) -> None:
    """Runs the measurements once over all PDFs of the folder."""
    pdfs = sorted(folder.glob("*.pdf"))
    if not pdfs:
        sys.exit(f"no PDFs in {folder}: name a folder that has some")
    parse(pdfs[0], Limits(1024, 120, 400))  # the child server's start is not what is measured
    rows = [_in_process(pdfs), _parse_alone(pdfs), asyncio.run(_whole(pdfs))]
    if rival:
        rows.append(_rival(pdfs))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    text = _table(rows, len(pdfs), peak)
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(text, "utf-8")
    print(text)


def _in_process(pdfs: Sequence[Path]) -> tuple[str, int, int, float]:
    from tools.pdf.flow import read
    from tools.pdf.parse import read_pages

    pages = passages = 0
    began = time.process_time()
    for pdf in pdfs:
        opened = read_pages(pdf, 400)
        passages += len(cut(read(opened.pages, "", opened.all_pages), pdf.stem))
        pages += opened.all_pages
    return "parse + passages, processor time of one core", pages, passages, time.process_time() - began


def _rival(pdfs: Sequence[Path]) -> tuple[str, int, int, float]:
    try:
        chroma = import_module("langchain_chroma").Chroma
        splitter = import_module("langchain_text_splitters").RecursiveCharacterTextSplitter(
            chunk_size=1000, chunk_overlap=200
        )
        pdfium = import_module("pypdfium2").PdfDocument
    except ImportError:
        sys.exit("the rival needs the group bench: uv sync --inexact --group bench")
    encoder = UseEmbedder()
    encoder.query("warm")

    class Same:
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(x) for x in row] for row in encoder.passages(texts)]

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    pages = chunks = 0
    with tempfile.TemporaryDirectory() as home:
        store = chroma("rival", Same(), persist_directory=home)
        began = time.perf_counter()
        for pdf in pdfs:
            texts = [page.get_textpage().get_text_range() for page in pdfium(pdf)]
            made = splitter.create_documents(texts, [{"paper": pdf.stem, "page": n} for n in range(1, len(texts) + 1)])
            store.add_documents(made)
            pages, chunks = pages + len(texts), chunks + len(made)
        taken = time.perf_counter() - began
    return "LangChain splitter + Chroma store, plain text, same encoder", pages, chunks, taken


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
    named = [a for a in sys.argv[1:] if a != "--rival"]
    main(Path(named[0]) if named else ROOT.parent / "shared" / "papers", "--rival" in sys.argv)
