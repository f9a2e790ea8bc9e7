"""Issues that are there, as publications: nothing changes behind one's back, and a week costs nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from core.errors import Misconfigured, Skip
from core.models import Day, Query
from graph import publication
from graph.desk import Desk
from tests.flow.days import entry, forget, served
from tests.flow.worlds import desk, scripted
from tools.exports import load_exporters

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)
FIRST = [
    entry(f"2611.000{n:02}", topic)
    for n, topic in enumerate(
        ["sparse attention", "sparse attention", "reinforcement learning", "speech recognition"], 1
    )
]
NEXT = [entry(f"2611.000{n:02}", "reinforcement learning") for n in (11, 12, 13)]
LATE = entry("2611.00007", "sparse attention", votes=40)


def files(folder: Path) -> dict[str, bytes]:
    """Everything below, by name."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


async def read(opened: Desk, day: date) -> Day:
    return await opened.digest("hf", Query(day=day))


def changed(lists: dict[str, list[dict[str, Any]]], home: Path) -> None:
    """Monday's list grew, and its votes went up, before Tuesday is read."""
    forget(home)
    lists[str(MONDAY)] = [*(entry(e["paper"]["id"], e["paper"]["ai_keywords"][0], 99) for e in FIRST), LATE]
    lists[str(TUESDAY)] = NEXT


async def test_what_came_late_stands_in_the_next_issue_and_the_old_one_never_changes(
    tmp_path: Path, httpserver: HTTPServer
) -> None:
    lists: dict[str, list[dict[str, Any]]] = {str(MONDAY): FIRST}
    with served(httpserver, lists) as mirror:
        async with desk(tmp_path, None, mirror=mirror, http_retries=0) as (opened, _):
            await read(opened, MONDAY)
            before = files(tmp_path / "issues")
            assert {name.split("/")[0] for name in before} == {"2026-11-16-hf"}
            changed(lists, tmp_path)
            second = await read(opened, TUESDAY)
            after = files(tmp_path / "issues")
            (monday,) = [i.key for i in opened.issues() if i.date == MONDAY]
            kept = opened.overview(monday)
    assert [(r.paper.id, r.late) for r in second.results if r.late] == [("2611.00007", MONDAY)]
    assert second.ledger.listed == len(NEXT) + 1
    assert {name: content for name, content in after.items() if name in before} == before
    assert kept is not None and {w.paper for w in kept.worth} == {f"2611.000{n:02}" for n in (1, 2, 3, 4)}


async def test_a_day_made_again_is_the_same_to_the_byte(tmp_path: Path, httpserver: HTTPServer) -> None:
    lists: dict[str, list[dict[str, Any]]] = {str(MONDAY): FIRST}
    with served(httpserver, lists) as mirror:
        async with desk(tmp_path, None, mirror=mirror, http_retries=0) as (opened, _):
            await read(opened, MONDAY)
            changed(lists, tmp_path)
            second = await read(opened, TUESDAY)
            before = files(tmp_path / "issues")
        forget(tmp_path)
        lists[str(TUESDAY)] = [entry(e["paper"]["id"], "reinforcement learning", 77) for e in NEXT]
        async with desk(tmp_path, None, mirror=mirror, http_retries=0) as (opened, _):
            assert await read(opened, TUESDAY) == second
        assert files(tmp_path / "issues") == before
        async with desk(tmp_path / "other", None, mirror=mirror, http_retries=0) as (opened, _):
            lists[str(TUESDAY)], lists[str(MONDAY)] = NEXT, FIRST
            await read(opened, MONDAY)
            changed(lists, tmp_path / "other")
            await read(opened, TUESDAY)
    again = files(tmp_path / "other" / "issues")
    assert again.keys() == before.keys()
    assert [name for name in again if again[name] != before[name] and not name.endswith((".md", ".json"))] == []


