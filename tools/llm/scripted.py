"""A chat model for tests: says what it is told to, remembers what it was asked, touches no network."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from pydantic import BaseModel, ValidationError

from core.errors import Skip
from core.ports import ModelCard, Prompt, Wire
from tools.llm.meter import CallMeter, estimate_prompt, estimate_tokens
from tools.llm.options import from_text

_Kind = TypeVar("_Kind")
_PIECE = 4
"""Characters a streamed piece has."""


@dataclass(frozen=True)
class Asked:
    """One call as the model saw it."""

    kind: Literal["text", "stream", "fill", "choose"]
    prompt: Prompt
    schema: type[BaseModel] | None = None
    options: tuple[str, ...] = ()

    @property
    def last(self) -> str:
        """The last turn's text."""
        return self.prompt.messages[-1].text


Said = str | BaseModel | Mapping[str, object] | Exception
"""Words; a filled schema or its fields; for `choose` an option or a share of each; an error to raise."""


class ScriptedModel:
    """core.ports.ChatModel from a queue of replies, or from a function of what is asked."""

    def __init__(
        self,
        replies: Iterable[Said] | Callable[[Asked], Said] = (),
        *,
        name: str = "scripted",
        small: bool = False,
        context_tokens: int = 32_768,
        meter: CallMeter | None = None,
        delay: float = 0.0,
        local: bool = True,
    ) -> None:
        """`meter`: is told of each call, with estimated tokens, which cost something unless the model is `local`.
        `delay`: seconds before each piece of a stream."""
        self._say = replies if callable(replies) else None
        self._queue: deque[Said] = deque(() if callable(replies) else replies)
        self._meter = meter
        self._delay = delay
        self._card = ModelCard(name=name, provider="scripted", small=small, context_tokens=context_tokens, local=local)
        self.history: list[Asked] = []
        self.cut_off = 0
        """Streams that were closed before their end."""

    @property
    def card(self) -> ModelCard:
        """What is pretended."""
        return self._card

    @property
    def left(self) -> int:
        """Replies nobody has asked for yet."""
        return len(self._queue)

    async def text(self, prompt: Prompt) -> str:
        """The next reply as words."""
        return self._next(Asked("text", prompt), str)

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """The same in short pieces."""
        text = self._next(Asked("stream", prompt), str)
        whole = False
        try:
            for at in range(0, len(text), _PIECE):
                await asyncio.sleep(self._delay)
                yield text[at : at + _PIECE]
            whole = True
        finally:
            self.cut_off += not whole

    async def fill(self, prompt: Prompt, schema: type[Wire]) -> Wire:
        """The next reply in the schema; what does not fit is Skip(code="format"), as with a real model."""
        said = self._next(Asked("fill", prompt, schema), object)
        if isinstance(said, schema):
            return said
        try:
            return schema.model_validate_json(said) if isinstance(said, str) else schema.model_validate(said)
        except ValidationError as error:
            raise Skip(f"模型没有按要求的格式回答（{schema.__name__}）：{error}", code="format") from None

    async def choose(self, prompt: Prompt, options: Sequence[str]) -> dict[str, float]:
        """The next reply as shares of the options, normalised."""
        said = self._next(Asked("choose", prompt, options=tuple(options)), object)
        if isinstance(said, str):
            return from_text(said, options)
        if not isinstance(said, Mapping) or set(said) - set(options):
            raise AssertionError(f"the script says {said!r}, asked was {options!r}")
        shares = {option: float(str(said.get(option, 0.0))) for option in options}
        return {option: share / sum(shares.values()) for option, share in shares.items()}

    def _next(self, asked: Asked, kind: type[_Kind]) -> _Kind:
        """Notes the question and takes the reply to it."""
        self.history.append(asked)
        if self._say is None and not self._queue:
            raise AssertionError(f"nothing left to say to: {asked.last[:200]}")
        if self._meter is None:
            said = self._said(asked)
        else:
            tokens = estimate_prompt(asked.prompt.messages)
            with self._meter.reserve(tokens, asked.prompt.max_tokens, local=self._card.local) as call:
                said = self._said(asked)
                call.settle(tokens, estimate_tokens(str(said)))
        if not isinstance(said, kind):
            raise AssertionError(f"the script says {said!r} to a call of {asked.kind}")
        return said

    def _said(self, asked: Asked) -> Said:
        """The reply to it. Raises the one that is an error."""
        said = self._say(asked) if self._say else self._queue.popleft()
        if isinstance(said, Exception):
            raise said
        return said
