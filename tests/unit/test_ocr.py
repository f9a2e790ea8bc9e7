"""Scanned pages: recognised by what they are, read by an engine where there is one, and said plainly where not."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from core.errors import Skip
from tests.unit.builders import SHARED, pdf, prose, put
from tools.pdf import child, flow, ocr, parse
from tools.pdf.child import Limits
from tools.pdf.ocr import Found, Picture
from tools.pdf.page import Area, Block, Line, Page, Word

ROOMY = Limits(memory_mb=1024, seconds=60, pages=400)
A4 = Area(0, 0, 595, 842)
Script = Callable[[Picture], list[Found]]

needs_engine = pytest.mark.skipif(
    ocr.engine() != ocr.RAPIDOCR, reason=f"needs RapidOCR (dependency group `ocr`: {ocr.COMMAND})"
)


def scanned(number: int = 1, *images: Area) -> Page:
    return Page(number, A4.width, A4.height, (), images or (A4,))


def row(text: str, x0: float, y0: float, x1: float, height: float = 12) -> ocr.Row:
    """One recognised line, its box in points."""
    (made,) = ocr.rows([Found(text, Area(x0, y0, x1, y0 + height))], 1.0)
    return made


def set_in(size: float, text: str, x0: float, y0: float, height: float = 12) -> ocr.Row:
    """One recognised line of that type size."""
    import pymupdf

    pad = 0.15 * height
    width = pymupdf.get_text_length(text, fontname="tiro", fontsize=size)
    return row(text, x0 - pad, y0, x0 + width + pad, height)


def read(*rows: ocr.Row) -> list[Block]:
    return list(ocr.recognised(scanned(), rows, "Test").blocks)


# Which pages


def test_a_scan_is_a_page_of_one_image_and_no_text() -> None:
    line = Line((Word("x" * 40, 0, 0, 9, 9),), "x" * 40, 0, 0, 9, 9, 10, 0, 0)
    stamp = Line((Word("arXiv", 0, 0, 9, 9),), "arXiv", 0, 0, 9, 9, 10, 0, 0)
    assert ocr.needed(scanned())
    assert ocr.needed(Page(1, 595, 842, (Block([stamp], 1),), (A4,)))
    assert not ocr.needed(Page(1, 595, 842, (Block([line], 1),), (A4,)))
    assert not ocr.needed(scanned(1, Area(0, 0, 300, 300)))
    assert not ocr.needed(Page(1, 595, 842, ()))


def test_a_recognised_page_is_done_whatever_was_found() -> None:
    full = ocr.recognised(scanned(), [row("Some words", 72, 100, 150)], "Test")
    blank = ocr.recognised(scanned(), [], "Test")
    assert not ocr.needed(full)
    assert not ocr.needed(blank)
    assert blank.blocks == ()


def test_the_scan_is_no_figure_but_a_picture_on_the_page_may_be() -> None:
    photo = Area(100, 100, 300, 300)
    page = ocr.recognised(scanned(1, A4, photo), [row("Some words", 72, 400, 150)], "Test")
    assert page.images == (photo,)


# Lines and words


def test_words_stand_where_they_are_printed() -> None:
    import pymupdf

    text = "Illicit Wommm llilli MWMW, 2026"
    (made,) = [set_in(10, text, 72, 100)]
    assert [word.text for word in made] == text.split()
    left = 72.0
    for word, printed in zip(made, text.split(), strict=True):
        width = pymupdf.get_text_length(printed, fontname="tiro", fontsize=10)
        assert word.x0 == pytest.approx(left, abs=1.0), printed
        assert word.x1 == pytest.approx(left + width, abs=1.0), printed
        left += width + 2.5
    assert {(word.y0, word.y1) for word in made} == {(100, 112)}


def test_pixels_become_points() -> None:
    (made,) = ocr.rows([Found("word", Area(300, 600, 400, 650))], 0.48)
    (word,) = made
    assert (word.y0, word.y1) == pytest.approx((288, 312))
    assert (word.x0, word.x1) == pytest.approx((144 + 3.6, 192 - 3.6))


def test_compatibility_forms_are_undone_but_raised_figures_stay() -> None:
    (made,) = ocr.rows([Found("eﬃcient Chat² ＡＢ 10⁻⁴", Area(0, 0, 200, 12))], 1.0)
    assert [word.text for word in made] == ["efficient", "Chat²", "AB", "10⁻⁴"]


def test_what_runs_up_the_page_is_no_text() -> None:
    assert ocr.rows([Found("arXiv:2501.00001v1", Area(10, 200, 30, 600)), Found(" ", Area(0, 0, 9, 9))], 1.0) == []
    assert len(ocr.rows([Found("I", Area(10, 100, 13, 112))], 1.0)) == 1


def test_pieces_of_one_line_are_joined_and_columns_are_not() -> None:
    blocks = read(
        row("left half", 72, 100, 120),
        row("right half", 123, 101, 180),
        row("the other column", 200, 100, 290),
    )
    assert sorted(line.text for block in blocks for line in block.lines) == ["left half right half", "the other column"]


# Blocks


def lines_of(size: float, texts: Sequence[str], x: float, y: float, pitch: float = 12.0) -> list[ocr.Row]:
    # recognised boxes are higher or lower as letters go up or down
    return [set_in(size, text, x, y + pitch * n, 12 + n % 3) for n, text in enumerate(texts)]


def test_columns_and_paragraphs_are_blocks() -> None:
    left = lines_of(10, prose("left", 8, 45), 50, 200)
    right = lines_of(10, prose("right", 8, 45), 310, 200)
    below = lines_of(10, prose("below", 3, 45), 50, 320)
    title = set_in(16, "A Title over Both Columns of the Page", 170, 150, 19)
    mixed = [one for pair in zip(left, right, strict=True) for one in pair]
    blocks = read(title, *mixed, *below)
    assert [len(block.lines) for block in blocks] == [1, 8, 8, 3]
    assert blocks[1].text == " ".join(prose("left", 8, 45))
    assert blocks[2].text == " ".join(prose("right", 8, 45))
    assert [block.size for block in blocks] == [16.0, 10.0, 10.0, 10.0]


def test_a_line_over_two_columns_belongs_to_neither() -> None:
    left, right = lines_of(10, prose("left", 4, 45), 50, 112), lines_of(10, prose("right", 4, 45), 310, 112)
    across = set_in(10, " ".join(prose("across", 2, 45)), 50, 100)
    under = set_in(10, " ".join(prose("under", 2, 45)), 50, 160)
    blocks = read(across, *left, *right, under)
    assert sorted(len(block.lines) for block in blocks) == [1, 1, 4, 4]


def test_double_spaced_lines_are_one_paragraph() -> None:
    (block,) = read(*lines_of(12, prose("thesis", 6, 60), 72, 100, pitch=28))
    assert len(block.lines) == 6


def test_a_line_set_wide_keeps_the_size_of_its_paragraph() -> None:
    texts = prose("loss", 6, 60)
    rows = lines_of(10, texts, 72, 100)
    rows[3] = set_in(11.3, texts[3], 72, 136)  # a justified line with wide spaces
    (block,) = read(*rows)
    assert {line.size for line in block.lines} == {10.0}


def test_a_footnote_at_the_usual_distance_is_another_block() -> None:
    body, note = prose("loss", 6, 60), prose("note", 3, 60)
    blocks = read(*lines_of(11, body, 72, 100), *lines_of(8.5, note, 72, 172))
    assert [len(block.lines) for block in blocks] == [6, 3]
    assert blocks[1].size < 0.85 * blocks[0].size


def test_a_recognised_page_goes_through_the_flow_like_any_other() -> None:
    rows = [
        set_in(17, "Reading What Was Scanned Long Ago", 130, 80, 20),
        set_in(13, "1 Introduction", 72, 140, 15),
        *lines_of(10, prose("loss", 5, 80), 72, 170),
        set_in(13, "2 Method", 72, 260, 15),
        *lines_of(10, ["We train a recog-", "niser on every page of the archive."], 72, 290),
    ]
    reading = flow.read([ocr.recognised(scanned(), rows, "Test")], "0" * 64, 1)
    assert reading.title == "Reading What Was Scanned Long Ago"
    assert [f"{s.number} {s.title}" for s in reading.sections] == ["1 Introduction", "2 Method"]
    last = reading.paragraphs[-1]
    assert last.text == "We train a recogniser on every page of the archive."
    assert last.section == "2 Method"
    assert reading.figures == ()
    assert reading.warnings == ("第 1 页是扫描图片，已用 Test 识别，可能有错字",)


def test_warnings_name_the_pages_and_the_engine() -> None:
    full = [ocr.recognised(scanned(n), [row("Some words", 72, 100, 150)], "Test") for n in (1, 2)]
    empty, unread = ocr.recognised(scanned(4), [], "Test"), scanned(3)
    assert flow.read([*full, unread, empty], "0" * 64, 4).warnings == (
        "第 3 页是扫描图片，没有文字层，未读",
        "第 1–2 页是扫描图片，已用 Test 识别，可能有错字",
        "第 4 页是扫描图片，Test 没有认出文字",
    )


# From the file, with an engine that follows a script


def scan(page: Any) -> None:
    import pymupdf

    grey = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 60, 80), 0)
    grey.clear_with(200)
    page.insert_image(page.rect, pixmap=grey, keep_proportion=False)


def plain(page: Any) -> None:
    put(page, 72, 100, prose("loss", 12, 90))


def with_script(monkeypatch: pytest.MonkeyPatch, script: Script) -> list[Picture]:
    """Puts a script in RapidOCR's place; the pictures it is shown."""
    shown: list[Picture] = []

    def look(picture: Picture) -> list[Found]:
        shown.append(picture)
        return script(picture)

    monkeypatch.setattr(ocr, "rapidocr", lambda: look)
    return shown


