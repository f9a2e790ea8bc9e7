"""Cells that a row prints with their header (MMLU=78.5, GSM8K=84.1): the claim must not move one to another header."""

import re
from typing import NamedTuple

from agents.quantities import units
from agents.quantities.model import Quantity

_HEADER = re.compile(r"([A-Za-z][^=,;|·()\n]{0,40}?)\s*=\s*$")
_UNIT = re.compile(r"[(\[]([^()\[\]=]{1,20})[)\]]\s*[↑↓]?\s*=\s*$")
_CLAUSE = re.compile(r"[，。；：、！？;\n]|,\s")
_ROW = re.compile(r"(?:^|\s)(?:Table|Tab\.)\s?\S+ · ")
_COMPARED = re.compile(r"(?:比|与|和|跟|较|于|过|不如|不及|相比|相较)\s*$")
"""Before a header that the claim only compares with."""


class Moved(NamedTuple):
    """A number printed under one header that the claim gives to another."""

    header: str
    named: str
    cell: Quantity
    """What stands under the header that the claim names."""


def header(quantity: Quantity, text: str) -> str:
    """What stands before the equals sign in front of the number; empty where there is none."""
    found = _HEADER.search(text[max(0, quantity.start - 60) : quantity.start])
    return found[1].strip() if found else ""


def unit(quantity: Quantity, text: str) -> units.Unit | None:
    """The unit that the header in front of the number has in brackets: Latency (ms)=20."""
    found = _UNIT.search(text[max(0, quantity.start - 40) : quantity.start])
    return units.behind(found[1], 0) if found else None


def moved(
    q: Quantity, claim: str, numbers: int, agreeing: list[Quantity], theirs: tuple[Quantity, ...], text: str
) -> Moved | None:
    """Set when the clause of `q` names one header of the row and `q` stands under others only.

    `numbers`: how many numbers the clause has; with more than one it is open which belongs to what.
    """
    own = {header(e, text) for e in agreeing}
    if "" in own or numbers != 1:
        return None
    rows = {_row(e, text) for e in agreeing}
    cells = {header(e, text): e for e in theirs if e.kind == q.kind and header(e, text) and _row(e, text) in rows}
    begin, end = clause(q, claim)
    named = [h for h in cells if _names(h, claim[begin:end])]
    if len(named) != 1 or named[0] in own:
        return None
    return Moved(min(own), named[0], cells[named[0]])


def clause(q: Quantity, claim: str) -> tuple[int, int]:
    """Where the clause of `q` begins and ends."""
    stops = [m.span() for m in _CLAUSE.finditer(claim)]
    begin = max((e for _, e in stops if e <= q.start), default=0)
    return begin, min((s for s, _ in stops if s >= q.end), default=len(claim))


def _row(quantity: Quantity, text: str) -> int:
    """Where the row begins that prints the quantity."""
    return max((m.start() for m in _ROW.finditer(text, 0, quantity.start)), default=0)


def _names(label: str, text: str) -> bool:
    """Is the header named as such, not as a part of a longer name nor as what something is compared with?"""
    found = re.finditer(rf"(?<![A-Za-z0-9])(?<![A-Za-z0-9][-_]){re.escape(label)}(?![-_.]?[A-Za-z0-9])", text, re.I)
    return any(not _COMPARED.search(text[: m.start()]) for m in found)
