"""Takes one letter to one place: `python -m tools.delivery.courier`, an errand as JSON on standard input.

A process of its own in a session of its own, so that whoever ends the program does not cut a letter in half: it writes
down that it sends just before it does, and what became of it right after. Addresses come through the pipe and are
neither on the command line nor in a file.
"""

import logging
import os
import signal
import sys
from threading import Timer

from pydantic import ValidationError

from tools.delivery import notes, receipts
from tools.delivery.addresses import CHATS, built, scheme_of
from tools.delivery.errand import Errand
from tools.delivery.fitting import fitted
from tools.delivery.receipts import Receipt
from tools.delivery.wire import watched

_LIMIT = 420.0
"""Seconds after which a service that still talks is given up; whether the letter arrived is in doubt then."""


def run(errand: Errand) -> None:
    """Sends unless somebody else did meanwhile. Raises filelock.Timeout, Stop."""
    with receipts.lock(errand.receipt, errand.patience):
        if receipts.read(errand.receipt).attempt != errand.attempt:
            return
        begun = Receipt(state="sending", attempt=errand.attempt + 1, courier=os.getpid(), place=errand.place)
        receipts.write(errand.receipt, begun)
        state, note = _sent(errand)
        at = receipts.now() if state == "sent" else None
        receipts.write(errand.receipt, begun.model_copy(update={"state": state, "at": at, "note": note}))


def _sent(errand: Errand) -> tuple[str, str]:
    """(state, note) of one sending."""
    service, scheme = built(errand.address, errand.target), scheme_of(errand.address)
    if service is None:
        return "failed", notes.UNKNOWN
    body, form = fitted(errand.letter, scheme, service)
    with watched() as seen:
        try:
            # Not through Apprise.notify: it gives up after a while and leaves a thread behind that may still send.
            taken = service.notify(title=errand.letter.title, body=body, body_format=form)
        except Exception:  # a service's own errors come in all kinds, and their words may hold the address
            taken = False
    if taken and not (scheme in CHATS and seen.code):
        return "sent", ""
    if seen.waiting:
        return "doubt", notes.UNANSWERED
    if len(service) > 1 and scheme not in CHATS:
        return "doubt", notes.PARTLY
    return "failed", notes.refused(scheme, seen)


def main() -> int:
    """Exit code 0 where the receipt says what became of the letter."""
    logging.disable(logging.CRITICAL)  # libraries log addresses
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    alarm = Timer(_LIMIT, os._exit, (1,))
    alarm.daemon = True
    alarm.start()
    try:
        errand = Errand.model_validate_json(sys.stdin.buffer.read())
    except ValidationError:  # whoever called was cut off in the middle of it
        return 1
    run(errand)
    return 0


if __name__ == "__main__":
    sys.exit(main())
