"""tools/rag/embed.py: the packaged encoder for real, an endpoint by a transport that answers like one."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest
from pydantic import SecretStr

from core.errors import Misconfigured, Retry, Stop
from core.ports import Embedder
from core.settings import Settings
from tools.rag.embed import OpenAiEmbedder, UseEmbedder, _pieces, make_embedder

KEY = "sk-very-secret-123456"


@pytest.fixture(scope="module")
def use() -> UseEmbedder:
    return UseEmbedder()


def test_two_languages_share_one_space(use: UseEmbedder) -> None:
    port: Embedder = use
    rows = port.passages(["The model has 236 billion parameters.", "We thank our families for their support."])
    assert rows.shape == (2, 512) == (2, port.dimensions) and rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    close, far = (rows @ port.query("这个模型有多少参数？").T).ravel()
    assert close > far + 0.2
    assert "0.2" in port.name and port.passages([]).shape == (0, 512)


def test_batches_change_nothing(use: UseEmbedder) -> None:
    texts = [f"Sentence number {n} about experts." for n in range(70)]
    assert np.allclose(use.passages(texts)[69], use.query(texts[69])[0], atol=1e-5)


def test_long_texts_are_taken_whole(use: UseEmbedder) -> None:
    filler = "The weather in the valley was mild. " * 400
    plain, ending = use.passages([filler, filler + "Quantum chromodynamics on the lattice. " * 200])
    physics = use.query("Quantum chromodynamics on the lattice.")[0]
    assert ending @ physics > plain @ physics + 0.1
    assert abs(float(np.linalg.norm(ending)) - 1) < 1e-5


@pytest.mark.parametrize("text", ["", " ", "a" * 9001, "字" * 9001, "ab " * 3003])
def test_pieces_lose_no_word_and_fit(text: str) -> None:
    pieces = _pieces(text)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "") and all(len(piece) <= 4000 for piece in pieces)


def test_odd_characters_do_not_stop_it(use: UseEmbedder) -> None:
    assert np.isfinite(use.passages(["", "\ud835 lone surrogate", "\x00\x01", "🙂"])).all()


def test_threads_may_share_it(use: UseEmbedder) -> None:
    texts = [f"text {n}" for n in range(8)]
    alone = [use.query(text) for text in texts]
    together: dict[int, Any] = {}
    threads = [threading.Thread(target=lambda n=n: together.update({n: use.query(texts[n])})) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.allclose(together[n], alone[n], atol=1e-6) for n in range(8))


Answer = Callable[[list[str]], httpx2.Response]


def vectors(texts: list[str]) -> httpx2.Response:
    """Backwards, to see whether the order is put right; three dimensions, not of unit length."""
    entries = [{"index": n, "embedding": [float(text.strip() or 0), 3.0, 4.0]} for n, text in enumerate(texts)]
    return httpx2.Response(200, json={"data": entries[::-1]})


class Endpoint:
    def __init__(self, *answers: Answer) -> None:
        """`answers` in turn; the last one for ever."""
        self.answers = list(answers)
        self.asked: list[list[str]] = []
        self.pauses: list[float] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        assert str(request.url) == "http://e/v1/embeddings" and request.headers["authorization"] == f"Bearer {KEY}"
        body = json.loads(request.content)
        assert body["model"] == "m" and body["encoding_format"] == "float"
        self.asked.append(body["input"])
        return (self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])(body["input"])

    def embedder(self) -> OpenAiEmbedder:
        transport = httpx2.MockTransport(self)
        return OpenAiEmbedder("http://e/v1/", "m", SecretStr(KEY), transport=transport, pause=self.pauses.append)


def status(code: int, **headers: str) -> Answer:
    return lambda texts: httpx2.Response(code, headers={k.replace("_", "-"): v for k, v in headers.items()}, json={})


def test_an_endpoint_in_batches_and_in_order() -> None:
    endpoint = Endpoint(vectors)
    embedder = endpoint.embedder()
    rows = embedder.passages([str(n) for n in range(130)])
    assert [len(texts) for texts in endpoint.asked] == [64, 64, 2]
    expected = np.array([[n, 3.0, 4.0] for n in range(130)])
    assert np.allclose(rows, expected / np.linalg.norm(expected, axis=1, keepdims=True), atol=1e-6)
    assert embedder.dimensions == 3 and len(endpoint.asked) == 3 and embedder.name == "m@e"


def test_services_that_take_fewer_at_once() -> None:
    endpoint = Endpoint(lambda texts: vectors(texts) if len(texts) <= 10 else httpx2.Response(400, json={}))
    embedder = endpoint.embedder()
    assert len(embedder.passages([str(n) for n in range(20)])) == 20
    assert [len(texts) for texts in endpoint.asked] == [20, 10, 10]


def test_busy_services_are_waited_for_as_they_ask() -> None:
    endpoint = Endpoint(status(429, retry_after="7"), status(503), vectors)
    assert endpoint.embedder().query("1").shape == (1, 3)
    assert endpoint.pauses[0] == 7 and 0 < endpoint.pauses[1] < 2


@pytest.mark.parametrize(
    ("answer", "kind", "requests"),
    [
        (status(401), Misconfigured, 1),
        (status(404), Misconfigured, 1),
        (status(402), Stop, 1),
        (status(429, retry_after="3600"), Stop, 1),
        (status(500), Retry, 5),
        (lambda texts: httpx2.Response(200, json={"data": []}), Retry, 5),
        (lambda texts: httpx2.Response(200, text="<html>"), Retry, 5),
    ],
)
def test_refusals(answer: Answer, kind: type[Exception], requests: int) -> None:
    endpoint = Endpoint(answer)
    with pytest.raises(kind) as error:
        endpoint.embedder().query("1")
    assert type(error.value) is kind and len(endpoint.asked) == requests and KEY not in str(error.value)


def test_dimensions_may_not_change_under_way() -> None:
    other: Answer = lambda texts: httpx2.Response(200, json={"data": [{"index": 0, "embedding": [1.0]}]})  # noqa: E731
    embedder = Endpoint(vectors, other).embedder()
    assert embedder.query("1").shape == (1, 3)
    with pytest.raises(Retry, match="维数"):
        embedder.query("1")


def test_the_settings_choose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ZHENGDU_API_KEY", "ZHENGDU_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ZHENGDU_HOME", str(tmp_path))
    assert isinstance(make_embedder(Settings()), UseEmbedder)
    key = SecretStr(KEY)
    same = make_embedder(Settings(embed_base_url="https://api.openai.com/v1", api_key=key))
    assert (
        isinstance(same, OpenAiEmbedder) and same._key == key and same.name == "text-embedding-3-small@api.openai.com"
    )
    other = make_embedder(Settings(embed_base_url="http://h/v1", embed_model="bge", api_key=key))
    assert isinstance(other, OpenAiEmbedder) and other._key is None
    for wrong in ({"embed_model": "bge"}, {"embed_base_url": "http://h/v1"}):
        with pytest.raises(Misconfigured):
            make_embedder(Settings(**wrong))  # type: ignore[arg-type]
