"""Reports from the commission to the shelf: agreed to, written, checked, rewritten, and what goes wrong on the way."""

import asyncio
from pathlib import Path

import pytest

from core.errors import Misconfigured, Skip
from core.models import Usage, Verdict
from core.report import Commission, Prose
from core.talk import Scope
from graph import talk
from tests.flow.talks import KARMA, ORCA
from tests.flow.worlds import everywhere
from tests.flow.writing import BOTH, Script, fixed, plan, press
from tests.unit.builders import paper
from tools.llm.scripted import Asked, Said

LOST = "2501.00009v1"


async def test_a_report_is_proposed_agreed_to_written_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = fixed(monkeypatch)
    async with press(tmp_path) as p:
        proposal = await p.desk.propose(BOTH)
        assert (proposal.state, proposal.versions) == ("proposed", 0)
        assert await p.desk.propose(BOTH) == proposal and p.desk.proposals() == [proposal]
        told = await p.write(proposal.id)
        made = p.desk.report(proposal.id)
        assert made is not None and p.desk.report(proposal.id, 2) is None
        known = p.desk.proposal(proposal.id)
        assert known is not None and (known.state, known.versions) == ("done", 1)
        assert await p.threads() == []
        assert await p.write(proposal.id) == [] and p.desk.proposal(proposal.id) == known  # nothing is left to do
        assert p.desk.writing() == []
    assert len(seen) == 1 and [c.paper.version for c in seen[0][1]] == [KARMA, ORCA]
    assert [s.id for s in made.sections] == ["s1", "s2", "s3"]
    assert all(not s.stopped and s.rounds == 1 for s in made.sections)
    prose = [b for s in made.sections for b in s.blocks if isinstance(b, Prose)]
    assert {id for block in prose for id in block.claims} <= {c.id for c in made.claims}
    accuracy = next(c for c in made.claims if c.text == "KARMA 在 MMLU 上的准确率为 72.1%。")
    assert accuracy.verdict is Verdict.SUPPORTED and accuracy.evidence[0].paper == KARMA
    assert [paper.version for paper in made.papers] == [KARMA, ORCA] and made.left_out == () and made.labels == ()
    assert made.usage == sum((s.usage for s in made.sections), Usage()) != Usage()
    steps = {t.step for t in told}
    assert steps == {"fetch", "research", "write", "verify", "section", "assemble"}
    assert {t.paper for t in told} == {"", KARMA, ORCA, "s1", "s2", "s3"}
    assert told[-1].note == f"第 1 版写好了，{len(made.claims)} 句通过核验"
    assert made.plan.papers[0].read is True


async def test_the_plan_waits_for_a_person_and_goes_on_as_edited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch)
    edited = plan(papers=(ORCA,), sections=("results",), title="只看 ORCA2")
    async with press(tmp_path) as p:
        proposal = await p.desk.propose(BOTH)
        reports = (await p.desk._flows()).reports
        (thread,) = await p.threads()
        stands = await reports.aget_state({"configurable": {"thread_id": thread}})
        assert stands.next == ("approve",) and len(stands.interrupts) == 1
        assert p.script.asked["_Findings"] == 0  # nothing is spent before somebody agrees
        await p.write(proposal.id, edited)
        made = p.desk.report(proposal.id)
    assert made is not None and (made.plan.title, [s.aspect for s in made.sections]) == ("只看 ORCA2", ["results"])
    assert [paper.version for paper in made.papers] == [ORCA]
    assert made.claims and all(quote.paper == ORCA for c in made.claims for quote in c.evidence)


@pytest.mark.parametrize("edited", [plan(papers=()), plan(sections=())])
async def test_a_plan_of_nothing_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edited: object) -> None:
    fixed(monkeypatch)
    async with press(tmp_path) as p:
        proposal = await p.desk.propose(BOTH)
        with pytest.raises(Skip, match="计划里没有"):
            await p.write(proposal.id, edited)  # type: ignore[arg-type]
        assert p.desk.proposal(proposal.id) == proposal  # still to be agreed to


