"""The only door to PyMuPDF: opens a PDF, refuses what is none, and returns plain pages and pictures of them.

Runs in a child process (child.py), because a PDF can be built to eat memory or time.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pymupdf

from core.errors import Skip
from core.models import Box
from tools.pdf import hidden, ocr, spans
from tools.pdf.page import Area, Block, Line, Page, Word

_FLAGS = (
    pymupdf.TEXTFLAGS_DICT & ~pymupdf.TEXT_PRESERVE_IMAGES & ~pymupdf.TEXT_PRESERVE_LIGATURES & ~pymupdf.TEXT_CLIP
) | pymupdf.TEXT_IGNORE_ACTUALTEXT
"""What is cut away is collected too, because it may have been put there to be read by machines only; and letters as
they are printed, not the other text that a file may name in their place."""
_FAR_AROUND = (-50_000, -50_000, 50_000, 50_000)
"""Points; a PDF's page ends at 14,400 (ISO 32000-1, annex C)."""
_TALLEST = 3
"""Times its width that a picture of a page may be high."""
_VECTOR = 3
"""Type of a block that is a drawing (MuPDF, fz_stext_block)."""
_RULE_HEIGHT, _RULE_WIDTH = 3.0, 15.0
"""Points; a drawing that flat and that wide is a horizontal line."""


class Opened(NamedTuple):
    """What an open PDF gave."""

    pages: list[Page]
    title: str
    """From the metadata; often empty."""
    all_pages: int
    """Pages in all."""
    repaired: bool
    """The file's structure was broken, so parts of it may be missing (a download cut short looks like this)."""


def chinese_font() -> bytes:
    """A TrueType font with Chinese and Latin letters that is there wherever PyMuPDF is: Droid Sans Fallback
    (Apache-2.0)."""
    return bytes(pymupdf.Font("china-s").buffer)


def read_pages(path: Path, max_pages: int, engine: ocr.Engine | None = None) -> Opened:
    """The first `max_pages` pages and what is known of the file; scanned pages are recognised if an engine is given.

    Raises Skip with code not_a_pdf, damaged, encrypted or no_ocr; MemoryError where the memory does not suffice.
    """
    with _opened(path) as document:
        count = min(document.page_count, max_pages)
        pages = [_page(document[n], n + 1) for n in range(count)]
        if any(not group["on"] for group in document.get_ocgs().values()):
            shown = [_words(_text(document[n])) for n in range(count)]
            _show_all_layers(document)
            pages = [_with_hidden_layers(page, document[n], shown[n]) for n, page in enumerate(pages)]
        if engine:
            pages = _recognised(document, pages, engine)
        title = (document.metadata or {}).get("title") or ""
        return Opened(pages, title, document.page_count, document.is_repaired)


def pictures(path: Path, boxes: Sequence[Box], dpi: int) -> list[bytes]:
    """Each box of its page as a PNG. Raises as `read_pages` does."""
    with _opened(path) as document:
        return [document[b.page - 1].get_pixmap(dpi=dpi, clip=b[1:], alpha=False).tobytes("png") for b in boxes]


def picture(path: Path, number: int, width: int) -> bytes:
    """A whole page as a PNG about `width` pixels wide, a very long one less; the PNG says its pixels an inch. Raises as
    `read_pages` does."""
    with _opened(path) as document:
        page = document[number - 1]
        dpi = int(72 * min(width / page.rect.width, _TALLEST * width / page.rect.height))
        made: bytes = page.get_pixmap(dpi=max(dpi, 1), alpha=False).tobytes("png")
        return made


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
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
            yield document
        except Skip:
            raise
        except Exception as error:
            _pass_on_memory(error)
            raise Skip("这个 PDF 的页面已损坏", "重新下载", code="damaged") from error


def _pass_on_memory(error: Exception) -> None:
    """A failed allocation says nothing about the file; MuPDF reports it under the code of system errors."""
    if isinstance(error, MemoryError) or str(error).startswith(f"code={pymupdf.mupdf.FZ_ERROR_SYSTEM}:"):
        raise MemoryError from error


def _page(page: Any, number: int) -> Page:
    if page.rotation:
        page.remove_rotation()
    text = _text(page)
    words = _words(text)
    sheet = Area(0, 0, page.rect.width, page.rect.height)
    raw = text.extractDICT()["blocks"]
    drawings, uncut = _drawings(page)
    images = _images(page, sheet)
    letters = [line["spans"] for block in raw for line in block.get("lines", ())]
    veil = hidden.Veil(sheet, letters, images, drawings, uncut, lambda scale: _grey(page, scale))
    blocks = []
    for n, block in enumerate(raw):
        lines: list[Line] = []
        for m, line in enumerate(block.get("lines", ())):
            seen = veil.lift(line["spans"], words.get((n, m), []))
            if seen and line["dir"][0] > 0.99 and (made := spans.line(line, seen)):
                lines.append(made)
        if lines:
            blocks.append(Block(lines, number))
    flat = [a for a in drawings if a.height < _RULE_HEIGHT and a.width >= _RULE_WIDTH]
    marks = [a for a in drawings if a.height >= _RULE_HEIGHT or a.width < _RULE_WIDTH]
    return Page(number, sheet.x1, sheet.y1, tuple(blocks), tuple(images), tuple(flat), tuple(marks), tuple(veil.found))


