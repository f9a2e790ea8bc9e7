"""Chat models over the OpenAI client's own HTTP, on loopback: text, streams, errors, money."""

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from werkzeug import Response

from core.errors import Misconfigured, Retry, Skip, Stop
from core.ports import ModelCard
from tests.flow.chat_server import KEY, PROMPT, Server, as_json, build, completion, refusal
from tools.llm.cache import CallCache
from tools.llm.meter import CallMeter
from tools.llm.openai_compatible import OpenAICompatible


@pytest.fixture
def server(httpserver: HTTPServer) -> Server:
    return Server(httpserver)


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[CallCache]:
    cache = CallCache(tmp_path / "calls.sqlite")
    yield cache
    cache.close()


async def test_text_goes_out_and_comes_back_once(server: Server, calls: CallCache, tmp_path: Path) -> None:
    server.say = lambda body: completion("<think>嗯</think>\n三", reasoning_content="secret thoughts")
    meter = CallMeter(price_in=1.0, price_out=10.0)
    with meter.account() as first:
        assert await build(server, calls, meter).text(PROMPT) == "三"
    again = CallMeter()
    with again.account() as second:
        assert await build(server, calls, again).text(PROMPT) == "三"
    assert len(server.asked) == 1
    sent = server.asked[0]
    assert sent["messages"] == [{"role": "system", "content": "短答"}, {"role": "user", "content": "几？"}]
    assert (sent["model"], sent["temperature"], sent["max_tokens"]) == ("m", 0.0, 64)
    assert "max_completion_tokens" not in sent and not sent.get("stream")
    assert first.usage == second.usage == meter.total and meter.total.cost == pytest.approx(200e-6)
    assert again.total.calls == 0
    calls.close()
    assert KEY.encode() not in (tmp_path / "calls.sqlite").read_bytes()


async def test_streams_without_the_thinking(server: Server, calls: CallCache) -> None:
    def events(body: dict[str, Any]) -> Response:
        assert body["stream"] and body["stream_options"] == {"include_usage": True}
        deltas: list[dict[str, Any]] = [{"role": "assistant", "reasoning_content": "秘密"}]
        deltas += [{"content": piece} for piece in ("<thi", "nk>嗯", "嗯</th", "ink>\n", "三", "个。")]
        chunks: list[dict[str, Any]] = [
            {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas
        ]
        chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        chunks.append({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}})
        head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        lines = [f"data: {json.dumps(head | chunk)}\n\n" for chunk in chunks] + ["data: [DONE]\n\n"]
        return Response("".join(lines), 200, {"Content-Type": "text/event-stream"})

    server.say = events
    meter = CallMeter()
    model = build(server, calls, meter)
    assert [piece async for piece in model.stream(PROMPT)] == ["三", "个。"]
    assert (meter.total.prompt_tokens, meter.total.completion_tokens) == (7, 5)
    assert [piece async for piece in model.stream(PROMPT)] == ["三个。"]
    assert await model.text(PROMPT) == "三个。"
    assert len(server.asked) == 1 and meter.total.calls == 1


async def test_a_server_without_usage_is_estimated_upwards(server: Server, calls: CallCache) -> None:
    server.say = lambda body: completion("三个", usage=False)
    meter = CallMeter()
    await build(server, calls, meter).text(PROMPT)
    assert meter.total.prompt_tokens >= 4 and meter.total.completion_tokens >= 2


@pytest.mark.parametrize(
    ("answer", "kind", "setting"),
    [
        (refusal(401), Misconfigured, "ZHENGDU_API_KEY"),
        (refusal(403), Misconfigured, "ZHENGDU_API_KEY"),
        (refusal(404, "model_not_found"), Misconfigured, "ZHENGDU_MODEL"),
        (refusal(402), Stop, None),
        (refusal(429, "insufficient_quota"), Stop, None),
        (refusal(429), Retry, None),
        (refusal(502), Retry, None),
        (refusal(400, "context_length_exceeded"), Skip, None),
    ],
)
async def test_refusals_have_one_type_for_each_reaction(
    server: Server, calls: CallCache, answer: Response, kind: type[Exception], setting: str | None
) -> None:
    server.say = lambda body: answer
    meter = CallMeter(1.0, 1.0)
    with pytest.raises(kind) as error:
        await build(server, calls, meter).text(PROMPT)
    assert type(error.value) is kind and getattr(error.value, "setting", None) == setting
    assert KEY not in str(error.value) and error.value.__cause__ is None
    with pytest.raises(kind):
        await anext(build(server, calls, meter).stream(PROMPT))
    assert meter.total.calls == 0


