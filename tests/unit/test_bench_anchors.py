"""How papers read are scored: tiny readings made by hand, and what the anchors say of them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bench import anchors, rivals, typeset
from bench._letters import Stream, alike, letters, spaced
from bench._scoring import ANCHOR, Outcome, judge, overlap
from bench._truth import Part, Run, Truth, truth
from bench._views import View, of_reading
from core.documents import Cell, Figure, PassageKind, Section, SectionRole, Table, TableRow
from core.models import Box
from core.placement import PlacedWord, placed
from core.reading import Paragraph, Reading


def paragraph(text: str, page: int = 1, kind: PassageKind = "text") -> Paragraph:
    """A paragraph whose only word stands on `page`."""
    words = placed([PlacedWord(0, len(text), Box(page, 0, 0, 1, 1))])
    return Paragraph(kind, SectionRole.OTHER, "", text, words)


def section(title: str, *, number: str = "", level: int = 1, page: int = 1) -> Section:
    """A heading."""
    return Section(number=number, title=title, level=level, role=SectionRole.OTHER, page=page)


def table(rows: Sequence[Sequence[str]], *, label: str = "Table 1", group: str = "", page: int = 1) -> Table:
    """A table: its header and rows of cells, all in one group."""
    header, *body = rows
    made = tuple(TableRow(group=group, cells=tuple(Cell(text, None) for text in row)) for row in body)
    return Table(label=label, caption="Scores.", box=Box(page, 100, 100, 300, 200), header=tuple(header), rows=made)


def view(*paragraphs: Paragraph, **parts: Any) -> View:
    """What a reading of these parts looks like to the anchors."""
    fields: dict[str, Any] = {"sections": (), "tables": (), "figures": (), **parts}
    return of_reading(Reading("0" * 64, 9, "", fields.pop("sections"), paragraphs, (), **fields))


def asked(seen: View, **anchor: Any) -> Outcome:
    """An anchor put to a view."""
    return judge(ANCHOR.validate_python({"page": 1, **anchor}), seen)


# letters


def test_what_readers_may_do_differently_is_no_difference() -> None:
    assert letters("The ﬁrst pre-\ntraining² step") == letters("the first pretraining step")
    assert letters("loss") != letters("less")
    assert spaced("A  “pre-train” step¹") == 'A "pre-train" step'
    assert spaced("pre-train") != spaced("pretrain")


def test_a_single_letter_is_contained_in_nothing_but_itself() -> None:
    assert alike("MATH-500 (pass@1)", "math-500")
    assert not alike("R", "DeepSeek-R1") and alike("r", "R")


def test_a_mark_may_stand_between_the_words_of_a_fragment() -> None:
    stream = Stream.of("Trained on the corpus3 of all tales.")
    (span,) = stream.find("the corpus of")
    assert stream.between(*span) == "the corpus3 of"
    assert not stream.find("the corpus with") and not stream.find("—")


# order

ORDER = {"kind": "order", "first": "trained on many", "then": "short tales of"}


@pytest.mark.parametrize(
    "texts",
    [
        ["It is trained on many short tales of old."],
        ["It is trained on many", "short tales of old."],
        ["It is trained on many [3, 14] short tales of old."],
        ["It is trained on many y = wx + b, w > 0, x > 0, 2z = 17y + 3, short tales of old."],
    ],
)
def test_order_holds(texts: list[str]) -> None:
    outcome = asked(view(*map(paragraph, texts)), **ORDER)
    assert outcome.passed == {"order": True} and not outcome.instead


def test_a_float_or_formula_between_two_halves_is_not_in_the_running_text() -> None:
    halves = paragraph("It is trained on many"), paragraph("short tales of old.", page=2)
    caption = paragraph("Figure 2: The whole world as it was seen in those days.", kind="caption")
    assert asked(view(halves[0], caption, halves[1]), **ORDER).passed == {"order": True}
    leaked = asked(view(halves[0], paragraph(caption.text), halves[1]), **ORDER)
    assert leaked.passed == {"order": False} and "The whole world" in leaked.instead


def test_order_says_what_is_wrong() -> None:
    swapped = asked(view(paragraph("short tales of old."), paragraph("It is trained on many")), **ORDER)
    assert swapped.passed == {"order": False} and "earlier" in swapped.instead
    as_note = asked(view(paragraph("It is trained on many"), paragraph("short tales of old.", kind="note")), **ORDER)
    assert as_note.passed == {"order": False} and "in: note" in as_note.instead
    gone = asked(view(paragraph("Another matter.")), **ORDER)
    assert gone.passed == {"order": False} and "nowhere" in gone.instead


# headings

HEADING = {"kind": "heading", "number": "3.2", "title": "Main Results", "level": 2}


@pytest.mark.parametrize(
    ("sections", "title", "level"),
    [
        ([section("MAIN RESULTS", number="3.2", level=2)], True, True),
        ([section("Main Results", number="3.2", level=1)], True, False),
        ([section("Main Results", number="3.1", level=2)], True, False),
        ([section("Main Results", number="3.2", level=2, page=2)], False, False),
        ([section("Main Result", number="3.2", level=2)], False, False),
    ],
)
def test_headings(sections: list[Section], title: bool, level: bool) -> None:
    outcome = asked(view(sections=tuple(sections)), **HEADING)
    assert outcome.passed == {"title": title, "level": level}
    assert bool(outcome.instead) != level


def test_a_heading_without_a_number_is_asked_for_its_level_only() -> None:
    seen = view(sections=(section("Main Results", number="7", level=2),))
    assert asked(seen, **HEADING | {"number": ""}).passed["level"]


# cells

ROWS = [
    ["Model", "AIME / pass@1", "AIME / cons@64", "MATH"],
    ["o1", "74.4", "83.3", "94.8"],
    ["o1-mini", "63.6", "80.0", "90.0 ± 0.3"],
]


def cell(row: str, column: str, value: str, rows: Sequence[Sequence[str]] = ROWS, group: str = "") -> bool:
    """Is that value found in that place of a table?"""
    seen = view(tables=(table(rows, group=group),))
    return asked(seen, kind="cell", table="Table 1", row=row, column=column, value=value).passed["cell"]


def test_a_cell_is_found_by_its_labels() -> None:
    assert cell("o1", "AIME / cons@64", "83.3")
    assert not cell("o1", "AIME / pass@1", "83.3")
    assert not cell("o1-mini", "AIME / cons@64", "83.3")
    assert not cell("o3", "MATH", "94.8") and not cell("o1", "GPQA", "94.8")
    assert cell("o1-mini", "MATH", "90.0")


def test_an_equal_label_comes_before_one_that_contains_it() -> None:
    assert not cell("o1", "MATH", "90.0")
    assert cell("o1-mi", "MATH", "90.0")


def test_an_empty_cell_of_another_storey_contradicts_nothing() -> None:
    storeys = [["Model", "Heads"], ["Switch-C", "32"], ["Switch-C", ""]]
    assert cell("Switch-C", "Heads", "32", storeys)
    assert not cell("Switch-C", "Heads", "", storeys) and not cell("Switch-C", "Heads", "64", storeys)


def test_a_label_that_fits_several_columns_finds_none() -> None:
    lost = [["Model", "pass@1", "pass@1"], ["o1", "74.4", "83.3"]]
    assert not cell("o1", "AIME / pass@1", "74.4", lost)
    assert cell("o1", "AIME / pass@1", "74.4", [["Model", "pass@1", "rating"], lost[1]])
    assert cell("o1", "AIME / pass@1", "74.4", [["Model", "pass@1", "AIME"], lost[1]])


def test_the_group_of_a_row_counts() -> None:
    assert cell("Closed / o1", "MATH", "94.8", group="Closed models")
    assert not cell("Open / o1", "MATH", "94.8", group="Closed models")
    beside = [["", "Task", "A"], ["Code", "Pass", "1"], ["Math", "Pass", "2"]]
    assert cell("Math / Pass", "A", "2", beside) and not cell("Math / Pass", "A", "1", beside)


def test_values_differ_in_dashes_and_marks_only() -> None:
    rows = [["Model", "MATH"], ["a", "−1.5†"], ["b", "–"]]
    assert cell("a", "MATH", "-1.5", rows) and cell("b", "MATH", "-", rows)
    assert not cell("a", "MATH", "1.5", rows)


def test_another_table_is_not_asked() -> None:
    seen = view(tables=(table(ROWS, label="Table 2"),))
    outcome = asked(seen, kind="cell", table="Table 1", row="o1", column="MATH", value="94.8")
    assert outcome.passed == {"cell": False} and "Table 2" in outcome.instead


# captions, what stands outside


def test_captions_need_label_words_and_place() -> None:
    seen = view(figures=(Figure(label="Figure 1", caption="How it all works.", box=Box(1, 0, 0, 100, 100)),))
    caption = {"kind": "caption", "label": "Figure 1", "type": "figure", "starts": "How it all"}
    assert asked(seen, **caption, box=[0, 0, 100, 60]).passed == {"words": True, "box": True}
    assert asked(seen, **caption, box=[0, 0, 100, 40]).passed == {"words": True, "box": False}
    assert asked(seen, **caption | {"starts": "Why"}, box=[0, 0, 100, 100]).passed == {"words": False, "box": False}
    assert asked(seen, **caption | {"page": 2}, box=[0, 0, 100, 100]).passed == {"words": False, "box": False}


def test_overlap_is_intersection_over_union() -> None:
    assert overlap((0, 0, 2, 2), (1, 0, 3, 2)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 1, 1), (1, 0, 2, 1)) == 0


def test_what_is_outside_may_be_anything_but_running_text_of_its_page() -> None:
    words = {"kind": "outside", "text": "Preprint. Under review."}
    assert not asked(view(paragraph("And so Preprint. Under review. on.")), **words).passed["outside"]
    assert asked(view(paragraph("Preprint. Under review.", kind="note")), **words).passed["outside"]
    assert asked(view(paragraph("Preprint. Under review.", page=2)), **words).passed["outside"]


def test_a_paper_that_was_not_read_passes_nothing() -> None:
    refused = View((), (), (), (), complaint="damaged")
    assert asked(refused, kind="outside", text="Preprint.").passed == {"outside": False}
    assert asked(refused, **ORDER).passed == {"order": False}


# the run


def test_halves_and_shares() -> None:
    assert anchors.halves(["c", "a", "b"]) == (["a", "c"], ["b"])
    good = asked(view(paragraph("It is trained on many short tales of old.")), **ORDER)
    bad = asked(view(), **ORDER)
    assert anchors.share([good, bad], "order") == (1, 2)
    assert anchors.share([good, bad], "cell") == (0, 0)


def test_the_anchors_are_well_formed() -> None:
    gold = anchors.load(anchors.GOLD)
    assert gold and all(gold.values())


def test_a_malformed_anchor_is_named(tmp_path: Path) -> None:
    good = json.dumps({"page": 1, **ORDER})
    (tmp_path / "p.jsonl").write_text(f"{good}\n\n" + '{"kind": "order", "page": 0}\n', "utf-8")
    with pytest.raises(SystemExit, match=r"p\.jsonl:3"):
        anchors.load(tmp_path)


# rivals


def test_markdown_is_seen_by_its_boxes() -> None:
    parts = [
        ("section-header", [0, 10, 100, 20], "# **A Title** \n\n"),
        ("section-header", [0, 25, 100, 29], "## **2 Method** \n\n"),
        ("section-header", [0, 30, 100, 40], "### **2.1. Set-up** \n\n"),
        ("text", [0, 50, 100, 60], "It is _trained_ on many<sup>3</sup> \n\n"),
        ("table", [0, 100, 100, 150], "|**Model**|**MATH**|\n|---|---|\n|Open||\n|o1|**94.8**|\n\n"),
        ("caption", [0, 155, 100, 165], "**Table 4** : Scores of all. \n\n"),
        ("text", [0, 200, 100, 210], "Figure 9: A caption taken for text. \n\n"),
        ("page-footer", [0, 780, 100, 790], "7 \n\n"),
    ]
    text, boxes = "", []
    for kind, box, words in parts:
        boxes.append({"class": kind, "bbox": box, "pos": [len(text), len(text) + len(words)]})
        text += words
    seen = rivals.of_markdown([{"text": text, "boxes": boxes}])
    assert seen.running.text == "It is trained on many3"
    assert asked(seen, kind="heading", number="2.1", title="Set-up", level=2).passed == {"title": True, "level": True}
    entry = {"kind": "cell", "table": "Table 4", "column": "MATH", "value": "94.8"}
    assert asked(seen, **entry, row="Open / o1").passed == {"cell": True}
    assert asked(seen, **entry, row="Closed / o1").passed == {"cell": False}
    caption = {"kind": "caption", "label": "Table 4", "type": "table", "starts": "Scores of"}
    assert asked(seen, **caption, box=[0, 100, 100, 150]).passed == {"words": True, "box": True}


def test_what_a_reader_does_not_offer_is_not_counted() -> None:
    seen = rivals.of_pages(["It is trained on many", "short tales of old."])
    assert asked(seen, **ORDER).passed == {"order": True}
    assert asked(seen, **HEADING).passed == {}


# a known text

KNOWN = {
    "id": "1",
    "title": "T",
    "full_text": {
        "section_name": ["Method", "Method ::: Data", " ::: "],
        "paragraphs": [
            ["We follow BIBREF4 and call the INLINEFORM0 of each tale its worth, as is usual in this trade.", "Short."],
            ["All tales are taken from the market of the town, where they are told on every day of rest."],
            ["This one stands under a heading without a name and is therefore left out of the paper."],
        ],
    },
}


def test_a_known_paper_is_what_will_be_printed() -> None:
    paper = truth(KNOWN)
    assert [(p.number, p.text, p.level) for p in paper.of("heading")] == [("1", "Method", 1), ("1.1", "Data", 2)]
    texts = [p.text for p in paper.of("paragraph")]
    assert texts[0].startswith("We follow [5] and call the x1 of each tale") and len(texts) == 2


def test_what_comes_back_of_a_known_text() -> None:
    told = "The tales were told by the oldest man of the village on every evening of that long winter."
    heard = "Nobody who heard them could say in the end whether a word of them had been true at all."
    parts = [
        Part("heading", level=1, number="1", runs=(Run("words", "Tales"),)),
        Part("paragraph", runs=(Run("words", told), Run("note", "An aside."))),
        Part("paragraph", runs=(Run("words", heard),)),
    ]
    paper = Truth("1", "T", tuple(parts), {"footnote": ["An aside."]})
    sections = (section("Tales", number="1"),)
    right = typeset.compare(paper, view(paragraph(told), paragraph(heard), sections=sections), 1)
    counts = [right.complete, right.exact, right.order, right.headings, right.levels, right.leaked["footnote"]]
    assert [(c.right, c.asked) for c in counts] == [(2, 2), (2, 2), (1, 1), (1, 1), (1, 1), (0, 1)]
    assert not right.failures
    assert (right.invented.right, right.invented.asked) == (0, 1)
    more = typeset.compare(paper, view(paragraph(told), sections=(*sections, section("The village"))), 1)
    assert (more.headings.right, more.invented.right, more.invented.asked) == (1, 1, 2)
    broken = f"{told[:40]} An aside. {told[40:]}"
    wrong = typeset.compare(paper, view(paragraph(heard.replace("end", "en-d")), paragraph(broken)), 1)
    counts = [wrong.complete, wrong.exact, wrong.order, wrong.headings, wrong.levels, wrong.leaked["footnote"]]
    assert [(c.right, c.asked) for c in counts] == [(1, 2), (0, 2), (0, 1), (0, 1), (0, 1), (1, 1)]
    assert any("An aside" in failure for failure in wrong.failures)
