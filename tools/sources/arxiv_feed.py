"""arXiv's Atom feed: the current announcement, with announcement types and licences. The only door to feedparser."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal, NamedTuple, cast
from urllib.parse import quote, urlsplit

from core.errors import Retry
from core.models import Listing, Paper, Problem, Query
from core.ports import Web
from core.settings import Settings
from tools.sources import _days
from tools.sources._entries import ATOM, check_categories, clean, fetch, identify, name, problem

MAX_AGE = 600.0
"""Seconds; the feed is renewed once a day, and this is how late we may notice."""
AnnounceType = Literal["new", "cross", "replace", "replace-cross"]
WANTED: frozenset[AnnounceType] = frozenset({"new", "cross"})
"""Replacements are papers of earlier days."""
_PREFIX = re.compile(r"\s*arXiv:\S+\s+Announce Type:\s*\S+\s+Abstract:\s*")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_SUFFIXES = frozenset({"Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV"})


class Feed(NamedTuple):
    """A feed that was read."""

    updated: date
    """The day it was renewed, in US Eastern; its listing's day is the last weekday up to then."""
    entries: int
    """How many there were, replacements included."""
    listing: Listing


class ArxivFeed:
    """One announcement day of rss.arxiv.org: always the latest."""

    name = "arxiv_feed"
    public = False

    def __init__(self, web: Web, settings: Settings) -> None:
        self._web = web
        self._url = settings.service("arxiv_feed")

    def list(self, query: Query) -> Listing:
        """The current announcement; another day than that gives an empty Listing with a note.

        Categories default to cs.CL, cs.AI and cs.LG. Raises Retry, Stop, Misconfigured.
        """
        listing = self.read(query.categories).listing
        if query.day is None or query.day == listing.day:
            return listing
        note = f"arXiv 的订阅源只有最近一天（{listing.day}）。"
        return Listing(source=self.name, day=query.day, zone=_days.ZONE, note=note)

    def announced(self, day: date) -> datetime | None:
        """See core.ports.PaperSource. Later than arXiv's own pages: from when the services asked here have the list."""
        return _days.readable_at(day)

    def read(self, categories: tuple[str, ...] = ()) -> Feed:
        """The feed of these categories as it is now."""
        wanted = check_categories(categories)
        address = f"{self._url}/{'+'.join(quote(c) for c in wanted)}"
        return read_feed(fetch(self._web, address, ATOM, MAX_AGE, "arXiv"), self.name)


def read_feed(body: bytes, source: str) -> Feed:
    """Parses a feed; raises Retry for what is none."""
    import feedparser

    # Bytes only: given a string, feedparser may take it for an address and fetch it.
    parsed = feedparser.parse(bytes(body))
    updated = _moment(parsed.feed.get("updated"))
    if not parsed.version or updated is None:
        raise Retry("arXiv 的订阅源读不懂", "多半是临时故障，稍后再试")
    day = _days.feed_day(updated)
    papers: dict[str, Paper] = {}
    problems: list[Problem] = []
    others: Counter[str] = Counter()
    for entry in parsed.entries:
        kind = entry.get("arxiv_announce_type", "")
        if kind in ("replace", "replace-cross"):
            others[kind] += 1
            continue
        found = _read_entry(entry, day)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            papers.setdefault(found.version, found)  # listed under two of the categories
    note = _note(others, bool(parsed.entries))
    listing = Listing(
        source=source, day=day, zone=_days.ZONE, papers=tuple(papers.values()), problems=tuple(problems), note=note
    )
    return Feed(updated.astimezone(_days.EASTERN).date(), len(parsed.entries), listing)


def _read_entry(entry: Any, day: date) -> Paper | Problem:
    raw = clean(entry.get("id"))
    # arXiv writes oai:arXiv.org:2508.13426v1, other feeds of it the address of the abstract page.
    ids = identify(raw.removeprefix("oai:arXiv.org:")) or identify(urlsplit(raw).path.removeprefix("/abs/"))
    if ids is None:
        return problem(raw, "订阅源里的编号不是 arXiv 编号。")
    kind = entry.get("arxiv_announce_type")
    if kind not in WANTED:
        return problem(ids[1], f"不认识的公布类型：{clean(kind) or '没有注明'}。")
    primary = (entry.get("arxiv_primary_category") or {}).get("term")
    terms = [tag.get("term") for tag in entry.get("tags", ())]
    return Paper(
        id=ids[0],
        version=ids[1],
        title=clean(entry.get("title")),
        abstract=clean(_PREFIX.sub("", entry.get("summary", ""), count=1)),
        authors=split_creators([clean(author.get("name")) for author in entry.get("authors", ())]),
        categories=tuple(dict.fromkeys(clean(c) for c in (primary, *terms) if c)),
        published=_submitted(entry.get("published"), day),
        announce_type=cast(AnnounceType, kind),
        licence=clean(entry.get("rights")) or None,
    )


def split_creators(creators: Sequence[str]) -> tuple[str, ...]:
    """Names of people. arXiv writes all of them into one dc:creator, with commas, and affiliations in brackets."""
    names: list[str] = []
    for creator in creators:
        for part in _BRACKETS.sub("", creator).split(","):
            if part.strip() in _SUFFIXES and names:
                names[-1] += f", {part.strip()}"
            elif part.strip():
                names.append(name(part))
    return tuple(names)


def _submitted(stamp: object, day: date) -> date | None:
    """The day of submission in GMT. arXiv's own feed gives the day of the announcement there, which is not it."""
    moment = _moment(stamp)
    if moment is None or moment.astimezone(_days.EASTERN).date() >= day:
        return None
    return moment.astimezone(UTC).date()


def _moment(stamp: object) -> datetime | None:
    """An RFC 3339 time, aware; None for anything else."""
    try:
        moment = datetime.fromisoformat(str(stamp))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _note(others: Counter[str], any_entries: bool) -> str:
    if not any_entries:
        return "arXiv 的订阅源此刻是空的：周末和假日不公布论文。"
    return f"另有 {others.total()} 篇是旧论文的新版本，未列入。" if others else ""


SOURCE = ArxivFeed
