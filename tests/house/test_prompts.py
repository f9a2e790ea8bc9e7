"""Prompts and the agents that fill them: the same placeholders on both sides."""

import ast
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from agents import prompting
from tests.house.tree import ROOT, modules, tree

OPTIONS = {"stop", "temperature"}
"""Keywords of PromptTemplate.prompt that are no placeholders."""


class Load(NamedTuple):
    """One `prompting.load(…)`, and the keywords of the `.prompt(…)` calls in the same function."""

    where: str
    names: tuple[str, ...]
    fields: tuple[str, ...]
    passed: tuple[frozenset[str], ...]


def _strings(node: ast.AST) -> tuple[str, ...]:
    """The strings an argument may be: `"a" if x else "b"` is both, what `x` compares with is neither."""
    if isinstance(node, ast.IfExp):
        return _strings(node.body) + _strings(node.orelse)
    assert isinstance(node, ast.Constant) and isinstance(node.value, str), "names of prompts are written out"
    return (node.value,)


def _is_load(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "load"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "prompting"
    )


def _passed(function: ast.AST) -> tuple[frozenset[str], ...]:
    calls = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "prompt"
    ]
    return tuple(frozenset(k.arg or "**" for k in call.keywords) - OPTIONS for call in calls)


def loads() -> Iterator[Load]:
    """All places where agents load a prompt."""
    for name in modules("agents"):
        for function in ast.walk(tree(name)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for call in ast.walk(function):
                if _is_load(call):
                    assert isinstance(call, ast.Call)
                    first, *rest = call.args
                    fields = tuple(field for argument in rest for field in _strings(argument))
                    yield Load(f"{name}:{call.lineno}", _strings(first), fields, _passed(function))


LOADS = list(loads())


@pytest.mark.parametrize("load", LOADS, ids=lambda load: load.where)
def test_prompt_has_the_placeholders_its_agent_passes(load: Load) -> None:
    for name in load.names:
        template = prompting.load(name, *load.fields)
        values: dict[str, Any] = dict.fromkeys(load.fields, "字")
        filled = template.prompt(1, **values)
        assert filled.messages[-1].role == "user"
    assert load.passed, f"{load.where}: the prompt is loaded and never filled"
    assert all(passed == frozenset(load.fields) for passed in load.passed), load


def test_every_prompt_is_used() -> None:
    there = {path.stem for path in (ROOT / "agents" / "prompts").glob("*.md")}
    assert there == {name for load in LOADS for name in load.names}
