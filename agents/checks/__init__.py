"""Deterministic checks of a claim against its evidence. One check a file, found by its constant CHECK.

All checks are pure and quick (well under a few milliseconds), and run before any model is asked.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal, Protocol

from agents.evidence.names import NOBODY, Naming
from core.documents import Table
from core.models import Finding

Family = Literal["number", "unit", "name", "direction", "negation", "strength", "attribution", "quote"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a claim is held against."""

    texts: tuple[str, ...]
    """The quotes in English, the one nearest to the claim first. A row of a table is spelled out with its headers:
    `Table 3 · GROUP · HEADER=CELL, HEADER=CELL (caption)`."""
    context: str = ""
    """The whole passages in which they stand; may be empty."""
    near: tuple[str, ...] = ()
    """Other statements of the paper on the same subject, best first; not cited."""
    tables: tuple[Table, ...] = ()
    """All tables of the paper."""
    naming: Naming = NOBODY
    """What the paper calls its own system, and its short names."""

    @property
    def text(self) -> str:
        """All quotes, joined."""
        return " ".join(self.texts)


class Check(Protocol):
    """One way of comparing a claim with its evidence."""

    @property
    def code(self) -> Family:
        """First part of the codes of all its findings."""

    def __call__(self, claim: str, evidence: Evidence) -> list[Finding]:
        """Findings, worst and doubtful alike; empty where nothing is to be said.

        `claim`: one Chinese sentence, English inside allowed.
        """


@cache
def checks() -> tuple[Check, ...]:
    """The CHECK of each module of this folder, by file name. A module without one is an AttributeError."""
    names = sorted(m.name for m in iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").CHECK for name in names)


def run(claim: str, evidence: Evidence) -> list[Finding]:
    """All checks, findings in the order of the checks' files, the same finding once."""
    found = [f for check in checks() for f in check(claim, evidence)]
    return list(dict.fromkeys(found))
