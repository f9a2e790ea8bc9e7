"""A report on the pages over the real desk, from the form to the files: only its plan and the model are scripted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.desk import Desk
from core.ports import Watch
from core.settings import Settings
from graph.desk import open_desk
from tests.flow.talks import KARMA, ORCA, shelve
from tests.flow.worlds import everywhere
from tests.flow.writing import Script, fixed
from tests.ui.conftest import Look, Serve
from tools.llm.scripted import ScriptedModel

_MINUTES = 120_000
"""Milliseconds that a report of two small papers may take."""


@asynccontextmanager
async def _opener(settings: Settings, watch: Watch) -> AsyncIterator[Desk]:
    model = ScriptedModel(Script().say, name="scripted")
    async with open_desk(settings, watch, everywhere(model)) as opened:
        model._meter = opened.deps.meter  # type: ignore[assignment]  # the desk's own meter
        await shelve(opened.deps)
        yield opened


def test_a_report_is_planned_written_read_and_fetched(
    serve: Serve, look: Look, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fixed(monkeypatch)
    looked = look(serve(opener=_opener, mirror="http://127.0.0.1:9", http_retries=0))
    page = looked.page
    page.get_by_role("tab", name="报告").click()
    page.get_by_label("标题或 arXiv 编号").fill(f"{KARMA} {ORCA}")
    page.get_by_role("button", name="拟计划").click()
    page.get_by_role("button", name="同意并开始").click(timeout=_MINUTES)
    page.locator("article.zd-deep").wait_for(timeout=_MINUTES)
    sentence = page.locator(".zd-deep .zd-words", has_text="KARMA 在 MMLU 上的准确率为 72.1%。").first
    sentence.click()
    page.locator("#zd-drawer blockquote", has_text="72.1").wait_for()
    page.keyboard.press("Escape")
    for name, kind in (("Markdown", "md"), ("HTML", "html")):
        with page.expect_download(timeout=_MINUTES) as saved:
            page.get_by_role("link", name=name).click()
        saved.value.save_as(tmp_path / f"report.{kind}")
        assert "72.1" in (tmp_path / f"report.{kind}").read_text("utf-8")
    page.locator("#zd-s1").get_by_role("button", name="重写这一节").click()
    page.locator(".zd-versions").wait_for(timeout=_MINUTES)
    assert "第 2 版" in page.locator(".zd-deep > header .zd-facts").inner_text()
    looked.clean()
