"""A chat server that answers like the real ones, for the flow tests of tools/llm."""

import json
from collections.abc import Callable
from typing import Any

from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from werkzeug import Request as Asked
from werkzeug import Response

from core.ports import Message, ModelCard, Prompt
from tools.llm.cache import CallCache
from tools.llm.meter import CallMeter
from tools.llm.openai_compatible import OpenAICompatible

PROMPT = Prompt(messages=(Message(role="system", text="短答"), Message(role="user", text="几？")), max_tokens=64)
KEY = "sk-very-secret-123456"
PATH = "/v1/chat/completions"


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


def build(server: Server, calls: CallCache, meter: CallMeter | None = None, **more: Any) -> OpenAICompatible:
    card = ModelCard(name="m", provider="openai", small=False, context_tokens=8192, local=False)
    settled = {"timeout": 5.0, "max_retries": 0, "base_url": server.url, **more}
    return OpenAICompatible(card, model="m", api_key=SecretStr(KEY), calls=calls, meter=meter or CallMeter(), **settled)
