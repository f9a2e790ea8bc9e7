"""What every test runs under: the application's own environment, no key, no model by accident."""

import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A developer's own keys and models never reach a test."""
    for name in list(os.environ):
        if name.startswith(("ZHENGDU_", "OPENAI_")):
            monkeypatch.delenv(name)
    yield
