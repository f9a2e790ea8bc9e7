"""What a block is and in which order blocks are read."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.builders import pdf, prose, put, read, texts
from tools.pdf.grid import rows_of
from tools.pdf.layout import arrange, body_size
from tools.pdf.page import Block, Kind
from tools.pdf.parse import read_pages

LEFT, RIGHT = 54, 310
"""Where the two columns of a page begin."""


def blocks(path: Path) -> list[Block]:
    return arrange(read_pages(path, 400).pages).blocks


def of_kind(path: Path, kind: Kind) -> list[str]:
    return [b.text for b in blocks(path) if b.kind is kind]


def two_columns(page: Any) -> None:
    """Right column drawn first, as some producers do."""
    put(page, RIGHT, 100, prose("third", 8, 48))
    put(page, RIGHT, 300, prose("fourth", 8, 48))
    put(page, LEFT, 100, prose("first", 8, 48))
    put(page, LEFT, 300, prose("second", 8, 48))


def test_the_left_column_comes_first_whatever_was_drawn_first(tmp_path: Path) -> None:
    whole = " ".join(b.text for b in blocks(pdf(tmp_path / "a.pdf", two_columns)))
    places = [whole.index(f"The {topic} number one") for topic in ("first", "second", "third", "fourth")]
    assert places == sorted(places)


def test_what_crosses_the_gutter_parts_the_page_into_bands(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        two_columns(page)
        put(page, LEFT, 420, prose("across", 3, 110))
        put(page, RIGHT, 500, prose("sixth", 6, 48))
        put(page, LEFT, 500, prose("fifth", 6, 48))

    whole = " ".join(b.text for b in blocks(pdf(tmp_path / "a.pdf", paint)))
    order = ["first", "second", "third", "fourth", "across", "fifth", "sixth"]
    assert sorted(order, key=lambda topic: whole.index(f"The {topic} number one")) == order


def test_one_column_is_read_downwards(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 400, prose("second", 6, 90))
        put(page, 72, 100, prose("first", 6, 90))

    whole = " ".join(b.text for b in blocks(pdf(tmp_path / "a.pdf", paint)))
    assert whole.index("first number one") < whole.index("second number one")


def test_running_heads_page_numbers_and_stamps_are_margin(tmp_path: Path) -> None:
    def page_of(n: int) -> Any:
        def paint(page: Any) -> None:
            put(page, 72, 40, f"Lee et al. — A Plain Title {n}", size=8)
            put(page, 72, 120, prose(f"topic{n}", 8, 90))
            put(page, 297, 810, str(n))

        return paint

    made = pdf(tmp_path / "a.pdf", *[page_of(n) for n in range(1, 6)])
    assert len(of_kind(made, Kind.MARGIN)) == 10
    assert len(of_kind(made, Kind.TEXT)) == 5
    assert not any("Plain Title" in t or t.strip().isdigit() for t in texts(read(made)))


def test_a_line_at_the_top_of_one_page_is_text(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 60, ["ends here, on the next page, as sentences do."])
        put(page, 72, 120, prose("topic", 8, 90))

    assert of_kind(pdf(tmp_path / "a.pdf", paint), Kind.MARGIN) == []


def table(page: Any, x: float, y: float) -> float:
    """Five rows of four cells."""
    rows = [("Model", "BLEU", "Params", "Speed"), *((f"Net-{n}", f"{30 + n}.5", f"{n}M", f"{n}.1x") for n in range(4))]
    for row in rows:
        for column, cell in enumerate(row):
            put(page, x + 60 * column, y, cell, size=9)
        y += 12
    return y


@pytest.mark.parametrize("above", [True, False])
def test_a_table_belongs_to_its_caption_above_or_below(above: bool, tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, prose("before", 8, 90))
        if above:
            put(page, 72, 300, "Table 1: Results of all models on the test set.")
            table(page, 72, 320)
        else:
            end = table(page, 72, 300)
            put(page, 72, end + 8, "Table 1: Results of all models on the test set.")
        put(page, 72, 450, prose("after", 8, 90))

    found = blocks(pdf(tmp_path / "a.pdf", paint))
    (made,) = [b for b in found if b.kind is Kind.TABLE]
    rows = [[line.text for line in row] for row in rows_of(made.lines)]
    assert rows[0] == ["Model", "BLEU", "Params", "Speed"]
    assert rows[1:] == [[f"Net-{n}", f"{30 + n}.5", f"{n}M", f"{n}.1x"] for n in range(4)]
    assert [b.kind for b in found].count(Kind.CAPTION) == 1


def test_a_caption_between_two_tables_takes_the_nearer(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        end = table(page, 72, 150)
        put(page, 72, end + 4, "Table 1: The first of two.")
        end = table(page, 72, end + 26)  # near enough to be the first caption's
        put(page, 72, end + 4, "Table 2: The second of two.")
        put(page, 72, 500, prose("after", 8, 90))

    made = pdf(tmp_path / "a.pdf", paint)
    assert len(of_kind(made, Kind.TABLE)) == 2
    assert all("Net-3" in t and t.count("Model") == 1 for t in of_kind(made, Kind.TABLE))


def test_a_sentence_about_a_table_is_no_caption(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(
            page,
            72,
            100,
            ["Table 7 compares all of the models that we trained in this work, and it", *prose("x", 5, 80)],
        )

    assert of_kind(pdf(tmp_path / "a.pdf", paint), Kind.CAPTION) == []


@pytest.mark.parametrize("label", ["Figure 1:", "Fig. 2.", "Table 3 |", "Algorithm 1", "Table IV.", "Figure A.1:"])
def test_captions_in_many_styles(label: str, tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, prose("body", 8, 90))
        put(page, 72, 400, f"{label} Loss over steps of training.")

    assert of_kind(pdf(tmp_path / "a.pdf", paint), Kind.CAPTION) == [f"{label} Loss over steps of training."]


def test_lettering_inside_a_figure_is_not_read(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, prose("body", 8, 90))
        put(page, 120, 300, "Encoder", size=7)
        put(page, 220, 330, "Decoder stack", size=7)
        put(page, 72, 400, "Figure 1: The encoder and the decoder of the network in one plain picture.")

    made = pdf(tmp_path / "a.pdf", paint)
    assert of_kind(made, Kind.FIGURE) == ["Encoder", "Decoder stack"]
    assert not any("Decoder stack" in p.text for p in read(made).paragraphs)


def test_a_footnote_is_a_note(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, prose("body", 12, 90))
        put(page, 72, 756, "1", size=5)
        put(page, 75, 760, "The code is at the address given in the appendix of this paper.", size=8)

    made = pdf(tmp_path / "a.pdf", paint)
    (note,) = of_kind(made, Kind.NOTE)
    assert note.startswith(("¹The code", "¹ The code"))
    assert texts(read(made), "note") == [note]


def noted(page: Any, note: str, *, ruled: bool = True, size: float = 9.5) -> None:
    """Body text, a short rule at its left edge, and below it what may be a note."""
    put(page, 72, 100, prose("body", 12, 90))
    put(page, 72, 560, prose("last", 6, 90))
    if ruled:
        page.draw_line((72, 640), (172, 640), width=0.4)
    put(page, 72, 652, note, size=size)


@pytest.mark.parametrize("note", ["1 The code is on a page of its own.", "* Both authors did the same work."])
def test_what_stands_below_a_short_rule_is_a_note_in_any_size(note: str, tmp_path: Path) -> None:
    made = pdf(tmp_path / "a.pdf", lambda page: noted(page, note))
    assert of_kind(made, Kind.NOTE) == [note]
    assert len(texts(read(made))) == 2


@pytest.mark.parametrize(
    ("note", "ruled", "size"),
    [
        ("1 The code is on a page of its own.", False, 10),
        ("This paragraph begins with no mark or number.", True, 9.5),
        ("2020 was the year in which it was done.", True, 10),
    ],
)
def test_other_text_at_the_foot_of_a_page_is_none(note: str, ruled: bool, size: float, tmp_path: Path) -> None:
    made = pdf(tmp_path / "a.pdf", lambda page: noted(page, note, ruled=ruled, size=size))
    assert of_kind(made, Kind.NOTE) == []
    assert any(note in t for t in texts(read(made)))


def test_the_rule_above_a_note_makes_no_table(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 540, "Table 1: A table that stands on another page.")
        noted(page, "1 The code is on a page of its own.", size=8)

    made = pdf(tmp_path / "a.pdf", paint)
    assert of_kind(made, Kind.TABLE) == []
    assert len(of_kind(made, Kind.NOTE)) == 1


def test_a_caption_goes_on_in_the_next_block_but_not_across_a_rule(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, prose("body", 8, 90))
        put(page, 72, 300, "Table 1: Results of all models on the test set")
        put(page, 110, 313, "and on the other set as well.")
        put(page, 72, 400, "Table 2: Results of all models on the test set")
        page.draw_line((72, 404), (330, 404), width=0.8)
        put(page, 72, 416, "Model and score of each")

    assert of_kind(pdf(tmp_path / "a.pdf", paint), Kind.CAPTION) == [
        "Table 1: Results of all models on the test set and on the other set as well.",
        "Table 2: Results of all models on the test set",
    ]


def test_a_table_of_contents_is_not_text(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, [f"{n} Section of the paper " + ". " * 30 + str(n + 2) for n in range(1, 8)])
        put(page, 72, 400, prose("body", 8, 90))

    assert not any(". . ." in t for t in texts(read(pdf(tmp_path / "a.pdf", paint))))


def test_body_size_is_that_of_most_characters(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 80, "A Very Large Title", size=18)
        put(page, 72, 120, prose("body", 8, 90), size=10)
        put(page, 72, 700, prose("note", 2, 90), size=8)

    assert body_size(read_pages(pdf(tmp_path / "a.pdf", paint), 400).pages) == 10.0
    assert body_size([]) == 10.0


def test_an_empty_page_is_nothing(tmp_path: Path) -> None:
    assert blocks(pdf(tmp_path / "a.pdf", lambda page: None)) == []