async def test_a_part_of_a_day_has_a_folder_of_its_own(tmp_path: Path, httpserver: HTTPServer) -> None:
    with served(httpserver, {str(MONDAY): FIRST}) as mirror:
        async with desk(tmp_path, None, mirror=mirror, http_retries=0) as (opened, _):
            await read(opened, MONDAY)
            part = await opened.digest("hf", Query(day=MONDAY, keywords=("speech",)))
    assert len(part.edition) == 6
    assert {p.name for p in (tmp_path / "issues").iterdir()} == {"2026-11-16-hf", f"2026-11-16-hf-{part.edition}"}


async def test_every_format_a_site_a_letter_and_a_week_without_reading_anything(
    tmp_path: Path, httpserver: HTTPServer
) -> None:
    model = scripted(small=True)
    with served(httpserver, {str(MONDAY): FIRST, str(TUESDAY): NEXT}) as mirror:
        async with desk(tmp_path, None, mirror=mirror, http_retries=0, formats=("json",)) as (opened, _):
            await read(opened, MONDAY)
            await read(opened, TUESDAY)
        async with desk(tmp_path, None, formats=("json",)) as (opened, _):
            newest = opened.issues()[0]
            written = await opened.print(newest.key, ["jsonl", "bibtex", "markdown"])
            assert all(path.is_file() for path in written)
            letter = await opened.letter(newest.key)
            assert "2026-11-17" in letter.title
            key = await opened.week("hf", TUESDAY)
            week, said = opened.issue(key), opened.overview(key)
            assert await opened.week("hf", MONDAY) == key and opened.issue(key) == week
            page = await opened.site(tmp_path / "site")
            with pytest.raises(Skip):
                await opened.week("arxiv", MONDAY)
            with pytest.raises(Misconfigured, match="没有 pptx"):
                await opened.print(newest.key, ["pptx"])
            with pytest.raises(Skip):
                await opened.print("0" * 16, ["json"])
            with pytest.raises(Misconfigured, match="没有设置发到哪里"):
                await opened.deliver(newest.key)
    assert week is not None and said is not None
    assert (week.date, str(week.until), week.ledger.listed) == (MONDAY, "2026-11-22", 7)
    assert {w.paper for w in said.worth} == {r.paper.version for r in week.results}
    assert page.is_file() and (page.parent / "2026-W47-hf" / "index.html").is_file()
    assert model.history == []


async def test_pictures_are_drawn_once_and_never_over_others(
    tmp_path: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(httpserver, {str(MONDAY): FIRST}) as mirror:
        async with desk(tmp_path, None, mirror=mirror, http_retries=0) as (opened, _):
            day = await read(opened, MONDAY)
            assert any(name.endswith("pictures/words-dark.svg") for name in day.files)
            kept = files(tmp_path / "pictures")
            import tools.pictures

            monkeypatch.setattr(tools.pictures, "draw", lambda *_: pytest.fail("drawn again"))
            (issue,) = opened.issues()
            assert (await publication.opened(opened.deps, issue.key)).pictures
            assert (await opened.picture_of(issue.key, "words", "dark")).read_bytes().startswith(b"\x89PNG")
            with pytest.raises(Skip):
                await opened.picture_of(issue.key, "../x", "dark")
    assert files(tmp_path / "pictures") == kept


async def test_a_machine_that_can_make_no_pdf_writes_all_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking() -> None:
        raise Misconfigured("生成 PDF 缺少中文字体", "先安装")

    monkeypatch.setattr("tools.exports.reports.pdf.ready", lacking)
    async with desk(tmp_path, scripted()) as (opened, told):
        await opened.digest("sample", Query())
        (issue,) = opened.issues()
        with pytest.raises(Misconfigured, match="中文字体"):
            await opened.print(issue.key, ["all"])
    names = {name.rpartition("/")[2] for name in files(tmp_path / "issues")}
    assert {"issue.docx", "papers.bib", "papers.ris", "papers.jsonl", "wechat.html", "letter.txt"} <= names
    assert "issue.pdf" not in names
    assert [p.note for p in told if p.step == "print"] == sorted(load_exporters())
