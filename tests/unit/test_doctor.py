"""What the doctor finds wrong, and what to do."""

from pathlib import Path

import pytest

from core.desk import Check
from core.errors import Misconfigured
from core.settings import load
from graph.doctor import examine
from tools.exports.reports import pdf


def examined(home: Path) -> dict[str, Check]:
    settings = load(home=home, cache_dir=home)
    return {check.name: check for check in examine(settings)}


def test_a_machine_without_what_pdf_needs_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def lacking() -> None:
        raise Misconfigured("生成 PDF 缺少中文字体", "先安装：apt install 某字体")

    monkeypatch.setattr(pdf, "ready", lacking)
    found = examined(tmp_path)["PDF 报告"]
    assert (found.state, found.message) == ("warning", "生成 PDF 缺少中文字体；先安装：apt install 某字体")
    monkeypatch.setattr(pdf, "ready", lambda: None)
    assert examined(tmp_path)["PDF 报告"].state == "ok"


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    found = examined(blocked / "home")["数据文件夹"]
    assert found.state == "error" and "ZHENGDU_HOME" in found.message
