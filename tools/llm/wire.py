"""One call to a chat server and its answer, as plain values the cache can keep and the ladder can rewrite."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from core.models import Usage
from core.ports import Message, Prompt


class Mode(StrEnum):
    """How a server is asked to keep to a schema; the order of the members is the ladder's."""

    JSON_SCHEMA = "json_schema"
    FUNCTION = "function_calling"
    JSON_OBJECT = "json_object"
    PROMPT = "prompt"
    """The schema stands in the prompt only: the last rung, for servers that know none of the others."""


@dataclass(frozen=True)
class Request:
    """What goes over the wire; equal requests have equal answers."""

    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float = 0.0
    stop: tuple[str, ...] = ()
    mode: Mode | None = None
    """None: free text."""
    schema: dict[str, Any] | None = field(default=None, hash=False)
    """JSON Schema with a `title`, where `mode` is set."""
    top_logprobs: int = 0
    """How many alternatives to ask for at each token; 0: none."""

    @classmethod
    def of(cls, prompt: Prompt) -> "Request":
        """The free-text request of a prompt."""
        return cls(prompt.messages, prompt.max_tokens, prompt.temperature, prompt.stop)

    def roomier(self) -> "Request":
        """The same with twice the space for the answer."""
        return replace(self, max_tokens=self.max_tokens * 2)

    def with_note(self, note: str, said: str = "") -> "Request":
        """The same with a further user turn, after the model's own words `said` if there were any. Two user turns
        in a row are merged, because several chat templates refuse them."""
        messages = list(self.messages)
        if said:
            messages.append(Message(role="assistant", text=said))
        if messages and messages[-1].role == "user":
            messages[-1] = Message(role="user", text=f"{messages[-1].text}\n\n{note}")
        else:
            messages.append(Message(role="user", text=note))
        return replace(self, messages=tuple(messages))

    def key(self, provider: str, server: str, model: str) -> str:
        """SHA-256 over everything the answer depends on; no API key among it."""
        facts = [
            provider,
            server,
            model,
            [[m.role, m.text] for m in self.messages],
            self.max_tokens,
            self.temperature,
            list(self.stop),
            self.mode,
            self.schema,
            self.top_logprobs,
        ]
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


Alternatives = tuple[tuple[bytes, float], ...]
"""The likeliest tokens at one place as (UTF-8 bytes, log-probability); a token may be part of a character."""


@dataclass(frozen=True)
class Reply:
    """A server's answer, reasoning already stripped."""

    text: str
    """The words, or the JSON a function was called with."""
    finish: str
    """The server's finish_reason; `length` means cut off."""
    usage: Usage = field(default_factory=Usage)
    tokens: tuple[tuple[bytes, Alternatives], ...] = ()
    """Each spoken token with its alternatives, where log-probabilities were asked for and given."""

    @property
    def cut(self) -> bool:
        """The answer ran into its token limit."""
        return self.finish == "length"

    def dump(self) -> str:
        """As JSON, for the cache."""
        tokens = [[said.hex(), [[token.hex(), p] for token, p in ranked]] for said, ranked in self.tokens]
        facts = {**asdict(replace(self, tokens=(), usage=Usage())), "tokens": tokens, "usage": self.usage.model_dump()}
        return json.dumps(facts, ensure_ascii=False)

    @classmethod
    def parse(cls, stored: str) -> "Reply":
        """The opposite of `dump`."""
        facts = json.loads(stored)
        tokens = tuple(
            (bytes.fromhex(said), tuple((bytes.fromhex(token), float(p)) for token, p in ranked))
            for said, ranked in facts["tokens"]
        )
        return cls(facts["text"], facts["finish"], Usage.model_validate(facts["usage"]), tokens)
