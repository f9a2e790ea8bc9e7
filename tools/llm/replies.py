"""Between langchain's messages and ours."""

import ipaddress
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from core.errors import Skip
from core.models import Usage
from tools.llm.meter import Spending, estimate_prompt, estimate_tokens
from tools.llm.thinking import strip_thinking
from tools.llm.wire import Alternatives, Reply, Request

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage


def is_loopback(url: str) -> bool:
    """Whether the URL means this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def turns(request: Request) -> list[dict[str, str]]:
    """The messages as langchain takes them."""
    return [{"role": message.role, "content": message.text} for message in request.messages]


def spoken(reply: Reply) -> str:
    """The words of a reply; raises Skip(code="empty") where there are none, because nothing is no answer."""
    if not reply.text:
        why = "思考用完了全部长度" if reply.cut else "内容被拒绝或为空"
        raise Skip(f"模型没有给出回答（{why}）", "换一个模型，或稍后再试", code="empty")
    return reply.text


def reply_of(message: "AIMessage", request: Request, spending: Spending) -> Reply:
    """Our reply from a whole message, booked."""
    text = _words(message)
    usage = _settle(spending, request, message.usage_metadata, text)
    tokens = _tokens(message.response_metadata.get("logprobs")) if request.top_logprobs else ()
    return Reply(strip_thinking(text), str(message.response_metadata.get("finish_reason") or ""), usage, tokens)


class Gathered:
    """A reply that arrives in chunks."""

    def __init__(self, request: Request, spending: Spending) -> None:
        self._request = request
        self._spending = spending
        self._text: list[str] = []
        self._usage: Any = None
        self._finish = ""
        self._begun = False

    def add(self, chunk: Any) -> str:
        """Takes a chunk, returns its words."""
        self._begun = True
        piece = str(chunk.text)
        self._text.append(piece)
        self._usage = chunk.usage_metadata or self._usage
        self._finish = str(chunk.response_metadata.get("finish_reason") or self._finish)
        return piece

    def settle(self) -> Reply:
        """The reply as far as it came, booked; a stream that never began costs nothing."""
        text = "".join(self._text)
        usage = _settle(self._spending, self._request, self._usage, text) if self._begun else Usage()
        return Reply(strip_thinking(text), self._finish, usage)


def _settle(spending: Spending, request: Request, reported: Any, text: str) -> Usage:
    """Books what the server reports, or an upper estimate where it reports nothing."""
    if reported and reported["input_tokens"]:
        return spending.settle(reported["input_tokens"], reported["output_tokens"])
    return spending.settle(estimate_prompt(request.messages), estimate_tokens(text))


def _words(message: "AIMessage") -> str:
    """What was said, or the JSON a function was called with. Reasoning that comes in a field of its own stays there."""
    if message.tool_calls:
        return json.dumps(message.tool_calls[0]["args"], ensure_ascii=False)
    if message.invalid_tool_calls:
        return message.invalid_tool_calls[0]["args"] or ""
    return str(message.text)


def _tokens(logprobs: Any) -> tuple[tuple[bytes, Alternatives], ...]:
    """The spoken tokens and their alternatives from an OpenAI `logprobs` object."""
    content = (logprobs or {}).get("content") or []
    return tuple(
        (_bytes(t), tuple((_bytes(a), float(a["logprob"])) for a in t.get("top_logprobs") or [t])) for t in content
    )


def _bytes(token: dict[str, Any]) -> bytes:
    """A token's bytes; servers that split characters give them, the others give text."""
    given = token.get("bytes")
    return bytes(given) if given is not None else str(token["token"]).encode()
