"""What the report page is made of: pure functions, hostile words, forms with anything in them, work that goes on."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.errors import Stop
from core.models import Usage
from core.ports import Progress
from core.report import Commission, Plan, Proposal
from tests.ui.fake_day import HOSTILE
from tests.ui.fake_desk import FakeDesk
from tests.ui.fake_reports import FIRST, SECOND, Reports, plan
from ui.web import report_asked, report_form, report_plan, report_top, report_view, report_work
from ui.web.exhibits import Exhibit
from ui.web.report_blocks import View
from ui.web.report_form import Filled
from ui.web.report_work import Writing, Writings
from ui.web.texts import Texts, texts

ZH, EN = texts("zh"), texts("en")
LANGUAGES = pytest.mark.parametrize("language", [ZH, EN])


class _Looked(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def _harmless(html: str) -> _Looked:
    found = _Looked(html)
    assert not found.tags & {"script", "iframe", "object", "style", "base", "link", "meta"}
    assert not {name for name in found.attributes if name.startswith("on")}
    ours = ("#e:", "#zd-", "https://arxiv.org/", "/pictures/", "/reports/")
    assert all(link.startswith(ours) for link in found.links)
    assert not re.search("[\x00-\x08\x1b\u202a-\u202e\u2066-\u2069]", html)
    return found


def _event(value: Any) -> Any:
    return SimpleNamespace(_data={"value": value})


def _shown(reports: Reports, proposal: Proposal, language: Texts = ZH, newest: int = 1, *, busy: bool = False) -> str:
    found = reports.report(proposal.id)
    assert found is not None
    view = View(language, found, lambda exhibit: "0" * 32, lambda block: f"/pictures/{block}.png")
    return report_view.article(view, newest, busy)


@pytest.fixture
def reports(tmp_path: Path) -> Reports:
    """What the fake desk has of them."""
    return Reports(tmp_path)


# what is shown


@LANGUAGES
def test_hostile_words_stay_words(tmp_path: Path, language: Texts) -> None:
    reports = Reports(tmp_path, hostile=True)
    proposal = reports.finished()
    waiting = proposal.model_copy(update={"state": "proposed"})
    for html in (
        _shown(reports, proposal, language),
        report_form.listed([proposal, waiting], {waiting.id}, proposal.id, language),
        report_form.form({HOSTILE: HOSTILE}, [date(2026, 11, 20)], Filled(papers=(HOSTILE,)), True, language),
        report_plan.editor(waiting, waiting.plan, language),
        report_plan.editor(waiting, waiting.plan, language, f"</textarea>{HOSTILE}\n## {HOSTILE}"),
        report_plan.shown(waiting.plan, language),
        report_top.top(waiting, "interrupted", None, True, language),
        report_top.mistake(HOSTILE),
        report_work.board(_heard(waiting, Progress(paper="s1", step="odd", note=HOSTILE)), 61.0, language),
    ):
        found = _harmless(html)
        assert "javascript:" not in "".join(found.links)
        assert "hacked=1" in found.text or "hacked" not in html


@LANGUAGES
def test_a_sentence_has_its_verdict_and_pages_and_a_table_its_holes(reports: Reports, language: Texts) -> None:
    words = _Looked(_shown(reports, reports.finished(), language)).text
    for key in ("verdict.supported", "verdict.partial", "deep.silent", "deep.withheld_cell", "deep.unanswered"):
        assert language(key) in words
    assert language("deep.place", n=2, page=3) in words
    assert "本地小模型草稿" in words
    assert "两篇的测试集不同" in words
    assert "PDF 打不开" in words


def test_a_withheld_sentence_stands_only_in_its_fold(reports: Reports) -> None:
    html = _shown(reports, reports.finished())
    before, _, after = html.partition('<details class="zd-held">')
    assert "它们在所有任务上都最好。" not in before
    assert "它们在所有任务上都最好。" in after
    assert "省九成" not in html.partition("<table>")[2].partition("</table>")[0]


def test_a_plate_that_may_not_be_shown_is_a_link(reports: Reports) -> None:
    html = _shown(reports, reports.finished())
    assert html.count("/pictures/s2.1.png") == 1
    assert "/pictures/s2.2.png" not in html
    assert "https://arxiv.org/pdf/2511.10002v2#page=5" in html


def test_every_cell_with_evidence_leads_to_it(reports: Reports) -> None:
    kept: list[Exhibit] = []
    found = reports.report(reports.finished().id)
    assert found is not None

    def keep(exhibit: Exhibit) -> str:
        kept.append(exhibit)
        return "0" * 32

    report_view.article(View(ZH, found, keep, lambda block: ""), 1, False)
    claims = {exhibit.claim.id: exhibit for exhibit in kept if exhibit.claim}
    assert {"s2.c1", "s2.c2", "s2.c3"} <= claims.keys()
    first, second = "Dropping Tokens for Long-Context Inference", "A Router That Knows What Is Hard"
    assert claims["s2.c2"].titles == (second,)
    assert claims["s1.c3"].titles == (first, second)


def test_only_the_newest_version_can_be_written_anew(reports: Reports) -> None:
    proposal = reports.finished()
    assert "report_redo" in _shown(reports, proposal)
    assert "report_redo" not in _shown(reports, proposal, busy=True)
    older = _shown(reports, proposal, newest=3)
    assert "report_redo" not in older
    assert ZH("deep.older", n=3) in older
    assert [f"{proposal.id}/{n}" in older for n in (1, 2, 3)] == [True] * 3


def test_an_unfinished_section_says_why(tmp_path: Path) -> None:
    reports = Reports(tmp_path, budget_ends="预算用完，未写完")
    words = _Looked(_shown(reports, reports.finished())).text
    assert "这一节没有写完：预算用完，未写完" in words
    assert "预算用完，未写完" in words.partition("目录")[0]  # on top as well


@pytest.mark.parametrize(
    ("state", "writing", "word"),
    [
        ("proposed", False, "待同意"), ("agreed", True, "写作中"), ("agreed", False, "已中断，可以继续"),
        ("done", False, "完成"), ("done", True, "写作中"),
    ],
)  # fmt: skip
def test_how_a_report_stands(reports: Reports, state: str, writing: bool, word: str) -> None:
    proposal = reports.finished().model_copy(update={"state": state, "versions": 3})
    listed = report_form.listed([proposal], {proposal.id} if writing else set(), "", ZH)
    assert word in listed
    assert "3 版" in listed


def test_the_plan_is_all_there(reports: Reports) -> None:
    made = plan(Commission(topic="题"))
    proposal = Proposal(id="0" * 16, commission=Commission(topic="题"), plan=made, made=reports.finished().made)
    html = report_plan.editor(proposal, made, ZH)
    words = _Looked(html).text
    for part in ("直接做长上下文推理", "怎样省算力？", "约 6 分钟", "40 次调用", "58,400 词元", "费用约 0.42"):
        assert part in words
    assert "先取回全文" in words
    assert html.count('type="checkbox"') == 3
    assert html.count(" checked>") == 2
    assert ZH("plan.changed") not in words
    changed = made.model_copy(update={"title": "另一个题目"})
    assert ZH("plan.changed") in report_plan.editor(proposal, changed, ZH)


def test_a_budget_is_asked_for_only_where_something_costs() -> None:
    assert 'name="budget"' in report_form.form({}, [], Filled(), True, ZH)
    assert 'name="budget"' not in report_form.form({}, [], Filled(), False, ZH)


def test_a_mistake_names_its_line() -> None:
    assert 'data-line="12"' in report_top.mistake("第 12 行看不懂")
    assert "data-line" not in report_top.mistake("至少要留一篇论文。")


# what is asked


def _form(**more: Any) -> Any:
    return _event({"length": "standard", **more})


@pytest.mark.parametrize(
    ("form", "made"),
    [
        ({"topic": " 稀疏  注意力 "}, Commission(topic="稀疏 注意力")),
        ({"paper": [FIRST], "typed": "2501.12948"}, Commission(papers=(FIRST, "2501.12948"))),
        ({"typed": "2511.10002"}, Commission(papers=(SECOND,))),
        ({"typed": "https://arxiv.org/pdf/2501.12948v1.pdf arXiv:2501.00001"},
         Commission(papers=("2501.12948v1", "2501.00001"))),
        ({"since": "2026-11-20"}, Commission(since=date(2026, 11, 20), until=date(2026, 11, 20))),
        ({"since": "2026-11-18", "until": "2026-11-20", "length": "long", "budget": "¥2.5"},
         Commission(since=date(2026, 11, 18), until=date(2026, 11, 20), length="long", budget=2.5)),
    ],
)  # fmt: skip
def test_what_the_form_asks(form: dict[str, Any], made: Commission) -> None:
    assert report_asked.commission(_form(**form), [FIRST, SECOND], ZH) == made


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "请填题目"), ({"topic": "长" * 301}, "题目太长"), ({"typed": "../../etc/passwd"}, "不像 arXiv 编号"),
        ({"paper": ["/etc/passwd"]}, "不像 arXiv 编号"),
        ({"paper": [f"2501.{n:05}" for n in range(30)]}, "最多选 20 篇"),
        ({"topic": "题", "since": "2026-11-20", "until": "2026-11-18"}, "开始的日期"),
        ({"topic": "题", "since": "gestern"}, "日期不对"), ({"topic": "题", "length": "endless"}, "没有这种篇幅"),
        ({"topic": "题", "budget": "-1"}, "预算要填"), ({"topic": "题", "budget": "nan"}, "预算要填"),
        ({"topic": ["题"]}, "请填题目"), ({"topic": {"a": 1}, "paper": "2501.12948", "since": 3}, "请填题目"),
    ],
)  # fmt: skip
def test_what_the_form_may_not_ask(form: dict[str, Any], words: str) -> None:
    said = report_asked.commission(_form(**form), [FIRST], ZH)
    assert isinstance(said, str)
    assert words in said


@pytest.mark.parametrize("value", [None, 3, [], "x", {}, "a" * 5000, "../../x", "0" * 15, "0" * 17, "G" * 16])
def test_a_button_that_names_no_report_names_nothing(value: Any) -> None:
    assert report_asked.named(_event(value)) is None


def test_what_a_button_names() -> None:
    id = "0123456789abcdef"
    assert report_asked.named(_event(id)) == (id, None, "", "")
    assert report_asked.named(_event(f"{id}/3")) == (id, 3, "", "")
    assert report_asked.named(_event(f"{id}/s2")) == (id, None, "s2", "")
    assert report_asked.named(_event(f"{id} 为什么 a/b？")) == (id, None, "", "为什么 a/b？")
    assert report_asked.named(_event(f"{id}/../../x")) == (id, None, "", "")


def test_what_a_link_fills_in() -> None:
    days = {"20261120000000f1": date(2026, 11, 20)}
    assert report_asked.filled(_event(f"{FIRST} {SECOND} {FIRST}"), days.get) == Filled(papers=(FIRST, SECOND))
    assert report_asked.filled(_event("day:20261120000000f1"), days.get).since == date(2026, 11, 20)
    for odd in ("day:../x", "<b>", "", None, ["x"]):
        assert report_asked.filled(_event(odd), days.get) == Filled()


def test_papers_are_ticked_by_their_versions() -> None:
    made = plan(Commission(topic="题"))
    ticked = report_asked.chosen(_event({"chosen": [SECOND, "2501.99999"]}), made)
    assert [paper.chosen for paper in ticked.papers] == [False, True, False]
    assert not any(paper.chosen for paper in report_asked.chosen(_event({}), made).papers)


def test_a_plan_as_text_has_a_length() -> None:
    assert report_asked.outline(_event({"outline": ["# a\n"]})) == "# a\n"
    assert report_asked.outline(_event({"outline": ["a" * 50_000]})) is None
    assert report_asked.has_text(_event({"outline": ["a" * 50_000]}))


# work that goes on


def _heard(proposal: Proposal, *told: Progress, plan: Plan | None = None) -> Writing:
    work = Writing(proposal.id, plan or proposal.plan, 0.0)
    for progress in told:
        work.take(progress)
    return work


def test_the_board_says_where_each_section_is(reports: Reports) -> None:
    proposal = reports.finished()
    spent = Usage(calls=3, prompt_tokens=1000, completion_tokens=234, cost=0.05)
    work = _heard(
        proposal, Progress(paper=FIRST, step="fetch", note="读全文"), Progress(paper=FIRST, step="fetch", note="读完"),
        Progress(paper="2511.10002", step="fetch", note="PDF 打不开"),
        Progress(paper="s1", step="research", note="第 2 轮：读 8 段原文"),
        Progress(paper="s2", step="verify", done=5, of=12, usage=spent),
        Progress(paper="", step="section", note="可以接着问的问题", done=1, of=3),
    )  # fmt: skip
    words = _Looked(report_work.board(work, 3725.0, ZH)).text
    for part in (
        "研究 · 第 2 轮：读 8 段原文", "核验 5/12", "1/3 节写完", "用时 1:02:05", "1,234 词元", "已花 0.05", "读完",
        "没有读成 · PDF 打不开",
    ):  # fmt: skip
        assert part in words


def test_a_section_that_broke_off_is_no_finished_one(reports: Reports) -> None:
    proposal = reports.finished()
    work = _heard(proposal, Progress(paper="s1", step="section", note="预算用完，未写完"))
    assert "没有写完 · 预算用完，未写完" in report_work.board(work, 0.0, ZH)
    work.take(Progress(paper="s1", step="section", note="概览：3 句通过核验", done=3, of=4))
    assert "没有写完" not in report_work.board(work, 0.0, ZH)


def test_usage_counts_up_only(reports: Reports) -> None:
    work = _heard(
        reports.finished(), Progress(paper="s1", step="write", usage=Usage(calls=3, prompt_tokens=30)),
        Progress(paper="s2", step="write", usage=Usage(calls=2, prompt_tokens=20)),
    )  # fmt: skip
    assert work.usage.prompt_tokens == 30


def test_one_section_anew_shows_that_section_alone(reports: Reports) -> None:
    proposal = reports.finished()
    work = Writing(proposal.id, proposal.plan, 0.0, only="s2")
    words = _Looked(report_work.board(work, 0.0, ZH)).text
    assert "方法对照" in words
    assert "概览" not in words
    assert "正在重写“方法对照”" in report_top.top(proposal, "writing", work, False, ZH)


async def _over(writings: Writings, work: Writing) -> None:
    while writings.goes_on(work):  # noqa: ASYNC110  # as the pages do
        await asyncio.sleep(0.005)


async def test_pages_that_look_on_share_one_work_and_hear_how_it_ended(tmp_path: Path) -> None:
    desk, writings = FakeDesk(tmp_path), Writings()
    proposal = await desk.propose(Commission(topic="题"))
    first = writings.write(desk, proposal)
    assert writings.write(desk, proposal) is first
    await _over(writings, first)
    assert first.state == "ended"
    assert len(desk.agreed) == 1
    assert desk.report(proposal.id) is not None


async def test_work_that_fails_or_is_stopped_says_so(tmp_path: Path) -> None:
    desk, writings = FakeDesk(tmp_path, write_error=Stop("预算用完了")), Writings()
    failed = writings.write(desk, await desk.propose(Commission(topic="一")))
    desk.write_delay = 0.02
    await _over(writings, failed)
    assert report_work.ending(failed, ZH) == "没有写成：预算用完了"
    desk.write_error = None
    stopped = writings.write(desk, await desk.propose(Commission(topic="二")))
    await asyncio.sleep(0.1)
    writings.halt(desk, stopped.id)
    await _over(writings, stopped)
    assert report_work.ending(stopped, ZH) == ZH("work.stopped")


async def test_a_finished_report_at_work_is_not_joined(tmp_path: Path) -> None:
    """To join it the desk would be asked to finish what its budget left out, which somebody would pay for."""

    class Desk(FakeDesk):
        def writing(self) -> list[str]:
            return list(self.proposed)

        def write(self, id: str, plan: Plan | None = None) -> AsyncIterator[Progress]:
            raise AssertionError

    desk = Desk(tmp_path)
    desk.finished()
    assert Writings().join(desk) == set()
