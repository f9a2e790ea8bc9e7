"""A plan as text and back: nothing is lost, a person's changes are understood, and what is not is named."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Misconfigured
from core.models import Usage
from core.outline import as_text, edited
from core.report import Aspect, Plan, PlannedPaper, PlannedSection

MOBA, R1, SURVEY = "2502.13189v1", "2501.12948v1", "2401.06066v1"


def section(n: int, heading: str, aspect: Aspect, *questions: str) -> PlannedSection:
    return PlannedSection(id=f"s{n}", heading=heading, aspect=aspect, questions=questions)


def planned(version: str, title: str, *, chosen: bool = True) -> PlannedPaper:
    return PlannedPaper(version=version, title=title, reason="你指定的", chosen=chosen, read=True)


PLAN = Plan(
    title="MoBA 精读", kind="paper", expected=Usage(calls=9), minutes=2.0, note="说明", length="long",
    papers=(planned(MOBA, "MoBA: Mixture (of) Block"), planned(R1, "DeepSeek-R1", chosen=False)),
    sections=(
        section(1, "方法", "method", "核心思路是什么？", "由哪几部分组成？"),
        section(2, "结果", "results", "数字是多少？", "在哪些任务上占优？"),
        section(3, "可以接着问的问题", "next"),
    ),
)  # fmt: skip
TEXT = as_text(PLAN)


def test_plan_is_readable_text() -> None:
    assert TEXT.splitlines()[0] == "# MoBA 精读"
    assert f"- [x] {MOBA} MoBA: Mixture (of) Block（你指定的）\n- [ ] {R1} DeepSeek-R1（你指定的）\n" in TEXT
    assert "\n## 方法\n- 核心思路是什么？\n- 由哪几部分组成？\n\n## 结果\n" in TEXT


def test_unchanged_text_is_the_same_plan() -> None:
    assert edited(TEXT, PLAN) == PLAN
    assert edited("\ufeff" + TEXT.replace("\n", "\r\n"), PLAN) == PLAN


LINE = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)
WORDS = LINE.filter(lambda line: line != "")
QUESTIONS = WORDS.filter(lambda line: line[0] not in "[【［")
ARXIV = st.from_regex(r"\A\d{4}\.\d{5}v[1-9]\Z")
OTHER_ASPECTS: list[Aspect] = [a for a in get_args(Aspect) if a not in ("neighbours", "next")]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan as the planner could make it."""
    versions = draw(st.lists(ARXIV | st.from_regex(r"\Afile-[0-9a-f]{12}\Z"), min_size=1, max_size=6, unique=True))
    some = st.sets(st.sampled_from(versions), min_size=1)
    chosen = draw(some)
    first, *_ = sorted(versions, key=lambda v: v not in chosen)
    versions.sort(key=lambda v: v != first)
    headings = draw(st.lists(WORDS, min_size=1, max_size=8, unique=True))
    asked = [draw(st.lists(QUESTIONS, min_size=1, max_size=4, unique=True)) for _ in headings]
    found = [
        section(n, heading, draw(st.sampled_from(OTHER_ASPECTS)), *questions)
        for n, (heading, questions) in enumerate(zip(headings, asked, strict=True), 1)
    ]
    alone = len(chosen) == 1
    beside = not alone and draw(st.booleans())
    if beside:
        found[-1] = found[-1].model_copy(update={"aspect": "neighbours"})
    papers = tuple(
        PlannedPaper(version=v, title=draw(WORDS), reason=draw(LINE), chosen=v in chosen, read=draw(st.booleans()))
        for v in versions
    )
    return PLAN.model_copy(
        update={
            "title": draw(WORDS.filter(lambda w: w[0] not in "#＃")), "papers": papers, "sections": tuple(found),
            "kind": "paper" if alone or beside else "comparison",
        }
    )  # fmt: skip


@given(plans())
def test_round_trip(plan: Plan) -> None:
    assert edited(as_text(plan), plan) == plan


@given(plans(), st.randoms(use_true_random=False), st.data())
def test_sections_may_change_places_and_be_deleted(plan: Plan, chance: object, data: st.DataObject) -> None:
    order = data.draw(st.permutations(plan.sections))
    kept = order[: data.draw(st.integers(1, len(order)))]
    text = as_text(plan.model_copy(update={"sections": tuple(kept)}))
    found = edited(text, plan).sections
    assert [s.id for s in found] == [f"s{n}" for n in range(1, len(found) + 1)]
    expected = [(s.heading, s.aspect, s.questions) for s in kept]
    assert [(s.heading, s.aspect, s.questions) for s in found] == expected


@given(st.text(max_size=300))
def test_any_text_is_a_plan_or_an_error_in_chinese(text: str) -> None:
    try:
        found = edited(text, PLAN)
    except Misconfigured as error:
        assert "\u4e00" <= error.message[0] <= "\u9fff" and error.hint
    else:
        assert found.sections and any(p.chosen for p in found.papers)


def test_title_papers_and_questions_are_edited() -> None:
    text = TEXT.replace("MoBA 精读", "MoBA 的方法").replace(f"- [ ] {R1}", f"-【√】{R1[:-2]}")
    text = text.replace("- 数字是多少？\n", "1、比基线高多少？\n- 数字是多少？\n").replace("- 由哪几部分组成？\n", "")
    found = edited(text, PLAN)
    assert found.title == "MoBA 的方法" and found.kind == "comparison"
    assert [(p.version, p.chosen) for p in found.papers] == [(MOBA, True), (R1, True)]
    assert [s.questions for s in found.sections] == [
        ("核心思路是什么？",), ("比基线高多少？", "数字是多少？", "在哪些任务上占优？"), (),
    ]  # fmt: skip
    assert (found.expected, found.note, found.length) == (PLAN.expected, PLAN.note, PLAN.length)


