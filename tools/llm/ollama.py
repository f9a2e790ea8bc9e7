"""Finds out whether Ollama runs on this machine and which of its models can chat."""

import re
from dataclasses import dataclass
from typing import Any

from core.log import get
from core.settings import Settings

_log = get("llm")

_LOOK = 0.3
"""Seconds to wait for a service that most machines do not have."""
_ASK = 2.0
"""Seconds for a question to one that is there."""
SERVED_TOKENS = 4096
"""Ollama's context unless its owner set OLLAMA_CONTEXT_LENGTH; beyond it prompts are cut without a word
(Ollama FAQ, "How can I specify the context window size?")."""
SMALL = 7.0
"""Thousand million parameters; below it a model does not compose."""
_SIZE = re.compile(r"(?:(\d+)x)?(\d+(?:\.\d+)?)\s*([BMK])", re.IGNORECASE)
_BILLIONS = {"B": 1.0, "M": 1e-3, "K": 1e-6}
_EMBEDDERS = frozenset({"bert", "nomic-bert", "nomic-bert-moe"})


@dataclass(frozen=True)
class OllamaModel:
    """A model Ollama has on its disk."""

    name: str
    bytes: int
    billions: float | None
    """Parameters, in thousand millions; None where Ollama does not say."""

    @property
    def small(self) -> bool:
        """Whether it should render sentences rather than compose; unknown sizes are taken as large."""
        return self.billions is not None and self.billions < SMALL


def billions(size: str) -> float | None:
    """`7.6B`, `494.03M`, `8x7B` in thousand millions."""
    found = _SIZE.fullmatch(size.strip())
    if found is None:
        return None
    return float(found[2]) * int(found[1] or 1) * _BILLIONS[found[3].upper()]


def chat_models(settings: Settings) -> list[OllamaModel] | None:
    """Models that chat, the largest first; None where no Ollama answers. Never raises. Models that Ollama only
    passes on to a service elsewhere are left out: nobody said that texts may leave this machine."""
    import httpx2

    base = settings.ollama.rstrip("/")
    try:
        with httpx2.Client(base_url=base, timeout=_ASK, trust_env=False) as client:
            listed = client.get("/api/tags", timeout=_LOOK).raise_for_status().json()
            entries = [entry for entry in listed["models"] if not entry.get("remote_host") and _chats(client, entry)]
            models = [_model(entry) for entry in entries]
    except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
        _log.debug("no ollama", error=type(error).__name__)
        return None
    return sorted(models, key=lambda model: model.bytes, reverse=True)


def _model(entry: dict[str, Any]) -> OllamaModel:
    size = str((entry.get("details") or {}).get("parameter_size") or "")
    return OllamaModel(str(entry["name"]), int(entry.get("size") or 0), billions(size))


def _chats(client: Any, entry: dict[str, Any]) -> bool:
    """Ollama tells what a model can do since 0.6; before that its family gives embedders away."""
    if str((entry.get("details") or {}).get("family", "")) in _EMBEDDERS:
        return False
    told = client.post("/api/show", json={"model": entry["name"]})
    capabilities = told.json().get("capabilities") if told.status_code == 200 else None
    return "completion" in capabilities if capabilities else "embed" not in entry["name"]
