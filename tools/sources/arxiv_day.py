"""arXiv as people mean it: the announcement of a day, from the feed while it is there, else from the API."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from core.models import Listing, Query
from core.ports import Web
from core.settings import Settings
from tools.sources import _days
from tools.sources._entries import check_categories
from tools.sources.arxiv_api import ArxivApi
from tools.sources.arxiv_feed import ArxivFeed


class ArxivDay:
    """`--source arxiv`. The feed knows what was announced, but only the latest; the API knows all, but only when
    things were submitted."""

    name = "arxiv"
    public = True

    def __init__(self, web: Web, settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`now` gives the aware present; a seam for tests."""
        self._feed = ArxivFeed(web, settings)
        self._api = ArxivApi(web, settings, now)
        self._now = now

    def list(self, query: Query) -> Listing:
        """Ids asked for, or an announcement day; None is the latest. Raises Retry, Stop, Misconfigured."""
        check_categories(query.categories)
        if query.ids:
            return self._named(self._api.list(query))
        if query.day is None:
            return self._named(self._latest(query))
        return self._named(self._of(query, query.day))

    def announced(self, day: date) -> datetime | None:
        """See core.ports.PaperSource. Later than arXiv's own pages: from when the services asked here have the list."""
        return _days.readable_at(day)

    def _latest(self, query: Query) -> Listing:
        feed = self._feed.read(query.categories)
        if feed.entries or _days.is_weekday(feed.updated):
            return feed.listing
        # At weekends the feed is emptied, but the last announcement is not undone.
        return self._api.list(query.model_copy(update={"day": feed.listing.day}))

    def _of(self, query: Query, day: date) -> Listing:
        now = self._now()
        if not _days.is_weekday(day):
            return self._empty(day, "arXiv 周末不公布论文。")
        if _days.announced_at(day) > now:
            moment = _days.announced_at(day).astimezone(UTC)
            return self._empty(day, f"这一天的论文还没有公布（预计 {moment:%Y-%m-%d %H:%M} UTC）。")
        if day == _days.feed_day(now):
            feed = self._feed.read(query.categories)
            weekend = not _days.is_weekday(feed.updated)
            if feed.listing.day == day and (feed.entries or not weekend):
                return feed.listing
        return self._api.list(query)

    def _empty(self, day: date, note: str) -> Listing:
        return Listing(source=self.name, day=day, zone=_days.ZONE, note=note)

    def _named(self, listing: Listing) -> Listing:
        return listing.model_copy(update={"source": self.name})


SOURCE = ArxivDay
