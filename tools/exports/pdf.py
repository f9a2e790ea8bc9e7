"""The issue as a PDF to read or to print: Chinese typography, page numbers, bookmarks, evidence at the end."""

from collections.abc import Iterable

from core.publication import Publication
from tools.exports import _names


class _Pdf:
    name = "pdf"

    def files(self, issue: Publication) -> Iterable[tuple[str, bytes]]:
        """`issue.pdf`. Raises Misconfigured where this machine lacks a library or a Chinese font."""
        from tools.exports.printed import issue as printed
        from tools.exports.printed.page import html  # takes a while to import, and few ask for it
        from tools.exports.reports.pdf import render

        yield f"{_names.folder(issue.day)}/issue.pdf", render(html(printed.sheet(issue)))


EXPORTER = _Pdf()
