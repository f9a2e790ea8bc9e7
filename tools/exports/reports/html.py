"""A report as one HTML file: evidence in folds, pictures inside, nothing asked of any other place."""

from collections.abc import Mapping

from core.report import Report
from tools.exports.reports import _markup
from tools.exports.reports._content import Content


class _Html:
    name = "html"
    media_type = "text/html; charset=utf-8"

    def file(self, report: Report, pictures: Mapping[str, bytes]) -> bytes:
        """See core.ports.ReportExporter."""
        return _markup.document(Content(report, pictures), "_screen.css", folds=True).encode()


EXPORTER = _Html()
