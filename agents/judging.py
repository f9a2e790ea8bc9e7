"""The judges' question and what their answers are worth: "does this quote support this claim", with calibrated bars."""

import asyncio
import math
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from agents import prompting
from core.models import Finding
from core.ports import ChatModel

_YES, _NO = "是", "否"
_TOKENS = 2
"""One word is asked for; some tokenisers need two tokens."""
_SMALL = 900
"""Characters of a quote that a small judge reads: short context decides for it, and reading is what takes its time."""
_EDGE = 1e-4
"""Probabilities are cut here before their odds are taken."""


class Thresholds(NamedTuple):
    """What was measured for a judge."""

    supported: float
    """Probability from which a claim counts as supported, once calibrated."""
    partial: float
    """And as partly supported."""
    slope: float = 1.0
    offset: float = 0.0
    """Calibration of the model's own probability p: logistic(slope * log-odds(p) + offset)."""

    def calibrated(self, probability: float) -> float:
        """A model's own probability as a share of claims that are so."""
        return 1 / (1 + math.exp(-(self.slope * log_odds(probability) + self.offset)))


class Opinion(NamedTuple):
    """What one judge says of one claim."""

    judge: str
    """The model's name."""
    probability: float
    """Calibrated; that the quote supports the claim."""
    bar: Thresholds


async def opinions(judges: Sequence[ChatModel], claim: str, quote: str) -> tuple[Opinion, ...]:
    """Each judge's opinion, asked at the same time. They see these two texts only. Raises what their servers raise."""
    return tuple(await asyncio.gather(*(_opinion(judge, claim, quote) for judge in judges)))


async def _opinion(judge: ChatModel, claim: str, quote: str) -> Opinion:
    bar = thresholds(judge)
    return Opinion(judge.card.name, bar.calibrated(await probability(judge, claim, quote)), bar)


async def probability(judge: ChatModel, claim: str, quote: str) -> float:
    """The judge's own probability, not calibrated. A small model reads the beginning of a long quote only."""
    seen = quote[:_SMALL] if judge.card.small else quote
    prompt = prompting.load("judge", "claim", "quote").prompt(_TOKENS, claim=claim, quote=seen)
    return (await judge.choose(prompt, (_YES, _NO)))[_YES]


def log_odds(probability: float) -> float:
    """ln(p / (1 - p)), cut where p is next to 0 or 1."""
    p = min(max(probability, _EDGE), 1 - _EDGE)
    return math.log(p / (1 - p))


def thresholds(judge: ChatModel | None) -> Thresholds:
    """The bars for this model: those measured for it, else the default (thresholds.toml says how they were found)."""
    table = _table()
    name = judge.card.name.lower() if judge else ""
    row = next((row for key, row in table.items() if key != "default" and key in name), table["default"])
    return Thresholds(**row)


@cache
def _table() -> dict[str, dict[str, float]]:
    return tomllib.loads(Path(__file__).with_name("thresholds.toml").read_text("utf-8"))["judge"]  # type: ignore[no-any-return]


def doubts(said: Sequence[Opinion]) -> list[Finding]:
    """What the judges' doubts come to, each in one sentence; empty where all of them are satisfied."""
    against = [o for o in said if o.probability < o.bar.partial]
    for_it = [o for o in said if o.probability >= o.bar.supported]
    if against and for_it:
        message = f"两位裁判意见不一：{for_it[0].judge} 认为原文支持，{against[0].judge} 认为不支持。"
        return [Finding(code="entailment.disputed", severity="warning", message=message)]
    if against:
        return [Finding(code="entailment.unsupported", severity="error", message="裁判模型认为原文不支持这句话。")]
    if len(for_it) < len(said):
        return [Finding(code="entailment.partial", severity="warning", message="裁判模型认为原文只部分支持这句话。")]
    return []
