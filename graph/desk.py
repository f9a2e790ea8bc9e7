"""The desk: everything a person can ask for, over one set of open tools."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from agents import answerer
from core.documents import Document, Hit, Passage, SectionRole
from core.errors import Misconfigured, Stop
from core.models import Answer, Claim, Day, Paper, Query
from core.ports import ChatModel, Progress, Role, Watch
from core.report import Commission, Plan, Proposal, Report
from core.sentences import split
from core.settings import Settings
from core.talk import Conversation, Event, Scope, Turn
from graph import figures, reading, talk
from graph.deps import Deps, open_deps
from graph.press import Press, chosen
from graph.reports import Reports
from graph.shelf import Shelf

if TYPE_CHECKING:
    from graph.flows import Flows

_CLAIMS_AT_ONCE = 2
_GIVEN = "given"
"""Name of evidence that came with a claim instead of from a paper."""


class Desk(Shelf, Press):
    """Open for one command or one session; see `open_desk`."""

    def __init__(self, deps: Deps, stack: AsyncExitStack) -> None:
        Shelf.__init__(self, deps, self.digest)
        Press.__init__(self, deps)
        self.deps = deps
        self._stack = stack
        self._opened: Flows | None = None
        self._opening = asyncio.Lock()
        self._reports = Reports(deps, self._flows)

    async def _flows(self) -> "Flows":
        """The compiled graphs, made when the first command needs one. Raises Stop."""
        from graph.flows import open_flows

        async with self._opening:
            if self._opened is None:
                self._opened = await self._stack.enter_async_context(open_flows(self.deps.paths.checkpoints))
            return self._opened

    async def close(self) -> None:
        """Ends what goes on in the background."""
        await self._reports.close()
        await super().close()

    # a day

    async def digest(self, source: str, query: Query, out: Path | None = None) -> Day:
        """The day's issue, read, verified, kept in the library and written to files. Raises Retry, Stop."""
        exporters = chosen(
            self.deps.settings.formats
        )  # a wrong name is better heard of before the reading than after it
        from graph.checkpoints import unfinished
        from graph.day import day_key

        days = (await self._flows()).days
        key = day_key(self.deps, source, query.day or "latest", query)
        config: Any = {"configurable": {"thread_id": f"day:{query.day or 'latest'}:{source}:{key}"}}
        snapshot = await days.aget_state(config)
        going_on = unfinished(snapshot) and query.day is not None
        if not going_on:
            await days.checkpointer.adelete_thread(config["configurable"]["thread_id"])
        begin = {"query": query, "source": source}
        values = await days.ainvoke(None if going_on else begin, config, context=self.deps, durability="sync")
        await days.checkpointer.adelete_thread(config["configurable"]["thread_id"])
        key = day_key(self.deps, source, values["date"], query)
        issue = self.deps.library.day(key)
        if issue is None:
            raise Stop("这一天没有写进资料库", "检查磁盘空间")
        if not any(result.digest for result in issue.results):
            return issue
        files = await self._print(key, exporters, out)
        return issue.model_copy(update={"files": tuple(map(str, files))})

    # papers outside a day

    async def paper(self, name: str) -> Paper:
        """A paper by arXiv id or path of a PDF, read if it has not been. Raises Misconfigured, Skip, Retry."""
        return (await self._read(name))[0]

    async def read(self, name: str) -> Document:
        """A paper as it was read, under the title its source gives. Raises as `paper` does."""
        found, document = await self._read(name)
        return document if found.path else document.model_copy(update={"title": found.title or document.title})

    async def crops(self, document: Document, out: Path | None = None) -> tuple[Path, ...]:
        """A PNG file for each figure, in order. Raises Skip (the PDF is gone, or another), Retry and Stop."""
        return await figures.crops(self.deps, document, out)

    async def _read(self, name: str) -> tuple[Paper, Document]:
        found = await asyncio.to_thread(reading.find, self.deps, name)
        document = self.deps.library.document(found.version, self.deps.parser)
        if document is None:
            self.deps.tell(found.version, "read")
            return found, await reading.obtain(self.deps, found)
        known = self.deps.library.paper(found.version)
        if known and known.path != found.path:  # the file was moved since
            self.deps.library.put_paper(known.model_copy(update={"path": found.path}))
        return found, document

    async def _scope(self, name: str | None, date: str | None) -> tuple[str, ...] | None:
        """Versions a question is about; None for the whole library."""
        if name:
            return ((await self.paper(name)).version,)
        if date:
            versions = self.deps.library.papers_on(date)
            if not versions:
                raise Misconfigured(f"资料库里没有 {date} 这一天", f"先运行 digest --date {date}", setting="--date")
            return tuple(versions)
        return None

    # questions

    async def search(self, question: str, name: str | None, date: str | None, k: int) -> list[Hit]:
        """Passages for a question, best first. Raises as `paper` does."""
        scope = await self._scope(name, date)
        english = await answerer.to_english(self.deps.model(Role.ANSWER), question)
        return await asyncio.to_thread(self.deps.retriever.search, question, scope, k, english)

    async def ask(self, question: str, name: str | None, date: str | None) -> Answer:
        """An answer whose sentences carry verified citations, or a refusal. Raises as `paper` does."""
        state = {"question": question, "papers": await self._scope(name, date)}
        values = await (await self._flows()).chat.ainvoke(state, context=self.deps)
        answer: Answer = values["answer"]
        return answer

    # the talk

    async def chat(self, conversation: str, owner: str, question: str, scope: Scope) -> AsyncIterator[Event]:
        """See graph.talk."""
        flows = await self._flows()
        events = talk.chat(self.deps, flows, conversation, owner, question, scope)
        async with aclosing(cast("AsyncGenerator[Event, None]", events)):  # it must end with this one
            async for event in events:
                yield event

    def begin(self, owner: str) -> Conversation:
        """See graph.talk, as for the next four."""
        return talk.begin(self.deps, owner)

    def conversations(self, owner: str) -> list[Conversation]:
        return talk.conversations(self.deps, owner)

    def turns(self, conversation: str, owner: str) -> list[Turn]:
        return talk.turns(self.deps, conversation, owner)

    def rename(self, conversation: str, owner: str, title: str) -> None:
        talk.rename(self.deps, conversation, owner, title)

    def forget(self, conversation: str, owner: str) -> None:
        talk.forget(self.deps, conversation, owner)

    # reports

    async def propose(self, commission: Commission) -> Proposal:
        """See graph.reports, as for all the others."""
        return await self._reports.propose(commission)

    def proposals(self) -> list[Proposal]:
        return self._reports.proposals()

    def proposal(self, id: str) -> Proposal | None:
        return self._reports.proposal(id)

    def write(self, id: str, plan: Plan | None = None) -> AsyncIterator[Progress]:
        return self._reports.write(id, plan)

    def rewrite(self, id: str, section: str) -> AsyncIterator[Progress]:
        return self._reports.rewrite(id, section)

    def halt(self, id: str) -> bool:
        return self._reports.halt(id)

    def writing(self) -> list[str]:
        return self._reports.writing()

    async def refuse(self, id: str) -> None:
        await self._reports.refuse(id)

    def report(self, id: str, version: int | None = None) -> Report | None:
        return self._reports.report(id, version)

    async def export(self, id: str, version: int, format: str, out: Path | None = None) -> Path:
        return await self._reports.export(id, version, format, out)

    async def picture(self, id: str, version: int, block: str) -> Path:
        return await self._reports.picture(id, version, block)

    # verification

    async def verify(self, name: str | None, claims: Sequence[tuple[str, str, str]]) -> AsyncIterator[Claim]:
        """(id, claim, evidence or "") -> the claims with verdicts, in the order given, each as soon as it is there.

        Raises Misconfigured where a claim has no evidence of its own and no paper is named.
        """
        version = (await self.paper(name)).version if name else ""
        if not version and any(not evidence for _, _, evidence in claims):
            raise Misconfigured(
                "有的断言没有自带 evidence，也没有用 --paper 指定论文", "用 --paper 指定", setting="--paper"
            )
        room = asyncio.Semaphore(_CLAIMS_AT_ONCE)

        async def one(id: str, text: str, evidence: str) -> Claim:
            async with room:
                claim = Claim(id=id, text=text)
                if evidence:
                    return await self._against(claim, evidence)
                return await self.deps.critic.review(claim, (version,), ())

        tasks = [asyncio.create_task(one(*claim)) for claim in claims]
        for n, task in enumerate(tasks, 1):
            yield await task
            self.deps.tell(version, "verify", done=n, of=len(tasks))

    async def _against(self, claim: Claim, evidence: str) -> Claim:
        """A claim held against a text that came with it."""
        text = " ".join(evidence.split())
        passage = Passage(
            id=f"{_GIVEN}:p01:001", paper=_GIVEN, page=1, section="", role=SectionRole.OTHER, kind="text", text=text,
            sentences=split(text),
        )  # fmt: skip
        return await self.deps.critic.against(claim, passage)


def _silent(_: Progress) -> None:
    return None


@asynccontextmanager
async def open_desk(
    settings: Settings, watch: Watch = _silent, models: dict[Role, ChatModel] | None = None
) -> AsyncIterator[Desk]:
    """A desk with everything open; `models` in place of those the settings name. Raises Stop and Misconfigured."""
    async with open_deps(settings, watch, models) as deps, AsyncExitStack() as stack:
        desk = Desk(deps, stack)
        try:
            yield desk
        finally:
            await desk.close()
