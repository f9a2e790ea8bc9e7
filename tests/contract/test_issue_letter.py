"""The morning letter: what it says, what it must not, and how long it is."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from core.models import PaperResult, Verdict
from core.overview import Headline, Worth
from core.publication import Publication
from tests.contract import sample_issue
from tests.contract.sample_issue import A, B, C, E
from tools.exports import load_exporters
from tools.exports.letter import letter

SITE = "https://digest.example.com/"
ISSUES = {
    "full": sample_issue.publication(), "plain": sample_issue.bare("plain"), "empty": sample_issue.bare(),
    "hostile": sample_issue.hostile(),
}  # fmt: skip


class Page(HTMLParser):
    """Links, elements and words of a mail."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.attributes: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remembers it."""
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        """Remembers them."""
        self.words += data


def many(count: int) -> Publication:
    """The sample and as many papers more, the first of them with long titles."""
    issue = sample_issue.publication()
    first = issue.day.results[0]

    def copy(n: int) -> PaperResult:
        paper = first.paper.model_copy(update={"id": f"2601.{n:05}", "version": f"2601.{n:05}v1", "title": "T" * 250})
        return first.model_copy(update={"paper": paper})

    more = [copy(n) for n in range(count)]
    names = [
        Headline(paper=r.paper.version, text=f"第 {n} 篇论文的中文标题", verdict=Verdict.SUPPORTED, original=False)
        for n, r in enumerate(more)
    ]
    worth = [Worth(paper=r.paper.version, score=0.1, reasons=()) for r in more]
    over = issue.overview.model_copy(
        update={
            "headlines": (*issue.overview.headlines, *names[3:]),
            "worth": (*issue.overview.worth, *worth),
        }
    )
    day = issue.day.model_copy(update={"results": (*issue.day.results, *more)})
    return replace(issue, day=day, overview=over)


def test_files_are_the_letter_and_always_the_same() -> None:
    exporter = load_exporters()["letter"]
    files = dict(exporter.files(ISSUES["full"]))
    assert files == dict(exporter.files(sample_issue.publication()))
    assert list(files) == [f"2026-11-20-hf/letter.{ending}" for ending in ("html", "md", "txt")]
    made = letter(ISSUES["full"])
    assert files["2026-11-20-hf/letter.html"].decode() == made.html
    assert made.text in files["2026-11-20-hf/letter.txt"].decode()
    assert made.markdown in files["2026-11-20-hf/letter.md"].decode()


def test_what_a_reader_wants_is_in_all_three() -> None:
    made = letter(ISSUES["full"], SITE)
    assert made.title == "证读 2026-11-20：稀疏块注意力：长文本上的等效替代"
    for said in (Page(made.html).words, MarkdownIt().render(made.markdown), made.text):
        for words in (
            "稀疏块注意力在 32K 长度上与全注意力相当。", f"{A} 第 1 页", "值得细读", "你关注的关键词：稀疏注意力",
            "强化学习让小模型学会检索", "补：11-19 的清单", "仅摘要", "部分支持", "原题", "black hole 1 篇（新出现）",
            "列出 6 ·", "裁判-7B",
        ):  # fmt: skip
            assert words in said, words
    page = f"{SITE}2026-11-20-hf/index.html"
    assert page in Page(made.html).links and f"]({page})" in made.markdown and page in made.text
    assert f"https://arxiv.org/pdf/{B}#page=1" in Page(made.html).links
    assert made.text.index("今日看点") < made.text.index("值得细读") < made.text.index("其他论文")


def test_a_partial_sentence_is_marked_where_it_stands() -> None:
    made = letter(ISSUES["full"])
    assert "72.8% 与 4.2 个百分点。（部分支持：" in made.text
    assert re.search(r"4\.2 个百分点。</bdi> <span[^>]*><span[^>]*>部分支持</span>", made.html)


