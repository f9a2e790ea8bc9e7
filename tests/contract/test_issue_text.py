"""An issue as Markdown and as JSON lines, read by what reads them."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from core.models import PaperResult, Verdict
from core.overview import Reason, Topic, Worth
from core.publication import Publication
from tests.contract import sample_issue
from tests.contract.sample_issue import EVIL, A, B, C, D, E
from tools.exports import load_exporters
from tools.exports.json_day import document

FOLDER = "2026-11-20-hf/"
ISSUES = {
    "full": sample_issue.publication(), "plain": sample_issue.bare("plain"), "empty": sample_issue.bare(),
    "hostile": sample_issue.hostile(),
}  # fmt: skip
GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class Page(HTMLParser):
    """Elements, links, pictures and words of a rendered page."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(GITHUB.render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remembers it."""
        self.tags.append(tag)
        self.attributes += attrs
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        """Remembers them."""
        self.words += data


def written(issue: Publication, exporter: str = "markdown") -> dict[str, bytes]:
    """Files by name below the issue's folder."""
    files = dict(load_exporters()[exporter].files(issue))
    assert all(name.startswith(FOLDER) for name in files)
    return {name.removeprefix(FOLDER): content for name, content in files.items()}


def index(issue: Publication) -> str:
    return written(issue)["index.md"].decode()


def part(text: str, heading: str) -> str:
    """What stands under a heading of the second level."""
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def unfolded(text: str) -> str:
    """What is seen without opening anything."""
    return re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)


def many(count: int) -> Publication:
    """The sample and as many papers more, all in one topic."""
    issue = sample_issue.publication()
    first = issue.day.results[0]

    def copy(n: int) -> PaperResult:
        paper = first.paper.model_copy(update={"id": f"2601.{n:05}", "version": f"2601.{n:05}v1"})
        return first.model_copy(update={"paper": paper})

    more = [copy(n) for n in range(count)]
    versions = tuple(r.paper.version for r in more)
    reason = Reason(kind="hot", text="升温的方向", weight=0.1)
    over = issue.overview.model_copy(
        update={
            "topics": (*issue.overview.topics, Topic(id="t9", name="其他", keys=(), papers=versions)),
            "worth": (*issue.overview.worth, *(Worth(paper=v, score=0.0, reasons=(reason,)) for v in versions)),
        }
    )
    return replace(issue, day=issue.day.model_copy(update={"results": (*more, *issue.day.results)}), overview=over)


@pytest.mark.parametrize("exporter", ["markdown", "jsonl", "bibtex", "ris", "obsidian"])
@pytest.mark.parametrize("name", ISSUES)
def test_equal_issues_give_equal_bytes(exporter: str, name: str) -> None:
    again = {
        "full": sample_issue.publication, "plain": lambda: sample_issue.bare("plain"), "empty": sample_issue.bare,
        "hostile": sample_issue.hostile,
    }[name]()  # fmt: skip
    shuffled = replace(again, figures=dict(reversed(list(again.figures.items()))))
    assert list(written(ISSUES[name], exporter).items()) == list(written(shuffled, exporter).items())


# Markdown


def test_the_index_has_its_parts_in_order_and_links_to_them() -> None:
    text = index(ISSUES["full"])
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings == ["今日看点", "图表", "主题", "热点", "横向对比", "值得细读", "论文", "没有发布的"]
    assert all(f"[{heading}](#{heading})" in text for heading in headings)
    assert "[← 上一期](../2026-11-19-hf/index.md)" in text


def test_highlights_name_papers_pages_and_doubts_and_fold_their_evidence() -> None:
    seen = part(index(ISSUES["full"]), "今日看点")
    second = seen[seen.index("\n2. ") :]
    assert "72.8% 与 4.2 个百分点。** `🟡 部分支持`" in second
    assert f"]({A}.md)，[第 9 页](https://arxiv.org/pdf/{A}#page=9)" in second
    assert f"]({B}.md)，[第 1 页](https://arxiv.org/pdf/{B}#page=1)" in second
    assert "72.8% on GSM8K" not in unfolded(seen) and "72.8% on GSM8K" in seen
    page = Page(seen)
    assert page.tags.count("li") == page.tags.count("details") == 2 and page.tags.count("ol") == 1


def test_pictures_come_in_the_shade_of_the_screen_with_their_figures_in_words() -> None:
    page = Page(part(index(ISSUES["full"]), "图表"))
    assert page.tags.count("picture") == page.tags.count("img") == 3
    assert ("srcset", "pictures/words-dark.svg") in page.attributes
    assert ("media", "(prefers-color-scheme: dark)") in page.attributes
    assert ("src", "pictures/words-light.svg") in page.attributes
    assert ("alt", "大语言模型 2 篇，稀疏注意力 1 篇，black hole 1 篇。") in page.attributes


