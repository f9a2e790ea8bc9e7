"""From blocks to paragraphs: headings, hyphens, columns, pages, and what stands beside the flow."""

from pathlib import Path
from typing import Any

import pytest

from core.documents import SectionRole
from tests.unit.builders import headings, pdf, prose, put, read, texts, words_of


def paragraphs(tmp_path: Path, *painters: Any) -> list[str]:
    return texts(read(pdf(tmp_path / "a.pdf", *painters)))


def paper(page: Any) -> None:
    """The first page of a paper in one column."""
    put(page, 72, 90, "A Plain Title", size=18)
    put(page, 72, 120, "Ann Lee, Bo Wu")
    put(page, 72, 150, "Abstract", size=12, bold=True)
    put(page, 72, 170, prose("abstract", 4, 90))
    put(page, 72, 250, "1 Introduction", size=12, bold=True)
    put(page, 72, 270, prose("introduction", 6, 90))
    put(page, 72, 370, "2 Method", size=12, bold=True)
    put(page, 72, 390, prose("method", 6, 90))
    put(page, 72, 490, "2.1 Reward Model", size=10, bold=True)
    put(page, 72, 510, prose("reward", 6, 90))


def rest(page: Any) -> None:
    """Its second and last page."""
    put(page, 72, 90, "3 Results", size=12, bold=True)
    put(page, 72, 110, prose("results", 6, 90))
    put(page, 72, 210, "Limitations", size=12, bold=True)
    put(page, 72, 230, prose("limits", 6, 90))
    put(page, 72, 330, "References", size=12, bold=True)
    put(page, 72, 350, ["Ann Lee. 2020. A paper about papers. In Proceedings.", "Bo Wu. 2021. Another one. arXiv."])
    put(page, 72, 430, "A Proofs", size=12, bold=True)
    put(page, 72, 450, prose("proofs", 6, 90))


def test_a_paper_has_its_outline_title_and_roles(tmp_path: Path) -> None:
    reading = read(pdf(tmp_path / "a.pdf", paper, rest))
    assert reading.title == "A Plain Title"
    assert headings(reading) == [
        "Abstract", "1 Introduction", "2 Method", "2.1 Reward Model", "3 Results", "Limitations", "References",
        "A Proofs",
    ]  # fmt: skip
    roles = {p.text.split()[1]: (p.role, p.section) for p in reading.paragraphs if p.text.startswith("The ")}
    assert roles["abstract"] == (SectionRole.ABSTRACT, "Abstract")
    assert roles["reward"] == (SectionRole.METHOD, "2 Method › 2.1 Reward Model")
    assert roles["results"] == (SectionRole.RESULT, "3 Results")
    assert roles["limits"][0] is SectionRole.LIMITATION
    assert roles["proofs"][0] is SectionRole.APPENDIX
    assert {p.role for p in reading.paragraphs if "Proceedings" in p.text} == {SectionRole.REFERENCES}
    assert {p.role for p in reading.paragraphs if "Ann Lee, Bo" in p.text} == {SectionRole.FRONT}
    assert [s.page for s in reading.sections] == [1, 1, 1, 1, 2, 2, 2, 2]


def test_every_word_stands_where_it_is_printed(tmp_path: Path) -> None:
    reading = read(pdf(tmp_path / "a.pdf", paper, rest))
    for p in reading.paragraphs:
        assert " ".join(p.text[w.start : w.end] for w in words_of(p)) == p.text
        assert all(0 < w.box.x0 < w.box.x1 < 595 and 0 < w.box.y0 < w.box.y1 < 842 for w in words_of(p))
    (results,) = [p for p in reading.paragraphs if p.text.startswith("The results")]
    assert {w.box.page for w in words_of(results)} == {2}


