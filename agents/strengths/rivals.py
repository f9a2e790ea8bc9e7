"""Who was first, and who wins on every line of a table."""

import re

from agents.checks import Evidence
from agents.evidence.units import shipped
from agents.strengths.aligned import Part, alike, stemmed
from agents.strengths.words import EXCEPT_ZH, UNIVERSAL_ZH, data
from agents.tables import values
from agents.tables.labels import Named
from agents.tables.locate import places
from agents.tables.naming import label, lower_is_better

_FIRST_OTHER = re.compile(
    r"\b((?!We\b|It\b|This\b|The\b|Our\b|To\b|In\b|These\b|They\b|That\b|At\b|For\b|From\b|As\b|Here\b)[A-Z][\w.+-]+"
    r"(?:[ -][A-Z0-9][\w.+-]*){0,3})(?:\s+et al\.?)?\s*(?:[\[(][^\])]{1,40}[\])])?,?\s+(?:(?:is|was|are|were|has been|"
    r"have been) (?:among |one of )?(?:the )?(?:very )?first\b|"
    r"firstly? (?:propos|introduc|present|show|demonstrat|appl|use)\w*)"
)
_BETTER_ZH = re.compile(r"优于|高于|超过|超越|胜过|强于|好于|领先于?|击败")
_AUTHORS = re.compile(r"本文|作者|我们|论文|本研究|本工作|该文")
_LATIN = re.compile(r"[A-Za-z][\w.+-]*")


def other_first(part: Part) -> tuple[str, str]:
    """(who was first by the paper, the claim's word) where it was not the one the claim names; both empty otherwise."""
    word = next(w for w in data()[0] if w.name == "first")
    match = word.zh.search(part.text)
    before = part.text[: match.start()] if match else ""
    if match is None or not (_LATIN.search(before) or _AUTHORS.search(before)):
        return "", ""
    spoken = [s for s in part.cited if word.tight and word.tight.search(s)]
    for other in _FIRST_OTHER.finditer(max(spoken, key=lambda s: alike(part.text, s), default="")):
        name = other.group(1)
        known = {n.lower() for n in part.evidence.naming.own} if _AUTHORS.search(before) else set()
        if name.lower() not in known and not any(w.lower() in part.text.lower() for w in name.split()):
            return name, match.group()
    return "", ""


def beaten(text: str, evidence: Evidence) -> tuple[str, str]:
    """(the line that was lost, the claim's word) for a system said to win everywhere, in a table that has it and one
    other; both empty where it does."""
    hard = UNIVERSAL_ZH.search(text)
    better = _BETTER_ZH.search(text)
    if hard is None or better is None or EXCEPT_ZH.search(text):
        return "", ""
    rival = {s for word in shipped().cut(text[better.end() :]) for s in word.stems} | stemmed(text[better.end() :])
    for place in places(text, evidence):
        table = place.named
        for by_row, named, ends in (
            (True, place.rows, tuple(range(len(table.table.rows)))),
            (False, place.columns, table.columns),
        ):
            own = [e.lines for e in named if e.end <= better.start() and not hard.start() <= e.start < hard.end()]
            if len(ends) != 2 or place.missed or len(own) != 1 or len(own[0]) != 1:
                continue
            (ours,) = own[0]
            (theirs,) = (n for n in ends if n != ours)
            name = table.row_name(theirs) if by_row else table.column_name(theirs)
            if rival & (stemmed(name) | table.around) and (said := _lost(table, ours, theirs, by_row)):
                return said, hard.group()
    return "", ""


def _lost(table: Named, ours: int, theirs: int, by_row: bool) -> str:
    """The first line on which the one has less than the other; empty where there is none."""
    for line in table.columns if by_row else range(len(table.table.rows)):
        cells = [table.cell(n, line) if by_row else table.cell(line, n) for n in (ours, theirs)]
        one, two = map(values.value, cells)
        if one and two and one.kind == two.kind and one.low < two.low and not lower_is_better(table, line, by_row):
            names = [table.row_name(n) if by_row else table.column_name(n) for n in (ours, theirs)]
            metric = table.column_name(line) if by_row else table.row_name(line)
            return f"{label(table)} 有反例：{metric} 上 {names[0]} 是 {cells[0]}，{names[1]} 是 {cells[1]}"
    return ""
