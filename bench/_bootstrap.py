"""Percentile bootstrap: how far a figure may be off because other claims could have been drawn."""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

_T = TypeVar("_T")
_DRAWS = 1000
_OUTSIDE = 0.025
"""Share of the resamples on each side of a 95 % interval."""


def interval(groups: Sequence[Sequence[_T]], measure: Callable[[list[_T]], float]) -> tuple[float, float]:
    """95 % interval of a measure. `groups`: members of each label, drawn apart so that none runs out; the same groups
    always give the same interval."""
    draw = random.Random(0)
    filled = [group for group in groups if group]
    values = sorted(measure([m for g in filled for m in draw.choices(g, k=len(g))]) for _ in range(_DRAWS))
    return values[int(_OUTSIDE * _DRAWS)], values[int((1 - _OUTSIDE) * _DRAWS)]
