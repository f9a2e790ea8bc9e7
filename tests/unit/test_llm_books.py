"""What is kept and what is counted: tools/llm/cache.py and meter.py, and the scripted model that reports to it."""

import asyncio
import multiprocessing
import sqlite3
import threading
from pathlib import Path

import pytest
from pydantic import BaseModel

from core.errors import Skip, Stop
from core.models import Usage
from core.ports import ChatModel, Message, Meter, Prompt
from tools.llm.cache import CallCache
from tools.llm.meter import CallMeter, estimate_tokens
from tools.llm.scripted import ScriptedModel
from tools.llm.wire import Reply

REPLY = Reply("答", "stop", Usage(calls=1, prompt_tokens=10, completion_tokens=2, cost=0.25))
PROMPT = Prompt(messages=(Message(role="user", text="问"),), max_tokens=8)


@pytest.fixture
def calls(tmp_path: Path) -> CallCache:
    return CallCache(tmp_path / "deep" / "calls.sqlite")


def test_a_reply_is_on_the_disk_when_put_returns(calls: CallCache, tmp_path: Path) -> None:
    calls.put("k", "m", REPLY)
    with sqlite3.connect(tmp_path / "deep" / "calls.sqlite") as other:
        assert other.execute("SELECT count(*) FROM calls").fetchone() == (1,)
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    calls.close()
    assert CallCache(tmp_path / "deep" / "calls.sqlite").get("k") == REPLY
    assert calls.get("other") is None


def test_empty_replies_are_not_kept_and_useless_ones_are_dropped(calls: CallCache) -> None:
    calls.put("empty", "m", Reply("", "stop"))
    calls.put("bad", "m", REPLY)
    calls.forget(["bad"])
    assert calls.get("empty") is None and calls.get("bad") is None


def test_abilities_age(calls: CallCache) -> None:
    calls.remember("s", "m", "rung", "json_object")
    assert calls.recall("s", "m", "rung", 60) == "json_object"
    assert calls.recall("s", "m", "rung", -1) is None
    assert calls.recall("s", "other", "rung", 60) is None


def test_a_broken_file_stops_the_run_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "calls.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(Stop) as stop:
        CallCache(tmp_path / "calls.sqlite").get("k")
    assert "ZHENGDU_HOME" in stop.value.hint


async def test_equal_calls_under_way_are_made_once(calls: CallCache) -> None:
    made = 0

    async def call() -> Reply:
        nonlocal made
        made += 1
        await asyncio.sleep(0.05)
        return REPLY

    answers = await asyncio.gather(*(calls.once("k", "m", call) for _ in range(8)))
    assert made == 1 and {reply.text for reply, _ in answers} == {"答"}
    assert sorted(fresh for _, fresh in answers) == [False] * 7 + [True]
    assert await calls.once("k", "m", call) == (REPLY, False) and made == 1


async def test_a_cancelled_caller_leaves_the_work_to_the_next(calls: CallCache) -> None:
    started = asyncio.Event()

    async def stuck() -> Reply:
        started.set()
        await asyncio.sleep(60)
        return REPLY

    async def quick() -> Reply:
        return REPLY

    first = asyncio.create_task(calls.once("k", "m", stuck))
    await started.wait()
    second = asyncio.create_task(calls.once("k", "m", quick))
    await asyncio.sleep(0.02)
    first.cancel()
    assert await second == (REPLY, True)
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_cancelled_waiter_disturbs_nobody(calls: CallCache) -> None:
    started, go = asyncio.Event(), asyncio.Event()

    async def call() -> Reply:
        started.set()
        await go.wait()
        return REPLY

    first = asyncio.create_task(calls.once("k", "m", call))
    await started.wait()
    second = asyncio.create_task(calls.once("k", "m", call))
    await asyncio.sleep(0.02)
    second.cancel()
    await asyncio.sleep(0.02)
    go.set()
    assert await first == (REPLY, True)


