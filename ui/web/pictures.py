"""Pictures behind unguessable addresses, so that no path of this machine stands in a page. Made when asked for."""

import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path

Maker = Callable[[], Awaitable[Path | None]]
"""Makes the picture or finds it; None where there is none."""

ROUTE = "/pictures/{name}.png"
_NAME = re.compile(r"[0-9a-f]{32}")
_KEPT = 20_000
"""Addresses remembered at once; the ones not asked for longest go first."""


class Pictures:
    """One a server."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._secret = secrets.token_bytes(32)
        self._kept = kept
        self._makers: OrderedDict[str, Maker] = OrderedDict()

    def keep(self, about: str, make: Maker) -> str:
        """The address of a picture; `about` tells pictures apart, the same gets the same address."""
        name = hmac.new(self._secret, about.encode(), hashlib.sha256).hexdigest()[:32]
        self._makers[name] = make
        self._makers.move_to_end(name)
        while len(self._makers) > self._kept:
            self._makers.popitem(last=False)
        return ROUTE.format(name=name)

    async def find(self, name: str) -> Path | None:
        """The file behind an address; None for an address that was never given out. Raises what its maker raises."""
        make = self._makers.get(name) if _NAME.fullmatch(name) else None
        return await make() if make else None
