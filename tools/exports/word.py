"""The issue as a Word file: real headings and tables, links between sentences and evidence, words for pictures."""

from collections.abc import Iterable

from core.publication import Publication
from tools.exports import _names


class _Word:
    name = "docx"

    def files(self, issue: Publication) -> Iterable[tuple[str, bytes]]:
        """`issue.docx`."""
        from tools.exports.printed import issue as printed
        from tools.exports.printed.word import written  # takes a while to import, and few ask for it

        yield f"{_names.folder(issue.day)}/issue.docx", written(printed.sheet(issue))


EXPORTER = _Word()
