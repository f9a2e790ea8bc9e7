"""The door to MuPDF: what it refuses, and what a page's plain words look like."""

from pathlib import Path
from typing import Any

import pytest

from core.errors import Skip
from tests.unit.builders import Painter, pdf, prose, put
from tools.pdf.page import Line, Page
from tools.pdf.parse import read_pages


def pages(path: Path, most: int = 400) -> list[Page]:
    return read_pages(path, most).pages


def lines(page: Page) -> list[Line]:
    return [line for block in page.blocks for line in block.lines]


def said(page: Page) -> str:
    return " ".join(block.text for block in page.blocks)


def test_a_word_has_its_place_and_its_type(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, "Hello brave world", size=12)
        put(page, 72, 200, "A bold line", size=9, bold=True)

    (page,) = pages(pdf(tmp_path / "a.pdf", paint))
    first, second = lines(page)
    assert [w.text for w in first.words] == ["Hello", "brave", "world"]
    assert first.words[0].x0 == pytest.approx(72, abs=1)
    assert 85 < first.words[0].y0 < 100 < first.words[0].y1 < 106
    assert (first.size, second.size) == (12.0, 9.0)
    assert (first.bold, second.bold) == (0.0, 1.0)
    assert (page.number, page.width, page.height, page.scanned) == (1, 595.0, 842.0, 0.0)


def test_ligatures_and_compatibility_forms_are_undone(tmp_path: Path) -> None:
    import pymupdf

    def paint(page: Any) -> None:
        writer = pymupdf.TextWriter(page.rect)
        writer.append(
            (72, 100), "eﬃcient ﬁne-tuning ﬂow with non\u00a0breaking", font=pymupdf.Font("tiro"), fontsize=10
        )
        writer.write_text(page)

    assert said(pages(pdf(tmp_path / "a.pdf", paint))[0]) == "efficient fine-tuning flow with non breaking"


@pytest.mark.parametrize(
    ("base", "mark", "expected"), [("Chat", "2", "Chat²"), ("10", "-4", "10⁻⁴"), ("Smith", "*", "Smith*")]
)
def test_raised_marks_stay_raised(base: str, mark: str, expected: str, tmp_path: Path) -> None:
    import pymupdf

    def paint(page: Any) -> None:
        width = pymupdf.get_text_length(base, fontname="tiro", fontsize=10)
        put(page, 72, 100, base)
        put(page, 72 + width, 96, mark, size=6)
        put(page, 72 + width + 10, 100, "and more words")

    assert said(pages(pdf(tmp_path / "a.pdf", paint))[0]).startswith(expected)


def test_smaller_type_on_the_line_is_not_raised(tmp_path: Path) -> None:
    import pymupdf

    def paint(page: Any) -> None:
        put(page, 72, 100, "H")
        put(page, 72 + pymupdf.get_text_length("H", fontname="tiro", fontsize=10), 102.5, "2", size=6)  # H₂
        put(page, 90, 100, "and more words")

    assert "²" not in said(pages(pdf(tmp_path / "a.pdf", paint))[0])


def test_text_that_runs_up_the_page_is_no_text(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, "Upright words")
        page.insert_text((30, 600), "arXiv:2501.00001v1 [cs.CL] 1 Jan 2025", fontname="tiro", fontsize=20, rotate=90)

    assert said(pages(pdf(tmp_path / "a.pdf", paint))[0]) == "Upright words"


def test_a_page_of_one_picture_is_known(tmp_path: Path) -> None:
    (page,) = pages(pdf(tmp_path / "a.pdf", scan))
    assert page.blocks == ()
    assert page.scanned > 0.9


def scan(page: Any) -> None:
    """A page that is one grey picture."""
    import pymupdf

    grey = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 60, 80), 0)
    grey.clear_with(200)
    page.insert_image(page.rect, pixmap=grey, keep_proportion=False)


def test_only_so_many_pages_are_read(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, "Words")

    made = pdf(tmp_path / "a.pdf", *[paint] * 5)
    opened = read_pages(made, 3)
    assert (len(opened.pages), opened.all_pages, opened.title, opened.repaired) == (3, 5, "", False)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "damaged"),
        (b"%P", "damaged"),
        (b"<html><body>Rate exceeded</body></html>", "not_a_pdf"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "damaged"),
        (b"%PDF-1.7\nnothing that follows makes sense", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "not_a_pdf"),
    ],
)
def test_what_is_no_pdf_is_refused(content: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    with pytest.raises(Skip) as caught:
        pages(tmp_path / "a.pdf")
    assert caught.value.code == code
    assert caught.value.hint


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Skip) as caught:
        pages(tmp_path / "none.pdf")
    assert caught.value.code == "damaged"


def test_half_a_file_is_known_to_be_one(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, prose("loss"))

    whole = pdf(tmp_path / "a.pdf", *[paint] * 4).read_bytes()
    (tmp_path / "half.pdf").write_bytes(whole[: len(whole) // 2])
    opened = read_pages(tmp_path / "half.pdf", 400)
    assert opened.repaired  # MuPDF finds what is there; nobody may take that for the whole
    assert sum(b.chars for page in opened.pages for b in page.blocks) > 0
    (tmp_path / "start.pdf").write_bytes(whole[:40])
    with pytest.raises(Skip) as caught:
        pages(tmp_path / "start.pdf")
    assert caught.value.code == "damaged"


def test_a_password_is_needed_or_not(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, "Secret words")

    painters: list[Painter] = [paint]
    locked = pdf(tmp_path / "locked.pdf", *painters, encryption=5, user_pw="u", owner_pw="o")
    with pytest.raises(Skip) as caught:
        pages(locked)
    assert caught.value.code == "encrypted"
    printable = pdf(tmp_path / "owner.pdf", *painters, encryption=5, user_pw="", owner_pw="o", permissions=4)
    assert said(pages(printable)[0]) == "Secret words"


def test_too_little_memory_is_not_called_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pymupdf

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("code=2: realloc (108974592 bytes) failed")

    monkeypatch.setattr(pymupdf, "open", fails)
    with pytest.raises(MemoryError):
        pages(tmp_path / "a.pdf")
