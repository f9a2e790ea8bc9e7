"""What a browser sends, read with suspicion: anything may stand in it."""

import re
from datetime import date
from typing import Any

import gradio as gr

from core.models import Query
from ui.web.shelf import SOURCES
from ui.web.texts import Texts

_KEY = re.compile(r"[0-9a-z-]{1,64}")
_CATEGORY = re.compile(r"[a-z-]+(\.[A-Za-z-]+)?")
_LONGEST = 4000
"""Characters of any value."""
_MOST = 500
"""Papers a form may ask for."""
FEW = 5
"""Papers the first page asks for."""


def words(event: gr.EventData) -> str:
    """The value of a button; empty for anything that is no short string."""
    value = _value(event)
    return value if isinstance(value, str) and len(value) <= _LONGEST else ""


def field(event: gr.EventData, name: str) -> str:
    """A form's field, without space around it; empty for anything else."""
    value = _value(event)
    found = value.get(name) if isinstance(value, dict) else None
    return found.strip() if isinstance(found, str) and len(found) <= _LONGEST else ""


def _value(event: gr.EventData) -> Any:
    data = event._data
    return data.get("value") if isinstance(data, dict) else None


def is_key(text: str) -> bool:
    """Does it look like the key of an issue?"""
    return bool(_KEY.fullmatch(text))


def day(event: gr.EventData, texts: Texts) -> tuple[str, Query] | str:
    """What the form asks to read, or what is wrong with it."""
    source, when, limit = field(event, "source"), field(event, "day"), field(event, "limit")
    if source not in SOURCES:
        return texts("fetch.bad_source")
    try:
        asked = date.fromisoformat(when) if when else None
    except ValueError:
        return texts("fetch.bad_date")
    if limit and not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= _MOST):
        return texts("fetch.bad_limit")
    categories, keywords = _listed(field(event, "categories")), _listed(field(event, "keywords"))
    for name in categories:
        if not _CATEGORY.fullmatch(name):
            return texts("fetch.bad_category", name=name[:40])
    number = int(limit) if limit else None
    return source, Query(day=asked, categories=categories, keywords=keywords, limit=number)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,，、;；]+", text) if part)
