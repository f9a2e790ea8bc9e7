"""Documents that cannot lie: what they show is made from the code, or held against it."""

import argparse
import re
import shlex
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

import app
from core.desk import Check
from core.documents import Hit, Passage, SectionRole
from core.models import (  # fmt: skip
    Answer,
    Basis,
    Citation,
    Claim,
    Day,
    Digest,
    DigestSection,
    Finding,
    Ledger,
    Paper,
    PaperResult,
    Problem,
    Quote,
    Status,
    Step,
    Verdict,
)
from docs import draw, list_settings
from tests.house.tree import ROOT, files, text
from tools.exports.json_day import document
from ui import commandline

READMES = ("README.md", "README.zh.md")
PROJECT = tomllib.loads(text("pyproject.toml"))


def commands(name: str) -> list[str]:
    """Lines of a document's shell blocks, without comments."""
    blocks = re.findall(r"^```(?:bash|sh|console)\n(.*?)^```", text(name), re.MULTILINE | re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def calls(name: str) -> Iterator[list[str]]:
    """Arguments of every call of app.py in a document."""
    for line in commands(name):
        for part in line.split("&&"):
            words = shlex.split(part)
            if "app.py" in words:
                yield words[words.index("app.py") + 1 :]


def test_both_readmes_show_the_same_commands() -> None:
    assert commands("README.md") == commands("README.zh.md")


@pytest.mark.parametrize("name", READMES)
def test_commands_exist(name: str) -> None:
    parsed = [app._parser().parse_args(arguments) for arguments in calls(name)]  # exits where one does not
    shown = {arguments.command for arguments in parsed}
    assert shown >= {"digest", "search", "ask", "verify", "doctor"}


@pytest.mark.parametrize("name", READMES)
def test_tasks_and_groups_exist(name: str) -> None:
    lines = "\n".join(commands(name))
    assert set(re.findall(r"--group (\S+)", lines)) <= set(PROJECT["dependency-groups"])
    tasks = re.findall(r"\bpoe (\S+)", lines)
    assert tasks and set(tasks) <= set(PROJECT["tool"]["poe"]["tasks"])


def test_ci_runs_the_test_command_of_the_readme() -> None:
    (command,) = [line for line in commands("README.md") if " poe " in line]
    assert command.removeprefix("uv ") in text(".ci/run")


@pytest.mark.parametrize("name", [name for name in files() if name.endswith(".md") and name.count("/") < 2])
def test_links_lead_somewhere(name: str) -> None:
    if name.startswith("agents/"):  # prompts, not documents
        return
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text(name))
    folder = (ROOT / name).parent
    assert not [target for target in targets if not (folder / target).exists()]


@pytest.mark.parametrize("name", draw.DOCUMENTS)
def test_drawings_are_of_the_graphs_as_compiled(name: str, pictures: dict[str, str]) -> None:
    assert "<!-- drawn: overview -->" in text(name)
    assert draw.filled(text(name), pictures) == text(name), "run: python -m docs.draw"


@pytest.fixture(scope="module")
def pictures() -> dict[str, str]:
    """Drawings of all graphs."""
    return draw.drawings()


def test_settings_page_is_of_the_settings() -> None:
    assert text("docs/settings.md") == list_settings.page(), "run: python -m docs.list_settings"


def test_settings_named_in_readmes_exist() -> None:
    known = set(re.findall(r"`((?:ZHENGDU|OPENAI)_\w+)`", text("docs/settings.md")))
    for name in READMES:
        assert set(re.findall(r"\b(?:ZHENGDU|OPENAI)_\w+", text(name))) <= known


def test_changelog_begins_with_this_version() -> None:
    released = re.findall(r"^## \[(\d[^]]*)\] - \d{4}-\d\d-\d\d$", text("CHANGELOG.md"), re.MULTILINE)
    assert "## [Unreleased]" in text("CHANGELOG.md")
    assert released[0] == PROJECT["project"]["version"]


def _keys(value: object) -> set[str]:
    """Names of all fields of a JSON value."""
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in _keys(inner)}
    if isinstance(value, list):
        return {key for inner in value for key in _keys(inner)}
    return set()


def _spoken() -> list[Any]:
    """One of everything that --json prints."""
    quote = Quote(passage="p", paper="2501.12948v1", page=1, section="1 A", quote="A.", boxes=())
    finding = Finding(code="number.missing", severity="error", message="错。", where="1")
    claim = Claim(id="c1", text="甲。", verdict=Verdict.PARTIAL, evidence=(quote,), findings=(finding,))
    digest = Digest(
        paper="2501.12948v1", basis=Basis.FULL_TEXT, language="zh", claims=(claim,), writer="w", judge="j",
        sections=(DigestSection(name="结果", claim_ids=("c1",)),),
    )  # fmt: skip
    paper = Paper(id="2501.12948", version="2501.12948v1", title="T")
    result = PaperResult(paper=paper, status=Status.PUBLISHED, passed=(), digest=digest)
    ledger = Ledger(problems=(Problem(id="x", step=Step.FETCH, reason="无"),))
    day = Day(date=date(2026, 11, 20), source="hf", zone="UTC", model="w", results=(result,), ledger=ledger)
    passage = Passage(
        id="p", paper="2501.12948v1", page=1, section="1 A", role=SectionRole.OTHER, kind="text", text="A.",
        sentences=((0, 2),),
    )  # fmt: skip
    answer = Answer(
        answer="甲。[1]", refused=False, citations=(Citation(n=1, quote=quote, verdict=Verdict.SUPPORTED),),
        nearest=(quote,),
    )  # fmt: skip
    return [
        document(day),
        commandline._hit(Hit(passage=passage, score=0.5)),
        commandline._answer(answer),
        commandline._reviewed(claim),
        Check(name="n", state="ok", message="m").model_dump(),
    ]


def test_formats_name_every_field_and_value() -> None:
    page = text("docs/formats.md")
    named = set(re.findall(r"[`\"](\w+)[`\"]", page))
    missing = {key for value in _spoken() for key in _keys(value)} - named
    assert not missing
    values = {str(value) for kind in (Status, Verdict, Basis, Step) for value in kind}
    assert not values - named


def test_formats_name_the_exit_codes() -> None:
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", text("docs/formats.md"), re.MULTILINE)}
    assert codes == {commandline.DONE, commandline.NOTHING, commandline.WRONG, 130}


def test_help_names_what_the_parser_knows() -> None:
    """Every option of every command is explained, in Chinese."""
    actions = app._parser()._actions
    (choice,) = [action for action in actions if isinstance(action, argparse._SubParsersAction)]
    for command, parser in choice.choices.items():
        bare = [a.dest for a in parser._actions if a.dest != "help" and not re.search(r"[\u4e00-\u9fff]", a.help or "")]
        assert not bare, command
