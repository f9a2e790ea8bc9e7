"""kill -9 at several moments, then the same command: nothing finished is done again, nothing paid twice."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.paid_server import PaidServer

ROOT = Path(__file__).parents[2]
CONCURRENCY = 2


@pytest.fixture
def server() -> Iterator[PaidServer]:
    running = PaidServer()
    yield running
    running.close()


def command(home: Path, server: PaidServer) -> "subprocess.Popen[str]":
    env = {k: v for k, v in os.environ.items() if not k.startswith(("ZHENGDU_", "OPENAI_"))}
    env |= {
        "ZHENGDU_HOME": str(home), "OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "sk-test",
        "ZHENGDU_MODEL": "paid-strong", "ZHENGDU_CONCURRENCY": str(CONCURRENCY), "NO_PROXY": "127.0.0.1",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "app.py", "digest", "--sample", "--json"],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def test_killed_at_any_moment_the_day_is_finished_and_paid_once(tmp_path: Path, server: PaidServer) -> None:
    kills: list[float] = []
    for moment in (2, 6, 7, 13):
        child = command(tmp_path, server)
        start = server.seen

        def shoot(number: int, child: "subprocess.Popen[str]" = child, at: int = start + moment) -> None:
            if number == at:
                kills.append(time.monotonic())
                os.killpg(child.pid, signal.SIGKILL)

        server.before = shoot
        child.communicate(timeout=240)
        assert child.returncode == -signal.SIGKILL, "finished before it could be killed"
    server.before = lambda number: None
    out, err = command(tmp_path, server).communicate(timeout=240)
    day = json.loads(out)
    assert [p["status"] for p in day["papers"]] == ["published"] * 3, err
    sent = len(server.calls)
    paid: dict[str, list[float]] = {}
    for body, at in server.calls:
        paid.setdefault(body, []).append(at)
    for times in paid.values():
        for earlier in times[:-1]:  # only an answer on its way at a kill may be paid for again
            assert any(abs(earlier - kill) < 1.0 for kill in kills)
    assert sum(len(times) - 1 for times in paid.values()) <= len(kills) * CONCURRENCY

    out, _ = command(tmp_path, server).communicate(timeout=240)
    assert len(server.calls) == sent
    assert json.loads(out) == day
