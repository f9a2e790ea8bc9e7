"""Stopping an answer hangs up on the model's server, so that it stops writing."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from core.ports import ModelCard
from core.talk import Words
from tests.flow.chat_server import completion
from tests.flow.talks import ASK, room
from tools.llm.cache import CallCache
from tools.llm.meter import CallMeter
from tools.llm.openai_compatible import OpenAICompatible

PIECE = 0.02
"""Seconds between two pieces of a stream."""
WITHIN = 0.5
"""Seconds after which nobody may listen any more."""


class Talker:
    """Speaks chat completions: streams that never end, other calls answered at once."""

    def __init__(self) -> None:
        self.calls = 0
        self.pieces = 0
        self.hung_up = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-le"))
                asked = json.loads(await reader.readexactly(length))
                self.calls += 1
                await (self._stream(reader, writer) if asked.get("stream") else self._whole(writer))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _whole(self, writer: asyncio.StreamWriter) -> None:
        body = json.dumps(completion("What is the accuracy?")).encode()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body))
        writer.write(body)
        await writer.drain()

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        gone = asyncio.create_task(reader.read())
        while not gone.done():
            data = b"data: %s\n\n" % json.dumps(_chunk("一直说")).encode()
            writer.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.pieces += 1
            await asyncio.wait([gone], timeout=PIECE)
        self.hung_up.set()


def _chunk(text: str) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


@pytest.fixture
async def served() -> AsyncIterator[tuple[Talker, str]]:
    talker = Talker()
    server = await asyncio.start_server(talker.serve, "127.0.0.1", 0)
    yield talker, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    server.close()


async def test_closing_the_iterator_hangs_up(served: tuple[Talker, str], tmp_path: Path) -> None:
    talker, url = served
    card = ModelCard(name="m", provider="openai", small=False, context_tokens=8192, local=False)
    model = OpenAICompatible(
        card, model="m", base_url=url, api_key=SecretStr("sk-x"), calls=CallCache(tmp_path / "calls.sqlite"),
        meter=CallMeter(), timeout=5.0, max_retries=0,
    )  # fmt: skip
    async with room(tmp_path / "home", model) as here:
        events = here.chat(ASK)
        async for event in events:
            if isinstance(event, Words):
                break
        assert hasattr(events, "aclose")
        await events.aclose()
        await asyncio.wait_for(talker.hung_up.wait(), WITHIN)
        calls, pieces = talker.calls, talker.pieces
        await asyncio.sleep(5 * PIECE)
        assert (talker.calls, talker.pieces) == (calls, pieces) and calls == 2
        assert here.turns[0].answer.answer.startswith("一直说")
