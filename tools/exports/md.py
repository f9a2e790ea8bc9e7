"""The issue as Markdown: one page for the day, one for each paper, evidence in folds."""

from collections.abc import Iterable

from core.publication import Publication
from tools.exports import _names
from tools.exports._md_issue import index
from tools.exports._md_paper import page
from tools.exports._md_said import BADGES, badge, text
from tools.exports._view import View
from tools.exports._wording import ledger

__all__ = ["BADGES", "EXPORTER", "badge", "ledger", "text"]


class _Markdown:
    name = "markdown"

    def files(self, issue: Publication) -> Iterable[tuple[str, bytes]]:
        """`index.md`, one file a paper that has a digest, and the key figures that may be shown."""
        view = View(issue)
        yield f"{view.folder}/index.md", index(issue).encode()
        for version, result in view.results.items():
            if not result.digest:
                continue
            stem = _names.stem(version)
            yield f"{view.folder}/{stem}.md", page(view, result, result.digest).encode()
            if (figure := issue.figures.get(version)) and figure.png:
                yield f"{view.folder}/figures/{stem}.png", figure.png


EXPORTER = _Markdown()
