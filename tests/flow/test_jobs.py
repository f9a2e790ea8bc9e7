"""Days read in the background: watched by several, apart from each other, cancelled and taken up again."""

import asyncio
import json
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import NoReturn

import pytest

from core.errors import Misconfigured, Stop, ZhengduError
from core.models import Query, Usage
from core.ports import Progress, Prompt, Wire
from graph.desk import Desk
from graph.jobs import Jobs
from tests.flow.worlds import desk, everywhere, scripted, strong
from tools.llm.scripted import ScriptedModel

SAMPLE = Path(__file__).parents[2] / "docs" / "sample"
DAY = date.fromisoformat(json.loads((SAMPLE / "sample.json").read_text("utf-8"))["date"])


class Gate(ScriptedModel):
    """A strong model that writes so many digests and then keeps everybody waiting who wants another."""

    def __init__(self, digests: int) -> None:
        super().__init__(strong, name="scripted-strong")
        self.digests = digests
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()

    async def fill(self, prompt: Prompt, schema: type[Wire]) -> Wire:
        """See core.ports.ChatModel."""
        if schema.__name__ == "_Digest":
            if not self.digests:
                self.reached.set()
                await self.opened.wait()
            self.digests = max(0, self.digests - 1)
        return await super().fill(prompt, schema)

    async def full(self) -> None:
        """Waits until somebody waits, which work that broke off never will."""
        async with asyncio.timeout(60):
            await self.reached.wait()


async def all_of(progress: AsyncIterator[Progress]) -> list[Progress]:
    return [one async for one in progress]


def asked(*models: ScriptedModel) -> Counter[str]:
    return Counter(a.prompt.model_dump_json() for model in models for a in model.history)


async def ended(opened: Desk) -> None:
    async with asyncio.timeout(20):
        while opened.under_way():  # noqa: ASYNC110  # the desk has no event for it
            await asyncio.sleep(0.01)


async def test_all_who_watch_see_one_day_being_read(tmp_path: Path) -> None:
    model = Gate(1)
    async with desk(tmp_path, model) as (opened, told):
        early = asyncio.create_task(all_of(opened.fetch("sample", Query())))
        await model.full()
        assert opened.under_way() == [("sample", Query())]
        late = asyncio.create_task(all_of(opened.fetch("sample", Query())))
        leaving = opened.fetch("sample", Query())
        await anext(leaving)
        await leaving.aclose()  # type: ignore[attr-defined]  # an async generator
        await asyncio.sleep(0.05)
        model.opened.set()
        first, second = await early, await late
        assert opened.under_way() == []
        (issue,) = opened.issues()
        assert (issue.published, issue.source, issue.query) == (3, "sample", Query(day=DAY))
        found = opened.issue(issue.key)
        assert found is not None and len(found.results) == 3
        versions = [r.paper.version for r in found.results]
        assert list(opened.papers([*versions, "2501.00009v1"])) == versions
    assert first[-1].step == second[-1].step == "overview" and (first[-1].done, first[-1].of) == (3, 3)
    assert {p.paper for p in first} == {p.paper for p in second} == {"", *versions}
    assert len(second) < len(first)
    shared = next(n for n in range(1, len(second) + 1) if second[-n:] != first[-n:]) - 1
    before = second[: len(second) - shared]
    assert len({(p.paper, p.step if not p.paper else "") for p in before}) == len(before)  # the latest word on each
    assert told == []  # nobody else is told
    assert asked(model) == asked(await undisturbed(tmp_path / "other"))


async def undisturbed(home: Path) -> ScriptedModel:
    model = scripted()
    async with desk(home, model, concurrency=1) as (opened, _):
        await opened.digest("sample", Query())
    return model


async def test_work_goes_on_when_nobody_watches(tmp_path: Path) -> None:
    model = Gate(0)
    async with desk(tmp_path, model) as (opened, _):
        watcher = asyncio.create_task(all_of(opened.fetch("sample", Query(limit=1))))
        await model.full()
        watcher.cancel()
        model.opened.set()
        await ended(opened)
        assert [issue.published for issue in opened.issues()] == [1]


@pytest.mark.parametrize("query", [Query(), Query(day=DAY)])
@pytest.mark.parametrize("digests", [0, 1, 2])
async def test_a_cancelled_day_is_taken_up_where_it_was(digests: int, query: Query, tmp_path: Path) -> None:
    model = Gate(digests)
    async with desk(tmp_path / "home", model, concurrency=1) as (opened, _):
        watcher = asyncio.create_task(all_of(opened.fetch("sample", query)))
        await model.full()
        assert opened.cancel("sample", query) is True
        assert opened.cancel("sample", query) is False
        assert opened.under_way() == []
        seen = await watcher
        assert seen[-1].step == "cancelled" and opened.issues() == []
        read = {p.paper for p in seen if p.step == "publish"}
        assert len(read) == digests
        model.opened.set()
        again = await all_of(opened.fetch("sample", query))
        assert (again[-1].done, again[-1].of) == (3, 3)
        assert not read & {p.paper for p in again}
        assert opened.issues()[0].published == 3
    assert asked(model) == asked(await undisturbed(tmp_path / "other"))


