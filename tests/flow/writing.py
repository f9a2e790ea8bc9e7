"""Reports for whole-graph tests: two small papers on a real desk, a fixed plan, and a model that writes true sentences.

What a test wants to go wrong it says to the `Script`; everything else goes right.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from agents import planning
from core.models import Usage
from core.ports import ChatModel, Progress
from core.report import Commission, Plan, PlannedPaper, PlannedSection, Report
from graph.desk import Desk
from tests.flow.talks import KARMA, ORCA, shelve
from tests.flow.worlds import desk
from tests.unit.builders import WordsEmbedder
from tools.llm.meter import CallMeter
from tools.llm.scripted import Asked, Said, ScriptedModel
from tools.rag import embed

BOTH = Commission(topic="", papers=(KARMA, ORCA))
TRUE = {
    "reaches an accuracy of": "{0} 在 MMLU 上的准确率为 {1}。",
    "for two weeks": "{0} 用 {1} 块 GPU 训练了两周。",
    "only tested on English": "{0} 只在英语数据上测试过。",
}
"""Words of a sentence of the papers -> what may be said of it."""
_FACT = re.compile(
    r"\[?(S\d+)[\]:] ((?:We train )?(KARMA|ORCA2)\b[^\[\n]*?(?:accuracy of ([\d.]+%)|on (\d+) GPUs|English)[^\[\n]*)"
)
SECTIONS = ("method", "results", "limitations")


def plan(
    *, papers: Sequence[str] = (KARMA, ORCA), sections: Sequence[str] = SECTIONS, title: str = "两个模型的比较"
) -> Plan:
    """A plan with a section for each aspect."""
    return Plan(
        title=title, kind="comparison" if len(papers) > 1 else "paper",
        papers=tuple(PlannedPaper(version=v, title=v, reason="点名要读") for v in papers),
        sections=tuple(
            PlannedSection(id=f"s{n}", heading=f"第 {n} 节", aspect=aspect, questions=("准确率是多少？用了几块 GPU？",))  # type: ignore[arg-type]
            for n, aspect in enumerate(sections, 1)
        ),
        expected=Usage(), minutes=1.0,
    )  # fmt: skip


def said_of(asked: Asked) -> list[tuple[str, str]]:
    """(name of a sentence that the model was shown, what is true of it)."""
    found = []
    for key, words, name, *numbers in _FACT.findall(asked.last):
        text = next(true for cue, true in TRUE.items() if cue in words)
        found.append((text.format(name, *[n for n in numbers if n]), key))
    return [(key, text) for text, key in dict(found).items()]


class Script:
    """What the model says to each schema; `wrong` may answer or raise first. Counts how often each was asked."""

    def __init__(self) -> None:
        self.wrong: Callable[[str, Asked], Said | None] = lambda name, asked: None
        self.asked: Counter[str] = Counter()

    def say(self, asked: Asked) -> Said:
        """See ScriptedModel."""
        name = asked.schema.__name__ if asked.schema else asked.kind
        self.asked[name] += 1
        if (wrong := self.wrong(name, asked)) is not None:
            return wrong
        true = said_of(asked)
        if name == "_Findings":
            return {"notes": [{"question": 1, "point": text, "keys": [key]} for key, text in true], "open": []}
        if name == "_Section":
            return {"paragraphs": [{"sentences": [{"text": text, "keys": [key]} for key, text in true]}]}
        if name == "_Cells":
            return {"cells": []}
        if name == "_Revision":
            key, text = true[0]
            return {"text": text, "keys": [key]}
        if asked.kind == "choose":
            return {"是": 0.98, "否": 0.02}
        return "What is the accuracy and how many GPUs were used?"


class Press:
    """An open desk with two papers on it."""

    def __init__(self, opened: Desk, model: ScriptedModel | None, script: Script, told: list[Progress]) -> None:
        self.desk, self.model, self.script, self.told = opened, model, script, told

    async def write(self, id: str, plan: Plan | None = None) -> list[Progress]:
        """All that is told."""
        return [progress async for progress in self.desk.write(id, plan)]

    async def report(self, commission: Commission = BOTH, plan: Plan | None = None) -> Report:
        """Proposed, agreed to and written."""
        proposal = await self.desk.propose(commission)
        await self.write(proposal.id, plan)
        made = self.desk.report(proposal.id)
        assert made is not None
        return made

    async def threads(self) -> list[str]:
        """Unfinished threads."""
        saver = (await self.desk._flows()).reports.checkpointer
        async with saver.conn.execute("SELECT DISTINCT thread_id FROM checkpoints ORDER BY 1") as rows:
            return [name async for (name,) in rows]


def fixed(monkeypatch: pytest.MonkeyPatch, made: Callable[[Commission], Plan] = lambda _: plan()) -> list[Any]:
    """Planning gives this plan; the list fills with what it was asked with. The encoder counts words, which is enough
    for papers of four sentences."""
    seen: list[Any] = []

    async def planned(model: ChatModel | None, commission: Commission, candidates: Any, prices: Any) -> Plan:
        await asyncio.sleep(0)
        seen.append((commission, candidates))
        return made(commission)

    monkeypatch.setattr(planning, "plan", planned)
    monkeypatch.setattr(embed, "make_embedder", lambda _: WordsEmbedder())
    return seen


@asynccontextmanager
async def press(home: Path, script: Script | None = None, *, small: bool = False, **more: Any) -> AsyncIterator[Press]:
    """A desk of its own with the two papers on it. `price`: of a token, in and out; then calls cost money."""
    script = script or Script()
    price = more.pop("price", 0.0)
    model = ScriptedModel(script.say, name="scripted", small=small, local=not price)
    with capture_logs():  # tracebacks with all their locals take seconds to draw
        async with desk(home, model, mirror="http://127.0.0.1:9", http_retries=0, **more) as (opened, told):
            if price:
                opened.deps.meter = CallMeter(price, price)
            model._meter = opened.deps.meter  # type: ignore[assignment]  # the desk's own meter
            await shelve(opened.deps)
            yield Press(opened, model, script, told)
