"""The polite client against a small server on the loopback interface."""

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from core.errors import Misconfigured, Retry, Skip
from core.settings import Settings, load
from tools.web import VERSION
from tools.web.answers import check_body, is_html, refusal, retry_after, shown
from tools.web.client import PoliteClient
from tools.web.gate import LONGEST_QUIET, PATIENCE, Gate

ATOM = ("application/atom+xml",)
FEED = b"<feed><title>x</title></feed>"
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


def feed(**headers: str) -> Response:
    return Response(FEED, 200, {"Content-Type": "application/atom+xml; charset=utf-8", **headers})


def html() -> Response:
    return Response("<!DOCTYPE html><html>Rate exceeded</html>", 200, {"Content-Type": "text/html"})


def test_version_is_that_of_the_project() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == VERSION


def test_get_says_who_asks_and_what_it_wants(httpserver: HTTPServer, client: PoliteClient) -> None:
    seen = serve(httpserver, feed())
    assert client.get(httpserver.url_for("/x"), ATOM) == FEED
    assert seen[0].headers["User-Agent"].startswith(f"zhengdu/{VERSION} (+research assistant")
    assert seen[0].headers["Accept"] == "application/atom+xml"


@pytest.mark.parametrize(
    "bad",
    [
        Response("Rate exceeded.", 429, {"Retry-After": "0"}),
        Response("", 503),
        html(),
        Response("<html>busy</html>", 200, {"Content-Type": "application/atom+xml"}),
        Response("", 200, {"Content-Type": "application/atom+xml"}),
        Response(FEED[:-3], 200, {"Content-Type": "application/atom+xml"}),
        Response("Rate exceeded.", 200, {"Content-Type": "text/plain"}),
    ],
    ids=["429", "503", "page", "page called atom", "empty", "half a feed", "plain text"],
)
def test_what_only_looks_like_an_answer_is_asked_for_again(
    httpserver: HTTPServer, client: PoliteClient, bad: Response
) -> None:
    seen = serve(httpserver, bad, bad, feed())
    assert client.get(httpserver.url_for("/x"), ATOM) == FEED
    assert len(seen) == 3


def test_a_page_that_stays_raises_retry_in_chinese(httpserver: HTTPServer, client: PoliteClient) -> None:
    seen = serve(httpserver, html())
    with pytest.raises(Retry, match="text/html，不是要的数据"):
        client.get(httpserver.url_for("/x"), ATOM, max_age=60)
    assert len(seen) == 4, "one try and http_retries more"


@pytest.mark.parametrize(
    ("status", "code"), [(404, "not_found"), (410, "not_found"), (400, "refused"), (403, "refused")]
)
def test_refusals_are_not_repeated(httpserver: HTTPServer, client: PoliteClient, status: int, code: str) -> None:
    seen = serve(httpserver, Response("no", status))
    with pytest.raises(Skip) as error:
        client.get(httpserver.url_for("/x?key=secret"), ATOM)
    assert (error.value.code, len(seen)) == (code, 1)
    assert "secret" not in str(error.value)


def test_a_short_body_is_noticed(httpserver: HTTPServer, client: PoliteClient) -> None:
    short = Response(b"[1, 2]", 200, {"Content-Type": "application/json"})
    short.headers["Content-Length"] = "60"
    short.automatically_set_content_length = False
    seen = serve(httpserver, short, Response(b"[1, 2, 3]", 200, {"Content-Type": "application/json"}))
    assert client.get(httpserver.url_for("/x"), ("application/json",)) == b"[1, 2, 3]"
    assert len(seen) == 2


def test_answers_are_cached_for_max_age_and_refreshed_on_demand(httpserver: HTTPServer, settings: Settings) -> None:
    url = httpserver.url_for("/x")
    numbers = [Response(str(n), 200, {"Content-Type": "application/json"}) for n in range(3)]
    seen = serve(httpserver, *numbers)
    first, second = PoliteClient(settings, 0.01), PoliteClient(settings, 0.01)
    kind = ("application/json",)
    assert first.get(url, kind, 60) == second.get(url, kind, 60) == b"0"
    assert second.get(url, kind) == b"1", "max_age 0 asks"
    assert first.get(url, kind, 60) == b"1", "and replaces what was kept"
    assert len(seen) == 2


