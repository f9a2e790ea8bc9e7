"""The encoder takes seconds to load and milliseconds a text: the flow tests of a session share one that remembers."""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import pytest

from core.ports import Embedder, Vectors
from core.settings import Settings
from tools.rag import embed


class _Remembering(embed.UseEmbedder):
    """The packaged encoder, which reads each text once a session: most tests read the same three papers."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, Vectors] = {}

    def _encode(self, texts: Sequence[str]) -> Vectors:
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known.update(zip(new, super()._encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])


@cache
def _encoder() -> Embedder:
    return _Remembering()


@pytest.fixture(autouse=True)
def _one_encoder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def shared(_: Settings) -> Embedder:
        return _encoder()

    monkeypatch.setattr(embed, "make_embedder", shared)
    yield
