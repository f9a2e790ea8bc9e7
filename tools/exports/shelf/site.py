"""All issues as a site of plain files: it opens from the disk and on any server, and asks nothing of anybody."""

from collections.abc import Iterable, Iterator

from core.digests import tldr
from core.publication import Shelf
from tools.exports import _names
from tools.exports._view import Row, View, row, source
from tools.exports.reports._content import plain
from tools.exports.shelf import _archive, _frame, _issue, _paper, _search
from tools.exports.shelf._frame import Page

File = tuple[str, bytes]


class _Site:
    name = "site"

    def files(self, shelf: Shelf) -> Iterable[File]:
        """Every page, one issue at a time; of past issues only their lines in the lists are kept."""
        yield ".nojekyll", b""  # GitHub Pages hands the files out as they are
        yield "site.css", _frame.style()
        yield "search.js", _frame.script()
        yield "404.html", _frame.lost(shelf.title, shelf.address)
        yield from _Building(shelf).files()


EXPORTER = _Site()


class _Building:
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._index = _search.Index()
        self._rows: list[Row] = []
        self._opening: str | None = None
        self._picture = ""
        """The PNG that stands for the first page."""
        self._later: dict[tuple[str, str, bool], str] = {}
        """Folder of the issue seen last, by kind."""
        self._held: dict[tuple[str, str, bool], tuple[Page, str]] = {}
        """The page of that issue and the folder after it: what comes before it is not known yet."""

    def files(self) -> Iterator[File]:
        seen = set[str]()
        for issue in self._shelf.publications():
            view = View(issue)
            if view.folder not in seen:
                seen.add(view.folder)
                yield from self._issue(view)
        for page, later in self._held.values():
            yield self._bound(page, "", later)
        yield "search-index.js", self._index.file()
        yield self._made(Page("搜索", _search.BODY, "", where="search.html", scripts=("search-index.js", "search.js")))
        yield self._made(Page("往期", _archive.archive(self._rows), "", where="archive.html"))
        title = self._shelf.title
        home = _archive.home(self._opening or "", self._rows, title)
        about = next((r.gist.text for r in self._rows if r.gist), "")
        yield self._made(Page(title, home, "", plain(about), "index.html", self._picture))

    def _made(self, page: Page) -> File:
        return page.where, _frame.document(page, self._shelf.title, self._shelf.address)

    def _bound(self, page: Page, earlier: str, later: str) -> File:
        """The page of an issue with its neighbours, above and below."""
        around = _issue.around(earlier, later)
        return self._made(Page(page.title, around + page.body + around, "../", page.about, page.where, page.picture))

    def _issue(self, view: View) -> Iterator[File]:
        self._index.add(view)
        self._rows.append(row(view))
        picture = self._preview(view)
        yield from self._pictures(view, picture)
        yield from self._papers(view, picture)
        gist = view.gist
        title = f"{view.title} · {source(view.day)}"
        page = Page(
            title, _issue.body(view), "../", plain(gist.text) if gist else "", f"{view.folder}/index.html", picture
        )
        later = self._later.get(view.kind, "")
        if held := self._held.pop(view.kind, None):
            yield self._bound(held[0], view.folder, held[1])
        self._held[view.kind], self._later[view.kind] = (page, later), view.folder
        if self._opening is None and view.published:
            self._opening, self._picture = _archive.lead(view), picture

    def _preview(self, view: View) -> str:
        """Place of the PNG that stands for an issue where its address is passed on."""
        first = view.issue.pictures[0] if view.issue.pictures and self._shelf.address else None
        return f"{view.folder}/pictures/{first.name}-light.png" if first else ""

    def _pictures(self, view: View, preview: str) -> Iterator[File]:
        for n, picture in enumerate(view.issue.pictures):
            for shade, drawn in sorted(picture.svg.items()):
                yield f"{view.folder}/pictures/{picture.name}-{shade}.svg", drawn
            if n == 0 and preview:
                yield preview, picture.png["light"]

    def _papers(self, view: View, picture: str) -> Iterator[File]:
        for version, digest in view.published.items():
            said = tldr(digest)
            stem = _names.stem(version)
            figure = view.issue.figures.get(version)
            if figure and figure.png:
                yield f"{view.folder}/figures/{stem}.png", figure.png
            body, about = _paper.body(view, version, digest), plain(said.text) if said else ""
            where = f"{view.folder}/{stem}.html"
            yield self._made(Page(view.name(version).text, body, "../", about, where, picture))
