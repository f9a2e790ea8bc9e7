"""The order of an issue and its reasons; headlines; addresses of code; a person's profile."""

import math
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from agents import terms
from agents.overview import load_profile
from agents.overview.codes import codes
from agents.overview.headlines import headlines
from agents.overview.words import Lexis
from agents.overview.worth import AUTHOR, CODE, EVIDENCE, EXAMPLE, HOT, KEYWORD, KEYWORD_MORE, UPVOTES, Known, worth
from core.documents import SectionRole
from core.errors import Misconfigured
from core.models import Basis, Finding, PaperResult, Status, Verdict
from core.overview import Hot, Profile, Worth
from tests.contract.sample_issue import EVIL
from tests.unit.builders import claim, digest, document, paper, passage, result

LEXIS = Lexis(terms.load())
A, B, C = "2501.00001v1", "2501.00002v1", "2501.00003v1"
SEEN = datetime(2026, 11, 20, 9, 10, tzinfo=UTC)


def skipped(version: str = A, **more: Any) -> PaperResult:
    return result(None, Status.SKIPPED, paper=paper(version, **{"title": f"Paper {version}", **more}))


def ordered(*results: PaperResult, profile: Profile | None = None, **more: Any) -> tuple[Worth, ...]:
    versions = [r.paper.version for r in results]
    known: dict[str, Any] = {
        "spoken": {r.paper.version: LEXIS.of(r.paper) for r in results},
        "vectors": {v: np.eye(16)[n] for n, v in enumerate(versions)},
        "likes": np.zeros((0, 16)), "profile": profile or Profile(), "hot": (), "coded": frozenset(),
        "observed": SEEN, "lexis": LEXIS,
    }  # fmt: skip
    return worth(results, Known(**{**known, **more}))


def reasons(found: Worth) -> list[tuple[str, float]]:
    return [(r.text, r.weight) for r in found.reasons]


def test_nobody_is_left_out_and_equal_ones_stand_by_version() -> None:
    found = ordered(skipped(C), skipped(A), skipped(B))
    assert [(w.paper, w.score, w.reasons) for w in found] == [(A, 0, ()), (B, 0, ()), (C, 0, ())]
    assert ordered() == ()


def test_votes_by_the_logarithm_with_the_time_they_were_seen() -> None:
    found = ordered(skipped(A, upvotes=0), skipped(B, upvotes=9), skipped(C, upvotes=99))
    assert [w.paper for w in found] == [C, B, A]
    assert reasons(found[0]) == [("社区 99 票（2026-11-20 09:10 UTC 时）", UPVOTES)]
    assert found[1].score == pytest.approx(UPVOTES * math.log(10) / math.log(100), abs=1e-3)
    assert found[2].reasons == ()
    assert reasons(ordered(skipped(upvotes=3), observed=None)[0]) == [("社区 3 票", UPVOTES)]


@pytest.mark.parametrize(
    ("keyword", "title"),
    [
        ("强化学习", "RL at Scale for RLVR"),
        ("增强学习", "Reinforcement Learning"),
        ("RL", "On Reinforcement-Learning"),
        ("KV 缓存", "Smaller KV Caches"),
        ("benchmark", "A Benchmark"),  # no field of its own, but asked for
        ("quark soup", "Hot Quark Soups"),
        ("材料", "Materials Science of Steel"),
    ],
)
def test_keywords_in_either_language(keyword: str, title: str) -> None:
    more = {"keywords": ("RL",)} if "RL" in title else {}
    found = ordered(skipped(A, title="Nothing"), skipped(B, title=title, **more), profile=Profile(keywords=(keyword,)))
    assert found[0].paper == B and reasons(found[0]) == [(f"你关注的关键词：{keyword}", KEYWORD)]
    assert found[1].reasons == ()


def test_chinese_words_no_glossary_has_are_looked_for_in_the_digest() -> None:
    read = result(digest(claim("c1", "夸克汤很热。"), claim("c2", "黑洞。", withheld=True)))
    (found,) = ordered(read, profile=Profile(keywords=("夸克汤", "黑洞")))
    assert ("你关注的关键词：夸克汤", KEYWORD) in reasons(found)


def test_one_keyword_said_twice_counts_once_and_outweighs_all_but_people() -> None:
    profile = Profile(keywords=("RL", "强化学习", "agents"))
    (found,) = ordered(skipped(title="Reinforcement Learning of Agents"), profile=profile)
    assert reasons(found) == [("你关注的关键词：RL、agents", KEYWORD + KEYWORD_MORE)]
    assert UPVOTES + 2 * HOT + EVIDENCE + CODE < KEYWORD < AUTHOR and EXAMPLE < KEYWORD


def test_authors_without_accents_in_any_order() -> None:
    profile = Profile(authors=("Nunez, Jose", "李雷"))
    found = ordered(skipped(A, authors=("José Núñez", "Ann O'Neil")), skipped(B, authors=("Jose N",)), profile=profile)
    assert reasons(found[0]) == [("你关注的作者：Nunez, Jose", AUTHOR)] and found[1].reasons == ()


def test_likeness_to_examples_beyond_what_the_day_is_on_average() -> None:
    alike = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    found = ordered(
        skipped(A), skipped(B), skipped(C), likes=np.array([[1.0, 0.0]]),
        vectors=dict(zip((A, B, C), alike, strict=True)),
    )  # fmt: skip
    assert reasons(found[0]) == [("和你举的例子相近", EXAMPLE)] and found[0].paper == A
    same = ordered(skipped(A), skipped(B), likes=np.array([[1.0, 0.0]]), vectors={A: alike[0], B: alike[0]})
    assert [w.reasons for w in same] == [(), ()]
    distant = np.array([[0.28, 0.96], [0.0, 1.0]])
    far = ordered(skipped(A), skipped(B), likes=np.array([[1.0, 0.0]]), vectors=dict(zip((A, B), distant, strict=True)))
    assert [w.reasons for w in far] == [(), ()]


