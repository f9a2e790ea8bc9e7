"""Chat models against a server that answers like the real ones: over the OpenAI client's own HTTP, on loopback."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import httpx2
import pytest
from pydantic import BaseModel, ConfigDict, SecretStr
from pytest_httpserver import HTTPServer
from werkzeug import Request as Asked
from werkzeug import Response

from core.errors import Misconfigured, Retry, Skip, Stop
from core.ports import Message, ModelCard, Prompt
from tools.llm.cache import CallCache
from tools.llm.meter import CallMeter
from tools.llm.openai_compatible import OpenAICompatible

PROMPT = Prompt(messages=(Message(role="system", text="短答"), Message(role="user", text="几？")), max_tokens=64)
KEY = "sk-very-secret-123456"
PATH = "/v1/chat/completions"


class Filled(BaseModel):
    model_config = ConfigDict(extra="forbid")

    claim: str
    strength: Literal["strong", "weak"]


GOOD = {"claim": "准确率 92.1%", "strength": "strong"}


class Server:
    """Answers each request by `say`, keeps what was asked."""

    def __init__(self, http: HTTPServer) -> None:
        self.asked: list[dict[str, Any]] = []
        self.say: Callable[[dict[str, Any]], Any] = lambda body: "好"
        self._http = http
        http.expect_request(PATH, method="POST").respond_with_handler(self._answer)

    @property
    def url(self) -> str:
        return self._http.url_for("/v1")

    def _answer(self, request: Asked) -> Response:
        body = request.get_json()
        self.asked.append(body)
        said = self.say(body)
        if isinstance(said, Response):
            return said
        return as_json(said if isinstance(said, dict) and "choices" in said else completion(said))


def as_json(value: Any, status: int = 200, **headers: str) -> Response:
    return Response(json.dumps(value), status, {"Content-Type": "application/json", **headers})


def refusal(status: int, code: str = "", param: str = "") -> Response:
    return as_json({"error": {"message": "refused", "code": code, "param": param}}, status)


def completion(content: Any, finish: str = "stop", usage: bool = True, **more: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, **more}
    answer = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": []}
    answer["choices"] = [{"index": 0, "message": message, "finish_reason": finish}]
    if usage:
        answer["usage"] = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    return answer


def called(arguments: str) -> dict[str, Any]:
    call = {"id": "c", "type": "function", "function": {"name": "x", "arguments": arguments}}
    return completion(None, "tool_calls", tool_calls=[call])


@pytest.fixture
def server(httpserver: HTTPServer) -> Server:
    return Server(httpserver)


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[CallCache]:
    cache = CallCache(tmp_path / "calls.sqlite")
    yield cache
    cache.close()


def build(server: Server, calls: CallCache, meter: CallMeter | None = None, **more: Any) -> OpenAICompatible:
    card = ModelCard(name="m", provider="openai", small=False, context_tokens=8192, local=False)
    settled = {"timeout": 5.0, "max_retries": 0, "base_url": server.url, **more}
    return OpenAICompatible(card, model="m", api_key=SecretStr(KEY), calls=calls, meter=meter or CallMeter(), **settled)


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


# --- filling schemas -------------------------------------------------------------------------------------------


def wanted(body: dict[str, Any]) -> str:
    """The rung a request stands on."""
    if "tools" in body:
        return "function_calling"
    return str(body.get("response_format", {}).get("type", "prompt"))


def fits(body: dict[str, Any]) -> str:
    """An answer that fits: to the probe's question or to the test's."""
    text = json.dumps(body, ensure_ascii=False)
    return json.dumps({"colour": "blue", "certainty": 9} if "sky" in text else GOOD, ensure_ascii=False)


async def test_obedient_servers_stay_on_the_first_rung(server: Server, calls: CallCache) -> None:
    server.say = fits
    assert await build(server, calls).fill(PROMPT, Filled) == Filled.model_validate(GOOD)
    assert [wanted(body) for body in server.asked] == ["json_schema", "json_schema"]
    shape = server.asked[1]["response_format"]["json_schema"]
    assert shape["strict"] and shape["name"] == "Filled" and shape["schema"]["additionalProperties"] is False


async def test_the_probe_is_made_once_for_good(server: Server, calls: CallCache) -> None:
    server.say = fits
    model = build(server, calls)
    await asyncio.gather(*(model.fill(PROMPT.model_copy(update={"max_tokens": n}), Filled) for n in range(60, 64)))
    await build(server, calls).fill(PROMPT, Filled)
    assert sum("sky" in json.dumps(body) for body in server.asked) == 1 and len(server.asked) == 6


async def test_like_deepseek_no_json_schema_but_functions(server: Server, calls: CallCache) -> None:
    server.say = lambda body: (
        refusal(400, "invalid_request_error") if wanted(body) == "json_schema" else called(fits(body))
    )
    assert await build(server, calls).fill(PROMPT, Filled) == Filled.model_validate(GOOD)
    assert [wanted(body) for body in server.asked] == ["json_schema", "function_calling", "function_calling"]
    assert server.asked[2]["tool_choice"]["function"]["name"] == "Filled"


async def test_servers_that_accept_and_ignore_are_found_out(server: Server, calls: CallCache) -> None:
    def say(body: dict[str, Any]) -> Any:
        if wanted(body) == "json_object":
            return f"```json\n{fits(body)}\n```"
        return "The sky is blue, I am sure." if wanted(body) == "json_schema" else completion(None)

    server.say = say
    assert await build(server, calls).fill(PROMPT, Filled) == Filled.model_validate(GOOD)
    assert [wanted(body) for body in server.asked] == ["json_schema", "function_calling"] + ["json_object"] * 2
    last = server.asked[-1]["messages"]
    assert last[0] == {"role": "system", "content": "短答"} and '"strength"' in last[-1]["content"]
    assert [m["role"] for m in last] == ["system", "user"]


async def test_servers_that_know_no_rung_get_the_schema_in_the_prompt(server: Server, calls: CallCache) -> None:
    server.say = lambda body: fits(body) if wanted(body) == "prompt" else refusal(400)
    assert await build(server, calls).fill(PROMPT, Filled) == Filled.model_validate(GOOD)
    assert [wanted(body) for body in server.asked][-1] == "prompt"


async def test_an_empty_json_object_is_asked_for_again(server: Server, calls: CallCache) -> None:
    calls.remember(server.url, "m", "rung", "json_object")
    server.say = lambda body: completion("") if len(server.asked) == 1 else json.dumps(GOOD)
    assert await build(server, calls).fill(PROMPT, Filled) == Filled.model_validate(GOOD)
    assert "回答是空的" in server.asked[1]["messages"][-1]["content"]


async def test_what_does_not_fit_is_repaired_once(server: Server, calls: CallCache) -> None:
    calls.remember(server.url, "m", "rung", "json_schema")
    server.say = lambda body: json.dumps({**GOOD, "strength": "huge"}) if len(server.asked) == 1 else json.dumps(GOOD)
    assert await build(server, calls).fill(PROMPT, Filled) == Filled.model_validate(GOOD)
    repair = server.asked[1]["messages"]
    assert [m["role"] for m in repair] == ["system", "user", "assistant", "user"] and "strength" in repair[-1][
        "content"
    ]


async def test_what_cannot_be_repaired_is_skipped_and_not_kept(server: Server, calls: CallCache) -> None:
    calls.remember(server.url, "m", "rung", "json_schema")
    server.say = lambda body: '{"claim": "x"}'
    for round_ in (1, 2):
        with pytest.raises(Skip) as skip:
            await build(server, calls).fill(PROMPT, Filled)
        assert skip.value.code == "format" and len(server.asked) == 2 * round_


async def test_a_cut_answer_gets_twice_the_space_once(server: Server, calls: CallCache) -> None:
    calls.remember(server.url, "m", "rung", "json_schema")
    server.say = lambda body: completion('{"claim": "准', "length") if body["max_tokens"] == 64 else json.dumps(GOOD)
    assert await build(server, calls).fill(PROMPT, Filled) == Filled.model_validate(GOOD)
    assert [body["max_tokens"] for body in server.asked] == [64, 128]
    server.say = lambda body: completion('{"claim": "准', "length")
    with pytest.raises(Skip) as skip:
        await build(server, calls).fill(PROMPT.model_copy(update={"max_tokens": 10}), Filled)
    assert skip.value.code == "format" and [body["max_tokens"] for body in server.asked[2:]] == [10, 20]


async def test_a_schema_the_server_cannot_follow_takes_the_next_rung(server: Server, calls: CallCache) -> None:
    calls.remember(server.url, "m", "rung", "json_schema")
    server.say = lambda body: refusal(400) if wanted(body) == "json_schema" else called("no json")
    with pytest.raises(Skip) as skip:
        await build(server, calls).fill(PROMPT, Filled)
    assert skip.value.code == "format"
    assert [wanted(body) for body in server.asked] == ["json_schema", "function_calling", "function_calling"]


# --- choosing --------------------------------------------------------------------------------------------------


def nearly(*places: dict[str, float]) -> dict[str, Any]:
    """An answer with log-probabilities; the first of each place is the spoken one."""
    content = []
    for place in places:
        ranked = [{"token": t, "logprob": p, "bytes": list(t.encode())} for t, p in place.items()]
        content.append({**ranked[0], "top_logprobs": ranked})
    answer = completion("".join(next(iter(place)) for place in places))
    answer["choices"][0]["logprobs"] = {"content": content}
    return answer


async def test_choice_by_log_probability(server: Server, calls: CallCache) -> None:
    server.say = lambda body: nearly({"是": -0.1053605, "否": -2.3025851, "也": -9.0}, {"<end>": 0.0})
    model = build(server, calls)
    for _ in range(2):  # the second comes from the cache, probabilities and all
        assert await model.choose(PROMPT, ["是", "否"]) == pytest.approx({"是": 0.9, "否": 0.1}, abs=1e-4)
    assert len(server.asked) == 1
    sent = server.asked[0]
    assert sent["logprobs"] and sent["top_logprobs"] == 20 and sent["max_tokens"] <= 2


async def test_choice_with_fewer_alternatives(server: Server, calls: CallCache) -> None:
    server.say = lambda body: refusal(400) if body["top_logprobs"] > 5 else nearly({"否": -0.5, "是": -0.9})
    model = build(server, calls)
    shares = await model.choose(PROMPT, ["是", "否"])
    assert shares["否"] > shares["是"] > 0 and sum(shares.values()) == pytest.approx(1)
    await model.choose(PROMPT.model_copy(update={"stop": ("x",)}), ["是", "否"])
    assert [body["top_logprobs"] for body in server.asked] == [20, 5, 5]


@pytest.mark.parametrize("accepts", [True, False])
async def test_choice_without_log_probabilities(server: Server, calls: CallCache, accepts: bool) -> None:
    server.say = lambda body: "答案：否" if accepts or "logprobs" not in body else refusal(400)
    model = build(server, calls)
    assert await model.choose(PROMPT, ["是", "否"]) == {"是": 0.0, "否": 1.0}
    before = len(server.asked)
    await build(server, calls).choose(PROMPT.model_copy(update={"max_tokens": 9}), ["是", "否"])
    assert len(server.asked) == before + 1 and "logprobs" not in server.asked[-1]


async def test_choice_of_nothing_is_shared_equally(server: Server, calls: CallCache) -> None:
    server.say = lambda body: nearly({"天": -0.01}, {"啊": -0.01}) if "logprobs" in body else "天啊"
    assert await build(server, calls).choose(PROMPT, ["是", "否"]) == {"是": 0.5, "否": 0.5}
