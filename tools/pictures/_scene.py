"""What a picture consists of, and how it becomes files. A scene is drawn once; SVG and PNG, light and dark, are the
same shapes."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from core.publication import Picture, Shade
from tools.pictures._colours import COLOURS

Step = tuple[str, tuple[float, ...]]
"""M, L, Q, C or Z, as in SVG, and its coordinates."""
SHADES: tuple[Shade, ...] = ("light", "dark")
_DPI = 64
"""A power of two: dividing and multiplying by it loses nothing, so a picture gets exactly the pixels asked for."""
_ROUND = 0.5523
"""Handles of a curve that comes nearest to a quarter of a circle."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An outline filled with, or a line drawn in, the colour of its role."""

    steps: tuple[Step, ...]
    role: str
    line: float = 0.0
    """Its width in pixels; 0 where the outline is filled."""
    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0
    up: bool = False
    """The outline's own y goes up, as in fonts."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture to be: pixels from the top left."""

    name: Literal["words", "topics", "trend"]
    title: str
    alt: str
    width: int
    height: int
    shapes: tuple[Shape, ...]


def box(x: float, y: float, width: float, height: float, role: str, radius: float = 0.0) -> Shape:
    """A filled rectangle with round corners."""
    r = min(radius, width / 2, height / 2)
    k, right, bottom = r * (1 - _ROUND), x + width, y + height
    steps: tuple[Step, ...] = (
        ("M", (x + r, y)),
        ("L", (right - r, y)),
        ("C", (right - k, y, right, y + k, right, y + r)),
        ("L", (right, bottom - r)),
        ("C", (right, bottom - k, right - k, bottom, right - r, bottom)),
        ("L", (x + r, bottom)),
        ("C", (x + k, bottom, x, bottom - k, x, bottom - r)),
        ("L", (x, y + r)),
        ("C", (x, y + k, x + k, y, x + r, y)),
        ("Z", ()),
    )
    return Shape(steps if r else tuple(s for s in steps if s[0] != "C"), role)


def dot(x: float, y: float, radius: float, role: str) -> Shape:
    """A filled circle."""
    return box(x - radius, y - radius, 2 * radius, 2 * radius, role, radius)


def line(points: Sequence[tuple[float, float]], width: float, role: str) -> Shape:
    """A line through at least two points."""
    return Shape(tuple(("L" if n else "M", point) for n, point in enumerate(points)), role, line=width)


def picture(scene: Scene) -> Picture:
    """Its files."""
    return Picture(
        name=scene.name, title=scene.title, alt=scene.alt, width=scene.width, height=scene.height,
        svg={shade: _svg(scene, shade) for shade in SHADES}, png={shade: _png(scene, shade) for shade in SHADES},
    )  # fmt: skip


def _number(value: float) -> str:
    """At most three places, no more than are needed."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _data(steps: Iterable[Step]) -> str:
    return "".join(letter + " ".join(map(_number, points)) for letter, points in steps)


def _svg(scene: Scene, shade: Shade) -> bytes:
    colours = COLOURS[shade]
    size = f'width="{scene.width}" height="{scene.height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {scene.width} {scene.height}" role="img">',
        f"<title>{escape(scene.title)}</title><desc>{escape(scene.alt)}</desc>",
        f'<rect {size} fill="{colours["ground"]}"/>',
    ]
    for shape in scene.shapes:
        colour = colours[shape.role]
        paint = f'fill="{colour}"'
        if shape.line:
            paint = f'fill="none" stroke="{colour}" stroke-width="{_number(shape.line)}"'
            paint += ' stroke-linecap="round" stroke-linejoin="round"'
        if shape.up:
            unit = f"{shape.scale:.6f}"
            paint += f' transform="matrix({unit} 0 0 -{unit} {_number(shape.x)} {_number(shape.y)})"'
        parts.append(f'<path {paint} d="{_data(shape.steps)}"/>')
    return ("\n".join([*parts, "</svg>"]) + "\n").encode()


def _png(scene: Scene, shade: Shade) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path
    from matplotlib.transforms import Affine2D

    codes = {"M": [Path.MOVETO], "L": [Path.LINETO], "Q": [Path.CURVE3] * 2, "C": [Path.CURVE4] * 3,
             "Z": [Path.CLOSEPOLY]}  # fmt: skip
    colours = COLOURS[shade]
    figure = Figure(figsize=(scene.width / _DPI, scene.height / _DPI), dpi=_DPI, facecolor=colours["ground"])
    canvas: Any = FigureCanvasAgg(figure)  # its writers have no types
    for shape in scene.shapes:
        points: list[tuple[float, ...]] = []
        for _, flat in shape.steps:
            points += [flat[n : n + 2] for n in range(0, len(flat), 2)] or [(0.0, 0.0)]
        path = Path(points, [code for letter, _ in shape.steps for code in codes[letter]])
        place = Affine2D().scale(shape.scale, -shape.scale if shape.up else shape.scale).translate(shape.x, shape.y)
        colour = colours[shape.role]
        patch = PathPatch(
            path, transform=place.scale(1, -1).translate(0, scene.height), fill=not shape.line, snap=False,
            facecolor=colour, edgecolor=colour if shape.line else "none", linewidth=shape.line * 72 / _DPI,
            linestyle="-", capstyle="round", joinstyle="round", antialiased=True, clip_on=False,
        )  # fmt: skip
        figure.add_artist(patch)
    file = io.BytesIO()
    canvas.print_png(file, metadata={"Software": None})
    return file.getvalue()