def test_nothing_withheld_and_no_unpublished_name_gets_out() -> None:
    issue = sample_issue.publication()
    held = [
        h.model_copy(update={"claim": h.claim.model_copy(update={"withheld": True})}) for h in issue.overview.highlights
    ]
    made = letter(replace(issue, overview=issue.overview.model_copy(update={"highlights": tuple(held)})))
    for form in (made.html, made.markdown, made.text):
        assert "今日看点" not in form and "4.2 个百分点" not in form and "99" not in form.replace("9901001", "")
        assert "只剩一句" not in form
    title = issue.day.results[0].digest
    assert title is not None
    claims = tuple(c.model_copy(update={"withheld": c.withheld or c.id == "title"}) for c in title.claims)
    first = issue.day.results[0].model_copy(update={"digest": title.model_copy(update={"claims": claims})})
    old = Publication(day=issue.day.model_copy(update={"results": (first, *issue.day.results[1:])}))
    assert letter(old).title == "证读 2026-11-20：强化学习让小模型学会检索"
    assert "长文本上的等效替代" not in letter(old).text and "Sparse Block Attention" in letter(old).text


def test_the_subject_is_a_headline_that_holds_or_a_number() -> None:
    issue = sample_issue.publication()
    weak = [h.model_copy(update={"verdict": Verdict.PARTIAL}) for h in issue.overview.headlines]
    over = issue.overview.model_copy(update={"headlines": tuple(weak)})
    assert letter(replace(issue, overview=over)).title == "证读 2026-11-20：3 篇论文"
    long = [h.model_copy(update={"text": "很长的标题" * 20}) for h in issue.overview.headlines]
    over = issue.overview.model_copy(update={"headlines": tuple(long)})
    assert letter(replace(issue, overview=over)).title == "证读 2026-11-20：3 篇论文"
    assert (
        letter(ISSUES["empty"]).title == "证读 2026-11-20：没有论文"
        and "周末没有论文。" in letter(ISSUES["empty"]).text
    )


def test_a_recommended_paper_that_was_not_published_says_so() -> None:
    issue = sample_issue.publication()
    reason = issue.overview.worth[0].reasons
    worth = tuple(w.model_copy(update={"score": 1.0, "reasons": reason}) for w in issue.overview.worth)
    made = letter(replace(issue, overview=issue.overview.model_copy(update={"worth": worth})))
    assert "Too Little Was Left（原题，没有发布）" in made.text and "scan.pdf（原题，没有发布）" in made.text
    assert E not in made.text and E not in made.html


@pytest.mark.parametrize("count", [0, 9, 40])
def test_long_issues_end_early_between_items_and_count_the_rest(count: int) -> None:
    made = letter(many(count), SITE)
    for form in (made.markdown, made.text):
        assert len(form.encode()) <= 3800 and "怎么核验的" in form
        shown = len(re.findall(r"arxiv\.org/abs/", form))
        left = re.search(r"其余 (\d+) 篇论文见网页。", form)
        assert shown + (int(left[1]) if left else 0) == 3 + count
    links = [link for link in Page(made.html).links if "/abs/" in link]
    assert len(links) == min(3 + count, 32) and len(made.html.encode()) < 100_000
    assert ("其余 11 篇论文" in made.html) == (count == 40)


@pytest.mark.parametrize("name", ISSUES)
def test_a_mail_needs_nothing_from_outside(name: str) -> None:
    page = Page(letter(ISSUES[name], SITE).html)
    assert not {"script", "img", "link", "iframe", "table", "form", "object"} & set(page.tags)
    assert not [a for a in page.attributes if a.startswith("on") or a in ("src", "srcset", "background", "class", "id")]
    assert all(link.startswith((SITE, "https://arxiv.org/")) for link in page.links)


def test_hostile_words_stay_words() -> None:
    made = letter(ISSUES["hostile"])
    assert "<script" not in made.html and "<script" not in MarkdownIt("commonmark", {"html": True}).render(
        made.markdown
    )
    links = [
        str(child.attrGet("href"))
        for token in MarkdownIt().enable(["strikethrough", "table"]).parse(made.markdown)
        for child in token.children or []
        if child.type == "link_open"
    ]
    assert links and all(link.startswith("https://arxiv.org/") for link in links)
    for form in (made.html, made.markdown, made.text, made.title):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", form)
        assert " @g" not in form  # nobody is called
    assert "[[链]] [x](javascript:y) *b* `c`" in Page(made.html).words
    assert re.sub(r"\s", "", made.text) and C not in made.title
