"""Schemas filled and options chosen, on servers that promise more or less than they do."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict
from pytest_httpserver import HTTPServer

from core.errors import Skip
from tests.flow.chat_server import PROMPT, Server, build, called, completion, refusal
from tools.llm.cache import CallCache


class Filled(BaseModel):
    model_config = ConfigDict(extra="forbid")

    claim: str
    strength: Literal["strong", "weak"]


GOOD = {"claim": "准确率 92.1%", "strength": "strong"}


@pytest.fixture
def server(httpserver: HTTPServer) -> Server:
    return Server(httpserver)


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[CallCache]:
    cache = CallCache(tmp_path / "calls.sqlite")
    yield cache
    cache.close()


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
