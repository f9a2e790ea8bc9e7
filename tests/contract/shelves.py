"""Shelves made of the sample issue, and a reader of the pages that are made of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from core.publication import Publication, Shelf
from tests.contract import sample_issue
from tools.exports import load_shelf_exporters

ADDRESS = "https://papers.example.org/daily/"
_VOID = {"meta", "link", "img", "source", "input", "br"}


def dated(issue: Publication, when: date, **more: object) -> Publication:
    """The issue on another day."""
    return replace(issue, day=issue.day.model_copy(update={"date": when, **more}))


def several() -> Iterator[Publication]:
    """A week, an empty day, days with and without an overview, a hostile one, and a selection; the newest first."""
    full, empty, plain = sample_issue.publication(), sample_issue.bare(), sample_issue.bare("plain")
    yield dated(full, date(2026, 11, 16), until=date(2026, 11, 22))
    yield dated(empty, date(2026, 11, 22), source="arxiv")
    yield full
    yield dated(plain, date(2026, 11, 20), source="arxiv", zone="America/New_York")
    yield dated(sample_issue.hostile(), date(2026, 11, 19))
    yield dated(empty, date(2026, 11, 18))
    yield dated(plain, date(2026, 10, 30), edition="3fa9c1", zone="Not/There")


def shelf(*issues: Publication, address: str = "") -> Shelf:
    """Of these issues, or of `several`."""
    opened: Callable[[], Iterator[Publication]] = (lambda: iter(issues)) if issues else several
    return Shelf(opened, address)


def printed(found: Shelf) -> dict[str, bytes]:
    """All files of all formats; no name comes twice."""
    files: dict[str, bytes] = {}
    for exporter in load_shelf_exporters().values():
        for name, content in exporter.files(found):
            assert name not in files, name
            files[name] = content
    return files


@dataclass
class Read:
    """A page as a browser would take it."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    words: str = ""

    def of(self, *names: str) -> list[dict[str, str]]:
        """Attributes of the elements of these names."""
        return [attributes for tag, attributes in self.tags if tag in names]

    @property
    def links(self) -> list[str]:
        """Whatever it names of other files."""
        keys = ("href", "src", "srcset", "action")
        return [found[key] for tag, found in self.tags for key in keys if key in found]

    @property
    def ids(self) -> list[str]:
        return [found["id"] for _, found in self.tags if "id" in found]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.read, self.open = Read(), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.read.tags.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> after {self.open}"

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.read.words += data


def read(page: bytes) -> Read:
    """Parses a page; every element must be closed in its order."""
    reader = _Reader()
    reader.feed(page.decode())
    reader.close()
    assert not reader.open
    return reader.read


def dead(files: dict[str, bytes]) -> list[str]:
    """Links within the site that lead nowhere, as `page -> link`."""
    pages = {name: read(content) for name, content in files.items() if name.endswith(".html") and name != "404.html"}
    return [
        f"{name} -> {link}"
        for name, page in pages.items()
        for link in page.links
        if not _leads(name, link, files, pages)
    ]


def _leads(name: str, link: str, files: dict[str, bytes], pages: dict[str, Read]) -> bool:
    parts = urlsplit(link)
    if parts.scheme:
        return parts.scheme == "https"
    target = _resolved(name, unquote(parts.path))
    if target not in files:
        return False
    return not parts.fragment or (target in pages and unquote(parts.fragment) in pages[target].ids)


def _resolved(name: str, path: str) -> str:
    if not path:
        return name
    steps: list[str] = [*PurePosixPath(name).parent.parts]
    for step in path.split("/"):
        if step == "..":
            steps.pop()  # fails above the root
        else:
            steps.append(step)
    return "/".join(steps)
