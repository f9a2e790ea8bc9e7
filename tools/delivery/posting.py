"""Sends a letter to all places, once to each.

What keeps it to once: a receipt a place, read and written under the place's lock. A courier counts the attempt up just
before it sends and does nothing if the count is not what it was when the errand was given. So of two that want the same
only one sends, and a courier that outlives the program is waited for by the next run.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from core.delivery import Delivery, Letter
from core.errors import Stop
from tools.delivery import notes, receipts
from tools.delivery.addresses import Place
from tools.delivery.errand import Errand
from tools.delivery.receipts import Receipt

_ROOT = Path(__file__).parents[2]
_AT_ONCE = 8
"""Couriers on their way at the same time."""
_OURS = ("ZHENGDU_", "OPENAI_")
"""Beginnings of settings; they hold secrets that are none of a courier's business."""


def deliver(
    letter: Letter, issue: str, places: Iterable[Place], outbox: Path, *, again: bool = False, wait: float
) -> tuple[Delivery, ...]:
    """What became of the letter at each place, in their order. `issue`: folder name of the issue, which is sent once to
    a place, however often its letter changes; `again`: also where it went before or may have. `wait`: seconds until it
    is given back what is known; what is on its way then goes on. Raises Stop when the disk refuses."""
    targets = tuple(places)
    if not targets:
        return ()
    deadline = time.monotonic() + wait

    def one(place: Place) -> Delivery:
        return _one(letter, receipts.path_of(outbox, issue, place.id), place, again, deadline)

    with ThreadPoolExecutor(max_workers=min(len(targets), _AT_ONCE)) as pool:
        return tuple(pool.map(one, targets))


def _one(letter: Letter, path: Path, place: Place, again: bool, deadline: float) -> Delivery:
    from filelock import Timeout

    try:
        with receipts.lock(path, _left(deadline)):
            known = receipts.read(path)
            if not again and known.state in ("sent", "sending", "doubt"):
                return _told(place, known)
            # From here on nothing is known to have gone out for this attempt.
            known = Receipt(attempt=known.attempt, place=place.label)
            receipts.write(path, known)
    except Timeout:
        return Delivery(place=place.label, state="doubt", note=notes.STILL)
    courier = _start(letter, path, place, known.attempt, _left(deadline))
    try:
        courier.wait(_left(deadline))
    except subprocess.TimeoutExpired:
        return Delivery(place=place.label, state="doubt", note=notes.STILL)
    found = receipts.read(path)
    if found.attempt == known.attempt:
        return Delivery(place=place.label, state="failed", note=notes.NOT_STARTED)
    return _told(place, found, ours=found.courier == courier.pid)


def _start(letter: Letter, path: Path, place: Place, attempt: int, patience: float) -> "subprocess.Popen[bytes]":
    errand = Errand(
        receipt=path, attempt=attempt, place=place.label, address=place.address, target=place.target,
        letter=letter, patience=patience,
    )  # fmt: skip
    try:
        courier = subprocess.Popen(
            [sys.executable, "-m", "tools.delivery.courier"],
            cwd=_ROOT,
            env={name: value for name, value in os.environ.items() if not name.startswith(_OURS)},
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise Stop(f"发送进程启动不了：{error.strerror}", "什么也没有发出去；看看内存和进程数，再运行一次") from error
    _hand_over(courier, errand.model_dump_json().encode())
    return courier


def _hand_over(courier: "subprocess.Popen[bytes]", errand: bytes) -> None:
    assert courier.stdin is not None  # noqa: S101 - we opened it as a pipe
    with suppress(OSError):  # it is gone already; the receipt says that nothing was begun
        courier.stdin.write(errand)
    with suppress(OSError):
        courier.stdin.close()


def _told(place: Place, known: Receipt, *, ours: bool = False) -> Delivery:
    """A receipt for people. `ours`: this call's courier wrote it."""
    if known.state == "sent":
        return Delivery(place=place.label, state="sent" if ours else "before", at=known.at)
    if known.state in ("failed", "ready"):
        return Delivery(place=place.label, state="failed", note=known.note or notes.NOT_STARTED)
    return Delivery(place=place.label, state="doubt", note=known.note or notes.DOUBT)


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.0)