def test_an_uncacheable_answer_leaves_nothing_behind(
    httpserver: HTTPServer, client: PoliteClient, tmp_path: Path
) -> None:
    serve(httpserver, feed())
    client.get(httpserver.url_for("/x"), ATOM)
    assert not (tmp_path / "cache" / "web" / "answers").exists()


def test_retry_after_is_waited_for(httpserver: HTTPServer, client: PoliteClient) -> None:
    serve(httpserver, Response("", 429, {"Retry-After": "1"}), feed())
    begin = time.monotonic()
    client.get(httpserver.url_for("/x"), ATOM)
    assert 1.0 <= time.monotonic() - begin < 3.0


def test_a_long_retry_after_is_handed_on_and_remembered(httpserver: HTTPServer, settings: Settings) -> None:
    seen = serve(httpserver, Response("", 503, {"Retry-After": "600"}), feed())
    with pytest.raises(Retry) as error:
        PoliteClient(settings, 0.01).get(httpserver.url_for("/x"), ATOM)
    assert error.value.after == 600
    with pytest.raises(Retry, match="再来") as error:
        PoliteClient(settings, 0.01).get(httpserver.url_for("/x"), ATOM)
    assert error.value.after is not None and PATIENCE < error.value.after <= 600
    assert len(seen) == 1, "the second client keeps quiet too"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("0", 0.0), (" 120 ", 120.0), (None, None), ("soon", None), ("-5", None), ("٣", None)],
)
def test_retry_after_in_seconds(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, datetime.now(UTC)) == seconds


def test_retry_after_as_a_date() -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert retry_after(format_datetime(now + timedelta(seconds=90), usegmt=True), now) == 90
    assert retry_after(format_datetime(now - timedelta(seconds=90), usegmt=True), now) == 0


def test_redirects_are_followed_and_only_to_the_web(httpserver: HTTPServer, client: PoliteClient) -> None:
    serve(httpserver, Response("", 301, {"Location": "/x"}), path="/old")
    serve(httpserver, feed())
    assert client.get(httpserver.url_for("/old"), ATOM) == FEED
    for place in ("file:///etc/passwd", "ftp://example.org/x"):
        httpserver.clear()
        seen = serve(httpserver, Response("", 302, {"Location": place}))
        with pytest.raises(Skip, match="不能去"):
            client.get(httpserver.url_for("/x"), ATOM)
        assert len(seen) == 1


def test_a_circle_of_redirects_ends(httpserver: HTTPServer, client: PoliteClient) -> None:
    seen = serve(httpserver, Response("", 302, {"Location": "/x"}))
    with pytest.raises(Skip, match="跳转"):
        client.get(httpserver.url_for("/x"), ATOM)
    assert len(seen) == 6


@pytest.mark.parametrize("url", ["file:///etc/passwd", "nonsense", "http://"])
def test_addresses_that_are_none(client: PoliteClient, url: str) -> None:
    with pytest.raises(Skip, match="地址不对"):
        client.get(url, ATOM)


def test_nobody_there_and_a_silent_server_raise_retry(httpserver: HTTPServer, tmp_path: Path) -> None:
    quick = load(home=tmp_path, cache=tmp_path, arxiv_interval=0, http_timeout=0.3, http_retries=1)
    client = PoliteClient(quick, 0.01)
    with pytest.raises(Retry, match="连不上"):
        client.get("http://127.0.0.1:9/x", ATOM)

    def slow(request: Request) -> Response:
        time.sleep(0.45)
        return feed()

    seen = serve(httpserver, slow, feed())
    assert client.get(httpserver.url_for("/x"), ATOM) == FEED
    assert len(seen) == 2


def test_no_cookies(httpserver: HTTPServer, client: PoliteClient) -> None:
    seen = serve(httpserver, Response(FEED, 200, {"Content-Type": ATOM[0], "Set-Cookie": "id=1; Path=/"}))
    client.get(httpserver.url_for("/x"), ATOM)
    client.get(httpserver.url_for("/x"), ATOM)
    assert "Cookie" not in seen[1].headers


