"""An issue with everything that is printed of it: its pictures, drawn once, and the key figures of its papers."""

import asyncio
import hashlib
import json
from pathlib import Path

from core import log
from core.errors import Misconfigured, Retry, Skip, Stop
from core.licences import may_show
from core.models import Basis, Day, PaperResult
from core.overview import Overview
from core.ports import Issue
from core.publication import KeyFigure, Picture, Publication, Shade
from graph import figures
from graph.deps import Deps
from tools.exports._names import folder_of
from tools.store import atomic

_SHADES: tuple[Shade, ...] = ("light", "dark")
_FEWEST = 4
"""Papers; a picture of fewer shows nothing that the list does not."""


async def opened(deps: Deps, key: str, *, draw: bool = True) -> Publication:
    """The issue of that key; `draw` False: without pictures and figures. Raises Skip(code="not_found")."""
    day = await asyncio.to_thread(deps.library.day, key)
    if day is None:
        raise Skip("资料库里没有这一期", "先读这一天，或用 app.py export 看看有哪些日期", code="not_found")
    overview = await asyncio.to_thread(deps.library.overview, key) or Overview()
    if not draw:
        return Publication(day=day, overview=overview, earlier=earlier(deps, day))
    async with deps.drawing:
        pictures = await asyncio.to_thread(drawn, deps, day, overview)
    return Publication(
        day=day, overview=overview, pictures=pictures, figures=await _figures(deps, day), earlier=earlier(deps, day)
    )


def earlier(deps: Deps, day: Day) -> str:
    """Folder of the newest issue of the same kind before it; empty where there is none."""
    found = [
        issue
        for issue in deps.library.issues()
        if (issue.source, issue.edition) == (day.source, day.edition)
        and (issue.until is None) == (day.until is None)
        and issue.date < day.date
    ]
    return _folder(max(found, key=lambda issue: issue.date)) if found else ""


def _folder(issue: Issue) -> str:
    return folder_of(issue.date, issue.source, issue.edition, week=issue.until is not None)


# pictures


def drawn(deps: Deps, day: Day, overview: Overview) -> tuple[Picture, ...]:
    """The pictures of an issue; those drawn before are read from the disk."""
    if len(day.results) < _FEWEST:
        return ()
    from tools.pictures import PAINTER, draw

    seen = overview.model_dump_json(include={"words", "topics", "trend"})
    kept = deps.paths.pictures(hashlib.sha256(f"{PAINTER}|{seen}".encode()).hexdigest()[:16])
    if (found := _read(kept)) is not None:
        return found
    from tools.pdf.parse import chinese_font

    made = draw(overview, chinese_font())
    _keep(kept, made)
    return made


def _keep(target: Path, made: tuple[Picture, ...]) -> None:
    for picture in made:
        for shade in _SHADES:
            atomic.write(target / f"{picture.name}-{shade}.svg", picture.svg[shade])
            atomic.write(target / f"{picture.name}-{shade}.png", picture.png[shade])
    about = [{"name": p.name, "title": p.title, "alt": p.alt, "width": p.width, "height": p.height} for p in made]
    atomic.write(target / "pictures.json", json.dumps(about, ensure_ascii=False).encode())  # last: it is complete


def _read(kept: Path) -> tuple[Picture, ...] | None:
    """None where they were not drawn yet, or not to the end."""
    try:
        return tuple(
            Picture(
                **about,
                svg={shade: (kept / f"{about['name']}-{shade}.svg").read_bytes() for shade in _SHADES},
                png={shade: (kept / f"{about['name']}-{shade}.png").read_bytes() for shade in _SHADES},
            )
            for about in json.loads((kept / "pictures.json").read_bytes())
        )
    except (OSError, ValueError, TypeError):
        return None


# figures


async def _figures(deps: Deps, day: Day) -> dict[str, KeyFigure]:
    """The key figure of each paper that was read. Where the PDF cannot be had any more, its place is enough."""
    found = {}
    for result in day.results:
        if result.digest and result.digest.basis is Basis.FULL_TEXT and (figure := await _figure(deps, result)):
            found[result.paper.version] = figure
    return found


async def _figure(deps: Deps, result: PaperResult) -> KeyFigure | None:
    document = await asyncio.to_thread(deps.library.document, result.paper.version, deps.parser)
    figure = next((f for f in document.figures if f.key), None) if document else None
    if document is None or figure is None:
        return None
    png = b""
    if may_show(result.paper):
        try:
            path = await figures.key(deps, document)
            png = await asyncio.to_thread(path.read_bytes) if path else b""
        except Misconfigured:
            raise
        except (Skip, Retry, Stop, OSError) as error:
            log.get("publication").warning("figure not had", paper=result.paper.version, reason=str(error))
    box = figure.box
    return KeyFigure(figure.label, figure.caption, box.page, png, box.x1 - box.x0)
