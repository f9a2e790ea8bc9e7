"""The issue's papers as BibTeX, for LaTeX, Zotero and JabRef."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from core.publication import Publication
from tools.exports._references import Author, Reference, references
from tools.exports._view import View

_SPECIAL = str.maketrans(
    {
        # braces that are only escaped would still be counted, so none is left
        "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
        "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    }
)  # fmt: skip
_SMALL = {"a", "an", "the", "on", "of", "for", "in", "to", "and", "with", "from", "is", "are", "how", "what", "why"}
"""Words that tell no paper from another."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class _Bibtex:
    name = "bibtex"

    def files(self, issue: Publication) -> Iterable[tuple[str, bytes]]:
        """One file, `papers.bib`, in UTF-8, the paper most worth reading first."""
        view = View(issue)
        found = list(references(view))
        entries = (_entry(key, reference) for key, reference in zip(_keys(found), found, strict=True))
        yield f"{view.folder}/papers.bib", "\n".join(entries).encode()


EXPORTER = _Bibtex()


def _keys(found: Iterable[Reference]) -> Iterator[str]:
    """Author, year and first word of the title. Papers that share them, or lack one, have their identifier in it: no
    key depends on the order of the issue or on the version that was read."""
    listed = list(found)
    wanted = [_key(reference) for reference in listed]
    for key, reference in zip(wanted, listed, strict=True):
        yield key if key and wanted.count(key) == 1 else "-".join(filter(None, (key, reference.key)))


def _key(reference: Reference) -> str:
    author = _ascii(reference.authors[0].last.split()[-1]) if reference.authors else ""
    words = [word for raw in re.split(r"[\s\-–—:/]+", reference.title) if (word := _ascii(raw))]
    word = next((w for w in words if w not in _SMALL and not w.isdigit()), "")
    return f"{author}{reference.year}{word}" if author and reference.year and word else ""


def _ascii(raw: str) -> str:
    """Lower-case letters, digits and dashes; letters with accents without them."""
    plain = unicodedata.normalize("NFKD", raw).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9-]", "", plain.lower())


def _entry(key: str, reference: Reference) -> str:
    fields = [
        ("title", f"{{{_tex(reference.title)}}}"),  # a second pair of braces keeps the capitals
        ("author", " and ".join(map(_author, reference.authors))),
        ("year", str(reference.year or "")),
        ("eprint", reference.id),
        ("archivePrefix", "arXiv" if reference.id else ""),
        ("primaryClass", _tex(reference.category) if reference.id else ""),
        ("url", reference.address),
        ("abstract", _tex(reference.abstract)),
        ("keywords", ", ".join(_tex(word.replace(",", " ")) for word in reference.keywords)),
        ("annote", _tex(reference.note)),  # unlike `note` it is not printed in lists of references
    ]
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields if value.strip("{}")]
    if reference.day:
        lines.insert(3, f"  month = {_MONTHS[reference.day.month - 1]},\n")
    return f"@misc{{{key},\n{''.join(lines)}}}\n"


def _author(author: Author) -> str:
    if not author.first:
        whole = _tex(author.last)
        return f"{{{whole}}}" if re.search(r"[\s,]", author.last) else whole
    parts = (author.last, author.suffix, author.first)
    return ", ".join(_guarded(part) for part in parts if part)


def _guarded(part: str) -> str:
    """The word that parts two authors parts none inside braces."""
    said = _tex(part)
    return f"{{{said}}}" if re.search(r"\band\b", part, re.IGNORECASE) or "," in part else said


def _tex(raw: str) -> str:
    return raw.translate(_SPECIAL)