def _text(page: Any) -> Any:
    """The text of a page, with what stands beside it, but without letters of no size."""
    return page.get_textpage(flags=_FLAGS, clip=_FAR_AROUND)


def _words(text: Any) -> dict[tuple[int, int], list[Word]]:
    """The words of each line, by the numbers of block and line."""
    words: dict[tuple[int, int], list[Word]] = {}
    for x0, y0, x1, y1, word, block, line, _ in text.extractWORDS():
        words.setdefault((block, line), []).append(Word(spans.normal(word), x0, y0, x1, y1))
    return words


def _recognised(document: Any, pages: Sequence[Page], engine: ocr.Engine) -> list[Page]:
    """The pages with the text of those that are scanned, as far as `ocr.MOST` goes; where it fails, one stays as is."""
    rows = _eye(engine)
    scanned = [page.number for page in pages if ocr.needed(page)][: ocr.MOST]
    done = []
    for page in pages:
        if page.number in scanned:
            try:
                page = ocr.recognised(page, rows(document[page.number - 1]), engine.name)
            except MemoryError:
                raise
            except Exception as error:  # an engine's own; one page may be too much for it, and the next may not
                _pass_on_memory(error)
        done.append(page)
    return done


def _eye(engine: ocr.Engine) -> Callable[[Any], list[ocr.Row]]:
    """What makes recognised rows of a page. Raises Skip with code no_ocr where the engine does not work."""
    if engine == ocr.TESSERACT:
        try:
            language_files = pymupdf.get_tessdata()
        except RuntimeError as error:
            raise Skip("Tesseract 装好了，却找不到它的语言文件", "设置 TESSDATA_PREFIX", "no_ocr") from error
        return lambda sheet: _tesseract(sheet, language_files)
    recognise = ocr.rapidocr()

    def rows(sheet: Any) -> list[ocr.Row]:
        zoom = ocr.SIDE / max(sheet.rect.width, sheet.rect.height)
        picture = sheet.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
        return ocr.rows(recognise(ocr.Picture(picture.samples, picture.width, picture.height)), 1 / zoom)

    return rows


def _tesseract(sheet: Any, language_files: str) -> list[ocr.Row]:
    """At twice the resolution RapidOCR gets, because Tesseract reads small print only then."""
    dpi = round(2 * 72 * ocr.SIDE / max(sheet.rect.width, sheet.rect.height))
    text = sheet.get_textpage_ocr(flags=_FLAGS, language="eng", dpi=dpi, full=True, tessdata=language_files)
    return [tuple(words) for words in _words(text).values()]


def _drawings(page: Any) -> tuple[list[Area], set[tuple[int, int]]]:
    """What is drawn, and where words begin that no clipping path cuts away, in whole points.

    A pass of its own, because drawings cut the text around them to pieces; ten times faster than `get_cdrawings` over
    papers with plots, which lists every point (4 against 43 ms a page, measured over 154 and 310 pages).
    """
    text = page.get_textpage(flags=_FLAGS | pymupdf.TEXT_CLIP | pymupdf.TEXT_COLLECT_VECTORS)
    areas = [Area(*block["bbox"]) for block in text.extractDICT()["blocks"] if block["type"] == _VECTOR]
    return areas, {(round(word[0]), round(word[1])) for word in text.extractWORDS()}


def _images(page: Any, sheet: Area) -> list[Area]:
    """Where images are painted; asked for only where there are any, because it means interpreting the page again."""
    if not page.get_images():
        return []
    boxes = (pymupdf.Rect(info["bbox"]) & pymupdf.Rect(*sheet) for info in page.get_image_info())
    return [Area(*box) for box in boxes if not box.is_empty]


def _grey(page: Any, scale: int) -> hidden.Picture:
    """The page as painted, in `scale` dots a point."""
    picture = page.get_pixmap(dpi=72 * scale, colorspace=pymupdf.csGRAY, alpha=False, annots=False)
    return hidden.Picture(picture.samples, picture.width, picture.height, picture.stride, scale)


def _show_all_layers(document: Any) -> None:
    """Switches every layer on; `Document.set_layer` changes the file, but not what an open document shows."""
    pdf = pymupdf.mupdf.pdf_document_from_fz_document(document.this)
    for n in range(pymupdf.mupdf.pdf_count_layers(pdf)):
        pymupdf.mupdf.pdf_enable_layer(pdf, n, 1)


def _with_hidden_layers(page: Page, sheet: Any, shown: dict[tuple[int, int], list[Word]]) -> Page:
    """The page with the words named that stand in layers switched off: those that are not among `shown`."""
    known = {(w.text, round(w.x0), round(w.y0)) for words in shown.values() for w in words}
    lines = [
        [w for w in line if (w.text, round(w.x0), round(w.y0)) not in known] for line in _words(_text(sheet)).values()
    ]
    return page.plus(hidden.veiled("hidden_layer", words) for words in lines if len(words) > 1)
