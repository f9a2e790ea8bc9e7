"""pyproject.toml, its constraints and requirements.lock say the same; so does what is installed here."""

import re
import tomllib
from collections import defaultdict
from importlib.metadata import distributions

from tests.house.tree import text

PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9][0-9a-z.+]*)(?: ; (?P<marker>.+))?")
PROJECT = tomllib.loads(text("pyproject.toml"))
LOCK = text("requirements.lock")

Pins = dict[str, set[str]]


def _groups(*names: str) -> list[str]:
    groups: dict[str, list[str | dict[str, str]]] = PROJECT["dependency-groups"]
    return [r for name in names or tuple(groups) for r in groups[name] if isinstance(r, str)]


def _pins(lines: list[str]) -> Pins:
    """Versions by package; fails for a line that is no exact pin."""
    found: Pins = defaultdict(set)
    for line in lines:
        pin = PIN.fullmatch(line)
        assert pin, f"{line!r} is no exact pin"
        found[pin["name"]].add(pin["version"])
    return found


def _locked() -> Pins:
    return _pins([line.removesuffix(" \\") for line in LOCK.splitlines() if line and line[0] not in "# "])


DIRECT = _pins([*PROJECT["project"]["dependencies"], *_groups()])
CONSTRAINTS: list[str] = PROJECT["tool"]["uv"]["constraint-dependencies"]
ALL = {**DIRECT, **_pins(CONSTRAINTS)}


def test_direct_pins_are_single_and_not_repeated() -> None:
    assert all(len(versions) == 1 for versions in DIRECT.values())
    assert not set(DIRECT) & set(_pins(CONSTRAINTS))


def test_constraints_are_in_order() -> None:
    names = [line.split("==")[0] for line in CONSTRAINTS]
    assert names == sorted(names)
    several = [line for line in CONSTRAINTS if names.count(line.split("==")[0]) > 1]
    assert all(" ; " in line for line in several)


def test_lock_has_our_versions() -> None:
    assert not {name: versions for name, versions in _locked().items() if ALL.get(name) != versions}


def test_lock_has_all_that_is_asked_for() -> None:
    asked = _pins([*PROJECT["project"]["dependencies"], *_groups("local")])
    assert not set(asked) - set(_locked())
    assert "pytest" not in _locked()


def test_lock_names_files_by_hash_and_by_nothing_else() -> None:
    blocks = re.split(r"\n(?=[^ #])", LOCK)[1:]
    assert len(blocks) >= len(_locked())
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)
    assert "://" not in LOCK
    assert " @ " not in LOCK


def test_what_is_installed_here_is_what_is_pinned() -> None:
    installed = {d.metadata["Name"].lower().replace("_", "-").replace(".", "-"): d.version for d in distributions()}
    other = {name: version for name, version in installed.items() if name in ALL and version not in ALL[name]}
    assert not other
