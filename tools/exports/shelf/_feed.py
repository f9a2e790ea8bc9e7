"""The newest issues as a feed; what RSS and Atom share. Nothing in it depends on when or where it was made."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, time
from html import escape
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.models import Claim, Day
from core.publication import Shelf
from tools.exports import _names
from tools.exports._view import Name, View, count, source
from tools.exports.reports._content import BADGES, plain
from tools.exports.shelf._said import esc, words

LATEST = 30
"""Issues of a feed."""
_NAMESPACE = uuid.UUID("6f2c1d9e-3a57-5b84-9c1e-7d0a4be85f13")
"""Ours, for ids; they must never change, or readers show everything again."""
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without issues was changed last."""
_ABOUT = "每天的论文，句句有核验结论、页码和原文。"
_NO_ADDRESS = "没有设置网站地址，各期不带网页链接。"


def made(shelf: Shelf, own: str) -> Any:
    """A feed (feedgen.feed.FeedGenerator); without an address of the site it has no links. `own`: its file's name."""
    from feedgen.feed import FeedGenerator

    feed = FeedGenerator()
    feed.load_extension("dc", atom=False, rss=True)  # RSS's own author is an e-mail address
    feed.id(identity("feed"))
    feed.title(plain(shelf.title))
    feed.author({"name": "证读"})
    feed.generator("证读")
    feed.language("zh-CN")
    feed.description(_ABOUT if shelf.address else _ABOUT + _NO_ADDRESS)
    if shelf.address:
        feed.link(href=shelf.address + own, rel="self")
        feed.link(href=shelf.address, rel="alternate")
    feed.updated(_BEGINNING)
    for n, issue in enumerate(islice(shelf.publications(), LATEST)):
        view = View(issue)
        if n == 0:
            feed.updated(moment(view.day))
        _fill(feed.add_entry(order="append"), view, shelf.address)
    return feed


def identity(name: str) -> str:
    """The id of what is called so, wherever the site stands."""
    return uuid.uuid5(_NAMESPACE, name).urn


def moment(day: Day) -> datetime:
    """Midnight at the beginning of the issue's day, a week's last one, in its zone."""
    try:
        zone = ZoneInfo(day.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return datetime.combine(day.until or day.date, time(), UTC)
    return datetime.combine(day.until or day.date, time(), zone)


def _fill(entry: Any, view: View, address: str) -> None:
    entry.id(identity(view.folder))
    entry.title(f"{view.title} · {source(view.day)}")
    if address:
        entry.link(href=f"{address}{view.folder}/index.html")
    entry.updated(moment(view.day))
    entry.published(moment(view.day))
    entry.author({"name": "证读"})
    entry.dc.dc_creator("证读")
    gist = view.gist
    entry.summary(_told(gist) if gist else plain(view.day.note) or count(view.day))
    entry.content(content(view, address), type="html")


def _told(claim: Claim) -> str:
    return plain(claim.text) + ("" if claim.verdict == "supported" else f"（{BADGES[claim.verdict]}）")


def content(view: View, address: str) -> str:
    """The entry as HTML: highlights with verdict and pages, then every published paper. Links are absolute; without an
    address papers lead to arXiv."""
    seen = "".join(_highlight(view, claim, versions, address) for claim, versions in view.highlights())
    listed = "".join(f"<li>{_paper(view, version, address)}</li>" for version in view.published)
    note = words(view.day.note, "p") if plain(view.day.note) else ""
    heading = "本周看点" if view.day.until else "今日看点"
    return (
        f"<p>{esc(source(view.day))} · {count(view.day)}</p>{note}"
        + (f"<h3>{heading}</h3><ol>{seen}</ol>" if seen else "")
        + (f"<h3>论文</h3><ul>{listed}</ul>" if listed else "")
    )


def _highlight(view: View, claim: Claim, versions: Iterable[str], address: str) -> str:
    papers = "；".join(_paper(view, version, address) for version in versions if version in view.results)
    places = dict.fromkeys((q.paper, q.page) for q in claim.evidence)
    pages = "、".join(_link(_names.pdf_page(paper, page), f"第 {page} 页") for paper, page in places)
    marks = " · ".join(part for part in (BADGES[claim.verdict], pages) if part)
    return f"<li><p>{words(claim.text)}（{marks}）</p><p>{papers}</p></li>"


def _paper(view: View, version: str, address: str) -> str:
    name = view.name(version)
    own = address + view.place(version) if address else _names.abstract_page(version)
    return _link(own, words(name.text)) + _doubt(name)


def _doubt(name: Name) -> str:
    return "" if name.verdict == "supported" else f"（{BADGES[name.verdict]}）"


def _link(address: str, inner: str) -> str:
    return f'<a href="{escape(address)}">{inner}</a>' if address else inner
