"""What the search page knows: a line for every paper that was ever listed, as a script, because a page that is opened
from the disk cannot fetch."""

import json

from core.digests import tldr
from core.models import Verdict
from tools.exports import _names
from tools.exports._view import View, source
from tools.exports.reports._content import plain

_CODES = {Verdict.SUPPORTED: 0, Verdict.PARTIAL: 1, Verdict.UNVERIFIED: 2, Verdict.UNSUPPORTED: 3}
_UNREAD = 16
"""Added where the paper has no page of its own."""
_SAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
"""Nothing in the script reads as markup, and no reader takes a letter of it for the end of a line."""

BODY = (
    '<h1>搜索</h1><form id="ask" class="ask" role="search">'
    '<label for="q">在全部论文的标题、一句话、作者和编号里找</label>'
    '<input id="q" type="search" name="q" autocomplete="off" spellcheck="false" enterkeyhint="search" '
    'aria-describedby="how" autofocus></form>'
    '<p id="how" class="soft">中文按字找，英文按词首找；用空格隔开的词都要有。按 ↓ 进入结果，按 Esc 回到输入框。</p>'
    '<p id="found" role="status" class="facts">正在载入…</p><ol id="hits" class="hits"></ol>'
    '<p><button id="more" type="button" hidden>再显示一些</button></p>'
    '<noscript><p class="note">搜索要用 JavaScript。没有它，可以从<a href="archive.html">往期</a>按日期找。</p>'
    "</noscript>"
)


class Index:
    """Collects issues, the newest first. A paper listed in several stands once: where it was published, a day before a
    week, the newest before older ones."""

    def __init__(self) -> None:
        self._issues: list[str] = []
        self._lines: dict[str, tuple[tuple[bool, bool], str]] = {}

    def add(self, view: View) -> None:
        """Takes in the papers of an issue."""
        place = len(self._issues)
        about = source(view.day, short=True)
        when = view.title if view.day.until else view.day.date.isoformat()
        self._issues.append(_script([view.folder, f"{when} · {about}"]))
        for version in view.results:
            rank = (version in view.published, view.day.until is None)
            known = self._lines.get(version)
            if known is None or rank > known[0]:
                self._lines.pop(version, None)  # it stands where its issue stands
                self._lines[version] = rank, _line(view, version, place)

    def file(self) -> bytes:
        """The script."""
        issues, papers = ",\n".join(self._issues), ",\n".join(line for _, line in self._lines.values())
        return f'"use strict";\nconst zhengduIndex={{issues:[\n{issues}\n],papers:[\n{papers}\n]}};\n'.encode()


def _line(view: View, version: str, place: int) -> str:
    """[issue, stem, Chinese name, English title, one sentence, authors, marks]; marks: the name's verdict, 4 × the
    sentence's, and 16 where nothing was published."""
    result, name = view.results[version], view.name(version)
    digest = view.published.get(version)
    said = tldr(digest) if digest else None
    marks = _CODES[name.verdict] + (4 * _CODES[said.verdict] if said else 0) + (0 if digest else _UNREAD)
    title = plain(result.paper.title)
    chosen = "" if name.text == title else name.text
    authors = "、".join(plain(author) for author in result.paper.authors)
    return _script([place, _names.stem(version), chosen, title, plain(said.text) if said else "", authors, marks])


def _script(values: list[str | int]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).translate(_SAFE)
