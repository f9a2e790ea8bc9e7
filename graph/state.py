"""What the graphs remember between steps: ids and small typed values; texts live in the library."""

import operator
from collections.abc import Sequence
from typing import Annotated, TypedDict

from core.models import Basis, Claim, Draft, Note, Paper, PaperResult, Pick, Problem, Query, Step, Usage
from core.report import Commission, Material, Plan, PlannedSection, ReportSection, Written


def _join(before: Sequence[Step], after: Sequence[Step]) -> tuple[Step, ...]:
    """Checkpoints give tuples back as lists."""
    return (*before, *after)


class PaperState(TypedDict, total=False):
    """One paper's thread."""

    paper: Paper
    basis: Basis
    why_abstract: str
    """Chinese: why the PDF could not be read, where only the abstract was."""
    final: bool
    """False: what went wrong may go right tomorrow (a busy server), so the next run tries again."""
    passed: Annotated[tuple[Step, ...], _join]
    picks: tuple[Pick, ...]
    notes: tuple[Note, ...]
    drafts: tuple[Draft, ...]
    claims: tuple[Claim, ...]
    tried: tuple[str, ...]
    """Sentences (passage:number) a small model has been given already."""
    rounds: int
    """How often failed claims have gone back to the writer."""
    usage: Annotated[Usage, operator.add]


class DayState(TypedDict, total=False):
    """One day's thread."""

    query: Query
    source: str
    date: str
    zone: str
    note: str
    listed: int
    chosen: tuple[str, ...]
    """Versions, in the source's order."""
    left_out: tuple[tuple[str, str], ...]
    """(version, reason)."""
    late: tuple[tuple[str, str], ...]
    """(version, day whose list it came late to)."""
    observed: str
    """When the list was seen, ISO 8601."""
    problems: tuple[Problem, ...]
    results: tuple[PaperResult, ...]


class SectionState(TypedDict, total=False):
    """One section's thread."""

    section: PlannedSection
    plan: Plan
    papers: tuple[str, ...]
    """Versions that were read."""
    material: Material
    written: Written
    claims: tuple[Claim, ...]
    again: tuple[str, ...]
    """Sentences that were rewritten since they were reviewed."""
    rounds: int
    """How often failed sentences have gone back to the writer."""
    rewritten: int
    stopped: str
    made: ReportSection
    usage: Annotated[Usage, operator.add]


class ReportState(TypedDict, total=False):
    """One version of a report."""

    id: str
    version: int
    commission: Commission
    plan: Plan
    agreed: bool
    """True: nobody has to be asked, because the plan was agreed to before."""
    anew: tuple[str, ...]
    """Sections to be written, the others are those of the version before; empty: all."""
    papers: tuple[str, ...]
    """Versions that were read."""
    left_out: tuple[tuple[str, str], ...]
    sections: tuple[ReportSection, ...]
    usage: Annotated[Usage, operator.add]
