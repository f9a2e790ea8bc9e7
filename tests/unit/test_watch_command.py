"""A watch over a fake desk, by a fake clock: what it reads, sends and says, when it wakes, how it ends."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import filelock
import pytest

from core.delivery import Delivery
from core.errors import Misconfigured, Retry, Stop
from core.models import Day, Query
from tests.unit.watched import BEIJING, BUSY, FakeDesk, World, d, made
from ui import watch_command

ROOT = Path(__file__).parents[2]


def rows(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


# once


def test_once_reads_what_was_missed_in_order_and_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = FakeDesk("11-18")
    assert World(desk, tmp_path).run("--once", "--json") == 0
    assert desk.read == ["11-19", "11-20", "11-23"]
    assert rows(capsys)[-1] == {
        "date": "2026-11-23", "key": "11-23", "listed": 3, "published": 3, "delivered": [], "error": None, "note": "",
    }  # fmt: skip
    assert World(desk, tmp_path).run("--once", "--json") == 0
    assert len(desk.read) == 3 and rows(capsys) == []


def test_what_was_asked_goes_to_the_desk(tmp_path: Path) -> None:
    desk = FakeDesk()
    arguments = ["--source", "arxiv", "--categories", "cs.CL", "--keywords", "agent,rag", "--exclude", "survey"]
    World(desk, tmp_path).run("--once", *arguments, "--authors", "Lee", "--limit", "9", "--out", str(tmp_path))
    query = Query(
        day=d("11-23"), categories=("cs.CL",), keywords=("agent", "rag"), exclude=("survey",), authors=("Lee",), limit=9
    )
    assert desk.queries == [("arxiv", query, tmp_path)]


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (made(d("11-23")), 0),
        (made(d("11-23"), 0, note="可能是假日。"), 0),
        (made(d("11-23"), 0, failed=True), 1),
        (Retry("网络断了"), 1),
        (Stop("磁盘满了"), 1),
        (ValueError("a program error"), 1),
    ],
)
def test_exit_codes(tmp_path: Path, outcome: Day | Exception, code: int) -> None:
    desk = FakeDesk("11-20")
    desk.script["11-23"] = [outcome]
    assert World(desk, tmp_path).run("--once") == code


def test_one_bad_day_keeps_no_other_from_its_issue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = FakeDesk("11-19")
    desk.script["11-20"] = [Retry("Hugging Face 没有应答", "稍后再试")]
    assert World(desk, tmp_path).run("--once", "--json") == 1
    bad, good = rows(capsys)
    assert bad["error"] == {"type": "Retry", "message": "Hugging Face 没有应答", "hint": "稍后再试"}
    assert (good["date"], good["error"]) == ("2026-11-23", None)


def test_a_wrong_setting_ends_it(tmp_path: Path) -> None:
    desk = FakeDesk("11-19")
    desk.script["11-20"] = [Misconfigured("没有叫 x 的格式", setting="formats")]
    with pytest.raises(Misconfigured):
        World(desk, tmp_path).run("--once")
    assert desk.read == ["11-20"]


# sending


@pytest.mark.parametrize(("arguments", "sent"), [((), ["11-20", "11-23"]), (("--no-deliver",), [])])
def test_issues_are_sent_where_a_place_is_set(tmp_path: Path, arguments: Sequence[str], sent: list[str]) -> None:
    desk = FakeDesk("11-19")
    World(desk, tmp_path, deliver="ntfy://a.test/x").run("--once", *arguments)
    assert desk.sent == sent


def test_nothing_is_sent_without_a_place_and_of_an_empty_day(tmp_path: Path) -> None:
    desk = FakeDesk("11-20")
    World(desk, tmp_path).run("--once")
    assert desk.sent == []
    desk = FakeDesk("11-19")
    desk.script["11-23"] = [made(d("11-23"), 0)]
    World(desk, tmp_path, deliver="ntfy://a.test/x").run("--once")
    assert desk.sent == ["11-20"]


@pytest.mark.parametrize(
    ("start", "sent"), [("11-24T08:30", ["11-23"]), ("11-25T08:00", ["11-23"]), ("11-26T07:00", [])]
)
def test_the_newest_issue_is_sent_again_while_it_is_news(tmp_path: Path, start: str, sent: list[str]) -> None:
    desk = FakeDesk("11-18", "11-19", "11-20", "11-23")
    for text in ("11-24", "11-25"):
        desk.script[text] = [Retry("没有应答")]
    World(desk, tmp_path, start, deliver="ntfy://a.test/x").run("--once")
    assert desk.sent == sent


def test_what_arrived_is_not_spoken_of_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = FakeDesk("11-20", "11-23")
    desk.sent = ["11-23"]
    assert World(desk, tmp_path, deliver="ntfy://a.test/x").run("--once", "--json") == 0
    assert rows(capsys) == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((Delivery(place="a", state="failed", note="对方没有应答"),), 1),
        ((Delivery(place="a", state="doubt"),), 1),
        ((Delivery(place="a", state="sent"), Delivery(place="b", state="before")), 0),
        (Retry("断网"), 1),
    ],
)
def test_a_letter_that_did_not_arrive_is_told(tmp_path: Path, answer: Any, code: int) -> None:
    desk = FakeDesk("11-20")
    desk.places = [answer]
    assert World(desk, tmp_path, deliver="ntfy://a.test/x").run("--once") == code


def test_the_site_is_built_once_a_round(tmp_path: Path) -> None:
    desk = FakeDesk("11-18")
    assert World(desk, tmp_path).run("--once", "--site") == 0
    assert desk.sites == 1
    desk.site_error = Stop("磁盘满了")
    assert World(desk, tmp_path).run("--once", "--site") == 1


# named days


def test_back_filling_leaves_out_weekends_and_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = FakeDesk("11-19")
    world = World(desk, tmp_path, deliver="ntfy://a.test/x")
    assert world.run("--from", "2026-11-18", "--to", "2026-11-24", "--json") == 0
    assert desk.read == ["11-18", "11-20", "11-23"] and desk.sent == []
    assert [row["date"][5:] for row in rows(capsys)] == ["11-18", "11-19", "11-20", "11-23"]
    assert world.run("--from", "2026-11-19", "--deliver") == 0
    assert len(desk.read) == 3 and desk.sent == ["11-19", "11-20", "11-23"]


def test_back_filling_where_there_is_nothing(tmp_path: Path) -> None:
    assert World(FakeDesk(), tmp_path).run("--from", "2026-11-21", "--to", "2026-11-22") == 1
    assert World(FakeDesk(), tmp_path).run("--from", "2027-01-04") == 1


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        (["--to", "2026-11-20"], {}),
        (["--from", "2026-11-20", "--to", "2026-11-19"], {}),
        (["--deliver"], {"deliver": "ntfy://a.test/x"}),
        (["--from", "2026-11-20", "--deliver"], {}),
        (["--once"], {"watch_at": "08:30Z"}),
    ],
)
def test_arguments_that_make_no_sense(tmp_path: Path, arguments: list[str], given: dict[str, Any]) -> None:
    world = World(FakeDesk(), tmp_path, **given)
    with pytest.raises(Misconfigured):
        world.run(*arguments)
    assert not world.opened


# day after day


def test_a_week_of_mornings(tmp_path: Path) -> None:
    """Started on Tuesday afternoon: at once, then every morning at half past eight, weekends included, in vain."""
    desk = FakeDesk("11-20")
    world = World(desk, tmp_path, "11-24T15:00")
    world.days(7)
    assert desk.read == ["11-23", "11-24", "11-25", "11-26", "11-27", "11-30"]
    mornings = ["25", "26", "27", "28", "29", "30"]
    assert world.opened == ["11-24T15:00", *(f"11-{n}T08:30" for n in mornings), "12-01T08:30"]
    assert world.longest <= 60


def test_a_laptop_that_slept_runs_when_it_wakes(tmp_path: Path) -> None:
    desk = FakeDesk("11-20", "11-23")
    world = World(desk, tmp_path)
    asleep = world.sleep

    async def sleep(seconds: float) -> None:
        if world.now.astimezone(BEIJING).hour == 23 and not desk.read:
            world.now += timedelta(days=2, hours=12)  # the lid was closed on Tuesday night
        await asleep(seconds)

    world.sleep = sleep  # type: ignore[method-assign]  # a seam
    world.days(4)
    assert desk.read[:2] == ["11-24", "11-25"]
    assert world.opened[1].startswith("11-27T11:0")


def test_what_went_wrong_is_tried_again_the_same_morning(tmp_path: Path) -> None:
    desk = FakeDesk("11-20")
    desk.script["11-23"] = [Retry("没有网络"), Retry("没有网络")]
    world = World(desk, tmp_path)
    world.days(1)
    assert world.opened == ["11-24T08:30", "11-24T09:00", "11-24T09:30"]


def test_a_list_that_is_still_empty_is_looked_at_again_for_a_while(tmp_path: Path, capsys: Any) -> None:
    desk = FakeDesk("11-25")
    empty = made(d("11-26"), 0, note="可能是假日。")
    desk.script["11-26"] = [empty] * 99
    world = World(desk, tmp_path, "11-27T08:30")
    world.days(2, "--json")
    assert world.opened == [f"11-27T{clock}" for clock in ("08:30", "09:00", "09:30", "10:00", "10:30")] + [
        "11-28T08:30"
    ]
    assert [(row["date"], row["published"]) for row in rows(capsys)] == [("2026-11-26", 0), ("2026-11-27", 3)]


# the home


def test_a_busy_desk_is_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = FakeDesk("11-20")
    world = World(desk, tmp_path)
    world.busy = [BUSY, BUSY]
    assert world.run("--once") == 0
    assert world.opened == ["11-24T08:36"] and desk.read == ["11-23"]
    assert capsys.readouterr().err.count("另一个证读进程正在使用这里；3 分钟后再试") == 2


def test_but_not_for_ever(tmp_path: Path) -> None:
    world = World(FakeDesk("11-20"), tmp_path)
    world.busy = [BUSY] * 1000
    with pytest.raises(Stop, match="另一个证读进程"):
        world.run("--once")
    world.busy = [BUSY] * 41  # until half past ten
    world.now = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    world.days(2)
    assert world.opened == ["11-25T08:30"]


def test_two_watches_do_not_share_a_home(tmp_path: Path) -> None:
    world = World(FakeDesk(), tmp_path)
    with filelock.FileLock(tmp_path / watch_command.LOCK), pytest.raises(Stop, match="已经有一个 watch"):
        world.run("--once")
    assert world.run("--once") == 0


def test_a_home_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(Stop, match="不能写"):
        World(FakeDesk(), tmp_path / "file" / "home").run("--once")


CHILD = """
import asyncio, sys
from pathlib import Path
from tests.unit.watched import FakeDesk, World
desk = FakeDesk("11-20")
world = World(desk, Path(sys.argv[1]))
async def slow(*_):
    print("reading", flush=True)
    await asyncio.sleep(60)
if "--once" in sys.argv:
    desk.digest = slow
async def sleep(seconds):
    print("asleep", flush=True)
    await asyncio.sleep(60)
world.sleep = sleep
sys.exit(world.run(*sys.argv[2:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without asking")
@pytest.mark.parametrize(("arguments", "word", "code"), [((), "asleep", 0), (("--once",), "reading", 130)])
def test_a_service_manager_may_end_it(tmp_path: Path, arguments: Sequence[str], word: str, code: int) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path), *arguments], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == word
        child.send_signal(signal.SIGTERM)
        _, said = child.communicate(timeout=30)
    finally:
        child.kill()
    assert child.returncode == code, said
    assert "停下了" in said and "Traceback" not in said
    with filelock.FileLock(tmp_path / watch_command.LOCK, timeout=0):
        pass  # given back