async def test_a_refused_report_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed(monkeypatch)
    async with press(tmp_path) as p:
        first = await p.desk.propose(BOTH)
        await p.desk.refuse(first.id)
        assert (await p.threads(), p.desk.proposals()) == ([], [])
        done = await p.report()
        await p.desk.refuse(done.id)
        assert (p.desk.proposals(), p.desk.report(done.id)) == ([], None)
        await p.desk.refuse("0" * 16)
        for wrong in (p.desk.write("0" * 16), p.desk.rewrite("0" * 16, "s1")):
            with pytest.raises(Skip) as skip:
                await anext(wrong)
            assert skip.value.code == "not_found"


async def test_refused_while_it_is_written_it_leaves_nothing_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch)
    async with press(tmp_path) as p:
        proposal = await p.desk.propose(BOTH)
        following = p.desk.write(proposal.id)
        await anext(following)
        refusing = asyncio.create_task(p.desk.refuse(proposal.id))
        await asyncio.sleep(0)
        again = p.desk.write(proposal.id)  # by somebody who does not know of it yet
        await refusing
        assert p.desk.writing() == []
        assert (await p.threads(), p.desk.proposals()) == ([], [])
        del again


async def test_the_same_commission_is_a_new_report_once_the_old_one_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch)
    async with press(tmp_path) as p:
        first = await p.report()
        second, other = await p.desk.propose(BOTH), await p.desk.propose(Commission(papers=(ORCA,)))
        assert len({first.id, second.id, other.id}) == 3
        assert await p.desk.propose(Commission(papers=("2501.00001", ORCA))) == second  # named by id: the same papers
        assert all(len(id) == 16 and int(id, 16) >= 0 for id in (first.id, second.id))


# what the model gets wrong


def lying(name: str, asked: Asked) -> Said | None:
    """Cites a sentence that is not there, and sentences that say something else; its judge sees through words."""
    if name == "_Section":
        made_up = [
            {"text": "KARMA 在所有基准上都是第一。", "keys": ["S999"]},
            {"text": "KARMA 用 512 块 GPU 训练了两周。", "keys": ["S2"]},
            {"text": "训练数据由出版社免费提供。", "keys": ["S1"]},
        ]
        return {"paragraphs": [{"sentences": made_up}]}
    if name == "choose":
        return {"是": 0.02, "否": 0.98} if "出版社" in asked.last else {"是": 0.98, "否": 0.02}
    return None


