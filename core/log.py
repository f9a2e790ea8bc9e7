"""Structured log lines on stderr, with run, day, paper and step bound; secrets never pass.

Standard output belongs to results, so nothing here ever writes to it.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET_NAME = re.compile(r"key|token$|secret|password|authorization|cookie", re.IGNORECASE)
_SECRET_VALUE = re.compile(r"(sk-|Bearer\s+|hf_)[A-Za-z0-9._-]{6,}")


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: hides values whose name or shape says secret."""
    for name, value in list(event.items()):
        if _SECRET_NAME.search(name):
            event[name] = "***"
        elif isinstance(value, str):
            event[name] = _SECRET_VALUE.sub(r"\1***", value)
    return event


def setup(verbose: bool) -> None:
    """Log to stderr: warnings and worse, or everything from DEBUG up when `verbose`."""
    level = logging.DEBUG if verbose else logging.WARNING
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S"),
            structlog.processors.format_exc_info,
            redact,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.getLogger().setLevel(logging.ERROR)


def get(room: str) -> Any:  # structlog's bound loggers are typed Any by design
    """A logger that names its room."""
    return structlog.get_logger(room=room)
