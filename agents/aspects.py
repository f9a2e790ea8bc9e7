"""What each section of a report asks of the papers, and how papers give the answer away (aspects.toml). Pure."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from agents import properties
from core.documents import SectionRole
from core.report import Aspect, Length

Kind = Literal["paper", "comparison"]

_LENGTHS: tuple[Length, ...] = get_args(Length)
"""The shortest first."""


class Question(NamedTuple):
    """Something to be found out."""

    zh: str
    en: str
    """As papers would put it."""
    least: Length = "short"
    """The shortest report that asks it."""
    only: Kind | None = None
    """The kind of report that asks it; None: both."""


class AspectData(NamedTuple):
    """What is known of an aspect."""

    heading: str
    compared: str
    """Its heading in a comparison."""
    questions: tuple[Question, ...]
    roles: tuple[SectionRole, ...]
    """Sections of a paper where the answers stand, best first."""
    cues: re.Pattern[str]
    """Over lower-case English; no groups, so that `findall` gives the words."""


def of(aspect: Aspect) -> AspectData:
    """All that is known of an aspect."""
    return _all()[aspect]


def heading(aspect: Aspect, kind: Kind) -> str:
    """What its section is called in a report of that kind."""
    return of(aspect).heading if kind == "paper" else of(aspect).compared


def questions(aspect: Aspect, kind: Kind, length: Length) -> tuple[str, ...]:
    """What its section asks in a report of that kind and length, in Chinese."""
    asked = _LENGTHS[: _LENGTHS.index(length) + 1]
    return tuple(q.zh for q in of(aspect).questions if q.least in asked and q.only in (None, kind))


def english(question: str) -> str:
    """The same question as papers would put it; empty where it is not one of ours."""
    return _english().get(question, "")


@cache
def _english() -> dict[str, str]:
    return {q.zh: q.en for data in _all().values() for q in data.questions}


@cache
def _all() -> dict[str, AspectData]:
    table = tomllib.loads(Path(__file__).with_name("aspects.toml").read_text("utf-8"))
    return {name: _read(row) for name, row in table.items()}


def _read(row: dict[str, Any]) -> AspectData:
    asked = tuple(Question(**q) for q in row.get("questions", ()))
    if of_what := row.get("properties"):
        wanted = properties.known() if of_what == "all" else properties.of_reproduction()
        asked = tuple(Question(p.question, p.english) for p in wanted)
    return AspectData(
        row["heading"], row.get("compared", row["heading"]), asked, tuple(map(SectionRole, row["roles"])),
        re.compile("|".join(row["cues"])),
    )  # fmt: skip