def test_fields_that_gain_evidence_and_code() -> None:
    rising = Hot(key="a", name="甲", papers=(A,), usual=0.1, change="up")
    claims = (claim("c1"), claim("c2"), claim("c3", verdict=Verdict.PARTIAL), claim("c4", withheld=True))
    read = result(digest(*claims, paper=A), paper=paper(A))
    (found,) = ordered(read, hot=(rising, rising.model_copy(update={"change": "same", "name": "乙"})), coded={A})
    assert reasons(found) == [
        ("升温的方向：甲", HOT),
        ("读了全文，4 句里 2 句有原文支持", EVIDENCE / 2),
        ("论文给出了代码地址", CODE),
    ]
    (abstract,) = ordered(result(digest(*claims, basis=Basis.ABSTRACT), paper=paper(A)))
    assert abstract.reasons == ()


def test_the_order_of_the_list_makes_no_difference() -> None:
    papers = [skipped(f"2501.{n:05}v1", upvotes=n % 5, title="RL" if n % 3 else "KV cache") for n in range(12)]
    likes = np.ones((1, 12)) / math.sqrt(12)
    vectors = {r.paper.version: np.eye(12)[n] for n, r in enumerate(papers)}
    profile = Profile(keywords=("KV cache",))
    made = [ordered(*some, profile=profile, vectors=vectors, likes=likes) for some in (papers, papers[::-1])]
    assert made[0] == made[1]


# headlines


def headed(
    verdict: Verdict = Verdict.SUPPORTED, code: str = "", severity: str = "warning", **more: Any
) -> tuple[str, Verdict, bool]:
    findings = (Finding.model_validate({"code": code, "severity": severity, "message": "不对。"}),) if code else ()
    title = claim("title", "中文标题", verdict, findings=findings, **more)
    (made,) = headlines([result(digest(title))])
    return made.text, made.verdict, made.original


@pytest.mark.parametrize(
    ("verdict", "code", "original"),
    [
        (Verdict.SUPPORTED, "", False),
        (Verdict.PARTIAL, "entailment.partial", False),
        (Verdict.PARTIAL, "name.elsewhere", False),
        (Verdict.PARTIAL, "strength.limit", True),
        (Verdict.PARTIAL, "number", True),
        (Verdict.PARTIAL, "direction.turned", True),
        (Verdict.UNSUPPORTED, "", True),
        (Verdict.UNVERIFIED, "", True),
    ],
)
def test_headlines_are_no_stronger_than_their_evidence(verdict: Verdict, code: str, original: bool) -> None:
    text, shown, kept = headed(verdict, code)
    assert kept is original
    assert (text, shown) == (("A Plain Title", Verdict.SUPPORTED) if original else ("中文标题", verdict))


def test_headlines_of_published_papers_only_in_order() -> None:
    assert headed(withheld=True)[2]
    english = result(digest(claim("title", "An English One"), language="en"))
    (made,) = headlines([skipped(B), english, result(digest(), Status.WITHHELD)])
    assert (made.paper, made.text, made.original) == (A, "A Plain Title", True)


# code


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("Our code is available at https://github.com/ann/heron.", "https://github.com/ann/heron"),
        ("Code: http://www.github.com/ann/heron.git", "https://www.github.com/ann/heron"),
        ("We release our code at github.com/ann/heron/tree/main.", "https://github.com/ann/heron"),
        ("Our code is available at https://anonymous.4open.science/r/heron-1A2B/.", "https://anonymous.4open.science/r/heron-1A2B"),
        ("Our project page is available at https://heron.github.io/demo.", ""),
        ("Our code is available at https://github.com/ann.", ""),
        ("The authors of [12] released code at https://github.com/bob/stork.", ""),
        ("Our code is at javascript://github.com/ann/heron and https://github.com.evil.org/ann/heron.", ""),
        (f"Our code is available at https://github.com/{EVIL}", ""),
    ],
)  # fmt: skip
def test_addresses_of_code(said: str, address: str) -> None:
    made = codes([document(passage(f"{said} It runs.", page=4, role=SectionRole.CONCLUSION))])
    expected = address.replace("https://www.", "https://")
    assert [(c.address, c.page) for c in made] == ([(expected, 4)] if address else [])


# profile


def test_profile() -> None:
    assert load_profile("") == Profile()
    told = 'keywords = ["RL", " RL ", "", "稀疏注意力"]\nauthors = ["Ann"]\nexamples = ["2501.12948"]'
    assert load_profile(told) == Profile(keywords=("RL", "稀疏注意力"), authors=("Ann",), examples=("2501.12948",))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("keywords = 'RL'", "keywords"),
        ("authors = [1]", "authors"),
        ("examples = {}", "examples"),
        ("interests = []", "interests"),
        (f"examples = ['{'x' * 3000}']", "examples"),
        ("keywords = [", "TOML"),
    ],
)
def test_a_wrong_profile_says_where(text: str, named: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        load_profile(text)
    assert named in caught.value.message and caught.value.setting == "ZHENGDU_INTERESTS" and caught.value.hint


def test_late_papers_are_ordered_like_the_others() -> None:
    late = skipped(B, upvotes=5).model_copy(update={"late": date(2026, 11, 19)})
    assert [w.paper for w in ordered(skipped(A), late)] == [B, A]
