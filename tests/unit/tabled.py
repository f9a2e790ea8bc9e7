"""Papers with a table: cells and the passages of its rows, set as the parser would find them on a page."""

from collections.abc import Sequence

from core.documents import Cell, Document, Passage, SectionRole, Table, TableRow
from core.models import Box
from core.placement import PlacedWord, pack, placed
from core.report import Aspect, Block, Grid, PlannedSection, Sentence, Written
from tests.unit.builders import VERSION, passage

WIDE, LETTER, LEADING = 150.0, 4.0, 14.0
"""Points: a column, a character, a row."""


def table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str = "Comparison of systems.",
    label: str = "Table 3", page: int = 6, paper: str = VERSION, groups: Sequence[str] = (),
    role: SectionRole = SectionRole.RESULT, section: str = "4 Results", aside: dict[int, str] | None = None,
) -> tuple[Table, list[Passage]]:  # fmt: skip
    """A table and a passage for each row. `aside`: words printed left of a row's name, by its number."""
    made: list[TableRow] = []
    passages: list[Passage] = []
    for n, texts in enumerate(rows):
        y = 300 + LEADING * n
        cells, words, text = [], list[PlacedWord](), label
        for c, (name, printed) in enumerate(zip(header, texts, strict=True)):
            text += f"{', ' if c else ' · '}{name}=" if printed else ""
            x = 60 + WIDE * c
            start = len(words)
            beside = [(x - 50, word) for word in ((aside or {}).get(n, "").split() if c == 0 else ())]
            for at, word in (*beside, *((None, word) for word in printed.split())):
                left = x if at is None else at
                text += "" if text.endswith("=") else " "
                right = left + LETTER * len(word)
                words.append(PlacedWord(len(text), len(text) + len(word), Box(page, left, y, right, y + 9)))
                text += word
                x = x if at is not None else right + 2
            cells.append(_cell([w.box for w in words[start:]], " ".join(text[w.start : w.end] for w in words[start:])))
        made.append(TableRow(group=groups[n] if groups else "", cells=tuple(cells)))
        passages.append(
            Passage(
                id=f"{paper}:p{page:02}:{900 + n}", paper=paper, page=page, section=section, role=role, kind="table",
                text=text, sentences=((0, len(text)),), words=pack(placed(words)),
            )
        )  # fmt: skip
    box = Box(page, 60, 290, 60 + WIDE * len(header), 300 + LEADING * len(rows))
    return Table(label=label, caption=caption, box=box, header=tuple(header), rows=tuple(made)), passages


def _cell(boxes: Sequence[Box], text: str) -> Cell:
    if not boxes:
        return Cell("", None)
    first = boxes[0]
    return Cell(
        text,
        Box(first.page, min(b.x0 for b in boxes), first.y0, max(b.x1 for b in boxes), first.y1),
    )


def paper(
    *tables: tuple[Table, list[Passage]], title: str = "Heron: Fast Birds", abstract: str = "", version: str = VERSION
) -> Document:
    """A paper that presents Heron, with these tables."""
    about = abstract or "We propose Heron, a new model. Heron is fast. We release Heron."
    texts = [
        passage(about, 1, paper=version, page=1, role=SectionRole.ABSTRACT, section="Abstract"),
        passage("We compare Heron with others. Our Heron wins.", 2, paper=version, page=2, role=SectionRole.RESULT),
    ]
    return Document(
        paper=version, sha256="0" * 64, pages=9, sections=(), title=title, tables=tuple(t for t, _ in tables),
        passages=(*texts, *(p for _, rows in tables for p in rows)),
    )  # fmt: skip


def planned(aspect: Aspect) -> PlannedSection:
    """Section s4."""
    return PlannedSection(id="s4", heading="结果", aspect=aspect, questions=("结果如何？",))


NOTHING = Written(blocks=(), sentences=())


def cells(written: Written, block: Block) -> list[list[str]]:
    """A grid as its labels and texts."""
    assert isinstance(block, Grid)
    said: dict[str, Sentence] = {s.id: s for s in written.sentences}
    return [[row.label, *(said[id].text if id else "" for id in row.cells)] for row in block.rows]
