"""From a prompt and a schema to a filled schema, on servers that promise more or less than they do.

    json_schema -> function_calling -> json_object, schema in the prompt -> schema in the prompt

The highest rung a server's model truly keeps to is found with one small question and remembered for a month. Every
answer is validated here all the same. One that does not fit is sent back once with what is wrong; one that was cut off
is asked for once more with twice the space. After that the paper is skipped: no JSON is mended by hand.
"""

import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import Skip
from core.log import get
from core.ports import Message, Prompt, Wire
from tools.llm.faults import Rejected
from tools.llm.wire import Mode, Reply, Request

_log = get("llm")

_MONTH = 30 * 86_400.0
"""Seconds after which a server is asked again; servers learn."""
_PROBE_TOKENS = 400
"""Space for a model that thinks first; others use 20 tokens."""
_SHOWN = 4_000
"""Characters of a wrong answer shown to its author."""
_COMPLAINTS = 6
"""Validation errors reported at once."""


class Memory(Protocol):
    """What is known of servers; tools.llm.cache.CallCache is one."""

    def recall(self, server: str, model: str, ability: str, max_age: float) -> str | None: ...
    def remember(self, server: str, model: str, ability: str, value: str) -> None: ...


class _Probe(BaseModel):
    """A schema no prose fits."""

    model_config = ConfigDict(extra="forbid")

    colour: Literal["blue", "red"]
    certainty: int


_QUESTION = Prompt(
    messages=(Message(role="user", text="Which colour is the sky on a clear day, and how certain are you?"),),
    max_tokens=_PROBE_TOKENS,
)


class Ladder:
    """Fills schemas through one server's model."""

    def __init__(
        self,
        call: Callable[[Request], Awaitable[Reply]],
        forget: Callable[[Sequence[Request]], None],
        memory: Memory,
        server: str,
        model: str,
        known: Mode | None = None,
    ) -> None:
        """`call` makes a request, `forget` drops its kept reply; `known`: the rung, where it needs no probing."""
        self._call = call
        self._forget = forget
        self._memory = memory
        self._server = server
        self._model = model
        self._rung = known

    async def fill(self, prompt: Prompt, schema: type[Wire]) -> Wire:
        """The filled schema; raises Skip(code="format") where the model cannot, and what `call` raises."""
        start = await self._highest()
        rejected: Rejected | None = None
        for mode in list(Mode)[list(Mode).index(start) :]:
            try:
                return await self._at(mode, prompt, schema)
            except Rejected as error:  # e.g. a schema too deep for the server: the next rung may do
                _log.info("rung rejected", mode=mode.value, schema=schema.__name__)
                rejected = error
        raise rejected or _unfit(schema)

    async def _highest(self) -> Mode:
        """The rung to start from."""
        if self._rung is None:
            known = self._memory.recall(self._server, self._model, "rung", _MONTH)
            self._rung = Mode(known) if known else await self._probe()
        return self._rung

    async def _probe(self) -> Mode:
        """Asks one small question at each rung until an answer fits its schema."""
        found = Mode.PROMPT
        for mode in (Mode.JSON_SCHEMA, Mode.FUNCTION, Mode.JSON_OBJECT):
            try:
                reply = await self._call(_request(mode, _QUESTION, _Probe))
            except Rejected:
                continue
            if _parse(reply, _Probe)[0] is not None:
                found = mode
                break
        _log.info("ladder", server=self._server, model=self._model, rung=found.value)
        self._memory.remember(self._server, self._model, "rung", found.value)
        return found

    async def _at(self, mode: Mode, prompt: Prompt, schema: type[Wire]) -> Wire:
        """One rung: an answer, and if it does not fit a second one."""
        asked: list[Request] = []
        request = _request(mode, prompt, schema)
        for attempt in ("first", "repair"):
            request, reply = await self._whole(request, asked)
            value, wrong = _parse(reply, schema)
            if value is not None:
                return value
            _log.info("answer does not fit", attempt=attempt, schema=schema.__name__, wrong=wrong)
            request = request.with_note(_complaint(wrong), reply.text[:_SHOWN])
        self._forget(asked)
        raise _unfit(schema)

    async def _whole(self, request: Request, asked: list[Request]) -> tuple[Request, Reply]:
        """An answer that was not cut off, with the request that got it; raises Skip(code="format") if both were."""
        for attempt in (request, request.roomier()):
            asked.append(attempt)
            reply = await self._call(attempt)
            if not reply.cut:
                return attempt, reply
        self._forget(asked)
        raise Skip("模型的回答太长，加倍长度后仍被截断", "换一个模型，或减少每次要求的内容", code="format")


def _unfit(schema: type[BaseModel]) -> Skip:
    return Skip(f"模型两次都没有按要求的格式回答（{schema.__name__}）", "换一个更强的模型", code="format")


def _request(mode: Mode, prompt: Prompt, schema: type[BaseModel]) -> Request:
    """The prompt at a rung; the two lower ones get the schema into their last user turn, so that the beginning of
    the prompt, which servers cache, stays the same."""
    wanted = strict_schema(schema)
    request = replace(Request.of(prompt), mode=mode, schema=wanted)
    if mode in (Mode.JSON_OBJECT, Mode.PROMPT):
        return request.with_note(
            "只输出一个 JSON 对象，不要解释。它必须符合下面的 JSON Schema：\n" + json.dumps(wanted, ensure_ascii=False)
        )
    return request


def _complaint(wrong: str) -> str:
    return f"上面的回答不符合要求：\n{wrong}\n请只输出改正后的完整 JSON 对象。"


def _parse(reply: Reply, schema: type[Wire]) -> tuple[Wire | None, str]:
    """The validated value, or None and what is wrong with it."""
    text = _unfenced(reply.text)
    if not text:
        return None, "回答是空的"
    try:
        return schema.model_validate_json(text), ""
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False, include_context=False)[:_COMPLAINTS]
        return None, "\n".join(f"- {'.'.join(map(str, e['loc'])) or 'JSON'}: {e['msg']}" for e in errors)


def _unfenced(text: str) -> str:
    """JSON without the Markdown fence some models put around it."""
    text = text.strip()
    if text.startswith("```") and text.endswith("```") and "\n" in text:
        return text[text.index("\n") : -3].strip()
    return text


def strict_schema(schema: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a wire type in the form strict servers accept (OpenAI, "Structured outputs: supported
    schemas"): every property required, none beyond them, no defaults. What is optional says so with null."""
    wanted: dict[str, Any] = schema.model_json_schema()
    for part in _objects(wanted):
        if "properties" in part:
            part["required"] = list(part["properties"])
            part["additionalProperties"] = False
            for inner in part["properties"].values():
                inner.pop("default", None)
                inner.pop("title", None)
    return wanted


def _objects(part: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object inside a schema, itself first."""
    if isinstance(part, dict):
        yield part
        for inner in list(part.values()):
            yield from _objects(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _objects(inner)
