"""Figures and listings: found by their captions, with the extent of what is drawn, and kept out of the running text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.documents import Figure
from core.reading import Reading
from tests.unit.builders import pdf, prose, put, read, rule, texts

CAPTION = "Figure 1: The loss over steps of training of both networks."


def reading_of(tmp_path: Path, *paints: Callable[[Any], object], width: int = 90) -> Reading:
    """One page for each painter, with prose at its top and its foot."""

    def page_of(paint: Callable[[Any], object]) -> Callable[[Any], None]:
        def page(page: Any) -> None:
            put(page, 72, 100, prose("before", 8, width))
            paint(page)
            put(page, 72, 640, prose("after", 8, width))

        return page

    return read(pdf(tmp_path / "a.pdf", *map(page_of, paints)))


def plot(page: Any, x: float = 120, y: float = 260, width: float = 300, height: float = 200) -> None:
    """A frame, a curve, and numbers along its axes."""
    page.draw_rect((x, y, x + width, y + height), width=0.8)
    for n in range(10):
        step, rise = width / 10, height / 12
        start = (x + n * step, y + height - n * rise)
        page.draw_line(start, (start[0] + step, start[1] - rise), lineJoin=1)
        put(page, x + n * step, y + height - 4, str(n), size=6)
    put(page, x + 20, y + 20, "training loss", size=6)


def picture(page: Any, area: tuple[float, float, float, float] = (120, 260, 420, 460)) -> None:
    import pymupdf

    image = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 30, 20), 0)
    image.clear_with(120)
    page.insert_image(area, pixmap=image, keep_proportion=False)


@pytest.mark.parametrize("draw", [plot, picture])
@pytest.mark.parametrize("y", [475, 245], ids=["caption below", "caption above"])
def test_a_figure_has_its_label_its_caption_and_its_extent(
    draw: Callable[[Any], None], y: float, tmp_path: Path
) -> None:
    def paint(page: Any) -> None:
        draw(page)
        put(page, 72, y, CAPTION)

    found = reading_of(tmp_path, paint)
    (figure,) = found.figures
    assert (figure.label, figure.caption) == ("Figure 1", "The loss over steps of training of both networks.")
    assert tuple(figure.box) == pytest.approx((1, 120, 260, 420, 460), abs=4)
    assert texts(found, "caption") == [CAPTION]
    assert len(texts(found)) == 2


def test_lettering_of_a_figure_is_not_read(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        plot(page)
        put(page, 72, 475, CAPTION)

    whole = " ".join(p.text for p in reading_of(tmp_path, paint).paragraphs)
    assert "training loss" not in whole
    assert "0 1 2" not in whole


def test_sentences_inside_a_figure_are_kept_beside_the_text(tmp_path: Path) -> None:
    said = [
        "The user asks how many apples there are in all of the",
        "baskets together, and the model counts them twice.",
    ]

    def paint(page: Any) -> None:
        page.draw_rect((110, 260, 430, 460), width=0.8)
        put(page, 120, 300, said, size=8)
        put(page, 72, 475, "Figure 1: A talk with the model in one plain picture.")

    found = reading_of(tmp_path, paint)
    assert texts(found, "note") == [" ".join(said)]
    assert not any("apples" in t for t in texts(found))


def test_two_figures_side_by_side_have_their_own_extents(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        plot(page, 72, 280, 200, 120)
        put(page, 72, 420, "Figure 1: Loss of the first of two nets.")
        plot(page, 320, 280, 200, 120)
        put(page, 320, 420, "Figure 2: Loss of the second of two.")

    first, second = sorted(reading_of(tmp_path, paint).figures, key=lambda f: f.label)
    assert tuple(first.box) == pytest.approx((1, 72, 280, 272, 400), abs=4)
    assert tuple(second.box) == pytest.approx((1, 320, 280, 520, 400), abs=4)


def test_a_figure_ends_where_the_text_begins(tmp_path: Path) -> None:
    """Two figures on one page, text between: neither reaches over it."""

    def paint(page: Any) -> None:
        picture(page, (120, 210, 420, 300))
        put(page, 72, 315, "Figure 1: The first picture of the page.")
        put(page, 72, 345, prose("between", 6, 90))
        picture(page, (120, 430, 420, 560))
        put(page, 72, 575, "Figure 2: The second picture of the page.")

    first, second = reading_of(tmp_path, paint).figures
    assert tuple(first.box)[1:] == pytest.approx((120, 210, 420, 300), abs=2)
    assert tuple(second.box)[1:] == pytest.approx((120, 430, 420, 560), abs=2)


def test_a_drawing_cut_to_a_window_is_as_large_as_the_window(tmp_path: Path) -> None:
    """What a clipping path cuts away is not part of the figure, nor does it lie behind the text."""

    def paint(page: Any) -> None:
        page.draw_rect((-900, -900, 1900, 1900), color=None, fill=(0.8, 0.9, 1))
        last = page.get_contents()[-1]
        window = b"q 120 382 300 200 re W n "  # from the bottom: 842 - 460
        page.parent.update_stream(last, window + page.parent.xref_stream(last) + b" Q")
        put(page, 72, 475, CAPTION)

    found = reading_of(tmp_path, paint)
    (figure,) = found.figures
    assert tuple(figure.box) == pytest.approx((1, 120, 260, 420, 460), abs=4)
    assert len(texts(found)) == 2


def test_a_caption_without_a_picture_is_no_figure(tmp_path: Path) -> None:
    found = reading_of(tmp_path, lambda page: put(page, 72, 400, CAPTION))
    assert found.figures == ()
    assert texts(found, "caption") == [CAPTION]


# the key figure


def captions(tmp_path: Path, *said: str) -> list[Figure]:
    def figure(n: int, text: str) -> Callable[[Any], None]:
        def paint(page: Any) -> None:
            picture(page)
            put(page, 72, 475, f"Figure {n}: {text}")

        return paint

    return list(reading_of(tmp_path, *[figure(n, text) for n, text in enumerate(said, 1)]).figures)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (["Accuracy over steps.", "Overview of our method.", "Results on all sets."], 2),
        (["Two nets.", "Two other nets."], 1),
        (["Performance of all nets.", "A photograph of a cat."], 2),
        (["The pipeline in three steps.", "The architecture of the decoder."], 1),
        (["Comparison with prior work.", "Ablation of the framework."], 2),
    ],
)
def test_the_key_figure_shows_the_idea(said: list[str], key: int, tmp_path: Path) -> None:
    found = captions(tmp_path, *said)
    assert [f.label for f in found] == [f"Figure {n}" for n in range(1, len(said) + 1)]
    assert [f.label for f in found if f.key] == [f"Figure {key}"]


# listings

STEPS = [
    "1: Input: a batch of prompts and a reward",
    "2: for each prompt do",
    "3:   sample eight answers",
    "4: end for",
    "5: return the net",
]


def ruled_listing(page: Any) -> None:
    rule(page, 68, 400, 289)
    put(page, 72, 300, "Algorithm 1: Training with rewards")
    rule(page, 68, 400, 304)
    end = put(page, 72, 316, STEPS)
    rule(page, 68, 400, end - 8)


def bare_listing(page: Any) -> None:
    put(page, 72, 300, "Algorithm 1: Training with rewards")
    put(page, 72, 320, STEPS)


@pytest.mark.parametrize("paint", [ruled_listing, bare_listing])
def test_a_listing_keeps_its_lines(paint: Callable[[Any], None], tmp_path: Path) -> None:
    found = reading_of(tmp_path, paint)
    assert texts(found, "caption") == ["Algorithm 1: Training with rewards"]
    (listing,) = texts(found, "equation")
    assert listing.split("\n") == [" ".join(step.split()) for step in STEPS]
    assert (found.tables, found.figures) == ((), ())
    assert not any("sample eight answers" in t for t in texts(found))
