"""An OpenAI-compatible server on loopback that answers like worlds.strong and writes down every call."""

import hashlib
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import BaseModel

from core.ports import Message, Prompt
from tests.flow.worlds import strong
from tools.llm.scripted import Asked

_NAMES = {"notes": "_Notes", "title_zh": "_Digest", "text": "_Revision"}


class PaidServer:
    """Serves /v1/chat/completions; `calls` holds (hash of the request, when the answer was sent)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, float]] = []
        self.before: Callable[[int], None] = lambda number: None
        """Called with the number of each request before it is answered."""
        self.lock = threading.Lock()
        self.seen = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: object) -> None:
                pass

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with outer.lock:
                    outer.seen += 1
                    number = outer.seen
                outer.before(number)
                answer = json.dumps(outer.answer(json.loads(body))).encode()
                with outer.lock:
                    outer.calls.append((hashlib.sha256(body).hexdigest(), time.monotonic()))
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """A chat completion for a request."""
        messages = tuple(Message(role=m["role"], text=m["content"]) for m in request["messages"])
        wanted = request.get("response_format", {}).get("json_schema", {}).get("schema", {}).get("properties", {})
        if "colour" in wanted:  # can this server fill schemas?
            return _completion(request["model"], '{"colour": "blue", "certainty": 1}')
        name = next((name for key, name in _NAMES.items() if key in wanted), "")
        schema = type(name, (BaseModel,), {}) if name else None
        judged = any("只回答" in m.text or "是或否" in m.text or "“是”" in m.text for m in messages)
        prompt = Prompt(messages=messages, max_tokens=9)
        said = strong(Asked("fill" if schema else "choose" if judged else "text", prompt, schema))
        content = "是" if judged else said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
        return _completion(request["model"], content)


def _completion(model: str, content: str) -> dict[str, Any]:
    return {
        "id": "x", "object": "chat.completion", "created": 0, "model": model,
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    }  # fmt: skip
