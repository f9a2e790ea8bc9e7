"""The compiled graphs over one file of threads. LangGraph comes in here and nowhere above: importing it takes most of
a second, and half of the commands need none of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from graph import chat, day, paper, report, section
from graph.checkpoints import open_saver


class Flows(NamedTuple):
    """One compiled graph for each kind of work."""

    days: Any
    papers: Any
    chat: Any
    reports: Any
    sections: Any


@asynccontextmanager
async def open_flows(threads: Path) -> AsyncIterator[Flows]:
    """The graphs, remembering unfinished work in the file `threads`. Raises Stop."""
    async with open_saver(threads) as saver:
        papers = paper.build().compile(checkpointer=saver)
        days = day.build(papers).compile(checkpointer=saver)
        sections = section.build().compile(checkpointer=saver)
        reports = report.build(sections).compile(checkpointer=saver)
        yield Flows(days, papers, chat.build().compile(), reports, sections)
