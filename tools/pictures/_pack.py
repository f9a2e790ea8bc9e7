"""Finds places for rectangles, the first in the middle, the others around it as near as they go."""

from collections.abc import Sequence
from typing import NamedTuple

_STEP = 5
"""Pixels between the places that are tried."""
_CORNERS = 3.0
"""2: they gather in an ellipse; more: in something that fills the corners too."""


class Rect(NamedTuple):
    """Edges in pixels, y down."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def moved(self, x: float, y: float, grow: float = 1.0) -> "Rect":
        """Made larger from the origin, then moved."""
        return Rect(self.left * grow + x, self.top * grow + y, self.right * grow + x, self.bottom * grow + y)


def around(rects: Sequence[Rect]) -> Rect:
    """The smallest that holds them all."""
    return Rect(
        min(r.left for r in rects), min(r.top for r in rects), max(r.right for r in rects), max(r.bottom for r in rects)
    )


def packed(rects: Sequence[Rect], air: Sequence[tuple[float, float]], ground: Rect) -> list[Rect]:
    """The rectangles, moved so that none touches another. `air`: what each keeps free on its left and right, and above
    and below. From the first on for which there is no place within the ground, they are left out."""
    import numpy as np

    across = np.arange(ground.left, ground.right, _STEP, dtype=np.float64)
    down = np.arange(ground.top, ground.bottom, _STEP, dtype=np.float64)
    x, y = (axis.ravel() for axis in np.meshgrid(across, down))
    middle = (ground.left + ground.right) / 2, (ground.top + ground.bottom) / 2
    far = (np.abs(x - middle[0]) / ground.width) ** _CORNERS + (np.abs(y - middle[1]) / ground.height) ** _CORNERS
    order = np.argsort(far.round(9), kind="stable")
    x, y = x[order], y[order]
    taken = np.zeros(len(x), dtype=bool)
    placed: list[Rect] = []
    for rect, (beside, above) in zip(rects, air, strict=True):
        w, h = rect.width / 2 + beside, rect.height / 2 + above
        taken[:] = (x - w < ground.left) | (x + w > ground.right) | (y - h < ground.top) | (y + h > ground.bottom)
        for other in placed:
            taken |= (x + w > other.left) & (x - w < other.right) & (y + h > other.top) & (y - h < other.bottom)
        if taken.all():
            break
        best = int(taken.argmin())
        placed.append(
            rect.moved(float(x[best]) - (rect.left + rect.right) / 2, float(y[best]) - (rect.top + rect.bottom) / 2)
        )
    return placed
