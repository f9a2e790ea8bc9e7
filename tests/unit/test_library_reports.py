"""Reports in the library: a proposal, its versions, and files that were written before there were any."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from core.models import Query, Usage
from core.report import Commission, Plan, PlannedPaper, PlannedSection, Proposal, Report
from tests.unit import builders
from tools.store.library import SqliteLibrary

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ONE, OTHER = "1" * 16, "2" * 16
PLAN = Plan(
    title="深读",
    kind="paper",
    papers=(PlannedPaper(version="2501.00001v1", title="A", reason="你指定的"),),
    sections=(PlannedSection(id="s1", heading="方法", aspect="method", questions=("怎么做的？",)),),
    expected=Usage(calls=3),
    minutes=2.0,
)


@pytest.fixture
def library(tmp_path: Path) -> SqliteLibrary:
    return SqliteLibrary(tmp_path / "library.sqlite")


def proposal(id: str = ONE, **more: object) -> Proposal:
    return Proposal.model_validate(
        {"id": id, "commission": Commission(topic="深读"), "plan": PLAN, "made": NOON, **more}
    )


def report(version: int = 1, id: str = ONE) -> Report:
    return Report(id=id, version=version, commission=Commission(), plan=PLAN, made=NOON, papers=(), sections=())


def test_a_proposal_comes_back_and_counts_its_versions(tmp_path: Path, library: SqliteLibrary) -> None:
    library.put_proposal(proposal(versions=7))
    assert library.proposal(ONE) == proposal()
    library.put_proposal(proposal(state="agreed"))
    assert library.proposal(ONE) == proposal(state="agreed")
    library.put_report(report(1))
    library.put_report(report(2))
    for opened in (library, SqliteLibrary(tmp_path / "library.sqlite")):
        assert opened.proposals() == [proposal(state="done", versions=2)]
        assert opened.report(ONE) == report(2)
        assert opened.report(ONE, 1) == report(1)
        assert opened.report(ONE, 3) is None
    assert library.proposal(OTHER) is None and library.report(OTHER) is None


def test_the_newest_stands_first_in_every_time_zone(library: SqliteLibrary) -> None:
    shanghai = timezone(timedelta(hours=8))
    library.put_proposal(proposal())
    library.put_proposal(proposal(OTHER, made=datetime(2026, 11, 23, 19, tzinfo=shanghai)))  # an hour before noon UTC
    assert [p.id for p in library.proposals()] == [ONE, OTHER]
    library.put_proposal(proposal(OTHER, made=datetime(2026, 11, 23, 21, tzinfo=shanghai)))
    assert [p.id for p in library.proposals()] == [OTHER, ONE]


def test_what_is_dropped_is_gone_with_its_versions(library: SqliteLibrary) -> None:
    for id in (ONE, OTHER):
        library.put_proposal(proposal(id))
        library.put_report(report(1, id))
    library.drop_proposal(ONE)
    library.drop_proposal(ONE)
    assert library.proposal(ONE) is None and library.report(ONE) is None
    library.put_report(report(2))  # its writer did not know yet
    assert library.report(ONE) is None
    assert library.report(OTHER) == report(1, OTHER)


BEFORE = {
    2: "DROP TABLE turns; DROP TABLE conversations; ALTER TABLE days DROP COLUMN about;",
    3: "",
}
"""What a file of that format did not have, beside reports."""


@pytest.mark.parametrize("format", BEFORE)
def test_an_older_file_gets_room_for_reports_and_keeps_its_days(
    format: int, tmp_path: Path, library: SqliteLibrary
) -> None:
    library.put_day(builders.day(), "k", Query())
    (issue,) = library.issues()
    library.close()
    with sqlite3.connect(tmp_path / "library.sqlite") as db:
        db.executescript(f"DROP TABLE reports; DROP TABLE proposals; {BEFORE[format]} PRAGMA user_version={format};")
    opened = SqliteLibrary(tmp_path / "library.sqlite")
    opened.put_proposal(proposal())
    assert opened.proposals() == [proposal()]
    assert opened.issues() == [issue] and opened.conversations("li") == []
