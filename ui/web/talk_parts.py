"""What stands around a talk: the list of conversations, the scope, questions to click. Pure: values in, HTML out."""

import json
from collections.abc import Mapping, Sequence
from datetime import date

from core.talk import Conversation, Scope
from ui.web.markup import action, esc, foreign
from ui.web.texts import Texts

_TITLE = 60
"""Characters of a paper's name on a pin."""


def said(name: str, value: str, inner: str, classes: str = "", label: str = "", more: str = "") -> str:
    """A button that tells the chat page; `inner` is HTML already."""
    named = f' aria-label="{esc(label)}" title="{esc(label)}"' if label else ""
    return (
        f'<button type="button" class="{esc(classes)}" data-say="{esc(name)}" data-value="{esc(value)}"{named}{more}>'
        f"{inner}</button>"
    )


def conversations(talks: Sequence[Conversation], current: str, today: date, texts: Texts) -> str:
    """The list, the one that is open marked."""
    if not talks:
        return f'<p class="zd-soft">{esc(texts("talk.none"))}</p>'
    new = [talk for talk in talks if talk.updated.astimezone().date() >= today]
    old = talks[len(new) :]
    groups = (("talk.today", new), ("talk.earlier", old))
    return "".join(
        f'<h3>{esc(texts(name))}</h3><ul class="zd-talk-list">{"".join(_talk(t, current, texts) for t in listed)}</ul>'
        for name, listed in groups
        if listed
    )


def _talk(talk: Conversation, current: str, texts: Texts) -> str:
    here = ' aria-current="true"' if talk.id == current else ""
    name = foreign(talk.title or texts("talk.untitled"))
    count = f'<span class="zd-soft">{esc(texts("talk.turns", n=talk.turns))}</span>'
    return f"<li>{said('open', talk.id, name + count, 'zd-talk-link', more=here)}</li>"


def head(talk: Conversation | None, texts: Texts) -> str:
    """The name of the talk that is open. Its id is there for the page's address."""
    id, title = (talk.id, talk.title) if talk else ("", "")
    menu = said("list", "", f"<span aria-hidden='true'>☰</span> {esc(texts('talk.list'))}", "zd-menu zd-link")
    name = foreign(title or texts("talk.untitled"), "h2")
    return f'<div class="zd-talk-head" data-talk="{esc(id)}">{menu}{name}</div>'


def scope(chosen: Scope, day: str, names: Mapping[str, str], texts: Texts, report: str = "") -> str:
    """What the next question is about: pins that can be taken off. `day`: date of the open issue, "" where none is;
    `report`: the title of the scope's. Carries the day's papers for the box to offer behind an @."""
    pins = _pin("report_off", "", texts("deep.scope", title=report), texts) if chosen.report else ""
    pins += "".join(_pin("unpin", v, names.get(v, v), texts) for v in chosen.papers)
    if not pins:
        pins = _pin("day_off", "", texts("scope.day", date=day), texts) if chosen.day and day else ""
    if not pins:
        pins = f'<span class="zd-pin zd-pin-all">{esc(texts("scope.everything"))}</span>'
        pins += said("day_on", "", esc(texts("scope.whole_day")), "zd-link") if day else ""
    choose = said("choose", "", esc(texts("scope.choose")), "zd-link") if names else ""
    label = esc(texts("scope.label"))
    offered = esc(json.dumps([[version, name] for version, name in names.items()], ensure_ascii=False))
    return (
        f'<div class="zd-scope" role="group" aria-label="{label}" data-papers="{offered}">'
        f'<span class="zd-soft">{label}</span>{pins}{choose}{_deep(chosen, texts)}</div>'
    )


def _deep(chosen: Scope, texts: Texts) -> str:
    """A report on what the next question is about."""
    if chosen.report:
        return ""
    what = " ".join(chosen.papers) or (f"day:{chosen.day}" if chosen.day else "")
    return action("report_fill", what, esc(texts("report.write_this")), "zd-link")


def _pin(name: str, value: str, words: str, texts: Texts) -> str:
    short = words if len(words) <= _TITLE else words[: _TITLE - 1] + "…"
    off = said(name, value, "<span aria-hidden='true'>×</span>", "zd-off", texts("scope.remove", name=short))
    return f'<span class="zd-pin" title="{esc(words)}">{foreign(short)}{off}</span>'


def suggestions(questions: Sequence[str], texts: Texts) -> str:
    """Questions to click."""
    if not questions:
        return ""
    chips = "".join(said("ask", q, foreign(q), "zd-chip") for q in questions)
    return f'<div class="zd-chips" role="group" aria-label="{esc(texts("talk.suggestions"))}">{chips}</div>'


def empty(texts: Texts) -> str:
    """What an empty talk shows."""
    return (
        f'<div class="zd-talk-empty"><p class="zd-talk-empty-title">{esc(texts("talk.empty_title"))}</p>'
        f"<p>{esc(texts('talk.empty_text'))}</p></div>"
    )
