"""The newest issues as RSS 2.0. Without an address of the site its link is its id, and items have none."""

from collections.abc import Iterable

from core.publication import Shelf
from tools.exports.shelf import _feed


class _Rss:
    name = "rss"

    def files(self, shelf: Shelf) -> Iterable[tuple[str, bytes]]:
        """`rss.xml`."""
        feed = _feed.made(shelf, "rss.xml")
        if not shelf.address:  # a channel must have a link, and may have one of any registered scheme
            feed.link(href=_feed.identity("feed"), rel="alternate")
        yield "rss.xml", feed.rss_str(pretty=True)


EXPORTER = _Rss()