def test_only_scanned_pages_are_shown_to_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = with_script(monkeypatch, lambda _: [Found("Words from the archive", Area(200, 300, 900, 340))])
    made = pdf(tmp_path / "a.pdf", plain, scan, plain)
    opened = parse.read_pages(made, 400, ocr.RAPIDOCR)
    assert [page.recogniser for page in opened.pages] == ["", "RapidOCR", ""]
    (picture,) = shown
    assert picture.width == pytest.approx(1272, abs=1)
    assert picture.height == 1800
    assert len(picture.pixels) == 3 * picture.width * picture.height
    assert set(picture.pixels) == {200}
    (block,) = opened.pages[1].blocks
    assert block.text == "Words from the archive"
    assert block.y0 == pytest.approx(300 * 842 / 1800)


def test_without_an_engine_nothing_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = with_script(monkeypatch, lambda _: [])
    parse.read_pages(pdf(tmp_path / "a.pdf", scan), 400)
    assert shown == []


def test_a_page_that_is_too_much_for_the_engine_leaves_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_first(_: Picture) -> list[Found]:
        if len(shown) == 1:
            raise ValueError("no such operator")
        return [Found("Words", Area(200, 300, 400, 340))]

    shown = with_script(monkeypatch, fails_first)
    opened = parse.read_pages(pdf(tmp_path / "a.pdf", scan, scan), 400, ocr.RAPIDOCR)
    assert [page.recogniser for page in opened.pages] == ["", "RapidOCR"]


