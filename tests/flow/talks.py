"""Conversations for whole-graph tests: two small papers on a real desk, and models that say what a test wants."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from core.ports import ChatModel
from core.talk import Event, Replied, Scope, Turn, Words
from graph import talk
from graph.deps import Deps
from graph.flows import Flows
from tests.flow.worlds import desk
from tests.unit.builders import document, paper, passage
from tools.llm.scripted import Asked, Said, ScriptedModel

KARMA, ORCA = "2501.00001v1", "2501.00002v1"
ASK = "KARMA 在 MMLU 数据集上的准确率是多少？用了几块 GPU 训练？"


def facts(version: str, name: str, accuracy: str, gpus: int) -> list[str]:
    """What one paper says, a passage each."""
    return [
        f"{name} reaches an accuracy of {accuracy} on the MMLU benchmark in our experiments.",
        f"We train {name} on {gpus} GPUs for two weeks with all of the data.",
        f"{name} was only tested on English data and may fail on other languages.",
        "The weather on the day of the experiments was not recorded by anybody.",
    ]


async def shelve(deps: Deps) -> None:
    """Two papers, read and indexed."""
    for version, name, accuracy, gpus in ((KARMA, "KARMA", "72.1%", 256), (ORCA, "ORCA2", "68.4%", 64)):
        deps.library.put_paper(paper(version, title=f"{name}: Planning with Memory"))
        texts = facts(version, name, accuracy, gpus)
        read = document(*(passage(t, n, paper=version) for n, t in enumerate(texts, 1)), paper=version)
        deps.library.put_document(read, deps.parser)
        await asyncio.to_thread(deps.index.add, version, read.passages)


class Room:
    """An open desk with one conversation."""

    def __init__(self, deps: Deps, flows: Flows) -> None:
        self.deps, self.flows = deps, flows
        self.conversation = talk.begin(deps, "ada")

    def chat(self, question: str, scope: Scope | None = None, owner: str = "ada") -> AsyncIterator[Event]:
        """Events as they happen."""
        scope = scope or Scope(papers=(KARMA, ORCA))
        return talk.chat(self.deps, self.flows, self.conversation.id, owner, question, scope)

    async def ask(self, question: str, scope: Scope | None = None) -> tuple[list[Event], Turn]:
        """All events, and the turn."""
        events = [event async for event in self.chat(question, scope)]
        assert isinstance(events[-1], Replied)
        return events, events[-1].turn

    @property
    def turns(self) -> list[Turn]:
        """What was kept."""
        return talk.turns(self.deps, self.conversation.id, "ada")


@asynccontextmanager
async def room(home: Path, model: ChatModel | None) -> AsyncIterator[Room]:
    """A desk of its own with the two papers on it."""
    async with desk(home, model) as (opened, _):
        await shelve(opened.deps)
        yield Room(opened.deps, await opened._flows())


def key(asked: Asked, words: str) -> str:
    """Name of the sentence that says this."""
    found = re.search(rf"\[(S\d+)\] [^\[]*{re.escape(words)}", asked.last)
    assert found, f"{words!r} is not among the passages"
    return found[1]


def strong(answer: Callable[[Asked], str], *, revision: str = "", delay: float = 0.0) -> ScriptedModel:
    """Answers as told; puts every question into the same words; its judge finds all well."""

    def say(asked: Asked) -> Said:
        if asked.kind == "stream":
            return answer(asked)
        if asked.kind == "choose":
            return {"是": 0.98, "否": 0.02}
        if asked.schema:
            return {"text": revision, "keys": ["S1"]} if revision else "not in the format"
        if "追问：" in asked.last:
            return "KARMA 有什么局限？\nWhat are the limitations of KARMA?"
        return "What is the accuracy of KARMA on MMLU and how many GPUs was it trained on?"

    return ScriptedModel(say, name="scripted-strong", delay=delay)


def both(asked: Asked) -> str:
    """Two true sentences."""
    accuracy, gpus = key(asked, "KARMA reaches"), key(asked, "We train KARMA")
    return f"KARMA 在 MMLU 上的准确率为 72.1%[{accuracy}]。训练用了 256 块 GPU。[{gpus}]"


def words(events: list[Event]) -> str:
    """All words that were shown."""
    return "".join(event.text for event in events if isinstance(event, Words))


def small() -> ScriptedModel:
    """Only KARMA's GPUs answer anything; it can render that one sentence."""

    def say(asked: Asked) -> Said:
        if asked.kind == "choose":
            fits = "We train KARMA" in asked.last.partition("原文：")[2] or "说法：" in asked.last
            return {"是": 0.9, "否": 0.1} if fits else {"是": 0.1, "否": 0.9}
        if "KARMA" in asked.last and "256" in asked.last:
            return "作者用所有数据在 256 块 GPU 上训练了 KARMA 两周。"
        return "How many GPUs were used for training?"

    return ScriptedModel(say, name="scripted-small", small=True)
