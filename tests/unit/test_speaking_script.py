"""What is said of an issue."""

from dataclasses import replace
from datetime import date

import pytest

from agents.speaking import END, HIGHLIGHTS, OPENING, script
from core.models import Status, Verdict
from core.overview import Overview
from core.publication import Publication
from core.speech import Script
from tests.contract import sample_issue
from tests.contract.sample_issue import A, B


def _said(made: Script, title: str = "") -> str:
    return "".join(s for c in made.chapters if not title or c.title == title for s in c.sentences)


def _only(*versions: str, **more: object) -> Publication:
    kept = tuple(r for r in sample_issue.results() if r.paper.version in versions)
    return Publication(day=sample_issue.day(*kept, **more))


def test_chapters_follow_what_is_worth_reading() -> None:
    made = script(sample_issue.publication())
    assert [c.paper for c in made.chapters] == ["", "", A, B, ""]
    assert [c.title for c in made.chapters][:2] == [OPENING, HIGHLIGHTS] and made.chapters[-1].title == END
    assert made.title == "证读 2026-11-20 论文速读"
    turned = sample_issue.publication()
    turned = replace(turned, overview=turned.overview.model_copy(update={"worth": turned.overview.worth[::-1]}))
    assert [c.paper for c in script(turned).chapters if c.paper] == [B, A]


def test_opening_tells_the_day_and_its_numbers() -> None:
    opening = _said(script(sample_issue.publication()), OPENING)
    assert "二零二六年十一月二十日" in opening and "Hugging Face 每日论文" in opening
    assert "共列出六篇论文，核验了四篇，发布三篇。" in opening


def test_a_paper_is_summed_up_with_results_and_a_limit() -> None:
    paper = script(sample_issue.publication()).chapters[2]
    assert paper.title == "1. 稀疏块注意力：长文本上的等效替代"
    assert paper.sentences == (
        "第一篇，稀疏块注意力：长文本上的等效替代。",
        "作者把注意力限制在最相关的块上，在三十二 K 长度上与全注意力相当。",
        "结果方面，在 G S M 八 K 上准确率为百分之七十二点八，比全注意力高一点四个百分点。",
        "下面这句，原文部分支持：训练速度提高到六点五倍。",
        "局限是，在有监督微调阶段有时不如全注意力。",
        "核对时还发现一处要当心的地方，请看正文。",
    )


def test_late_and_abstract_only_papers_say_so() -> None:
    said = "".join(script(sample_issue.publication()).chapters[3].sentences)
    assert "补读" in said and "十一月十九日的清单" in said and "只依据摘要" in said


def test_partly_supported_highlights_and_titles_say_so() -> None:
    issue = sample_issue.publication()
    assert "下面这句，原文部分支持：两篇论文" in _said(script(issue), HIGHLIGHTS)
    heads = tuple(h.model_copy(update={"verdict": Verdict.PARTIAL}) for h in issue.overview.headlines)
    made = script(replace(issue, overview=issue.overview.model_copy(update={"headlines": heads})))
    assert made.chapters[2].title.endswith("（部分支持）") and "这个标题，原文部分支持。" in made.chapters[2].sentences


@pytest.mark.parametrize("verdict", [Verdict.SUPPORTED, Verdict.PARTIAL, Verdict.UNVERIFIED, Verdict.UNSUPPORTED])
def test_withheld_sentences_are_never_said(verdict: Verdict) -> None:
    issue = sample_issue.publication()
    first = issue.day.results[0]
    assert first.digest
    claims = tuple(
        c.model_copy(update={"withheld": True, "verdict": verdict, "text": f"禁止说出 {c.text}"})
        if c.id in ("title", "tldr", "r1", "l1")
        else c
        for c in first.digest.claims
    )
    changed = first.model_copy(update={"digest": first.digest.model_copy(update={"claims": claims})})
    day = issue.day.model_copy(update={"results": (changed, *issue.day.results[1:])})
    held = tuple(
        h.model_copy(update={"claim": h.claim.model_copy(update={"withheld": True, "text": "禁止说出"})})
        for h in issue.overview.highlights
    )
    for overview in (Overview(), issue.overview.model_copy(update={"highlights": held})):
        made = script(replace(issue, day=day, overview=overview))
        assert "禁止" not in _said(made) + "".join(c.title for c in made.chapters)
        assert "百分之九十九" not in _said(made)
        assert HIGHLIGHTS not in [c.title for c in made.chapters]


def test_unsupported_sentences_are_not_said_and_unverified_ones_are_marked() -> None:
    issue = _only(A)
    digest = issue.day.results[0].digest
    assert digest
    marks = {"r1": Verdict.UNVERIFIED, "l1": Verdict.UNSUPPORTED}
    claims = tuple(c.model_copy(update={"verdict": marks.get(c.id, c.verdict)}) for c in digest.claims)
    changed = issue.day.results[0].model_copy(update={"digest": digest.model_copy(update={"claims": claims})})
    said = _said(script(Publication(day=sample_issue.day(changed))))
    assert "下面这句，没有经过核验：结果方面" in said and "局限是" not in said


def test_what_was_not_read_is_counted() -> None:
    end = _said(script(sample_issue.publication()), END)
    assert "一篇发布了，但没有译成中文，这里不读；一篇没有通过核验，没有发布；一篇没有做成。" in end
    few = script(sample_issue.publication(), most=1)
    assert [c.paper for c in few.chapters if c.paper] == [A] and "一篇排在后面，没有读" in _said(few, END)


def test_end_says_who_vouches() -> None:
    end = _said(script(sample_issue.publication()), END)
    assert "写手七 B 撰写" in end and "裁判七 B 和程序对照原文核验" in end and "两篇是本地小模型的草稿" in end
    assert "页码和原文" in end


def test_english_issues_have_nothing_to_be_read() -> None:
    results = tuple(r for r in sample_issue.results() if r.digest and r.digest.language == "en")
    made = script(Publication(day=sample_issue.day(*results)))
    assert [c.title for c in made.chapters] == [OPENING, END] and "black" not in _said(made).lower()


def test_empty_days_and_old_issues() -> None:
    empty = script(sample_issue.bare("empty"))
    assert "这一期没有论文。周末没有论文。" in _said(empty, OPENING) and len(empty.chapters) == 2
    assert [c.paper for c in script(sample_issue.bare("plain")).chapters] == ["", A, B, ""]


def test_weeks() -> None:
    day = _only(A).day.model_copy(update={"date": date(2026, 11, 16), "until": date(2026, 11, 22)})
    made = script(Publication(day=day))
    assert made.title == "证读 2026 年第 47 周论文周报"
    assert "二零二六年第四十七周的论文周报，十一月十六日到十一月二十二日。" in _said(made, OPENING)


def test_hostile_words_do_no_harm() -> None:
    made = script(sample_issue.hostile())
    assert not set(_said(made)) & set("<>[]{}()*`$&|#@=0123456789\u202e\x07")
    assert all("\n" not in c.title and "\u202e" not in c.title and "\x07" not in c.title for c in made.chapters)


def test_equal_issues_equal_scripts() -> None:
    assert script(sample_issue.publication()) == script(sample_issue.publication())


def test_papers_that_were_not_published_are_not_read() -> None:
    first = sample_issue.results()[0].model_copy(update={"status": Status.WITHHELD})
    assert not [c for c in script(Publication(day=sample_issue.day(first))).chapters if c.paper]
