"""The side of the day page: a calendar of the days on the shelf, and the form that reads another one. Pure."""

import calendar
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from core.ports import Issue
from ui.web.markup import action, esc, local
from ui.web.texts import Texts

SOURCES = ("hf", "arxiv", "sample")
"""Those a form can ask; folders of one's own are read from the command line."""


def side(issues: Sequence[Issue], shown: str, texts: Texts) -> str:
    """Calendar and form; `shown` is the key of the open issue."""
    head = f'<div class="zd-side-head"><h2>{esc(texts("shelf.title"))}</h2>'
    head += local("side", esc(texts("shelf.close")), "zd-link zd-narrow") + "</div>"
    return f'<aside class="zd-side">{head if issues else ""}{shelf(issues, shown, texts)}{form(texts)}</aside>'


def shelf(issues: Sequence[Issue], shown: str, texts: Texts) -> str:
    """A calendar leaf for each month that has an issue, the newest first and open."""
    months: dict[tuple[int, int], dict[int, list[Issue]]] = defaultdict(lambda: defaultdict(list))
    for issue in sorted(issues, key=lambda i: i.date, reverse=True):
        months[issue.date.year, issue.date.month][issue.date.day].append(issue)
    current = next((i for i in issues if i.key == shown), None)
    opened = (current.date.year, current.date.month) if current else next(iter(months), None)
    return "".join(_month(month, days, shown, month == opened, texts) for month, days in months.items())


def _month(month: tuple[int, int], days: dict[int, list[Issue]], shown: str, is_open: bool, texts: Texts) -> str:
    year, number = month
    weekdays = "".join(f"<span>{esc(day)}</span>" for day in texts("shelf.weekdays").split())
    cells = "".join(
        _cell(day, days.get(day, []), shown, texts) for week in calendar.monthcalendar(year, number) for day in week
    )
    there = [issue for found in days.values() for issue in found]
    listed = "".join(_line(issue, shown, texts) for issue in there if len(days[issue.date.day]) > 1)
    title = esc(texts("shelf.month", year=year, month=number))
    return (
        f'<details class="zd-month"{" open" if is_open else ""}><summary>{title}</summary>'
        f'<div class="zd-week" aria-hidden="true">{weekdays}</div><div class="zd-days">{cells}</div>'
        f'<div class="zd-issues">{listed}</div></details>'
    )


def _cell(day: int, issues: Sequence[Issue], shown: str, texts: Texts) -> str:
    if not day:
        return "<span></span>"
    if not issues:
        return f'<span class="zd-none">{day}</span>'
    here = any(issue.key == shown for issue in issues)
    name = issues[0].date.isoformat()
    label = (
        texts("shelf.several", date=name, issues=len(issues))
        if len(issues) > 1
        else texts("shelf.day", date=name, n=issues[0].published)
    )
    button = action("issue", issues[0].key, str(day), "zd-day zd-here" if here else "zd-day", label)
    return button.replace("<button", '<button aria-current="date"', 1) if here else button


def _line(issue: Issue, shown: str, texts: Texts) -> str:
    """One of several issues of a day."""
    source = texts("source." + issue.source) if issue.source in (*SOURCES, "files") else issue.source
    if issue.until:
        source = texts("shelf.week", source=source, week=issue.date.isocalendar().week)
    words = f"{issue.date.month}-{issue.date.day:02} · {texts('shelf.issue', source=source, n=issue.published)}"
    return action("issue", issue.key, esc(words), "zd-line zd-here" if issue.key == shown else "zd-line")


def form(texts: Texts, today: date | None = None) -> str:
    """What to read: source, date, categories, keywords, how many."""
    options = "".join(f'<option value="{name}">{esc(texts("source." + name))}</option>' for name in SOURCES)
    return (
        f'<form class="zd-form" data-submit="fetch"><h2>{esc(texts("fetch.title"))}</h2>'
        + _field(texts("fetch.source"), f'<select name="source">{options}</select>')
        + _field(texts("fetch.date"), '<input type="date" name="day">', texts("fetch.latest"))
        + _field(texts("fetch.categories"), _input("categories", texts("fetch.categories_hint")))
        + _field(texts("fetch.keywords"), _input("keywords", texts("fetch.keywords_hint")))
        + _field(texts("fetch.limit"), '<input type="number" name="limit" min="1" max="500" value="5">')
        + f'<button type="submit" class="zd-primary">{esc(texts("fetch.go"))}</button></form>'
    )


def _input(name: str, hint: str) -> str:
    return f'<input type="text" name="{name}" placeholder="{esc(hint)}" autocomplete="off" maxlength="200">'


def _field(name: str, control: str, hint: str = "") -> str:
    more = f"<small>{esc(hint)}</small>" if hint else ""
    return f"<label><span>{esc(name)}{more}</span>{control}</label>"
