"""An issue on its way to people: once to each place, whatever happens on the way."""

from datetime import datetime
from typing import Literal

from core.models import Value


class Letter(Value):
    """What is sent. A place takes the one of the three that it can show."""

    title: str
    html: str
    markdown: str
    text: str


class Delivery(Value):
    """What became of a letter to one place."""

    place: str
    """Kind of service and host, or what tells it from others without giving it away: `ntfy · ntfy.sh`."""
    state: Literal["sent", "before", "failed", "doubt"]
    """`before`: it had been sent already, nothing was sent now; `doubt`: sending was cut off, it may have arrived, and
    is not sent again unless asked for."""
    at: datetime | None = None
    """When it was sent, UTC."""
    note: str = ""
    """Chinese: why it failed and what to do."""
