"""The recipes of docs/schedule.md: YAML that is YAML, and commands that exist."""

import re
import shlex

import yaml

import app
from tests.house.tree import text

PAGE = text("docs/schedule.md")


def blocks(language: str) -> list[str]:
    """Fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_every_command_is_understood() -> None:
    lines = [
        m for block in (*blocks("bash"), *blocks("cron"), *blocks("ini"), *blocks("yaml")) for m in block.split("\n")
    ]
    calls = [line.split("app.py ", 1)[1].split(" >>")[0] for line in lines if "app.py " in line]
    assert len(calls) == 7
    parsed = [app._parser().parse_args(shlex.split(call)) for call in calls]  # exits where one does not
    assert {args.command for args in parsed} == {"watch", "site"}


def test_the_workflow_is_yaml_with_one_run_at_a_time() -> None:
    (block,) = blocks("yaml")
    flow = yaml.safe_load(block)
    assert flow["concurrency"] == {"group": "zhengdu", "cancel-in-progress": False}
    assert flow[True]["schedule"][0]["cron"] == "30 0 * * *"  # YAML 1.1 reads `on` as true


def test_the_timer_makes_up_what_was_missed() -> None:
    timer = next(block for block in blocks("ini") if "[Timer]" in block)
    assert "Persistent=true" in timer and "Asia/Shanghai" in timer
