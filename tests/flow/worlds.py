"""Desks for whole-graph tests: real PDFs, Chroma, SQLite and encoder; only the chat model is scripted."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from core.ports import ChatModel, Progress, Role
from core.settings import Settings, load
from graph.desk import Desk, open_desk
from tools.llm.scripted import Asked, Said, ScriptedModel

_NUMBERED = re.compile(r"\[(S\d+)\](?![^\[]*\b(?:may|might|suggests?|possibl[ey])\b)")
"""Names of sentences that say plainly what is so; POINTS hedge nothing."""
_LISTED = re.compile(r"（(S\d+)")

POINTS = {
    "problem": "这项工作要回答一个实际的问题。",
    "method": "作者做了测量，并说明了做法。",
    "result": "作者给出了测量的结果。",
    "limitation": "作者说明了测量的局限。",
}


def settings(home: Path, **more: object) -> Settings:
    """Settings of a home of its own, with no model named."""
    return load(home=home, cache=home / "cache", arxiv_interval=0, **{"http_retries": 2, **more})


def strong(asked: Asked) -> Said:
    """A strong model that says harmless true things and cites sentences it was shown."""
    name = asked.schema.__name__ if asked.schema else asked.kind
    if name == "_Notes":
        keys = _NUMBERED.findall(asked.last)
        picked = [keys[len(keys) * n // 4] for n in range(4)]
        return {"notes": [{"topic": t, "point": POINTS[t], "keys": [k]} for t, k in zip(POINTS, picked, strict=True)]}
    if name == "_Digest":
        keys = _LISTED.findall(asked.last)
        claims = [{"section": t, "text": POINTS[t], "keys": [keys[n % len(keys)]]} for n, t in enumerate(POINTS)]
        tldr = {"text": "作者做了一次测量。", "keys": keys[:1]}
        return {"title_zh": "一篇论文的中文标题", "tldr": tldr, "claims": claims}
    if name == "_Revision":
        return {"text": "作者做了测量。", "keys": _NUMBERED.findall(asked.last)[:1]}
    if name == "stream":
        return f"作者做了测量[{_NUMBERED.findall(asked.last)[0]}]。"
    if asked.kind == "choose":
        return {"是": 0.98, "否": 0.02}
    return "What did the authors measure?"


def scripted(say: Callable[[Asked], Said] = strong, *, small: bool = False) -> ScriptedModel:
    """One scripted model."""
    return ScriptedModel(say, name="scripted-small" if small else "scripted-strong", small=small)


def everywhere(model: ChatModel | None) -> dict[Role, ChatModel]:
    """The same model in all roles."""
    return dict.fromkeys(Role, model) if model else {}


@asynccontextmanager
async def desk(home: Path, model: ChatModel | None, **more: object) -> AsyncIterator[tuple[Desk, list[Progress]]]:
    """An open desk and everything it reports."""
    told: list[Progress] = []
    async with open_desk(settings(home, **more), told.append, everywhere(model)) as opened:
        yield opened, told