async def test_waits_as_long_as_the_server_asks(server: Server, calls: CallCache) -> None:
    server.say = lambda body: as_json({}, 429, **{"Retry-After": "1"}) if len(server.asked) == 1 else "好"
    begun = asyncio.get_running_loop().time()
    assert await build(server, calls, max_retries=2).text(PROMPT) == "好"
    assert asyncio.get_running_loop().time() - begun >= 0.95 and len(server.asked) == 2


async def test_silence_and_absence_are_retry(server: Server, calls: CallCache) -> None:
    release = threading.Event()
    server.say = lambda body: (release.wait(10), "晚了")[1]
    try:
        with pytest.raises(Retry, match="超时"):
            await build(server, calls, timeout=0.3).text(PROMPT)
    finally:
        release.set()
    with pytest.raises(Retry, match="连不上"):
        await build(server, calls, base_url="http://127.0.0.1:9/v1").text(PROMPT)


async def test_an_empty_answer_is_no_answer(server: Server, calls: CallCache) -> None:
    server.say = lambda body: completion("")
    with pytest.raises(Skip) as skip:
        await build(server, calls).text(PROMPT)
    assert skip.value.code == "empty"


async def test_thinking_that_ate_the_space_gets_twice_as_much(server: Server, calls: CallCache) -> None:
    server.say = lambda body: "三" if body["max_tokens"] == 128 else completion("<think>嗯嗯", "length")
    assert await build(server, calls).text(PROMPT) == "三"


async def test_models_that_take_no_temperature(server: Server, calls: CallCache) -> None:
    server.say = lambda body: refusal(400, "unsupported_value", "temperature") if "temperature" in body else "好"
    model = build(server, calls)
    assert await model.text(PROMPT) == "好"
    assert await model.text(PROMPT.model_copy(update={"max_tokens": 65})) == "好"
    assert ["temperature" in body for body in server.asked] == [True, False, False]


async def test_the_budget_is_kept_before_anything_is_sent(server: Server, calls: CallCache) -> None:
    meter = CallMeter(price_in=10.0, price_out=10.0, budget=0.0015)
    model = build(server, calls, meter)
    await model.text(PROMPT)
    with pytest.raises(Stop, match="预算"):
        await model.text(PROMPT.model_copy(update={"max_tokens": 65}))
    assert len(server.asked) == 1
    assert await model.text(PROMPT) == "好"  # kept answers are free


def test_one_model_serves_several_event_loops(server: Server, calls: CallCache) -> None:
    model = build(server, calls)
    for room in (1, 2, 3):
        assert asyncio.run(model.text(PROMPT.model_copy(update={"max_tokens": room}))) == "好"
    assert len(server.asked) == 3


async def test_no_more_calls_at_once_than_the_gate_lets_through(server: Server, calls: CallCache) -> None:
    lock, inside, most = threading.Lock(), 0, 0

    def say(body: dict[str, Any]) -> str:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        threading.Event().wait(0.05)
        with lock:
            inside -= 1
        return "好"

    server.say = say
    model = build(server, calls, parallel=2)
    await asyncio.gather(*(model.text(PROMPT.model_copy(update={"max_tokens": n})) for n in range(1, 7)))
    assert most <= 2 and len(server.asked) == 6


async def test_a_transport_can_stand_in_for_the_network(calls: CallCache) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert request.headers["authorization"] == f"Bearer {KEY}"
        sent = json.loads(request.content)
        assert sent["max_completion_tokens"] == 64 and "max_tokens" not in sent  # api.openai.com wants the new name
        return httpx2.Response(200, json=completion("好"))

    card = ModelCard(name="m", provider="openai", small=False, context_tokens=8192, local=False)
    model = OpenAICompatible(
        card,
        model="m",
        base_url="https://api.openai.com/v1",
        api_key=SecretStr(KEY),
        calls=calls,
        meter=CallMeter(),
        timeout=5,
        transport=httpx2.MockTransport(answer),
    )
    assert await model.text(PROMPT) == "好"
