"""The day's papers side by side on common benchmarks, and where two of them report different numbers. Pure.

Cells are the page's own words, taken by code with their places: they are claims that nobody has to judge.
"""

from collections.abc import Iterable, Mapping, Sequence

from agents.asking import coined
from agents.tabling import benchmarks, conflicts
from agents.tabling.benchmarks import Result
from agents.tabling.rebuilding import Ids
from agents.tabling.sheets import sheets
from core.documents import Document
from core.models import Claim, Paper, Verdict
from core.report import Grid, Sentence

PAPERS = 12
"""Rows of a table; its columns are bounded where it is made."""
_ID = "g"


def measured(documents: Iterable[Document]) -> dict[str, list[Result]]:
    """Version -> what its tables say of systems on benchmarks."""
    return {document.paper: benchmarks.read(sheets(document)) for document in documents}


def grids(
    results: Mapping[str, Sequence[Result]], papers: Mapping[str, Paper]
) -> tuple[tuple[Grid, ...], tuple[Claim, ...]]:
    """The table and its cells; nothing where fewer than two papers have a benchmark in common. `results`: the papers
    that go first where there are too many come first."""
    names = {version: called(paper) for version, paper in papers.items()}
    whole = benchmarks.grid(results, names, Ids(_ID, ()))
    if whole is None:
        return (), ()
    rows = {row.paper for row in whole[0].rows}
    fitting = [version for version in results if version in rows][:PAPERS]
    made = benchmarks.grid({version: results[version] for version in fitting}, names, Ids(_ID, ()))
    return ((made[0],), tuple(map(_printed, made[1]))) if made else ((), ())


def contradictions(results: Mapping[str, Sequence[Result]], papers: Mapping[str, Paper]) -> list[Claim]:
    """Sentences on a system for which two papers report different numbers, both cells as evidence."""
    names = {version: called(paper) for version, paper in papers.items()}
    different, _ = conflicts.found(results, names, Ids(_ID, ()))
    return [_printed(sentence) for sentence in different]


def called(paper: Paper) -> str:
    """What a paper is called in a sentence: its coined name, else its title."""
    return coined(paper.title) or f"《{paper.title.strip()}》"


def _printed(sentence: Sentence) -> Claim:
    return Claim(id=sentence.id, text=sentence.text, verdict=Verdict.SUPPORTED, score=1.0, evidence=sentence.evidence)
