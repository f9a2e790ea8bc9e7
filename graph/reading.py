"""Gets a paper read: from the library if it is there, else fetched, parsed, cut, stored and indexed. Nothing twice."""

import asyncio
from pathlib import Path

from core.documents import Document, Passage, SectionRole
from core.errors import Misconfigured, Retry, Skip
from core.models import ARXIV_ID, Paper
from core.sentences import split
from graph.deps import Deps
from tools.pdf.child import parse
from tools.pdf.fetch import fetch_pdf
from tools.rag.chunk import cut
from tools.sources.local_files import read_files

ABSTRACT = "abstract/1"
"""Parser identity of documents that are abstracts."""


def find(deps: Deps, name: str) -> Paper:
    """A paper by arXiv id, version or path of a PDF, as the library or its source knows it. Raises Misconfigured, Skip
    and Retry."""
    path = Path(name).expanduser()
    if path.suffix.lower() == ".pdf" or path.is_file():
        papers, problems = read_files([path])
        if not papers:
            raise Misconfigured(problems[0].reason, "检查路径", setting="--paper")
        return papers[0]
    if name.startswith("file-") and (known := deps.library.paper(name)):
        return known
    if not ARXIV_ID.fullmatch(name):
        raise Misconfigured(
            f"“{name}”既不是 arXiv 编号，也不是 PDF 文件", "例如 2501.12948 或 paper.pdf", setting="--paper"
        )
    if known := deps.library.paper(name):
        return known
    listing = deps.papers_by_id([name])
    if not listing.papers:
        reason = listing.problems[0].reason if listing.problems else "arXiv 上没有这个编号"
        raise Skip(reason, "检查编号", code="not_found")
    return listing.papers[0]


async def fetch(deps: Deps, paper: Paper) -> None:
    """The PDF onto the disk. Raises Skip and Retry."""
    deps.library.put_paper(paper)
    if deps.library.document(paper.version, deps.parser) is None:
        await asyncio.to_thread(fetch_pdf, deps.web, deps.settings, paper, deps.paths.pdf(paper.version))


async def read(deps: Deps, paper: Paper) -> Document:
    """The fetched PDF as a document, stored and indexed. Raises Skip."""
    document = deps.library.document(paper.version, deps.parser)
    if document is None:
        path = await asyncio.to_thread(fetch_pdf, deps.web, deps.settings, paper, deps.paths.pdf(paper.version))
        async with deps.parsing:
            reading = await asyncio.to_thread(parse, path, deps.limits)
        document = Document(
            paper=paper.version,
            sha256=reading.sha256,
            pages=reading.pages,
            sections=reading.sections,
            passages=cut(reading, paper.version),
            tables=reading.tables,
            figures=reading.figures,
            hidden=reading.hidden,
            title=reading.title or paper.title,
            warnings=reading.warnings,
        )
        deps.library.put_document(document, deps.parser)
    await _index(deps, document)
    return document


async def read_abstract(deps: Deps, paper: Paper) -> Document:
    """Title and abstract as a document, for papers whose PDF cannot be had. Raises Skip without an abstract."""
    text = " ".join(paper.abstract.split())
    if not text:
        raise Skip("读不到全文，来源也没有给摘要", "稍后再试", code="no_text")
    parts = (("", SectionRole.FRONT, " ".join(paper.title.split())), ("Abstract", SectionRole.ABSTRACT, text))
    passages = tuple(
        Passage(
            id=f"{paper.version}:p01:{n:03}", paper=paper.version, page=1, section=section, role=role, kind="text",
            text=words, sentences=split(words),
        )
        for n, (section, role, words) in enumerate(parts, 1)
        if words
    )  # fmt: skip
    document = Document(
        paper=paper.version,
        sha256="",
        pages=0,
        sections=(),
        passages=passages,
        title=paper.title,
        warnings=("仅摘要",),
    )
    deps.library.put_document(document, ABSTRACT)
    await _index(deps, document)
    return document


async def _index(deps: Deps, document: Document) -> None:
    async with deps.indexing:  # one embedder thread is faster than two that compete
        await asyncio.to_thread(deps.index.add, document.paper, document.passages)


async def obtain(deps: Deps, paper: Paper) -> Document:
    """Fetched and read in one go, for papers asked about outside a day. Raises Skip and Retry."""
    try:
        await fetch(deps, paper)
        return await read(deps, paper)
    except (Skip, Retry):
        if paper.path is None and paper.abstract:
            return await read_abstract(deps, paper)
        raise
