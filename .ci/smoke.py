"""Does a fresh machine get a program that works? `poe smoke`.

Copies the committed files (and those about to be) to an empty folder, makes an environment there from
requirements.lock alone, every file checked by its hash, and runs the commands that need neither key nor network.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CLAIMS = (
    ("same", "该方法把准确率提高到 91.3%。", "Our method raises accuracy to 91.3%.", "supported"),
    ("number", "该方法把准确率提高到 93.1%。", "Our method raises accuracy to 91.3%.", "unsupported"),
    ("direction", "该方法使训练时间增加了 20%。", "The method reduces training time by 20%.", "unsupported"),
)
"""Identifier, claim, its evidence, and the verdict the checks must come to without any model."""


def _copy(target: Path) -> None:
    """The files git knows or would take."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    for name in os.fsdecode(names).split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def _install(folder: Path) -> Path:
    """An environment in `folder` with what requirements.lock names; returns its interpreter."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        sys.exit("uv is missing: pip install uv")
    environment = folder / "environment"
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(environment)], check=True)
    lock = ["--require-hashes", "--requirement", str(folder / "copy" / "requirements.lock")]
    subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), *lock], check=True)
    return python


class Program:
    """The copied program, with nothing of this machine's settings."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._python = _install(folder)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ZHENGDU_", "OPENAI_", "VIRTUAL_ENV"))
        }
        self._environment = {**kept, "ZHENGDU_HOME": str(folder / "home"), "PYTHONUTF8": "1"}

    def __call__(self, *arguments: str) -> str:
        """What a command prints; ends the smoke test where it fails."""
        done = subprocess.run(
            [str(self._python), "app.py", *arguments],
            cwd=self._folder / "copy", env=self._environment, capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip
        if done.returncode != 0:
            sys.exit(f"app.py {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout


def _verdicts(program: Program, folder: Path) -> None:
    claims = folder / "claims.jsonl"
    lines = [json.dumps({"id": id, "claim": claim, "evidence": given}) for id, claim, given, _ in CLAIMS]
    claims.write_text("\n".join(lines), encoding="utf-8")
    said = program("verify", "--claims", str(claims), "--no-model", "--json")
    found = {row["id"]: row["verdict"] for row in map(json.loads, said.splitlines())}
    expected = {id: verdict for id, _, _, verdict in CLAIMS}
    if found != expected:
        sys.exit(f"verify says {found}, expected {expected}")


def main() -> None:
    """Raises SystemExit with what went wrong."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="smoke-") as name:
        folder = Path(name)
        (folder / "copy").mkdir()
        _copy(folder / "copy")
        program = Program(folder)
        if "digest" not in program("--help"):
            sys.exit("--help does not name the command digest")
        health: list[dict[str, Any]] = json.loads(program("doctor", "--json"))
        if bad := [check for check in health if check["state"] == "error"]:
            sys.exit(f"doctor finds {bad}")
        _verdicts(program, folder)
    sys.stderr.write(f"smoke: installed from hashes and answering, {time.monotonic() - begun:.0f} s\n")


if __name__ == "__main__":
    main()
