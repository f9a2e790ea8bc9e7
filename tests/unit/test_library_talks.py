"""Conversations in the library: each one's own, in order, whole or not at all."""

import sqlite3
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from core.errors import Stop
from core.models import Answer, Usage
from core.talk import Conversation, Scope, Turn
from tests.unit import builders
from tools.store.library import SqliteLibrary

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ONE, OTHER = "1" * 32, "2" * 32


@pytest.fixture
def library(tmp_path: Path) -> SqliteLibrary:
    return SqliteLibrary(tmp_path / "library.sqlite")


def talk(id: str = ONE, owner: str = "li", **more: object) -> Conversation:
    filled = {"id": id, "owner": owner, "title": "一个问题", "created": NOON, "updated": NOON}
    return Conversation.model_validate({**filled, **more})


def turn(n: int, minutes: int = 0, **more: object) -> Turn:
    answer = Answer(answer=f"第 {n} 个回答。", refused=False, claims=(builders.claim(f"a{n}"),))
    filled = {"n": n, "question": f"第 {n} 个问题？", "asked": NOON + timedelta(minutes=minutes), "answer": answer}
    return Turn.model_validate({**filled, **more})


def test_a_conversation_comes_back_with_its_turns(tmp_path: Path, library: SqliteLibrary) -> None:
    library.put_conversation(talk())
    second = turn(2, 5, scope=Scope(day="k", papers=("2501.00001v1",)), stopped=True, usage=Usage(calls=2))
    library.put_turn(ONE, second)
    library.put_turn(ONE, turn(1, 1))
    for opened in (library, SqliteLibrary(tmp_path / "library.sqlite")):
        assert opened.turns(ONE) == [turn(1, 1), second]
        assert opened.conversation(ONE, "li") == talk(updated=NOON + timedelta(minutes=5), turns=2)
    assert library.turns(OTHER) == []


def test_a_turn_is_replaced_by_its_number(library: SqliteLibrary) -> None:
    library.put_conversation(talk())
    library.put_turn(ONE, turn(1, stopped=True))
    library.put_turn(ONE, turn(1))
    assert library.turns(ONE) == [turn(1)]
    found = library.conversation(ONE, "li")
    assert found is not None and found.turns == 1


def test_the_one_spoken_in_last_stands_first_in_every_time_zone(library: SqliteLibrary) -> None:
    shanghai = timezone(timedelta(hours=8))
    library.put_conversation(talk(ONE))
    library.put_conversation(talk(OTHER, updated=NOON.astimezone(shanghai) + timedelta(minutes=1)))
    assert [c.id for c in library.conversations("li")] == [OTHER, ONE]
    library.put_turn(ONE, turn(1, 2))
    assert [c.id for c in library.conversations("li")] == [ONE, OTHER]


def test_a_new_title_keeps_the_turns_and_the_time(library: SqliteLibrary) -> None:
    library.put_conversation(talk())
    library.put_turn(ONE, turn(1, 3))
    library.put_conversation(talk(title="新名字", turns=9))
    found = library.conversation(ONE, "li")
    assert found == talk(title="新名字", updated=NOON + timedelta(minutes=3), turns=1)


def test_nobody_sees_touches_or_drops_what_is_somebody_elses(library: SqliteLibrary) -> None:
    library.put_conversation(talk())
    library.put_turn(ONE, turn(1))
    assert library.conversations("wang") == []
    assert library.conversation(ONE, "wang") is None
    library.drop_conversation(ONE, "wang")
    library.put_conversation(talk(owner="wang", title="我的"))
    assert library.conversation(ONE, "wang") is None
    assert [c.title for c in library.conversations("li")] == ["一个问题"]
    assert library.turns(ONE) == [turn(1)]


@pytest.mark.parametrize("owner", ["", "li'--", "user:李", "%", "LI"])
def test_an_owner_is_compared_letter_by_letter(owner: str, library: SqliteLibrary) -> None:
    library.put_conversation(talk())
    assert library.conversations(owner) == []
    library.put_conversation(talk(OTHER, owner))
    assert [c.id for c in library.conversations(owner)] == [OTHER]


def test_what_is_dropped_is_gone_with_its_turns(tmp_path: Path, library: SqliteLibrary) -> None:
    library.put_conversation(talk())
    library.put_conversation(talk(OTHER))
    library.put_turn(ONE, turn(1))
    library.put_turn(OTHER, turn(1))
    library.drop_conversation(ONE, "li")
    assert [c.id for c in library.conversations("li")] == [OTHER]
    assert library.turns(ONE) == []
    library.put_turn(ONE, turn(2))  # an answer that was still on its way
    assert library.turns(ONE) == []
    with sqlite3.connect(tmp_path / "library.sqlite") as db:
        assert db.execute("SELECT count(*) FROM turns").fetchone() == (1,)


def test_a_turn_is_written_whole_or_not_at_all(library: SqliteLibrary) -> None:
    library.put_conversation(talk())
    with library._write() as db:
        db.execute("CREATE TRIGGER full BEFORE INSERT ON turns BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    with pytest.raises(Stop, match="写不进"):
        library.put_turn(ONE, turn(1, 9))
    assert library.conversation(ONE, "li") == talk()
    assert library.turns(ONE) == []


def test_kill_nine_loses_no_acknowledged_turn(tmp_path: Path) -> None:
    script = """
        import sys
        from pathlib import Path
        from tests.unit.test_library_talks import ONE, talk, turn
        from tools.store.library import SqliteLibrary
        library = SqliteLibrary(Path(sys.argv[1]))
        library.put_conversation(talk())
        for n in range(1, 100000):
            library.put_turn(ONE, turn(n, n))
            print(n, flush=True)
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "library.sqlite")],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert child.stdout is not None
    for _ in range(20):
        child.stdout.readline()
    child.kill()
    last = 20 + len(child.stdout.read().split("\n")[:-1])
    child.wait(10)
    child.stdout.close()
    library = SqliteLibrary(tmp_path / "library.sqlite")
    kept = library.turns(ONE)
    assert [t.n for t in kept] == list(range(1, len(kept) + 1)) and len(kept) >= last
    (found,) = library.conversations("li")
    assert (found.turns, found.updated) == (len(kept), kept[-1].asked)
