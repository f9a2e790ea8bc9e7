"""Writes down which versions belong together: `uv run --no-project .ci/pins.py`.

Takes the versions that pyproject.toml names, lets uv find the rest anew for all Python versions and systems we
support, and writes what it found to `[tool.uv] constraint-dependencies` and to requirements.lock (the program and
the group `local`, with hashes, without addresses). tests/house/test_pins.py keeps the three in step.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
_ARRAY = re.compile(r"(^constraint-dependencies = \[\n).*?(^\]$)", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>.+))?")
_HEADER = """\
# The program and the embedded model, every file by its hash; written by .ci/pins.py.
#   uv pip install --require-hashes -r requirements.lock
"""


def _uv(folder: Path, *arguments: str) -> str:
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("uv is missing: pip install uv")
    done = subprocess.run([uv, *arguments], cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def _direct(project: str) -> set[str]:
    """Names of all requirements that pyproject.toml states itself."""
    data = tomllib.loads(project)
    stated = [*data["project"]["dependencies"], *(r for group in data["dependency-groups"].values() for r in group)]
    return {requirement.split("==")[0] for requirement in stated if isinstance(requirement, str)}


def _with_constraints(project: str, lines: list[str]) -> str:
    listed = "".join(f'    "{line}",\n' for line in lines)
    return _ARRAY.sub(lambda found: found[1] + listed + found[2], project)


def _transitive(exported: str, direct: set[str]) -> list[str]:
    """Constraints for what no requirement of ours names. A package that has several versions, for several Pythons,
    keeps the conditions; any other is pinned everywhere."""
    found = [m for line in exported.splitlines() if (m := _LINE.fullmatch(line)) and m["name"] not in direct]
    names = [m["name"] for m in found]
    return [f"{m['name']}=={m['version']}" + (f" ; {m['marker']}" if names.count(m["name"]) > 1 else "") for m in found]


def main() -> None:
    """Resolves in a folder of its own, so that neither uv.lock nor the environment here changes."""
    path = ROOT / "pyproject.toml"
    project = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        there = folder / "pyproject.toml"
        there.write_text(_with_constraints(project, []), encoding="utf-8")
        export = ("export", "--quiet", "--no-header", "--no-annotate")
        exported = _uv(folder, *export, "--all-groups", "--no-hashes")
        constraints = _transitive(exported, _direct(project))

        project = _with_constraints(project, constraints)
        there.write_text(project, encoding="utf-8")
        (folder / "uv.lock").unlink()
        again = _uv(folder, *export, "--all-groups", "--no-hashes")
        if again != exported:
            sys.exit("the constraints lead to other versions than they were made from")
        lock = _uv(folder, *export, "--group", "local")
    path.write_text(project, encoding="utf-8")
    (ROOT / "requirements.lock").write_text(_HEADER + lock, encoding="utf-8")
    sys.stderr.write(f"{len(constraints)} constraints, {lock.count('==')} packages in requirements.lock\n")


if __name__ == "__main__":
    main()
