"""How findings speak of a table, which axis has its systems, and what is good in it."""

import re

from agents.evidence.names import Naming
from agents.tables.labels import Named
from core.words import stems

_LOW = re.compile(
    r"↓|\b(?:loss(?:es)?|perplexity|ppl|errors?|err|latency|time|delay|cost|price|[wc]er|mae|mse|rmse|fid|bpb|bpc|"
    r"distance|violations?|hallucinations?|toxicity|memory|params?|parameters|flops|overhead|gap|rank|"
    r"seconds|ms|us|s|lower is better)\b",
    re.I,
)
_COUNTS = re.compile(
    r"#|\b(?:params?|parameters?|sizes?|shots?|dates?|years?|layers?|heads?|hidden|experts?|vocab\w*|capacity|"
    r"batch|lr|learning rate|flops|architecture|released?|backbone|steps?|epochs?|context length|tokens)\b",
    re.I,
)
_SHOTS = re.compile(r"\b(?:\d+|zero|one|few)[- ]?shots?\b", re.I)
"""Behind the name of a benchmark; no count."""
_SYSTEMS = re.compile(
    r"\b(?:models?|methods?|systems?|approach(?:es)?|algorithms?|variants?|baselines?|agents?|backbones?|strateg\w+)\b",
    re.I,
)
_MEASURES = re.compile(
    r"\b(?:benchmarks?|metrics?|tasks?|datasets?|tests?|evaluations?|categor\w+|domains?|languages?|subjects?|"
    r"capabilit\w+|measures?)\b|^\s*\(",
    re.I,
)
_LIKE_SYSTEM = re.compile(
    r"\d[BM]\b|\bours?\b|\b(?:base|chat|instruct|inst|w/o?)\b|[A-Za-z]-?[vV]?\d(?:\.\d)?\b(?![^ ]*@)|GPT|BERT|Llama|"
    r"Qwen",
    re.I,
)
_OURS = re.compile(r"\bours?\b", re.I)


def label(table: Named) -> str:
    """表 6; 表中 where it has no number."""
    return re.sub(r"^Table\s*", "表 ", table.table.label, flags=re.I) or "表中"


def line_name(table: Named, line: int, by_row: bool) -> str:
    """What a line that is compared on is called: a column where the systems stand in rows."""
    return table.column_name(line) if by_row else " ".join((table.row_name(line), table.table.rows[line].group))


def lower_is_better(table: Named, line: int, by_row: bool) -> bool:
    """Is a small value the good one in this column (row)?"""
    name = line_name(table, line, by_row)
    return bool(_LOW.search(f"{name} {table.table.caption}" if "lower" in table.table.caption else name))


def counts(table: Named, line: int, by_row: bool) -> bool:
    """Is it no score, but a size or a setting (# Total Params, shots)?"""
    return bool(_COUNTS.search(_SHOTS.sub("", line_name(table, line, by_row))))


def own_lines(table: Named, by_row: bool, naming: Naming) -> frozenset[int]:
    """The rows (columns) of what the paper presents."""
    own = [frozenset(stems(name)) for name in naming.own]
    axis = "row" if by_row else "column"
    return frozenset(
        n
        for part in table.parts
        if part.axis == axis
        and (_OURS.search(part.text) or any(name and name <= part.required | part.optional for name in own))
        for n in part.lines
    )


def systems_by_row(table: Named, naming: Naming) -> bool | None:
    """Do the rows stand for systems and the columns for what is measured? None where it cannot be told."""
    front = " ".join(table.table.header[: min(table.columns, default=0)])
    if _MEASURES.search(front) and not _SYSTEMS.search(front):
        return False
    rows = [table.row_name(n) for n in range(len(table.table.rows))]
    columns = [table.column_name(n) for n in table.columns]
    if _SYSTEMS.search(front) and not _MEASURES.search(front):
        return True
    alike = [sum(bool(_LIKE_SYSTEM.search(n)) for n in names) / max(len(names), 1) for names in (rows, columns)]
    scores = [2 * bool(own_lines(table, axis, naming)) + alike[not axis] for axis in (True, False)]
    return None if abs(scores[0] - scores[1]) < 0.3 else scores[0] > scores[1]
