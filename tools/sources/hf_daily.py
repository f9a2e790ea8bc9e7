"""Hugging Face Daily Papers: what its community picked, by UTC day."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError

from core.errors import Retry
from core.models import Listing, Paper, Problem, Query
from core.ports import Web
from core.settings import Settings
from tools.sources import _days
from tools.sources._entries import clean, fetch, identify, problem

LIMIT = 100
"""Entries the service gives at most for one day."""
MAX_AGE = 600.0
"""Seconds: a day grows while it lasts, and votes change."""


class HfDaily:
    """The daily papers. Versions are unknown here, so `version` equals `id`."""

    name = "hf"
    public = True

    def __init__(self, web: Web, settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`now` gives the aware present; a seam for tests."""
        self._web = web
        self._url = settings.service("hf_daily")
        self._now = now

    def list(self, query: Query) -> Listing:
        """See core.ports.PaperSource. Default: the latest weekday in UTC. The service filters nothing."""
        today = self._now().astimezone(UTC).date()
        day = query.day or _days.weekday_on_or_before(today)
        if day > today:
            return self._listing(day, note="这一天还没有到。")
        params = urlencode({"date": day.isoformat(), "limit": LIMIT})
        body = fetch(self._web, f"{self._url}?{params}", ("application/json",), MAX_AGE, "Hugging Face")
        entries = json.loads(body)
        if not isinstance(entries, list):
            raise Retry("Hugging Face 的答复不是论文清单", "稍后再试；若一直如此，接口可能变了")
        papers: dict[str, Paper] = {}
        problems: list[Problem] = []
        for entry in entries:
            found = read_entry(entry)
            if isinstance(found, Problem):
                problems.append(found)
            elif found.id in papers:
                problems.append(problem(found.id, "同一天里重复出现，只留第一条。"))
            else:
                papers[found.id] = found
        note = _note(day, today, len(entries))
        return self._listing(day, tuple(papers.values()), tuple(problems), note)

    def announced(self, day: date) -> datetime | None:
        """See core.ports.PaperSource. The list grows until the day ends in UTC; what is added later is late."""
        return datetime.combine(day + timedelta(days=1), time(0), UTC) if _days.is_weekday(day) else None

    def _listing(
        self, day: date, papers: tuple[Paper, ...] = (), problems: tuple[Problem, ...] = (), note: str = ""
    ) -> Listing:
        return Listing(source=self.name, day=day, zone="UTC", papers=papers, problems=problems, note=note)


def read_entry(entry: object) -> Paper | Problem:
    """One entry in any of the shapes the service has had since 2023: parts may be missing, below or beside `paper`."""
    if not isinstance(entry, dict):
        return problem(entry, "条目的格式认不出来。")
    inner = entry.get("paper")
    fields: dict[str, Any] = {**entry, **(inner if isinstance(inner, dict) else {})}
    ids = identify(fields.get("id"))
    if ids is None:
        return problem(fields.get("id", ""), "编号不是 arXiv 编号，无法取得论文。")
    upvotes = fields.get("upvotes")
    try:
        return Paper(
            id=ids[0],
            version=ids[1],
            title=clean(fields.get("title") or entry.get("title")),
            abstract=clean(fields.get("summary") or entry.get("summary")),
            authors=tuple(_authors(fields.get("authors"))),
            published=_published(fields.get("publishedAt")),
            upvotes=upvotes if isinstance(upvotes, int) else None,
            keywords=tuple(clean(k) for k in fields.get("ai_keywords") or () if clean(k)),
        )
    except (ValidationError, TypeError, ValueError):
        return problem(ids[1], "条目的字段格式不对。")


def _authors(people: object) -> list[str]:
    """Names as listed. The service hides authors it took for mistakes."""
    rows = people if isinstance(people, list) else []
    return [
        clean(row.get("name")) for row in rows if isinstance(row, dict) and row.get("name") and not row.get("hidden")
    ]


def _published(stamp: object) -> date | None:
    if not isinstance(stamp, str):
        return None
    moment = datetime.fromisoformat(stamp)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).date()


def _note(day: date, today: date, entries: int) -> str:
    if entries >= LIMIT:
        return f"清单到 {LIMIT} 篇为止，这一天也许还有更多。"
    if entries:
        return ""
    if not _days.is_weekday(day):
        return "Hugging Face 每日论文周末不更新。"
    if day == today:
        return "这一天还没有论文：清单按 UTC 日期更新，晚些再来。"
    return "Hugging Face 没有这一天的记录，可能是假日。"


SOURCE = HfDaily
