"""The loopback mirror of arXiv and Hugging Face, where there is one."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

SHARED = Path(__file__).parents[2].parent / "shared"


class Mirror(Protocol):
    """Starts a mirror with fault rules (`pdf:429:0.3`) and returns its address."""

    def __call__(self, *faults: str) -> str: ...


@pytest.fixture
def shared() -> Path:
    """The folder of recorded feeds and papers; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared (recorded feeds, papers, mirror)")
    return SHARED


@pytest.fixture
def mirror(shared: Path) -> Iterator[Mirror]:
    """A factory of mirrors that end with the test."""
    running: list[subprocess.Popen[str]] = []

    def start(*faults: str) -> str:
        rules = [part for fault in faults for part in ("--fault", fault)]
        server = subprocess.Popen(
            [sys.executable, str(shared / "mirror" / "serve.py"), "--port", "0", *rules],
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(server)
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        return address

    yield start
    for server in running:
        server.terminate()
        server.wait(10)
        if server.stdout:
            server.stdout.close()


def asked(address: str) -> list[dict[str, Any]]:
    """What the mirror at `address` was asked so far: t, route, path, agent."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{address}/mirror/requests") as answer:
        requests: list[dict[str, Any]] = json.load(answer)
        return [r for r in requests if r["route"]]
