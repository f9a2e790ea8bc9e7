"""Tables painted on pages, read back cell by cell and row by row."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.documents import Table
from core.reading import Paragraph, Reading
from tests.unit.builders import pdf, prose, put, read, rows, rule, texts, words_of
from tools.pdf import tables

XS = (72, 172, 232, 292)
HEADER = ("Model", "MMLU", "BLEU", "Speed")
BODY = [("GPT-4", "86.4", "41.0", "1.2x"), ("Our net", "79.1", "39.2", "4.1x"), ("Base", "61.5", "35.7", "8.0x")]
CAPTION = "Table 3: Results of all models on the test set."
TOPIC = "(Results of all models on the test set)"


def reading_of(tmp_path: Path, paint: Callable[[Any], object]) -> Reading:
    """A page with prose at the top and at the foot, and what is painted between 250 and 600."""

    def page_of(page: Any) -> None:
        put(page, 72, 100, prose("before", 8, 90))
        paint(page)
        put(page, 72, 640, prose("after", 8, 90))

    reading = read(pdf(tmp_path / "a.pdf", page_of))
    assert texts(reading)[0].startswith("The before number one")
    assert texts(reading)[-1].startswith("The after number one")
    assert all(word not in " ".join(texts(reading)) for word in ("GPT-4", "39.2"))
    return reading


def booktabs(page: Any, x: float = 72, y: float = 320) -> float:
    """Three rules, a header and three rows; `y` is the baseline of the header. Returns the lowest rule."""
    xs = [x + at - 72 for at in XS]
    rule(page, x - 4, x + 260, y - 11)
    rows(page, xs, y, [HEADER])
    rule(page, x - 4, x + 260, y + 4)
    end = rows(page, xs, y + 15, BODY)
    rule(page, x - 4, x + 260, end - 8)
    return end - 8


def cells(table: Table) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row.cells) for row in table.rows]


def own_words(paragraph: Paragraph) -> list[str]:
    return [paragraph.text[w.start : w.end] for w in words_of(paragraph)]


def above(page: Any) -> None:
    put(page, 72, 300, CAPTION)
    booktabs(page)


def below(page: Any) -> None:
    put(page, 72, booktabs(page) + 16, CAPTION)


@pytest.mark.parametrize("paint", [above, below])
def test_a_table_between_rules_is_read_cell_by_cell(paint: Callable[[Any], None], tmp_path: Path) -> None:
    (table,) = reading_of(tmp_path, paint).tables
    assert (table.label, table.caption) == ("Table 3", "Results of all models on the test set.")
    assert table.header == HEADER
    assert cells(table) == BODY
    assert [row.group for row in table.rows] == ["", "", ""]


def test_a_table_has_the_box_of_its_rules_and_a_cell_that_of_its_words(tmp_path: Path) -> None:
    (table,) = reading_of(tmp_path, above).tables
    assert tuple(table.box) == pytest.approx((1, 68, 309, 332, 365), abs=2.5)
    box = table.rows[1].cells[2].box
    assert box is not None
    assert box.page == 1
    assert 230 < box.x0 < 234 < 246 < box.x1 < 252
    assert 335 < box.y0 < 346 < 348 < box.y1 < 354


def test_a_row_is_a_paragraph_that_names_its_table_and_columns(tmp_path: Path) -> None:
    found = reading_of(tmp_path, above)
    assert texts(found, "table") == [
        "Table 3 · Model=GPT-4, MMLU=86.4, BLEU=41.0, Speed=1.2x (Results of all models on the test set)",
        "Table 3 · Model=Our net, MMLU=79.1, BLEU=39.2, Speed=4.1x (Results of all models on the test set)",
        "Table 3 · Model=Base, MMLU=61.5, BLEU=35.7, Speed=8.0x (Results of all models on the test set)",
    ]
    assert texts(found, "caption") == [CAPTION]


def test_only_what_a_row_prints_has_a_place(tmp_path: Path) -> None:
    row = next(p for p in reading_of(tmp_path, above).paragraphs if "Our net" in p.text)
    assert own_words(row) == ["Our", "net", "79.1", "39.2", "4.1x"]
    assert all(335 < w.box.y0 < w.box.y1 < 354 for w in words_of(row))
    assert [round(w.box.x0) for w in words_of(row)][2:] == [172, 232, 292]


def test_an_inner_heading_stands_in_its_rows_but_has_no_place_there(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 300, CAPTION)
        rule(page, 68, 332, 309)
        rows(page, XS, 320, [HEADER])
        rule(page, 68, 332, 324)
        end = rows(page, XS, 335, [("Closed models",), *BODY[:2], ("Open models",), BODY[2]])
        rule(page, 68, 332, end - 8)

    found = reading_of(tmp_path, paint)
    (table,) = found.tables
    assert [row.group for row in table.rows] == ["Closed models", "Closed models", "Open models"]
    last = [p for p in found.paragraphs if p.kind == "table"][-1]
    assert last.text == f"Table 3 · Open models · Model=Base, MMLU=61.5, BLEU=35.7, Speed=8.0x {TOPIC}"
    assert own_words(last) == ["Base", "61.5", "35.7", "8.0x"]


def test_an_empty_cell_is_left_out_of_the_row(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 300, CAPTION)
        rule(page, 68, 332, 309)
        rows(page, XS, 320, [HEADER])
        rule(page, 68, 332, 324)
        end = rows(page, XS, 335, [BODY[0], ("Net", "", "12.5", ""), *BODY[1:]])
        rule(page, 68, 332, end - 8)

    found = reading_of(tmp_path, paint)
    assert texts(found, "table")[1] == "Table 3 · Model=Net, BLEU=12.5 (Results of all models on the test set)"
    empty = found.tables[0].rows[1].cells[1]
    assert (empty.text, empty.box) == ("", None)


def two_levels(page: Any) -> None:
    put(page, 72, 300, CAPTION)
    rule(page, 68, 332, 309)
    put(page, 192, 320, "Reasoning", size=9)
    rule(page, 170, 252, 324)
    rows(page, XS, 335, [HEADER])
    rule(page, 68, 332, 339)
    end = rows(page, XS, 350, BODY)
    rule(page, 68, 332, end - 8)


def test_a_header_of_two_levels_is_joined(tmp_path: Path) -> None:
    found = reading_of(tmp_path, two_levels)
    assert found.tables[0].header == ("Model", "Reasoning / MMLU", "Reasoning / BLEU", "Speed")
    assert (
        texts(found, "table")[0]
        == f"Table 3 · Model=GPT-4, Reasoning / MMLU=86.4, Reasoning / BLEU=41.0, Speed=1.2x {TOPIC}"
    )


def framed(page: Any) -> None:
    """Lines around every cell; the first header stands over two columns."""
    put(page, 72, 300, CAPTION)
    for n in range(6):
        rule(page, 68, 348, 309 + 15 * n)
    for x in (68, 168, 288, 348):
        page.draw_line((x, 309), (x, 384), width=0.8)
    page.draw_line((228, 324), (228, 384), width=0.8)
    rows(page, (72, 205, 292), 320, [("", "Reasoning", "")])
    for n, row in enumerate([HEADER, *BODY]):
        rows(page, XS, 335 + 15 * n, [row])


def test_upright_lines_part_columns(tmp_path: Path) -> None:
    (table,) = reading_of(tmp_path, framed).tables
    assert cells(table)[-3:] == BODY
    assert len(table.header) == 4


def test_a_table_without_rules_is_found_by_its_columns(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 300, CAPTION)
        rows(page, XS, 320, [HEADER, *BODY])

    (table,) = reading_of(tmp_path, paint).tables
    assert (table.header, cells(table)) == (HEADER, BODY)


def test_a_caption_glued_to_its_table_is_cut_off(tmp_path: Path) -> None:
    """Set as close as the rows, so that MuPDF gives all of it as one block."""

    def paint(page: Any) -> None:
        end = rows(page, XS, 320, [HEADER, *BODY], size=10)
        put(page, 72, end - 2, CAPTION)

    found = reading_of(tmp_path, paint)
    assert texts(found, "caption") == [CAPTION]
    assert cells(found.tables[0]) == BODY


def test_two_tables_side_by_side_are_two(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        for n, x in enumerate((50, 310)):
            xs = (x, x + 90, x + 150)
            put(page, x, 300, f"Table {n + 1}: Results of group {n + 1} of two.")
            rule(page, x - 4, x + 200, 309)
            rows(page, xs, 320, [("Net", "Score", "Cost")])
            rule(page, x - 4, x + 200, 324)
            end = rows(page, xs, 335, [(f"Net-{n}{m}", f"{n}{m}.5", f"{m}00") for m in range(3)])
            rule(page, x - 4, x + 200, end - 8)

    found = reading_of(tmp_path, paint)
    assert [t.label for t in found.tables] == ["Table 1", "Table 2"]
    for n, table in enumerate(found.tables):
        assert table.header == ("Net", "Score", "Cost")
        assert cells(table) == [(f"Net-{n}{m}", f"{n}{m}.5", f"{m}00") for m in range(3)]


def test_a_caption_between_two_tables_takes_its_own(tmp_path: Path) -> None:
    """Captions below, the second table as near to the first caption as the first."""

    def paint(page: Any) -> None:
        end = booktabs(page, y=270)
        put(page, 72, end + 14, "Table 1: The first of two tables on this page.")
        end = booktabs(page, y=end + 45)
        put(page, 72, end + 14, "Table 2: The second of two tables on this page.")

    found = reading_of(tmp_path, paint)
    assert sorted(t.label for t in found.tables) == ["Table 1", "Table 2"]
    first, second = sorted(found.tables, key=lambda t: t.label)
    assert first.box.y1 < second.box.y0
    assert cells(first) == cells(second) == BODY


def test_sentences_in_a_frame_are_a_note(tmp_path: Path) -> None:
    said = [f"You are a careful judge of papers, rule {n} of them being to look twice." for n in range(4)]

    def paint(page: Any) -> None:
        put(page, 72, 300, "Table 4: The prompt that was used.")
        rule(page, 68, 400, 309)
        put(page, 72, 322, said, size=9)
        rule(page, 68, 400, 366)

    found = reading_of(tmp_path, paint)
    assert found.tables == ()
    assert texts(found, "note") == [" ".join(said)]
    assert texts(found, "caption") == ["Table 4: The prompt that was used."]


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_printed_sideways_and_turned_upright_is_read_upright(turned: int, tmp_path: Path) -> None:
    import pymupdf

    def upright(page: Any) -> None:
        put(page, 72, 100, prose("before", 8, 90))
        above(page)
        put(page, 72, 640, prose("after", 8, 90))

    with pymupdf.open(pdf(tmp_path / "upright.pdf", upright)) as source, pymupdf.open() as document:
        width, height = (842, 595) if turned % 180 else (595, 842)
        page = document.new_page(width=width, height=height)
        page.show_pdf_page(page.rect, source, 0, rotate=turned)
        page.set_rotation(turned)
        document.save(tmp_path / "turned.pdf")
    found = read(tmp_path / "turned.pdf")
    (table,) = found.tables
    assert (table.header, cells(table)) == (HEADER, BODY)
    assert tuple(table.box) == pytest.approx((1, 68, 309, 332, 365), abs=2.5)
    assert texts(found)[0].startswith("The before number one")
    assert found.hidden == ()


@pytest.mark.parametrize(
    ("caption", "topic"),
    [
        ("Results on MMLU. Bold is best.", "Results on MMLU"),
        ("Scores of v1.5 models", "Scores of v1.5 models"),
        ("word " * 40, ("word " * 24).strip()),
        ("", ""),
    ],
)
def test_a_row_repeats_the_first_sentence_of_its_caption(caption: str, topic: str) -> None:
    assert tables._topic(caption) == topic
