"""Scanned pages: which ones they are, which engine can recognise them, and how its lines become a page like any other.

The engines are optional and large, so none is imported before a scanned page needs it. RapidOCR comes first, because
its wheel brings its models along; Tesseract is the one MuPDF carries, where its language files are installed.
"""

import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module, util
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from core.errors import Skip
from tools.pdf.page import Area, Block, Line, Page, Word, hull
from tools.pdf.spans import normal

COMMAND = "uv sync --inexact --group ocr"
"""Adds RapidOCR and removes nothing, such as the embedded model, that another group has put there."""
ADVICE = f"要读扫描页，先装文字识别组件：{COMMAND}"
"""Said where scanned pages stayed unread for want of an engine."""
MOST = 30
"""Scanned pages recognised of one file; at 15 s a page (RapidOCR, one core) that is seven minutes."""
SIDE = 1800
"""Pixels of the longer side of a page's picture: 150 dpi for A4, whatever size a scanner claims its pages have."""

_REAL_TEXT = 40
"""Characters a page needs to count as having a text layer; a scanned page has none or a stamp."""
_PICTURE = 0.4
"""Share of the page from which on an image is the page itself."""
_PADDING = 0.15
"""How far RapidOCR's boxes reach beyond the first and the last letter, in heights of the box."""
_SAME_SIZE = 0.09
"""Sizes that differ by less are one: on printed pages the estimates scatter by 4 % around the true size."""
_SAME_GROUP = 0.15
"""The same for lines that follow each other at the usual distance: one set very wide is still of its paragraph, but a
footnote is not."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Something that recognises text, and what it may use beyond what parsing may."""

    name: str
    """As people know it."""
    memory_mb: int
    """Address space. RapidOCR was seen to map 960 MB more, MuPDF's Tesseract 450."""
    seconds: int
    """A page; about six times what a dense one took on one core that nobody else used."""


RAPIDOCR = Engine("RapidOCR", 1024, 90)
TESSERACT = Engine("Tesseract", 640, 45)


class Picture(NamedTuple):
    """A page as painted: three bytes (red, green, blue) a pixel, row by row without gaps."""

    pixels: bytes
    width: int
    height: int


class Found(NamedTuple):
    """A line as an engine gives it, in pixels."""

    text: str
    area: Area


Row = tuple[Word, ...]
"""The words of one recognised line, in points."""


def engine() -> Engine | None:
    """The engine that is installed, RapidOCR before Tesseract; looks without importing."""
    if util.find_spec("rapidocr") and util.find_spec("onnxruntime"):
        return RAPIDOCR
    return TESSERACT if shutil.which("tesseract") else None


def needed(page: Page) -> bool:
    """Is this a scanned page that nobody has recognised yet?"""
    return not page.recogniser and page.scanned > _PICTURE and sum(b.chars for b in page.blocks) < _REAL_TEXT


def rapidocr() -> Callable[[Picture], list[Found]]:
    """RapidOCR, loaded (2 s), with the models of its wheel; never one from the network.

    Raises Skip with code no_ocr where it cannot be loaded.
    """
    try:
        library: Any = import_module("rapidocr")  # by name: the checkers of an environment without it stay content
        models = Path(library.__file__).with_name("models")
        recognise = library.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,  # turns single lines upside down; whole pages are not scanned like that
                "Det.model_path": str(next(models.glob("*_det_*.onnx"))),  # a path named is never downloaded
                "Det.limit_type": "max",
                "Det.limit_side_len": SIDE,
                "Rec.model_path": str(next(models.glob("*_rec_*.onnx"))),
                "Rec.rec_batch_num": 1,  # as fast as six on one core, and 300 MB less at most
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,  # two files may be read at once
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
    except MemoryError:
        raise
    except Exception as error:
        raise Skip("RapidOCR 装好了却用不了", f"重新安装：{COMMAND} --reinstall-package rapidocr", "no_ocr") from error

    def lines(picture: Picture) -> list[Found]:
        import numpy as np

        colours = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width, 3)
        result = recognise(np.ascontiguousarray(colours[:, :, ::-1]))  # it expects blue first
        if result.boxes is None:
            return []
        return [Found(text, _hull(corners)) for text, corners in zip(result.txts, result.boxes, strict=True)]

    return lines


def _hull(corners: Iterable[Iterable[float]]) -> Area:
    xs, ys = zip(*((float(x), float(y)) for x, y in corners), strict=True)
    return Area(min(xs), min(ys), max(xs), max(ys))


def rows(found: Iterable[Found], scale: float) -> list[Row]:
    """Recognised lines as words in points; `scale` is points a pixel. What runs up the page is left out."""
    made = []
    for text, area in found:
        if area.height > 1.5 * area.width and len(text) > 2:
            continue
        if row := _words(text, Area(*(side * scale for side in area))):
            made.append(row)
    return made


def _words(text: str, area: Area) -> Row:
    """Words between the ends of their line, each as wide as its letters are in most typefaces."""
    pad = min(_PADDING * area.height, area.width / 4)
    left, unit = area.x0 + pad, (area.width - 2 * pad) / (_ems(text) or 1.0)
    found = []
    for match in re.finditer(r"\S+", text):
        start = left + unit * _ems(text[: match.start()])
        if word := _plain(match.group()):
            found.append(Word(word, start, area.y0, start + unit * _ems(match.group()), area.y1))
    return tuple(found)


