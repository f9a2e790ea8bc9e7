"""What a courier is given, through a pipe."""

from pathlib import Path

from pydantic import Field

from core.delivery import Letter
from core.models import Value


class Errand(Value):
    """One letter to one place."""

    receipt: Path
    attempt: int
    """The receipt's, as it was when this was decided. If it is another one by now, there is nothing left to do."""
    place: str
    """Label."""
    address: str = Field(repr=False)
    target: int | None
    letter: Letter
    patience: float
    """Seconds to wait for others who have the place in hand."""
