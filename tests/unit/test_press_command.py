"""The commands about issues that are there: which issue is meant, what is printed, the exit code."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app import _parser
from core.delivery import Delivery
from core.desk import Desk
from core.errors import Skip
from core.models import Day, Query
from core.ports import Issue, Watch
from core.settings import Settings
from tests.ui.fake_press import FakePress
from tests.unit import builders
from ui import commandline, press_command


def issue(day: str, source: str = "hf", edition: str = "", published: int = 3, until: str | None = None) -> Issue:
    """On the shelf."""
    return Issue(
        key=f"{day}{source}{edition}", date=date.fromisoformat(day), source=source, model="m", published=published,
        listed=9, query=Query(), edition=edition, until=date.fromisoformat(until) if until else None,
    )  # fmt: skip


ISSUES = [
    issue("2026-11-20", edition="aaaaaa", published=9),
    issue("2026-11-20"),
    issue("2026-11-19", "arxiv"),
    issue("2026-11-16", until="2026-11-22"),
]


class Shop(FakePress):
    """Remembers which issue it was asked for."""

    def __init__(self) -> None:
        self.days: dict[str, Day] = {"k": builders.day()}
        self.asked: list[Any] = []
        self.state: Any = "sent"

    def issues(self) -> list[Issue]:
        return ISSUES

    async def print(self, key: str, formats: Any, out: Path | None = None) -> tuple[Path, ...]:
        self.asked.append((key, tuple(formats), out))
        return await super().print(key, formats, out)

    async def deliver(self, key: str, *, again: bool = False) -> tuple[Delivery, ...]:
        self.asked.append((key, again))
        return (Delivery(place="ntfy · a.test", state=self.state, note="对方没有应答"),)


def run(shop: Shop, *arguments: str) -> int:
    @asynccontextmanager
    async def opener(_: Settings, __: Watch) -> AsyncIterator[Desk]:
        yield shop  # type: ignore[misc]  # it has what these commands ask for

    return commandline.run(_parser().parse_args(list(arguments)), opener, lambda _: [])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGDU_HOME", str(tmp_path))


@pytest.mark.parametrize(
    ("day", "source", "key"),
    [
        (None, None, "2026-11-20hf"),
        (None, "arxiv", "2026-11-19arxiv"),
        (date(2026, 11, 20), None, "2026-11-20hf"),
        (date(2026, 11, 20), "hf", "2026-11-20hf"),
    ],
)
def test_a_whole_day_comes_before_a_part_of_it(day: date | None, source: str | None, key: str) -> None:
    assert press_command.picked(ISSUES, day, source).key == key


@pytest.mark.parametrize(("issues", "day"), [([], None), (ISSUES, date(2026, 11, 16)), (ISSUES, date(2020, 1, 1))])
def test_a_day_that_is_not_there_is_told_with_those_that_are(issues: list[Issue], day: date | None) -> None:
    with pytest.raises(Skip) as told:
        press_command.picked(issues, day, None)
    assert ("2026-11-20" in str(told.value)) is bool(issues)


def test_export_names_its_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shop = Shop()
    assert run(shop, "export", "--format", "pdf,docx", "--out", str(tmp_path)) == 0
    assert shop.asked == [("2026-11-20hf", ("pdf", "docx"), tmp_path)]
    assert str(tmp_path / "pdf") in capsys.readouterr().out


def test_a_week_takes_the_formats_of_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    shop = Shop()
    assert run(shop, "week", "--date", "2026-11-18", "--json") == 0
    assert shop.asked == [("k", ("markdown", "json"), None)]
    assert json.loads(capsys.readouterr().out)["issue"] == "2026-W47"


def test_speaking_tells_length_and_speed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Shop(), "speak") == 0
    assert "时长 0:02，合成用了 1 秒（每秒语音 0.50 秒）" in capsys.readouterr().out
    assert run(Shop(), "speak", "--json") == 0
    assert json.loads(capsys.readouterr().out)["seconds"] == 2.0


def test_a_preview_sends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    shop = Shop()
    assert run(shop, "send", "--preview") == 0
    assert shop.asked == [] and "证读" in capsys.readouterr().out


@pytest.mark.parametrize(("state", "code"), [("sent", 0), ("before", 0), ("failed", 1), ("doubt", 1)])
def test_what_did_not_arrive_is_no_success(state: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    shop = Shop()
    shop.state = state
    assert run(shop, "send", "--again") == code
    assert shop.asked == [("2026-11-20hf", True)]
    assert "ntfy · a.test：" in capsys.readouterr().out


def test_the_site_says_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Shop(), "site", "--out", "x", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"page": str(Path("x") / "index.html")}


def test_an_issue_that_is_not_there_is_an_error_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Shop(), "export", "--date", "2020-01-01", "--format", "all", "--json") == 1
    assert json.loads(capsys.readouterr().out)["error"]["type"] == "Skip"