def test_topics_hot_words_and_tables() -> None:
    text = index(ISSUES["full"])
    assert f"- [强化学习让小模型学会检索]({B}.md)" in part(text, "主题")
    assert "scan.pdf（失败）" in part(text, "主题")
    hot = part(text, "热点")
    assert "| 稀疏注意力 | 1 篇 | 0.5 篇 | 高于往日 |" in hot and "| 1 篇 | 0 篇 | 新出现 |" in hot
    assert "| 2 篇 | 3.2 篇 | 低于往日 |" in hot and "和之前 4 天的同一来源相比" in hot
    table = part(text, "横向对比")
    assert f"| [72.8](https://arxiv.org/pdf/{A}#page=9) |" in table and "设置不同，不能直接比较" in table
    page = Page(hot + table)
    assert page.tags.count("table") == 2 and page.tags.count("tr") == 4 + 3


def test_every_change_has_its_words_and_none_is_made_up() -> None:
    issue = sample_issue.publication()
    first, second, third = issue.overview.hot
    same = first.model_copy(update={"change": "same", "usual": 2.0})
    unknown = second.model_copy(update={"change": "unknown", "usual": None})
    text = index(replace(issue, overview=issue.overview.model_copy(update={"hot": (same, unknown, third)})))
    assert "| 2 篇 | 和往日差不多 |" in text and "| — | 没有可比的往日 |" in text
    text = index(replace(issue, overview=issue.overview.model_copy(update={"hot": (unknown,), "compared": 0})))
    assert "| 词 | 今天 | 论文 |" in text and "没有可比的往日。" in text and "往日平均" not in text


def test_many_notes_under_a_table_are_folded_and_the_fold_says_what_they_are() -> None:
    issue = sample_issue.publication()
    grid = issue.overview.grids[0].model_copy(update={"notes": ("一。", "二。", "三。")})
    table = part(index(replace(issue, overview=issue.overview.model_copy(update={"grids": (grid,)}))), "横向对比")
    assert "各篇的设置不一定相同，比较之前请看说明（3 条）" in unfolded(table.replace("<summary>", "</details>"))
    assert "- 二。" in table and "- 二。" not in unfolded(table)


def test_cells_that_do_not_stand_are_not_shown() -> None:
    issue = sample_issue.publication()
    first, second = issue.overview.cells
    cells = (first.model_copy(update={"withheld": True}), second.model_copy(update={"verdict": Verdict.PARTIAL}))
    table = part(index(replace(issue, overview=issue.overview.model_copy(update={"cells": cells}))), "横向对比")
    assert "72.8" not in table and "未过核验" in table
    assert f"[70.1](https://arxiv.org/pdf/{B}#page=1) `🟡 部分支持`" in table


def test_worth_lists_every_paper_and_says_why_and_what_became_of_it() -> None:
    worth = part(index(ISSUES["full"]), "值得细读")
    assert re.findall(r"^(\d)\. ", worth, re.MULTILINE) == list("12345")
    assert "你关注的关键词：稀疏注意力；社区 39 票" in worth
    assert "Too Little Was Left](2501.00004v1.md)　未过核验" in worth and "scan.pdf　失败" in worth
    assert "补：11-19 的清单" in worth


def test_papers_stand_in_the_order_of_worth() -> None:
    issue = sample_issue.publication()
    over = issue.overview.model_copy(update={"worth": issue.overview.worth[::-1]})
    cards = re.findall(r"^### \d\. \[.*\]\((.*)\.md\)", index(replace(issue, overview=over)), re.MULTILINE)
    assert cards == ["hep-th_9901001v1", B, A]
    assert "补：11-19 的清单" in part(index(issue), "论文")
    assert "[代码（第 1 页写明）](https://github.com/example/sba)" in part(index(issue), "论文")


@pytest.mark.parametrize("count", [40])
def test_long_issues_fold_what_is_only_a_list(count: int) -> None:
    text = index(many(count))
    worth, topics = part(text, "值得细读"), part(text, "主题")
    assert "其余 35 篇的顺序和理由" in worth and len(re.findall(r"^\d+\. ", unfolded(worth), re.MULTILINE)) == 10
    assert len(re.findall(r"^\d+\. ", worth, re.MULTILINE)) == 45
    assert topics.count("2601.") == 40 and "2601." not in unfolded(topics)
    assert len(re.findall(r"^### ", text, re.MULTILINE)) == 43  # papers themselves are never folded


