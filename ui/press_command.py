"""Commands about issues that are there: export, week, speak, site, send. Results on standard output, as always."""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from core.delivery import Delivery, Letter
from core.desk import Desk
from core.errors import Skip
from core.ports import Issue, Watch
from core.settings import Settings
from core.speech import Recording

DONE, NOTHING = 0, 1


class Opener(Protocol):
    """Opens a desk."""

    def __call__(self, settings: Settings, watch: Watch, /) -> AbstractAsyncContextManager[Desk]: ...


async def run(args: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Carries the command out; returns the exit code. Raises what the desk raises, Skip for want of an issue."""
    from ui.progress import shown

    with shown(quiet=args.json) as watch:
        async with opener(settings, watch) as desk:
            answer, lines, code = await _COMMANDS[args.command](args, settings, desk)
    sys.stdout.write((json.dumps(answer, ensure_ascii=False) if args.json else "\n".join(lines)) + "\n")
    return code


Answer = tuple[Any, Sequence[str], int]
"""What --json prints, the same as lines for people, the exit code."""


def picked(issues: Sequence[Issue], day: date | None, source: str | None) -> Issue:
    """The issue meant: of that day and source, the newest where they are not given; a whole day before a part of it.
    Raises Skip, naming the days there are."""
    days = [i for i in issues if i.until is None and source in (None, i.source)]
    found = [i for i in days if i.date == (day or days[0].date)]
    if not found:
        there = "、".join(dict.fromkeys(i.date.isoformat() for i in days[:10])) or "还没有"
        raise Skip(f"资料库里没有{f' {day} ' if day else ''}这样的一期", f"已有的：{there}；先用 app.py digest 读")
    return max(found, key=lambda i: (not i.edition, i.published))


async def _export(args: argparse.Namespace, settings: Settings, desk: Desk) -> Answer:
    issue = picked(desk.issues(), args.date, args.source)
    return _files(issue.date.isoformat(), await desk.print(issue.key, args.format, args.out))


async def _week(args: argparse.Namespace, settings: Settings, desk: Desk) -> Answer:
    newest = picked(desk.issues(), None, args.source)
    day = args.date or newest.date
    key = await desk.week(newest.source, day)
    year, week, _ = day.isocalendar()
    return _files(f"{year}-W{week:02}", await desk.print(key, args.format or settings.formats, args.out))


def _files(name: str, files: Sequence[Path]) -> Answer:
    shown = [f"{name} 写好了，共 {len(files)} 个文件：", *(f"  {path}" for path in files)]
    return {"issue": name, "files": [str(path) for path in files]}, shown, DONE


async def _site(args: argparse.Namespace, settings: Settings, desk: Desk) -> Answer:
    page = await desk.site(args.out)
    return {"page": str(page)}, [f"网站写好了，用浏览器打开 {page}"], DONE


async def _speak(args: argparse.Namespace, settings: Settings, desk: Desk) -> Answer:
    issue = picked(desk.issues(), args.date, args.source)
    made = await desk.speak(issue.key, args.out)
    return made.model_dump(mode="json"), _heard(made), DONE


def _heard(made: Recording) -> list[str]:
    took = f"，合成用了 {made.took:.0f} 秒（每秒语音 {made.took / made.seconds:.2f} 秒）" if made.took else "，早已录好"
    lines = [f"{made.path}", f"时长 {_clock(made.seconds)}{took}，声音：{made.voice}"]
    return [*lines, *(f"  {_clock(start)}  {title}" for start, title in made.chapters)]


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


async def _send(args: argparse.Namespace, settings: Settings, desk: Desk) -> Answer:
    issue = picked(desk.issues(), args.date, args.source)
    if args.preview:
        letter = await desk.letter(issue.key)
        return letter.model_dump(), _letter(letter), DONE
    sent = await desk.deliver(issue.key, again=args.again)
    failed = any(delivery.state in ("failed", "doubt") for delivery in sent)
    return [d.model_dump(mode="json") for d in sent], [_line(d) for d in sent], NOTHING if failed else DONE


def _letter(letter: Letter) -> list[str]:
    return [letter.title, "", letter.text]


_STATES = {"sent": "已发", "before": "早已发过", "failed": "没发出去", "doubt": "不知道到没到"}


def _line(delivery: Delivery) -> str:
    return f"{delivery.place}：{_STATES[delivery.state]}" + (f"。{delivery.note}" if delivery.note else "")


_COMMANDS = {"export": _export, "week": _week, "speak": _speak, "site": _site, "send": _send}
