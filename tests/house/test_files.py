"""What every file keeps to."""

import ast
import hashlib
import importlib
import re
from collections.abc import Iterator

import pytest

from tests.house.tree import FLOORS, ROOT, files, modules, text, tree

LONGEST = 400
"""Lines; most modules want 100 to 200."""
REGISTRIES = {
    "tools/sources": "SOURCE",
    "tools/exports": "EXPORTER",
    "tools/exports/reports": "EXPORTER",
    "tools/exports/shelf": "EXPORTER",
    "agents/checks": "CHECK",
}
"""Folders in which a new file is a new source, format or check, and the constant it must have."""
PLACES = re.compile(r"(?<![\w.])/(work|opt|root)/")
"""Folders of some machine."""
PEOPLE = re.compile(r"/(home|Users)/\w+/|[A-Z]:\\\\?Users")
"""Folders of some person; tests may make them up."""
REGISTRY_HOSTS = re.compile(r"pypi" + r"\.org|pythonhosted|npmjs\.|tuna\.tsinghua|mirrors\.aliyun|--(extra-)?index-url")
"""Where packages come from is each machine's own affair."""
AGPL = "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"
"""SHA-256 of the licence as the Free Software Foundation publishes it (agpl-3.0.txt)."""


def texts() -> Iterator[tuple[str, str]]:
    """All committed files that are text."""
    for name in files():
        raw = (ROOT / name).read_bytes()
        if b"\0" not in raw:
            yield name, raw.decode("utf-8", errors="replace")


def test_no_file_is_too_long() -> None:
    long = {name: lines for name in modules() if (lines := len(text(name).splitlines())) > LONGEST}
    assert not long


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    assert not [name for name in modules(*FLOORS) if later.search(text(name))]


def _is_stub(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Nothing in the body but words, `pass` and `...`."""
    return all(
        isinstance(step, ast.Pass) or (isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant))
        for step in function.body
    )


def _members(name: str) -> set[ast.stmt]:
    """What stands in the bodies of a module's Protocols."""
    shapes = [node for node in ast.walk(tree(name)) if isinstance(node, ast.ClassDef)]
    return {
        member
        for shape in shapes
        if any(isinstance(base, ast.Name) and base.id == "Protocol" for base in shape.bases)
        for member in shape.body
    }


def test_functions_do_something() -> None:
    """Only the members of Protocols may be empty."""
    wrong = []
    for name in modules(*FLOORS):
        members = _members(name)
        functions = [n for n in ast.walk(tree(name)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
        wrong += [f"{name}:{f.lineno} {f.name}" for f in functions if _is_stub(f) and f not in members]
    assert not wrong


def test_no_places_and_no_registries() -> None:
    """A clone runs anywhere, with whatever registry is configured there."""
    wrong = [
        f"{name}: {found[0]}"
        for name, content in texts()
        if name != "tests/house/test_files.py"
        for pattern in (PLACES, REGISTRY_HOSTS, *([] if name.startswith("tests/") else [PEOPLE]))
        if (found := pattern.search(content))
    ]
    assert not wrong


def test_patterns_find_what_they_are_for() -> None:
    assert PLACES.search("see /work/x") and not PLACES.search("docs/work/x")
    assert PEOPLE.search("'/home/li/papers'") and PEOPLE.search("C:\\Users")
    assert REGISTRY_HOSTS.search("https://files.pythonhosted.org/x") and REGISTRY_HOSTS.search("pypi" + ".org/simple")


@pytest.mark.parametrize(("folder", "constant"), REGISTRIES.items())
def test_every_file_of_a_registry_has_its_constant(folder: str, constant: str) -> None:
    """Files whose name begins with an underscore are helpers."""
    found = [name for name in modules() if name.rpartition("/")[0] == folder and not name.startswith(f"{folder}/_")]
    assert found
    for name in found:
        targets = [
            target.id
            for node in tree(name).body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        ]
        assert constant in targets, f"{name} has no {constant}"


def test_registries_load_their_files() -> None:
    sources = importlib.import_module("tools.sources").load_sources(inner=True)
    exports = importlib.import_module("tools.exports")
    exporters, reports, shelf = (
        exports.load_exporters(), exports.load_report_exporters(), exports.load_shelf_exporters(),
    )  # fmt: skip
    checks = importlib.import_module("agents.checks").checks()
    for folder, loaded in zip(REGISTRIES, (sources, exporters, reports, shelf, checks), strict=True):
        there = [n for n in modules() if n.rpartition("/")[0] == folder and not n.startswith(f"{folder}/_")]
        assert len(loaded) == len(there), folder


def test_licence_is_verbatim() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == AGPL