async def test_invented_citations_are_caught_and_withheld(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed(monkeypatch, lambda _: plan(sections=("results",)))
    script = Script()
    script.wrong = lying
    async with press(tmp_path, script, revisions=0) as p:
        made = await p.report()
    shown = [c.text for c in made.claims if not c.withheld]
    assert not any(words in text for text in shown for words in ("所有基准", "512", "出版社"))
    lies = [c for c in made.claims if any(words in c.text for words in ("所有基准", "512", "出版社"))]
    assert len(lies) == 3 and all((c.withheld and c.findings) or c.verdict is Verdict.UNSUPPORTED for c in lies)


async def test_what_failed_is_rewritten_or_stays_withheld(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed(monkeypatch, lambda _: plan(sections=("results",)))
    script = Script()

    def stubborn(name: str, asked: Asked) -> Said | None:
        if name == "_Revision" and "出版社" in asked.last:
            return {"text": "训练数据仍由出版社免费提供。", "keys": ["S1"]}
        return lying(name, asked)

    script.wrong = stubborn
    async with press(tmp_path, script, revisions=2) as p:
        made = await p.report()
    (section,) = made.sections
    good = [
        c
        for c in section.claims
        if not c.withheld and any(f.code.endswith("corrected") or "初稿有误" in f.message for f in c.findings)
    ]
    assert section.rewritten == len(good) >= 1
    assert [c.text for c in section.claims if c.withheld] == ["训练数据仍由出版社免费提供。"]
    assert script.asked["_Section"] == 1 and script.asked["_Revision"] <= 2 * 3


@pytest.mark.parametrize(
    "error", [Skip("模型没有按要求的格式回答", code="format"), KeyError("x"), ValueError("y")], ids=repr
)
@pytest.mark.parametrize("times", [1, 9])
async def test_a_section_that_fails_is_tried_once_more_and_harms_no_other(
    error: Exception, times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch)
    script, left = Script(), [times]

    def failing(name: str, asked: Asked) -> Said | None:
        if name == "_Section" and "第 2 节" in asked.last and left[0]:
            left[0] -= 1
            return error
        return None

    script.wrong = failing
    async with press(tmp_path, script) as p:
        made = await p.report()
        one, two, three = made.sections
        assert one.claims and three.claims and not one.stopped and not three.stopped
        assert script.asked["_Findings"] == 3  # what was found is not looked for again
        if times == 1:
            assert two.claims and not two.stopped and made.labels == ()
            assert script.asked["_Section"] == 4
            return
        assert script.asked["_Section"] == 4 and two.claims == ()
        reason = error.message if isinstance(error, Skip) else type(error).__name__
        assert reason in two.stopped and made.labels == ("有的小节没有写成",)
        left[0] = 0
        await p.write(made.id)  # the unfinished section alone, as a new version
        again = p.desk.report(made.id)
    assert again is not None and again.version == 2 and again.labels == ()
    assert (again.sections[0], again.sections[2]) == (one, three) and again.sections[1].claims
    assert script.asked["_Section"] == 5


async def test_when_every_section_fails_nothing_is_kept_and_it_can_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch)
    script = Script()
    script.wrong = lambda name, asked: Skip("格式不对", code="format") if name == "_Section" else None
    async with press(tmp_path, script) as p:
        proposal = await p.desk.propose(BOTH)
        with pytest.raises(Skip, match="格式不对"):
            await p.write(proposal.id)
        assert p.desk.report(proposal.id) is None
        script.wrong = lambda name, asked: None
        await p.write(proposal.id, plan(title="太晚了"))
        made = p.desk.report(proposal.id)
    assert made is not None and made.plan.title == "两个模型的比较"  # agreed to is agreed to
    assert script.asked["_Findings"] == 3


# papers


async def test_papers_that_cannot_be_read_are_left_out_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch, lambda _: plan(papers=(KARMA, LOST, "no-id", "../x.pdf")))
    async with press(tmp_path) as p:
        p.desk.deps.library.put_paper(paper(LOST, abstract="An abstract is no paper."))
        made = await p.report(Commission(papers=(KARMA, LOST)))
    assert [paper.version for paper in made.papers] == [KARMA]
    reasons = dict(made.left_out)
    assert list(reasons) == [LOST, "no-id", "../x.pdf"] and all(reasons.values())
    assert "不是 arXiv 编号" in reasons["../x.pdf"]
    assert made.claims


async def test_without_any_paper_there_is_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed(monkeypatch, lambda _: plan(papers=(LOST,)))
    async with press(tmp_path) as p:
        p.desk.deps.library.put_paper(paper(LOST))
        proposal = await p.desk.propose(Commission(papers=(LOST,)))
        with pytest.raises(Skip, match="都读不到全文") as skip:
            await p.write(proposal.id)
        assert skip.value.code == "nothing"
        left = p.desk.proposal(proposal.id)
        assert left is not None and left.state == "proposed"  # to be changed, not lost
        await p.write(proposal.id, plan(papers=(KARMA,)))
        made = p.desk.report(proposal.id)
        assert made is not None and [paper.version for paper in made.papers] == [KARMA]


async def test_a_paper_named_with_and_without_its_version_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch, lambda _: plan(papers=(KARMA.rsplit("v", 1)[0], KARMA)))
    async with press(tmp_path) as p:
        made = await p.report()
    assert [paper.version for paper in made.papers] == [paper.version for paper in made.plan.papers] == [KARMA]


# again


