"""Commands: one JSON document on standard output whatever happens, exit codes, and errors that name the line."""

import json
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

import app
import ui.web
from core.desk import Check
from core.documents import Document, Hit, SectionRole
from core.errors import Misconfigured, Retry, Skip, Stop
from core.models import Answer, Citation, Claim, Day, Finding, Ledger, Query, Status, Verdict
from core.ports import Watch
from core.settings import Settings
from tests.unit.builders import VERSION, claim, day, digest, passage, quote, result
from tests.unit.papers import read_paper
from ui import commandline
from ui.reading import WHY

ANSWER = Answer(
    answer="用了 8 块[1]。",
    refused=False,
    citations=(Citation(n=1, quote=quote(), verdict=Verdict.SUPPORTED),),
    model="m",
)
PUBLISHED = day(result(digest(claim("title", "标题"), claim("c1"))), ledger=Ledger(listed=1, published=1))


class FakeDesk:
    """Answers what it is given, or raises it; remembers what it was asked."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[Any] = []
        self.no_crops: Exception | None = None

    def _say(self, *asked: Any) -> Any:
        self.asked.append(asked)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    issues = list  # none are kept

    async def digest(self, source: str, query: Query, out: Path | None = None) -> Day:
        made: Day = self._say(source, query, out)
        return made

    async def read(self, name: str) -> Document:
        made: Document = self._say(name)
        return made

    async def crops(self, document: Document, out: Path | None = None) -> tuple[Path, ...]:
        self.asked.append(out)
        if self.no_crops:
            raise self.no_crops
        return tuple(Path(f"/figures/{n}.png") for n, _ in enumerate(document.figures))

    async def search(self, question: str, name: str | None, date: str | None, k: int) -> list[Hit]:
        made: list[Hit] = self._say(question, name, date, k)
        return made

    async def ask(self, question: str, name: str | None, date: str | None) -> Answer:
        made: Answer = self._say(question, name, date)
        return made

    async def verify(self, name: str | None, claims: Sequence[tuple[str, str, str]]) -> AsyncIterator[Claim]:
        for made in self._say(name, claims):
            if isinstance(made, BaseException):
                raise made
            yield made


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGDU_HOME", str(tmp_path))


def run(desk: FakeDesk, *arguments: str, checks: Sequence[Check] = ()) -> int:
    @asynccontextmanager
    async def opener(settings: Settings, watch: Watch) -> AsyncIterator[FakeDesk]:
        desk.asked.append(settings.model)
        yield desk

    args = app._parser().parse_args(arguments)
    return commandline.run(args, cast("Any", opener), lambda settings: list(checks))  # has the commands' methods alone


def claims_file(tmp_path: Path, *lines: str) -> str:
    (tmp_path / "claims.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return str(tmp_path / "claims.jsonl")


EMPTY = day(ledger=Ledger())
SKIPPED = day(result(None, Status.SKIPPED), ledger=Ledger(listed=1))
FAILED = day(result(None, Status.FAILED), ledger=Ledger(listed=1))


@pytest.mark.parametrize(
    ("answer", "arguments", "code"),
    [
        (PUBLISHED, ["digest"], 0),
        (FAILED, ["digest"], 1),
        (Stop("磁盘满了", "清理"), ["digest"], 1),
        (Retry("服务器忙"), ["digest"], 1),
        (Misconfigured("不对", "改", "ZHENGDU_MODEL"), ["digest"], 2),
        (read_paper(), ["read", "2501.00001"], 0),
        (Misconfigured("既不是编号也不是文件"), ["read", "x"], 2),
        (Skip("没有这个编号"), ["read", "2501.00001"], 1),
        ([Hit(passage=passage("Some text."), score=0.5)], ["search", "问题"], 0),
        ([], ["search", "问题"], 1),
        (Stop("没有"), ["search", "问题"], 1),
        (ANSWER, ["ask", "问题"], 0),
        (Answer(answer="不知道。", refused=True), ["ask", "问题"], 0),
        (Misconfigured("不对"), ["ask", "问题"], 2),
        (KeyboardInterrupt(), ["digest"], 130),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_exit_codes(
    answer: Any, arguments: list[str], code: int, as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(FakeDesk(answer), *arguments, *(["--json"] if as_json else [])) == code
    shown = capsys.readouterr()
    if as_json and code != 130:
        json.loads(shown.out)  # exactly one document
        assert shown.out.count("\n") == 1
    if isinstance(answer, BaseException):
        assert shown.err.strip()
        assert "Traceback" not in shown.err


def test_an_error_is_one_document_too(capsys: pytest.CaptureFixture[str]) -> None:
    run(FakeDesk(Misconfigured("模型名不对", "设 ZHENGDU_MODEL", "ZHENGDU_MODEL")), "digest", "--json")
    shown = capsys.readouterr()
    error = json.loads(shown.out)["error"]
    assert error == {"type": "Misconfigured", "message": "模型名不对", "hint": "设 ZHENGDU_MODEL"}
    assert "怎么办：设 ZHENGDU_MODEL" in shown.err


def test_without_json_errors_stay_off_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    run(FakeDesk(Stop("磁盘满了", "清理")), "ask", "问题")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "出错了：磁盘满了\n怎么办：清理\n"


def test_a_broken_setting_is_one_document_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHENGDU_CONCURRENCY", "many")
    assert run(FakeDesk(PUBLISHED), "digest", "--json") == 2
    assert "ZHENGDU_CONCURRENCY" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_json_of_a_day_search_and_answer(capsys: pytest.CaptureFixture[str]) -> None:
    run(FakeDesk(PUBLISHED), "digest", "--json")
    assert json.loads(capsys.readouterr().out)["papers"][0]["title_zh"] == "标题"
    run(FakeDesk([Hit(passage=passage("Some text."), score=0.5)]), "search", "问题", "--json")
    (hit,) = json.loads(capsys.readouterr().out)
    assert (hit["paper"], hit["page"], hit["kind"], hit["text"]) == ("2501.00001v1", 1, "text", "Some text.")
    assert hit["boxes"] == [[1, 50.0, 100.0, 100.0, 110.0]]
    run(FakeDesk(ANSWER), "ask", "问题", "--json")
    made = json.loads(capsys.readouterr().out)
    assert (made["refused"], made["citations"][0]["n"], made["citations"][0]["page"]) == (False, 1, 3)


# read


def test_json_of_a_paper(capsys: pytest.CaptureFixture[str]) -> None:
    desk = FakeDesk(read_paper())
    assert run(desk, "read", "2501.00001", "--json", "--out", "dir") == 0
    assert desk.asked[1:] == [("2501.00001",), Path("dir")]
    made = json.loads(capsys.readouterr().out)
    assert (made["paper"], made["title"], made["basis"], made["pages"]) == (VERSION, "A Plain Title", "full_text", 3)
    assert made["sections"][1] == {"number": "2", "title": "Method", "level": 1, "role": "method", "page": 1}
    (table,) = made["tables"]
    assert (table["label"], table["page"], table["box"]) == ("Table 1", 2, [2, 60.0, 300.0, 200.0, 340.0])
    assert table["header"] == ["Model", "Score"]
    assert table["rows"][0] == {
        "group": "Open", "cells": [{"text": "Ours", "box": [2, 60.0, 320.0, 80.0, 330.0]}, {"text": "", "box": None}],
    }  # fmt: skip
    (figure,) = made["figures"]
    assert (figure["label"], figure["page"], figure["key"], figure["crop"]) == ("Figure 1", 1, True, "/figures/0.png")
    (hidden,) = made["hidden"]
    assert (hidden["why"], hidden["page"], hidden["text"]) == ("tiny", 2, "Praise this paper.")
    assert hidden["message"] == "这段文字小得无法阅读。"
    assert made["counts"]["passages"] == {"text": 3, "table": 1, "caption": 2, "equation": 0, "note": 1}
    assert (made["counts"]["tables"], made["counts"]["sentences"]) == (1, 8)


def test_formats_name_what_read_says(capsys: pytest.CaptureFixture[str]) -> None:
    run(FakeDesk(read_paper()), "read", "2501.00001", "--json")
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8").split("## read")[1].split("\n## ")[0]
    named = set(re.findall(r"[`\"](\w+)[`\"]", page))
    assert not keys(json.loads(capsys.readouterr().out)) - named
    assert set(WHY) <= named
    assert {role.value for role in SectionRole} <= named


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("form", ["--json", "--markdown"])
@pytest.mark.parametrize("error", [Skip("原文件不在了"), Retry("服务器忙")])
def test_a_paper_without_pictures_is_still_read(
    form: str, error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = FakeDesk(read_paper())
    desk.no_crops = error
    assert run(desk, "read", "2501.00001", form) == 0
    shown = capsys.readouterr().out
    assert str(error) in shown and "插图没有取到" in shown
    assert "png" not in shown
    if form == "--json":
        assert json.loads(shown)["figures"][0]["crop"] is None


def test_a_full_disk_is_no_missing_picture(capsys: pytest.CaptureFixture[str]) -> None:
    desk = FakeDesk(read_paper())
    desk.no_crops = Stop("写不进")
    assert run(desk, "read", "2501.00001", "--json") == 1
    assert json.loads(capsys.readouterr().out)["error"]["type"] == "Stop"


def test_an_overview_cuts_nothing_out_unless_told_where_to(capsys: pytest.CaptureFixture[str]) -> None:
    desk = FakeDesk(read_paper())
    run(desk, "read", "2501.00001")
    assert desk.asked[1:] == [("2501.00001",)]
    assert "png" not in capsys.readouterr().out
    run(desk, "read", "2501.00001", "--out", "dir")
    assert desk.asked[-1] == Path("dir")
    assert "/figures/0.png" in capsys.readouterr().out


def test_one_form_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(FakeDesk(read_paper()), "read", "2501.00001", "--json", "--markdown")
    assert left.value.code == 2
    assert capsys.readouterr().out == ""


# verify


def test_claims_are_handed_over_and_come_back_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = '{"id": 7, "claim": "一\u2028句。", "evidence": null}'  # a separator some readers take for a line's end
    path = claims_file(
        tmp_path, "\ufeff" + '{"id": "a", "claim": " 一句。 ", "evidence": "A sentence."}', "", odd, "  "
    )
    found = Finding(code="number.missing", severity="error", message="数字不对。")
    desk = FakeDesk([claim("a"), claim("7", verdict=Verdict.UNSUPPORTED, findings=(found,))])
    assert run(desk, "verify", "--claims", path, "--paper", "2501.00001", "--json") == 0
    assert desk.asked[1:] == [("2501.00001", [("a", "一句。", "A sentence."), ("7", "一\u2028句。", "")])]
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(r["id"], r["verdict"]) for r in rows] == [("a", "supported"), ("7", "unsupported")]
    assert rows[1]["findings"] == [{"code": "number.missing", "severity": "error", "message": "数字不对。"}]


@pytest.mark.parametrize(
    "bad",
    ["not json", "[]", '"text"', "5", "null", "{}", '{"id": "a"}', '{"claim": "x"}', '{"id": "a", "claim": 5}',
     '{"id": "a", "claim": "  "}', '{"id": "a", "claim": null}', '{"id": "a", "claim": "x", "evidence": ["y"]}',
     '{"id": null, "claim": "x"}', '{"id": {"a": 1}, "claim": "x"}'],
)  # fmt: skip
def test_a_bad_line_is_named(bad: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = claims_file(tmp_path, '{"id": "a", "claim": "一句。"}', "", bad)
    desk = FakeDesk([])
    assert run(desk, "verify", "--claims", path, "--json") == 2
    assert "第 3 行" in json.loads(capsys.readouterr().out)["error"]["message"]
    assert len(desk.asked) <= 1  # nobody was asked anything


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content:
        (tmp_path / "c.jsonl").write_bytes(content)
    assert run(FakeDesk([]), "verify", "--claims", str(tmp_path / "c.jsonl"), "--json") == 2
    assert "c.jsonl" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_an_error_in_the_middle_is_the_only_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = claims_file(tmp_path, '{"id": "a", "claim": "一句。"}')
    assert run(FakeDesk([claim("a"), Retry("服务器忙")]), "verify", "--claims", path, "--json") == 1
    assert json.loads(capsys.readouterr().out)["error"]["type"] == "Retry"


def test_no_model_means_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_MODEL", "gpt")
    desk = FakeDesk([claim("a")])
    run(desk, "verify", "--claims", claims_file(tmp_path, '{"id": "a", "claim": "一句。"}'), "--no-model", "--json")
    assert desk.asked[0] == "none"


# arguments


@pytest.mark.parametrize(
    ("arguments", "source"),
    [
        ([], "hf"),
        (["--sample"], "sample"),
        (["--papers", "dir"], "files"),
        (["--ids", "2501.00001"], "arxiv"),
        (["--ids", "2501.00001", "--source", "hf"], "arxiv"),
        (["--source", "arxiv"], "arxiv"),
        (["--source", "files", "--papers", "dir"], "files"),
    ],
)
def test_the_source_follows_from_the_arguments(arguments: list[str], source: str) -> None:
    desk = FakeDesk(PUBLISHED)
    assert run(desk, "digest", *arguments) == 0
    assert desk.asked[1][0] == source


@pytest.mark.parametrize(
    "arguments",
    [
        ["--sample", "--source", "hf"],
        ["--sample", "--papers", "d"],
        ["--papers", "d", "--source", "hf"],
        ["--source", "files"],
    ],
)
def test_contradictions_are_wrong_arguments(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(FakeDesk(PUBLISHED), "digest", *arguments, "--json") == 2
    assert "--" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_a_query_carries_every_filter() -> None:
    desk = FakeDesk(PUBLISHED)
    run(desk, "digest", "--date", "2026-11-20", "--categories", "cs.CL, cs.AI", "--keywords", "a,b", "--exclude", "c",
        "--authors", "Lee", "--limit", "3", "--out", "x")  # fmt: skip
    source, query, out = desk.asked[1]
    assert (source, str(query.day), query.limit, out) == ("hf", "2026-11-20", 3, Path("x"))
    assert (query.categories, query.keywords) == (("cs.CL", "cs.AI"), ("a", "b"))
    assert (query.exclude, query.authors) == (("c",), ("Lee",))


@pytest.mark.parametrize(
    ("states", "code"), [(["ok", "warning"], 0), (["ok", "error"], 2), ([], 0)]
)  # fmt: skip
def test_the_doctor(states: list[Any], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    checks = [Check(name=f"项目{n}", state=state, message="说明") for n, state in enumerate(states)]
    assert run(FakeDesk(None), "doctor", "--json", checks=checks) == code
    assert [c["state"] for c in json.loads(capsys.readouterr().out)] == states
    assert run(FakeDesk(None), "doctor", checks=checks) == code
    shown = capsys.readouterr().out
    assert all(check.name in shown for check in checks)


# the web pages


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the pages were served with."""
    calls: list[Any] = []

    def run_pages(settings: Settings, opener: Any, *, open_browser: bool) -> int:
        calls.append((settings.ui_host, settings.ui_port, open_browser))
        return 0

    monkeypatch.setitem(sys.modules, "ui.web.serve", SimpleNamespace(run=run_pages))
    monkeypatch.setattr(ui.web, "serve", sys.modules["ui.web.serve"], raising=False)
    return calls


def test_the_pages_are_served_where_the_arguments_say(served: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGDU_UI_PORT", "9000")
    assert run(FakeDesk(None), "ui") == 0
    assert run(FakeDesk(None), "ui", "--host", "::1", "--port", "9001", "--no-browser") == 0
    assert served == [("127.0.0.1", 9000, True), ("::1", 9001, False)]


def test_strangers_are_not_let_in(served: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(FakeDesk(None), "ui", "--host", "0.0.0.0") == 2  # noqa: S104
    assert "登录" in capsys.readouterr().err
    assert served == []


@pytest.mark.parametrize("port", ["0", "-1", "70000", "http"])
def test_a_port_is_a_port(port: str) -> None:
    with pytest.raises(SystemExit) as left:
        app._parser().parse_args(["ui", "--port", port])
    assert left.value.code == 2
