"""Other readers of PDFs, put to the same questions as ours. They are needed for nothing but this.

pymupdf4llm: its Markdown page by page, with the boxes its layout model draws. A person who only takes the Markdown
gets less than what is counted here: captions, formulas, footnotes, heads and lettering are kept out of the running
text by the class of their box, and a table's label comes from the nearest caption.
pypdfium2: the text of each page in its own order; it offers nothing else.

Both are slow or not ours to mend, so what they returned is kept in a folder and asked for again only when a file or
a version has changed.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from math import hypot
from pathlib import Path
from typing import Any

from bench._views import Float, Grid, Heading, Piece, Row, View
from core.documents import PassageKind
from core.models import Box

_KINDS: Mapping[str, PassageKind] = {
    "text": "text",
    "list-item": "text",
    "title": "note",
    "section-header": "note",
    "caption": "caption",
    "table": "table",
    "formula": "equation",
}
"""Classes of pymupdf4llm's layout boxes; all others are notes here, which is to say: not running text."""
_LABEL = re.compile(
    r"^\W*((?:Figure|Fig\.|Table|Tab\.|Algorithm|Listing)\s*(?:[A-Z]?\.?\d+(?:\.\d+)?|[IVX]+))(\s*[:.|–—])?\W*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
"""Label, the mark behind it by which a caption differs from a sentence, words."""
_NUMBER = re.compile(r"^(?:Appendix\s+)?((?:\d{1,2}|[A-Z])(?:\.\d{1,2})*)(?:[.:]\s*|\s+)(?=\S)")
_NEAREST = 60
"""Points between a caption and its figure or table; farther away they are strangers."""


def views(path: Path, kept: Path) -> dict[str, View]:
    """What each rival makes of a PDF, by name; answers are kept in the folder `kept`.

    Raises SystemExit with a hint where a rival is not installed.
    """
    return {name: to_view(_answer(path, kept, name, ask)) for name, (ask, to_view) in RIVALS.items()}


def names() -> list[str]:
    """The rivals with their versions."""
    return [f"{name} {_version(name)}" for name in RIVALS]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        raise SystemExit(
            f"--rivals needs {name}, which is not installed: install the dependency group `bench`"
        ) from None


def _answer(path: Path, kept: Path, name: str, ask: Callable[[Path], Any]) -> Any:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    file = kept / f"{name}-{_version(name)}-{digest}.json"
    if not file.exists():
        kept.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(ask(path), ensure_ascii=False), "utf-8")
    return json.loads(file.read_text("utf-8"))


def _ask_pymupdf4llm(path: Path) -> Any:
    """One dict a page: text, and boxes with class, bbox and the stretch of text they hold."""
    pages = import_module("pymupdf4llm").to_markdown(str(path), page_chunks=True, use_ocr=False)
    return [{"text": page["text"], "boxes": page["page_boxes"]} for page in pages]


def _ask_pypdfium2(path: Path) -> Any:
    """One text a page."""
    with import_module("pypdfium2").PdfDocument(path) as document:
        return [page.get_textpage().get_text_range() for page in document]


def of_pages(pages: Sequence[str]) -> View:
    """Bare texts of pages -> a view with running text only."""
    return View(tuple(Piece("text", text, frozenset({n})) for n, text in enumerate(pages, 1)))


def of_markdown(pages: Sequence[Mapping[str, Any]]) -> View:
    """Pages of Markdown with their boxes -> a view."""
    pieces: list[Piece] = []
    headings: list[tuple[int, str]] = []
    grids: list[Grid] = []
    floats: list[Float] = []
    for number, page in enumerate(pages, 1):
        boxes = [(b["class"], Box(number, *b["bbox"]), page["text"][slice(*b["pos"])]) for b in page["boxes"]]
        captions = [(n, match) for n, (_, _, text) in enumerate(boxes) if (match := _LABEL.match(_plain(text)))]
        named = {n for n, match in captions if match[2]}
        for n, (kind, _, text) in enumerate(boxes):
            pieces.append(
                Piece("caption" if n in named else _KINDS.get(kind, "note"), _plain(text), frozenset({number}))
            )
        headings += [(number, text.strip()) for kind, _, text in boxes if kind in ("title", "section-header")]
        owners = _paired(boxes, captions)
        for n, (kind, box, text) in enumerate(boxes):
            if kind in ("table", "picture"):
                match = owners.get(n)
                label, caption = (match[1], match[3]) if match else ("", "")
                floats.append(Float(label, caption, box))
                if kind == "table" and (grid := _grid(number, label, text)):
                    grids.append(grid)
    return View(tuple(pieces), tuple(_headings(headings)), tuple(grids), tuple(floats))


