"""What Word and PDF files of an issue keep to, as their readers see them."""

import io
import re
import zipfile
from collections.abc import Callable
from functools import cache

import docx
import pymupdf
import pytest

from core.errors import Misconfigured
from core.models import Claim, Verdict
from core.overview import Code
from core.publication import KeyFigure, Publication
from tests.contract import sample_issue as sample
from tools.exports import load_exporters
from tools.exports.printed import issue as printed
from tools.exports.printed.blocks import Evidence, Heading, Image, Table, Text
from tools.exports.reports import pdf

EXPORTERS = load_exporters()
FORMATS = ("docx", "pdf")
SAMPLES: dict[str, Callable[[], Publication]] = {
    "full": sample.publication, "plain": lambda: sample.bare("plain"), "empty": sample.bare, "hostile": sample.hostile,
}  # fmt: skip


@cache
def made(name: str, kind: str = "full") -> bytes:
    """A sample in a format; made once."""
    return written(name, SAMPLES[kind]())


def written(name: str, issue: Publication) -> bytes:
    try:
        ((path, content),) = EXPORTERS[name].files(issue)
    except Misconfigured as error:  # Pango and fonts are the machine's
        pytest.skip(str(error))
    assert path == f"2026-11-20-hf/issue.{name}"
    return content


