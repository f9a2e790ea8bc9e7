"""Log lines: on standard error, with their context, without secrets however they arrive."""

import logging
from collections.abc import Iterator

import pytest
import structlog
from pydantic import SecretStr

from core import log

KEY = "sk-proj-abcDEF123456"
TOKEN = "hf_abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Gives the logging of the other tests back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def raised() -> None:
    raise ValueError(f"401 for https://x.test/v1?api_key=abcdef123456 with Bearer {KEY}")


@pytest.mark.parametrize(
    "fields",
    [
        {"api_key": "plain-old-secret"},
        {"Authorization": "plain-old-secret"},
        {"password": "plain-old-secret"},
        {"headers": {"authorization": "plain-old-secret", "accept": "x"}},
        {"request": {"deep": [{"x-api-key": "plain-old-secret"}]}},
        {"answer": f"wrong key {KEY}"},
        {"answer": ["first", f"Bearer {KEY}"]},
        {"error": ValueError(f"wrong key {KEY}")},
        {"url": "https://x.test/v1?api_key=plain-old-secret&n=1"},
        {"url": f"https://u:{TOKEN}@x.test"},
        {"setting": SecretStr("plain-old-secret")},
    ],
    ids=str,
)
def test_no_secret_reaches_standard_error(fields: dict[str, object], capsys: pytest.CaptureFixture[str]) -> None:
    log.setup(verbose=True)
    log.get("web").warning("it happened", paper="2501.00001v1", **fields)
    shown = capsys.readouterr()
    assert "plain-old-secret" not in shown.err
    assert KEY not in shown.err and TOKEN not in shown.err
    assert "it happened" in shown.err and "2501.00001v1" in shown.err
    assert shown.out == ""


def test_tracebacks_are_redacted_too(capsys: pytest.CaptureFixture[str]) -> None:
    log.setup(verbose=False)
    try:
        raised()
    except ValueError:
        log.get("web").exception("failed")
    err = capsys.readouterr().err
    assert "ValueError" in err and "401 for" in err
    assert KEY not in err and "abcdef123456" not in err


def test_what_libraries_log_is_redacted_too(capsys: pytest.CaptureFixture[str]) -> None:
    log.setup(verbose=False)
    logging.getLogger("some.library").error("rejected %s", KEY)
    logging.getLogger("some.library").warning("a warning of a library")
    err = capsys.readouterr().err
    assert "rejected" in err and KEY not in err
    assert "a warning of a library" not in err


def test_the_event_itself_is_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    log.setup(verbose=False)
    log.get("web").error(f"server said {KEY}")
    assert KEY not in capsys.readouterr().err


@pytest.mark.parametrize(("verbose", "expected"), [(False, False), (True, True)])
def test_quiet_unless_asked(verbose: bool, expected: bool, capsys: pytest.CaptureFixture[str]) -> None:
    log.setup(verbose)
    log.get("web").debug("small talk")
    log.get("web").warning("a warning")
    err = capsys.readouterr().err
    assert ("small talk" in err) is expected
    assert "a warning" in err


def test_context_is_bound_to_every_line(capsys: pytest.CaptureFixture[str]) -> None:
    log.setup(verbose=False)
    with structlog.contextvars.bound_contextvars(day="2026-11-20", step="fetch"):
        log.get("web").warning("slow")
    err = capsys.readouterr().err
    assert all(part in err for part in ("room", "web", "2026-11-20", "fetch"))


@pytest.mark.parametrize(
    "harmless", ["a risk-averse task-based plan", "hf_daily.py", "prompt_tokens=12", "monkey=banana1"]
)
def test_what_is_no_secret_stays(harmless: str) -> None:
    assert log.redact(None, "", {"event": harmless, "prompt_tokens": 12}) == {"event": harmless, "prompt_tokens": 12}
