"""`app.py watch`: every day's issue by itself, made, written, sent.

One process watches a home. It holds the desk only while it works, so that the home is free for the rest of the day.
"""

import argparse
import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

import filelock

from core.errors import Misconfigured, Stop, ZhengduError
from core.schedule import next_wake
from core.settings import Settings
from ui import watch_plain
from ui.watch_rounds import Clock, Opener, Rounds, Sleep

_DONE, _NOTHING, _CUT = 0, 1, 130
LOCK = "watch.lock"
"""In the home; beside the lock of whoever works in it."""
_AGAIN = timedelta(minutes=30)
"""Until a day that went wrong, or whose list was not there yet, is tried again."""
_TRIES = 4
"""Further tries after one wake; then it waits for the next."""


def _now() -> datetime:
    return datetime.now(UTC)


async def run(
    args: argparse.Namespace, settings: Settings, opener: Opener, clock: Clock = _now, sleep: Sleep = asyncio.sleep
) -> int:
    """Carries the command out; the exit code. Ends by itself with --once and --from only; SIGTERM ends it quietly.

    Raises Misconfigured, and Stop where another watch is at work; with --once and --from also Stop and Retry where the
    desk could not be opened. `clock` and `sleep` are seams for tests.
    """
    _check(args, settings)
    with _alone(settings.home), _terminable() as asked:
        rounds = Rounds(args, settings, opener, clock, sleep)
        try:
            if args.first:
                made = await rounds.named(args.first, args.last)
                return _NOTHING if made.wrong or not made.days else _DONE
            if args.once:
                return _NOTHING if (await rounds.due()).wrong else _DONE
            return await _forever(rounds, settings, clock)
        except asyncio.CancelledError:
            if not asked:
                raise
            rounds.say("停下了；做完的部分都已保存，下次接着做。")
            return _CUT if args.first or args.once else _DONE


def _check(args: argparse.Namespace, settings: Settings) -> None:
    wrong = None
    if args.last and not args.first:
        wrong = "--to 要和 --from 一起用"
    elif args.first and args.last and args.last < args.first:
        wrong = f"--to {args.last} 早于 --from {args.first}"
    elif args.deliver and not args.first:
        wrong = "--deliver 要和 --from 一起用；平时设好 ZHENGDU_DELIVER 就会发"
    if wrong:
        raise Misconfigured(wrong, "见 app.py watch --help", setting="watch")
    if args.deliver and settings.deliver is None:
        raise Misconfigured(
            "没有设置发到哪里", "设 ZHENGDU_DELIVER，写法见 docs/delivery.md", setting="ZHENGDU_DELIVER"
        )
    if settings.watch_at.tzinfo is not None:
        raise Misconfigured(
            "ZHENGDU_WATCH_AT 只写几点几分", "时区写在 ZHENGDU_WATCH_ZONE 里", setting="ZHENGDU_WATCH_AT"
        )


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Two watches would read the same days and wait for each other."""
    lock = filelock.FileLock(home / LOCK)
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise Stop(
            f"已经有一个 watch 守着 {home}", "同一个文件夹只能有一个；等它结束，或用 ZHENGDU_HOME 换一个文件夹"
        ) from None
    except OSError as error:
        raise Stop(f"数据文件夹 {home} 不能写：{error.strerror}", "检查权限，或用 ZHENGDU_HOME 换一个位置") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _terminable() -> Iterator[list[bool]]:
    """SIGTERM cancels the task that is inside, as Ctrl-C does; the list is not empty any more then."""
    loop, task, asked = asyncio.get_running_loop(), asyncio.current_task(), list[bool]()

    def end() -> None:
        asked.append(True)
        if task is not None:
            task.cancel()

    with suppress(RuntimeError, ValueError):  # Windows has none of it; nor have loops of other threads
        loop.add_signal_handler(signal.SIGTERM, end)
    try:
        yield asked
    finally:
        with suppress(RuntimeError, ValueError):
            loop.remove_signal_handler(signal.SIGTERM)


async def _forever(rounds: Rounds, settings: Settings, clock: Clock) -> NoReturn:
    """What is due now, then every day at the time of the settings."""
    at, zone = settings.watch_at, ZoneInfo(settings.watch_zone)
    rounds.say(f"每天 {at:%H:%M}（{zone.key}）看 {rounds.about} 有没有新的一期，按 Ctrl-C 结束")
    while True:
        await _wake(rounds, clock, zone)
        moment = next_wake(clock(), at, zone)
        rounds.say(f"下一次：{watch_plain.moment(moment)}")
        await rounds.until(moment)


async def _wake(rounds: Rounds, clock: Clock, zone: ZoneInfo) -> None:
    """One day's rounds: again after a while where something went wrong that may pass."""
    for left in range(_TRIES, -1, -1):
        try:
            if not (await rounds.due()).again:
                return
        except Misconfigured:
            raise
        except ZhengduError as error:  # the desk was not to be had for hours
            rounds.say(f"这一次没有做成：{error}")
            return
        if left:
            later = clock() + _AGAIN
            rounds.say(f"{watch_plain.moment(later.astimezone(zone))} 再试")
            await rounds.until(later)
