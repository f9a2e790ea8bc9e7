"""A Hugging Face of our own, whose lists grow and whose votes change; its papers have no PDF, so abstracts are read."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

_TOPICS = {
    "sparse attention": "We restrict attention to the most relevant blocks. Its costs fall by 75% at 32K tokens.",
    "reinforcement learning": "We train a model with reinforcement learning from rewards. Accuracy rises by 4.2.",
    "speech recognition": "We recognise speech in twelve languages. The word error rate falls from 9.1% to 7.4%.",
}


def entry(id: str, topic: str, votes: int = 3) -> dict[str, Any]:
    """A paper as the service lists it."""
    about = {
        "id": id, "title": f"{topic.title()} Number {id[-2:]}", "authors": [{"name": "Ann Lee", "hidden": False}],
        "summary": f"{_TOPICS[topic]} The method of paper {id[-2:]} needs no further data. It fails on long inputs.",
        "upvotes": votes, "ai_keywords": [topic, "transformers"], "publishedAt": "2026-11-15T00:00:00.000Z",
    }  # fmt: skip
    return {"paper": about, "title": about["title"]}


@contextmanager
def served(server: HTTPServer, lists: Mapping[str, list[dict[str, Any]]]) -> Iterator[str]:
    """The address of a mirror with these lists by day; arXiv is not there. The lists may change meanwhile."""

    def daily(request: Request) -> Response:
        return Response(json.dumps(lists.get(request.args["date"], [])), content_type="application/json")

    server.expect_request("/api/daily_papers").respond_with_handler(daily)
    server.expect_request(re.compile("/(pdf|api/query).*")).respond_with_data("gone", status=404)
    yield server.url_for("").rstrip("/")


def forget(home: Path) -> None:
    """Ten minutes later: answers of services are no longer remembered."""
    shutil.rmtree(home / "cache" / "web")
