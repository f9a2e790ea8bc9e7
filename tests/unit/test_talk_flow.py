"""Answers at a reader's pace, and their end."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.errors import Retry
from core.talk import Event, Words
from ui.web.talk_flow import Going, paced


class Source:
    """Words with pauses; knows whether it was ended."""

    def __init__(self, *pauses: float, error: Exception | None = None) -> None:
        self.pauses, self.error, self.ended = pauses, error, False

    async def events(self) -> AsyncIterator[Event]:
        """One word after each pause."""
        try:
            for n, pause in enumerate(self.pauses):
                await asyncio.sleep(pause)
                yield Words(text=str(n))
            if self.error:
                raise self.error
        finally:
            self.ended = True


async def _all(source: Source, halt: asyncio.Event, pause: float = 0.01) -> list[list[str]]:
    found = []
    async for batch in paced(source.events(), halt, pause):
        found.append([event.text for event in batch if isinstance(event, Words)])
    return found


async def test_the_first_word_comes_at_once_and_the_rest_in_batches() -> None:
    batches = await _all(Source(*[0.0] * 50), asyncio.Event(), 0.05)
    assert [word for batch in batches for word in batch] == [str(n) for n in range(50)]
    assert len(batches) < 10


async def test_slow_words_come_one_by_one() -> None:
    assert await _all(Source(0.0, 0.05, 0.05), asyncio.Event()) == [["0"], ["1"], ["2"]]


async def test_an_error_comes_after_the_words_before_it() -> None:
    source, found = Source(0.0, error=Retry("没有回应")), []
    with pytest.raises(Retry):
        async for batch in paced(source.events(), asyncio.Event(), 0.01):
            found += batch
    assert len(found) == 1


async def test_stopping_ends_the_work_at_once() -> None:
    source, halt = Source(0.0, 60.0), asyncio.Event()
    asyncio.get_running_loop().call_later(0.05, halt.set)
    assert await asyncio.wait_for(_all(source, halt), 2) == [["0"]]
    assert source.ended


async def test_closing_ends_the_work_at_once() -> None:
    source = Source(0.0, 60.0)
    batches = paced(source.events(), asyncio.Event(), 0.01)
    await anext(batches)
    await batches.aclose()
    assert source.ended


def test_one_answer_a_conversation() -> None:
    going = Going()
    halt = going.start("me", "talk")
    assert halt is not None
    assert going.start("me", "talk") is None
    assert going.start("you", "talk") is not None
    assert not going.halt("me", "other")
    assert going.halt("me", "talk")
    assert halt.is_set()
    going.end("me", "talk")
    assert not going.under_way("me", "talk")