def test_arxiv_has_one_pace_for_all_threads_clients_and_services(httpserver: HTTPServer, tmp_path: Path) -> None:
    base = httpserver.url_for("")
    settings = load(home=tmp_path, cache=tmp_path, mirror=base, arxiv_interval=0.3)
    times: list[float] = []
    busy = threading.Lock()

    def answer(request: Request) -> Response:
        assert busy.acquire(blocking=False), "two requests at once"
        times.append(time.monotonic())
        time.sleep(0.05)
        busy.release()
        return feed()

    for path in ("/api/query", "/atom/cs.CL"):
        httpserver.expect_request(path).respond_with_handler(answer)
    urls = [settings.service("arxiv_api"), settings.service("arxiv_feed") + "/cs.CL"] * 2
    threads = [threading.Thread(target=PoliteClient(settings).get, args=(url, ATOM)) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    httpserver.check_assertions()
    assert len(times) == 4
    assert min(b - a for a, b in itertools.pairwise(times)) >= 0.3


def test_other_hosts_have_no_pause(httpserver: HTTPServer, tmp_path: Path) -> None:
    client = PoliteClient(load(home=tmp_path, cache=tmp_path, mirror=None, arxiv_interval=30))
    serve(httpserver, feed())
    begin = time.monotonic()
    for _ in range(3):
        client.get(httpserver.url_for("/x"), ATOM)
    assert time.monotonic() - begin < 3


def test_a_gate_survives_a_clock_set_back_and_a_torn_note(tmp_path: Path) -> None:
    gate = Gate(tmp_path, "arxiv", 0.0)
    for note in ('{"at": 9e12, "until": 9e12}', "{", "[]"):
        (tmp_path / "arxiv.json").write_text(note)
        begin = time.monotonic()
        with gate.turn():
            assert time.monotonic() - begin < 1
    with gate.turn():
        gate.quiet(1e9)
    with pytest.raises(Retry) as error, gate.turn():
        pass
    assert error.value.after is not None and error.value.after <= LONGEST_QUIET


def test_a_request_that_failed_was_a_request(tmp_path: Path) -> None:
    gate = Gate(tmp_path, "arxiv", 0.3)
    with pytest.raises(RuntimeError), gate.turn():
        raise RuntimeError
    begin = time.monotonic()
    with gate.turn():
        assert time.monotonic() - begin >= 0.25


def test_processes_share_the_pace(httpserver: HTTPServer, tmp_path: Path) -> None:
    times: list[float] = []

    def answer(request: Request) -> Response:
        times.append(time.monotonic())
        return feed()

    httpserver.expect_request("/api/query").respond_with_handler(answer)
    code = (
        "import sys; from core.settings import load; from tools.web.client import PoliteClient\n"
        "s = load(home=sys.argv[1], cache=sys.argv[1], mirror=sys.argv[2], arxiv_interval=0.4)\n"
        "for _ in range(2): PoliteClient(s).get(s.service('arxiv_api'), ('application/atom+xml',))"
    )
    command = [sys.executable, "-c", code, str(tmp_path), httpserver.url_for("")]
    running = [subprocess.Popen(command, cwd=Path(__file__).parents[2]) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    assert len(times) == 4
    assert min(b - a for a, b in itertools.pairwise(times)) >= 0.4


def test_a_cache_folder_that_cannot_be_written_names_its_setting(httpserver: HTTPServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    client = PoliteClient(load(home=tmp_path, cache=tmp_path / "file"))
    with pytest.raises(Misconfigured) as error:
        client.get(httpserver.url_for("/x"), ATOM)
    assert error.value.setting == "ZHENGDU_CACHE"


# Pure parts


def test_status_codes_and_their_reactions() -> None:
    assert refusal(200, "http://x/", None) is None
    for status in (408, 425, 429, 500, 502, 503, 504):
        error = refusal(status, "http://x/", 7.0)
        assert isinstance(error, Retry) and error.after == 7.0
    assert isinstance(refusal(304, "http://x/", None), Retry)


def test_what_is_a_page() -> None:
    assert is_html(b"\xef\xbb\xbf  <!DOCTYPE HTML PUBLIC>")
    assert is_html(b"<?xml version='1.0'?><!-- x --><html xmlns='y'>")
    assert not is_html(b"<?xml version='1.0'?><feed><title>&lt;html></title></feed>")
    assert not is_html(PDF[:1024])


def test_half_a_json_is_no_answer() -> None:
    check_body(b"[]", "application/json", ("application/json",), "http://x/")
    with pytest.raises(Retry, match="不完整"):
        check_body(b"[1,", "application/json", ("application/json",), "http://x/")


def test_messages_show_no_secrets() -> None:
    assert shown("https://user:pass@example.org/a/b?key=secret#x") == "example.org/a/b"
