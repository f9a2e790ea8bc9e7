"""Every letter once, whoever is killed when: real servers, real processes, real kill -9."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from pathlib import Path

import pytest

from core.delivery import Delivery
from tests.flow.delivery_child import ISSUE, STEPS
from tests.flow.delivery_sinks import LETTER, PASSWORD, Mails, Posts, html_of, mails, posts
from tools.delivery import Place, deliver, places, receipts

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def mail() -> Iterator[Mails]:
    with mails() as sink:
        yield sink


@pytest.fixture
def post() -> Iterator[Posts]:
    with posts() as sink:
        yield sink


def send(outbox: Path, *targets: Place, wait: float = 30, again: bool = False) -> list[Delivery]:
    return list(deliver(LETTER, ISSUE, targets, outbox, wait=wait, again=again))


def states(found: list[Delivery]) -> list[str]:
    return [delivery.state for delivery in found]


def child(step: str, outbox: Path, *targets: Place) -> "subprocess.Popen[bytes]":
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.flow.delivery_child", step],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    assert running.stdin
    running.stdin.write(json.dumps([str(outbox), [astuple(place) for place in targets]]).encode())
    running.stdin.close()
    return running


def known(outbox: Path, place: Place) -> receipts.Receipt:
    return receipts.read(receipts.path_of(outbox, ISSUE, place.id))


def test_a_program_killed_at_any_step_sends_once_all_the_same(mail: Mails, post: Posts, tmp_path: Path) -> None:
    """All steps at the same time, each with a place of its own: two of them by mail, the others by post."""
    addresses = {step: f"{post.address}-{step}" for step in STEPS}
    addresses |= {step: mail.address.replace("reader@", f"{step}@") for step in ("before", "handed")}
    targets = {step: places(address)[0] for step, address in addresses.items()}

    def killed_and_sent(step: str) -> tuple[int, receipts.Receipt, str, str]:
        killed = child(step, tmp_path, targets[step]).wait(30)
        left = known(tmp_path, targets[step])
        (found,) = send(tmp_path, targets[step])
        (after,) = send(tmp_path, targets[step])
        return killed, left, found.state, after.state

    with ThreadPoolExecutor(len(STEPS)) as pool:
        runs = dict(zip(STEPS, pool.map(killed_and_sent, STEPS), strict=True))
    time.sleep(0.2)  # for a second courier that was only late
    assert {killed for killed, *_ in runs.values()} == {-signal.SIGKILL}
    assert all(found in ("sent", "before") and after == "before" for *_, found, after in runs.values())
    assert runs["done"][2] == "before"  # it had been sent, and the next one knows
    left = {step: (receipt.state, receipt.attempt) for step, (_, receipt, *_) in runs.items()}
    assert left | {"handed": None} == {
        "before": ("ready", 0), "ready": ("ready", 0), "spawned": ("ready", 0), "handed": None, "done": ("sent", 1),
    }  # fmt: skip
    assert all(known(tmp_path, place).attempt == 1 for place in targets.values())
    came = [str(one["To"]).split("@")[0] for one in mail.taken] + [one["path"].split("-")[1] for one in post.taken]
    assert sorted(came) == sorted(STEPS)


def test_killed_while_the_servers_hold_their_answers(mail: Mails, post: Posts, tmp_path: Path) -> None:
    targets = places(f"{mail.address}\n{post.address}")
    for sink in (mail, post):
        sink.hold()
    running = child("end", tmp_path, *targets)
    assert mail.arrived.wait(30) and post.arrived.wait(30)
    os.killpg(running.pid, signal.SIGKILL)  # all that a closed terminal would end
    running.wait(10)
    impatient = send(tmp_path, *targets, wait=0.2)
    assert states(impatient) == ["doubt", "doubt"] and all("还在发" in d.note for d in impatient)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(send, tmp_path, *targets)
        time.sleep(0.3)
        assert not waiting.done()
        mail.free.set()
        post.free.set()
        assert states(waiting.result(30)) == ["before", "before"]
    assert len(mail.taken) == len(post.taken) == 1
    assert html_of(mail.taken[0]).strip() == LETTER.html and mail.taken[0]["Subject"] == LETTER.title
    assert (post.taken[0]["title"], post.taken[0]["message"]) == (LETTER.title, LETTER.markdown)


def test_a_courier_killed_in_the_middle_leaves_doubt_and_asks(post: Posts, tmp_path: Path) -> None:
    (place,) = places(post.address)
    post.hold()
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(send, tmp_path, place)
        assert post.arrived.wait(30)
        os.kill(known(tmp_path, place).courier, signal.SIGKILL)
        (first,) = sending.result(30)
    post.free.set()
    (second,) = send(tmp_path, place)
    assert first.state == second.state == "doubt" and "--again" in second.note
    assert len(post.taken) == 1
    assert states(send(tmp_path, place, again=True)) == ["sent"] and len(post.taken) == 2
    assert states(send(tmp_path, place)) == ["before"] and len(post.taken) == 2


def test_two_at_the_same_time_and_one_place_that_is_broken(
    mail: Mails, post: Posts, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    mail.says = f"554 no, {PASSWORD}"
    targets = places(f"{mail.address} {post.address}")
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(send, tmp_path, targets[1]) for _ in range(2)]
        runs.append(pool.submit(send, tmp_path, targets[0]))
        one, other, broken = (run.result(30) for run in runs)
    assert sorted(states(one + other)) == ["before", "sent"] and len(post.taken) == 1
    assert broken[0].state == "failed" and "554" in broken[0].note
    mail.says = None
    assert states(send(tmp_path, *targets)) == ["sent", "before"]
    assert len(mail.taken) == 2 and len(post.taken) == 1  # one of the two was refused
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert kept and PASSWORD.encode() not in kept and b"reader@" not in kept
    out = capfd.readouterr()
    assert PASSWORD not in out.out + out.err + repr(targets) + repr(broken)
