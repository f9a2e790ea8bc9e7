"""A process that writes one report and prints it: `python -m tests.flow.report_child HOME`. Made to be killed."""

import asyncio
import sys
from pathlib import Path

import pytest

from core.settings import load
from graph.desk import open_desk
from tests.flow.talks import KARMA, shelve
from tests.flow.writing import BOTH, fixed


async def main(home: Path) -> None:
    """The report, gone on with if there is some of it."""
    fixed(pytest.MonkeyPatch())
    settings = load(home=home, cache=home / "cache", arxiv_interval=0, mirror="http://127.0.0.1:9", http_retries=0)
    async with open_desk(settings) as desk:
        if desk.deps.library.document(KARMA, desk.deps.parser) is None:
            await shelve(desk.deps)
        proposal = await desk.propose(BOTH)
        async for _ in desk.write(proposal.id):
            pass
        report = desk.report(proposal.id)
        if report:
            sys.stdout.write(report.model_dump_json())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
