"""Structured log lines on stderr, with run, day, paper and step bound; secrets never pass.

Standard output belongs to results, so nothing here ever writes to it.
"""

import io
import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import ExcInfo

_SECRET_NAME = re.compile(r"key|token$|secret|password|authorization|cookie", re.IGNORECASE)
_SECRET_VALUE = re.compile(
    r"(\bsk-|\bhf_(?=\w{16})|\bBearer\s+|(?:\b|_)(?:key|token|secret|password)=)[A-Za-z0-9._~+/%-]{6,}", re.IGNORECASE
)


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: hides values whose name or shape says secret, at any depth."""
    for name, value in list(event.items()):
        event[name] = "***" if _SECRET_NAME.search(name) else _clean(value)
    return event


def _clean(value: object) -> object:
    if isinstance(value, str):
        return _SECRET_VALUE.sub(r"\1***", value)
    if isinstance(value, Mapping):
        return {k: "***" if _SECRET_NAME.search(str(k)) else _clean(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_clean(v) for v in value]
    shown = repr(value)  # what the renderer would print
    return _SECRET_VALUE.sub(r"\1***", shown) if _SECRET_VALUE.search(shown) else value


class _Redacted(logging.Formatter):
    """What libraries log goes through the same sieve."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRET_VALUE.sub(r"\1***", super().format(record))


def _traceback(out: TextIO, error: ExcInfo) -> None:
    """Plain, because other formatters print local variables, keys included; and through the same sieve."""
    whole = io.StringIO()
    structlog.dev.plain_traceback(whole, error)
    out.write(_SECRET_VALUE.sub(r"\1***", whole.getvalue()))


def setup(verbose: bool) -> None:
    """Log to stderr: warnings and worse, or everything from DEBUG up when `verbose`."""
    level = logging.DEBUG if verbose else logging.WARNING
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S"),
            redact,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                exception_formatter=_traceback,
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # the one of the moment: it may be exchanged
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacted("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)


def get(room: str) -> Any:  # structlog's bound loggers are typed Any by design
    """A logger that names its room."""
    return structlog.get_logger(room=room)
