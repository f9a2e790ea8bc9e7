"""What every format of a report keeps to."""

import html
import io
import re
import zipfile
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import docx
import pymupdf
import pytest

from core.errors import Misconfigured
from core.models import Claim
from core.report import Grid, Report
from tests.contract import sample_report as sample
from tools.exports import load_report_exporters
from tools.exports.reports import pdf

EXPORTERS = load_report_exporters()
WITHHELD, LEDGER = "没有通过核验的句子", "这份报告的账"


@cache
def made(name: str, *, evil: bool = False) -> bytes:
    """The sample, or the hostile one, in a format; made once."""
    try:
        return EXPORTERS[name].file(sample.hostile() if evil else sample.report(), sample.pictures())
    except Misconfigured as error:  # Pango and fonts are the machine's
        pytest.skip(str(error))


def words(name: str, content: bytes) -> str:
    """All words of a file in the order of reading, without blanks and marks of markup."""
    return squeezed({"md": _of_markdown, "html": _of_html, "pdf": _of_pdf, "docx": _of_docx}[name](content))


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def _of_markdown(content: bytes) -> str:
    text = re.sub(r"(?m)^\[fig-.*$", "", content.decode())
    return html.unescape(re.sub(r"\\(.)", r"\1", text))


def _of_html(content: bytes) -> str:
    text = re.sub(r"<style>.*?</style>", "", content.decode(), flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def _of_pdf(content: bytes) -> str:
    """Without what is printed over and under each page."""
    found = []
    for n, page in enumerate(pymupdf.open(stream=content)):
        clip = pymupdf.Rect(0, 60 if n else 0, page.rect.width, page.rect.height - 55)
        found.append(str(page.get_text(clip=clip)))
    return "".join(found)


def _of_docx(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


def addresses(name: str, content: bytes) -> set[str]:
    """All outside places a file names as links."""
    if name == "pdf":
        pages = pymupdf.open(stream=content)
        return {link["uri"] for page in pages for link in page.get_links() if link.get("uri")}
    if name == "docx":
        parts = zipfile.ZipFile(io.BytesIO(content))
        relations = [parts.read(n).decode() for n in parts.namelist() if n.endswith("document.xml.rels")]
        return set(re.findall(r'Target="([^"]+)" TargetMode="External"', "".join(relations)))
    if name == "html":
        return {a for a in re.findall(r'(?:href|src)="([^"]*)"', content.decode()) if not a.startswith(("#", "data:"))}
    return {a for a in re.findall(r"(?<!\\)\]\((.*?)\)", content.decode()) if not a.startswith("#")}


def shown(report: Report) -> list[Claim]:
    """Claims a reader must find."""
    return [claim for claim in report.claims if not claim.withheld]


def test_the_formats_are_those_people_ask_for() -> None:
    assert list(EXPORTERS) == ["docx", "html", "md", "pdf"]
    assert all(exporter.name == name and "/" in exporter.media_type for name, exporter in EXPORTERS.items())


@pytest.mark.parametrize("name", EXPORTERS)
def test_the_same_report_is_the_same_bytes(name: str) -> None:
    first = made(name)
    assert first == EXPORTERS[name].file(sample.report(), sample.pictures())


@pytest.mark.parametrize("name", EXPORTERS)
def test_everything_that_stands_is_there(name: str) -> None:
    report, text = sample.report(), words(name, made(name))
    for claim in shown(report):
        assert squeezed(claim.text) in text, claim.id
        for quote in claim.evidence:
            assert squeezed(quote.quote) in text
            assert squeezed(f"第 {quote.page} 页") in text
            assert squeezed(quote.section) in text
    said = [report.plan.title, *report.labels, *(section.heading for section in report.sections)]
    said += [question for section in report.sections for question in (*section.unanswered, *section.asks)]
    said += [finding.message for section in report.sections for finding in section.cautions]
    said += ["部分支持", "未见报告", "未过核验", "预算用完了。", "两篇的测试集和硬件不同", "PDF 打不开。"]
    said += [
        "Ada Example, Bo Sample, Chen Li et al., 2025",
        "arXiv:2511.10002v2",
        "本地文件",
        "Overview of the router.",
    ]
    said += ["Share of tokens kept at each layer", "许可不允许转载这张图，请到 PDF 第 3 页看", "64,600", "0.4800"]
    assert not [words for words in said if squeezed(words) not in text]


@pytest.mark.parametrize("name", EXPORTERS)
def test_what_failed_stands_in_its_list_alone(name: str) -> None:
    """A grid of which no cell stands is left out."""
    text = words(name, made(name))
    before, listed = text[: text.rindex(WITHHELD)], text[text.rindex(WITHHELD) :]
    listed = listed[: listed.index(LEDGER)] if LEDGER in listed else listed
    for claim in sample.report().claims:
        if claim.withheld:
            assert squeezed(claim.text) not in before
            assert listed.count(squeezed(claim.text)) == 1
    assert "RouteLess、省下多少" in listed and "原文没有这样的结论" in listed and "找不到原文依据" in listed
    assert "整张撤下的表" not in text


@pytest.mark.parametrize("name", EXPORTERS)
@pytest.mark.parametrize("evil", [False, True])
def test_links_lead_to_arxiv_only(name: str, evil: bool) -> None:
    found = addresses(name, made(name, evil=evil))
    assert found
    assert all(re.fullmatch(r"https://arxiv\.org/(abs|pdf)/2511\.1000[12]v[12](#page=\d+)?", a) for a in found)


@pytest.mark.parametrize("name", EXPORTERS)
def test_hostile_words_are_words(name: str) -> None:
    text = words(name, made(name, evil=True))
    assert squeezed("<script>alert(1)</script>") in text
    assert "&lt;b&gt;" in text
    assert "\u202e" not in text and "\x00" not in text


@pytest.mark.parametrize("name", EXPORTERS)
def test_a_picture_that_is_missing_or_broken_is_a_link(name: str) -> None:
    spoilt: Mapping[str, bytes] = {"s2.1": b"<svg onload=alert(1)>", "s2.2": sample.png()[:400]}
    text = words(name, EXPORTERS[name].file(sample.report(), spoilt))
    assert squeezed("没有取到这张图，请到 PDF 第 5 页看。") in text
    assert squeezed("没有取到这个公式，请到 PDF 第 4 页看。") in text


@pytest.mark.parametrize("name", EXPORTERS)
def test_one_paper_has_no_numbers_and_an_empty_report_is_a_file(name: str) -> None:
    report = sample.report()
    alone = report.model_copy(update={"papers": report.papers[:1], "sections": report.sections[3:4]})
    text = words(name, EXPORTERS[name].file(alone, {}))
    assert squeezed("第 9 页") in text and squeezed("[1] 第 9 页") not in text
    assert WITHHELD not in text
    empty = report.model_copy(update={"papers": (), "sections": (), "labels": (), "left_out": ()})
    assert squeezed(report.plan.title) in words(name, EXPORTERS[name].file(empty, {}))


@pytest.mark.parametrize("name", EXPORTERS)
def test_a_row_that_is_too_short_or_too_long_breaks_nothing(name: str) -> None:
    report = sample.report()
    section = report.sections[2]
    grid = section.blocks[0]
    assert isinstance(grid, Grid)
    rows = (
        grid.rows[0].model_copy(update={"cells": ("s3.c1",)}),
        grid.rows[1].model_copy(update={"cells": ("s3.c2",) * 9}),
    )
    odd = section.model_copy(update={"blocks": (grid.model_copy(update={"rows": rows}),)})
    text = words(name, EXPORTERS[name].file(report.model_copy(update={"sections": (odd,)}), {}))
    assert "按题目难度分派模型" in text


# one by one


class Tags(HTMLParser):
    """Name and attributes' names of each element, as a browser sees them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [name for name, _ in attrs]))


def test_html_asks_for_nothing_and_runs_nothing() -> None:
    for evil in (False, True):
        text = made("html", evil=evil).decode()
        tags = Tags(text).found
        assert not {"script", "iframe", "object", "embed", "link", "form", "svg", "base"} & {tag for tag, _ in tags}
        assert not [name for _, names in tags for name in names if name.startswith("on")]
        assert "default-src 'none'" in text
        css = re.findall(r"<style>(.*?)</style>", text, flags=re.S)
        assert len(css) == 1 and "url(" not in css[0] and "@import" not in css[0]
        assert all(a.startswith("data:image/png;base64,") for a in re.findall(r'src="([^"]*)"', text))


def test_html_marks_lead_to_evidence_in_folds() -> None:
    text = made("html").decode()
    marks, ids = set(re.findall(r'href="#(\w+)"', text)), re.findall(r'id="(\w+)"', text)
    assert marks <= set(ids) and len(ids) == len(set(ids))
    folds = "".join(re.findall(r"<details>.*?</details>", text, flags=re.S))
    assert all(f'id="{id}"' in folds for id in ids if re.fullmatch(r"e\d+", id))
    assert text.count("<details>") == text.count("</details>")


def test_markdown_footnotes_and_contents_meet() -> None:
    text = made("md").decode()
    defined = re.findall(r"(?m)^\[\^(\d+)\]: ", text)
    assert set(re.findall(r"\[\^(\d+)\](?!:)", text)) == set(defined) and len(defined) == len(set(defined))
    assert set(re.findall(r"!\[.*?\]\[(fig-\d)\]", text)) == set(re.findall(r"(?m)^\[(fig-\d)\]: data:", text))
    headings = {re.sub(r"[^\w\- ]", "", h).replace(" ", "-") for h in re.findall(r"(?m)^## (.+)$", text)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) == headings - {"目录"}


def test_hostile_words_make_no_markdown() -> None:
    text = made("md", evil=True).decode()
    assert not re.search(r"<[a-zA-Z/!]", text)
    headings = re.findall(r"(?m)^#+ .+$", text)
    assert len(headings) == len(re.findall(r"(?m)^#+ .+$", made("md").decode()))
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {6, 10}


def test_large_pictures_stay_out_of_markdown() -> None:
    large = sample.png() + b"\0" * 300_000
    text = EXPORTERS["md"].file(sample.report(), {**sample.pictures(), "s2.1": large}).decode()
    assert "图太大，没有放进这个文件" in text and len(text) < 400_000


def test_pdf_has_numbers_bookmarks_and_links_of_its_own() -> None:
    pages = pymupdf.open(stream=made("pdf"))
    assert len(pages) > 2
    for n, page in enumerate(pages, 1):
        assert f"第 {n} 页，共 {len(pages)} 页" in page.get_text()
    headings = [entry[1] for entry in pages.get_toc() if entry[0] == 2]
    assert [re.sub(r"^\d\s*", "", h) for h in headings[:2]] == [s.heading for s in sample.report().sections[:2]]
    inner = [
        link for page in pages for link in page.get_links() if link["kind"] in (pymupdf.LINK_GOTO, pymupdf.LINK_NAMED)
    ]
    assert len(inner) > 20
    assert pages.metadata["title"] == sample.report().plan.title
    assert pages.metadata["creationDate"].startswith("D:20261120")
    assert any("CJK" in font[3] for font in pages[0].get_fonts()), "Chinese in a Chinese font"


def test_pdf_puts_no_hyphen_into_addresses() -> None:
    made("pdf")  # or skips
    address = "https://github.com/representation/understanding"
    report = sample.report()
    told = tuple(
        section.model_copy(
            update={
                "claims": tuple(
                    c.model_copy(update={"text": address}) if c.id.startswith("s3.c") else c for c in section.claims
                )
            }
        )
        for section in report.sections
    )
    file = EXPORTERS["pdf"].file(report.model_copy(update={"sections": told}), sample.pictures())
    said = words("pdf", file)
    assert said.count(address) == re.sub("[-\u2010\xad]", "", said).count(address) > 1


def test_pdf_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_has_chinese_font", lambda: False)
    with pytest.raises(Misconfigured, match="fonts-noto-cjk"):
        EXPORTERS["pdf"].file(sample.report(), {})


def test_pdf_without_pango_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def broken(name: str, *more: object, **others: object) -> object:
        if name.split(".")[0] == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *more, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", broken)
    with pytest.raises(Misconfigured, match=r"libpangoft2.*libharfbuzz-subset0"):
        EXPORTERS["pdf"].file(sample.report(), {})


def test_docx_has_headings_tables_pictures_and_links_that_lead_somewhere() -> None:
    raw = made("docx")
    file = docx.Document(io.BytesIO(raw))
    headings = [p.text for p in file.paragraphs if p.style and p.style.name == "Heading 1"]
    assert [h.partition("　")[2] for h in headings[:5]] == [s.heading for s in sample.report().sections]
    assert len(file.tables) == 2 and len(file.inline_shapes) == 2
    body = zipfile.ZipFile(io.BytesIO(raw)).read("word/document.xml").decode()
    anchors, places = re.findall(r'w:anchor="(\w+)"', body), re.findall(r'<w:bookmarkStart[^>]* w:name="(\w+)"', body)
    assert anchors and set(anchors) <= set(places) and len(places) == len(set(places))
    assert body.count('descr="Figure 2 Share of tokens') == 1
    assert file.core_properties.title == sample.report().plan.title
    assert not [name for name in zipfile.ZipFile(io.BytesIO(raw)).namelist() if "thumbnail" in name]
    footer = zipfile.ZipFile(io.BytesIO(raw)).read("word/footer1.xml").decode()
    assert " PAGE " in footer


def test_style_sheets_ask_for_nothing() -> None:
    for sheet in (Path(pdf.__file__).parent).glob("*.css"):
        assert "http" not in sheet.read_text("utf-8") and "url(" not in sheet.read_text("utf-8")
