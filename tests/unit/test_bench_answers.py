"""Questions about a day: what counts as a fact, a right page and a refusal, what is kept, and what the page says."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench import answers
from bench.answers import Kept, Question, Said, has, what_failed
from core.errors import Skip
from core.models import Answer, Citation, Verdict
from tests.unit.builders import claim, quote

ONE, TWO = "2501.00001v1", "2501.00002v1"


def question(**changed: Any) -> Question:
    fields: dict[str, Any] = {
        "id": "q1",
        "question": "训练用了几块卡，学了多少步？",
        "papers": (ONE,),
        "answerable": True,
        "must": (("8", "八"), ("1,000", "一千")),
        "pages": {ONE: (3,)},
        "kind": "fact",
    }
    return Question(**(fields | changed))


def unanswerable(**changed: Any) -> Question:
    return question(**({"answerable": False, "must": (), "pages": {}, "kind": "unanswerable"} | changed))


def answer(text: str = "用了 8 块 GPU[1]。", *places: tuple[str, int]) -> Answer:
    cited = [quote(paper=paper, page=page) for paper, page in places or ((ONE, 3),)]
    marks = tuple(Citation(n=n, quote=q, verdict=Verdict.SUPPORTED) for n, q in enumerate(cited, 1))
    return Answer(answer=text, refused=False, citations=marks)


def refusal(*pages: int) -> Answer:
    return Answer(answer="没有找到。", refused=True, nearest=tuple(quote(paper=ONE, page=page) for page in pages))


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("准确率是 52 ％。", "52%"),
        ("分别为52，31和7。", "52"),
        ("用户 27, 879 人", "27,879"),
        ("约 ２～３ 倍", "2~3"),
        ("a 2–3 times speedup", "2-3"),
        ("学习率 3 × 10⁻⁷", "3×10-7"),
        ("Qwen-2.5-72B 写摘要", "qwen-2.5-72b"),
        ("共 680.", "680"),
        ("A800=0.031, 910B=0.034", "0.031"),
        ("用的是 ARITHMETIC\nintensity", "arithmetic intensity"),
        ("有 12[3] 层", "12"),
    ],
)
def test_a_fact_stands_there_in_other_forms(text: str, way: str) -> None:
    assert has(text, ["没有这个", way])


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("得 1.52 分", "52"),
        ("得 520 分", "52"),
        ("得 52.4 分", "52"),
        ("共 8,100 个", "100"),
        ("共 52,100 个", "52"),
        ("见[52]。", "52"),
        ("降了 152%", "52%"),
    ],
)
def test_part_of_a_number_is_not_the_number(text: str, way: str) -> None:
    assert not has(text, [way])


def test_facts_pages_and_sentences_are_counted() -> None:
    said = Said(question(), answer("用了 8 块 GPU[1][2]。学了很久[3]。", (TWO, 3), (ONE, 3)), 1.0)
    assert (said.facts, said.cited, said.sentences) == (0.5, 1.0, 2)
    assert (said.refused, said.answered, said.nearest) == (False, True, 0.0)
    assert Said(question(), answer("8 块，一千步[1]。", (TWO, 3), (ONE, 4)), 1.0).cited == 0


def test_withheld_sentences_do_not_stand_and_those_of_a_table_do() -> None:
    claims = (claim("a1", "用了 8 块。"), claim("a2", "学了 1,000 步。", withheld=True), claim("a3"))
    said = Said(question(), answer("见下表。").model_copy(update={"claims": claims}), 1.0)
    assert (said.sentences, said.facts) == (2, 0.5)


def test_a_refusal_has_neither_facts_nor_pages_but_shows_what_is_near() -> None:
    said = Said(question(), refusal(7, 3), 1.0)
    assert (said.facts, said.cited, said.nearest, said.sentences) == (0, 0, 1, 0)
    assert Said(question(), refusal(7), 1.0).nearest == 0


@pytest.mark.parametrize(
    ("asked", "given", "failed"),
    [
        (question(), answer("8 块，一千步[1]。"), ""),
        (question(), answer("8 块，一千步[1]。", (ONE, 5)), "all facts, but not from a right page"),
        (question(), answer("8 块[1]。"), "right page, only some of the facts"),
        (question(), answer("很多[1]。"), "right page, none of the facts"),
        (question(), answer("很多[1]。", (ONE, 5)), "wrong page, none of the facts"),
        (question(), refusal(3), "refused, the right page shown"),
        (question(), refusal(4), "refused, the right page not shown"),
        (question(), None, "no answer: the desk gave up"),
        (unanswerable(), refusal(4), ""),
        (unanswerable(), answer(), "answered although no paper says it"),
        (
            question(papers=(ONE, TWO), pages={ONE: (3,), TWO: (4,)}, kind="comparison"),
            answer("8 块，一千步[1]。"),
            "only one of the papers cited on a right page",
        ),
    ],
)
def test_failures_have_a_kind(asked: Question, given: Answer | None, failed: str) -> None:
    assert what_failed(Said(asked, given, 1.0)) == failed


def test_the_page_tells_kinds_apart() -> None:
    said = [
        Said(question(), answer("8 块，一千步[1]。"), 2.0),
        Said(question(id="q2", kind="why", papers=()), answer("8 GPUs[1].", (ONE, 9)), 4.0),
        Said(unanswerable(id="q3"), refusal(), 1.0),
        Said(unanswerable(id="q4", papers=()), answer(), 3.0),
    ]
    page = answers.report(said, 8, "m")
    assert "2 questions that 8 papers answer and 2 that they do not, in Chinese; model: m." in page
    assert "| fact | 1 | 1.00 [1.00, 1.00] | 1.00 | 1.00 [1.00, 1.00] | 1.00 | 0.00 [0.00, 0.00] | 1.0 |" in page
    assert "| no paper named | 1 | 0.00 [0.00, 0.00] | 0.50 |" in page
    assert "| all | 2 | 0.50 [" in page and "| table |" not in page
    assert "| of one paper | 1 | 1.00 [1.00, 1.00] |" in page and "| of the day | 1 | 0.00 [0.00, 0.00] |" in page
    assert "| answered | 3 | 3.0 | 3.8 |" in page and "| refused | 1 | 1.0 | 1.0 |" in page
    assert "| answered although no paper says it | 1 | q4 |" in page
    assert "| not a word of Chinese in it (counted above as well) | 1 | q2 |" in page


def test_what_was_kept_is_found_again_and_broken_lines_are_not(tmp_path: Path) -> None:
    path = tmp_path / "home" / "kept.jsonl"
    assert answers.recall(path) == {}
    lines = [Kept(made_with="m", question=text, answer=refusal(1), seconds=1.5) for text in ("一", "二")]
    answers.keep(path, lines)
    path.write_bytes(path.read_bytes() + b'{"made_with": "m", "quest')
    assert answers.recall(path) == {("m", "一"): lines[0], ("m", "二"): lines[1]}


class _Desk:
    """Answers all but one question, and says what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str | None, str | None]] = []
        index = SimpleNamespace(identity="i")
        self.deps = SimpleNamespace(models={}, index=index, prompts_hash="p")

    async def ask(self, text: str, name: str | None, date: str | None) -> Answer:
        self.asked.append((name, date))
        if "PutnamBench" in text:
            raise Skip("格式不对", code="format")
        return refusal(1)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> _Desk:
    """In place of the real one; the PDFs are there and the page goes into a folder of the test."""
    one = _Desk()

    @asynccontextmanager
    async def opened(settings: object) -> AsyncIterator[_Desk]:
        yield one

    async def put(*_: object) -> None:
        return None

    monkeypatch.setattr(answers, "open_desk", opened)
    monkeypatch.setattr(answers, "_put_day", put)
    monkeypatch.setattr(answers, "ROOT", tmp_path)
    (tmp_path / "docs" / "measured").mkdir(parents=True)
    for name in answers.papers_of(answers.read()):
        (tmp_path / f"{name}.pdf").touch()
    return one


