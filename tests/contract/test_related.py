"""arXiv asked for papers on a topic."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tools.sources.arxiv_api import ArxivApi

from .conftest import Mirror
from .small_world import atom, atom_entry, make


def answering(httpserver: HTTPServer, *, strict: bool) -> list[dict[str, list[str]]]:
    """An API that finds two papers; where it is `strict`, nothing for a search of several words at once."""
    seen: list[dict[str, list[str]]] = []

    def answer(request: Request) -> Response:
        query = parse_qs(urlsplit(request.url).query)
        seen.append(query)
        found = [] if strict and " AND " in query["search_query"][0] else ["2511.00002v3", "2511.00001v1"]
        return atom("".join(map(atom_entry, found)), len(found))

    httpserver.expect_request("/api/query").respond_with_handler(answer)
    return seen


@pytest.mark.parametrize("strict", [False, True])
def test_the_words_of_a_topic_find_papers_best_first(httpserver: HTTPServer, tmp_path: Path, strict: bool) -> None:
    seen = answering(httpserver, strict=strict)
    api = ArxivApi(*make(tmp_path, httpserver.url_for("")))
    found = api.related("A comparison of recent sparse attention for long-context language models", 5)
    assert [paper.version for paper in found] == ["2511.00002v3", "2511.00001v1"]
    assert seen[0]["search_query"][0] == ('all:sparse AND all:attention AND all:"long context" AND all:language')
    assert len(seen) == 1 + strict and (not strict or " OR all:models" in seen[1]["search_query"][0])
    assert (seen[0]["sortBy"], seen[0]["sortOrder"], seen[0]["max_results"]) == (["relevance"], ["descending"], ["5"])


def test_a_topic_without_words_asks_nothing(httpserver: HTTPServer, tmp_path: Path) -> None:
    seen = answering(httpserver, strict=False)
    assert ArxivApi(*make(tmp_path, httpserver.url_for(""))).related("这一周的工作 in the of", 5) == () and not seen


def test_the_stand_in_answers_searches_too(mirror: Mirror, tmp_path: Path) -> None:
    found = ArxivApi(*make(tmp_path, mirror())).related("reinforcement learning for reasoning", 4)
    assert 0 < len(found) <= 4
    assert all("learning" in f"{paper.title} {paper.abstract}".lower() for paper in found)
