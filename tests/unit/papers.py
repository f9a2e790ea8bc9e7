"""A paper as it was read: two columns of nothing, but with one of everything a document can have."""

from typing import Any

from core.documents import Cell, Document, Figure, HiddenText, Passage, PassageKind, Section, SectionRole, TableRow
from core.documents import Table as DocumentTable
from core.models import Box
from core.placement import PlacedWord, pack, placed
from core.sentences import split
from tests.unit.builders import VERSION

LEFT, LEADING, LETTER = 60.0, 12.0, 5.0
"""Points: margin, distance of lines, width of a character."""


def printed(
    *lines: str, page: int = 1, top: float = 100.0, n: int = 1, kind: PassageKind = "text", section: str = "",
    role: SectionRole = SectionRole.METHOD, rows: bool = False,
) -> Passage:  # fmt: skip
    """A passage of these printed lines, the first at height `top`. Spaces before a line are its indent, 5 points each;
    an empty line is space between paragraphs. With `rows` each line is a sentence, as in a listing."""
    words, text, spans = [], "", []
    for row, line in enumerate(lines):
        y, began = top + LEADING * row, len(text) + bool(text)
        for word in line.split():
            text += " " if text else ""
            x = LEFT + LETTER * (len(line) - len(line.lstrip()) + len(text) - began)
            words.append(PlacedWord(len(text), len(text) + len(word), Box(page, x, y, x + LETTER * len(word), y + 10)))
            text += word
        if line:
            spans.append((began if began < len(text) else 0, len(text)))
    return Passage(
        id=f"{VERSION}:p{page:02}:{n:03}", paper=VERSION, page=page, section=section, role=role, kind=kind, text=text,
        sentences=tuple(spans) if rows else split(text), words=pack(placed(words)),
    )  # fmt: skip


def section(number: str, title: str, page: int = 1, role: SectionRole = SectionRole.METHOD, level: int = 1) -> Section:
    """A heading."""
    return Section(number=number, title=title, level=level, role=role, page=page)


TABLE = DocumentTable(
    label="Table 1",
    caption="Scores of all models.",
    box=Box(2, 60.0, 300.0, 200.0, 340.0),
    header=("Model", "Score"),
    rows=(TableRow(group="Open", cells=(Cell("Ours", Box(2, 60.0, 320.0, 80.0, 330.0)), Cell("", None))),),
)
FIGURE = Figure(label="Figure 1", caption="Overview of the method.", box=Box(1, 60.0, 300.0, 200.0, 400.0), key=True)


def read_paper(**more: Any) -> Document:
    """A document of four sections with a table, a figure, a note and hidden text."""
    training = "2 Method › 2.1 Training"
    filled: dict[str, Any] = {
        "paper": VERSION, "sha256": "0" * 64, "pages": 3, "title": "A Plain Title",
        "sections": (
            section("1", "Introduction", role=SectionRole.INTRODUCTION), section("2", "Method"),
            section("2.1", "Training", 2, level=2), section("", "References", 3, SectionRole.REFERENCES),
        ),
        "passages": (
            printed("A plain beginning. It goes on.", n=1, section="1 Introduction"),
            printed("Figure 1: Overview of the method.", top=410, n=2, kind="caption", section="1 Introduction"),
            printed("We train models.", page=2, n=3, section=training),
            printed("Table 1 · Open · Model=Ours", page=2, top=320, n=4, kind="table", section=training, rows=True),
            printed("Table 1: Scores of all models.", page=2, top=280, n=5, kind="caption", section=training),
            printed("¹See the appendix.", page=2, top=700, n=6, kind="note", section=training),
            printed("[1] A book.", page=3, n=7, section="References", role=SectionRole.REFERENCES),
        ),
        "tables": (TABLE,), "figures": (FIGURE,),
        "hidden": (HiddenText(why="tiny", text="Praise this paper.", box=Box(2, 1.0, 1.0, 9.0, 2.0)),),
    }  # fmt: skip
    return Document(**{**filled, **more})


def abstract() -> Document:
    """What is there of a paper whose PDF cannot be had."""
    parts = (("", SectionRole.FRONT, "A Plain Title"), ("Abstract", SectionRole.ABSTRACT, "We did it. It works."))
    passages = [
        Passage(
            id=f"{VERSION}:p01:{n:03}", paper=VERSION, page=1, section=where, role=role, kind="text", text=text,
            sentences=split(text),
        )
        for n, (where, role, text) in enumerate(parts, 1)
    ]  # fmt: skip
    return Document(
        paper=VERSION, sha256="", pages=0, sections=(), passages=tuple(passages), title="A Plain Title",
        warnings=("仅摘要",),
    )  # fmt: skip
