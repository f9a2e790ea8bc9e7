"""The encoder takes seconds to load, so all flow tests of a session share one."""

from collections.abc import Iterator
from functools import cache

import pytest

from core.ports import Embedder
from core.settings import Settings
from tools.rag import embed


@cache
def _encoder() -> Embedder:
    return embed.UseEmbedder()


@pytest.fixture(autouse=True)
def _one_encoder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def shared(_: Settings) -> Embedder:
        return _encoder()

    monkeypatch.setattr(embed, "make_embedder", shared)
    yield
