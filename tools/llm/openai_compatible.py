"""Chat models behind any server that speaks OpenAI's chat completions: OpenAI, DeepSeek, vLLM, Ollama, llama.cpp.

Everything a port method does goes through one `_call`: kept reply, or budget, gate, wire, books, keep.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from pydantic import SecretStr

from core.log import get
from core.ports import ModelCard, Prompt, Wire
from tools.llm import options as opts
from tools.llm.cache import CallCache
from tools.llm.faults import Rejected, translated
from tools.llm.ladder import Ladder
from tools.llm.meter import CallMeter, Spending, estimate_prompt, estimate_tokens
from tools.llm.replies import Gathered, is_loopback, reply_of, spoken, turns
from tools.llm.thinking import ThinkingFilter
from tools.llm.wire import Mode, Reply, Request

if TYPE_CHECKING:
    import httpx2
    from langchain_core.messages import AIMessage
    from langchain_openai import ChatOpenAI

_log = get("llm")

OPENAI = "https://api.openai.com/v1"
_MONTH = 30 * 86_400.0
_CONNECT = 10.0
"""Seconds to reach a server; only the answer may take long."""
_CHOICE_TOKENS = 2
"""Enough to see past a blank or a first token two options share."""
_TOP = (20, 5)
"""Alternatives to ask for at each token: OpenAI's and DeepSeek's limit, then DashScope's."""


@dataclass
class _Line:
    """What belongs to one event loop; a client used from a second loop fails with "Event loop is closed"."""

    url: str
    whole: "ChatOpenAI"
    pieces: "ChatOpenAI"
    gate: asyncio.Semaphore


