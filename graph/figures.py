"""Cuts a paper's figures out of its PDF, as PNG files. Only when somebody asks, and each once."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from core.documents import Document, Figure
from core.errors import Skip
from core.models import Box
from graph.deps import Deps
from tools.pdf.child import crop
from tools.pdf.fetch import fetch_pdf
from tools.store import atomic
from tools.store.paths import picture_name, safe_name

_DPI = 150
"""Pixels an inch: the lettering of a figure can be read, and a page's width is about 1,250 pixels."""
_POINTS = 72
"""To the inch."""
_SLACK = 2
"""Pixels that rounding may add to a picture or take from it."""


async def crops(deps: Deps, document: Document, out: Path | None) -> tuple[Path, ...]:
    """A file for each figure of a document, in order, below `out` or the data folder (absolute paths). Raises as `cut`
    does."""
    if not document.figures:
        return ()
    folder = out / safe_name(document.paper) if out else deps.paths.figures(document.paper)
    targets = [folder.expanduser().absolute() / name for name in _names(document.figures)]
    await cut(deps, document, [(target, f.box) for target, f in zip(targets, document.figures, strict=True)])
    return tuple(targets)


async def key(deps: Deps, document: Document) -> Path | None:
    """The file of the key figure alone; None where no figure is one. Raises as `cut` does."""
    folder = deps.paths.figures(document.paper).expanduser().absolute()
    for name, figure in zip(_names(document.figures), document.figures, strict=True):
        if figure.key:
            await cut(deps, document, [(folder / name, figure.box)])
            return folder / name
    return None


async def cut(deps: Deps, document: Document, wanted: Sequence[tuple[Path, Box]]) -> None:
    """Each box of a document's pages as a PNG file, but for those that are there already.

    Raises Skip (not_found: the PDF is gone; changed: it is not the one that was read; damaged, too_slow, …),
    Retry and Stop.
    """
    missing = [(target, box) for target, box in wanted if not _is_there(target, box)]
    if not missing:
        return
    pdf = await original(deps, document)
    async with deps.parsing:
        pictures = await asyncio.to_thread(crop, pdf, [box for _, box in missing], _DPI, deps.limits)
    for (target, _), picture in zip(missing, pictures, strict=True):
        await asyncio.to_thread(atomic.write, target, picture)


def _names(figures: tuple[Figure, ...]) -> list[str]:
    """A file name each; a second figure of the same label on the same page is numbered."""
    seen: Counter[str] = Counter()
    names = []
    for figure in figures:
        name = picture_name(figure.label, figure.box.page)
        seen[name] += 1
        names.append(name if seen[name] == 1 else name.replace(".png", f"-{seen[name]}.png"))
    return names


def _is_there(path: Path, box: Box) -> bool:
    """Is that file a picture of the size of that box? A later parser may see the figure's edges elsewhere."""
    try:
        with path.open("rb") as file:
            head = file.read(24)
    except OSError:
        return False
    # PNG (ISO 15948): 8 bytes of signature, then the header chunk with width and height at bytes 16 and 20.
    width, height = int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    wanted = [(box.x1 - box.x0) * _DPI / _POINTS, (box.y1 - box.y0) * _DPI / _POINTS]
    return head[:4] == b"\x89PNG" and all(abs(a - b) <= _SLACK for a, b in zip((width, height), wanted, strict=True))


async def original(deps: Deps, document: Document) -> Path:
    """The file that was read, fetched again if it is gone. Raises Skip and Retry as `crops` does."""
    paper = deps.library.paper(document.paper)
    if paper is None:
        raise Skip(f"资料库里没有 {document.paper} 的来历", "再读一遍这篇论文", code="not_found")
    path = await asyncio.to_thread(fetch_pdf, deps.web, deps.settings, paper, deps.paths.pdf(paper.version))
    if await asyncio.to_thread(_sha256, path) != document.sha256:
        raise Skip(f"{path.name} 已经不是当初读的那个文件", "用现在的文件路径再读一遍", code="changed")
    return path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
