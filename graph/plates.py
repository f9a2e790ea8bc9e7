"""Pictures of a report's plates, cut out of the papers' pages. Each is made once."""

from collections.abc import Iterator
from pathlib import Path

from core import log
from core.errors import Retry, Skip
from core.report import Plate, Report
from graph import figures
from graph.deps import Deps


def _shown(report: Report) -> Iterator[tuple[str, Plate]]:
    """Plates that may be shown, by section and number of the block."""
    for section in report.sections:
        for n, block in enumerate(section.blocks):
            if isinstance(block, Plate) and block.shown:
                yield f"{section.id}.{n}", block


async def picture(deps: Deps, report: Report, block: str) -> Path:
    """See core.desk.Desk. Raises Skip (not_found: no such plate, or its PDF is gone; changed: not the PDF that was
    read; damaged, …), Retry and Stop."""
    plate = dict(_shown(report)).get(block)
    document = deps.library.document(plate.paper, deps.parser) if plate else None
    if plate is None or document is None:
        raise Skip("报告里没有这张图", "重新打开报告", code="not_found")
    target = deps.paths.report(report.id, report.version) / f"{block}.png"
    await figures.cut(deps, document, [(target, plate.box)])
    return target


async def pictures(deps: Deps, report: Report) -> dict[str, bytes]:
    """All plates that are shown; one that cannot be cut out is left to its link."""
    found: dict[str, bytes] = {}
    for block, plate in _shown(report):
        try:
            found[block] = (await picture(deps, report, block)).read_bytes()
        except (Skip, Retry) as error:
            log.get("report").warning("no picture", paper=plate.paper, block=block, reason=str(error))
    return found
