"""Where things stand in the pictures."""

from datetime import date, timedelta
from itertools import pairwise

import pymupdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.overview import Topic, Trend, Word
from tools.pictures import _topics, _trend, _words
from tools.pictures._letters import Letters
from tools.pictures._pack import Rect, packed
from tools.pictures._scene import Shape
from tools.pictures._trend import apart, dates, plotted

LAST = date(2026, 11, 20)
PHONE = 360 / 1200
NAMES = st.text("强化学习模型多模态推理agLMR- ", min_size=1, max_size=24)


@pytest.fixture(scope="module")
def letters() -> Letters:
    """The font that PyMuPDF carries."""
    return Letters(bytes(pymupdf.Font("china-s").buffer))


def _apart(one: Rect, other: Rect) -> bool:
    return one.right <= other.left or other.right <= one.left or one.bottom <= other.top or other.bottom <= one.top


# letters


def test_names_are_made_fit_to_be_drawn(letters: Letters) -> None:
    assert letters.clean("强😀化 \u202e学\u200b习\n\t RL\x07") == "强化 学习 RL"
    assert letters.clean("𝐀𝐁 ﬁne e\u0301") in ("AB fine é", "AB ﬁne é")
    assert letters.clean("a\U00010330b") == "a·b", "a letter the font has not"
    assert letters.clean("\U00010330") == letters.clean("😀 \u0301") == letters.clean("") == ""


def test_no_outline_is_the_box_of_a_missing_letter(letters: Letters) -> None:
    assert letters.write("😀\U00010330", 0, 0, 30, "ink").steps == ()
    assert letters.width("😀", 30) == 0


def test_long_names_are_cut(letters: Letters) -> None:
    assert letters.shorten("强化学习", 30, 120) == "强化学习"
    cut = letters.shorten("强化学习与推理", 30, 120)
    assert cut.endswith("…") and cut.startswith("强化") and letters.width(cut, 30) <= 120


def test_ink_is_where_the_letters_are(letters: Letters) -> None:
    ink = letters.ink("强", 100)
    assert 0 <= ink.left < ink.right <= 100
    assert -100 <= ink.top < -60 < 0 < ink.bottom < 20, "y goes down from the baseline"
    assert letters.ink("强强", 100).right == pytest.approx(ink.right + 100)


# words


@settings(max_examples=25, deadline=None)
@given(st.lists(st.builds(Word, name=NAMES, papers=st.integers(1, 30)), max_size=50))
def test_words_have_sizes_by_their_papers_and_touch_nobody(letters: Letters, words: list[Word]) -> None:
    placed = _words.placed(words, letters)
    assert bool(placed) == any(letters.clean(word.name) for word in words)
    for n, one in enumerate(placed):
        assert _words.SMALLEST - 1e-6 <= one.size <= _words.LARGEST + 1e-6
        assert one.size * PHONE >= 9
        ground = _words.GROUND
        assert ground.left - 1e-6 <= one.ink.left and one.ink.right <= ground.right + 1e-6
        assert ground.top - 1e-6 <= one.ink.top and one.ink.bottom <= ground.bottom + 1e-6
        drawn = letters.ink(one.name, one.size).moved(one.x, one.y)
        assert drawn == pytest.approx(one.ink)
        assert one.size / placed[0].size >= one.word.papers / placed[0].word.papers - 1e-9, "not made to look smaller"
        for other in placed[n + 1 :]:
            assert _apart(one.ink, other.ink)
            assert (one.word.papers > other.word.papers) == (one.size > other.size)
            assert (one.word.papers == other.word.papers) == (one.size == other.size)


def test_thirty_usual_words_all_find_a_place(letters: Letters) -> None:
    names = "强化学习 大语言模型 智能体 vision-language-model 视频生成 reinforcement-learning".split()
    words = [Word(name=f"{names[n % 6]}{n // 6}", papers=max(1, 14 - n)) for n in range(30)]
    assert len(_words.placed(words, letters)) == 30


def test_the_most_frequent_word_is_in_the_middle(letters: Letters) -> None:
    words = [Word(name="推理", papers=2)] * 9 + [Word(name="强化学习", papers=9)]
    first = _words.placed(words, letters)[0]
    assert first.name == "强化学习"
    assert abs((first.ink.left + first.ink.right) / 2 - 600) < 150


def test_what_finds_no_place_ends_the_packing() -> None:
    ground = Rect(0, 0, 100, 100)
    squares = [Rect(0, 0, 60, 60), Rect(0, 0, 60, 60), Rect(0, 0, 5, 5)]
    assert len(packed(squares, [(1, 1)] * 3, ground)) == 1
    assert len(packed(squares[::2], [(1, 1)] * 2, ground)) == 2


