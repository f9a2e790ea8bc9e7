"""A table as it can be rebuilt: systems on one axis, measures on the other, each cell with its place. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agents.evidence.names import Naming, flat, naming
from agents.quantities.model import Quantity
from agents.quoting import cite, sentence
from agents.tables import labels, values
from agents.tables.labels import Named
from agents.tables.naming import counts, lower_is_better, own_lines, systems_by_row
from agents.tabling import trust
from core.documents import Document, Passage, SectionRole, Table
from core.models import Quote

_SHOTS = re.compile(r"\W*(?:n[- ]?)?shots?\b", re.I)
_MISSING = re.compile(r"^(?:[-–—−/]+|n/?a\.?|none)$", re.I)
_SIZE = re.compile(r"#? ?(?:total )?(?:param(?:eter)?s?|model size|size)\b", re.I)
_SETTING = re.compile(
    r"\b(?:sizes?|params?|parameters|tokens|capacity|factor|budget|context|lengths?|(?:max|maximum) (?:in|out)put)\b",
    re.I,
)
"""Heads of columns in which rows of one name may differ."""
_METRIC = re.compile(
    r"\b(?:rec(?:all)?|prec(?:ision)?|f1|acc(?:uracy)?|em|exact match|bleu|rouge|auc|mrr|ndcg|map|correct\w*|fluency|"
    r"mauve|pass|score|psnr|ssim|fid|hit|wer|cer)\b|@\d",
    re.I,
)
_SCORED = re.compile(
    r"\b(?:scores?|accuracy|acc|cost|latency|throughput|speed|speed-?up|perplexity|ppl|perp|"
    r"loss|time|quality|win ?rate)\b",
    re.I,
)
"""A score even where its name speaks of steps or tokens."""
_RELATIVE = re.compile(r"w/|w/o\b|\+|without\b|with\b|-\s", re.I)
"""A name that says only what differs from its heading."""
_MARKS = re.compile(r"(?:\s*\[\d[\d, –-]*\]|\s?[†‡§*∗])+$")
"""Behind a name: what it cites, and signs that are explained below the table."""
_BROKEN = re.compile(r"(?<=[A-Za-z\d])- (?=[A-Z\d])|(?<=[A-Za-z\d]) -(?=[A-Za-z\d])")
_DOTTED = re.compile(r"(?<=[a-z\d]) \.(?=[a-z])")
_WORD_BROKEN = re.compile(r"(?<=[a-z])- (?=[a-z])")
"""A name broken at its hyphen, a word by one."""
_ARROW = re.compile(r"([↑↓])")


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column by its name."""

    at: int
    """Its number in the table, from 0."""
    name: str
    """As printed, in one line."""
    group: str = ""
    """The heading inside the table above it."""
    setting: str = ""
    """As printed beside it: 5-shot."""
    own: bool = False
    """Of what the paper presents."""
    low: bool = False
    """A small value is the good one."""
    counted: bool = False
    """A size or a setting, no score."""

    @property
    def shown(self) -> str:
        """The name with its setting."""
        return f"{self.name}（{self.setting}）" if self.setting else self.name


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table whose grid is beyond doubt."""

    document: Document
    table: Table
    named: Named
    by_row: bool
    """Do the systems stand in rows?"""
    systems: tuple[Line, ...]
    measures: tuple[Line, ...]
    rows: tuple[Passage | None, ...]
    """The passage of each printed row."""
    part: str = ""
    """The heading inside the table to which its lines were limited."""

    def printed(self, system: Line, measure: Line) -> str:
        """What the cell prints; empty where it prints nothing, or a dash."""
        row, column = (system.at, measure.at) if self.by_row else (measure.at, system.at)
        text = self.table.rows[row].cells[column].text.strip()
        return "" if _MISSING.match(text) else text

    def blank(self, system: Line, measure: Line) -> bool:
        """Is nothing printed, not even a dash?"""
        row, column = (system.at, measure.at) if self.by_row else (measure.at, system.at)
        return not self.table.rows[row].cells[column].text.strip()

    def value(self, system: Line, measure: Line) -> Quantity | None:
        """Its number; None where it has not just one."""
        text = self.printed(system, measure)
        return values.value(text) if text else None

    def quote(self, system: Line, measure: Line) -> Quote | None:
        """The cell as evidence: what its row prints, and its own box."""
        row, column = (system.at, measure.at) if self.by_row else (measure.at, system.at)
        passage, cells = self.rows[row], self.table.rows[row].cells
        cell = cells[column]
        beside = next((c for c in cells[: self.named.columns[0]] if c.box is not None), cell)
        if passage is None or cell.box is None or not trust.level(passage, cell, beside):
            return None
        return cite(sentence(passage, 0)).model_copy(update={"boxes": (cell.box,)})

    @property
    def role(self) -> SectionRole:
        """Of the section it stands in."""
        return next((p.role for p in self.rows if p is not None), SectionRole.OTHER)

    @property
    def section(self) -> str:
        """Where it stands."""
        return next((p.section for p in self.rows if p is not None), "")


def sheets(document: Document) -> tuple[Sheet, ...]:
    """The tables of a paper that can be rebuilt, in its order."""
    names = own(document, naming(document))
    found = (_sheet(document, table, names) for table in document.tables)
    return tuple(sheet for sheet in found if sheet is not None)


def own(document: Document, names: Naming) -> Naming:
    """The naming with only those own names that the title has, where it has any, and their short forms (DS-Coder for
    DeepSeek-Coder)."""
    head = flat(document.title)
    titled = {name for name in names.own if flat(name) in head}
    chosen = {n for n in names.own if any(flat(n).startswith(flat(t)) for t in titled)} if titled else set(names.own)
    begins = re.match(r"\s*([A-Z][\w.+-]*)(?: [\w.+-]+)?:", document.title)
    chosen |= {begins[1]} if begins and not chosen else set()
    return names._replace(own=frozenset(chosen | {_capitals(name) for name in chosen}))


def _capitals(name: str) -> str:
    first, dash, rest = name.partition("-")
    letters = "".join(c for c in first if c.isupper())
    return f"{letters}{dash}{rest}" if rest and len(letters) > 1 and not first.isupper() else name


def _sheet(document: Document, table: Table, names: Naming) -> Sheet | None:
    named = labels.read(table, names)
    by_row = _by_row(named, names)
    sizes = _sizes(named) if by_row is False else {}
    if by_row is None or trust.doubt(table, named, bool(sizes)):
        return None
    rows = tuple(trust.passages(document, table))
    in_rows, part = _one_group(_rows(named, rows))
    in_columns = _columns(named, by_row, sizes)
    if by_row:
        in_rows = _told_apart(in_rows, table, in_columns)
    ours = own_lines(named, by_row, names)
    if not by_row and (_mixed(in_columns) or (ours and not ours & {line.at for line in in_columns})):
        return None
    ours |= {n.at for n in (in_rows if by_row else in_columns) if names.base(n.name)}
    systems, measures = (in_rows, in_columns) if by_row else (in_columns, in_rows)
    systems = tuple(replace(line, own=line.at in ours) for line in _distinct(systems))
    measures = tuple(_measured(named, m, by_row) for m in _distinct(measures))
    return Sheet(document, table, named, by_row, systems, measures, rows, part)


def _by_row(named: Named, names: Naming) -> bool | None:
    """Do the systems stand in rows? The own name tells, or the names of measures; None where nothing does."""
    sides = [named.row_name(n) for n in range(len(named.table.rows))]
    if len({side.startswith("#") for side in sides}) > 1:
        return False  # a row of sizes: what has them stands in columns, whatever the corner is called
    told = systems_by_row(named, names)
    if told is not None:
        return told
    rows, columns = bool(own_lines(named, True, names)), bool(own_lines(named, False, names))
    if rows != columns:
        return rows
    heads = [named.column_name(n) for n in named.columns]
    measured = [sum(bool(_METRIC.search(name)) for name in some) > 0.6 * len(some) for some in (heads, sides)]
    return measured[0] if measured[0] != measured[1] else None


def _mixed(columns: Sequence[Line]) -> bool:
    """Do the same headings stand under several systems, so that a column is a system and a measure in one?"""
    lower = Counter(line.name.rpartition(" / ")[2] for line in columns if " / " in line.name)
    return max(lower.values(), default=0) > 1


def _measured(named: Named, line: Line, by_row: bool) -> Line:
    """With what its name says of good and bad: an arrow first, if one is printed."""
    arrow, scored = arrows(line), bool(_SCORED.search(line.name))
    low = arrow == "↓" if arrow else lower_is_better(named, line.at, by_row)
    sized = counts(named, line.at, by_row) or bool(_SETTING.search(line.name))
    counted = sized and not arrow and not scored and line.name.upper() != "C#"
    return replace(line, low=low, counted=counted)


def _columns(named: Named, by_row: bool, sizes: Mapping[int, str]) -> tuple[Line, ...]:
    """Those whose heading is beyond doubt; beside systems, none of settings. Of one name, with their sizes."""
    sound = trust.sound(named.table, named.columns, bool(sizes))
    often = Counter(named.column_name(n) for n in named.columns)
    return tuple(
        Line(n, f"{tidy(name)}（{sizes[n]}）" if often[name] > 1 and sizes.get(n) else tidy(name))
        for n in sound
        if by_row or not _SHOTS.match(named.column_name(n))
        for name in (named.column_name(n),)
    )


def _sizes(named: Named) -> dict[int, str]:
    """What the row of sizes prints in each column; empty where no heading is printed twice."""
    heads = Counter(named.column_name(n) for n in named.columns)
    if max(heads.values(), default=0) < 2:
        return {}
    rows = (n for n in range(len(named.table.rows)) if _SIZE.match(named.row_name(n)))
    row = next(rows, None)
    return {n: named.cell(row, n).strip() for n in named.columns} if row is not None else {}


def _rows(named: Named, rows: Sequence[Passage | None]) -> tuple[Line, ...]:
    """The rows that have a passage and a name; what tells one name from another stands behind it."""
    table, front = named.table, range(named.columns[0])
    settings = [n for n, head in enumerate(table.header) if _SHOTS.match(head)]
    sizes = [n for n in front if n not in settings and "#" in table.header[n]]
    called = [n for n in front if n not in settings + sizes and any(r.cells[n].text for r in table.rows)]
    bound = [(n, p) for n, p in enumerate(rows) if p is not None]
    edges = {c: trust.edge([(p, table.rows[n].cells[c]) for n, p in bound]) for c in called}
    found = []
    for at, passage in bound if called else ():
        cells = table.rows[at].cells
        parts = [tidy(trust.label(passage, cells[c], edges[c])) for c in called]
        setting = next((_shots(cells[n].text) for n in settings), "")
        if all(parts):
            found.append((at, parts, table.rows[at].group, setting))
    often = Counter(parts[0] for _, parts, _, _ in found)
    lines, heads = list[Line](), dict[str, str]()
    for at, parts, group, setting in found:
        name = f"{parts[0]}（{'，'.join(parts[1:])}）" if often[parts[0]] > 1 and len(parts) > 1 else parts[0]
        if not _RELATIVE.match(name):
            heads[group] = name
        elif head := heads.get(group, tidy(group)):
            # "w/o RL" says nothing without what stands above it
            name = f"{head} · {name}"
        lines.append(Line(at, name, group, setting))
    return tuple(lines)


def _shots(text: str) -> str:
    plain = text.strip()
    if _MISSING.match(plain):
        return ""
    return f"{plain}-shot" if plain.isdigit() else plain


def _one_group(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], str]:
    """Where the same names stand under several headings: the lines of the first, and that heading."""
    names = Counter(line.name for line in lines)
    groups = list(dict.fromkeys(line.group for line in lines))
    repeated = [n for n in names if len({line.group for line in lines if line.name == n}) > 1]
    if len(groups) > 1 and len(repeated) * 2 > len(names):
        return tuple(line for line in lines if line.group == groups[0]), groups[0]
    return lines, ""


def _told_apart(lines: tuple[Line, ...], table: Table, columns: Sequence[Line]) -> tuple[Line, ...]:
    """Rows of one name with the size or setting in which they differ behind it."""
    names = Counter(line.name for line in lines)
    if max(names.values(), default=0) < 2:
        return lines
    for column in range(len(table.header)):
        head = tidy(table.header[column])
        if "#" in head or _SETTING.search(head):
            named = [f"{line.name}（{head} {table.rows[line.at].cells[column].text}）" for line in lines]
            if len(set(named)) == len(named):
                return tuple(
                    replace(line, name=name) if names[line.name] > 1 else line
                    for line, name in zip(lines, named, strict=True)
                )
    return lines


def _distinct(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines with names of their own."""
    names = Counter(line.name for line in lines)
    return tuple(line for line in lines if names[line.name] == 1)


def tidy(name: str) -> str:
    """A name as printed, in one line, without what it cites."""
    return _WORD_BROKEN.sub("", _BROKEN.sub("-", _DOTTED.sub(".", _MARKS.sub("", name)))).strip()


def arrows(line: Line) -> str:
    """The arrow printed with a name; empty where there is none."""
    found = _ARROW.search(line.name)
    return found[1] if found else ""