def words(name: str, content: bytes) -> str:
    """All words of a file in the order of reading, without blanks."""
    return squeezed(_of_docx(content) if name == "docx" else _of_pdf(content))


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def _of_docx(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


def _of_pdf(content: bytes) -> str:
    """Without what is printed over and under each page."""
    found = []
    for n, page in enumerate(pymupdf.open(stream=content)):
        clip = pymupdf.Rect(0, 60 if n else 0, page.rect.width, page.rect.height - 55)
        found.append(str(page.get_text(clip=clip)))
    return "".join(found)


def addresses(name: str, content: bytes) -> set[str]:
    """All outside places a file leads to."""
    if name == "pdf":
        return {link["uri"] for page in pymupdf.open(stream=content) for link in page.get_links() if link.get("uri")}
    parts = zipfile.ZipFile(io.BytesIO(content))
    relations = "".join(parts.read(n).decode() for n in parts.namelist() if n.endswith("document.xml.rels"))
    return set(re.findall(r'Target="([^"]+)" TargetMode="External"', relations))


def shown() -> list[Claim]:
    """Sentences a reader must find."""
    issue = sample.publication()
    digests = [r.digest for r in issue.day.results if r.digest and r.paper.version in (sample.A, sample.B, sample.C)]
    said = [claim for digest in digests for claim in digest.claims if not claim.withheld and claim.id != "title"]
    return [*said, *(h.claim for h in issue.overview.highlights), *issue.overview.cells]


@pytest.mark.parametrize("name", FORMATS)
def test_equal_issues_give_equal_bytes(name: str) -> None:
    assert made(name) == written(name, sample.publication())


@pytest.mark.parametrize("name", FORMATS)
def test_everything_that_stands_is_there_with_page_and_quote(name: str) -> None:
    text = words(name, made(name))
    for claim in shown():
        assert squeezed(claim.text) in text, claim.id
        for quote in claim.evidence:
            assert squeezed(quote.quote) in text and f"第{quote.page}页" in text
    overview = sample.overview()
    said = [
        "2026-11-20 论文速读", "Hugging Face 每日论文", "2026-11-20 周五", "写手-7B", "列出 6", "发布 3",
        *(picture.title for picture in sample.pictures()), *(topic.name for topic in overview.topics),
        *(word.name for word in overview.hot), *(note for grid in overview.grids for note in grid.notes),
        *(reason.text for worth in overview.worth for reason in worth.reasons),
        "往日平均", "高于往日", "和之前 4 天的同一来源相比", "部分支持", "原文说“最高”，译文没有。",
        "摘要说相当，第 8 页说有时不如。", "代码（第 1 页写明）", "补：11-19 的清单", "仅摘要", "李雷、Ann O'Neil",
        "没有读到全文，以下只依据摘要：PDF 暂时下载不了", "Figure 1", "The gate chooses blocks.",
        "许可不允许转载，或者没有取到", "未过核验", "加密的 PDF，打不开（去掉密码再试）",
        "编号不是 arXiv 编号，无法取得论文。", "未译：没有可用的模型，保留英文原句",
    ]  # fmt: skip
    assert not [words for words in said if squeezed(words) not in text]


@pytest.mark.parametrize("name", FORMATS)
def test_withheld_sentences_are_counted_and_not_shown(name: str) -> None:
    text = words(name, made(name))
    assert "99%" not in text and "只剩一句" not in text
    assert text.count("另有1句没有通过核验，没有刊出。") == 1


@pytest.mark.parametrize("name", FORMATS)
def test_papers_stand_in_the_order_of_worth_and_none_is_hidden(name: str) -> None:
    issue = sample.publication()
    turned = issue.overview.model_copy(update={"worth": issue.overview.worth[::-1]})
    other = Publication(day=issue.day, overview=turned)
    text = words(name, written(name, other))
    papers = text[text.rindex("论文1") :]
    places = [papers.index(squeezed(title)) for title in (sample.REVIEW, "Small Models Learn", "Sparse Block Att")]
    assert places == sorted(places)
    listed = text[text.rindex("值得细读") : text.rindex("论文1")]
    assert all(squeezed(title) in listed for title in ("scan.pdf", "Too Little Was Left", sample.REVIEW))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", ["plain", "empty"])
def test_old_issues_and_empty_days_are_files_too(name: str, kind: str) -> None:
    text = words(name, made(name, kind))
    assert squeezed("2026-11-20 论文速读") in text and "今日看点" not in text and "图表" not in text
    if kind == "empty":
        assert "周末没有论文。" in text and "目录" not in text and "列出0" in text
    else:
        assert "稀疏块注意力：长文本上的等效替代" in text and "原文依据" in text


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", ["full", "hostile"])
def test_links_lead_to_the_papers_and_their_code_only(name: str, kind: str) -> None:
    found = addresses(name, made(name, kind))
    arxiv = r"https://arxiv\.org/(abs|pdf)/(2501\.0000[124]v\d|hep-th/9901001v1)(#page=\d+)?"
    assert {a for a in found if not re.fullmatch(arxiv, a)} == {"https://github.com/example/sba"}


@pytest.mark.parametrize("name", FORMATS)
def test_an_address_of_code_is_https_or_no_link(name: str) -> None:
    issue = sample.publication()
    codes = tuple(Code(paper=sample.A, address=a, page=1) for a in ("javascript:alert(1)", 'https://x.org/"><b>'))
    found = addresses(name, written(name, Publication(issue.day, issue.overview.model_copy(update={"codes": codes}))))
    assert [a for a in found if "arxiv" not in a] == ["https://x.org/%22%3E%3Cb%3E"]


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_words_are_words(name: str) -> None:
    text = words(name, made(name, "hostile"))
    assert squeezed('<script>alert("1")</script>') in text and "&amp;" in text
    assert "\u202e" not in text and "\x07" not in text


@pytest.mark.parametrize("name", FORMATS)
def test_a_broken_figure_is_a_link(name: str) -> None:
    issue = sample.publication()
    broken = KeyFigure(label="Figure 1", caption="The gate.", page=4, png=sample.png()[:30], width=240.0)
    text = words(name, written(name, Publication(issue.day, issue.overview, figures={sample.A: broken})))
    assert squeezed("原图见 PDF 第 4 页") in text


# one by one


def test_a_word_file_bears_the_day_and_not_the_hour_it_was_made() -> None:
    parts = zipfile.ZipFile(io.BytesIO(made("docx"))).infolist()
    assert {part.date_time for part in parts} == {(2026, 11, 20, 0, 0, 0)}


def test_marks_of_a_word_file_lead_somewhere_and_pictures_have_words() -> None:
    xml = zipfile.ZipFile(io.BytesIO(made("docx"))).read("word/document.xml").decode()
    anchors, marks = (
        set(re.findall(r'w:anchor="([^"]+)"', xml)),
        re.findall(r'w:bookmarkStart[^>]*w:name="([^"]+)"', xml),
    )
    assert anchors <= set(marks) and len(marks) == len(set(marks))
    assert {"p1", "p2", "p3", "seen", "proofs", "e1"} <= anchors
    assert all(picture.alt in xml for picture in sample.pictures())
    styles = [line.style.name for line in docx.Document(io.BytesIO(made("docx"))).paragraphs if line.style]
    assert styles.count("Heading 2") == 3 and styles.count("Title") == 1


def test_a_pdf_has_numbers_bookmarks_and_links_of_its_own() -> None:
    pages = pymupdf.open(stream=made("pdf"))
    for n, page in enumerate(pages, 1):
        assert f"第 {n} 页，共 {len(pages)} 页" in page.get_text()
    listed = [entry[1] for entry in pages.get_toc() if entry[0] == 2]
    assert listed[:3] == ["今日看点", "图表", "主题"] and listed[-1] == "原文依据"
    papers = [entry[1] for entry in pages.get_toc() if entry[0] == 3]
    assert len(papers) == 3 and "稀疏块注意力：长文本上的等效替代" in papers[0]
    inner = [k for page in pages for k in page.get_links() if k["kind"] in (pymupdf.LINK_GOTO, pymupdf.LINK_NAMED)]
    assert len(inner) > 20
    assert pages.metadata["creationDate"].startswith("D:20261120")


def test_a_pdf_says_what_this_machine_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_has_chinese_font", lambda: False)
    with pytest.raises(Misconfigured, match="fonts-noto-cjk"):
        list(EXPORTERS["pdf"].files(sample.publication()))


def test_sentences_on_the_very_same_words_share_an_entry() -> None:
    evidence = Evidence([sample.A])
    first = sample.claim("c1", "甲。", sample.A, "The same words.", 2)
    line = evidence.said(first)
    again = evidence.said(first.model_copy(update={"id": "c2", "text": "乙。", "verdict": Verdict.PARTIAL}))
    other = evidence.said(sample.claim("c3", "丙。", sample.A, "Other words.", 2), own=True)
    assert [run.to for run in (line[1], again[1], other[1])] == ["#e1", "#e1", "#e2"]
    assert (line[1].text, other[1].text, again[-1].text) == ("[1] 第 2 页", "第 2 页", "部分支持")
    entries = [block for block in evidence.blocks() if isinstance(block, Text) and block.kind == "claim"]
    assert [(e.number, e.line[0].text) for e in entries] == [("1", "甲；乙。"), ("2", "丙。")]


def test_blocks_have_what_their_setters_rely_on() -> None:
    """A cell under every head, ids once, pictures that are pictures."""
    for kind in SAMPLES:
        blocks = printed.sheet(SAMPLES[kind]()).blocks
        for table in blocks:
            if isinstance(table, Table):
                assert table.heads and all(len(row) == len(table.heads) for row in table.rows)
        ids = [block.id for block in blocks if isinstance(block, (Heading, Text)) and block.id]
        assert len(ids) == len(set(ids))
        assert all(block.png.startswith(b"\x89PNG") and block.alt for block in blocks if isinstance(block, Image))