async def test_one_section_anew_is_a_version_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed(monkeypatch)
    script = Script()
    async with press(tmp_path, script) as p:
        first = await p.report()
        asked = len(p.model.history) if p.model else 0
        script.wrong = lambda name, said: None
        told = [t async for t in p.desk.rewrite(first.id, "s2")]
        second = p.desk.report(first.id)
        assert second is not None and second.version == 2 and p.desk.report(first.id, 1) == first
        assert p.model is not None
        fresh = p.model.history[asked:]
        known = p.desk.proposal(first.id)
        assert known is not None and (known.state, known.versions) == ("done", 2)
        with pytest.raises(Skip) as skip:
            await anext(p.desk.rewrite(first.id, "s7"))
        assert skip.value.code == "not_found"
        assert await p.threads() == []
    assert (second.sections[0], second.sections[2]) == (first.sections[0], first.sections[2])
    assert second.sections[1].claims
    assert fresh and not any("第 1 节" in a.last.split("\n\n")[-1] for a in fresh)
    assert sum(a.schema is not None for a in fresh) == 2  # the research and the writing of one section
    assert {t.paper for t in told if t.paper.startswith("s")} == {"s2"}


async def test_a_finished_report_is_written_again_for_another_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch)
    async with press(tmp_path) as p:
        first = await p.report()
        await p.write(first.id, first.plan)
        assert p.desk.report(first.id) == first
        await p.write(first.id, plan(sections=("limitations",), title="另一份提纲"))
        second = p.desk.report(first.id)
    assert second is not None and (second.version, second.plan.title, len(second.sections)) == (2, "另一份提纲", 1)


async def test_ten_reports_at_once_finish_and_do_not_mix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed(monkeypatch, lambda c: plan(papers=c.papers, title=c.topic, sections=("results", "limitations")))
    commissions = [Commission(topic=f"题目 {n}", papers=(KARMA,) if n % 2 else (ORCA,)) for n in range(10)]
    async with press(tmp_path) as p:
        proposals = await asyncio.gather(*map(p.desk.propose, commissions))
        spent = p.desk.spent()
        watched = asyncio.gather(*(p.write(proposal.id) for proposal in proposals))
        await asyncio.sleep(0)
        assert set(p.desk.writing()) <= {proposal.id for proposal in proposals}
        told = await watched
        made = [p.desk.report(proposal.id) for proposal in proposals]
        after = p.desk.spent()
        assert await p.threads() == []
    total = Usage()
    for n, (report, heard) in enumerate(zip(made, told, strict=True)):
        assert report is not None and report.plan.title == report.commission.topic == f"题目 {n}"
        wanted = KARMA if n % 2 else ORCA
        assert report.claims and {q.paper for c in report.claims for q in c.evidence} == {wanted}
        assert heard[-1].usage == sum((s.usage for s in report.sections), Usage())
        total += heard[-1].usage
    assert spent + total == after


@pytest.mark.parametrize("small", [True, None])
async def test_the_same_graph_serves_a_small_model_and_none(
    small: bool | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch, lambda _: plan(sections=("method", "limitations")))
    async with press(tmp_path, small=True) as p:
        if small is None:
            p.desk.deps.models = everywhere(None)
        made = await p.report()
    assert any(label.startswith("本地小模型" if small else "未译") for label in made.labels)
    if small is None:
        assert all(c.text == c.evidence[0].quote and c.score == 1.0 for c in made.claims if not c.withheld)


async def test_a_question_about_a_report_is_about_its_papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed(monkeypatch, lambda _: plan(papers=(ORCA,), sections=("results",)))
    async with press(tmp_path) as p:
        made = await p.report(Commission(papers=(ORCA,)))
        assert talk._papers(p.desk.deps, Scope(report=made.id)) == (ORCA,)
        with pytest.raises(Skip) as skip:
            talk._papers(p.desk.deps, Scope(report="0" * 16))
        assert skip.value.code == "not_found"


async def test_a_wrong_setting_ends_the_work_and_it_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(monkeypatch)
    script = Script()
    script.wrong = lambda name, asked: (
        Misconfigured("钥匙不对", setting="OPENAI_API_KEY") if name == "_Section" and "第 3 节" in asked.last else None
    )
    async with press(tmp_path, script, concurrency=1) as p:
        proposal = await p.desk.propose(BOTH)
        with pytest.raises(Misconfigured):
            await p.write(proposal.id)
        script.wrong = lambda name, asked: None
        await p.write(proposal.id)
        made = p.desk.report(proposal.id)
    assert made is not None and all(s.claims for s in made.sections)
    assert script.asked["_Findings"] == 3 and script.asked["_Section"] == 4
