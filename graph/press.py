"""What is made of issues that are there: files of every format, the site, a recording, letters, the week."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from core.delivery import Delivery, Letter
from core.errors import Misconfigured, Skip
from core.overview import Overview
from core.ports import Exporter, Issue
from core.publication import Publication, Shade, Shelf
from core.speech import Recording
from graph import publication, weeks
from graph.deps import Deps
from tools.exports import load_exporters, load_shelf_exporters
from tools.exports._names import folder, folder_of
from tools.exports.letter import letter
from tools.store import atomic

ALL = "all"
"""Stands for every format."""
_WAIT = 180.0
"""Seconds to wait for a letter to be handed over."""
_RETOLD = 50
"""Files of the site between two words on how far it is."""


class Press:
    """The part of core.desk.Desk that publishes."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._sending = asyncio.Lock()

    def overview(self, key: str) -> Overview | None:
        """See core.desk.Desk, as for all the others."""
        return self._deps.library.overview(key)

    async def print(self, key: str, formats: Sequence[str], out: Path | None = None) -> tuple[Path, ...]:
        exporters = chosen(formats)

        def told(n: int, name: str) -> None:
            self._deps.tell("", "print", note=name, done=n, of=len(exporters))

        return await self._print(key, exporters, out, told)

    async def _print(
        self, key: str, exporters: Sequence[Exporter], out: Path | None, told: Callable[[int, str], None] | None = None
    ) -> tuple[Path, ...]:
        issue = await publication.opened(self._deps, key)
        return await asyncio.to_thread(_printed, issue, exporters, out or self._deps.paths.issues, told)

    async def picture_of(self, key: str, name: str, shade: Shade) -> Path:
        issue = await publication.opened(self._deps, key)
        found = next((p for p in issue.pictures if p.name == name), None)
        if found is None:
            raise Skip("这一期没有这张图", "论文太少的一天不画图", code="not_found")
        target = self._deps.paths.issues / folder(issue.day) / "pictures" / f"{name}-{shade}.png"
        await asyncio.to_thread(atomic.write, target, found.png[shade])
        return target

    # all issues

    async def site(self, out: Path | None = None) -> Path:
        target = out or self._deps.paths.site
        await asyncio.to_thread(self._build, target, asyncio.get_running_loop())
        return target / "index.html"

    def _build(self, target: Path, loop: asyncio.AbstractEventLoop) -> None:
        shelf = Shelf(lambda: self._publications(loop), self._address)
        written = 0
        for exporter in load_shelf_exporters().values():
            for name, content in exporter.files(shelf):
                atomic.write(target / name, content, lasting=False)
                written += 1
                if written % _RETOLD == 0:
                    self._deps.tell("", "site", note=name, done=written)

    @property
    def _address(self) -> str:
        address = self._deps.settings.site_address or ""
        if address and not address.startswith(("https://", "http://")):
            raise Misconfigured("网站地址要以 https:// 开头", "改 ZHENGDU_SITE_ADDRESS", setting="ZHENGDU_SITE_ADDRESS")
        return address and address.rstrip("/") + "/"

    def _publications(self, loop: asyncio.AbstractEventLoop) -> Iterator[Publication]:
        for issue in newest(self._deps.library.issues()):
            yield asyncio.run_coroutine_threadsafe(publication.opened(self._deps, issue.key), loop).result()

    # sound

    async def speak(self, key: str, out: Path | None = None) -> Recording:
        from agents.speaking import script
        from tools.voice import record

        issue = await publication.opened(self._deps, key, draw=False)
        said, voice = script(issue), self._deps.settings.voice
        target = (out or self._deps.paths.issues) / folder(issue.day) / "issue.mp3"
        mark = target.with_suffix(".json")
        made_of = hashlib.sha256(f"{voice}|{said.model_dump_json()}".encode()).hexdigest()
        if (found := _recorded(mark, target, made_of)) is not None:
            return found
        made = await asyncio.to_thread(
            record, said, voice, target, self._deps.settings.cache_dir, lambda done, of: self._spoken(done, of)
        )
        kept = {"made_of": made_of, "recording": made.model_copy(update={"took": 0.0}).model_dump(mode="json")}
        await asyncio.to_thread(atomic.write, mark, json.dumps(kept, ensure_ascii=False).encode())
        return made

    def _spoken(self, done: int, of: int) -> None:
        self._deps.tell("", "speak", done=done, of=of)

    # letters

    async def letter(self, key: str) -> Letter:
        issue = await publication.opened(self._deps, key, draw=False)
        return letter(issue, self._address)

    async def deliver(self, key: str, *, again: bool = False) -> tuple[Delivery, ...]:
        from tools.delivery import deliver, places

        setting = self._deps.settings.deliver
        addresses = places(setting.get_secret_value() if setting else "")
        if not addresses:
            raise Misconfigured(
                "没有设置发到哪里", "设 ZHENGDU_DELIVER，写法见 docs/delivery.md", setting="ZHENGDU_DELIVER"
            )
        issue = await publication.opened(self._deps, key, draw=False)
        made, name = letter(issue, self._address), folder(issue.day)
        async with self._sending:
            self._deps.tell("", "deliver", of=len(addresses))
            return await asyncio.to_thread(
                deliver, made, name, addresses, self._deps.paths.outbox, again=again, wait=_WAIT
            )

    # weeks and days

    async def week(self, source: str, day: date) -> str:
        return await weeks.made(self._deps, source, day)

    def announced(self, source: str, day: date) -> datetime | None:
        return self._deps.source(source).announced(day)


