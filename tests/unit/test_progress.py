"""What people are told while they wait."""

import ast
from pathlib import Path

from core.models import Step
from ui.progress import STEPS


def test_every_step_that_is_told_has_a_name_in_chinese() -> None:
    said: set[str] = set()
    for file in (Path(__file__).parents[2] / "graph").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            told = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "tell"
            if told and isinstance(node, ast.Call) and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                said.add(str(node.args[1].value))
    assert {"overview", "print", "speak", "site", "deliver"} < said
    assert {*said, *Step} <= set(STEPS)
