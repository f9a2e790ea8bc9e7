"""Downloads that break off, and what is left of them, against a small server on the loopback interface."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from core.errors import Retry, Skip, ZhengduError
from core.settings import Settings, load
from tools.web.client import PoliteClient
from tools.web.partial import Partial

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 400 + b"\n%%EOF\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(home=tmp_path / "home", cache=tmp_path / "cache", arxiv_interval=0, http_timeout=5, http_retries=3)


@pytest.fixture
def client(settings: Settings) -> PoliteClient:
    return PoliteClient(settings, backoff=0.01)


Handler = Callable[[Request], Response]


def serve(server: HTTPServer, *answers: Response | Handler, path: str = "/x") -> list[Request]:
    """Gives these answers one after the other, the last one again and again; returns the requests as they come."""
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        chosen = answers[min(len(seen), len(answers) - 1)]
        seen.append(request)
        return chosen(request) if callable(chosen) and not isinstance(chosen, Response) else chosen

    server.expect_request(path).respond_with_handler(answer)
    return seen


def html() -> Response:
    return Response("<!DOCTYPE html><html>Rate exceeded</html>", 200, {"Content-Type": "text/html"})


def pdf(body: bytes = PDF, **headers: str) -> Response:
    return Response(body, 200, {"Content-Type": "application/pdf", **headers})


def cut(body: bytes, full: int, **headers: str) -> Response:
    """An answer that promises `full` bytes and gives `body`."""
    response = pdf(body, **headers)
    response.automatically_set_content_length = False
    response.headers["Content-Length"] = str(full)
    return response


def load_pdf(client: PoliteClient, server: HTTPServer, target: Path, cap: int = 10**6) -> Path:
    return client.download(server.url_for("/x"), target, b"%PDF", cap)


def test_download_arrives_once(httpserver: HTTPServer, client: PoliteClient, tmp_path: Path) -> None:
    seen = serve(httpserver, pdf())
    target = tmp_path / "new" / "a.pdf"
    assert load_pdf(client, httpserver, target) == load_pdf(client, httpserver, target) == target
    assert target.read_bytes() == PDF
    assert [p.name for p in target.parent.iterdir()] == ["a.pdf"]
    assert len(seen) == 1


def test_a_cut_download_goes_on_where_it_stopped(httpserver: HTTPServer, client: PoliteClient, tmp_path: Path) -> None:
    half = len(PDF) // 2

    def rest(request: Request) -> Response:
        assert request.headers["If-Range"] == '"v1"'
        start = int(request.headers["Range"].removeprefix("bytes=").rstrip("-"))
        assert 0 < start <= half
        return Response(PDF[start:], 206, {"Content-Range": f"bytes {start}-{len(PDF) - 1}/{len(PDF)}", "ETag": '"v1"'})

    seen = serve(httpserver, cut(PDF[:half], len(PDF), ETag='"v1"'), rest)
    assert load_pdf(client, httpserver, tmp_path / "a.pdf").read_bytes() == PDF
    httpserver.check_assertions()
    assert len(seen) == 2
    assert [p.name for p in tmp_path.glob("a.pdf*")] == ["a.pdf"]


def test_a_later_process_goes_on_too_and_a_changed_file_starts_over(
    httpserver: HTTPServer, settings: Settings, tmp_path: Path
) -> None:
    once = PoliteClient(settings.model_copy(update={"http_retries": 0}), 0.01)
    target = tmp_path / "a.pdf"
    new = PDF.replace(b"1.7", b"2.0")
    seen = serve(httpserver, cut(PDF[:50_000], len(PDF), ETag='"v1"'), pdf(new, ETag='"v2"'))
    with pytest.raises(Retry):
        load_pdf(once, httpserver, target)
    assert not target.exists()
    assert load_pdf(once, httpserver, target).read_bytes() == new
    assert seen[1].headers["Range"].startswith("bytes=")


def test_without_a_validator_or_range_support_it_starts_over(
    httpserver: HTTPServer, client: PoliteClient, tmp_path: Path
) -> None:
    seen = serve(httpserver, cut(PDF[:50_000], len(PDF)), pdf())
    assert load_pdf(client, httpserver, tmp_path / "a.pdf").read_bytes() == PDF
    assert "Range" not in seen[1].headers


@pytest.mark.parametrize(
    "answer",
    [
        Response("", 416),
        Response(PDF[10:], 206, {"Content-Range": f"bytes 10-{len(PDF) - 1}/{len(PDF)}"}),
        Response(PDF[10:], 206),
    ],
    ids=["416", "another range", "no range"],
)
def test_a_rest_that_does_not_fit_starts_over(
    httpserver: HTTPServer, client: PoliteClient, tmp_path: Path, answer: Response
) -> None:
    seen = serve(httpserver, cut(PDF[:50_000], len(PDF), ETag='"v1"'), answer, pdf())
    assert load_pdf(client, httpserver, tmp_path / "a.pdf").read_bytes() == PDF
    assert "Range" in seen[1].headers and "Range" not in seen[2].headers


@pytest.mark.parametrize(
    ("answer", "error", "tries"),
    [
        (html(), Retry, 4),
        (pdf(b"<html>busy</html>"), Retry, 4),
        (pdf(b""), Retry, 4),
        (cut(PDF[:3000], len(PDF)), Retry, 4),
        (Response("", 503), Retry, 4),
        (Response("", 404), Skip, 1),
        (pdf(b"PK\x03\x04" + b"0" * 5000), Skip, 1),
        (pdf(b"PK"), Skip, 1),
        (pdf(PDF + b"0" * 10**6), Skip, 1),
    ],
    ids=["page", "page called pdf", "empty", "cut", "503", "404", "zip", "two bytes", "too large"],
)
def test_nothing_is_left_under_the_name_when_it_fails(
    httpserver: HTTPServer,
    client: PoliteClient,
    tmp_path: Path,
    answer: Response,
    error: type[ZhengduError],
    tries: int,
) -> None:
    seen = serve(httpserver, answer)
    with pytest.raises(error):
        load_pdf(client, httpserver, tmp_path / "a.pdf")
    assert len(seen) == tries
    assert not list(tmp_path.glob("a.pdf*"))


def test_the_cap_holds_without_a_length_too(httpserver: HTTPServer, client: PoliteClient, tmp_path: Path) -> None:
    sent = 0

    def endless(request: Request) -> Response:
        def body() -> object:
            nonlocal sent
            yield PDF
            for _ in range(400):
                sent += 1
                yield b"0" * 65536

        return Response(body(), 200, {"Content-Type": "application/pdf"})  # type: ignore[arg-type]

    serve(httpserver, endless)
    with pytest.raises(Skip) as error:
        load_pdf(client, httpserver, tmp_path / "a.pdf", cap=500_000)
    assert error.value.code == "too_large"
    assert sent < 200, "stopped while streaming"
    assert not list(tmp_path.glob("a.pdf*"))


def test_two_threads_want_the_same_file(httpserver: HTTPServer, settings: Settings, tmp_path: Path) -> None:
    seen = serve(httpserver, pdf())
    client = PoliteClient(settings)
    target = tmp_path / "a.pdf"
    threads = [threading.Thread(target=load_pdf, args=(client, httpserver, target)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert target.read_bytes() == PDF
    assert len(seen) == 1


def test_fewer_bytes_than_promised_are_not_a_file(tmp_path: Path) -> None:
    partial = Partial(tmp_path / "a.pdf", b"%PDF", 10**6)
    with pytest.raises(Retry, match=f"{len(PDF) - 1} 字节，应有 {len(PDF)} 字节"):
        partial.receive(200, {"Content-Length": str(len(PDF))}, [PDF[:9], PDF[9:-1]], "x")
    assert not list(tmp_path.iterdir())
    assert partial.receive(200, {"Content-Length": str(len(PDF))}, [PDF[:1], PDF[1:]], "x").read_bytes() == PDF