async def test_a_day_begun_again_at_once_waits_for_the_end_of_the_old_one(tmp_path: Path) -> None:
    model = Gate(1)
    async with desk(tmp_path, model, concurrency=1) as (opened, _):
        watchers = [asyncio.create_task(all_of(opened.fetch("sample", Query())))]
        await model.full()
        for _ in range(2):  # the second one is cancelled while it waits
            opened.cancel("sample", Query())
            watchers.append(asyncio.create_task(all_of(opened.fetch("sample", Query()))))
            await asyncio.sleep(0)
        model.opened.set()
        ends = [(await watcher)[-1].step for watcher in watchers]
        assert ends == ["cancelled", "cancelled", "overview"]
        assert opened.issues()[0].published == 3


async def test_two_days_do_not_hear_of_each_other_and_share_what_they_share(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("quotes.pdf", "retrieval.pdf"):
        shutil.copy(SAMPLE / name, folder)
    one, other = Query(folder=str(folder)), Query(folder=str(folder), limit=1)
    model = Gate(0)
    async with desk(tmp_path / "home", model) as (opened, told):
        model._meter = opened.deps.meter  # type: ignore[assignment]  # the desk's own meter
        watchers = [asyncio.create_task(all_of(opened.fetch("files", query))) for query in (one, other)]
        await model.full()
        assert opened.under_way() == [("files", one), ("files", other)]
        model.opened.set()
        first, second = [await watcher for watcher in watchers]
        spent = opened.spent()
    assert (first[-1].of, second[-1].of) == (2, 1)
    assert [p.of for p in first if p.step == "papers"] == [2, 2]
    parsed = [p.paper for p in (*first, *second) if p.step == "parse"]
    assert len(parsed) == len(set(parsed)) == 2  # the paper in both days was read once
    assert first[-1].usage + second[-1].usage == spent
    assert spent.calls == len(model.history) and Usage() not in (spent, first[-1].usage)
    assert told == []


async def test_what_the_work_raises_reaches_all_who_watch(tmp_path: Path) -> None:
    async with desk(tmp_path, scripted()) as (opened, _):
        watchers = [asyncio.create_task(all_of(opened.fetch("nowhere", Query()))) for _ in range(3)]
        raised = await asyncio.gather(*watchers, return_exceptions=True)
        assert all(isinstance(error, ZhengduError) for error in raised)
        assert opened.under_way() == []
        assert opened.cancel("nowhere", Query()) is False
        with pytest.raises(ZhengduError):
            await all_of(opened.fetch("nowhere", Query()))


@pytest.mark.parametrize("error", [Stop("没有预算", "加"), Misconfigured("不对", "改", setting="x"), KeyError("x")])
async def test_errors_stay_what_they_are(error: Exception, tmp_path: Path) -> None:
    async with desk(tmp_path, None) as (opened, _):

        async def broken() -> None:
            opened.deps.tell("", "list", note="到这里")
            raise error

        watch = Jobs[str](opened.deps).follow("hf", broken)
        assert (await anext(watch)).note == "到这里"
        with pytest.raises(type(error)) as caught:
            await anext(watch)
        assert caught.value is error


async def test_a_log_that_cannot_be_written_keeps_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken() -> None:
        raise KeyError("x")

    def full(name: str) -> NoReturn:
        raise OSError("no space left on device")

    async with desk(tmp_path, None) as (opened, _):
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        monkeypatch.setattr("graph.jobs.log.get", full)
        async with asyncio.timeout(5):
            with pytest.raises(KeyError):
                await all_of(Jobs[str](opened.deps).follow("hf", broken))


async def test_a_desk_that_closes_ends_what_it_began(tmp_path: Path) -> None:
    model = Gate(1)
    async with desk(tmp_path / "home", model, concurrency=1) as (opened, _):
        watcher = asyncio.create_task(all_of(opened.fetch("sample", Query())))
        await model.full()
    assert (await watcher)[-1].step == "cancelled"
    model.opened.set()
    async with desk(tmp_path / "home", model, concurrency=1) as (opened, _):
        await all_of(opened.fetch("sample", Query()))
        assert opened.issues()[0].published == 3
    assert asked(model) == asked(await undisturbed(tmp_path / "other"))


async def test_the_house_says_what_is_in_it(tmp_path: Path) -> None:
    model = scripted()
    async with desk(tmp_path, model) as (opened, _):
        assert set(opened.models()) == set(everywhere(model))
        assert {card.name for card in opened.models().values()} == {"scripted-strong"}
        assert opened.spent() == Usage()
        assert "Python" in {check.name for check in await opened.examine()}
        assert opened.issues() == [] and opened.issue("x") is None and opened.papers(["x"]) == {}
