"""What the house tests look at: the project's own files and what its modules import. Reads, never runs."""

import ast
import os
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FLOORS = ("core", "tools", "agents", "graph", "ui", "app")
"""From the ground up; a module may import its own floor and those before it."""
_NOT_OURS = {".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}


class Import(NamedTuple):
    """One imported name, as far as it is a dotted path: `from tools import pdf` is `tools.pdf`."""

    module: str
    line: int

    @property
    def top(self) -> str:
        """Its first part."""
        return self.module.split(".")[0]


@cache
def files() -> tuple[str, ...]:
    """Paths from the root of all files that are, or would be, committed; sorted."""
    try:
        found = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607  # wherever git is
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        names = os.fsdecode(found.stdout).split("\0")
    except (OSError, subprocess.CalledProcessError):  # an archive without its history
        names = [
            path.relative_to(ROOT).as_posix()
            for path in ROOT.rglob("*")
            if not _NOT_OURS & set(path.relative_to(ROOT).parts) and path.name != "uv.lock"
        ]
    return tuple(sorted(name for name in set(names) if name and (ROOT / name).is_file()))


def modules(*floors: str) -> list[str]:
    """Python files of these floors; of all the project without any."""
    python = [name for name in files() if name.endswith(".py")]
    return [name for name in python if not floors or name.split("/")[0].removesuffix(".py") in floors]


@cache
def text(name: str) -> str:
    """A file's text."""
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def tree(name: str) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(text(name), filename=name)


def imports(name: str) -> Iterator[Import]:
    """All imports of a module, those inside functions too."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: imports are written in full here"
            yield from (Import(f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
