"""Conversations: kept with what was said, stopped at once, their owner's alone."""

import asyncio
import re
import time
from pathlib import Path

import pytest

from core.errors import Retry, Skip
from core.talk import Conversation, Event, Scope, Words
from graph import talk
from tests.flow.talks import ASK, both, room, strong, words
from tools.llm.scripted import Asked, Said, ScriptedModel

OVERHEAD = 0.15
"""Seconds to the first word beyond the model's own."""


async def test_stopping_ends_the_models_stream_and_keeps_the_words(tmp_path: Path) -> None:
    model = strong(lambda asked: both(asked) * 50, delay=0.005)
    async with room(tmp_path, model) as here:
        events = here.chat(ASK)
        seen: list[Event] = []
        async for event in events:
            seen.append(event)
            if "GPU。" in words(seen):
                break
        assert hasattr(events, "aclose")
        await events.aclose()
        asked = len(model.history)
        assert model.cut_off == 1
        (turn,) = here.turns
        assert turn.stopped and turn.answer.answer.startswith("KARMA 在 MMLU 上的准确率为 72.1%。训练用了 256 块 GPU。")
        assert "[" not in turn.answer.answer and not turn.answer.claims
        await asyncio.sleep(0.2)
        assert len(model.history) == asked
        assert len(asyncio.all_tasks()) <= 2


async def test_whoever_is_cancelled_stops_too(tmp_path: Path) -> None:
    model = strong(lambda asked: both(asked) * 50, delay=0.005)
    async with room(tmp_path, model) as here:
        begun = asyncio.Event()

        async def listen() -> None:
            async for event in here.chat(ASK):
                if isinstance(event, Words):
                    begun.set()

        listening = asyncio.create_task(listen())
        await begun.wait()
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening
        assert model.cut_off == 1
        assert here.turns[0].stopped


async def test_an_error_passes_through_and_the_question_is_kept(tmp_path: Path) -> None:
    def busy(asked: Asked) -> Said:
        return Retry("模型服务繁忙") if asked.kind == "stream" else "What?"

    async with room(tmp_path, ScriptedModel(busy)) as here:
        with pytest.raises(Retry):
            await here.ask(ASK)
        (turn,) = here.turns
        assert (turn.question, turn.stopped, turn.answer.answer) == (ASK, True, "")


async def test_a_conversation_is_its_owners_alone(tmp_path: Path) -> None:
    async with room(tmp_path, strong(both)) as here:
        id = here.conversation.id
        with pytest.raises(Skip, match="没有这个对话"):
            await anext(here.chat(ASK, owner="eve"))
        await here.ask(ASK)
        for owner in ("eve", ""):
            with pytest.raises(Skip) as caught:
                await anext(here.chat(ASK, owner=owner))
            assert caught.value.code == "not_found"
            with pytest.raises(Skip):
                talk.turns(here.deps, id, owner)
            with pytest.raises(Skip):
                talk.rename(here.deps, id, owner, "x")
            talk.forget(here.deps, id, owner)
            assert talk.conversations(here.deps, owner) == []
        talk.rename(here.deps, id, "ada", "  我的 对话 ")
        assert [c.title for c in talk.conversations(here.deps, "ada")] == ["我的 对话"]
        assert len(here.turns) == 1
        talk.forget(here.deps, id, "ada")
        assert talk.conversations(here.deps, "ada") == []


async def test_a_new_conversation_is_kept_with_its_first_question(tmp_path: Path) -> None:
    async with room(tmp_path, strong(both)) as here:
        assert re.fullmatch(r"[0-9a-f]{32}", here.conversation.id)
        assert here.turns == [] == talk.conversations(here.deps, "ada")
        here.conversation = Conversation(**{**dict(here.conversation), "id": "0" * 32})
        with pytest.raises(Skip):
            await here.ask(ASK)


async def test_a_day_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    async with room(tmp_path, None) as here:
        with pytest.raises(Skip) as caught:
            await here.ask(ASK, Scope(day="nothing"))
        assert caught.value.code == "not_found"


async def test_calls_of_a_turn_are_counted_for_it(tmp_path: Path) -> None:
    model = strong(both)
    async with room(tmp_path, model) as here:
        model._meter = here.deps.meter  # type: ignore[assignment]  # the desk's own
        (_, one), (_, other) = await here.ask(ASK), await here.ask(ASK)
        assert one.usage.calls >= 2 and one.usage.completion_tokens > 0
        assert one.usage.calls + other.usage.calls == here.deps.meter.total.calls


async def test_the_first_word_waits_for_the_model_and_little_else(tmp_path: Path) -> None:
    async with room(tmp_path, strong(both, delay=0.05)) as here:
        await here.ask(ASK)  # loads the encoder
        took = []
        for _ in range(5):
            here.conversation, began = talk.begin(here.deps, "ada"), time.perf_counter()
            async for event in here.chat(ASK):
                if isinstance(event, Words):
                    took.append(time.perf_counter() - began - 0.05)
                    break
        assert min(took) < OVERHEAD, took


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("用了几块 GPU？", "用了几块 GPU？"),
        ("作者在长上下文任务上做了哪些实验，结果和基线相比提高了多少个百分点？", "作者在长上下文任务上做了哪些实验…"),
        ("一" * 50, "一" * 29 + "…"),
    ],
)
def test_titles_end_where_words_do(question: str, name: str) -> None:
    assert talk.title(question) == name
