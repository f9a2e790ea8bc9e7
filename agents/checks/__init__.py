"""Deterministic checks of a claim against its evidence. One check a file, found by its constant CHECK.

All checks are pure and quick (well under a few milliseconds), and run before any model is asked.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal, Protocol

from core.models import Finding

Family = Literal["number", "unit", "name", "direction", "negation", "strength", "attribution", "quote"]


class Check(Protocol):
    """One way of comparing a claim with its evidence."""

    @property
    def code(self) -> Family:
        """First part of the codes of all its findings."""

    def __call__(self, claim: str, evidence: str, context: str) -> list[Finding]:
        """Findings, worst and doubtful alike; empty where nothing is to be said.

        `claim`: one Chinese sentence, English inside allowed. `evidence`: the English quotes it cites, joined.
        `context`: the whole passages in which the quotes stand; may be empty.
        """


@cache
def checks() -> tuple[Check, ...]:
    """The CHECK of each module of this folder, by file name. A module without one is an AttributeError."""
    names = sorted(m.name for m in iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").CHECK for name in names)


def run(claim: str, evidence: str, context: str = "") -> list[Finding]:
    """All checks, findings in the order of the checks' files, the same finding once."""
    found = [f for check in checks() for f in check(claim, evidence, context)]
    return list(dict.fromkeys(found))
