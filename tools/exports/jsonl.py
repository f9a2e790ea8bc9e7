"""The issue's papers as JSON lines: one object a paper, for programs that read line by line."""

import json
import re
from collections.abc import Iterable
from typing import Any

from core.models import Day
from core.publication import Publication
from tools.exports._view import View
from tools.exports.json_day import document

_NOT_AS_IT_IS = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Where some readers see the end of a line, and what is no text at all."""


class _JsonLines:
    name = "jsonl"

    def files(self, issue: Publication) -> Iterable[tuple[str, bytes]]:
        """One file, `papers.jsonl`, the paper most worth reading first. Empty on a day without papers."""
        view = View(issue)
        lines = (_line(found) for found in _papers(view))
        yield f"{view.folder}/papers.jsonl", "".join(lines).encode()


EXPORTER = _JsonLines()


def _papers(view: View) -> Iterable[dict[str, Any]]:
    """As in `day.json`, each with what it needs to stand alone."""
    known = {paper["version"]: paper for paper in document(view.day)["papers"]}
    ranks = {worth.paper: n for n, worth in enumerate(view.overview.worth, 1)}
    topics = {version: topic.name for topic in view.overview.topics for version in topic.papers}
    for version in view.results:
        worth = view.worth.get(version)
        yield {
            **_of_day(view.day),
            "headline": view.name(version).text,
            "headline_verdict": view.name(version).verdict.value,
            "topic": topics.get(version, ""),
            "rank": ranks.get(version),
            "reasons": [reason.text for reason in worth.reasons] if worth else [],
            **known[version],
        }


def _of_day(day: Day) -> dict[str, Any]:
    return {
        "date": day.date.isoformat(),
        "until": day.until.isoformat() if day.until else None,
        "source": day.source,
        "edition": day.edition,
    }


def _line(found: dict[str, Any]) -> str:
    written = json.dumps(found, ensure_ascii=False)
    return _NOT_AS_IT_IS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", written) + "\n"
