"""The newest issues as Atom 1.0. Without an address of the site entries have no links: their content stands in them."""

from collections.abc import Iterable

from core.publication import Shelf
from tools.exports.shelf import _feed


class _Atom:
    name = "atom"

    def files(self, shelf: Shelf) -> Iterable[tuple[str, bytes]]:
        """`atom.xml`."""
        yield "atom.xml", _feed.made(shelf, "atom.xml").atom_str(pretty=True)


EXPORTER = _Atom()