def test_key_figures_are_beside_the_page_or_linked() -> None:
    files = written(ISSUES["full"])
    assert files[f"figures/{A}.png"] == sample_issue.png()
    assert f"![Figure 1](figures/{A}.png)" in files[f"{A}.md"].decode()
    assert f"figures/{B}.png" not in files
    assert f"原图见 [PDF 第 2 页](https://arxiv.org/pdf/{B}#page=2)（许可不允许转载" in files[f"{B}.md"].decode()
    assert "补：11-19 的清单" in files[f"{B}.md"].decode()


def test_withheld_sentences_are_out_of_sight() -> None:
    issue = sample_issue.publication()
    held = [h.model_copy(update={"claim": h.claim.model_copy(update={"withheld": True})}) for h in
            issue.overview.highlights]  # fmt: skip
    files = written(replace(issue, overview=issue.overview.model_copy(update={"highlights": tuple(held)})))
    assert "今日看点" not in files["index.md"].decode() and "准确率达到 99%" not in files["index.md"].decode()
    assert "准确率达到 99%" not in unfolded(files[f"{A}.md"].decode())


def test_old_issues_and_empty_days_are_pages_too() -> None:
    plain, empty = index(ISSUES["plain"]), index(ISSUES["empty"])
    assert re.findall(r"^## (.*)$", plain, re.MULTILINE) == ["论文", "没有发布的"]
    assert "周末没有论文。" in empty and "## " not in empty


def test_hostile_words_stay_words() -> None:
    for name, content in written(ISSUES["hostile"]).items():
        if name.endswith(".png"):
            continue
        text = content.decode()
        page = Page(text)
        assert not {"script", "del", "pre"} & set(page.tags) and not re.search("[\x00-\x08\u202a-\u202e]", text)
        known = (
            *("https://arxiv.org/" + kind for kind in ("abs/", "pdf/")),
            "https://github.com/example/sba",
            "#",
            "..",
        )
        assert all(link.startswith(known) or link.removesuffix(".md") in (A, B, D, "hep-th_9901001v1")
                   for link in page.links)  # fmt: skip
        assert '<script>alert("1")</script> [[链]] [x](javascript:y) *b* `c` $d$ &amp; |' in page.words
        assert not [key for key, _ in page.attributes if key.startswith("on")]


def test_addresses_of_code_cannot_leave_their_link() -> None:
    issue = sample_issue.publication()
    code = issue.overview.codes[0]
    odd = [code.model_copy(update={"address": a}) for a in ("https://x.test/a)b](c <d>", "javascript:alert(1)")]
    text = index(replace(issue, overview=issue.overview.model_copy(update={"codes": tuple(odd)})))
    assert "(https://x.test/a%29b%5D%28c%20%3Cd%3E)" in text and "javascript" not in text


# JSON lines


def lines(issue: Publication) -> list[str]:
    (content,) = written(issue, "jsonl").values()
    return content.decode().split("\n")[:-1]


def test_every_line_is_a_paper_that_stands_alone() -> None:
    papers = [json.loads(line) for line in lines(ISSUES["full"])]
    assert [p["version"] for p in papers] == [A, B, C, D, E]
    assert [p["rank"] for p in papers] == [1, 2, 3, 4, 5]
    first = papers[0]
    assert (first["date"], first["source"], first["topic"]) == ("2026-11-20", "hf", "大语言模型")
    assert (first["headline"], first["headline_verdict"]) == ("稀疏块注意力：长文本上的等效替代", "supported")
    assert first["reasons"][0] == "你关注的关键词：稀疏注意力"
    for paper, known in zip(papers, document(ISSUES["full"].day)["papers"], strict=True):
        assert paper.items() >= json.loads(json.dumps(known)).items()
    assert [json.loads(line)["rank"] for line in lines(ISSUES["plain"])] == [None] * 5
    assert lines(ISSUES["empty"]) == []


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\n", "\r", "\x0c", "\ud800", "\x1e"])
def test_no_sign_ends_a_line_early(sign: str) -> None:
    issue = sample_issue.publication()
    results = [
        r.model_copy(update={"paper": r.paper.model_copy(update={"title": f"a{sign}b"}), "reason": sign})
        for r in issue.day.results
    ]
    (content,) = written(replace(issue, day=issue.day.model_copy(update={"results": tuple(results)})), "jsonl").values()
    found = content.decode().splitlines()
    assert len(found) == 5 and all(json.loads(line)["title"] == f"a{sign}b" for line in found)


def test_hostile_words_come_back_as_they_were() -> None:
    assert all(json.loads(line)["title"] == EVIL for line in lines(ISSUES["hostile"]))
