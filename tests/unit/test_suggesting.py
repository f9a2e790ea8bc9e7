"""Next questions: from digests, short, and not asked before."""

from agents.suggesting import Read, suggest
from core.models import DigestSection
from tests.unit.builders import claim, digest, paper

SECTIONS = (
    DigestSection(name="方法", claim_ids=("c1",)),
    DigestSection(name="结果", claim_ids=("c2",)),
    DigestSection(name="局限", claim_ids=("c3",)),
)
CLAIMS = (
    claim("title", "长上下文规划"),
    claim("c1", "作者提出两阶段训练。"),
    claim("c2", "KARMA 在 MMLU 和 GSM8K 上分别达到 71% 和 80%。"),
    claim("c3", "只在英文数据上测试。"),
)
KARMA = Read(paper(title="KARMA: Planning"), digest(*CLAIMS, sections=SECTIONS))
PLAIN = Read(paper("2501.00002v1", title="On Planning"), digest(*CLAIMS, sections=SECTIONS))


def test_one_paper_is_asked_about_its_results_limits_and_method() -> None:
    assert suggest([KARMA], ()) == ("KARMA 在 MMLU 上表现如何？", "KARMA 有哪些局限？", "KARMA 具体是怎么做的？")
    assert suggest([PLAIN], ()) == ("这篇论文在 MMLU 上表现如何？", "这篇论文有哪些局限？", "这篇论文具体是怎么做的？")


def test_two_papers_are_compared() -> None:
    assert suggest([KARMA, PLAIN], ()) == (
        "KARMA 在 MMLU 上表现如何？", "KARMA 有哪些局限？", "KARMA 和《长上下文规划》的方法有什么不同？",
    )  # fmt: skip


def test_what_was_asked_is_not_suggested() -> None:
    asked = ["作者承认了哪些不足？", "在 MMLU 上准确率是多少？"]
    assert suggest([KARMA], asked) == ("KARMA 具体是怎么做的？",)
    assert suggest([KARMA, PLAIN], [*asked, "比较 KARMA 和《长上下文规划》"]) == ("KARMA 有哪些局限？",)
    assert suggest([KARMA, PLAIN], ["KARMA 有什么局限？"])[1:] == ("KARMA 和《长上下文规划》的方法有什么不同？",)


def test_only_what_the_digest_shows_is_asked_about() -> None:
    bare = Read(KARMA.paper, digest(claim("c1"), sections=()))
    withheld = digest(*CLAIMS[:3], claim("c3", withheld=True), sections=SECTIONS[2:])
    assert suggest([bare], ()) == suggest([Read(KARMA.paper, withheld)], ()) == suggest([], ()) == ()
