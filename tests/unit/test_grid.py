"""From words to header and cells, on lines made by hand: columns are given by where words stand."""

from collections.abc import Sequence

import pytest

from tools.pdf.grid import Grid, grids, rows_of
from tools.pdf.page import Area, Line, Word, hull

Placed = tuple[float, str]
"""Where a cell begins, and its text; a letter is 5 points wide, a space 2.5."""


def line(y: float, x: float, text: str, size: float = 10) -> Line:
    words = []
    for piece in text.split():
        words.append(Word(piece, x, y, x + 5 * len(piece), y + size))
        x += 5 * len(piece) + 2.5
    return Line(tuple(words), text, *hull(words), size, 0.0, 0.0)


def lines(*rows: Sequence[Placed], top: float = 100, pitch: float = 12) -> list[Line]:
    """Each cell a line of its own, as MuPDF gives them."""
    return [line(top + pitch * n, x, text) for n, row in enumerate(rows) for x, text in row]


def rule(y: float, x0: float = 50, x1: float = 300) -> Area:
    return Area(x0, y, x1, y + 0.5)


def cells(grid: Grid) -> list[list[str]]:
    return [[" ".join(w.text for w in words) for words in row.cells] for row in grid.rows]


def groups(grid: Grid) -> list[str]:
    return [" ".join(w.text for w in row.group) for row in grid.rows]


HEADER = [(50, "Model"), (150, "MMLU"), (250, "BLEU")]
FIRST = [(50, "GPT-4"), (150, "86.4"), (250, "41.0")]
SECOND = [(50, "Our net"), (150, "79.1"), (250, "39.2")]


def test_lines_on_one_baseline_are_a_row_from_left_to_right() -> None:
    found = rows_of([line(112, 50, "c"), line(100.5, 150, "b"), line(100, 50, "a"), line(124, 50, "d")])
    assert [[one.text for one in row] for row in found] == [["a", "b"], ["c"], ["d"]]
    assert rows_of([]) == []


@pytest.mark.parametrize("rules", [[], [rule(98), rule(111), rule(136)]], ids=["no rules", "booktabs"])
def test_a_plain_table(rules: list[Area]) -> None:
    (grid,) = grids(lines(HEADER, FIRST, SECOND), rules)
    assert grid.header == ["Model", "MMLU", "BLEU"]
    assert cells(grid) == [["GPT-4", "86.4", "41.0"], ["Our net", "79.1", "39.2"]]
    assert groups(grid) == ["", ""]


def test_every_word_keeps_its_place() -> None:
    (grid,) = grids(lines(HEADER, FIRST, SECOND), [])
    assert grid.rows[1].cells[0] == list(line(124, 50, "Our net").words)


def test_an_empty_cell_stays_empty() -> None:
    (grid,) = grids(lines(HEADER, FIRST, [(50, "Base"), (250, "12.5")], SECOND), [rule(98), rule(111), rule(148)])
    assert cells(grid)[1] == ["Base", "", "12.5"]


def test_words_that_one_line_holds_go_to_their_columns() -> None:
    """MuPDF gives a row with narrow gaps as one line."""
    words = tuple(w for x, text in FIRST for w in line(112, x, text).words)
    row = Line(words, "GPT-4 86.4 41.0", *hull(words), 10, 0.0, 0.0)
    (grid,) = grids([*lines(HEADER), row, *lines(SECOND, top=124)], [])
    assert cells(grid)[0] == ["GPT-4", "86.4", "41.0"]


def test_a_short_rule_says_over_which_columns_a_header_stands() -> None:
    upper = [(160, "Reasoning"), (320, "Coding")]
    lower = [(50, "Model"), (150, "MMLU"), (210, "MATH"), (290, "Human"), (350, "MBPP")]
    body = [[(50, f"Net-{n}"), *((x, f"{n}{x % 7}.5") for x in (150, 210, 290, 350))] for n in range(3)]
    rules = [rule(98, x1=380), rule(111, 150, 235), rule(111, 290, 375), rule(123, x1=380), rule(160, x1=380)]
    (grid,) = grids(lines(upper, lower, *body), rules)
    assert grid.header == ["Model", "Reasoning / MMLU", "Reasoning / MATH", "Coding / Human", "Coding / MBPP"]
    assert len(grid.rows) == 3


def test_a_header_over_several_lines_is_one() -> None:
    upper = [(150, "Training"), (250, "Test")]
    lower = [(50, "Model"), (150, "tokens"), (250, "loss")]
    body = [[(50, f"Net-{n}"), (150, f"{n}00"), (250, f"2.{n}")] for n in range(3)]
    (grid,) = grids(lines(upper, lower, *body), [rule(98), rule(123), rule(160)])
    assert grid.header == ["Model", "Training tokens", "Test loss"]


