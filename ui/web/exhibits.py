"""What citations point at. A link carries an unguessable name, no id and no path; the value behind it stays here."""

import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from core.models import Claim, Quote, Value

_KEY = re.compile(r"([0-9a-f]{32})-(\d{1,3})")
_KEPT = 20_000
"""Exhibits at once; the ones not looked at for longest go first. One is a few KB."""


class Exhibit(Value):
    """The evidence of one sentence."""

    quotes: tuple[Quote, ...]
    """At least one; a link names one of them."""
    claim: Claim | None = None
    """The sentence; None where words were found and nothing was said about them."""
    title: str = ""
    """The paper's, as a person reads it."""
    titles: tuple[str, ...] = ()
    """One for each quote, where they are of several papers."""


@dataclass(frozen=True)
class Shown:
    """One quote of an exhibit, as a link named it."""

    exhibit: Exhibit
    at: int
    """Which of its quotes, from 0."""
    name: str
    """What all links to this exhibit begin with."""

    def link(self, at: int) -> str:
        """The key of another quote of the same exhibit."""
        return f"{self.name}-{at}"


class Exhibits:
    """One a server. Values are kept in memory only: after a restart a page has to be loaded again."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._secret = secrets.token_bytes(32)
        self._kept = kept
        self._values: OrderedDict[str, tuple[str, Exhibit]] = OrderedDict()

    def keep(self, exhibit: Exhibit, owner: str = "") -> str:
        """The name of an exhibit; a link to its n-th quote is `#e:<name>-<n>`. With `owner`, only that person sees it.
        The same exhibit gets the same name."""
        words = f"{owner}\0{exhibit.model_dump_json()}".encode()
        name = hmac.new(self._secret, words, hashlib.sha256).hexdigest()[:32]
        self._values[name] = (owner, exhibit)
        self._values.move_to_end(name)
        while len(self._values) > self._kept:
            self._values.popitem(last=False)
        return name

    def find(self, key: str, owner: str) -> Shown | None:
        """What a link's key names; None for anything that was never handed out, or to somebody else."""
        parts = _KEY.fullmatch(key)
        if parts is None or parts[1] not in self._values:
            return None
        whose, exhibit = self._values[parts[1]]
        at = int(parts[2])
        if whose not in ("", owner) or at >= len(exhibit.quotes):
            return None
        self._values.move_to_end(parts[1])
        return Shown(exhibit, at, parts[1])
