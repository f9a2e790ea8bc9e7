"""The judge's question and what its answer is worth: "does this quote support this claim", with calibrated bars."""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from agents import prompting
from core.models import Finding
from core.ports import ChatModel

_YES, _NO = "是", "否"
_TOKENS = 2
"""One word is asked for; some tokenisers need two tokens."""


class Thresholds(NamedTuple):
    """Probabilities from which a claim counts as supported, and from which as partly supported."""

    supported: float
    partial: float


async def supported(judge: ChatModel, claim: str, quote: str) -> float:
    """Probability that the quote supports the claim. The judge sees these two texts only."""
    prompt = prompting.load("judge", "claim", "quote").prompt(_TOKENS, claim=claim, quote=quote)
    return (await judge.choose(prompt, (_YES, _NO)))[_YES]


def thresholds(judge: ChatModel | None) -> Thresholds:
    """The bars for this model: those measured for it, else the default (thresholds.toml says how they were found)."""
    table = _table()
    name = judge.card.name.lower() if judge else ""
    row = next((row for key, row in table.items() if key != "default" and key in name), table["default"])
    return Thresholds(row["supported"], row["partial"])


@cache
def _table() -> dict[str, dict[str, float]]:
    return tomllib.loads(Path(__file__).with_name("thresholds.toml").read_text("utf-8"))["judge"]  # type: ignore[no-any-return]


def doubt(probability: float, bar: Thresholds) -> Finding:
    """What a low probability means, said in one sentence."""
    if probability < bar.partial:
        return Finding(code="entailment.unsupported", severity="error", message="裁判模型认为原文不支持这句话。")
    return Finding(code="entailment.partial", severity="warning", message="裁判模型认为原文只部分支持这句话。")