def test_a_renamed_section_keeps_its_aspect_and_a_new_one_is_a_topic() -> None:
    text = TEXT.replace("## 方法", "## 它怎么做").replace("## 可以接着问的问题", "## 往下问")
    text = text.replace("## 结果", "## 部署\n3.5B 模型能在手机上跑吗？\n\n##结果")
    found = edited(text, PLAN).sections
    assert [(s.heading, s.aspect) for s in found] == [
        ("它怎么做", "method"), ("部署", "topic"), ("结果", "results"), ("往下问", "next"),
    ]  # fmt: skip
    assert found[1].questions == ("3.5B 模型能在手机上跑吗？",)


def test_a_heading_that_stands_keeps_its_section_whatever_was_renamed() -> None:
    text = TEXT.replace("- 核心思路是什么？", "- 数字是多少？\n- 在哪些任务上占优？")
    assert [s.aspect for s in edited(text, PLAN).sections] == ["method", "results", "next"]


def test_a_paper_is_added_by_its_id() -> None:
    for typed in (SURVEY, f"arXiv:{SURVEY}", f"https://arxiv.org/abs/{SURVEY}"):
        found = edited(TEXT.replace("\n\n## 方法", f"\n- [x] {typed}\n\n## 方法", 1), PLAN)
        assert found.papers[-1] == PlannedPaper(version=SURVEY, title="", reason="你添加的")
    late = edited(TEXT + f"- [x] {SURVEY}\n", PLAN)
    assert late.papers[-1].version == SURVEY and late.sections == PLAN.sections


def test_kind_follows_the_papers() -> None:
    beside = PLAN.model_copy(
        update={
            "sections": (*PLAN.sections, section(4, "与其他论文的关系", "neighbours", "做法有什么异同？")),
            "papers": tuple(p.model_copy(update={"chosen": True}) for p in PLAN.papers),
        }
    )
    text = as_text(beside)
    assert edited(text, beside).kind == "paper"
    swapped = text.splitlines()
    at = next(n for n, line in enumerate(swapped) if MOBA in line)
    swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
    assert [p.version for p in edited("\n".join(swapped), beside).papers] == [MOBA, R1]
    alone = edited(text.replace(f"[x] {R1}", f"[ ] {R1}"), beside)
    assert alone.kind == "paper" and all(s.aspect != "neighbours" for s in alone.sections)
    other = edited(text.replace(f"[x] {MOBA}", f"[ ] {MOBA}") + f"- [x] {SURVEY}\n", beside)
    assert other.kind == "comparison" and all(s.aspect != "neighbours" for s in other.sections)


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (f"- [x] {MOBA}", "- [x] MoBA.pdf", "第 7 行“- [x] MoBA.pdf MoBA: Mixture (of) Block（你指定的）”不是"),
        (f"- [x] {MOBA}", "- [x] 2502.13198v1", "MoBA: Mixture (of) Block（你指定的）”的编号和题目对不上"),
        (f"- [ ] {R1}", f"- [x] {MOBA}", "第 8 行“- [x] 2502.13189v1 DeepSeek-R1（你指定的）”和前面重复了"),
        (f"- [ ] {R1}", f"- [?] {R1}", "的标记看不懂"),
        (f"- [ ] {R1}", "读这篇", "第 8 行“读这篇 DeepSeek-R1（你指定的）”看不懂"),
        (f"- [x] {MOBA} MoBA", "- [x] ２５０２.13189v1", "不是计划里的论文，也不是 arXiv 编号"),
        ("[x]", "[ ]", "没有要读的论文"),
        ("## 方法", "##", "第 10 行“##”没有标题"),
        ("- 核心思路是什么？\n- 由哪几部分组成？", "", "第 10 行“## 方法”下面没有问题"),
        ("## 可以接着问的问题", "## 可以接着问的问题\n\n## 部署", "“## 部署”下面没有问题"),
    ],
)  # fmt: skip
def test_errors_name_the_line(was: str, now: str, said: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        edited(TEXT.replace(was, now), PLAN)
    assert said in caught.value.message and caught.value.hint


def test_something_must_be_left() -> None:
    with pytest.raises(Misconfigured, match="一节也没有"):
        edited(TEXT[: TEXT.index("## ")], PLAN)
    with pytest.raises(Misconfigured, match="没有要读的论文"):
        edited("", PLAN)
    many = TEXT + "".join(f"## 专题 {n}\n- 问题 {n}？\n" for n in range(100))
    with pytest.raises(Misconfigured, match="太多了"):
        edited(many, PLAN)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("- 问" + "长" * 300 + "？\n", "太长了"),
        ("".join(f"- 问题 {n}？\n" for n in range(20)), "个问题，太多了"),
    ],
)
def test_an_edited_plan_stays_within_bounds(more: str, said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        edited(TEXT.rstrip() + f"\n\n## 部署\n- 怎么部署？\n{more}", PLAN)
    papers = "".join(f"- [x] 2501.{n:05}v1\n" for n in range(1, 45))
    with pytest.raises(Misconfigured, match="最多 40 篇"):
        edited(TEXT.replace(f"- [ ] {R1}", f"{papers}- [ ] {R1}"), PLAN)