def chosen(formats: Sequence[str]) -> list[Exporter]:
    """The exporters of these names, each once. Raises Misconfigured."""
    known = load_exporters()
    if ALL in formats:
        return list(known.values())
    if unknown := [name for name in formats if name not in known]:
        raise Misconfigured(
            f"没有 {'、'.join(unknown)} 这种格式", f"可选 {'、'.join((*known, ALL))}", setting="--format"
        )
    return [known[name] for name in dict.fromkeys(formats)]


def _printed(
    issue: Publication, exporters: Sequence[Exporter], out: Path, told: Callable[[int, str], None] | None
) -> tuple[Path, ...]:
    """What this machine cannot make keeps nothing else from being made."""
    written: dict[Path, None] = {}
    lacking: Misconfigured | None = None
    for n, exporter in enumerate(exporters):
        if told:
            told(n, exporter.name)
        try:
            for name, content in exporter.files(issue):
                atomic.write(out / name, content)
                written[out / name] = None
        except Misconfigured as error:
            lacking = error
    for name, content in _pictures(issue):
        atomic.write(out / name, content)
        written[out / name] = None
    if lacking:
        raise lacking
    return tuple(written)


def newest(issues: Iterable[Issue]) -> list[Issue]:
    """The newest day first; of issues that share a folder only the one made last. `issues`: as the library has them,
    those made last first within a day."""
    kept: dict[str, Issue] = {}
    for issue in issues:
        kept.setdefault(folder_of(issue.date, issue.source, issue.edition, week=issue.until is not None), issue)
    return sorted(kept.values(), key=lambda issue: (issue.until or issue.date, issue.until is not None), reverse=True)


def _pictures(issue: Publication) -> Iterator[tuple[str, bytes]]:
    for picture in issue.pictures:
        for files, ending in ((picture.svg, "svg"), (picture.png, "png")):
            for shade, content in files.items():
                yield f"{folder(issue.day)}/pictures/{picture.name}-{shade}.{ending}", content


def _recorded(mark: Path, target: Path, made_of: str) -> Recording | None:
    """What was recorded of that very script."""
    try:
        kept = json.loads(mark.read_bytes())
        return Recording.model_validate(kept["recording"]) if kept["made_of"] == made_of and target.exists() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
