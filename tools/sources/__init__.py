"""Where papers come from: one source a file.

A source file has the constant SOURCE: a class that is called with (web, settings) and makes a
core.ports.PaperSource, with two class attributes:

    name     what `--source` calls it, or what other sources call it
    public   True: people may name it; False: another source uses it

Files whose name begins with an underscore are helpers, not sources. Files are imported when asked for only.
"""

import importlib
import pkgutil
from typing import Protocol

from core.errors import Misconfigured
from core.ports import PaperSource, Web
from core.settings import Settings


class SourceFactory(Protocol):
    """The shape of SOURCE."""

    @property
    def name(self) -> str: ...

    @property
    def public(self) -> bool: ...

    def __call__(self, web: Web, settings: Settings) -> PaperSource: ...


def load_sources(inner: bool = False) -> dict[str, SourceFactory]:
    """The sources of this folder by name, sorted; with `inner` also those that only other sources use."""
    found: list[SourceFactory] = []
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            found.append(importlib.import_module(f"{__name__}.{module.name}").SOURCE)
    return {source.name: source for source in sorted(found, key=lambda s: s.name) if source.public or inner}


def open_source(name: str, web: Web, settings: Settings) -> PaperSource:
    """The source people call `name`; raises Misconfigured with the names there are."""
    sources = load_sources()
    if name not in sources:
        raise Misconfigured(f"没有叫 {name} 的来源", f"可用的来源：{'、'.join(sources)}", setting="source")
    return sources[name](web, settings)
