"""The pure parts of tools/llm: thinking, options, wire values, error translation, schemas, model sizes."""

import math
import pickle
from typing import Any

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from core.errors import Misconfigured, Retry, Skip, Stop
from core.models import Usage
from core.ports import Message, Prompt
from tools.llm import ollama, providers
from tools.llm.faults import Rejected, translate
from tools.llm.ladder import strict_schema
from tools.llm.options import from_text, from_tokens
from tools.llm.thinking import ThinkingFilter, strip_thinking
from tools.llm.wire import Mode, Reply, Request

PROMPT = Prompt(messages=(Message(role="system", text="S"), Message(role="user", text="U")), max_tokens=64)


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ("<think>hm</think>\n\n是", "是"),
        ("  \n<think>a\nb</think>答案", "答案"),
        ("<think>never ends", ""),
        ("I wonder\n</think>\n\n否", "否"),
        ("模型用 <think> 和 </think> 包住推理", "模型用 <think> 和 </think> 包住推理"),
        ("<b>x</b>", "<b>x</b>"),
        ("", ""),
    ],
)
def test_thinking_is_only_what_opens_the_answer(raw: str, answer: str) -> None:
    assert strip_thinking(raw) == answer


@given(st.sampled_from(["<think>a<b</think>\n答 案", "答案 <think>x</think>", "<thin air", "<", "  是", ""]), st.data())
def test_streaming_strips_the_same_however_it_is_cut(raw: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=6)))
    pieces = [raw[a:b] for a, b in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
    filter_ = ThinkingFilter()
    shown = "".join([filter_.feed(piece) for piece in pieces]) + filter_.close()
    assert shown == strip_thinking(raw)


def _reply(*places: list[tuple[str | bytes, float]]) -> Reply:
    """Tokens with probabilities; the first of each place is the spoken one."""
    tokens = tuple((_b(place[0][0]), tuple((_b(token), math.log(p)) for token, p in place)) for place in places)
    return Reply("", "stop", tokens=tokens)


def _b(token: str | bytes) -> bytes:
    return token if isinstance(token, bytes) else token.encode()


def test_mass_of_tokens_that_begin_one_option() -> None:
    reply = _reply([("是", 0.6), (" 是", 0.1), ("否", 0.2), ("The", 0.1)])
    assert from_tokens(reply, ["是", "否"]) == pytest.approx({"是": 7 / 9, "否": 2 / 9})


def test_a_shared_beginning_is_settled_by_the_next_token() -> None:
    reply = _reply([("部分", 0.8), ("不", 0.2)], [("支持", 0.75), ("反对", 0.25)])
    found = from_tokens(reply, ["部分支持", "部分反对", "不"])
    assert found == pytest.approx({"部分支持": 0.6, "部分反对": 0.2, "不": 0.2})


def test_a_character_cut_into_bytes_still_counts() -> None:
    whole = "否".encode()
    reply = _reply([(whole[:2], 0.9), ("是", 0.1)], [(whole[2:], 1.0)])
    assert from_tokens(reply, ["是", "否"]) == pytest.approx({"是": 0.1, "否": 0.9})


def test_longer_words_are_not_the_option() -> None:
    reply = _reply([("是。", 0.5), ("是否", 0.4), ("否", 0.1)])
    assert from_tokens(reply, ["是", "否"]) == pytest.approx({"是": 5 / 6, "否": 1 / 6})


def test_next_to_no_mass_says_nothing() -> None:
    assert from_tokens(_reply([("<think>", 0.999), ("是", 0.001)]), ["是", "否"]) is None
    assert from_tokens(Reply("是", "stop"), ["是", "否"]) is None


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("是", "是"),
        ("“是”。", "是"),
        ("答案：否", "否"),
        ("**Answer:** no", "no"),
        ("先看第一句。\n\n是", "是"),
        ("不支持", "不支持"),
        ("这不是一个问题", None),
        ("nothing", None),
        ("", None),
    ],
)
def test_spoken_option(text: str, spoken: str | None) -> None:
    options = ["是", "否", "no", "支持", "不支持"]
    shares = from_text(text, options)
    assert shares == ({o: float(o == spoken) for o in options} if spoken else dict.fromkeys(options, 0.2))


def test_reply_survives_the_cache() -> None:
    usage = Usage(calls=1, prompt_tokens=2, completion_tokens=3, cost=0.5)
    reply = Reply("否\n“", "stop", usage, ((b"\xe5\x90", ((b"\xe5\x90", -0.1), (b"x", -2.0))),))
    assert Reply.parse(reply.dump()) == reply


