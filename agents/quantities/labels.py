"""Cells that a row prints with their header (MMLU=78.5, GSM8K=84.1): the claim must not move one to another header."""

import re
from typing import NamedTuple

from agents.quantities.model import Quantity

_HEADER = re.compile(r"([A-Za-z][^=,;|·()\n]{0,40}?)\s*=\s*$")
_CLAUSE = re.compile(r"[，。；：、！？;\n]|,\s")


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


def moved(
    q: Quantity, claim: str, numbers: int, agreeing: list[Quantity], theirs: tuple[Quantity, ...], text: str
) -> Moved | None:
    """Set when the clause of `q` names one header of the row and `q` stands under others only.

    `numbers`: how many numbers the clause has; with more than one it is open which belongs to what.
    """
    own = {header(e, text) for e in agreeing}
    if "" in own or numbers != 1:
        return None
    cells = {header(e, text): e for e in theirs if e.kind == q.kind and header(e, text)}
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


def _names(label: str, text: str) -> bool:
    return bool(re.search(rf"(?<![A-Za-z0-9]){re.escape(label)}(?![A-Za-z0-9])", text, re.I))