async def test_errors_reach_all_who_wait_and_are_not_kept(calls: CallCache) -> None:
    async def poor() -> Reply:
        await asyncio.sleep(0.02)
        raise Stop("没钱了")

    answers = await asyncio.gather(*(calls.once("k", "m", poor) for _ in range(3)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [Stop] * 3
    assert calls.get("k") is None


def test_one_flight_for_two_event_loops(calls: CallCache) -> None:
    made: list[int] = []

    async def call() -> Reply:
        made.append(1)
        await asyncio.sleep(0.1)
        return REPLY

    barrier = threading.Barrier(2)

    def run() -> None:
        barrier.wait()
        assert asyncio.run(calls.once("k", "m", call))[0] == REPLY

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def _write_some(path: Path, who: int) -> None:
    calls = CallCache(path)
    for n in range(20):
        calls.put(f"{who}:{n}", "m", REPLY)
        calls.put(f"same:{n}", "m", REPLY)


def test_processes_share_the_file(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write_some, args=(path, who)) for who in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    calls = CallCache(path)
    assert all(calls.get(f"{who}:{n}") == REPLY for who in (0, 1, 2, "same") for n in range(20))


def _spend(meter: CallMeter, prompt: int, completion: int) -> None:
    with meter.reserve(prompt, completion, local=False) as call:
        call.settle(prompt, completion)


async def test_accounts_follow_tasks_and_threads_and_nest() -> None:
    meter = CallMeter(price_in=1.0, price_out=2.0)
    with meter.account() as outer:
        await asyncio.to_thread(_spend, meter, 100, 10)
        with meter.account() as inner:

            async def work() -> None:
                _spend(meter, 1, 1)

            await asyncio.gather(work(), work())
        meter.recall(Usage(calls=1, prompt_tokens=1000, cost=9.0))
    _spend(meter, 5, 5)
    assert (inner.usage.calls, inner.usage.prompt_tokens) == (2, 2)
    assert (outer.usage.calls, outer.usage.prompt_tokens) == (4, 1102)
    assert meter.total.calls == 4 and meter.total.prompt_tokens == 107
    assert meter.total.cost == pytest.approx((107 * 1.0 + 17 * 2.0) / 1e6)
    assert outer.usage.cost == pytest.approx(9.0 + (102 + 12 * 2) / 1e6)


async def test_accounts_of_parallel_papers_do_not_mix() -> None:
    meter = CallMeter()

    async def paper(calls: int) -> int:
        with meter.account() as account:
            for _ in range(calls):
                _spend(meter, 1, 1)
                await asyncio.sleep(0)
        return account.usage.calls

    assert list(await asyncio.gather(paper(1), paper(5), paper(3))) == [1, 5, 3]


def test_the_budget_stops_before_the_call_that_would_pass_it() -> None:
    meter = CallMeter(price_in=1.0, price_out=1.0, budget=0.001)  # one thousand tokens
    _spend(meter, 400, 100)
    with pytest.raises(Stop) as stop, meter.reserve(400, 101, local=False):
        raise AssertionError("must not be sent")
    assert "ZHENGDU_BUDGET" in stop.value.hint
    _spend(meter, 400, 100)
    with meter.reserve(10**9, 10**9, local=True) as call:  # local models cost nothing
        assert call.settle(10**9, 1).cost == 0.0


def test_money_set_aside_counts_until_the_call_ends() -> None:
    meter = CallMeter(price_in=1.0, price_out=1.0, budget=0.001)
    with meter.reserve(300, 300, local=False) as first:
        with pytest.raises(Stop), meter.reserve(300, 300, local=False):
            pass
        first.settle(100, 100)
    with pytest.raises(RuntimeError), meter.reserve(300, 300, local=False):
        raise RuntimeError("the call failed")
    _spend(meter, 400, 400)
    assert meter.total.prompt_tokens == 500


@pytest.mark.parametrize(
    ("text", "counted"),  # by the tokenizer of Qwen2.5
    [
        ("We propose a Mixture-of-Experts model with 236B total parameters, of which 21B are active.", 27),
        ("我们提出一个混合专家模型，总参数量为 2360 亿，每个词元激活 210 亿参数。", 31),
        ("", 0),
    ],
)
def test_estimates_err_upwards_but_not_wildly(text: str, counted: int) -> None:
    assert counted <= estimate_tokens(text) <= 2 * counted


class _Wire(BaseModel):
    n: int


async def test_the_scripted_model_is_a_chat_model() -> None:
    meter = CallMeter()
    model = ScriptedModel(
        ["一二三四五", "流水", {"n": 3}, '{"n": 4}', "否", {"是": 3, "否": 1}, Stop("停")], meter=meter
    )
    port: ChatModel = model
    books: Meter = meter
    with books.account() as account:
        assert await port.text(PROMPT) == "一二三四五"
        assert "".join([piece async for piece in port.stream(PROMPT)]) == "流水"
        assert await port.fill(PROMPT, _Wire) == _Wire(n=3)
        assert await port.fill(PROMPT, _Wire) == _Wire(n=4)
        assert await port.choose(PROMPT, ["是", "否"]) == {"是": 0.0, "否": 1.0}
        assert await port.choose(PROMPT, ["是", "否"]) == {"是": 0.75, "否": 0.25}
        with pytest.raises(Stop):
            await port.text(PROMPT)
    assert [asked.kind for asked in model.history] == ["text", "stream", "fill", "fill", "choose", "choose", "text"]
    assert account.usage.calls == 6 and model.left == 0
    with pytest.raises(AssertionError):
        await port.text(PROMPT)


async def test_the_scripted_model_can_be_a_function() -> None:
    model = ScriptedModel(lambda asked: asked.last[::-1] if asked.kind == "text" else "{}")
    assert await model.text(Prompt(messages=(Message(role="user", text="abc"),), max_tokens=1)) == "cba"
    with pytest.raises(Skip) as skip:
        await model.fill(PROMPT, _Wire)
    assert skip.value.code == "format"
