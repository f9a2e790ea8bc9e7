"""Small things tests are made of: PDFs, passages, documents, claims, a deterministic embedder."""

import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from core import placement
from core.documents import Document, Passage, PassageKind, SectionRole
from core.models import (  # fmt: skip
    Basis,
    Box,
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
from core.placement import PlacedWord, Places
from core.ports import Vectors
from core.reading import Paragraph, Reading
from core.sentences import split

SHARED = Path(__file__).parents[2].parent / "shared"
VERSION = "2501.00001v1"

Painter = Callable[[Any], None]
"""Draws on one PyMuPDF page."""


# PDFs


def pdf(path: Path, *painters: Painter, **options: Any) -> Path:
    """A PDF of one A4 page for each painter; `options` go to PyMuPDF's save."""
    import pymupdf

    with pymupdf.open() as document:
        for paint in painters:
            paint(document.new_page(width=595, height=842))
        document.save(path, **options)
    return path


def put(page: Any, x: float, y: float, lines: str | Iterable[str], *, size: float = 10, bold: bool = False) -> float:
    """Lines of Times set from baseline `y` downwards; returns the baseline after the last."""
    for line in [lines] if isinstance(lines, str) else lines:
        page.insert_text((x, y), line, fontname="tibo" if bold else "tiro", fontsize=size)
        y += size * 1.2
    return y


def rule(page: Any, x0: float, x1: float, y: float, width: float = 0.8) -> None:
    """A horizontal line."""
    page.draw_line((x0, y), (x1, y), width=width)


def rows(page: Any, xs: Sequence[float], y: float, cells: Iterable[Sequence[str]], *, size: float = 9) -> float:
    """Rows of cells whose columns begin at `xs`, empty cells left out; returns the baseline after the last."""
    for row in cells:
        for x, cell in zip(xs, row, strict=False):
            if cell:
                put(page, x, y, cell, size=size)
        y += size * 1.4
    return y


def prose(topic: str, lines: int = 6, width: int = 60) -> list[str]:
    """Lines of plain sentences about a topic, each sentence numbered, filled to `width` characters."""
    text = " ".join(f"The {topic} number {_WORDS[n]} says something plain about {topic} here." for n in range(lines))
    found: list[str] = [""]
    for word in text.split():
        if len(found[-1]) + len(word) >= width:
            found.append("")
        found[-1] = f"{found[-1]} {word}".strip()
    return found[:lines]


_WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split()


def read(path: Path) -> Reading:
    """A PDF through the parser, in this process."""
    from tools.pdf.flow import read as flow
    from tools.pdf.parse import read_pages

    opened = read_pages(path, 400)
    return flow(opened.pages, "0" * 64, opened.all_pages)


def texts(reading: Reading, kind: str = "text") -> list[str]:
    """The paragraphs of one kind."""
    return [p.text for p in reading.paragraphs if p.kind == kind]


def words_of(paragraph: Paragraph) -> list[PlacedWord]:
    """The words of a paragraph with their boxes."""
    return list(placement.unpack(placement.pack(paragraph.words)))


def headings(reading: Reading) -> list[str]:
    """The outline, one line a heading."""
    return [f"{s.number} {s.title}".strip() for s in reading.sections]


def raw_pdf(objects: Sequence[bytes]) -> bytes:
    """A PDF file of these objects, numbered from 1, the catalogue first."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + head + table + tail


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A compressed stream object."""
    packed = zlib.compress(data, 9)
    return b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n" % (entries, len(packed)) + packed + b"\nendstream"


def one_page(content: bytes, resources: bytes = b"", more: Sequence[bytes] = ()) -> bytes:
    """A raw PDF with one page; `more` are objects from number 6 on, Helvetica is /F1."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
    return raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page + b"/Resources << /Font << /F1 5 0 R >> " + resources + b" >> >>",
            stream(content),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            *more,
        ]
    )


# Passages and documents


def placed(text: str, page: int = 1, x: float = 50.0, y: float = 100.0) -> Places:
    """Every word of a text on one line, 5 points a character."""
    return placement.placed(
        PlacedWord(m.start(), m.end(), Box(page, x + 5 * m.start(), y, x + 5 * m.end(), y + 10))
        for m in re.finditer(r"\S+", text)
    )


def passage(
    text: str, n: int = 1, *, paper: str = VERSION, page: int = 1, role: SectionRole = SectionRole.METHOD,
    kind: PassageKind = "text", section: str = "3 Method",
) -> Passage:  # fmt: skip
    """A passage with its sentences and words in place."""
    return Passage(
        id=f"{paper}:p{page:02}:{n:03}", paper=paper, page=page, section=section, role=role, kind=kind, text=text,
        sentences=split(text), words=placement.pack(placed(text, page)),
    )  # fmt: skip


def document(*passages: Passage, title: str = "A Plain Title", paper: str = VERSION) -> Document:
    """A document of these passages."""
    return Document(paper=paper, sha256="0" * 64, pages=3, sections=(), passages=passages, title=title)


def paragraph(
    text: str, *, kind: PassageKind = "text", section: str = "1 Introduction", page: int = 1,
    role: SectionRole = SectionRole.INTRODUCTION,
) -> Paragraph:  # fmt: skip
    """A paragraph with its words in place."""
    return Paragraph(kind, role, section, text, placed(text, page))


def reading(*paragraphs: Paragraph) -> Reading:
    """A reading of these paragraphs."""
    return Reading("0" * 64, 3, "A Plain Title", (), paragraphs, ())


class WordsEmbedder:
    """Bags of hashed words in 64 dimensions: equal words, equal vectors, in every process. Counts what it embeds."""

    dimensions = 64

    def __init__(self, name: str = "words-1") -> None:
        self.name = name
        self.embedded: list[str] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of texts; remembered in `embedded`."""
        self.embedded += texts
        return np.stack([_vector(text) for text in texts])

    def query(self, text: str) -> Vectors:
        """Shape (1, 64)."""
        return _vector(text)[None, :]


def _vector(text: str) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    vector = np.full(64, 1e-3, dtype=np.float32)
    for word in re.findall(r"\w+", text.lower()):
        vector[int(hashlib.sha256(word.encode()).hexdigest()[:8], 16) % 64] += 1.0
    found: np.ndarray[tuple[int], np.dtype[np.float32]] = vector / np.linalg.norm(vector)
    return found


# Digests and days


def quote(text: str = "We train on 8 GPUs.", page: int = 3, paper: str = VERSION) -> Quote:
    """Evidence on a page."""
    return Quote(
        passage=f"{paper}:p{page:02}:001", paper=paper, page=page, section="3 Method", quote=text,
        boxes=(Box(page, 10.0, 20.0, 110.0, 30.0),),
    )  # fmt: skip


def claim(id: str, text: str = "作者用 8 块 GPU 训练。", verdict: Verdict = Verdict.SUPPORTED, **more: Any) -> Claim:
    """A reviewed claim with one quote."""
    return Claim(**{"id": id, "text": text, "verdict": verdict, "score": 0.9, "evidence": (quote(),), **more})


def digest(*claims: Claim, **more: Any) -> Digest:
    """A digest whose claims, but for title and tldr, stand under 方法."""
    ids = tuple(c.id for c in claims if c.id not in ("title", "tldr"))
    filled: dict[str, Any] = {
        "paper": VERSION, "basis": Basis.FULL_TEXT, "language": "zh", "claims": claims, "writer": "w", "judge": "j",
        "sections": (DigestSection(name="方法", claim_ids=ids),),
    }  # fmt: skip
    return Digest(**{**filled, **more})


def paper(version: str = VERSION, **more: Any) -> Paper:
    """A listed paper; the id is the version without its number."""
    return Paper(**{"id": re.sub(r"v\d+$", "", version), "version": version, "title": "A Plain Title", **more})


def result(made: Digest | None, status: Status = Status.PUBLISHED, **more: Any) -> PaperResult:
    """How a paper ended; all stations passed unless said otherwise."""
    return PaperResult(**{"paper": paper(), "status": status, "passed": tuple(Step), "digest": made, **more})


def day(*results: PaperResult, **more: Any) -> Day:
    """An issue."""
    filled: dict[str, Any] = {
        "date": date(2026, 11, 20), "source": "hf", "zone": "UTC", "model": "m", "results": results, "ledger": Ledger(),
    }  # fmt: skip
    return Day(**{**filled, **more})