class OpenAICompatible:
    """core.ports.ChatModel over HTTP. Beyond the port's errors, a refused prompt is a Skip: codes `too_long`,
    `filtered`, `rejected`, and `empty` where the model said nothing."""

    def __init__(
        self,
        card: ModelCard,
        *,
        model: str,
        base_url: str | Callable[[], str],
        api_key: SecretStr | None,
        calls: CallCache,
        meter: CallMeter,
        timeout: float,
        max_retries: int = 3,
        parallel: int = 8,
        identity: str = "",
        known: Mode | None = None,
        transport: "httpx2.AsyncBaseTransport | None" = None,
    ) -> None:
        """`base_url`: with its /v1; a function is called in a thread before the first call, and may start the
        server. `timeout`: seconds for one attempt; `max_retries`: further attempts, Retry-After honoured;
        `parallel`: calls under way at once in an event loop; `identity`: what stands for the server in cache keys
        where its URL changes from run to run; `known`: the rung of the ladder, where it needs no probing;
        `transport`: stands in for the network in tests."""
        self._card = card
        self._model = model
        self._base_url = base_url
        self._api_key = api_key
        self._calls = calls
        self._meter = meter
        self._timeout = timeout
        self._retries = max_retries
        self._parallel = parallel
        self._identity = identity or (base_url if isinstance(base_url, str) else card.name)
        self._transport = transport
        self._lines: WeakKeyDictionary[asyncio.AbstractEventLoop, _Line] = WeakKeyDictionary()
        self._lock = Lock()
        self._refused: set[str] = set()
        self._top: int | None = None
        self._ladder = Ladder(self._call, self._forget, calls, self._identity, model, known)

    @property
    def card(self) -> ModelCard:
        """What is known about the model."""
        return self._card

    async def text(self, prompt: Prompt) -> str:
        """The model's words, reasoning stripped; where that took all the space, there is one try with twice as much."""
        reply = await self._call(Request.of(prompt))
        if reply.cut and not reply.text:
            reply = await self._call(Request.of(prompt).roomier())
        return spoken(reply)

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """The same, piece by piece; a kept reply comes in one piece. An answer left half-way is booked as far as it
        came and not kept."""
        request = Request.of(prompt)
        key = self._key(request)
        kept = await asyncio.to_thread(self._calls.get, key)
        if kept is not None:
            self._meter.recall(kept.usage)
            yield spoken(kept)
            return
        async with self._spending(request) as (line, spending):
            gathered = Gathered(request, spending)
            shown = ThinkingFilter()
            try:
                async for chunk in self._pieces(line, request):
                    if piece := shown.feed(gathered.add(chunk)):
                        yield piece
                if rest := shown.close():
                    yield rest
            finally:
                reply = gathered.settle()
        spoken(reply)
        if reply.finish:  # without one the connection ended before the answer did
            await asyncio.to_thread(self._calls.put, key, self._model, reply)

    async def fill(self, prompt: Prompt, schema: type[Wire]) -> Wire:
        """A filled schema, validated; raises Skip(code="format") when the model cannot produce one."""
        return await self._ladder.fill(prompt, schema)

    async def choose(self, prompt: Prompt, options: Sequence[str]) -> dict[str, float]:
        """Probability of each option from the server's log-probabilities; from the spoken words where it gives none
        or the options are nowhere among them (models that think first)."""
        for top in await self._tops():
            request = Request(prompt.messages, _CHOICE_TOKENS, prompt.temperature, prompt.stop, top_logprobs=top)
            try:
                reply = await self._call(request)
            except Rejected:
                continue
            self._note_top(top if reply.tokens else 0)
            found = opts.from_tokens(reply, options)
            if found is not None:
                return found
            break
        else:
            self._note_top(0)
        reply = await self._call(Request.of(prompt))
        return opts.from_text(reply.text, options)

    async def _tops(self) -> tuple[int, ...]:
        """How many alternatives to ask this server for, in the order to try."""
        if self._top is None:
            known = await asyncio.to_thread(self._calls.recall, self._identity, self._model, "top_logprobs", _MONTH)
            self._top = None if known is None else int(known)
        if self._top is None:
            return _TOP
        return (self._top,) if self._top else ()

    def _note_top(self, top: int) -> None:
        if self._top != top:
            self._top = top
            self._calls.remember(self._identity, self._model, "top_logprobs", str(top))

    def _key(self, request: Request) -> str:
        return request.key(self._card.provider, self._identity, self._model)

    def _forget(self, requests: Sequence[Request]) -> None:
        self._calls.forget([self._key(request) for request in requests])

    async def _call(self, request: Request) -> Reply:
        """The one way to a reply."""
        reply, fresh = await self._calls.once(self._key(request), self._model, lambda: self._send(request))
        if not fresh:
            self._meter.recall(reply.usage)
        return reply

    async def _send(self, request: Request) -> Reply:
        async with self._spending(request) as (line, spending):
            message = await self._whole(line, request)
            return reply_of(message, request, spending)

    @asynccontextmanager
    async def _spending(self, request: Request) -> AsyncIterator[tuple[_Line, Spending]]:
        """A place at the server's gate and the money for the call."""
        line = await self._line()
        worst = estimate_prompt(request.messages) + (
            estimate_tokens(json.dumps(request.schema)) if request.schema else 0
        )
        async with line.gate:
            with self._meter.reserve(worst, request.max_tokens, self._card.local) as spending:
                yield line, spending

    async def _whole(self, line: _Line, request: Request) -> "AIMessage":
        """One answer; an option the server names as unsupported is left out from then on."""
        while True:
            with translated(self.where):
                try:
                    async with asyncio.timeout(self._patience):
                        return await line.whole.ainvoke(turns(request), **self._options(request))
                except Exception as error:
                    self._drop_option(error)

    async def _pieces(self, line: _Line, request: Request) -> AsyncIterator[Any]:
        """The chunks of one answer. Options are settled by the first chunk, so only then may one be dropped."""
        begun = False
        while True:
            with translated(self.where):
                try:
                    async for chunk in line.pieces.astream(turns(request), **self._options(request)):
                        begun = True
                        yield chunk
                    return
                except Exception as error:
                    if begun:
                        raise
                    self._drop_option(error)

    @property
    def _patience(self) -> float:
        """Seconds for all attempts together: some servers keep a request alive with blank lines for ever."""
        return self._timeout * (self._retries + 1) + _CONNECT

    @property
    def where(self) -> str:
        """The server's host, or what stands for it, for messages."""
        return (urlsplit(self._base_url).netloc if isinstance(self._base_url, str) else "") or self._card.name

    def _drop_option(self, error: Exception) -> None:
        """Notes an option this model does not take (reasoning models take no temperature); raises `error` if it is
        about anything else."""
        param = getattr(error, "param", None)
        if param not in ("temperature", "stop", "stream_options") or param in self._refused:
            raise error
        _log.info("option dropped", model=self._model, option=param)
        self._refused.add(param)

    def _options(self, request: Request) -> dict[str, Any]:
        """Keyword arguments of langchain's ainvoke and astream. What langchain would treat in a way of its own
        (it parses with response_format, and renames max_tokens) goes past it in extra_body."""
        limit = "max_completion_tokens" if self._base_url == OPENAI else "max_tokens"
        body: dict[str, Any] = {limit: request.max_tokens}
        options: dict[str, Any] = {"extra_body": body}
        if "temperature" not in self._refused:
            options["temperature"] = request.temperature
        if request.stop and "stop" not in self._refused:
            options["stop"] = list(request.stop)
        if "stream_options" in self._refused:
            options["stream_usage"] = False
        if request.top_logprobs:
            options |= {"logprobs": True, "top_logprobs": request.top_logprobs}
        name = str((request.schema or {}).get("title", "answer")).strip("_") or "answer"
        if request.mode is Mode.JSON_SCHEMA:
            shape = {"name": name, "schema": request.schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": shape}
        elif request.mode is Mode.JSON_OBJECT:
            body["response_format"] = {"type": "json_object"}
        elif request.mode is Mode.FUNCTION:
            function = {"name": name, "description": "Record the answer.", "parameters": request.schema}
            options["tools"] = [{"type": "function", "function": function}]
            options["tool_choice"] = {"type": "function", "function": {"name": name}}
        return options

    async def _line(self) -> _Line:
        """This event loop's clients and gate; starts the server where that is ours to do."""
        loop = asyncio.get_running_loop()
        url = await asyncio.to_thread(self._base_url) if callable(self._base_url) else self._base_url
        line = self._lines.get(loop)
        if line is None or line.url != url:
            line = await asyncio.to_thread(self._connect, loop, url)  # importing langchain takes a second
        return line

    def _connect(self, loop: asyncio.AbstractEventLoop, url: str) -> _Line:
        with self._lock:
            line = self._lines.get(loop)
            if line is None or line.url != url:
                line = self._lines[loop] = self._new_line(url)
            return line

    def _new_line(self, url: str) -> _Line:
        import httpx2
        from langchain_openai import ChatOpenAI

        patience = httpx2.Timeout(self._timeout, connect=min(_CONNECT, self._timeout))
        proxied = not is_loopback(url)  # a proxy has no business between us and our own machine
        client = httpx2.AsyncClient(
            timeout=patience, transport=self._transport, follow_redirects=True, trust_env=proxied
        )
        pieces = ChatOpenAI(
            model=self._model,
            base_url=url,
            api_key=self._api_key or SecretStr("none"),  # local servers take any
            timeout=patience,
            max_retries=self._retries,
            http_async_client=client,
            use_responses_api=False,
            stream_usage=True,
            stream_chunk_timeout=self._timeout,
        )
        # inside a graph that streams messages langchain would turn every call into a stream
        whole = pieces.model_copy(update={"disable_streaming": True})
        return _Line(url, whole, pieces, asyncio.Semaphore(self._parallel))
