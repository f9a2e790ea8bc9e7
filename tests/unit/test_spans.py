"""From MuPDF's spans to lines: weights, sizes, raised marks."""

from typing import Any

import pytest

from tools.pdf.page import Line, Word
from tools.pdf.spans import line, normal


def span(text: str, x: float, *, font: str = "Times-Roman", size: float = 10, base: float = 100, flags: int = 0) -> Any:
    """Five points a character."""
    box = (x, base - 0.8 * size, x + 5 * len(text), base + 0.2 * size)
    return {"text": text, "font": font, "size": size, "flags": flags, "bbox": box, "origin": (x, base)}


def made(*spans: Any, words: list[Word] | None = None) -> Line | None:
    """A line of these spans, each a word of its own unless words are given."""
    if words is None:
        words = [Word(s["text"].strip(), *s["bbox"]) for s in spans if s["text"].strip()]
    return line({"spans": list(spans), "bbox": (0, 90, 300, 103)}, words)


@pytest.mark.parametrize(
    ("text", "expected"), [("ﬁne", "fine"), ("Ａ１", "A1"), ("a\u00a0b", "ab"), ("plain", "plain"), ("中文", "中文")]
)
def test_words_are_normalised_without_space(text: str, expected: str) -> None:
    assert normal(text) == expected


def test_shares_are_those_of_characters() -> None:
    found = made(span("bold", 0, font="Times-Bold"), span("plain and", 30), span("xyz", 90, font="CMMI10"))
    assert found is not None
    assert (found.bold, found.math) == (4 / 16, 3 / 16)
    assert (found.x0, found.y0, found.x1, found.y1) == (0, 90, 300, 103)


@pytest.mark.parametrize("font", ["Times-Bold", "NimbusRomNo9L-Medi", "ABCDEF+CMBX10", "Inter-SemiBold", "CMCSC10"])
def test_bold_fonts_are_known_by_their_names(font: str) -> None:
    found = made(span("word", 0, font=font))
    assert found is not None
    assert found.bold == 1


def test_bold_may_be_said_by_the_flag() -> None:
    found = made(span("word", 0, flags=16))
    assert found is not None
    assert found.bold == 1


@pytest.mark.parametrize(("font", "math"), [("CMMI10", 1), ("CMSY7", 1), ("CMR10", 0), ("STIXMath", 1), ("Arial", 0)])
def test_mathematical_fonts_are_known(font: str, math: int) -> None:
    found = made(span("x", 0, font=font))
    assert found is not None
    assert found.math == math


def test_the_size_is_that_of_most_characters() -> None:
    found = made(span("A", 0, size=20), span("sentence", 10, size=10))
    assert found is not None
    assert found.size == 10


def test_bold_words_at_the_beginning_are_counted() -> None:
    spans = [span("Reward model.", 0, font="Times-Bold"), span("We", 70), span("train", 85, font="Times-Bold")]
    words = [Word(t, x, 92, x + 5, 102) for t, x in (("Reward", 0), ("model.", 35), ("We", 70), ("train", 85))]
    found = made(*spans, words=words)
    assert found is not None
    assert found.lead == 2


def test_nothing_but_space_is_no_line() -> None:
    assert made(span("  ", 0)) is None
    assert made(span("unseen", 0), words=[]) is None


@pytest.mark.parametrize(("mark", "raised"), [("2", "²"), ("−1", "⁻¹"), ("n", "ⁿ"), ("(3)", "⁽³⁾"), ("*", "*")])
def test_a_raised_mark_becomes_one(mark: str, raised: str) -> None:
    width = 5 * len(mark)
    spans = [span("Chat", 0), span(mark, 20, size=6, base=96)]
    found = made(*spans, words=[Word(f"Chat{mark}", 0, 90, 20 + width, 102)])
    assert found is not None
    assert found.text == f"Chat{raised}"


def test_a_mark_before_its_word_is_raised_there() -> None:
    spans = [span("1", 0, size=6, base=96), span("1st", 5)]
    found = made(*spans, words=[Word("11st", 0, 90, 20, 102)])
    assert found is not None
    assert found.text == "¹1st"


def test_a_lowered_mark_and_one_as_large_as_the_rest_stay() -> None:
    low = made(span("H", 0), span("2", 5, size=6, base=102), words=[Word("H2", 0, 90, 10, 104)])
    large = made(span("10", 0), span("4", 10, size=9, base=96), words=[Word("104", 0, 90, 15, 102)])
    assert low is not None
    assert large is not None
    assert (low.text, large.text) == ("H2", "104")


def test_the_flag_raises_what_stands_no_higher() -> None:
    found = made(span("see", 0), span("3", 15, size=6, flags=1), words=[Word("see3", 0, 90, 20, 102)])
    assert found is not None
    assert found.text == "see³"
