"""`--help` answers at once, because nothing heavy is imported before a command is known."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.house.tree import ROOT

LONGEST = 0.5
"""Seconds, the best of three."""


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=True)


def _imported(*arguments: str) -> set[str]:
    """Top-level names that Python imports when run like this."""
    lines = _run("-X", "importtime", *arguments).stderr
    return {name.split(".")[0] for name in re.findall(r"^import time:.*\| +([\w.]+)$", lines, re.MULTILINE)}


@pytest.mark.parametrize("arguments", [(), ("digest",), ("verify",)])
def test_help_imports_nothing_but_the_standard_library(arguments: tuple[str, ...]) -> None:
    always = _imported("-c", "pass")  # an environment may load its own hooks
    assert not _imported("app.py", *arguments, "--help") - always - set(sys.stdlib_module_names)


def test_help_is_quick() -> None:
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        assert "digest" in _run("app.py", "--help").stdout
        took.append(time.perf_counter() - begun)
    assert min(took) < LONGEST


def test_verifying_by_rules_imports_no_models_and_no_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = tmp_path / "claims.jsonl"
    monkeypatch.setenv("ZHENGDU_HOME", str(tmp_path / "home"))
    claims.write_text('{"id": "1", "claim": "准确率为 79.8%。", "evidence": "The accuracy is 79.8%."}\n', "utf-8")
    heavy = {"chromadb", "langgraph", "langchain_openai", "openai", "gradio", "pymupdf", "onnxruntime", "llama_cpp"}
    assert not _imported("app.py", "verify", "--no-model", "--json", "--claims", str(claims)) & heavy
