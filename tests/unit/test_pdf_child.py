"""Parsing in a child: limits that hold, reasons that are right, and the next paper is read all the same."""

import time
from pathlib import Path
from typing import Any

import pytest

from core.errors import Skip
from core.reading import Reading
from tests.unit.builders import SHARED, one_page, pdf, prose, put, stream
from tools.pdf import child, ocr
from tools.pdf.child import Limits, parse

ROOMY = Limits(memory_mb=1024, seconds=60, pages=400)

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared (PDFs that go wrong)")


def plain(page: Any) -> None:
    put(page, 72, 100, prose("loss", 12, 90))


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return pdf(tmp_path / "good.pdf", plain)


def bomb(levels: int, fan: int, innermost: bytes) -> bytes:
    """A form that draws a form that draws a form …, `fan` times each: fan ** levels in all."""
    forms = []
    for level in range(levels):
        last = level == levels - 1
        inner = b"" if last else b"/XObject << /X %d 0 R >>" % (7 + level)
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F1 5 0 R >> %s >>" % inner
        forms.append(stream(innermost if last else b"/X Do " * fan, entries))
    return one_page(b"/X Do", b"/XObject << /X 6 0 R >>", forms)


def refused(path: Path, limits: Limits) -> tuple[str, float]:
    begun = time.monotonic()
    with pytest.raises(Skip) as caught:
        parse(path, limits)
    assert caught.value.message and caught.value.hint
    return caught.value.code, time.monotonic() - begun


def test_a_plain_paper_is_read(good: Path) -> None:
    reading = parse(good, ROOMY)
    assert isinstance(reading, Reading)
    assert reading.pages == 1
    assert reading.warnings == ()
    assert reading.paragraphs[0].text.startswith("The loss number one says")
    assert len(reading.sha256) == 64


def test_a_bomb_ends_at_its_time_and_the_next_paper_is_read(good: Path, tmp_path: Path) -> None:
    parse(good, ROOMY)  # the fork server is up
    (tmp_path / "bomb.pdf").write_bytes(bomb(9, 10, b""))
    assert (tmp_path / "bomb.pdf").stat().st_size < 4000
    code, seconds = refused(tmp_path / "bomb.pdf", Limits(512, 1, 400))
    assert code == "too_slow"
    assert seconds < 6
    assert parse(good, ROOMY).paragraphs


def test_processor_time_is_limited_where_the_clock_is_patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bomb.pdf").write_bytes(bomb(9, 10, b""))

    def patient(receiver: Any, started: Any, limits: Limits) -> Any:
        return answer(receiver, started, Limits(limits.memory_mb, 60, limits.pages))

    answer = child._answer
    monkeypatch.setattr(child, "_answer", patient)
    code, seconds = refused(tmp_path / "bomb.pdf", Limits(512, 1, 400))
    assert code == "too_slow"
    assert seconds < 30


def test_a_bomb_of_text_ends_at_its_memory(good: Path, tmp_path: Path) -> None:
    words = b"BT /F1 1 Tf 72 700 Td " + b"(word after word after word) Tj 0 -1 Td " * 2000 + b"ET "
    (tmp_path / "bomb.pdf").write_bytes(bomb(4, 12, words))
    code, _ = refused(tmp_path / "bomb.pdf", Limits(64, 60, 400))
    assert code == "too_large"
    assert parse(good, ROOMY).paragraphs


def test_a_huge_stream_ends_at_its_memory(tmp_path: Path) -> None:
    (tmp_path / "huge.pdf").write_bytes(one_page(b"BT /F1 10 Tf " + b"(" + b"x" * 120_000_000 + b") Tj ET"))
    assert (tmp_path / "huge.pdf").stat().st_size < 1_000_000
    code, _ = refused(tmp_path / "huge.pdf", Limits(64, 60, 400))
    assert code == "too_large"


def scan(page: Any) -> None:
    import pymupdf

    grey = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 60, 80), 0)
    grey.clear_with(200)
    page.insert_image(page.rect, pixmap=grey, keep_proportion=False)


def test_pictures_of_pages_have_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "engine", lambda: None)
    with pytest.raises(Skip, match="扫描") as caught:
        parse(pdf(tmp_path / "scan.pdf", scan, scan), ROOMY)
    assert caught.value.code == "no_text"


def test_empty_pages_have_no_text(tmp_path: Path) -> None:
    with pytest.raises(Skip, match="没有文字") as caught:
        parse(pdf(tmp_path / "empty.pdf", lambda page: None), ROOMY)
    assert caught.value.code == "no_text"


def test_scanned_pages_among_others_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "engine", lambda: None)
    reading = parse(pdf(tmp_path / "a.pdf", plain, scan, scan, plain, scan), ROOMY)
    assert reading.warnings == ("第 2–3、5 页是扫描图片，没有文字层，未读", ocr.ADVICE)


def test_pages_beyond_the_limit_are_reported(tmp_path: Path) -> None:
    reading = parse(pdf(tmp_path / "a.pdf", *[plain] * 4), Limits(1024, 60, 2))
    assert reading.pages == 4
    assert reading.warnings == ("全文 4 页，只读了前 2 页",)


def test_a_file_cut_short_is_reported(tmp_path: Path) -> None:
    whole = pdf(tmp_path / "a.pdf", *[plain] * 4).read_bytes()
    (tmp_path / "half.pdf").write_bytes(whole[: len(whole) // 2])
    assert any("可能缺字缺页" in warning for warning in parse(tmp_path / "half.pdf", ROOMY).warnings)


def test_a_title_in_the_metadata_counts_where_none_is_printed(tmp_path: Path) -> None:
    import pymupdf

    made = pdf(tmp_path / "a.pdf", plain)
    with pymupdf.open(made) as document:
        document.set_metadata({"title": "From the Metadata"})
        document.saveIncr()
    assert parse(made, ROOMY).title == "From the Metadata"


def test_a_child_that_dies_is_a_crash(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_work", _dies)
    code, _ = refused(good, ROOMY)
    assert code == "parser_crash"


def _dies(path: str, limits: Limits, sender: Any) -> None:
    import os

    os._exit(11)


def test_a_child_that_sleeps_is_killed(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_work", _sleeps)
    code, seconds = refused(good, Limits(512, 1, 400))
    assert code == "too_slow"
    assert seconds < 10


def _sleeps(path: str, limits: Limits, sender: Any) -> None:
    time.sleep(30)


@needs_shared
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("empty_2bytes", "damaged"),
        ("encrypted_libreoffice", "encrypted"),
        ("encrypted_pdfplumber", "encrypted"),
        ("lfs_pointer_2602.16241", "damaged"),
        ("scanned_docling_ocr_test_1p", "no_text"),
        ("truncated_2305.14627", "damaged"),
    ],
)
def test_hard_files_say_why(name: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "engine", lambda: None)
    assert refused(SHARED / "hard" / f"{name}.pdf", ROOMY)[0] == code


@needs_shared
@pytest.mark.parametrize("name", ["copy_protected", "emptypages_layoutparser"])
def test_odd_files_are_read_all_the_same(name: str) -> None:
    assert sum(len(p.text) for p in parse(SHARED / "hard" / f"{name}.pdf", ROOMY).paragraphs) > 1000
