"""What the browser asks of the report page, read with suspicion: anything may stand in it."""

import math
import re
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

import gradio as gr

from core.models import ARXIV_ID
from core.report import Commission, Length, Plan
from ui.web import asking
from ui.web.report_form import LENGTHS, LONGEST, Filled
from ui.web.texts import Texts

_ID = re.compile(r"[0-9a-f]{16}")
_SECTION = re.compile(r"s\d{1,2}")
_FILE = re.compile(r"file-[0-9a-f]{12}")
_VERSION = re.compile(r"[1-9]\d{0,3}")
_ADDRESS = re.compile(r"^https?://(?:www\.)?arxiv\.org/(?:abs|pdf|html)/", re.I)
_MOST = 20
"""Papers a person may name."""
_LONGEST_PLAN = 40_000
"""Characters of a plan as text."""


class Asked(NamedTuple):
    """A report that a button names."""

    id: str
    version: int | None = None
    section: str = ""
    question: str = ""


def is_id(text: str) -> bool:
    """Does it look like the id of a report?"""
    return bool(_ID.fullmatch(text))


def version(text: str) -> int | None:
    """A version's number; None for anything else."""
    return int(text) if _VERSION.fullmatch(text) else None


def named(event: gr.EventData) -> Asked | None:
    """`id`, `id/3` (a version), `id/s2` (a section) or `id question`; None for anything else."""
    words, _, question = asking.words(event).partition(" ")
    id, _, more = words.partition("/")
    if not is_id(id):
        return None
    return Asked(id, version(more), more if _SECTION.fullmatch(more) else "", question.strip())


def _several(event: gr.EventData, name: str) -> tuple[str, ...]:
    """A form's field of which there may be several."""
    found: Any = (event._data or {}).get("value") if isinstance(event._data, dict) else None
    values = found.get(name) if isinstance(found, dict) else None
    return tuple(v for v in values if isinstance(v, str)) if isinstance(values, list) else ()


def commission(event: gr.EventData, known: Collection[str], texts: Texts) -> Commission | str:
    """What the form asks for, or what is wrong with it. `known`: versions on the shelf."""
    topic = " ".join(asking.field(event, "topic").split())
    if len(topic) > LONGEST:
        return texts("commission.long_topic", n=LONGEST)
    papers = _papers((*_several(event, "paper"), *asking.field(event, "typed").split()), known, texts)
    if isinstance(papers, str):
        return papers
    days = _days(asking.field(event, "since"), asking.field(event, "until"), texts)
    if isinstance(days, str):
        return days
    length = next((name for name in LENGTHS if name == asking.field(event, "length")), None)
    if length is None:
        return texts("commission.bad_length")
    budget = _budget(asking.field(event, "budget"))
    if isinstance(budget, str):
        return texts("commission.bad_budget")
    if not topic and not papers and days[0] is None:
        return texts("commission.nothing")
    return _made(topic, papers, days, length, budget)


def _made(
    topic: str, papers: tuple[str, ...], days: tuple[date | None, date | None], length: Length, budget: float | None
) -> Commission:
    return Commission(topic=topic, papers=papers, since=days[0], until=days[1], length=length, budget=budget)


def _papers(typed: Collection[str], known: Collection[str], texts: Texts) -> tuple[str, ...] | str:
    """Versions, or what is wrong with one of them."""
    found = []
    for words in filter(None, map(str.strip, typed)):
        name = re.sub(r"\.pdf$", "", _ADDRESS.sub("", words).rstrip(",，、;；")).removeprefix("arXiv:")
        if not ARXIV_ID.fullmatch(name) and not _FILE.fullmatch(name) and name not in known:
            return texts("commission.bad_paper", name=words[:40])
        newest = max((v for v in known if re.sub(r"v\d+$", "", v) == name), default=name)
        found.append(newest)
    if len(found) > _MOST:
        return texts("commission.many_papers", n=_MOST)
    return tuple(dict.fromkeys(found))


def _days(since: str, until: str, texts: Texts) -> tuple[date | None, date | None] | str:
    """The first and the last; one alone is both."""
    try:
        first, last = (date.fromisoformat(text) if text else None for text in (since, until))
    except ValueError:
        return texts("commission.bad_date")
    first, last = first or last, last or first
    return texts("commission.bad_days") if first and last and first > last else (first, last)


def _budget(text: str) -> float | str | None:
    """A sum, None for none, the text itself where it is no sum."""
    if not text:
        return None
    try:
        found = float(text.lstrip("¥￥$").replace("，", "."))
    except ValueError:
        return text
    return found if math.isfinite(found) and found >= 0 else text


def chosen(event: gr.EventData, plan: Plan) -> Plan:
    """The plan with the papers that are ticked."""
    ticked = set(_several(event, "chosen"))
    papers = tuple(paper.model_copy(update={"chosen": paper.version in ticked}) for paper in plan.papers)
    return plan.model_copy(update={"papers": papers})


def has_text(event: gr.EventData) -> bool:
    """Is the plan shown as text?"""
    return bool(_several(event, "outline"))


def outline(event: gr.EventData) -> str | None:
    """The plan as somebody edited it; None where it is no text of a plan's size."""
    found = _several(event, "outline")
    return found[0] if found and len(found[0]) <= _LONGEST_PLAN else None


def filled(event: gr.EventData, issue_day: Any) -> Filled:
    """What a link fills the form with: versions, or `day:<key>`. `issue_day`: key -> the day's date or None."""
    words = asking.words(event)
    if words.startswith("day:"):
        day = issue_day(words.removeprefix("day:")) if asking.is_key(words.removeprefix("day:")) else None
        return Filled(since=day, until=day)
    names = [name for name in words.split() if ARXIV_ID.fullmatch(name) or _FILE.fullmatch(name)]
    return Filled(papers=tuple(dict.fromkeys(names))[:_MOST])
