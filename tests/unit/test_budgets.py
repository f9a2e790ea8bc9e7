"""A budget for one piece of work: nothing is sent that might pass it, and nobody else is held back by it."""

import asyncio
from pathlib import Path

import pytest

from core.errors import OverBudget, Stop
from core.models import Usage
from tools.llm.cache import CallCache
from tools.llm.meter import CallMeter
from tools.llm.wire import Reply

REPLY = Reply("答", "stop", Usage(calls=1, prompt_tokens=10, completion_tokens=2, cost=0.25))


def spend(meter: CallMeter, prompt: int, completion: int) -> None:
    """A call that takes as much as it may."""
    with meter.reserve(prompt, completion, local=False) as call:
        call.settle(prompt, completion)


def test_an_account_has_a_budget_of_its_own() -> None:
    meter = CallMeter(price_in=1.0, price_out=1.0)
    with meter.account(budget=0.001) as account:  # a thousand tokens
        spend(meter, 400, 100)
        with meter.account() as inner:
            with pytest.raises(OverBudget) as over, meter.reserve(400, 101, local=False):
                raise AssertionError("must not be sent")
            spend(meter, 100, 0)
        with meter.reserve(10**9, 10**9, local=True) as call:
            call.settle(10**9, 1)
    spend(meter, 10_000, 0)  # outside of it
    assert isinstance(over.value, Stop) and "0.0005" in over.value.message
    assert account.usage.cost == pytest.approx(0.0006) and inner.usage.calls == 1


def test_money_set_aside_in_an_account_counts_until_the_call_ends() -> None:
    meter = CallMeter(price_in=1.0, price_out=1.0)
    with meter.account(budget=0.001):
        with meter.reserve(300, 300, local=False), pytest.raises(OverBudget):
            spend(meter, 300, 300)
        spend(meter, 300, 300)


def test_answers_from_the_cache_count_as_what_they_cost() -> None:
    meter = CallMeter(price_in=1.0, price_out=1.0)
    with meter.account(budget=0.3):
        meter.recall(REPLY.usage)
        with pytest.raises(OverBudget):
            spend(meter, 60_000, 0)
        spend(meter, 40_000, 0)


def test_the_budget_of_the_run_is_one_too() -> None:
    meter = CallMeter(price_in=1.0, price_out=1.0, budget=0.001)
    with meter.account(budget=9.0), pytest.raises(OverBudget, match="ZHENGDU_BUDGET"):
        spend(meter, 1001, 0)


async def test_who_has_no_money_does_not_stop_others_who_wait_for_the_same_answer(tmp_path: Path) -> None:
    calls, begun, go = CallCache(tmp_path / "calls.sqlite"), asyncio.Event(), asyncio.Event()

    async def poor() -> Reply:
        begun.set()
        await go.wait()
        raise OverBudget("预算不够")

    async def rich() -> Reply:
        return REPLY

    first = asyncio.create_task(calls.once("k", "m", poor))
    await begun.wait()
    second = asyncio.create_task(calls.once("k", "m", rich))
    await asyncio.sleep(0)
    go.set()
    with pytest.raises(OverBudget):
        await first
    assert await second == (REPLY, True)