def test_no_more_pages_than_the_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = with_script(monkeypatch, lambda _: [Found("Words", Area(200, 300, 400, 340))])
    monkeypatch.setattr(ocr, "MOST", 2)
    opened = parse.read_pages(pdf(tmp_path / "a.pdf", scan, scan, scan), 400, ocr.RAPIDOCR)
    assert len(shown) == 2
    assert [ocr.needed(page) for page in opened.pages] == [False, False, True]


# The parsing child


def without_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "engine", lambda: None)


def test_without_an_engine_the_command_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_engine(monkeypatch)
    some = child.parse(pdf(tmp_path / "a.pdf", plain, scan), ROOMY)
    assert some.warnings == ("第 2 页是扫描图片，没有文字层，未读", ocr.ADVICE)
    assert "uv sync" in ocr.ADVICE
    assert "--group ocr" in ocr.ADVICE
    with pytest.raises(Skip, match="--group ocr") as caught:
        child.parse(pdf(tmp_path / "b.pdf", scan), ROOMY)
    assert caught.value.code == "no_text"


def in_this_process(monkeypatch: pytest.MonkeyPatch) -> list[Limits]:
    """Lets the children's work be done here, where scripts are known; the limits each child would have had."""
    given: list[Limits] = []

    def call(job: Callable[[], object], limits: Limits) -> object:
        given.append(limits)
        return job()

    monkeypatch.setattr(child, "_in_child", call)
    return given