# topics


def test_bars_go_with_the_numbers(letters: Letters) -> None:
    topics = [Topic(id=f"t{n}", name="名", keys=(), papers=("a",) * n) for n in (8, 4, 1)]
    assert [length for _, length in _topics.bars(topics)] == [1000, 500, 125]
    many = [Topic(id=f"t{n}", name="名", keys=(), papers=("a",)) for n in range(20)]
    few, more = _topics.scene(topics, letters), _topics.scene(many, letters)
    assert few and more and few.height < more.height < 1400
    assert len(_topics.bars(many)) == 12
    bars = [shape for shape in more.shapes if shape.role == "bar"]
    assert len(bars) == 12 and len(more.shapes) == 2 + 3 * 12 + 1, "the last line says what is left out"


# trend


def _trend_of(back: list[int], *lines: tuple[int, ...]) -> Trend:
    days = tuple(LAST - timedelta(days=n) for n in back)
    return Trend(days=days, listed=(5,) * len(days), lines=tuple((f"词 {n}", papers) for n, papers in enumerate(lines)))


@given(st.sets(st.integers(0, 30), min_size=2), st.data())
def test_plotted_values_are_the_data(back: set[int], data: st.DataObject) -> None:
    counts = st.lists(st.integers(0, 400), min_size=len(back), max_size=len(back)).map(tuple)
    trend = _trend_of(sorted(back, reverse=True), *data.draw(st.lists(counts, min_size=1, max_size=6)))
    plot = plotted(trend, 900)
    span = (trend.days[-1] - trend.days[0]).days
    for _, papers in trend.lines:
        points = plot.points(papers)
        read = [plot.top * (plot.area.bottom - y) / plot.area.height for _, y in points]
        assert read == pytest.approx(papers)
        assert all(plot.area.top - 1e-6 <= y <= plot.area.bottom for _, y in points)
        when = [(x - plot.area.left) / plot.area.width * span for x, _ in points]
        assert when == pytest.approx([(day - trend.days[0]).days for day in trend.days])
    assert plot.top % plot.unit == 0 and 1 <= plot.top // plot.unit <= 4
    printed = dates(plot)
    assert printed[0] == LAST - timedelta(days=min(back)) and min(printed) >= trend.days[0]
    places = sorted(plot.x(day) for day in printed)
    assert all(b - a >= 110 for a, b in pairwise(places))


def _solid(shapes: tuple[Shape, ...], role: str) -> list[list[float]]:
    """Coordinates of the thick lines, one after the other."""
    return [[value for _, point in s.steps for value in point] for s in shapes if s.role == role and s.line == 5]


def test_lines_stop_where_there_was_no_issue(letters: Letters) -> None:
    trend = _trend_of([7, 4, 3, 2, 0], (1, 2, 3, 4, 5))
    scene = _trend.scene(trend, letters)
    assert scene
    (run,) = _solid(scene.shapes, "hue1")
    room = letters.width("收录 5 篇", 31)
    plot = plotted(trend, 1160 - room - 44)
    in_a_row = plot.points((1, 2, 3, 4, 5))[1:4]
    assert run == pytest.approx([value for point in in_a_row for value in point])


def test_names_stand_at_their_lines_and_not_on_each_other(letters: Letters) -> None:
    scene = _trend.scene(_trend_of([2, 1, 0], *[(1, 2, 3)] * 6), letters)
    assert scene
    names = [s for s in scene.shapes if s.role.startswith("hue") and s.up]
    assert len(names) == 6 and len({s.role for s in names}) == 6
    tops = sorted(s.y for s in names)
    assert all(b - a >= 40 for a, b in pairwise(tops))
    assert tops[0] > 80 and tops[-1] < _trend.STRIP[0] - 20
    assert all(s.x + letters.width("词 0 3", 31) <= 1160.001 for s in names)


@given(st.lists(st.floats(100, 480), min_size=1, max_size=6).map(sorted))
def test_places_are_apart_and_near(wanted: list[float]) -> None:
    found = apart(wanted, 41, 100, 480)
    assert all(b - a >= 41 - 1e-6 for a, b in pairwise(found))
    assert found[0] >= 100 - 1e-6 and found[-1] <= 480 + 1e-6
    if all(b - a >= 41 for a, b in pairwise(wanted)):
        assert found == pytest.approx(wanted)


def test_crowded_places_spread_to_both_sides() -> None:
    assert apart([300, 300, 300], 40, 100, 480) == [260, 300, 340]
    assert apart([100, 100], 40, 100, 480) == [100, 140]
    assert apart([480, 480], 40, 100, 480) == [440, 480]
