"""What an issue says over all its papers, as HTML: highlights, worth reading, pictures, topics, hot words, tables.
`up`: the way to the site's root; everything is called from there."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from core.models import Claim, Quote
from core.overview import Hot, Worth
from core.publication import Picture
from core.report import Grid, GridRow
from tools.exports import _names
from tools.exports._view import View
from tools.exports._wording import CHANGES, compared, usual
from tools.exports.reports._content import SILENT, WITHHELD_CELL, plain
from tools.exports.shelf import _said
from tools.exports.shelf._said import esc, words

_FIRST = 5
"""Papers of 值得细读 that are shown before the fold."""


def section(id: str, heading: str, inner: str) -> str:
    """With its heading; nothing where there is nothing to say."""
    return f'<section id="{id}"><h2>{heading}</h2>{inner}</section>\n' if inner else ""


def paper(view: View, version: str, up: str) -> str:
    """A paper's name that leads to it."""
    return _said.linked(view.name(version), up + view.place(version))


def _papers(view: View, versions: Iterable[str], up: str) -> str:
    listed = "".join(f"<li>{paper(view, v, up)}</li>" for v in versions if v in view.results)
    return f"<ul>{listed}</ul>" if listed else ""


# highlights


def highlights(view: View, up: str) -> str:
    """今日看点, each with the papers it is about and its evidence."""
    lines = "".join(_highlight(view, claim, versions, up) for claim, versions in view.highlights())
    return f'<ol class="highlights">{lines}</ol>' if lines else ""


def _highlight(view: View, claim: Claim, versions: tuple[str, ...], up: str) -> str:
    about = _papers(view, versions, up)
    return (
        f'<li>{words(claim.text, "p", " class=big")}<div class="marks">{_said.badge(claim.verdict)}{_said.pages(claim)}'
        f'</div><div class="about">{about}</div>{_said.reasons(claim.findings)}'
        f"{_evidence(view, claim.evidence, up)}</li>"
    )


def _evidence(view: View, quotes: Sequence[Quote], up: str) -> str:
    """Quotes under the name of their paper where there are several."""
    versions = tuple(dict.fromkeys(q.paper for q in quotes))
    if len(versions) < 2:
        return _said.fold(quotes)
    inner = ""
    for version in versions:
        name = paper(view, version, up) if version in view.results else esc(version)
        inner += f'<p class="whose">{name}</p>{_said.quotes(q for q in quotes if q.paper == version)}'
    return f"<details><summary>{_said.EVIDENCE}</summary>{inner}</details>"


# the order


def worth(view: View, up: str) -> str:
    """Every listed paper in its order with its reasons; the first are shown, the others folded, none is left out."""
    if not any(w.reasons for w in view.overview.worth):
        return ""
    lines = [f"<li>{paper(view, v, up)}{reasons(view.worth.get(v))}</li>" for v in view.results]
    first, rest = "".join(lines[:_FIRST]), "".join(lines[_FIRST:])
    more = (
        f'<details><summary>其余 {len(lines) - _FIRST} 篇的顺序和理由</summary><ol start="{_FIRST + 1}">{rest}</ol>'
        "</details>"
        if rest
        else ""
    )
    return f'<ol class="worth">{first}</ol>{more}'


def reasons(found: Worth | None) -> str:
    """Why a paper stands where it stands."""
    said = "；".join(esc(reason.text) for reason in found.reasons) if found else ""
    return f' <span class="soft">{said}</span>' if said else ""


# pictures


def pictures(view: View, up: str) -> str:
    """The day's pictures in the shade the reader's screen has."""
    shown = "".join(_picture(picture, f"{up}{view.folder}/pictures/{picture.name}") for picture in view.issue.pictures)
    return f'<div class="pictures">{shown}</div>' if shown else ""


def _picture(picture: Picture, stem: str) -> str:
    light, dark = escape(f"{stem}-light.svg"), escape(f"{stem}-dark.svg")
    return (
        f'<figure><picture><source srcset="{dark}" media="(prefers-color-scheme: dark)">'
        f'<img src="{light}" alt="{esc(picture.alt)}" width="{picture.width}" height="{picture.height}" loading="lazy">'
        f'</picture><figcaption class="off">{esc(picture.title)}</figcaption></figure>'
    )


# topics and hot words


def topics(view: View, up: str) -> str:
    """Groups of papers, each a fold."""
    shown = "".join(
        f"<details><summary>{words(topic.name, 'b')} <span>{len(topic.papers)} 篇</span></summary>"
        f"{_papers(view, topic.papers, up)}</details>"
        for topic in view.overview.topics
    )
    return f'<div class="folds">{shown}</div>' if shown else ""


def hot(view: View, up: str) -> str:
    """Words of the day, how often, and how that compares."""
    shown = "".join(
        f"<details><summary>{words(word.name, 'b')} <span>{len(word.papers)} 篇{_change(word)}</span></summary>"
        f"{_papers(view, word.papers, up)}</details>"
        for word in view.overview.hot
    )
    if not shown:
        return ""
    return f'<div class="folds">{shown}</div><p class="soft">{compared(view)}</p>'


def _change(word: Hot) -> str:
    if word.change == "unknown":
        return ""
    past = "" if word.usual is None or word.change == "new" else f"，往日平均 {usual(word)}"
    return f" · {CHANGES[word.change]}{past}"


# tables


def tables(view: View, up: str) -> str:
    """Papers side by side; a number leads to the page that prints it."""
    cells = {claim.id: claim for claim in view.overview.cells}
    return "".join(_table(view, grid, cells, up) for grid in view.overview.grids)


def _table(view: View, grid: Grid, cells: Mapping[str, Claim], up: str) -> str:
    head = "".join(words(column, "th", ' scope="col"') for column in (grid.corner, *grid.columns))
    body = "".join(_row(view, row, cells, up) for row in grid.rows)
    notes = "".join(words(note, "p", ' class="soft"') for note in grid.notes)
    used = [cells[id] for row in grid.rows for id in row.cells if id in cells and not cells[id].withheld]
    proof = _evidence(view, [q for claim in used for q in claim.evidence], up)
    return (
        f'<figure class="grid"><figcaption>{esc(grid.caption)}</figcaption>'
        f'<div class="wide" role="region" tabindex="0" aria-label="{esc(grid.caption)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{notes}{proof}</figure>"
    )


def _row(view: View, row: GridRow, cells: Mapping[str, Claim], up: str) -> str:
    whose = f'<span class="whose">{paper(view, row.paper, up)}</span>' if row.paper in view.results else ""
    shown = "".join(f"<td>{_cell(cells.get(id), bool(id))}</td>" for id in row.cells)
    return f'<tr><th scope="row">{words(row.label)}{whose}</th>{shown}</tr>'


def _cell(claim: Claim | None, filled: bool) -> str:
    if claim is None or claim.withheld:
        return f'<span class="soft">{WITHHELD_CELL if filled else SILENT}</span>'
    page = claim.evidence[0] if claim.evidence else None
    number = words(claim.text)
    if page:
        at = f' title="第 {page.page} 页" aria-label="{escape(plain(claim.text))}，第 {page.page} 页"'
        number = _said.outside(_names.pdf_page(page.paper, page.page), number, at)
    return number + _said.doubt(claim.verdict)
