"""What was read, as files. A day's issue: one format a file of this folder, with the constant EXPORTER (a
core.ports.Exporter); a report: one of reports/ (a core.ports.ReportExporter); all issues together: one of shelf/ (a
core.ports.ShelfExporter)."""

import importlib
import pkgutil

from core.ports import Exporter, ReportExporter, ShelfExporter
from tools.exports import reports, shelf


def load_exporters() -> dict[str, Exporter]:
    """The exporters of this folder by name, sorted. Files whose name begins with an underscore are helpers."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_") and not m.ispkg)
    found: list[Exporter] = [importlib.import_module(f"{__name__}.{name}").EXPORTER for name in names]
    return {exporter.name: exporter for exporter in sorted(found, key=lambda exporter: exporter.name)}


def load_report_exporters() -> dict[str, ReportExporter]:
    """Those of reports/, likewise."""
    folder = reports.__name__
    names = sorted(m.name for m in pkgutil.iter_modules(reports.__path__) if not m.name.startswith("_"))
    found: list[ReportExporter] = [importlib.import_module(f"{folder}.{name}").EXPORTER for name in names]
    return {exporter.name: exporter for exporter in sorted(found, key=lambda exporter: exporter.name)}


def load_shelf_exporters() -> dict[str, ShelfExporter]:
    """Those of shelf/, likewise."""
    folder = shelf.__name__
    names = sorted(m.name for m in pkgutil.iter_modules(shelf.__path__) if not m.name.startswith("_"))
    found: list[ShelfExporter] = [importlib.import_module(f"{folder}.{name}").EXPORTER for name in names]
    return {exporter.name: exporter for exporter in found}