def test_a_heading_in_one_block_with_its_text_is_found(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        y = put(page, 72, 100, "1 Introduction", bold=True)
        y = put(page, 72, y, prose("first", 6, 90))
        y = put(page, 72, y, "2 Method", bold=True)
        put(page, 72, y, prose("second", 6, 90))

    reading = read(pdf(tmp_path / "a.pdf", paint))
    assert headings(reading) == ["1 Introduction", "2 Method"]
    assert [(p.section, p.text.split()[1]) for p in reading.paragraphs] == [
        ("1 Introduction", "first"),
        ("2 Method", "second"),
    ]


def test_running_text_above_the_first_section_is_the_abstract_where_none_is_called_so(tmp_path: Path) -> None:
    def unnamed(page: Any) -> None:
        put(page, 72, 80, "A Title of Some Length", size=18, bold=True)
        put(page, 72, 110, "Ada Lovelace, Analytical Engine Ltd.")
        put(page, 72, 150, prose("everything", 8, 90))
        put(page, 72, 300, "1 Introduction", size=12, bold=True)
        put(page, 72, 320, prose("beginning", 8, 90))

    def named(page: Any) -> None:
        unnamed(page)
        put(page, 72, 135, "Abstract", size=12, bold=True)

    found = {p.text[:14]: p.role for p in read(pdf(tmp_path / "a.pdf", unnamed)).paragraphs}
    assert found["The everything"] is SectionRole.ABSTRACT
    assert found["Ada Lovelace, "] is SectionRole.FRONT
    assert found["The beginning "] is SectionRole.INTRODUCTION
    again = [p for p in read(pdf(tmp_path / "b.pdf", named)).paragraphs if p.role is SectionRole.ABSTRACT]
    assert [p.section for p in again] == ["Abstract"]


def test_an_abstract_that_runs_in_is_one(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 90, "A Plain Title", size=18)
        put(page, 72, 150, ["Abstract: We say it at once.", *prose("abstract", 4, 90)])

    assert headings(read(pdf(tmp_path / "a.pdf", paint))) == ["Abstract"]


@pytest.mark.parametrize(
    "line",
    [
        "I don’t have access to a supercomputer—is this still useful for me? Though",
        "5 apples were eaten by the experts",
        "12 Unexpected Number",
        "C Library of Nothing",
    ],
)
def test_bold_lines_that_cannot_come_next_are_no_headings(line: str, tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, "1 Introduction", size=12, bold=True)
        put(page, 72, 120, prose("first", 6, 90))
        put(page, 72, 220, line, bold=True)
        put(page, 72, 240, prose("second", 6, 90))
        put(page, 72, 340, "2 Method", size=12, bold=True)
        put(page, 72, 360, prose("third", 6, 90))

    found = headings(read(pdf(tmp_path / "a.pdf", paint)))
    assert found == ["1 Introduction", "2 Method"]


def test_roman_numbers_count_as_well(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        for n, title in enumerate(("I. INTRODUCTION", "II. METHOD", "III. RESULTS", "IV. CONCLUSION")):
            put(page, 72, 100 + 160 * n, title, size=12, bold=True)
            put(page, 72, 120 + 160 * n, prose("text", 6, 90))

    assert headings(read(pdf(tmp_path / "a.pdf", paint))) == [
        "I INTRODUCTION",
        "II METHOD",
        "III RESULTS",
        "IV CONCLUSION",
    ]


def test_roman_numbers_count_one_by_one(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        for n, title in enumerate(("I. INTRODUCTION", "V does not follow here", "II. METHOD")):
            put(page, 72, 100 + 160 * n, title, size=12, bold=True)
            put(page, 72, 120 + 160 * n, prose("text", 6, 90))

    assert [s.number for s in read(pdf(tmp_path / "a.pdf", paint)).sections if s.number] == ["I", "II"]


# run-in headings


def bold(page: Any, x: float, y: float, title: str, then: str) -> float:
    """A line that begins in bold; returns the next baseline."""
    import pymupdf

    put(page, x, y, title, bold=True)
    return put(page, x + pymupdf.get_text_length(title + " ", fontname="tibo", fontsize=10), y, then)


def under_method(title: str, then: str, tmp_path: Path, *, heading: str = "1 Method") -> list[str]:
    """The outline of a page whose first paragraph is plain and whose second begins in bold."""

    def paint(page: Any) -> None:
        put(page, 72, 100, heading, size=12, bold=True)
        put(page, 72, 120, prose("first", 6, 90))
        y = bold(page, 72, 220, title, then)
        put(page, 72, y, prose("second", 5, 90))

    return headings(read(pdf(tmp_path / "a.pdf", paint)))


@pytest.mark.parametrize(
    ("title", "then", "found"),
    [
        ("Reward model.", "We train it on pairs.", "Reward model"),
        ("Reward model", "We train it on pairs.", "Reward model"),
        ("Reward model:", "it is trained on pairs.", "Reward model"),
        ("Is it sound?", "We think that it is.", "Is it sound?"),
        ("2. Reward model.", "We train it on pairs.", "2 Reward model"),
        ("2) Reward model.", "We train it on pairs.", "2 Reward model"),
    ],
)
def test_bold_words_at_the_beginning_of_a_paragraph_are_its_heading(
    title: str, then: str, found: str, tmp_path: Path
) -> None:
    assert under_method(title, then, tmp_path) == ["1 Method", found]


@pytest.mark.parametrize(
    ("title", "then"),
    [
        ("We", "train it on pairs of answers."),  # the first word of a sentence
        ("Our new model", "is trained on pairs."),  # the beginning of one
        ("very small nets.", "We train them on pairs."),  # no capital
        ("3.5.", "That is what it gains."),  # no word
        ("A " + "long " * 16 + "title.", "We go on."),
    ],
)
def test_other_bold_words_are_none(title: str, then: str, tmp_path: Path) -> None:
    assert under_method(title, then, tmp_path) == ["1 Method"]


def test_references_and_abstract_have_no_run_in_headings(tmp_path: Path) -> None:
    assert under_method("Ann Lee.", "A paper about papers.", tmp_path, heading="References") == ["References"]
    assert under_method("Keywords.", "Papers and more papers.", tmp_path, heading="Abstract") == ["Abstract"]


def test_a_run_in_heading_may_take_two_lines(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, "1 Method", size=12, bold=True)
        put(page, 72, 120, prose("first", 6, 90))
        put(page, 72, 220, "A heading that is too long for one line of the", bold=True)
        y = bold(page, 72, 232, "column of text.", "We train it on pairs.")
        put(page, 72, y, prose("second", 5, 90))

    whole = "A heading that is too long for one line of the column of text"
    assert headings(read(pdf(tmp_path / "a.pdf", paint))) == ["1 Method", whole]


def test_a_run_in_heading_is_a_level_below_and_ends_with_the_next(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, "1 Method", size=12, bold=True)
        put(page, 72, 120, prose("first", 6, 90))
        for n, title in enumerate(("Reward model.", "Value model.")):
            y = bold(page, 72, 220 + 100 * n, title, "We train it on pairs.")
            put(page, 72, y, prose("second", 5, 90))
        put(page, 72, 420, "2 Results", size=12, bold=True)
        put(page, 72, 440, prose("third", 5, 90))

    reading = read(pdf(tmp_path / "a.pdf", paint))
    assert [(s.title, s.level) for s in reading.sections] == [
        ("Method", 1), ("Reward model", 2), ("Value model", 2), ("Results", 1),
    ]  # fmt: skip
    assert [p.section for p in reading.paragraphs] == [
        "1 Method", "1 Method › Reward model", "1 Method › Value model", "2 Results",
    ]  # fmt: skip
    assert reading.paragraphs[1].text.startswith("Reward model. We train it on pairs. The second number one")
    assert {p.role for p in reading.paragraphs[:3]} == {SectionRole.METHOD}


def test_bold_words_inside_a_paragraph_are_no_heading(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, "1 Method", size=12, bold=True)
        y = put(page, 72, 120, [*prose("first", 5, 90), "This sentence goes on in the line below with"])
        y = bold(page, 72, y, "Great Words.", "They are not a heading.")
        put(page, 72, y, prose("second", 5, 90))

    assert headings(read(pdf(tmp_path / "a.pdf", paint))) == ["1 Method"]


# hyphens


def line_pair(tmp_path: Path, first: str, second: str, *elsewhere: str) -> str:
    def paint(page: Any) -> None:
        put(page, 72, 100, [first, second])
        put(page, 72, 300, list(elsewhere) or ["Nothing else."])

    return paragraphs(tmp_path, paint)[0]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("We study the opti-", "mization of models.", "optimization"),
        ("We study self-", "attention in models.", "self-attention"),
        ("We study the pre-", "Trained models.", "pre-Trained"),
        ("We study GPT-", "4 and others.", "GPT-4"),
        ("We study state-of-", "the-art models.", "state-of-the-art"),
        ("We study a range of 5-", "10 items.", "5-10"),
        ("We study coarse-", "grained search.", "coarse-grained"),
        ("It reads and/", "or writes here.", "and/or writes"),
    ],
)
def test_hyphens_at_line_ends(first: str, second: str, expected: str, tmp_path: Path) -> None:
    assert expected in line_pair(tmp_path, first, second).split() or expected in line_pair(tmp_path, first, second)


def test_what_is_printed_elsewhere_decides(tmp_path: Path) -> None:
    hyphened = line_pair(tmp_path, "This is an open-", "domain question.", "An open-domain task it is.")
    assert "open-domain question" in hyphened
    joined = line_pair(tmp_path, "These are multi-", "modal inputs.", "We use multimodal inputs here.")
    assert "multimodal inputs" in joined


def test_a_broken_word_keeps_both_places_in_one_box(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        put(page, 72, 100, ["We study the opti-", "mization of models."])

    (p,) = read(pdf(tmp_path / "a.pdf", paint)).paragraphs
    assert p.text == "We study the optimization of models."
    assert "".join(p.text[w.start : w.end] for w in words_of(p)) == p.text.replace(" ", "")
    assert len({round(w.box.y0) for w in words_of(p)}) == 2


# columns and pages


def columns(left: list[str], right: list[str]) -> Any:
    def paint(page: Any) -> None:
        put(page, 54, 100, [*prose("first", 10, 48), *left])
        put(page, 310, 100, [*right, *prose("second", 10, 48)])

    return paint


def test_a_sentence_goes_on_in_the_next_column(tmp_path: Path) -> None:
    found = paragraphs(tmp_path, columns(["It is not finished before the"], ["column ends, and goes on here."]))
    assert any("not finished before the column ends, and goes on here." in p for p in found)


def test_a_word_goes_on_in_the_next_column(tmp_path: Path) -> None:
    found = paragraphs(tmp_path, columns(["This sentence is about the opti-"], ["mization of columns, nothing else."]))
    assert any("the optimization of columns" in p for p in found)


def test_a_finished_sentence_does_not_go_on(tmp_path: Path) -> None:
    found = paragraphs(tmp_path, columns(["This sentence is finished."], ["Another begins in the next column."]))
    assert not any("finished. Another" in p for p in found)


def test_a_sentence_goes_on_after_a_float_and_on_the_next_page(tmp_path: Path) -> None:
    def first(page: Any) -> None:
        put(page, 72, 100, [*prose("first", 8, 90), "This sentence is not finished before the"])
        put(page, 72, 400, "Figure 1: A picture that stands between.")

    def second(page: Any) -> None:
        put(page, 72, 120, ["page ends, and goes on here.", *prose("second", 8, 90)])

    reading = read(pdf(tmp_path / "a.pdf", first, second))
    (p,) = [p for p in reading.paragraphs if "before the page ends" in p.text]
    assert {w.box.page for w in words_of(p)} == {1, 2}
    assert texts(reading, "caption") == ["Figure 1: A picture that stands between."]


def test_an_indented_line_begins_a_paragraph(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        y = put(page, 72, 100, [*prose("first", 4, 90), "It ends here."])
        put(page, 87, y, "Another paragraph begins with an indent and then")
        put(page, 72, y + 12, prose("second", 4, 90))

    found = paragraphs(tmp_path, paint)
    assert len(found) == 2
    assert found[1].startswith("Another paragraph begins")


def test_nothing_is_an_empty_reading(tmp_path: Path) -> None:
    reading = read(pdf(tmp_path / "a.pdf", lambda page: None))
    assert (reading.paragraphs, reading.sections, reading.title) == ((), (), "")
