"""A report as a Word file: real headings, tables, links between text and evidence, pictures with words for them."""

from collections.abc import Mapping

from core.report import Report
from tools.exports.reports._content import Content


class _Word:
    name = "docx"
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def file(self, report: Report, pictures: Mapping[str, bytes]) -> bytes:
        """See core.ports.ReportExporter."""
        from tools.exports.reports._word import written  # takes a while to import, and few ask for it

        return written(Content(report, pictures))


EXPORTER = _Word()
