"""Pictures and files of reports, and the papers a plan may choose from."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agents import planning
from core.errors import Misconfigured, Retry, Skip
from core.models import Box, Claim, Ledger, Paper, Query, Verdict
from core.report import Commission, Plate, Report, Sentence
from graph import candidates, section
from graph.deps import Deps
from tests.flow.talks import KARMA, ORCA
from tests.flow.worlds import everywhere
from tests.flow.writing import BOTH, Press, fixed, plan, press
from tests.unit.builders import day, paper, passage, pdf, prose, put, quote, result
from tools import exports
from tools.sources.local_files import read_files

OTHER = "2501.00003v1"


# pictures and files


class Spy:
    """An exporter that says what it was given."""

    name, media_type = "md", "text/markdown"

    def __init__(self) -> None:
        self.given: list[dict[str, bytes]] = []

    def file(self, report: Report, pictures: dict[str, bytes]) -> bytes:
        """The title."""
        self.given.append(dict(pictures))
        return report.plan.title.encode()


async def with_plates(p: Press, folder: Path) -> Report:
    """A report on a PDF, with one plate that is shown, one that is not and one whose paper is gone."""

    def paint(page: Any) -> None:
        put(page, 60, 100, prose("figure", 8))

    path = pdf(folder / "plate.pdf", paint)
    (listed,), _ = read_files([path])
    document = await p.desk.read(str(path))
    made = await p.report(Commission(papers=(listed.version,)), plan(papers=(listed.version,), sections=("method",)))
    box = Box(1, 50.0, 80.0, 350.0, 180.0)
    plates = [
        Plate(what="figure", paper=v, label="Figure 1", caption="A.", box=box, shown=shown)
        for v, shown in ((document.paper, True), (document.paper, False), ("2501.00077v1", True))
    ]
    (only,) = made.sections
    made = made.model_copy(update={"sections": (only.model_copy(update={"blocks": tuple(plates)}),)})
    p.desk.deps.library.put_report(made)
    return made


async def test_plates_are_cut_out_and_go_into_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed(monkeypatch)
    spy = Spy()
    monkeypatch.setattr(exports, "load_report_exporters", lambda: {"md": spy})
    async with press(tmp_path / "home") as p:
        made = await with_plates(p, tmp_path)
        picture = await p.desk.picture(made.id, 1, "s1.0")
        assert picture.read_bytes()[:4] == b"\x89PNG" and tmp_path / "home" / "reports" in picture.parents
        touched = picture.stat().st_mtime_ns
        assert (await p.desk.picture(made.id, 1, "s1.0")).stat().st_mtime_ns == touched  # made once
        for block in ("s1.1", "s1.2", "s1.9", "../s1.0"):
            with pytest.raises(Skip) as skip:
                await p.desk.picture(made.id, 1, block)
            assert skip.value.code == "not_found"
        file = await p.desk.export(made.id, 1, "md")
        assert file.name == "两个模型的比较-v1.md" and file.read_text("utf-8") == made.plan.title
        assert await p.desk.export(made.id, 1, "md") == file and len(spy.given) == 1
        own = await p.desk.export(made.id, 1, "md", tmp_path / "out")
        assert own == tmp_path / "out" / f"{made.id[:6]}-{file.name}" and own.is_file()
        assert [set(given) for given in spy.given] == [{"s1.0"}] * 2 and spy.given[0]["s1.0"] == picture.read_bytes()
        with pytest.raises(Misconfigured, match="odt"):
            await p.desk.export(made.id, 1, "odt")
        with pytest.raises(Skip) as unknown:
            await p.desk.export(made.id, 2, "md")
        assert unknown.value.code == "not_found"
        await p.desk.refuse(made.id)
        assert not file.exists() and not picture.exists() and own.exists()


async def test_the_formats_there_are_write_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed(monkeypatch)
    async with press(tmp_path) as p:
        made = await p.report()
        file = await p.desk.export(made.id, 1, "md")
        assert "72.1%" in file.read_text("utf-8")


# what needs no judge


def test_words_as_they_are_printed_need_no_judge() -> None:
    said = passage("We train on 8 GPUs. It works.")
    own = Sentence(id="s1.c1", text="We train on 8 GPUs.", cited=((said.id, 0),))
    made = section.printed(own, {said.id: said})
    assert made is not None and (made.verdict, made.score, made.evidence[0].quote) == (
        Verdict.SUPPORTED, 1.0, "We train on 8 GPUs.",
    )  # fmt: skip
    assert section.printed(own.model_copy(update={"text": "用了 8 块 GPU。"}), {said.id: said}) is None
    assert section.printed(own, {}) is None
    cell = Sentence(id="s1.c2", text="72.1", evidence=(quote("72.1"),))
    assert section.unjudged(cell) == Claim(
        id="s1.c2", text="72.1", verdict=Verdict.SUPPORTED, score=1.0, evidence=cell.evidence
    )
    assert section.unjudged(own).withheld


# candidates


def asking(monkeypatch: pytest.MonkeyPatch, answer: Any) -> list[str]:
    """arXiv answers this, or raises it; the list fills with what it was asked."""
    asked: list[str] = []

    def related(self: Deps, topic: str, limit: int) -> tuple[Paper, ...]:
        asked.append(topic)
        if isinstance(answer, Exception):
            raise answer
        return tuple(answer)

    monkeypatch.setattr(Deps, "related", related)
    return asked


def shelve_day(p: Press, when: date, *versions: str) -> None:
    """A day in the library with these papers."""
    library = p.desk.deps.library
    papers = [
        library.paper(v) or paper(v, title=f"On sparse attention {v}", abstract="Sparse attention.") for v in versions
    ]
    for one in papers:
        library.put_paper(one)
    issue = day(*(result(None, paper=one) for one in papers), date=when, ledger=Ledger())
    library.put_day(issue, f"key-{when}", Query(day=when))


async def test_named_papers_come_first_and_alone_where_they_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch)
    asked = asking(monkeypatch, [paper(OTHER)])
    async with press(tmp_path) as p:
        found = await candidates.gather(p.desk.deps, BOTH)
        assert [(c.paper.version, c.near, c.read, c.origin) for c in found.candidates] == [
            (KARMA, 1.0, True, "named"), (ORCA, 1.0, True, "named"),
        ]  # fmt: skip
        assert asked == []
        one = await candidates.gather(p.desk.deps, Commission(papers=(KARMA,)))
        assert [(c.paper.version, c.origin, c.read) for c in one.candidates] == [
            (KARMA, "named", True), (OTHER, "arxiv", False),
        ]  # fmt: skip
        assert asked == ["KARMA: Planning with Memory"]
        with pytest.raises(Misconfigured):
            await p.desk.propose(Commission(papers=("no such thing",)))


async def test_a_topic_finds_papers_in_the_library_and_in_arxiv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch)
    asked = asking(monkeypatch, [paper(OTHER, title="Planning with memory on MMLU")])
    async with press(tmp_path) as p:
        p.desk.deps.models = everywhere(None)
        found = await candidates.gather(p.desk.deps, Commission(topic="KARMA accuracy on MMLU"))
        origins = {c.paper.version: c.origin for c in found.candidates}
        assert origins == {KARMA: "library", ORCA: "library", OTHER: "arxiv"} and found.note == ""
        assert all(0.0 <= c.near <= 1.0 for c in found.candidates)
        assert [c.near for c in found.candidates] == sorted((c.near for c in found.candidates), reverse=True)
        assert "MMLU" in next(c.quote for c in found.candidates if c.paper.version == KARMA)
        await candidates.gather(p.desk.deps, Commission(topic="大语言模型的强化学习"))
    assert asked[0] == "KARMA accuracy on MMLU" and "reinforcement" in asked[1].lower()


async def test_days_give_their_papers_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed(monkeypatch)
    asked = asking(monkeypatch, [])
    async with press(tmp_path) as p:
        p.desk.deps.models = everywhere(None)
        shelve_day(p, date(2026, 11, 18), OTHER)
        shelve_day(p, date(2026, 11, 20), KARMA, "2501.00004v1")
        week = Commission(topic="sparse attention", since=date(2026, 11, 19), until=date(2026, 11, 21))
        found = await candidates.gather(p.desk.deps, week)
        assert {(c.paper.version, c.day) for c in found.candidates} == {
            (KARMA, date(2026, 11, 20)), ("2501.00004v1", date(2026, 11, 20)),
        }  # fmt: skip
        assert found.candidates[0].paper.version == "2501.00004v1" and asked == []
        neighbours = await candidates.gather(p.desk.deps, Commission(papers=(KARMA,)))
        assert [(c.paper.version, c.origin) for c in neighbours.candidates] == [
            (KARMA, "named"),
            ("2501.00004v1", "day"),
        ]


@pytest.mark.parametrize("error", [Retry("arXiv 忙"), Skip("拒绝"), TimeoutError()])
async def test_without_a_network_the_plan_says_so(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch)
    asking(monkeypatch, error)
    async with press(tmp_path) as p:
        proposal = await p.desk.propose(Commission(topic="KARMA on MMLU"))
    assert proposal.plan.note == "连不上 arXiv，只用资料库里的论文。"


@pytest.mark.parametrize("papers", [(KARMA,), (KARMA, ORCA)])
async def test_a_plan_by_rules_can_be_written(
    papers: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_rules = planning.plan
    fixed(monkeypatch)
    monkeypatch.setattr(planning, "plan", by_rules)
    asking(monkeypatch, [])
    async with press(tmp_path, small=True) as p:
        proposal = await p.desk.propose(Commission(papers=papers, length="short"))
        told = await p.write(proposal.id)
        made = p.desk.report(proposal.id)
    assert made is not None and [s.id for s in made.sections] == [s.id for s in proposal.plan.sections]
    assert not any(s.stopped for s in made.sections) and told[-1].step == "assemble"
    assert made.plan.kind == ("paper" if len(papers) == 1 else "comparison")
