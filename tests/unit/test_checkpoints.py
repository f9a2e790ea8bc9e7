"""Threads that were killed at the one moment LangGraph's own word for it misses."""

from typing import Any, TypedDict

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph

from graph.checkpoints import unfinished


class _State(TypedDict, total=False):
    begun: bool
    ended: bool


class _Failing(InMemorySaver):
    """Writes no checkpoint after the step of that number, as if the process had been killed before it."""

    def __init__(self, lights_out: set[int]) -> None:
        super().__init__()
        self.lights_out = lights_out

    async def aput(self, config: Any, checkpoint: Any, metadata: Any, new_versions: Any) -> Any:
        """See BaseCheckpointSaver."""
        if metadata["step"] in self.lights_out:
            raise OSError("killed")
        return await super().aput(config, checkpoint, metadata, new_versions)


@pytest.mark.parametrize("step", [-1, 0, 1, 2])
async def test_a_thread_killed_between_two_words_is_not_ended(step: int) -> None:
    ran: list[str] = []

    def node(name: str) -> Any:
        def run(state: _State) -> _State:
            ran.append(name)
            return {"begun": True} if name == "first" else {"ended": True}

        return run

    graph = StateGraph(_State).add_node("first", node("first")).add_node("last", node("last"))
    graph.add_edge(START, "first").add_edge("first", "last").add_edge("last", END)
    lights_out = set[int]()
    flow = graph.compile(checkpointer=_Failing(lights_out))
    config: Any = {"configurable": {"thread_id": "t"}}
    assert not unfinished(await flow.aget_state(config))
    lights_out.add(step)
    with pytest.raises(OSError, match="killed"):
        await flow.ainvoke({}, config, durability="sync")
    lights_out.clear()
    snapshot = await flow.aget_state(config)
    assert unfinished(snapshot) is (step >= 0)  # before the first checkpoint there is no thread
    assert step < 2 or snapshot.next == ()  # as if it had ended
    made = await flow.ainvoke(None if unfinished(snapshot) else {}, config, durability="sync")
    assert made["ended"] and ran == ["first", "last"]
    assert not unfinished(await flow.aget_state(config))
