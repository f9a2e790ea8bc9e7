"""The issue's papers as RIS, for EndNote, NoteExpress, Zotero and Mendeley."""

from collections.abc import Iterable

from core.publication import Publication
from tools.exports._references import Author, Reference, references
from tools.exports._view import View


class _Ris:
    name = "ris"

    def files(self, issue: Publication) -> Iterable[tuple[str, bytes]]:
        """One file, `papers.ris`, in UTF-8 with the line ends the format asks for, the paper most worth reading first.
        A preprint is a report (RPRT) of arXiv: RIS has no word for preprints, and Zotero takes an unpublished work
        (UNPB) for an article of a journal."""
        view = View(issue)
        lines = (line for reference in references(view) for line in _record(reference))
        yield f"{view.folder}/papers.ris", "".join(f"{line}\r\n" for line in lines).encode()


EXPORTER = _Ris()


def _record(reference: Reference) -> Iterable[str]:
    day = f"{reference.day:%Y/%m/%d}/" if reference.day else ""
    tags = [
        ("TI", reference.title),
        *(("AU", _author(author)) for author in reference.authors),
        ("PY", str(reference.year or "")),
        ("DA", day),
        ("AB", reference.abstract),
        *(("KW", word) for word in reference.keywords),
        ("UR", reference.address),
        ("N1", reference.note),
    ]
    if reference.id:
        tags += [("PB", "arXiv"), ("M3", "Preprint"), ("SN", f"arXiv:{reference.id}"), ("LA", "en")]
    return ["TY  - RPRT", *(f"{tag}  - {value}" for tag, value in tags if value), "ER  - ", ""]


def _author(author: Author) -> str:
    """Last name first; names in one piece have no comma, which would part them."""
    if not author.first:
        return " ".join(author.last.replace(",", " ").split())
    return ", ".join(filter(None, (author.last, author.first, author.suffix)))
