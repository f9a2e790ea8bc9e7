"""A day's issue as files: one format a file, with the constant EXPORTER (a core.ports.Exporter)."""

import importlib
import pkgutil

from core.ports import Exporter


def load_exporters() -> dict[str, Exporter]:
    """The exporters of this folder by name, sorted. Files whose name begins with an underscore are helpers."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    found: list[Exporter] = [importlib.import_module(f"{__name__}.{name}").EXPORTER for name in names]
    return {exporter.name: exporter for exporter in found}