def test_keys_depend_on_everything_asked() -> None:
    base = Request.of(PROMPT)
    others = [
        base.roomier(),
        base.with_note("more"),
        Request(PROMPT.messages, 64, 0.5),
        Request(PROMPT.messages, 64, 0.0, ("\n",)),
        Request(PROMPT.messages, 64, mode=Mode.JSON_SCHEMA, schema={"title": "A"}),
        Request(PROMPT.messages, 64, mode=Mode.JSON_SCHEMA, schema={"title": "B"}),
        Request(PROMPT.messages, 64, top_logprobs=5),
    ]
    keys = {r.key("openai", "http://a/v1", "m") for r in (base, *others)}
    keys |= {base.key("ollama", "http://a/v1", "m"), base.key("openai", "http://b/v1", "m")}
    keys |= {base.key("openai", "http://a/v1", "n")}
    assert len(keys) == len(others) + 4
    assert Request.of(PROMPT).key("openai", "http://a/v1", "m") == base.key("openai", "http://a/v1", "m")


def test_notes_never_make_two_user_turns_in_a_row() -> None:
    merged = Request.of(PROMPT).with_note("N")
    assert [m.role for m in merged.messages] == ["system", "user"] and merged.messages[-1].text == "U\n\nN"
    repaired = Request.of(PROMPT).with_note("N", said="bad")
    assert [m.role for m in repaired.messages] == ["system", "user", "assistant", "user"]


class _Inner(BaseModel):
    score: float = Field(default=0.5, ge=0)


class _Outer(BaseModel):
    title: str
    inner: list[_Inner] = []
    note: str | None = None


def test_strict_schema_requires_everything_and_forbids_the_rest() -> None:
    schema = strict_schema(_Outer)
    assert schema["required"] == ["title", "inner", "note"] and schema["additionalProperties"] is False
    inner = schema["$defs"]["_Inner"]
    assert inner["required"] == ["score"] and inner["additionalProperties"] is False
    assert "default" not in inner["properties"]["score"] and inner["properties"]["score"]["minimum"] == 0
    assert schema["title"] == "_Outer"


def _error(
    status: int, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> openai.APIStatusError:
    request = httpx2.Request("POST", "http://a/v1", headers={"Authorization": "Bearer sk-secret123456"})
    response = httpx2.Response(status, request=request, headers=headers)
    return openai.APIStatusError("sk-secret123456 told", response=response, body=body)


@pytest.mark.parametrize(
    ("error", "kind", "facts"),
    [
        (_error(401), Misconfigured, {"setting": "ZHENGDU_API_KEY"}),
        (_error(403), Misconfigured, {"setting": "ZHENGDU_API_KEY"}),
        (_error(404), Misconfigured, {"setting": "ZHENGDU_MODEL"}),
        (_error(402), Stop, {}),
        (_error(429, {"code": "insufficient_quota"}), Stop, {}),
        (_error(429, headers={"retry-after": "7"}), Retry, {"after": 7.0}),
        (_error(503), Retry, {"after": None}),
        (_error(400, {"code": "context_length_exceeded"}), Skip, {"code": "too_long"}),
        (_error(400, {"code": 400, "type": "exceed_context_size_error"}), Skip, {"code": "too_long"}),
        (_error(400, {"code": "data_inspection_failed"}), Skip, {"code": "filtered"}),
        (_error(400, {"param": "temperature"}), Rejected, {"param": "temperature", "code": "rejected"}),
        (TimeoutError(), Retry, {}),
    ],
)
def test_errors_become_ours_without_the_key(error: Exception, kind: type[Exception], facts: dict[str, Any]) -> None:
    ours = translate(error, "a")
    assert type(ours) is kind
    assert {name: getattr(ours, name) for name in facts} == facts
    assert "secret" not in repr(ours) + str(ours)
    again = pickle.loads(pickle.dumps(ours))  # noqa: S301 - our own bytes
    assert type(again) is kind and again.args == ours.args


def test_bugs_stay_bugs() -> None:
    assert translate(KeyError("x"), "a") is None


@pytest.mark.parametrize(("size", "expected"), [("7.6B", 7.6), ("494.03M", 0.49403), ("8x7B", 56.0), ("big", None)])
def test_parameter_sizes(size: str, expected: float | None) -> None:
    assert ollama.billions(size) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("name", "size"),
    [("Qwen2.5-1.5B-Instruct-Q4", "1.5"), ("qwen3-30b-a3b", "30"), ("mixtral-8x7b", None), ("gpt-4o-mini", None)],
)
def test_sizes_in_names(name: str, size: str | None) -> None:
    found = providers._SIZE_IN_NAME.search(name)
    assert (found[1] if found else None) == size
