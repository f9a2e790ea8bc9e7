"""Commands: one JSON document on standard output whatever happens, exit codes, and errors that name the line."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import app
from core.documents import Hit
from core.errors import Misconfigured, Retry, Stop
from core.models import Answer, Citation, Claim, Day, Finding, Ledger, Query, Status, Verdict
from core.ports import Check, Watch
from core.settings import Settings
from tests.unit.builders import claim, day, digest, passage, quote, result
from ui import commandline

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

    def _say(self, *asked: Any) -> Any:
        self.asked.append(asked)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    async def digest(self, source: str, query: Query, out: Path | None = None) -> Day:
        made: Day = self._say(source, query, out)
        return made

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
    return commandline.run(args, opener, lambda settings: list(checks))


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
    assert (hit["paper"], hit["page"], hit["text"]) == ("2501.00001v1", 1, "Some text.")
    run(FakeDesk(ANSWER), "ask", "问题", "--json")
    made = json.loads(capsys.readouterr().out)
    assert (made["refused"], made["citations"][0]["n"], made["citations"][0]["page"]) == (False, 1, 3)


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
