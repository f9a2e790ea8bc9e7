"""A conversation: its turns are answered by the chat graph and kept, whatever becomes of them.

A new conversation is nothing but its name until something is said in it, and the name itself says whose it is: half of
it is drawn by lot, the other half follows from that and the owner. So none has to be kept that nobody used.
"""

import asyncio
import hashlib
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.errors import Skip
from core.models import Answer, Usage
from core.talk import Conversation, Event, Replied, Scope, Turn, Words
from graph.deps import Deps

if TYPE_CHECKING:
    from graph.flows import Flows

_REMEMBERED = 3
"""Turns the graph is told of."""
_TITLE = 30
"""Characters."""
_HALF = 16
"""Hex digits."""


async def chat(
    deps: Deps, flows: "Flows", conversation: str, owner: str, question: str, scope: Scope
) -> AsyncIterator[Event]:
    """Answers a question in its conversation and keeps the turn; the last event has it.

    Closing the iterator ends the graph and the model's stream at once and keeps the turn as stopped, with the words
    that were there. Raises Skip(code="not_found") where the owner has no such conversation or the library no such day,
    and what the graph raises; a question that was taken is kept in any case.
    """
    talk = await asyncio.to_thread(_opened, deps, conversation, owner, question, scope)
    events: asyncio.Queue[Event | None] = asyncio.Queue()
    work = asyncio.create_task(talk.run(flows, events))  # has a context of its own, in which its calls are counted
    work.add_done_callback(lambda _: events.put_nowait(None))
    try:
        while (event := await events.get()) is not None:
            yield event
        await work
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


@dataclass
class _Talk:
    """One question being answered."""

    deps: Deps
    conversation: Conversation
    turn: Turn
    """As it will be kept if nothing comes of it."""
    papers: tuple[str, ...] | None
    history: tuple[Turn, ...]
    words: list[str] = field(default_factory=list)
    understood: str = ""

    async def run(self, flows: "Flows", events: "asyncio.Queue[Event | None]") -> None:
        """The graph's events, then the turn."""
        begin = {"question": self.turn.question, "papers": self.papers, "history": self.history}
        answer: Answer | None = None
        with self.deps.meter.account() as account:
            try:
                modes = ["custom", "values"]
                async for mode, said in flows.chat.astream(begin, context=self.deps, stream_mode=modes):
                    if mode == "custom":
                        self.words += [said.text] if isinstance(said, Words) else []
                        events.put_nowait(said)
                    else:
                        self.understood, answer = said.get("standing", ""), said.get("answer")
            finally:
                turn = self._ended(answer, account.usage)
                await asyncio.to_thread(self.deps.library.put_turn, self.conversation.id, turn)
        events.put_nowait(Replied(turn=turn))

    def _ended(self, answer: Answer | None, usage: Usage) -> Turn:
        """The turn with its answer, or with the words that were there; marks of what nobody checked lead nowhere."""
        if answer is not None:
            return self.turn.model_copy(update={"answer": answer, "stopped": False, "usage": usage})
        words = re.sub(r"\[\d+\]", "", "".join(self.words)).strip()
        partial = Answer(answer=words, refused=False, question=self.understood)
        return self.turn.model_copy(update={"answer": partial, "usage": usage})


def _opened(deps: Deps, id: str, owner: str, question: str, scope: Scope) -> _Talk:
    """The conversation with the question in it: kept before anything is asked, so that no accident loses it."""
    library, now = deps.library, datetime.now(UTC)
    papers = _papers(deps, scope)
    found = library.conversation(id, owner)
    earlier = library.turns(id) if found else []
    if found is None:
        if not _is_fresh(id, owner):
            raise _unknown()
        found = Conversation(id=id, owner=owner, title=title(question), created=now, updated=now)
        library.put_conversation(found)
    n = earlier[-1].n + 1 if earlier else 1
    nothing = Answer(answer="", refused=False)
    turn = Turn(n=n, question=question, asked=now, scope=scope, answer=nothing, stopped=True)
    library.put_turn(id, turn)
    return _Talk(deps, found, turn, papers, tuple(earlier[-_REMEMBERED:]))


def _papers(deps: Deps, scope: Scope) -> tuple[str, ...] | None:
    """Versions a scope is about; None for the whole library."""
    if scope.report:
        listed = _of_report(deps, scope.report)
    elif scope.day:
        listed = _of_day(deps, scope.day)
    else:
        return scope.papers or None
    return tuple(v for v in listed if v in scope.papers) or scope.papers or listed


def _of_day(deps: Deps, key: str) -> tuple[str, ...]:
    day = deps.library.day(key)
    if day is None:
        raise Skip("资料库里没有这一天", "重新选一天", code="not_found")
    return tuple(dict.fromkeys(result.paper.version for result in day.results))


def _of_report(deps: Deps, id: str) -> tuple[str, ...]:
    report = deps.library.report(id)
    if report is None:
        raise Skip("没有这份报告", "它可能已被删除；重新选一份", code="not_found")
    return tuple(paper.version for paper in report.papers)


def title(question: str) -> str:
    """A conversation's name from its first question: the beginning of it, cut where a word or a phrase ends."""
    text = " ".join(question.split())
    if len(text) <= _TITLE:
        return text
    for ends in (r"[，。；：！？,;:!?]", r"[\s、]|(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])"):
        found = [m.start() for m in re.finditer(ends, text[:_TITLE]) if m.start() >= _TITLE // 3]
        if found:
            return f"{text[: found[-1]].rstrip()}…"
    return f"{text[: _TITLE - 1]}…"


# the list


def begin(deps: Deps, owner: str) -> Conversation:
    """A new conversation, kept once something is said in it."""
    lot, now = secrets.token_hex(_HALF // 2), datetime.now(UTC)
    return Conversation(id=lot + _seal(lot, owner), owner=owner, title="", created=now, updated=now)


def _seal(lot: str, owner: str) -> str:
    return hashlib.sha256(f"{lot}|{owner}".encode()).hexdigest()[:_HALF]


def _is_fresh(id: str, owner: str) -> bool:
    """Can `begin` have made this name for this owner?"""
    return re.fullmatch(r"[0-9a-f]{32}", id) is not None and id[_HALF:] == _seal(id[:_HALF], owner)


def _unknown() -> Skip:
    return Skip("没有这个对话", "它可能已被删除；开一个新对话", code="not_found")


def conversations(deps: Deps, owner: str) -> list[Conversation]:
    """The one spoken in last first."""
    return [talk for talk in deps.library.conversations(owner) if talk.turns]


def turns(deps: Deps, conversation: str, owner: str) -> list[Turn]:
    """What was said; nothing yet in a new one. Raises Skip(code="not_found")."""
    if deps.library.conversation(conversation, owner) is None:
        if _is_fresh(conversation, owner):
            return []
        raise _unknown()
    return deps.library.turns(conversation)


def rename(deps: Deps, conversation: str, owner: str, name: str) -> None:
    """Gives it another title; nothing happens for an empty one. Raises Skip(code="not_found")."""
    found = deps.library.conversation(conversation, owner)
    if found is None:
        raise _unknown()
    if name := " ".join(name.split()):
        deps.library.put_conversation(found.model_copy(update={"title": name}))


def forget(deps: Deps, conversation: str, owner: str) -> None:
    """Drops it with its turns; nothing happens where the owner has no such conversation."""
    deps.library.drop_conversation(conversation, owner)