def _plain(word: str) -> str:
    """Compatibility forms undone, but for raised figures: those stay raised in the text of a page."""
    return re.sub(r"[^⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ]+", lambda found: normal(found.group()), word)


def recognised(page: Page, found: Sequence[Row], name: str) -> Page:
    """The scanned page with the text an engine of that name found on it, in blocks.

    The scan itself is no figure any more; smaller images stay.
    """
    groups = _groups(_joined(_line(row) for row in found if row))
    images = tuple(i for i in page.images if i.width * i.height <= _PICTURE * page.width * page.height)
    blocks = tuple(Block(group, page.number) for group in _with_common_sizes(groups))
    return replace(page, blocks=blocks, images=images, recogniser=name) if blocks else replace(page, recogniser=name)


def _line(row: Row) -> Line:
    box = hull(row)
    text = " ".join(word.text for word in row)
    return Line(row, text, *box, size=_size(text, box), bold=0.0, math=0.0)


def _size(text: str, box: Area) -> float:
    """From the width, because the heights of recognised boxes vary by a third within one paragraph. Bold and wide
    typefaces seem up to a fifth larger than they are."""
    return max(1.0, min(box.width / (_ems(text) or 1.0), 1.25 * box.height))


def _joined(lines: Iterable[Line]) -> list[Line]:
    """Lines from the top, pieces of one printed line that stand less than a wide space apart joined."""
    done: list[Line] = []
    for line in sorted(lines, key=lambda one: one.x0):
        left = next((n for n, one in enumerate(done) if _goes_on(one, line)), None)
        if left is None:
            done.append(line)
        else:
            done[left] = _line((*done[left].words, *line.words))
    return sorted(done, key=lambda one: (one.middle, one.x0))


def _goes_on(left: Line, right: Line) -> bool:
    lower = min(left.y1 - left.y0, right.y1 - right.y0)
    return abs(left.middle - right.middle) < 0.3 * lower and -0.5 * lower < right.x0 - left.x1 < 0.6 * lower


def _with_common_sizes(groups: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """One size for all lines of a group, and few for the page: the size of most letters that are left takes all
    groups near it, again and again."""
    own = [median(line.size for line in group for _ in line.text) for group in groups]
    letters = [sum(len(line.text) for line in group) for group in groups]
    sizes = list(own)
    left = set(range(len(groups)))
    while left:
        middle = median(size for n in left for size in [own[n]] * letters[n])
        near = {n for n in left if abs(own[n] / middle - 1) <= _SAME_SIZE} or left
        for n in near:
            sizes[n] = round(middle * 2) / 2
        left -= near
    return [[line._replace(size=size) for line in group] for group, size in zip(groups, sizes, strict=True)]


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines (from the top) that follow each other at the usual distance, in one column and one size."""
    below = [_next(n, lines) for n in range(len(lines))]
    above: dict[int, list[int]] = {}
    for n, following in enumerate(below):
        for m in following:
            above.setdefault(m, []).append(n)
    # Where a line stands over two side by side, a column begins or ends: no paragraph goes on there.
    pairs = {n: b[0] for n, b in enumerate(below) if len(b) == 1 and len(above[b[0]]) == 1}
    usual = median([lines[m].middle - lines[n].middle for n, m in pairs.items()]) if pairs else 0.0
    pairs = {
        n: m
        for n, m in pairs.items()
        if lines[m].middle - lines[n].middle < 1.35 * usual and abs(lines[m].size / lines[n].size - 1) <= _SAME_GROUP
    }
    groups = []
    for first in sorted(set(range(len(lines))) - set(pairs.values())):
        group = [first]
        while group[-1] in pairs:
            group.append(pairs[group[-1]])
        groups.append([lines[n] for n in group])
    return groups


def _next(n: int, lines: Sequence[Line]) -> list[int]:
    """The lines directly under this one: those it overlaps that stand in the first row below it."""
    line = lines[n]
    lower = [
        m
        for m in range(n + 1, len(lines))
        if lines[m].middle > line.middle + 0.5 * line.size and min(line.x1, lines[m].x1) > max(line.x0, lines[m].x0)
    ]
    return [m for m in lower if lines[m].middle < lines[lower[0]].middle + 0.5 * line.size]


def _ems(text: str) -> float:
    """About how wide a text is, in font sizes."""
    return sum(_WIDTHS.get(c, 0.55) if ord(c) < _WIDE else 1.0 for c in text)


_WIDE = 0x2E80
"""From here on, with few exceptions, come the square characters of East Asia."""
_WIDTHS = {
    letter: thousandths / 1000
    for thousandths, letters in {
        180: "'’‘|",
        250: " .,·",
        278: "ijlt/:;\\",
        333: "frI()[]-!`",
        389: "sJ",
        444: 'acez?“”"{}',
        500: "bdghknopquvxy0123456789$#*–",
        556: "FPS+=<>~_^",
        611: "ELTZ",
        667: "BCR",
        722: "wADGHKNOQUVXY",
        778: "m&%",
        889: "MW@",
        1000: "—…",
    }.items()
    for letter in letters
}
"""Advance widths of Times, rounded to classes (Adobe Core 14 font metrics)."""
