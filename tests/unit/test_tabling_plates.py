"""The key figure and the equations that matter, each as the piece of the page it fills."""

import pytest

from agents.tabling import add
from core.documents import Document, Figure, Passage, SectionRole
from core.models import Box
from core.report import Plate, Prose, Sentence, Written
from tests.unit.builders import VERSION
from tests.unit.builders import paper as listed
from tests.unit.papers import printed
from tests.unit.tabled import NOTHING, planned

KEY = Figure(label="Figure 2", caption="The method.", box=Box(1, 60.0, 500.0, 300.0, 600.0), key=True)
OTHER = Figure(label="Figure 1", caption="A plot.", box=Box(2, 60.0, 500.0, 300.0, 600.0))
ABOVE = "Our method trains all experts with one loss and it is defined as follows:"
BELOW = "where a is the weight of the first term and b the second one of it."
FREE = "http://creativecommons.org/licenses/by/4.0/"


def page(equation: str, *, above: str = ABOVE, below: str = BELOW, n: int = 3, top: float = 100.0) -> list[Passage]:
    """Two lines of text with an equation between them, set in the middle, 30 points apart."""
    words = printed(" " * 20 + equation, top=top + 30, n=n + 1, kind="equation", section="3 Method")
    return [
        printed(above, top=top, n=n, section="3 Method"),
        words,
        printed(below, top=top + 60, n=n + 2, section="3 Method"),
    ]


def read(*passages: Passage, figures: tuple[Figure, ...] = ()) -> Document:
    return Document(
        paper=VERSION, sha256="0" * 64, pages=3, sections=(), title="A Plain Title", passages=passages, figures=figures
    )


def plates(document: Document, written: Written = NOTHING, licence: str | None = FREE) -> list[Plate]:
    made = add(written, planned("method"), {VERSION: document}, {VERSION: listed(licence=licence)})
    return [block for block in made.blocks if isinstance(block, Plate)]


@pytest.mark.parametrize(("licence", "shown"), [(FREE, True), (None, False)])
def test_the_key_figure_is_shown_where_the_licence_lets_us(licence: str | None, shown: bool) -> None:
    (plate,) = plates(read(figures=(OTHER, KEY)), licence=licence)
    assert (plate.what, plate.label, plate.caption, plate.box) == ("figure", "Figure 2", "The method.", KEY.box)
    assert plate.shown is shown and plate.paper == VERSION


def test_an_equation_reaches_from_the_text_above_to_the_text_below() -> None:
    (plate,) = plates(read(*page("L = a + b (3)")), licence=None)
    assert (plate.what, plate.label, plate.caption, plate.shown) == ("equation", "(3)", "", True)
    box = plate.box
    assert box.page == 1 and 110 <= box.y0 < 130 and 140 < box.y1 <= 160  # all between, none of the lines of text
    assert box.x0 <= 60 and box.x1 >= 60 + 5 * len(ABOVE) - 1  # the whole column: pieces may be unread


def test_pieces_of_one_equation_make_one_plate() -> None:
    first, equation, last = page("L = a + b (3)")
    limit = printed(" " * 24 + "i=1", top=142, n=6, kind="equation", section="3 Method")
    (plate,) = plates(read(first, equation, limit, last))
    assert plate.label == "(3)"


@pytest.mark.parametrize(
    ("equation", "above", "below"),
    [
        ("a + b (3)", ABOVE, BELOW),  # no two sides: a piece of something larger
        ("i=1 x (3)", ABOVE, BELOW),
        ("L = a + b", "The birds fly over the sea and over the land,", "and they come home again in the evening."),
        ("Require: L = a + b (3)", ABOVE, BELOW),
    ],
)
def test_what_is_no_equation_or_does_not_matter_is_left_out(equation: str, above: str, below: str) -> None:
    assert plates(read(*page(equation, above=above, below=below))) == []


def test_an_equation_that_the_text_refers_to_matters() -> None:
    plain = page("L = a + b (3)", above="The birds fly over the sea and over the land,", below="and they come home.")
    again = printed("Eq. (3) tells it. We use Equation 3 later.", page=2, n=9, section="4 Results")
    assert [plate.label for plate in plates(read(*plain, again))] == ["(3)"]


def test_at_most_three_equations_stand_in_printed_order_behind_the_figure() -> None:
    several = [p for n in range(5) for p in page(f"L = a + b ({n + 1})", n=3 * n + 1, top=60.0 + 90 * n)]
    found = plates(read(*several, figures=(KEY,)))
    assert [plate.what for plate in found] == ["figure", *["equation"] * 3]
    assert [plate.box.y0 for plate in found[1:]] == sorted(plate.box.y0 for plate in found[1:])


def test_equations_of_the_appendix_and_over_a_figure_are_left_out() -> None:
    first, equation, last = page("L = a + b (3)")
    appended = equation.model_copy(update={"role": SectionRole.APPENDIX})
    assert plates(read(first, appended, last)) == []
    over = OTHER.model_copy(update={"box": Box(1, 60.0, 120.0, 300.0, 150.0)})
    assert plates(read(first, equation, last, figures=(over,))) == []


def test_what_the_section_says_of_a_plate_goes_with_it() -> None:
    caption = printed("Figure 2: The method.", top=610, n=8, kind="caption", section="3 Method")
    passages = page("L = a + b (3)")
    written = Written(
        blocks=(Prose(claims=("s4.c1", "s4.c2", "s4.c3")),),
        sentences=(
            Sentence(id="s4.c1", text="图。", cited=((caption.id, 0),)),
            Sentence(id="s4.c2", text="符号。", cited=((passages[2].id, 0),)),
            Sentence(id="s4.c3", text="别的。", cited=((f"{VERSION}:p09:001", 0),)),
        ),
    )
    figure, equation = plates(read(caption, *passages, figures=(KEY,)), written)
    assert figure.claims == ("s4.c1",) and equation.claims == ("s4.c2",)
