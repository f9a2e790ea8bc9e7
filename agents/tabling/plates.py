"""The key figure of a paper and the equations that matter, as pieces of its pages. Pure."""

from collections.abc import Iterable, Sequence

from agents.tabling.equations import Equation, equations
from core.documents import Document, Figure
from core.licences import may_show
from core.models import Paper
from core.report import Plate, Sentence


def plates(document: Document, paper: Paper | None, sentences: Sequence[Sentence]) -> tuple[Plate, ...]:
    """The figure first. What the section's sentences say of a plate goes with it."""
    figure = next((f for f in document.figures if f.key), None)
    shown = paper is not None and may_show(paper)
    found = [_figure(document, figure, shown, sentences)] if figure else []
    return (*found, *(_equation(document, e, sentences) for e in equations(document)))


def _figure(document: Document, figure: Figure, shown: bool, sentences: Sequence[Sentence]) -> Plate:
    captions = {
        p.id for p in document.passages if p.kind == "caption" and figure.label and p.text.startswith(figure.label)
    }
    return Plate(
        what="figure",
        paper=document.paper,
        label=figure.label,
        caption=figure.caption,
        box=figure.box,
        shown=shown,
        claims=tuple(s.id for s in sentences if {passage for passage, _ in s.cited} & captions),
    )


def _equation(document: Document, equation: Equation, sentences: Iterable[Sentence]) -> Plate:
    told = [
        s.id
        for s in sentences
        if equation.near & set(s.cited) or equation.passages & {passage for passage, _ in s.cited}
    ]
    # a formula is a fact: it may be shown whatever the licence of the text around it
    return Plate(
        what="equation",
        paper=document.paper,
        label=equation.label,
        caption="",
        box=equation.box,
        shown=True,
        claims=tuple(told),
    )
