"""How findings speak of a table, and what is good in it."""

import re

from agents.tables.labels import Named

_LOW = re.compile(
    r"↓|\b(?:loss(?:es)?|perplexity|ppl|errors?|err|latency|time|delay|cost|price|[wc]er|mae|mse|rmse|fid|bpb|bpc|"
    r"distance|violations?|hallucinations?|toxicity|memory|params?|parameters|flops|overhead|gap|rank|"
    r"seconds|ms|us|s|lower is better)\b",
    re.I,
)


def label(table: Named) -> str:
    """表 6; 表中 where it has no number."""
    return re.sub(r"^Table\s*", "表 ", table.table.label, flags=re.I) or "表中"


def lower_is_better(table: Named, line: int, by_row: bool) -> bool:
    """Is a small value the good one in this column (row)?"""
    name = table.column_name(line) if by_row else " ".join((table.row_name(line), table.table.rows[line].group))
    return bool(_LOW.search(f"{name} {table.table.caption}" if "lower" in table.table.caption else name))
