"""What rows and columns of a table are called, in parts that a claim may name: "Cellphone / Recall@5" has two."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from agents.evidence.names import Naming
from agents.tables import values
from core.documents import Table
from core.words import stem, stems

Axis = Literal["row", "column"]
GROUP = -1
"""Level of a row's group; its label columns count from 0, as the levels of a header do."""
_CITED = re.compile(r"\[\d[\d, ;-]*\]|[*†‡§↑↓]")
_ASIDE = re.compile(r"[(\[（][^()\[\]（）]*[)\]）]")
_WORD = re.compile(r"([A-Za-z]+|\d+(?:\.\d+)?)(\.?)")
_WITHOUT = re.compile(r"\bw/o\b|\bw\.o\.", re.I)
_OURS = re.compile(r"\b(?:our (?:model|method|system|approach)|ours)\b", re.I)
_SHORT = {
    "avg": "averag", "ave": "averag", "acc": "accuraci", "prec": "precis", "rec": "recal", "param": "paramet",
    "mem": "memori", "len": "length", "ctx": "context", "ppl": "perplex", "inst": "instruct", "perf": "perform",
    "lat": "latenc", "thpt": "throughput", "std": "standard", "dim": "dimens", "num": "number", "iter": "iterat",
}  # fmt: skip
"""What tables print for want of room, and the stem of the whole word."""
_LABELS = 3
"""At most this many columns in front name the rows."""


@dataclass(frozen=True, slots=True)
class Part:
    """One name on an axis and the lines (rows or columns, from 0) that bear it."""

    axis: Axis
    level: int
    text: str
    required: frozenset[str]
    """Stems of its words; those in brackets are only `optional`."""
    optional: frozenset[str]
    cut: frozenset[str]
    """Its words that are printed short, with a full stop: "Rec."."""
    lines: frozenset[int]
    common: frozenset[str]
    """Words that all names of its level have."""


class Named(NamedTuple):
    """A table with the names of its rows and columns."""

    table: Table
    parts: tuple[Part, ...]
    around: frozenset[str]
    """Stems of what is said of the table as a whole: label, caption, headings of the rows' names."""
    columns: tuple[int, ...]
    """Those that hold values."""
    having: dict[str, list[int]]
    """Word of a name -> numbers of the parts that have it."""
    cut: frozenset[str]
    """Words printed short in any of the names."""

    def cell(self, row: int, column: int) -> str:
        """What is printed there."""
        cells = self.table.rows[row].cells
        return cells[column].text if column < len(cells) else ""

    def row_name(self, row: int) -> str:
        """The row as a person would call it."""
        cells = self.table.rows[row].cells
        front = [c.text for n, c in enumerate(cells) if n not in self.columns and c.text]
        if not front and self.table.rows[row].group:
            front = [self.table.rows[row].group]
        return _CITED.sub("", " ".join(front)).strip()

    def column_name(self, column: int) -> str:
        """The column as its header has it."""
        return self.table.header[column].strip()


def whole(word: str) -> str:
    """The stem of a word that tables print short; any other stem as it is."""
    return _SHORT.get(word, word)


def words(text: str) -> frozenset[str]:
    """The stems of a name."""
    return frozenset(map(whole, stems(text)))


def read(table: Table, naming: Naming) -> Named:
    """The names in a table. Pure."""
    front = _front(table)
    columns = tuple(n for n in range(len(table.header)) if n >= front)
    found: dict[tuple[Axis, int, str], set[int]] = {}
    for n, row in enumerate(table.rows):
        if row.group:
            found.setdefault(("row", GROUP, row.group), set()).add(n)
        for level, cell in enumerate(row.cells[:front]):
            if cell.text.strip():
                found.setdefault(("row", level, cell.text), set()).add(n)
    for n in columns:
        for level, name in enumerate(table.header[n].split(" / ")):
            if name.strip():
                found.setdefault(("column", level, name), set()).add(n)
    around = words(" ".join((table.label, table.caption, *table.header[:front])))
    parts = tuple(_parts(found, naming))
    having: dict[str, list[int]] = {}
    for n, part in enumerate(parts):
        for word in part.required | part.optional:
            having.setdefault(word, []).append(n)
    cut = frozenset(word for part in parts for word in part.cut)
    return Named(table, parts, around, columns, having, cut)


def _front(table: Table) -> int:
    """How many columns in front hold names rather than values."""
    if not table.rows:
        return 0
    front = 0
    for n in range(min(_LABELS, len(table.header))):
        cells = [row.cells[n].text for row in table.rows if n < len(row.cells) and row.cells[n].text.strip()]
        numbers = sum(values.value(text) is not None for text in cells)
        # a first column of numbers names the rows as well (layers, sizes), unless there is one row only
        if numbers * 2 > len(cells) and (n or len(table.rows) == 1 or "%" in "".join(cells)):
            break
        front = n + 1
    return front


def _parts(found: dict[tuple[Axis, int, str], set[int]], naming: Naming) -> list[Part]:
    raw = []
    for (axis, level, text), lines in found.items():
        for variant in _variants(text, naming):
            bare = _ASIDE.sub(" ", variant)
            required = words(bare) or words(variant)
            optional = words(variant) - required
            cut = frozenset(whole(stem(m[1])) for m in _WORD.finditer(variant) if m[2] and len(m[1]) > 2)
            raw.append(Part(axis, level, text, required, optional, cut, frozenset(lines), frozenset()))
    spoken: dict[tuple[Axis, int], dict[str, frozenset[str]]] = {}
    for p in raw:
        names = spoken.setdefault((p.axis, p.level), {})
        names[p.text] = names.get(p.text, frozenset()) | p.required | p.optional
    common = {
        key: frozenset.intersection(*names.values()) if len(names) > 1 else frozenset() for key, names in spoken.items()
    }
    return [replace(p, common=common[(p.axis, p.level)]) for p in raw if p.required]


@lru_cache(maxsize=1024)
def _patterns(short: str, long: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds the long name, however its words are joined, and the short one."""
    joined = r"[-_ ]?".join(map(re.escape, re.split(r"[-_ ]", long)))
    return (
        re.compile(rf"(?<![A-Za-z]){joined}(?![A-Za-z])", re.I),
        re.compile(rf"(?<![A-Za-z]){re.escape(short)}(?![A-Za-z])"),
    )


def _variants(text: str, naming: Naming) -> list[str]:
    """The name as printed and with the paper's short names for long ones, or its own name for "ours"."""
    plain = _WITHOUT.sub("without", _CITED.sub(" ", text))
    found = [plain]
    for short, long in naming.short:
        in_full, in_short = _patterns(short, long)
        found.append(in_full.sub(lambda _, name=short: name, plain))  # type: ignore[misc]  # default of a lambda
        found.append(in_short.sub(lambda _, name=long: name, plain))  # type: ignore[misc]  # default of a lambda
    if _OURS.search(plain):
        found += [_OURS.sub(own, plain) for own in sorted(naming.own)]
    return list(dict.fromkeys(found))
