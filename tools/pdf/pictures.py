"""From figure floats to figures, and which of them shows the paper's idea. Pure."""

import re
from collections.abc import Sequence

from core.documents import Figure
from core.models import Box
from tools.pdf.draft import Vocabulary
from tools.pdf.floats import Float
from tools.pdf.tables import labelled

_IDEA = re.compile(
    r"\b(overview|framework|architecture|pipeline|workflow|illustrat\w+|overall|schematic|diagram|structure|"
    r"our (method|approach|model|system)|proposed)\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(performance|results?|comparison|accuracy|score|curves?|loss|ablation|examples?|case|distribution|versus|vs)\b",
    re.IGNORECASE,
)


def figures(floats: Sequence[Float], vocabulary: Vocabulary) -> tuple[Figure, ...]:
    """The figures of a paper in order, at most one of them marked as key."""
    made = [_figure(one, vocabulary) for one in floats]
    if made:
        best = max(made, key=_worth)
        made = [f.model_copy(update={"key": f is best}) for f in made]
    return tuple(made)


def _figure(one: Float, vocabulary: Vocabulary) -> Figure:
    label, caption = labelled(one.caption, vocabulary)
    return Figure(label=label, caption=caption, box=Box(one.caption.page, *one.area))


def _worth(figure: Figure) -> tuple[int, int]:
    """Captions that speak of an overview before those of results, then the earlier."""
    opening = figure.caption[:160]
    return bool(_IDEA.search(opening)) * 2 - bool(_RESULT.search(opening)), -figure.box.page