def _paired(
    boxes: Sequence[tuple[str, Box, str]], captions: Sequence[tuple[int, re.Match[str]]]
) -> dict[int, re.Match[str]]:
    """The caption of each figure and table that has one near: the nearest pairs first, each caption once."""
    pairs = sorted(
        (distance, float_, n)
        for float_, (kind, box, _) in enumerate(boxes)
        for n, (at, _) in enumerate(captions)
        if kind in ("table", "picture") and (distance := _distance(box, boxes[at][1])) <= _NEAREST
    )
    owners: dict[int, re.Match[str]] = {}
    given: set[int] = set()
    for _, float_, n in pairs:
        if float_ not in owners and n not in given:
            owners[float_] = captions[n][1]
            given.add(n)
    return owners


def _distance(a: Box, b: Box) -> float:
    """Points between two boxes' sides; 0 where they touch."""
    across = max(0.0, b.x0 - a.x1, a.x0 - b.x1)
    down = max(0.0, b.y0 - a.y1, a.y0 - b.y1)
    return hypot(across, down)


def _plain(text: str) -> str:
    """Markdown without its marks; raised and line-broken parts as their words."""
    text = re.sub(r"<br>|<!--.*?-->", " ", text)
    text = re.sub(r"</?(?:sup|sub|u|s|b|i)>", "", text)
    text = re.sub(r"^\s*(?:#{1,6}|[-*+>])\s+", "", text, flags=re.MULTILINE)
    return " ".join(re.sub(r"\*\*|[`_]|~~|\\(?=\W)", "", text).split())


def _headings(found: Sequence[tuple[int, str]]) -> Iterable[Heading]:
    """Marked headings. Levels count from that of most headings such as "1 Introduction", which is 1 in the anchors,
    because the paper's title may or may not have been given the first."""
    seen: list[tuple[int, str, str, int]] = []
    for page, text in found:
        title = _plain(text)
        match = _NUMBER.match(title)
        marks = len(text) - len(text.lstrip("#"))
        seen.append((page, match[1] if match else "", title[match.end() :] if match else title, marks))
    tops = Counter(marks for _, number, _, marks in seen if number.isdigit())
    above = tops.most_common(1)[0][0] - 1 if tops else 0
    for page, number, title, marks in seen:
        yield Heading(page, number, title, max(1, marks - above))


def _grid(page: int, label: str, text: str) -> Grid | None:
    """A Markdown table: further rows of its header, which Markdown cannot have, are those without a number in a cell;
    a row with one filled cell is the heading of a group."""
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("|")]
    rows = [
        [_plain(cell) for cell in line.removeprefix("|").removesuffix("|").split("|")]
        for line in lines
        if not set(line) <= set("|-: ")
    ]
    if not rows:
        return None
    header, *body = rows
    while body and _is_header(body[0]):
        header = [" / ".join(filter(None, pair)) for pair in zip(header, body.pop(0), strict=False)]
    group, made = "", []
    for cells in body:
        filled = [cell for cell in cells if cell]
        if len(filled) == 1 and len(cells) > 1:
            group = filled[0]
        else:
            made.append(Row(group, tuple(cells)))
    return Grid(page, label, tuple(header), tuple(made))


def _is_header(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells[1:] if cell]
    return len(filled) > 1 and not cells[0] and not any(re.fullmatch(r"[\d.,%+±–-]+", cell) for cell in filled)


RIVALS: dict[str, tuple[Callable[[Path], Any], Callable[[Any], View]]] = {
    "pymupdf4llm": (_ask_pymupdf4llm, of_markdown),
    "pypdfium2": (_ask_pypdfium2, of_pages),
}
"""By the name of the package: how it is asked, and how its answer is seen."""
