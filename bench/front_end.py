"""How long a person waits: the pages after the start, the first word of an answer, sixteen people at once, evidence.

    python -m bench.front_end [--write]

The sample day is read without a model into a home of its own. Then a scripted model with a known delay answers, so that
what is measured is everything but the model: search, checks, events. `--write` keeps docs/measured/front_end.md.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import asyncio
import itertools
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles

from core.models import Query
from core.ports import Role
from core.settings import Settings, load
from core.talk import Scope, Words
from graph.desk import Desk, open_desk
from tools.llm.scripted import Asked, Said, ScriptedModel

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "measured" / "front_end.md"
_STARTS, _ALONE, _PEOPLE, _ROUNDS = 3, 20, 16, 5
_SPREAD = 4.0
"""Seconds: about as long as a service takes for an answer."""
_DELAY = 0.02
"""Seconds before each piece of the model's answer."""
_CALL = 0.3
"""Seconds that any other call of the model takes."""
_QUESTION = "作者做了什么测量，结果怎样？（第 {n} 问）"


class _Slow(ScriptedModel):
    """Takes its time for every call and notes when it begins to speak."""

    async def text(self, prompt: object) -> str:
        await asyncio.sleep(_CALL)
        return await super().text(prompt)  # type: ignore[arg-type]  # only passed on


def _say(asked: Asked) -> Said:
    if asked.kind == "stream":
        keys = re.findall(r"\[(S\d+)\]", asked.last)
        return "".join(f"作者做了第 {n} 次测量[{key}]。" for n, key in enumerate(keys[:3], 1))
    return {"是": 0.98, "否": 0.02} if asked.kind == "choose" else "What did the authors measure?"


async def _first_word(desk: Desk, owner: str, n: int) -> tuple[float, float]:
    """Seconds to the first word and to the end of an answer."""
    began, first = time.perf_counter(), 0.0
    conversation = desk.begin(owner)
    async for event in desk.chat(conversation.id, owner, _QUESTION.format(n=n), Scope()):
        if isinstance(event, Words) and not first:
            first = time.perf_counter() - began
    return first, time.perf_counter() - began


async def _talk(settings: Settings) -> list[str]:
    model = _Slow(_say, delay=_DELAY)
    async with open_desk(settings, models=dict.fromkeys(Role, model)) as desk:
        numbers = itertools.count(1)
        await _first_word(desk, "warm", next(numbers))
        own = _CALL + _DELAY
        alone = [(await _first_word(desk, "one", next(numbers)))[0] - own for _ in range(_ALONE)]
        one = [(await _first_word(desk, "one", next(numbers)))[1] for _ in range(3)]
        crowds = {within: await _crowds(desk, numbers, within) for within in (_SPREAD, 0.0)}
        version = desk.issue(desk.issues()[0].key).results[0].paper.version  # type: ignore[union-attr]  # just listed
        pages = [await _timed(desk, version, n) for n in (1, 2, 3)]
        again = [await _timed(desk, version, n) for n in (1, 2, 3)]
    rows = []
    for within, crowd in crowds.items():
        when = f"{_PEOPLE} people within {within:.0f} s" if within else f"{_PEOPLE} people in the same instant"
        firsts, ends = [f - own for f, _ in crowd], [e - median(one) for _, e in crowd]
        rows += [
            f"| first word beyond the model's own, {when} | {len(firsts)} | {_ms(firsts)} | {_p95(firsts)} |",
            f"| whole answer beyond that of one person, {when} | {len(ends)} | {_ms(ends)} | {_p95(ends)} |",
        ]
    return [
        f"| first word beyond the model's own, one person | {_ALONE} | {_ms(alone)} | {_p95(alone)} |",
        *rows,
        f"| picture of a page, made | {len(pages)} | {_ms(pages)} | {_most(pages)} |",
        f"| picture of a page, again | {len(again)} | {_ms(again)} | {_most(again)} |",
    ]


async def _crowds(desk: Desk, numbers: Iterator[int], within: float) -> list[tuple[float, float]]:
    """First word and end for everybody in some crowds; each person asks at a moment of their own `within` seconds."""

    async def person(n: int) -> tuple[float, float]:
        await asyncio.sleep(random.uniform(0, within))
        return await _first_word(desk, f"p{n}", next(numbers))

    found: list[tuple[float, float]] = []
    for _ in range(_ROUNDS):
        found += await asyncio.gather(*(person(n) for n in range(_PEOPLE)))
    return found


async def _timed(desk: Desk, version: str, page: int) -> float:
    began = time.perf_counter()
    await desk.page(version, page)
    return time.perf_counter() - began


def _ms(taken: Sequence[float]) -> str:
    return f"{1000 * median(taken):.0f}"


def _most(taken: Sequence[float]) -> str:
    return f"{1000 * max(taken):.0f} (max)"


def _p95(taken: Sequence[float]) -> str:
    return f"{1000 * quantiles(taken, n=20)[-1]:.0f}"


def _usable(home: Path) -> float:
    """Seconds from the command to a page in a browser on which the day's papers stand."""
    from playwright.sync_api import sync_playwright

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "ZHENGDU_HOME": str(home), "ZHENGDU_MODEL": "none"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # people's machines keep what was compiled
    arguments = ["--no-sandbox", "--disable-background-networking"]
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        began = time.perf_counter()
        app = [sys.executable, "app.py", "ui", "--port", str(port), "--no-browser"]
        server = subprocess.Popen(app, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}/"
            while not _answers(address):
                time.sleep(0.02)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(address)
            page.locator(".zd-card").first.wait_for()
            return time.perf_counter() - began
        finally:
            server.terminate()
            server.wait()
            browser.close()


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=1).close()  # noqa: S310  # our own, on this machine
    except (urllib.error.URLError, OSError):
        return False
    return True


async def _sample(settings: Settings) -> None:
    async with open_desk(settings, models={}) as desk:
        await desk.digest("sample", Query())


def main() -> int:
    """Prints the table; with `--write` keeps it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = load(home=home, arxiv_interval=0)
        asyncio.run(_sample(settings))
        _usable(home)  # compiles what was never compiled
        starts = [_usable(home) for _ in range(_STARTS)]
        rows = asyncio.run(_talk(settings))
    load_average = os.getloadavg()[0]
    text = "\n".join([
        "# The front end", "",
        f"{os.cpu_count()} cores, load average at the end {load_average:.1f}. A scripted model speaks a piece every "
        f"{1000 * _DELAY:.0f} ms and takes {1000 * _CALL:.0f} ms for a call before that; the sample day's three papers "
        "are searched. Made by `python -m bench.front_end --write`.", "",
        "| what a person waits for | times | median, ms | 95th percentile, ms |",
        "| --- | --- | --- | --- |",
        f"| the day's papers in a browser, from the start | {_STARTS} | {_ms(starts)} | {_most(starts)} |",
        *rows, "",
    ])  # fmt: skip
    sys.stdout.write(text)
    if args.write:
        TABLE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    # Children of this process read what they take for the program: as in the application, that is app.py.
    __spec__, __file__ = None, str(ROOT / "app.py")  # type: ignore[assignment]  # a program has none
    sys.exit(main())
