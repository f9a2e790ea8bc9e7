"""What a watch says: a line with the time for people, a JSON line a day for programs."""

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from core.delivery import Delivery
from core.errors import ZhengduError

SOURCES = {"hf": "Hugging Face", "arxiv": "arXiv"}
_STATES = {"sent": "已发", "failed": "没发出去", "doubt": "不知道到没到，不会自己重发（app.py send --again）"}
_WEEKDAYS = "一二三四五六日"


class Outcome(NamedTuple):
    """What became of a day."""

    day: date
    key: str = ""
    """Of its issue; empty where none was made."""
    listed: int = 0
    published: int = 0
    delivered: tuple[Delivery, ...] = ()
    error: ZhengduError | None = None
    note: str = ""
    """Chinese; why it is empty, or that it was there already."""

    @property
    def again(self) -> bool:
        """Is there something another try might mend?"""
        return self.error is not None or any(d.state == "failed" for d in self.delivered)

    @property
    def wrong(self) -> bool:
        """Is there something a person should know of?"""
        return self.again or any(d.state == "doubt" for d in self.delivered)


def say(now: datetime, text: str) -> None:
    """A line on standard error, with the time as the clock of `now` shows it."""
    sys.stderr.write(f"[{now:%m-%d %H:%M:%S}] {text}\n")
    sys.stderr.flush()


def moment(when: datetime) -> str:
    """A time to come: 11-24（周二）08:30."""
    return f"{when:%m-%d}（周{_WEEKDAYS[when.weekday()]}）{when:%H:%M}"


def days(found: Sequence[date]) -> str:
    """Some days, and how many where there are many."""
    if len(found) > 5:
        return f"{found[0]} 到 {found[-1]} 共 {len(found)} 天"
    return "、".join(map(str, found))


def lines(outcome: Outcome) -> list[str]:
    """A day for people."""
    return [_what(outcome), *(_sent(d) for d in outcome.delivered if d.state in _STATES)]


def _what(outcome: Outcome) -> str:
    if outcome.error is not None:
        return f"{outcome.day} 出了问题：{outcome.error}"
    note = f"。{outcome.note}" if outcome.note else ""
    if not outcome.listed:
        return f"{outcome.day} 没有论文{note}"
    return f"{outcome.day}：列出 {outcome.listed} 篇，写成 {outcome.published} 篇{note}"


def _sent(delivery: Delivery) -> str:
    return f"  {delivery.place}：{_STATES[delivery.state]}" + (f"。{delivery.note}" if delivery.note else "")


def as_json(outcome: Outcome) -> str:
    """A day for programs, on one line."""
    error = outcome.error
    said = error and {"type": type(error).__name__, "message": error.message, "hint": error.hint}
    row: dict[str, Any] = {
        "date": outcome.day.isoformat(), "key": outcome.key, "listed": outcome.listed,
        "published": outcome.published, "delivered": [d.model_dump(mode="json") for d in outcome.delivered],
        "error": said, "note": outcome.note,
    }  # fmt: skip
    return json.dumps(row, ensure_ascii=False)
