"""Lists of issues: the first page with the newest one, and all of them by month."""

import calendar
from collections.abc import Sequence
from datetime import date
from html import escape
from itertools import groupby

from tools.exports._view import Row, View, count, dates, source
from tools.exports.shelf import _issue, _lead, _said
from tools.exports.shelf._said import esc, words

LATEST = 30
"""Issues on the first page."""


def lead(view: View) -> str:
    """The newest issue as it opens the first page: what is worth seeing, with evidence and pictures."""
    heading = "本周看点" if view.day.until else "今日看点"
    way = f"{view.folder}/index.html"
    seen = _lead.highlights(view, "") or _names(view)
    return (
        _issue.head(view.day, view.title)
        + _lead.section("seen", heading, seen)
        + f'<p class="go"><a href="{escape(way)}">读这一期的全部 {len(view.published)} 篇 →</a></p>'
        + _lead.section("drawn", "图表", _lead.pictures(view, ""))
    )


def _names(view: View) -> str:
    """What stands in place of highlights: issues made without any have papers all the same."""
    listed = "".join(f"<li>{_lead.paper(view, version, '')}</li>" for version in list(view.published)[:10])
    return f'<ul class="worth">{listed}</ul>' if listed else ""


def home(opening: str, rows: Sequence[Row], site: str) -> str:
    """The first page. `opening`: the newest issue with papers, as `lead` has it; empty where there is none."""
    if not rows:
        return f"<h1>{esc(site)}</h1><p>还没有任何一期。</p>"
    listed = "".join(_line(row, gist=True) for row in rows[:LATEST])
    all_of_them = f'<p><a href="archive.html">全部 {len(rows)} 期往期 →</a></p>'
    top = opening or f"<h1>{esc(site)}</h1>"
    return top + f'<section id="latest"><h2>最近各期</h2><ol class="issues">{listed}</ol>{all_of_them}</section>'


def _line(row: Row, *, gist: bool = False) -> str:
    day = row.day
    name = row.title if day.until else dates(day)
    extra = f" {dates(day)}" if day.until else ""
    said = ""
    if gist and row.gist:
        said = f"<p>{words(row.gist.text)}{_said.doubt(row.gist.verdict)}</p>"
    note = words(day.note, "p", ' class="soft"') if day.note and not day.ledger.published else ""
    return (
        f'<li id="i-{escape(row.folder)}"><a href="{escape(row.folder)}/index.html">{esc(name)}</a>{extra} '
        f'<span class="soft">{words(source(day))} · {count(day)}</span>{said}{note}</li>'
    )


# all of them


def archive(rows: Sequence[Row]) -> str:
    """A calendar and a list for each month, the newest first. Weeks stand in the month of their last day."""
    ordered = sorted(rows, key=_last, reverse=True)
    months = [_month(year, month, list(found), n) for n, ((year, month), found) in enumerate(groupby(ordered, _of))]
    counted = f'<p class="facts">共 {len(rows)} 期。</p>' if rows else "<p>还没有任何一期。</p>"
    return f"<h1>往期</h1>{counted}{''.join(months)}"


def _last(row: Row) -> date:
    return row.day.until or row.day.date


def _of(row: Row) -> tuple[int, int]:
    return _last(row).year, _last(row).month


def _month(year: int, month: int, rows: list[Row], n: int) -> str:
    name = f"{year} 年 {month} 月"
    weeks = "".join(
        f"<tr>{''.join(_day(date(year, month, day), rows) if day else '<td></td>' for day in week)}</tr>"
        for week in calendar.monthcalendar(year, month)
    )
    heads = "".join(f'<th scope="col"><abbr title="星期{day}">{day}</abbr></th>' for day in "一二三四五六日")
    listed = "".join(map(_line, rows))
    unfolded = " open" if n == 0 else ""
    return (
        f'<section class="month" id="m-{year}-{month:02}"><h2>{name}</h2><table class="calendar">'
        f'<caption class="off">{name}</caption><thead><tr>{heads}</tr></thead><tbody>{weeks}</tbody></table>'
        f'<details{unfolded}><summary>{len(rows)} 期</summary><ol class="issues">{listed}</ol></details></section>\n'
    )


def _day(when: date, rows: Sequence[Row]) -> str:
    """A day's number; it leads to its issue, or to the first of several in the list."""
    found = [row for row in rows if row.day.date == when and not row.day.until]
    if not found:
        return f"<td>{when.day}</td>"
    papers = any(row.day.ledger.listed for row in found)
    way = f"{found[0].folder}/index.html" if len(found) == 1 else f"#i-{found[0].folder}"
    told = "；".join(f"{source(row.day)} {count(row.day)}" for row in found)
    kind = "" if papers else ' class="none"'
    return (
        f'<td><a{kind} href="{escape(way)}" title="{esc(told)}" '
        f'aria-label="{when.month} 月 {when.day} 日：{esc(told)}">{when.day}</a></td>'
    )
