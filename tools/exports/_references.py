"""What reference managers are told of a paper, whatever the format: who, when, where, what it is called in Chinese."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.digests import tldr
from core.models import ARXIV_ID, Paper, PaperResult, Status, Verdict
from tools.exports import _names
from tools.exports._view import View
from tools.exports.reports._content import BADGES, chinese, plain

_FIRST_YEAR = 91
"""arXiv began in 1991: two digits from here on are of the last century."""
_TOGETHER = {"team", "collaboration", "consortium", "group", "lab", "labs", "project", "community", "authors"}
"""Last words of names that are not people's."""
_SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}


@dataclass(frozen=True)
class Author:
    """A name in parts; `first` is empty for groups and for names in one piece."""

    last: str
    first: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class Reference:
    """A paper; words are one line each and not escaped."""

    key: str
    """Its identifier without version, as a file's name."""
    id: str
    """arXiv identifier without version; empty for local files."""
    title: str
    authors: tuple[Author, ...]
    year: int | None
    day: date | None
    address: str
    abstract: str
    category: str
    keywords: tuple[str, ...]
    note: str
    """Chinese: what the issue calls it and how that was verified; empty where it has nothing to say."""


def references(view: View) -> Iterable[Reference]:
    """Of all papers but those that filters left out, the most worth reading first. A local file that could not be read
    is none: nothing but its name is known."""
    return (_reference(view, r.paper) for r in view.results.values() if _known(r))


def _known(result: PaperResult) -> bool:
    read = result.digest is not None or bool(_names.abstract_page(result.paper.version))
    return read and result.status is not Status.SKIPPED


def _reference(view: View, paper: Paper) -> Reference:
    address = _names.abstract_page(paper.version)
    return Reference(
        key=_names.stem(paper.id),
        id=paper.id if address else "",
        title=plain(paper.title),
        authors=tuple(_author(name) for name in map(plain, paper.authors) if name),
        year=paper.published.year if paper.published else _year(paper.version),
        day=paper.published,
        address=address,
        abstract=plain(paper.abstract),
        category=plain(paper.categories[0]) if paper.categories else "",
        keywords=tuple(dict.fromkeys(word for k in (*paper.categories, *paper.keywords) if (word := plain(k)))),
        note=_note(view, paper.version),
    )


def _author(name: str) -> Author:
    """Given names first, as arXiv prints them; `van der` and the like belong to the last name."""
    words = name.split()
    if len(words) < 2 or "," in name or "and" in words or words[-1].lower() in _TOGETHER:
        return Author(name)
    suffix = words.pop() if words[-1].lower() in _SUFFIXES and len(words) > 2 else ""
    at = next((n for n, word in enumerate(words[1:-1], 1) if word[0].islower()), len(words) - 1)
    return Author(" ".join(words[at:]), " ".join(words[:at]), suffix)


def _year(version: str) -> int | None:
    """Of the first submission, as the identifier says it."""
    if not (found := ARXIV_ID.fullmatch(version)):
        return None
    two = int(found["id"].rpartition("/")[2][:2])
    return (1900 if two >= _FIRST_YEAR else 2000) + two


def _note(view: View, version: str) -> str:
    digest, name = view.published.get(version), view.name(version)
    if not digest:
        return ""
    said = [f"{name.text}（{BADGES[name.verdict]}）"] if name.chinese and chinese(name.text) else []
    summary = tldr(digest)
    if summary and summary.verdict in (Verdict.SUPPORTED, Verdict.PARTIAL) and summary.text != name.text:
        pages = "、".join(f"第 {page} 页" for page in dict.fromkeys(q.page for q in summary.evidence))
        said.append(f"{plain(summary.text)}（{'，'.join(filter(None, (BADGES[summary.verdict], pages)))}）")
    return f"证读 {view.day.date.isoformat()}：{'；'.join(said)}" if said else ""