def test_with_an_engine_a_second_child_may_use_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_script(monkeypatch, lambda _: [Found("Words from the archive", Area(200, 300, 900, 340))])
    monkeypatch.setattr(ocr, "engine", lambda: ocr.RAPIDOCR)
    given = in_this_process(monkeypatch)
    reading = child.parse(pdf(tmp_path / "a.pdf", scan, scan), ROOMY)
    assert [p.text for p in reading.paragraphs if p.kind == "text"] == ["Words from the archive"] * 2
    assert reading.warnings == ("第 1–2 页是扫描图片，已用 RapidOCR 识别，可能有错字",)
    assert given[0] == ROOMY
    assert given[1] == Limits(1024 + ocr.RAPIDOCR.memory_mb, 60 + 2 * ocr.RAPIDOCR.seconds, 400)


def test_a_paper_without_scans_needs_one_child_and_no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "engine", lambda: pytest.fail("asked for without need"))
    given = in_this_process(monkeypatch)
    assert child.parse(pdf(tmp_path / "a.pdf", plain), ROOMY).warnings == ()
    assert given == [ROOMY]


def test_an_engine_that_breaks_costs_the_scans_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Script:
        raise Skip("引擎坏了", "重装", code="no_ocr")

    monkeypatch.setattr(ocr, "rapidocr", broken)
    monkeypatch.setattr(ocr, "engine", lambda: ocr.RAPIDOCR)
    in_this_process(monkeypatch)
    reading = child.parse(pdf(tmp_path / "a.pdf", plain, scan), ROOMY)
    assert reading.paragraphs
    assert reading.warnings == ("第 2 页是扫描图片，没有文字层，未读", "RapidOCR 没能识别扫描页：引擎坏了")


def test_a_scan_without_letters_has_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_script(monkeypatch, lambda _: [])
    monkeypatch.setattr(ocr, "engine", lambda: ocr.RAPIDOCR)
    in_this_process(monkeypatch)
    with pytest.raises(Skip, match="扫描") as caught:
        child.parse(pdf(tmp_path / "a.pdf", scan), ROOMY)
    assert caught.value.code == "no_text"
    assert "uv" not in caught.value.hint  # installing what is installed would not help


# The engines


def test_engines_are_looked_for_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    modules, programs = {"rapidocr", "onnxruntime"}, {"tesseract"}
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name if name in modules else None)
    monkeypatch.setattr("shutil.which", lambda name: name if name in programs else None)
    assert ocr.engine() == ocr.RAPIDOCR
    modules.remove("rapidocr")
    assert ocr.engine() == ocr.TESSERACT
    programs.clear()
    assert ocr.engine() is None


def test_an_engine_that_cannot_be_loaded_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(name: str) -> object:
        raise ImportError(f"libGL.so.1 is missing for {name}")

    monkeypatch.setattr(ocr, "import_module", fails)
    with pytest.raises(Skip) as caught:
        ocr.rapidocr()
    assert caught.value.code == "no_ocr"
    assert caught.value.hint


def printed(page: Any) -> None:
    """A scan of a printed page."""
    import pymupdf

    with pymupdf.open() as paper:
        sheet = paper.new_page(width=595, height=842)
        put(sheet, 72, 100, "Scanned Pages Are Read", size=18)
        put(sheet, 72, 140, prose("engine", 4, 60), size=11)
        picture = sheet.get_pixmap(dpi=150, colorspace=pymupdf.csGRAY, alpha=False)
    page.insert_image(page.rect, pixmap=picture)


@needs_engine
def test_a_printed_page_is_recognised(tmp_path: Path) -> None:
    reading = child.parse(pdf(tmp_path / "a.pdf", printed), ROOMY)
    assert reading.title == "Scanned Pages Are Read"
    assert reading.paragraphs[-1].text == " ".join(prose("engine", 4, 60))
    words = reading.paragraphs[-1].words
    assert words[0][3] / 10 == pytest.approx(72, abs=2)  # x0 of the first word
    assert reading.warnings == ("第 1 页是扫描图片，已用 RapidOCR 识别，可能有错字",)


@needs_engine
@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared (a real scan)")
def test_a_real_scan_is_recognised() -> None:
    reading = child.parse(SHARED / "hard" / "scanned_docling_ocr_test_1p.pdf", ROOMY)
    assert " ".join(p.text for p in reading.paragraphs) == (
        "Docling bundles PDF document conversion to JSON and Markdown in an easy self contained package"
    )