def test_upright_lines_say_over_which_columns_a_header_stands() -> None:
    upper = [(215, "English"), (330, "Chinese")]
    lower = [(50, "Model"), (150, "MMLU"), (210, "BBH"), (270, "ARC"), (330, "CMMLU")]
    body = [[(50, f"Net-{n}"), *((x, f"{n}{x % 7}.5") for x in (150, 210, 270, 330))] for n in range(3)]
    uprights = [Area(x, 98, x + 0.5, 160) for x in (140, 320)]
    (grid,) = grids(lines(upper, lower, *body), [rule(98, x1=380), rule(123, x1=380), rule(160, x1=380)], uprights)
    assert grid.header == ["Model", "English / MMLU", "English / BBH", "English / ARC", "Chinese CMMLU"]


def test_a_row_of_its_own_heads_those_below() -> None:
    rows = [HEADER, [(50, "Open models")], FIRST, SECOND, [(50, "Closed models")], FIRST]
    (grid,) = grids(lines(*rows), [rule(98), rule(111), rule(172)])
    assert groups(grid) == ["Open models", "Open models", "Closed models"]
    assert [row[0] for row in cells(grid)] == ["GPT-4", "Our net", "GPT-4"]


def test_a_centred_heading_is_one_too() -> None:
    rows = [HEADER, [(140, "Open models")], FIRST, SECOND]
    (grid,) = grids(lines(*rows), [rule(98), rule(111), rule(148)])
    assert groups(grid) == ["Open models", "Open models"]


def test_a_wrapped_cell_is_one_cell() -> None:
    head = [(50, "Model"), (100, "Notes"), (220, "BLEU")]
    one = [(50, "GPT-4"), (100, "a rather long note"), (220, "41.0")]
    two = [(50, "Ours"), (100, "short"), (220, "39.2")]
    (grid,) = grids(lines(head, one, [(100, "goes on here")], two, one), [rule(98), rule(111), rule(160)])
    assert cells(grid) == [
        ["GPT-4", "a rather long note goes on here", "41.0"],
        ["Ours", "short", "39.2"],
        ["GPT-4", "a rather long note", "41.0"],
    ]


def test_lines_set_closer_than_rows_belong_to_the_row_above() -> None:
    made = lines(HEADER, FIRST, SECOND, FIRST, SECOND, pitch=20)
    (grid,) = grids([*made, line(149, 50, "(ours)")], [rule(98), rule(115), rule(200)])
    assert cells(grid)[1] == ["Our net (ours)", "79.1", "39.2"]
    assert len(grid.rows) == 4


def test_a_label_beside_several_rows_is_the_heading_of_all() -> None:
    head = [(50, "Task"), (120, "Model"), (220, "Score")]

    def row(n: int, label: str = "") -> list[Placed]:
        return [*([(50.0, label)] if label else []), (120, f"Net-{n}"), (220, f"{n}.5")]

    made = lines(head, row(1), row(2, "Math"), row(3), row(4), row(5, "Code"), row(6))
    (grid,) = grids(made, [rule(98), rule(111), rule(147), rule(183)])
    assert groups(grid) == ["Math"] * 3 + ["Code"] * 3
    assert [row[1:] for row in cells(grid)] == [[f"Net-{n}", f"{n}.5"] for n in range(1, 7)]
    assert [row[0] for row in cells(grid)] == [""] * 6


def test_a_label_at_the_top_of_its_rows_is_their_heading() -> None:
    head = [(50, "Task"), (120, "Model"), (220, "Score")]
    made = lines(
        head,
        [(50, "Math"), (120, "Net-1"), (220, "1.5")],
        [(120, "Net-2"), (220, "2.5")],
        [(120, "Net-3"), (220, "3.5")],
        [(50, "Code"), (120, "Net-4"), (220, "4.5")],
        [(120, "Net-5"), (220, "5.5")],
    )
    (grid,) = grids(made, [rule(98), rule(111), rule(172)])
    assert groups(grid) == ["Math", "Math", "Math", "Code", "Code"]


def test_a_table_that_begins_anew_is_two() -> None:
    again = [(50, "Model"), (150, "ARC"), (250, "BBH")]
    rules = [rule(98), rule(111), rule(135), rule(147), rule(172)]
    first, second = grids(lines(HEADER, FIRST, SECOND, again, FIRST, SECOND), rules)
    assert first.header == ["Model", "MMLU", "BLEU"]
    assert second.header == ["Model", "ARC", "BBH"]
    assert cells(first) == cells(second) == [["GPT-4", "86.4", "41.0"], ["Our net", "79.1", "39.2"]]


@pytest.mark.parametrize(
    "value", ["86.4", "-0.5", "−3", "1,024", "12%", "3.5±0.2", "↑4", "7B", "–", "✓", "<0.01", "(3)"]
)
def test_where_numbers_begin_the_header_ends(value: str) -> None:
    (grid,) = grids(lines(HEADER, [(50, "Net"), (150, value), (250, value)], SECOND), [])
    assert grid.header == ["Model", "MMLU", "BLEU"]
    assert cells(grid)[0] == ["Net", value, value]


def test_one_line_is_a_row() -> None:
    (grid,) = grids([line(100, 50, "alone")], [])
    assert cells(grid) == [["alone"]]


def test_sentences_in_a_frame_have_one_column() -> None:
    (grid,) = grids([line(100 + 12 * n, 50, "You are a helpful assistant that answers") for n in range(4)], [rule(98)])
    assert len(grid.header) == 1
