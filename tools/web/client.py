"""Polite HTTP for the Web port: paced, patient, cached, and suspicious of answers that only look like answers."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import quote, urljoin, urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from core import log
from core.errors import Retry, Skip
from core.settings import Settings
from tools.web import VERSION
from tools.web.answers import check_body, media_type, refusal, retry_after, shown
from tools.web.cache import Cache
from tools.web.gate import PATIENCE, Gate
from tools.web.partial import Partial, locked

T = TypeVar("T")
MAX_REDIRECTS = 5
MAX_ANSWER_BYTES = 64 * 2**20
"""An answer of `get`: a whole day of the arXiv API is about 2 MB."""
MAX_SECONDS = 900.0
"""Wall clock for one body, so that a server that drips bytes does not hold the queue for ever."""
CONNECT_SECONDS = 10.0
LONGEST_PAUSE = 30.0
"""Of our own back-off; what a server asks for is honoured up to gate.PATIENCE."""
_CHUNK = 16 * 1024
"""Bytes; when a connection breaks, up to so much of what arrived is lost."""
_NO_COOKIES = DefaultCookiePolicy(allowed_domains=[])
"""Nobody here logs in; cookies would only tell requests apart."""
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class PoliteClient:
    """core.ports.Web over requests. Safe to share between threads; processes share its pace through settings.cache_dir.

    All arXiv hosts (API, feed, PDF, and the mirror) are one service with `arxiv_interval` seconds between requests,
    other hosts have no pause. Each request is tried 1 + `http_retries` times.
    """

    def __init__(self, settings: Settings, backoff: float = 1.0) -> None:
        """`backoff`: seconds before the second try where the server names no time; doubles with each try."""
        self._settings = settings
        self._backoff = backoff
        self._folder = settings.cache_dir / "web"
        self._cache = Cache(self._folder / "answers")
        self._own = {
            urlsplit(settings.service("arxiv_api")).netloc.lower(),
            urlsplit(settings.service("arxiv_feed")).netloc.lower(),
            urlsplit(settings.service("arxiv_pdf")).netloc.lower(),
        }
        self._sessions = threading.local()
        self._log = log.get("web")

    def get(self, url: str, accept: tuple[str, ...], max_age: float = 0.0) -> bytes:
        """See core.ports.Web. Other refusals of the server (4xx) raise Skip(code="refused")."""
        key = f"{url}\n{','.join(accept)}"
        body = self._cache.get(key, max_age)
        if body is None:
            body = self._patiently(lambda: self._get_once(url, accept))
            self._cache.put(key, body, max_age)
        return body

    def download(self, url: str, target: Path, magic: bytes, max_bytes: int) -> Path:
        """See core.ports.Web. A target that is there and begins with `magic` is left as it is."""
        with locked(self._folder / "locks", target):
            if starts_with(target, magic):
                return target
            partial = Partial(target, magic, max_bytes)
            return self._patiently(lambda: self._download_once(url, partial))

    def close(self) -> None:
        """Lets go of this thread's connections."""
        session = getattr(self._sessions, "session", None)
        if session is not None:
            session.close()
            del self._sessions.session

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _patiently(self, once: Callable[[], T]) -> T:
        """Runs `once` until it raises no Retry, up to the number of tries."""
        own_pace = wait_exponential_jitter(multiplier=self._backoff, max=LONGEST_PAUSE, jitter=self._backoff)

        def pause(state: RetryCallState) -> float:
            after = getattr(_error(state), "after", None)
            return own_pace(state) if after is None else float(after)

        retrying = Retrying(
            stop=stop_after_attempt(self._settings.http_retries + 1),
            wait=pause,
            retry=retry_if_exception(_worth_waiting),
            before_sleep=lambda state: self._log.info("again", attempt=state.attempt_number, why=str(_error(state))),
            reraise=True,
        )
        return retrying(once)

    def _get_once(self, url: str, accept: tuple[str, ...]) -> bytes:
        with self._exchange(url, {"Accept": ", ".join(accept)}) as response:
            body = bytearray()
            for chunk in _chunks(response):
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise Skip(f"{shown(url)} 的答复大得不像话", "检查地址", code="too_large")
            check_body(bytes(body), media_type(response.headers.get("Content-Type")), accept, url)
            return bytes(body)

    def _download_once(self, url: str, partial: Partial) -> Path:
        # Compressed transfer would make byte ranges and lengths mean something else than the file's bytes.
        headers = {"Accept-Encoding": "identity", "Accept": "application/pdf, */*;q=0.5"} | partial.range_headers()
        with self._exchange(url, headers, partial.refused) as response:
            return partial.receive(response.status_code, response.headers, _chunks(response), shown(url))

    @contextlib.contextmanager
    def _exchange(
        self, url: str, headers: dict[str, str], refused: Callable[[int], None] = lambda status: None
    ) -> Iterator[requests.Response]:
        """A 200 or 206 answer whose body is still to be read; the service's turn is held meanwhile.

        `refused` hears the status of other answers first. Library errors are translated here, those of reading
        the body included.
        """
        try:
            for _ in range(MAX_REDIRECTS + 1):
                gate = self._gate(url)
                with gate.turn(), contextlib.closing(self._send(url, headers)) as response:
                    after = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
                    gate.quiet(after)
                    if not response.is_redirect:
                        if error := refusal(response.status_code, url, after):
                            refused(response.status_code)
                            raise error
                        yield response
                        return
                    url = _next_hop(url, response.headers["Location"])
            raise Skip(f"{shown(url)} 一再跳转", "检查地址", code="refused")
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema):
            raise Skip(f"地址不对：{shown(url)}", "检查设置里的网址", code="refused") from None
        except requests.RequestException as error:
            # Only the type: the text of connection errors may hold a proxy's password.
            self._log.info("connection", url=shown(url), error=type(error).__name__)
            raise Retry(f"{shown(url)} {_trouble(error)}", "检查网络，稍后再试") from None

    def _send(self, url: str, headers: dict[str, str]) -> requests.Response:
        timeout = self._settings.http_timeout
        direct = {"http": None, "https": None, "all": None} if urlsplit(url).hostname in _LOOPBACK else None
        return self._session().get(
            url,
            headers=headers,
            stream=True,
            allow_redirects=False,  # each hop waits its turn
            timeout=(min(timeout, CONNECT_SECONDS), timeout),
            proxies=direct,  # type: ignore[arg-type]  # None switches a proxy off; the stubs do not know
        )

    def _session(self) -> requests.Session:
        """One session a thread: requests does not promise more."""
        session: requests.Session | None = getattr(self._sessions, "session", None)
        if session is None:
            session = requests.Session()
            session.headers["User-Agent"] = (
                f"zhengdu/{VERSION} (+research assistant; reads a day's papers for its user; "
                f"python-requests/{requests.__version__})"
            )
            session.cookies.set_policy(_NO_COOKIES)
            self._sessions.session = session
        return session

    def _gate(self, url: str) -> Gate:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if parts.netloc.lower() in self._own or host == "arxiv.org" or host.endswith(".arxiv.org"):
            return Gate(self._folder, "arxiv", self._settings.arxiv_interval)
        return Gate(self._folder, quote(parts.netloc.rpartition("@")[2].lower(), safe=".-"), 0.0)


