"""The files of the pictures: the same each time, safe to show, readable."""

import hashlib
import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO
from xml.etree import ElementTree

import matplotlib as mpl
import pymupdf
import pytest
from matplotlib.image import imread

from core.overview import Overview, Topic, Trend, Word
from core.publication import Picture
from tests.contract.sample_issue import EVIL, hostile, overview
from tests.house.tree import ROOT
from tools.pictures import draw
from tools.pictures._colours import COLOURS, HUES, WORDS
from tools.pictures._scene import SHADES

NAMESPACE = "{http://www.w3.org/2000/svg}"
NAMES = "强化学习 大语言模型 智能体 视频生成 world-model RAG 稀疏注意力 test-time-scaling LoRA 幻觉".split()
LAST = date(2026, 11, 20)


def day(words: int = 30, topics: int = 6, days: int = 25) -> Overview:
    """A day like many: weekdays only."""
    back = [LAST - timedelta(days=n) for n in range(2 * days) if (LAST - timedelta(days=n)).weekday() < 5]
    dates = tuple(sorted(back[:days]))
    return Overview(
        words=tuple(Word(name=f"{NAMES[n % 10]}{n}", papers=1 + (words - n) ** 2 // 60) for n in range(words)),
        topics=tuple(_topic(n, NAMES[n % 10], 3 * (topics - n)) for n in range(topics)),
        trend=Trend(
            days=dates, listed=tuple(20 + n % 7 for n in range(days)),
            lines=tuple((NAMES[k], tuple((n * (k + 3)) % (11 - k) for n in range(days))) for k in range(6)),
        ),
    )  # fmt: skip


def _topic(n: int, name: str, papers: int) -> Topic:
    return Topic(id=f"t{n + 1}", name=name, keys=(), papers=tuple(f"2501.{k:05}v1" for k in range(papers)))


@pytest.fixture(scope="module")
def font() -> bytes:
    """The one that PyMuPDF carries."""
    return bytes(pymupdf.Font("china-s").buffer)


@pytest.fixture(scope="module")
def drawn(font: bytes) -> tuple[Picture, ...]:
    """All three of them."""
    return draw(day(), font)


def checksum(pictures: Sequence[Picture]) -> str:
    """Of everything in them."""
    parts = [f"{p.name} {p.title} {p.alt} {p.width} {p.height}".encode() for p in pictures]
    files = [files[shade] for p in pictures for files in (p.svg, p.png) for shade in SHADES]
    return hashlib.sha256(b"\0".join([*parts, *files])).hexdigest()


def test_pictures_come_in_order_and_in_both_shades(drawn: tuple[Picture, ...]) -> None:
    assert [p.name for p in drawn] == ["words", "topics", "trend"]
    assert all(set(files) == set(SHADES) for p in drawn for files in (p.svg, p.png))


def test_what_shows_nothing_is_left_out(font: bytes) -> None:
    full = day()
    one = Trend(days=(LAST,), listed=(9,), lines=(("强化学习", (3,)),))
    never = Trend(days=(LAST - timedelta(days=1), LAST), listed=(9, 9), lines=(("强化学习", (0, 0)),))
    assert draw(Overview(), font) == ()
    assert draw(Overview(trend=one), font) == ()
    assert draw(Overview(trend=never), font) == ()
    assert draw(Overview(words=(Word(name="\u202e😀", papers=3),)), font) == ()
    assert [p.name for p in draw(Overview(topics=full.topics), font)] == ["topics"]


def test_equal_overviews_give_equal_bytes(drawn: tuple[Picture, ...], font: bytes) -> None:
    before = dict(mpl.rcParams)
    assert checksum(draw(day(), font)) == checksum(drawn)
    assert dict(mpl.rcParams) == before, "matplotlib is as it was found"


def test_another_process_gives_equal_bytes_and_loads_no_pyplot(drawn: tuple[Picture, ...]) -> None:
    code = (
        "import sys\nfrom tests.unit import test_pictures as t\n"
        "print(t.checksum(t.draw(t.day(), bytes(t.pymupdf.Font('china-s').buffer))))\n"
        "print('matplotlib.pyplot' in sys.modules)\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4321", "LC_ALL": "C"}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == [checksum(drawn), "False"]


def _is_safe(picture: Picture) -> None:
    for shade in SHADES:
        svg = picture.svg[shade]
        root = ElementTree.fromstring(svg)  # noqa: S314  # our own file
        size = {"width": str(picture.width), "height": str(picture.height)}
        assert {key: root.get(key) for key in size} == size
        assert root.get("viewBox") == f"0 0 {picture.width} {picture.height}"
        assert {e.tag.removeprefix(NAMESPACE) for e in root.iter()} == {"svg", "title", "desc", "rect", "path"}
        known = {"width", "height", "viewBox", "role", "fill", "stroke", "stroke-width", "stroke-linecap",
                 "stroke-linejoin", "transform", "d"}  # fmt: skip
        assert {name for e in root.iter() for name in e.attrib} <= known
        assert b"nan" not in svg and b"inf" not in svg
        assert len(svg) < 300_000
        assert root.findtext(f"{NAMESPACE}desc") == picture.alt


def test_an_svg_holds_outlines_and_nothing_that_could_act(drawn: tuple[Picture, ...]) -> None:
    for picture in drawn:
        _is_safe(picture)


def test_a_png_has_its_size_and_its_ground(drawn: tuple[Picture, ...]) -> None:
    for picture in drawn:
        for shade in SHADES:
            png = picture.png[shade]
            assert struct.unpack(">II", png[16:24]) == (picture.width, picture.height)
            assert b"matplotlib" not in png
            pixels = (imread(BytesIO(png)) * 255).round()
            ground = COLOURS[shade]["ground"]
            assert [int(v) for v in pixels[2, 2]] == [*bytes.fromhex(ground[1:]), 255]
    assert [(p.width, p.height) for p in drawn if p.name != "topics"] == [(1200, 675)] * 2


def test_png_and_svg_show_the_same(font: bytes) -> None:
    """The first bar of the topics lies where the SVG says, in its colour."""
    (picture,) = draw(Overview(topics=(_topic(0, "强化学习", 4), _topic(1, "RAG", 1))), font)
    pixels = (imread(BytesIO(picture.png["light"])) * 255).round()
    bar = [*bytes.fromhex(COLOURS["light"]["bar"][1:]), 255]
    row = [[int(v) for v in pixel] == bar for pixel in pixels[96 + 48 + 14]]
    assert sum(row) == 1000 and row[40] and not row[39]
    assert b'fill="#1c5a85" d="M45 144' in picture.svg["light"]


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in bytes.fromhex(colour[1:])]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("shade", SHADES)
def test_colours_stand_out(shade: str) -> None:
    colours = COLOURS["dark" if shade == "dark" else "light"]
    ground = _luminance(colours["ground"])
    for role, least in {**dict.fromkeys((*HUES, *WORDS, "ink", "soft"), 4.5), "bar": 3.0, "quiet": 3.0}.items():
        light, dark = sorted((_luminance(colours[role]), ground), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= least, role
    assert COLOURS["light"].keys() == COLOURS["dark"].keys()


def test_descriptions_say_the_figures(font: bytes) -> None:
    words, topics, trend = draw(overview(), font)
    assert words.alt == "本期词云：大语言模型 2 篇、稀疏注意力 1 篇、black hole 1 篇。"
    assert topics.alt == "本期主题：大语言模型 3 篇、black hole 2 篇。"
    assert trend.alt == (
        "热词趋势，11-17 至 11-20 共 3 期，每期收录 5–9 篇：大语言模型 3 → 2 篇（最多 4，11-18）；"
        "稀疏注意力 0 → 1 篇（最多 1，11-18）。"
    )


def test_descriptions_are_short_and_say_what_they_leave_out(font: bytes) -> None:
    many = Overview(words=tuple(Word(name=f"{n:02} " + "很长的名称" * 20, papers=99 - n) for n in range(12)))
    (picture,) = draw(many, font)
    told = picture.alt.count(" 篇")
    assert len(picture.alt) <= 300 and 3 < told < 12
    assert picture.alt.endswith("个词。")


WORST = (EVIL, "$\\frac{1}{0", "]]>", "\x00\x1b[31m红", "\ud800断", "é\u0301\u0301x", "𠮷\U00010330", "长" * 9000, "😀")


def _evil() -> Overview:
    """Unchecked, because what a class refuses may still come from somewhere."""
    return Overview.model_construct(
        words=tuple(Word.model_construct(name=name, papers=9 - n) for n, name in enumerate(WORST)),
        topics=tuple(Topic.model_construct(id="t", name=name, keys=(), papers=("a",)) for name in WORST),
        trend=Trend.model_construct(
            days=(LAST - timedelta(days=3), LAST), listed=(0, 0), lines=tuple((name, (0, 1)) for name in WORST)
        ),
    )


def test_hostile_names_change_nothing(font: bytes) -> None:
    for over in (_evil(), hostile().overview):
        pictures = draw(over, font)
        assert len(pictures) == 3
        for picture in pictures:
            _is_safe(picture)
            assert not set("\u202e\x07\x00\x1b\ud800") & set(picture.alt)
