"""The chat model that needs no network and no account: llama.cpp on this machine, one server a process, started by
the first call and ended with the process.
"""

import atexit
import importlib.util
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING, NoReturn

from pydantic import SecretStr

from core.errors import Misconfigured, Retry
from core.log import get
from core.ports import ModelCard
from tools.llm import weights
from tools.llm.openai_compatible import OpenAICompatible
from tools.llm.wire import Mode

if TYPE_CHECKING:
    from tools.llm.cache import CallCache
    from tools.llm.meter import CallMeter

_log = get("llm")

SLOTS = 2
"""Calls answered at once; each slot keeps the beginning of its last prompt."""
SLOT_TOKENS = 4096
"""Context of one slot, prompt and answer together."""
_THREADS = 2
"""More gain little on the machines this model is for."""
_BUSY = 1.5
"""Load for each core (one minute) from which on only one thread writes. Two threads wait for each other: at a load of
4 on 2 cores they wrote 2.9 tokens/s, one wrote 4 to 5; on the same machine left alone it was 9.1 against 5.3. An
installation that has just ended leaves a load of about 0.8 a core and does not count. Reading takes all threads."""
_PREFIX_MB = 512
"""Memory for beginnings of prompts that lost their slot. A token of the packaged model takes 28 KB, so that is about
nine prompts of 2,000 tokens."""
_READY = 180.0
"""Seconds a model file may take to load; 7 were measured on a busy machine with 2 cores, with the file in memory."""
_PATIENCE = 600.0
"""Seconds for one call at least: a full prompt takes 6 minutes on a busy machine with 2 cores."""
_LOG_BYTES = 4 * 2**20
_CHILD = Path(__file__).with_name("llama_child.py")


def runtime_installed() -> bool:
    """Whether llama.cpp is there; imports nothing."""
    return importlib.util.find_spec("xllamacpp") is not None


def installed() -> bool:
    """Whether the packaged model could run: llama.cpp and all the pieces of its file."""
    return runtime_installed() and weights.parts() is not None


@dataclass(frozen=True)
class Launch:
    """How to start the server."""

    find: Callable[[], Path]
    """The model file; may join it first. Raises what tools.llm.weights raises."""
    log: Path
    """Where llama.cpp's own words go; begun anew when it has become long."""
    threads: int | None
    """None: as many as do good."""


class LlamaServer:
    """llama.cpp's server in a child process. Thread-safe."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._url = ""
        self.key = SecretStr(secrets.token_urlsafe(24))

    def url(self) -> str:
        """The base URL with /v1; starts the server, and starts it again if it died. Blocks until it is ready.
        Raises Stop or Misconfigured for the model file, Retry where the server does not come up."""
        with self._lock:
            if self._child is None or self._child.poll() is not None:
                self._start()
            return self._url

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    def stop(self) -> None:
        """Ends the child; a later `url` starts another."""
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            assert child.stdin is not None  # noqa: S101 - we opened it as a pipe
            child.stdin.close()
            try:
                child.wait(timeout=5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _start(self) -> None:
        path = self._launch.find()
        wanted = {
            "path": str(path),
            "context": SLOTS * SLOT_TOKENS,
            "slots": SLOTS,
            "reading": self._launch.threads or min(_THREADS, os.cpu_count() or 1),
            "writing": self._launch.threads or _writing_threads(),
            "memory_mb": _PREFIX_MB,
            "key": self.key.get_secret_value(),
        }
        self._launch.log.parent.mkdir(parents=True, exist_ok=True)
        with self._launch.log.open("ab") as log:  # several processes may write to it
            if log.tell() > _LOG_BYTES:
                log.truncate(0)
            child = subprocess.Popen(
                [sys.executable, "-P", str(_CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
            )
        assert child.stdin is not None and child.stdout is not None  # noqa: S101 - we opened them as pipes
        try:
            child.stdin.write(json.dumps(wanted).encode() + b"\n")
            child.stdin.flush()
            answer = _line(child.stdout, _READY)
        except OSError:
            answer = b""
        if not answer:
            child.kill()
            child.wait()
            self._fail(path)
        self._child = child
        self._url = json.loads(answer)["url"] + "/v1"
        _log.info("embedded model ready", file=path.name, pid=child.pid)

    def _fail(self, path: Path) -> NoReturn:
        message = f"内嵌模型 {path.name} 启动失败"
        hint = f"详情见 {self._launch.log}；可能是内存不够，或模型文件 llama.cpp 不支持（ZHENGDU_GGUF）"
        if path.name == f"{weights.NAME.lower()}.gguf":
            raise Retry(message, hint)
        raise Misconfigured(message, hint, setting="ZHENGDU_GGUF")


def _writing_threads() -> int:
    """How many threads write, from how busy the machine is now."""
    cores = os.cpu_count() or 1
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0  # Windows has none
    return min(_THREADS, cores) if load < _BUSY * cores else 1


def _line(pipe: IO[bytes], seconds: float) -> bytes:
    """The child's one line, or nothing if it ended or took too long."""
    lines: list[bytes] = []
    reader = Thread(target=lambda: lines.append(pipe.readline()), daemon=True)  # select() knows no pipes on Windows
    reader.start()
    reader.join(seconds)
    return lines[0] if lines else b""


_SERVERS: dict[str, LlamaServer] = {}
_SERVERS_LOCK = Lock()


def make(
    *,
    cache_dir: Path,
    gguf: Path | None,
    small: bool,
    calls: "CallCache",
    meter: "CallMeter",
    timeout: float,
    tick: weights.Tick | None = None,
    threads: int | None = None,
) -> OpenAICompatible:
    """The embedded model; nothing is started yet. `gguf`: a file instead of the packaged one, checked here (raises
    Misconfigured); `tick`: told how far the joining of the packaged file is, at the first call only; `threads`:
    for reading and writing; default: 2 at most, and 1 for writing on a busy machine."""
    own = weights.check_gguf(gguf) if gguf is not None else None
    launch = Launch(
        find=lambda: own or weights.joined(cache_dir / "models", tick),
        log=cache_dir / "logs" / "llama.log",
        threads=threads,
    )
    server = _shared(str(own or cache_dir), launch)
    name = own.stem if own is not None else weights.NAME
    return OpenAICompatible(
        ModelCard(name=name, provider="embedded", small=small, context_tokens=SLOT_TOKENS, local=True),
        model=name,
        base_url=server.url,
        api_key=server.key,
        calls=calls,
        meter=meter,
        timeout=max(timeout, _PATIENCE),
        max_retries=1,
        parallel=SLOTS,
        identity="embedded:" + (weights.fingerprint(own) if own is not None else weights.SHA256),
        known=Mode.JSON_SCHEMA,  # llama.cpp compiles it into a grammar
    )


def _shared(key: str, launch: Launch) -> LlamaServer:
    """This process's server for a model file: all roles share it, or memory would run out on a small machine."""
    with _SERVERS_LOCK:
        server = _SERVERS.get(key)
        if server is None:
            server = _SERVERS[key] = LlamaServer(launch)
            atexit.register(server.stop)
        return server
