"""Where words stand: packing and unpacking, the boxes of a stretch of text, the page it begins on."""

from hypothesis import given
from hypothesis import strategies as st

from core import placement
from core.models import Box
from core.placement import PlacedWord

sides = st.floats(0, 6553.5)
words = st.builds(
    lambda start, length, page, a, b, c, d: PlacedWord(start, start + length, Box(page, a, b, c, d)),
    st.integers(0, 60_000), st.integers(1, 40), st.integers(1, 2000), sides, sides, sides, sides,
)  # fmt: skip


@given(st.lists(words, max_size=40))
def test_unpacking_gives_back_to_a_tenth_of_a_point(given_words: list[PlacedWord]) -> None:
    back = placement.unpack(placement.pack(placement.placed(given_words)))
    assert [(w.start, w.end, w.box.page) for w in back] == [(w.start, w.end, w.box.page) for w in given_words]
    for one, other in zip(back, given_words, strict=True):
        assert all(abs(a - b) <= 0.0501 for a, b in zip(one.box[1:], other.box[1:], strict=True))


def test_sides_beyond_the_page_are_clamped() -> None:
    (word,) = placement.unpack(placement.pack(placement.placed([PlacedWord(0, 3, Box(1, -12.0, 5.0, 9999.0, 15.0))])))
    assert word.box == Box(1, 0.0, 5.0, 6553.5, 15.0)


def test_a_passage_of_250_words_takes_about_two_kilobytes() -> None:
    many = [PlacedWord(6 * n, 6 * n + 5, Box(1, 7.3 * (n % 12), 12.1 * (n // 12), 40.7, 11.9)) for n in range(250)]
    assert len(placement.pack(placement.placed(many))) < 2500


def test_nothing_is_placed_in_nothing() -> None:
    assert placement.unpack(b"") == ()
    assert placement.boxes(b"", 0, 10) == ()
    assert placement.first_page(b"", 0, 10, 7) == 7


TWO_LINES = placement.pack(
    placement.placed(
        [
            PlacedWord(0, 3, Box(1, 50, 100, 70, 110)),
            PlacedWord(4, 9, Box(1, 75, 98, 100, 110)),
            PlacedWord(10, 14, Box(1, 50, 112, 80, 122)),
            PlacedWord(15, 20, Box(2, 50, 60, 90, 70)),
        ]
    )
)


def test_words_of_a_printed_line_share_a_box() -> None:
    assert placement.boxes(TWO_LINES, 0, 14) == (Box(1, 50, 98, 100, 110), Box(1, 50, 112, 80, 122))


def test_a_stretch_touches_only_its_own_words() -> None:
    assert placement.boxes(TWO_LINES, 4, 9) == (Box(1, 75, 98, 100, 110),)
    assert placement.boxes(TWO_LINES, 3, 4) == ()  # the space between two words
    assert placement.boxes(TWO_LINES, 8, 11) == (Box(1, 75, 98, 100, 110), Box(1, 50, 112, 80, 122))


def test_the_next_column_is_another_line_even_at_the_same_height() -> None:
    columns = [PlacedWord(0, 3, Box(1, 400, 100, 420, 110)), PlacedWord(4, 7, Box(1, 50, 100, 70, 110))]
    assert len(placement.boxes(placement.pack(placement.placed(columns)), 0, 7)) == 2


def test_the_next_page_is_another_line_even_at_the_same_height() -> None:
    pages = [PlacedWord(0, 3, Box(1, 50, 100, 70, 110)), PlacedWord(4, 7, Box(2, 80, 100, 99, 110))]
    assert [box.page for box in placement.boxes(placement.pack(placement.placed(pages)), 0, 7)] == [1, 2]


def test_a_quote_over_a_page_break_begins_on_the_first_page() -> None:
    assert placement.first_page(TWO_LINES, 10, 20, 9) == 1
    assert placement.first_page(TWO_LINES, 15, 20, 9) == 2
    assert [box.page for box in placement.boxes(TWO_LINES, 10, 20)] == [1, 2]
