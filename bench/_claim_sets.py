"""Claims that others made and labelled: SciTab's over tables, SciFact's over abstracts, each with its evidence."""

import ast
import csv
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from agents.evidence.statements import PaperText, text_of
from core.documents import Cell, Passage, SectionRole, Table, TableRow
from core.models import Box
from tools.pdf.floats import CAPTION
from tools.pdf.grid import Grid, GridRow
from tools.pdf.page import Word
from tools.pdf.tables import _paragraph

FILES = ("scitab.json", "scifact_claims.csv", "scifact_corpus_cited.csv")
SUPPORTED, REFUTED, UNKNOWN = "supported", "refuted", "not enough"
LABELS = (SUPPORTED, REFUTED, UNKNOWN)
_THEIRS = {
    "supports": SUPPORTED, "refutes": REFUTED, "not enough info": UNKNOWN,
    "SUPPORT": SUPPORTED, "CONTRADICT": REFUTED, "": UNKNOWN,
}  # fmt: skip
_MARKUP = re.compile(r"\[(?:BOLD|ITALIC|EMPTY|CONTINUE)\]|</?(?:bold|italic|ref)\b[^<>]*>")
"""How SciTab writes what was print; a `<u>` in it is a word of a table (an unknown one)."""
_STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_NOWHERE = Box(1, 0, 0, 0, 0)


class Item(NamedTuple):
    """A claim, its label, and all that it may be held against."""

    id: str
    claim: str
    label: str
    paper: PaperText
    rationale: frozenset[str] = frozenset()
    """Sentences that the set's makers marked as evidence."""


def scitab(folder: Path) -> list[Item]:
    """Claims about one table each."""
    entries = json.loads((folder / "scitab.json").read_text("utf-8"))
    return [Item(e["id"], _clean(e["claim"]), _THEIRS[e["label"]], tabular(e)) for e in entries]


def _clean(text: str) -> str:
    return " ".join(_MARKUP.sub(" ", text).split())


def tabular(entry: Mapping[str, object]) -> PaperText:
    """A paper that has this table only. What else it prints is not known, and so is not held against a claim."""
    caption, header, content = (entry[f"table_{part}"] for part in ("caption", "column_names", "content_values"))
    assert isinstance(caption, str) and isinstance(header, list) and isinstance(content, list)
    caption = _clean(caption)
    match = CAPTION.match(caption)
    label = match["label"] if match else ""
    rows, group = [], ""
    for texts in ([_clean(text) for text in row] for row in content):
        if texts[0] and not any(texts[1:]):
            group = texts[0]
        elif any(texts):
            cells = tuple(Cell(text, _NOWHERE if text else None) for text in texts)
            rows.append(TableRow(group=group, cells=cells))
    table = Table(
        label=label, caption=caption.removeprefix(label).lstrip(" :.|–—-"), box=_NOWHERE,
        header=tuple(_clean(text) for text in header), rows=tuple(rows),
    )  # fmt: skip
    return text_of([_passage(n, "table", [spelled(row, table)]) for n, row in enumerate(rows)], (table,))


def spelled(row: TableRow, table: Table) -> str:
    """A row as reading a PDF spells it: `Table 1 · GROUP · HEADER=CELL, HEADER=CELL (caption)`."""
    printed = GridRow([_words(cell.text) for cell in row.cells], _words(row.group))
    named = (table.label, table.caption)
    return _paragraph(printed, Grid(list(table.header), [printed]), named, 1, "", SectionRole.RESULT).text


def _words(text: str) -> list[Word]:
    return [Word(word, 0, 0, 0, 0) for word in text.split()]


def scifact(folder: Path) -> list[Item]:
    """Claims about one abstract each: the first that was marked as evidence, else the first cited."""
    abstracts = {row["doc_id"]: sentences(row["abstract"]) for row in _table(folder / "scifact_corpus_cited.csv")}
    by_claim: dict[str, list[dict[str, str]]] = {}
    for row in _table(folder / "scifact_claims.csv"):
        by_claim.setdefault(row["id"], []).append(row)
    items = []
    for id, rows in by_claim.items():
        first = rows[0]
        abstract = first["evidence_doc_id"] or re.findall(r"\d+", first["cited_doc_ids"])[0]
        told = abstracts[abstract]
        marked = [row["evidence_sentences"] for row in rows if row["evidence_doc_id"] == abstract]
        rationale = frozenset(told[int(n)] for some in marked for n in re.findall(r"\d+", some))
        paper = text_of([_passage(0, "text", told)])
        items.append(Item(id, first["claim"], _THEIRS[first["evidence_label"]], paper, rationale))
    return items


def _table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def sentences(printed: str) -> list[str]:
    """The sentences of an abstract from an array as numpy prints it: quoted strings without commas between."""
    return [" ".join(str(ast.literal_eval(m.group())).split()) for m in _STRING.finditer(printed)]


def _passage(n: int, kind: str, told: Sequence[str]) -> Passage:
    ends, at = [], 0
    for text in told:
        ends.append((at, at + len(text)))
        at += len(text) + 1
    role = SectionRole.RESULT if kind == "table" else SectionRole.ABSTRACT
    given = {"id": f"given:p01:{n:03}", "paper": "given", "page": 1, "section": "", "role": role, "kind": kind}
    return Passage.model_validate({**given, "text": " ".join(told), "sentences": tuple(ends)})


SETS: Mapping[str, Callable[[Path], list[Item]]] = {"SciTab": scitab, "SciFact": scifact}


def sample(items: Sequence[Item], limit: int, seed: int) -> list[Item]:
    """A third of `limit` of each label, all where a label has fewer. The same seed gives the same claims."""
    draw = random.Random(seed)
    sides = [sorted((i for i in items if i.label == label), key=lambda i: i.id) for label in LABELS]
    return [item for side in sides for item in draw.sample(side, min(len(side), max(1, limit // len(LABELS))))]