def test_a_run_goes_on_where_it_was_killed(desk: _Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--no-model", "--home", str(tmp_path / "home"), str(tmp_path)]
    answers.main([*arguments, "--limit", "5"])
    assert len(desk.asked) == 5
    written = tmp_path / "docs" / "measured" / "answers-no-model.md"
    assert not written.exists()
    answers.main(arguments)
    questions = answers.read()
    assert len(desk.asked) == len(questions)
    alone = sum(len(q.papers) == 1 for q in questions)
    assert sum(name is not None and date is None for name, date in desk.asked) == alone
    assert sum(name is None and date == "2025-08-01" for name, date in desk.asked) == len(questions) - alone
    assert "| no answer: the desk gave up | 1 | none-3 |" in written.read_text("utf-8")
    answers.main(arguments)
    assert len(desk.asked) == len(questions) + 1  # the one that has no answer yet
    assert "none-3: 格式不对" in capsys.readouterr().err


def test_papers_that_are_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=re.escape("lacks 1903.03714v1, ")):
        answers.main(["--no-model", "--home", str(tmp_path), str(tmp_path)])


def test_the_questions_are_what_they_say() -> None:
    questions = answers.read()
    assert len({q.id for q in questions}) == len({q.question for q in questions}) == len(questions) >= 66
    assert len(answers.papers_of(questions)) == 8
    assert sum(not q.answerable for q in questions) == 12
    for q in questions:
        assert q.answerable == bool(q.must) == bool(q.pages) == (q.kind != "unanswerable"), q.id
        assert all(ways and all(ways) for ways in q.must) and all(q.pages.values()), q.id
        assert not q.answerable or not q.papers or set(q.papers) == set(q.pages), q.id
        assert len(q.pages) == (2 if q.kind == "comparison" else 1 if q.answerable else 0), q.id
        assert re.search("[一-鿿]", q.question), q.id
        assert not any(has(q.question, ways) for ways in q.must), f"{q.id} gives its answer away"


def test_a_few_questions_come_from_everywhere() -> None:
    questions = answers.read()
    few = answers.spread(questions, 5)
    assert len({q.id for q in few}) == 5 and any(not q.answerable for q in few)
    assert answers.spread(questions, 999) == questions
