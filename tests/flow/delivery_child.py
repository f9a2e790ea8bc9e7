"""A program that sends a letter and is killed on the way: `python -m tests.flow.delivery_child STEP`, on standard input
[outbox, [place, …]] as JSON. It kills itself as hard as can be once it has come to the step:

    before   nothing is written down yet         handed   a courier has its errand
    ready    that it will be sent is written     done     all was sent, nobody was told
    spawned  a courier runs, but knows nothing   end      never
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.flow.delivery_sinks import LETTER
from tools.delivery import Place, deliver, posting, receipts

ISSUE = "2026-11-20-hf"


def die(*_: Any, **__: Any) -> None:
    """As by kill -9."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(real: Callable[..., Any]) -> Callable[..., Any]:
    """Does its work first."""

    def run(*args: Any, **more: Any) -> Any:
        real(*args, **more)
        die()

    return run


STEPS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "before": (receipts, "write", die),
    "ready": (receipts, "write", after(receipts.write)),
    "spawned": (posting, "_hand_over", die),
    "handed": (posting, "_hand_over", after(posting._hand_over)),
    "done": (posting, "_told", die),
}

if __name__ == "__main__":
    outbox, given = json.load(sys.stdin)
    if sys.argv[1] in STEPS:
        setattr(*STEPS[sys.argv[1]])
    deliver(LETTER, ISSUE, [Place(*place) for place in given], Path(outbox), wait=30)
