"""The only door to PyMuPDF: opens a PDF, refuses what is none, and returns plain pages.

Runs in a child process (child.py), because a PDF can be built to eat memory or time.
"""

import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pymupdf

from core.errors import Skip
from tools.pdf.page import Block, Line, Page, Word

_FLAGS = pymupdf.TEXTFLAGS_DICT & ~pymupdf.TEXT_PRESERVE_IMAGES & ~pymupdf.TEXT_PRESERVE_LIGATURES
_SUPERSCRIPT, _BOLD = 1, 16
"""Bits of a span's flags (PyMuPDF manual, "Span Dictionary")."""
_BOLD_NAMES = ("bold", "medi", "black", "heavy", "semib", "demi", "cmbx", "cmcsc", "smallcaps")
_MATH_NAMES = ("cmmi", "cmsy", "cmex", "msam", "msbm", "math", "euler", "rsfs", "symbol")
"""Not cmr: Computer Modern Roman sets whole papers, not only the digits of their formulas."""
_RAISED = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")


class Opened(NamedTuple):
    """What an open PDF gave."""

    pages: list[Page]
    title: str
    """From the metadata; often empty."""
    all_pages: int
    """Pages in all."""
    repaired: bool
    """The file's structure was broken, so parts of it may be missing (a download cut short looks like this)."""


def read_pages(path: Path, max_pages: int) -> Opened:
    """The first `max_pages` pages and what is known of the file.

    Raises Skip with code not_a_pdf, damaged or encrypted; MemoryError where the memory does not suffice.
    """
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    try:
        document = pymupdf.open(path, filetype="pdf")
    except Exception as error:
        _pass_on_memory(error)
        raise Skip("这个文件打不开，不是完整的 PDF", "重新下载，或换一个文件", code="damaged") from error
    with document:
        if document.needs_pass:
            raise Skip("这个 PDF 设了打开密码", "先解除密码，再放进文件夹", code="encrypted")
        if not document.is_pdf:
            raise Skip("这个文件不是 PDF", "重新下载", code="not_a_pdf")
        if document.page_count == 0:
            raise Skip("这个 PDF 一页也读不出来，多半没有下载完整", "重新下载", code="damaged")
        try:
            pages = [_page(document[n], n + 1) for n in range(min(document.page_count, max_pages))]
        except Exception as error:
            _pass_on_memory(error)
            raise Skip("这个 PDF 的页面已损坏", "重新下载", code="damaged") from error
        title = (document.metadata or {}).get("title") or ""
        return Opened(pages, title, document.page_count, document.is_repaired)


def _pass_on_memory(error: Exception) -> None:
    """A failed allocation says nothing about the file; MuPDF reports it under the code of system errors."""
    if isinstance(error, MemoryError) or str(error).startswith(f"code={pymupdf.mupdf.FZ_ERROR_SYSTEM}:"):
        raise MemoryError from error


def _page(page: Any, number: int) -> Page:
    text = page.get_textpage(flags=_FLAGS)
    words: dict[tuple[int, int], list[Word]] = {}
    for x0, y0, x1, y1, word, block, line, _ in text.extractWORDS():
        words.setdefault((block, line), []).append(Word(_normal(word), x0, y0, x1, y1))
    blocks = []
    for number_in_page, block in enumerate(text.extractDICT()["blocks"]):
        lines = [
            made
            for n, line in enumerate(block.get("lines", ()))
            if _is_horizontal(line) and (made := _line(line, words.get((number_in_page, n), [])))
        ]
        if lines:
            blocks.append(Block(lines, number))
    area = abs(page.rect) or 1.0
    largest = max((abs(pymupdf.Rect(info["bbox"]) & page.rect) for info in page.get_image_info()), default=0.0)
    return Page(number, page.rect.width, page.rect.height, tuple(blocks), largest / area)


def _normal(text: str) -> str:
    """NFKC without white space (a free-standing accent becomes a space and the accent, U+00A0 a space)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _is_horizontal(line: dict[str, Any]) -> bool:
    return bool(line["dir"][0] > 0.99)


def _line(line: dict[str, Any], words: list[Word]) -> Line | None:
    if not words:
        return None
    spans = [s for s in line["spans"] if s["text"].strip()]
    sizes: dict[float, int] = {}
    bold = math = total = 0
    for span in spans:
        length = len(span["text"].strip())
        font = span["font"].lower()
        total += length
        sizes[round(span["size"], 1)] = sizes.get(round(span["size"], 1), 0) + length
        bold += length * bool(span["flags"] & _BOLD or any(name in font for name in _BOLD_NAMES))
        math += length * any(name in font for name in _MATH_NAMES)
    if not total:
        return None
    raised = [s for s in spans if _is_raised(s, spans)]
    x0, y0, x1, y1 = line["bbox"]
    return Line(
        tuple(_raise(words, raised)), x0, y0, x1, y1, max(sizes, key=sizes.__getitem__), bold / total, math / total
    )


def _is_raised(span: dict[str, Any], spans: list[dict[str, Any]]) -> bool:
    """Superscript: marked as one, or clearly smaller than the line's largest span and standing higher."""
    largest = max(spans, key=lambda s: s["size"])
    smaller = span["size"] < 0.85 * largest["size"]
    return smaller and bool(
        span["flags"] & _SUPERSCRIPT or span["origin"][1] < largest["origin"][1] - 0.2 * largest["size"]
    )


def _raise(words: Iterable[Word], raised: list[dict[str, Any]]) -> Iterable[Word]:
    """Words with superscripts in Unicode's raised forms, so that `10⁻⁴` is not read as 104 nor `Chat²` as Chat2."""
    for word in words:
        text = word.text
        for span in raised:
            mark = _normal(span["text"])
            x0, _, x1, _ = span["bbox"]
            if mark and word.x0 - 0.5 <= x0 and x1 <= word.x1 + 0.5 and mark in text:
                at = text.rfind(mark) if (x0 + x1) / 2 > (word.x0 + word.x1) / 2 else text.find(mark)
                text = text[:at] + mark.translate(_RAISED) + text[at + len(mark) :]
        yield word if text is word.text else Word(text, word.x0, word.y0, word.x1, word.y1)