def starts_with(path: Path, magic: bytes) -> bool:
    """Is there a file at `path` that begins with these bytes?"""
    try:
        with path.open("rb") as file:
            return file.read(len(magic)) == magic
    except OSError:
        return False


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


def _worth_waiting(error: BaseException) -> bool:
    return isinstance(error, Retry) and (error.after or 0.0) <= PATIENCE


def _trouble(error: requests.RequestException) -> str:
    """What went wrong, in Chinese."""
    if isinstance(error, requests.Timeout):
        return "没有按时回答"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "传到一半断了"
    if isinstance(error, requests.exceptions.ProxyError):
        return "连不上：代理有问题"
    if isinstance(error, requests.exceptions.SSLError):
        return "的证书有问题"
    return "连不上" if isinstance(error, requests.ConnectionError) else "的答复出了问题"


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """The body piece by piece; raises Retry when it takes too long as a whole."""
    deadline = time.monotonic() + MAX_SECONDS
    for chunk in response.iter_content(_CHUNK):
        yield chunk
        if time.monotonic() > deadline:
            raise Retry(f"{shown(response.url)} 传得太慢", "换个时间再试")


def _next_hop(url: str, location: str) -> str:
    """Where a redirect leads; raises Skip unless it is http or https."""
    hop = urljoin(url, location)
    if urlsplit(hop).scheme not in ("http", "https"):
        raise Skip(f"{shown(url)} 跳转到了不能去的地址", "检查地址", code="refused")
    return hop
