"""Tables and plates of a report, put together by code from the papers' own tables, figures and equations. Pure.

trust      tables whose grid is beyond doubt      sheets      a table by systems and measures
choosing   which table, which of its lines        rebuilding  a table of the report, cell by cell
benchmarks several papers on common benchmarks    conflicts   two papers on the same cell
plates     key figure and equations               equations   which matter, and where they stand
"""

from collections.abc import Mapping, Sequence

from agents.tabling import benchmarks, choosing, conflicts, rebuilding
from agents.tabling.choosing import Chosen
from agents.tabling.plates import plates
from agents.tabling.rebuilding import Ids
from agents.tabling.sheets import sheets
from core.documents import Document
from core.models import Paper
from core.report import Block, PlannedSection, Prose, Sentence, Written

_NAME = 40
"""Characters of a title that are a name."""


def add(
    written: Written, section: PlannedSection, documents: Mapping[str, Document], papers: Mapping[str, Paper]
) -> Written:
    """What code has to add to a section; the section as it is where that is nothing."""
    ids = Ids(section.id, [s.id for s in written.sentences])
    if section.aspect in ("results", "ablation"):
        chosen = [c for document in documents.values() for c in _chosen(section.aspect, document)]
        made = [rebuilding.grid(c, ids) for c in chosen]
        return _inserted(written, [grid for grid, _ in made], [s for _, cells in made for s in cells])
    if section.aspect == "method":
        found = [p for d in documents.values() for p in plates(d, papers.get(d.paper), written.sentences)]
        return _inserted(written, found, [])
    if section.aspect in ("benchmarks", "agreement") and len(documents) > 1:
        return _compared(written, section.aspect, ids, documents, papers)
    return written


def _chosen(aspect: str, document: Document) -> tuple[Chosen, ...]:
    if aspect == "results":
        return choosing.results(sheets(document))
    found = choosing.ablation(sheets(document))
    return (found,) if found else ()


def _compared(
    written: Written, aspect: str, ids: Ids, documents: Mapping[str, Document], papers: Mapping[str, Paper]
) -> Written:
    results = {d.paper: benchmarks.read(sheets(d)) for d in documents.values()}
    names = {d.paper: _name(d, papers.get(d.paper)) for d in documents.values()}
    if aspect == "benchmarks":
        made = benchmarks.grid(results, names, ids)
        return _inserted(written, [made[0]], made[1]) if made else written
    paragraphs = [p for p in conflicts.found(results, names, ids) if p]
    blocks = [Prose(claims=tuple(s.id for s in sentences)) for sentences in paragraphs]
    return Written(
        blocks=(*written.blocks, *blocks), sentences=(*written.sentences, *(s for p in paragraphs for s in p))
    )


def _name(document: Document, paper: Paper | None) -> str:
    """What a paper is called in a sentence: the name before the colon of its title, or its title."""
    title = (paper.title if paper else "") or document.title or document.paper
    head, colon, _ = title.partition(":")
    return head.strip() if colon and len(head) <= _NAME else f"《{title.strip()}》"


def _inserted(written: Written, blocks: Sequence[Block], sentences: Sequence[Sentence]) -> Written:
    """The blocks behind the first paragraph, the sentences at the end."""
    at = next((n + 1 for n, block in enumerate(written.blocks) if block.kind == "prose"), 0)
    return Written(
        blocks=(*written.blocks[:at], *blocks, *written.blocks[at:]), sentences=(*written.sentences, *sentences)
    )
