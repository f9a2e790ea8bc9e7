"""An issue as files: plain words stay plain, links are arXiv's, withheld sentences stay out of sight."""

import json
import re
from typing import Any

import pytest

from core import digests
from core.models import Basis, DigestSection, Finding, Ledger, Problem, Status, Step, Usage, Verdict
from core.publication import Publication
from tests.unit.builders import claim, day, digest, paper, quote, result
from tools.exports import _names, json_day, load_exporters, md

EVIL = '<script>alert(1)</script> <img src=x onerror="y"> [click](http://evil.test) `code` **b** $x$ &lt;b&gt; | a~~b~~'
WRONG = Finding(code="number.missing", severity="error", message="数字 9 不在原文中。")
HELD = claim("c9", "编造的一句话。", Verdict.UNSUPPORTED, withheld=True, findings=(WRONG,))
FULL = digest(claim("title", "中文标题"), claim("tldr", "一句话说清。"), claim("c1", "方法一句。"), HELD)


def contents(exporter: str, *args: Any, **more: Any) -> dict[str, str]:
    return {name: data.decode() for name, data in load_exporters()[exporter].files(Publication(day(*args, **more)))}


def visible(text: str) -> str:
    """What a reader sees without opening any fold."""
    return re.sub(r"<details>.*?</details>", "", text, flags=re.S)


def test_every_exporter_writes_below_one_folder_and_is_pure() -> None:
    assert list(load_exporters()) == sorted(load_exporters())
    for name, exporter in load_exporters().items():
        assert exporter.name == name
        issue = Publication(day(result(FULL)))
        files = dict(exporter.files(issue))
        assert files == dict(exporter.files(issue))
        assert all(file.startswith("2026-11-20-hf/") and ".." not in file for file in files)


@pytest.mark.parametrize("name", ["hep-th/9901001v2", "file-0123456789ab", "../../etc/passwd"])
def test_no_name_leaves_the_folder(name: str) -> None:
    assert "/" not in _names.stem(name)


@pytest.mark.parametrize(
    ("version", "linked"), [("2501.00001v1", True), ("hep-th/9901001v2", True), ("file-0123456789ab", False)]
)
def test_only_arxiv_ids_are_links(version: str, linked: bool) -> None:
    assert (_names.abstract_page(version) == f"https://arxiv.org/abs/{version}") is linked
    assert (_names.pdf_page(version, 4) == f"https://arxiv.org/pdf/{version}#page=4") is linked
    made = digest(claim("c1", evidence=(quote(paper=version),)), paper=version)
    files = contents("markdown", result(made, paper=paper(version)))
    assert any("https://" in text for text in files.values()) is linked


@pytest.mark.parametrize("odd", ["2501.00001v1)](javascript:x", "x\n2501.00001v1", "2501.00001v1\n"])
def test_what_only_looks_like_an_id_is_no_link(odd: str) -> None:
    assert _names.abstract_page(odd) == _names.pdf_page(odd, 1) == ""


# Markdown


def test_markup_in_titles_quotes_and_claims_is_plain_text() -> None:
    made = digest(
        claim("title", EVIL), claim("tldr", EVIL), claim("c1", EVIL, evidence=(quote(EVIL),), findings=(WRONG,)),
        claim("c2", EVIL, withheld=True, verdict=Verdict.UNSUPPORTED), labels=("仅摘要",), why_abstract=EVIL,
        basis=Basis.ABSTRACT, writer=EVIL, judge=EVIL,
    )  # fmt: skip
    bad = paper(title=EVIL, authors=(EVIL,), categories=(EVIL,))
    skipped = result(None, Status.SKIPPED, paper=paper("2501.00002v1", title=EVIL), reason=EVIL)
    problems = Ledger(problems=(Problem(id=EVIL, step=Step.LIST, reason=EVIL),))
    files = contents("markdown", result(made, paper=bad), skipped, model=EVIL, note=EVIL, ledger=problems)
    assert len(files) == 2
    for text in files.values():
        assert not re.search(r"<(?!/?(details|summary|blockquote)>)[a-z]", text)
        outside = re.sub(r"(?m)^<blockquote>[^<\n]*</blockquote>$", "", text)  # HTML, where Markdown means nothing
        links = re.findall(r"(?<!\\)\]\((.*?)\)", outside)
        assert links
        assert all(link.startswith("https://arxiv.org/") or link == "2501.00001v1.md" for link in links)
        assert "&amp;lt;b&amp;gt;" in text  # shown as it was printed


@pytest.mark.parametrize("raw", ["\\", "`", "*", "_", "{", "[", "]", "|", "#", "~", "$"])
def test_specials_are_escaped(raw: str) -> None:
    assert md.text(f"a{raw}b") == f"a\\{raw}b"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a <b> & c", "a &lt;b&gt; &amp; c"),
        ("two\n\nlines\t here", "two lines here"),
        ("- no list", "\\- no list"),
        ("+ no list", "\\+ no list"),
        ("1. no list", "1\\. no list"),
        ("12) no list", "12\\) no list"),
        ("---", "\\---"),
        ("=== no heading", "\\=== no heading"),
        ("3.5 points", "3.5 points"),
        ("-3.5 points", "-3.5 points"),
        ("\\<b>", "\\\\&lt;b&gt;"),
        ("> no quote", "&gt; no quote"),
    ],
)
def test_plain_words(raw: str, shown: str) -> None:
    assert md.text(raw) == shown


def test_a_quote_cannot_leave_its_fold() -> None:
    made = digest(claim("c1", evidence=(quote("before\n\n</details>\n\n# A heading"),)))
    text = contents("markdown", result(made))["2026-11-20-hf/2501.00001v1.md"]
    assert "\n# A heading" not in text
    assert text.count("</details>") == text.count("<details>")
    assert "&lt;/details&gt;" in text


def test_withheld_sentences_are_not_in_sight() -> None:
    wrongly = FULL.model_copy(update={"sections": (DigestSection(name="方法", claim_ids=("c1", "c9")),)})
    for made in (FULL, wrongly):
        files = contents("markdown", result(made))
        page = files["2026-11-20-hf/2501.00001v1.md"]
        assert "编造的一句话" not in files["2026-11-20-hf/index.md"]
        assert "编造的一句话" not in visible(page)
        assert page.count("~~编造的一句话。~~") == 1 and "数字 9 不在原文中" in page
        assert "方法一句。" in visible(page)


def test_a_withheld_title_or_summary_is_not_shown() -> None:
    made = digest(
        claim("title", "假标题", Verdict.UNSUPPORTED, withheld=True),
        claim("tldr", "假总结", Verdict.UNSUPPORTED, withheld=True),
        claim("c1", "真方法。"),
    )
    for text in contents("markdown", result(made)).values():
        assert "假标题" not in visible(text) and "假总结" not in visible(text)
        assert "真方法。" in text and "A Plain Title" in text


def test_every_sentence_shows_verdict_page_and_quote() -> None:
    text = contents("markdown", result(FULL))["2026-11-20-hf/2501.00001v1.md"]
    assert "方法一句。　`✅ 支持 · 第 3 页`" in text
    assert "<blockquote>We train on 8 GPUs.</blockquote>" in text
    assert "[第 3 页，3 Method](https://arxiv.org/pdf/2501.00001v1#page=3)" in text
    row = quote().model_copy(update={"spelled_out": "Table 3 · Model=Net <b>, GPUs=8"})
    text = contents("markdown", result(digest(claim("c1", "一句。", evidence=(row,)))))["2026-11-20-hf/2501.00001v1.md"]
    assert "Table 3 · Model=Net" in text and "<b>" not in text
    partial = digest(claim("c1", "一句。", Verdict.PARTIAL, evidence=(quote(page=2), quote(page=5))))
    assert "`🟡 部分支持 · 第 2 页、第 5 页`" in contents("markdown", result(partial))["2026-11-20-hf/2501.00001v1.md"]


def test_the_index_says_what_became_of_every_paper() -> None:
    held = result(FULL, Status.WITHHELD, paper=paper("2501.00002v1", title="Held"), reason="句子太少")
    failed = result(None, Status.FAILED, paper=paper("2501.00003v1", title="Failed"), reason="下载不到")
    problems = (
        Problem(id="2501.00003", step=Step.FETCH, reason="下载不到"),
        Problem(id="x9", step=Step.LIST, reason="没有编号"),
    )
    found = Ledger(listed=4, fetched=2, parsed=2, read=2, verified=2, published=1, problems=problems)
    text = contents("markdown", result(FULL), held, failed, ledger=found)["2026-11-20-hf/index.md"]
    assert "列出 4 · 取到全文 2 · 解析 2 · 读完 2 · 核验 2 · 发布 1" in text
    assert "**未过核验**　Held（2501.00002v1）：句子太少" in text
    assert text.count("下载不到") == 1  # told once
    assert "x9（列出）：没有编号" in text


def test_an_english_digest_says_what_it_is() -> None:
    made = digest(claim("c1", "We train on 8 GPUs."), language="en", writer="", judge="", labels=("未译",))
    text = contents("markdown", result(made))["2026-11-20-hf/2501.00001v1.md"]
    assert "*We train on 8 GPUs.*" in text and "未译" in text and "无（保留英文原句）" in text
    assert text.startswith("# A Plain Title")


# JSON


def test_the_contract_of_the_json_document() -> None:
    usage = Usage(calls=3, prompt_tokens=10, completion_tokens=5, cost=0.25)
    problems = (Problem(id="2501.00002", step=Step.FETCH, reason="下载不到"),)
    issue = day(
        result(FULL, usage=usage), result(None, Status.FAILED, paper=paper("2501.00002v1"), reason="下载不到"),
        ledger=Ledger(listed=2, published=1, problems=problems), files=("a/day.json",),
    )  # fmt: skip
    made = json.loads(json.dumps(json_day.document(issue)))
    assert {"date", "source", "model", "papers", "ledger", "files"} <= set(made)
    assert (made["date"], made["source"], made["model"], made["files"]) == ("2026-11-20", "hf", "m", ["a/day.json"])
    first, second = made["papers"]
    wanted = {"id", "version", "title", "title_zh", "status", "reason", "digest", "claims", "usage"}
    assert wanted <= set(first) and wanted <= set(second)
    assert (first["id"], first["version"], first["title_zh"]) == ("2501.00001", "2501.00001v1", "中文标题")
    assert first["status"] == "published"
    assert first["digest"]["tldr"] == "一句话说清。"
    assert first["digest"]["sections"] == [{"name": "方法", "claim_ids": ["c1", "c9"]}]
    assert first["usage"] == {"calls": 3, "prompt_tokens": 10, "completion_tokens": 5, "cost": 0.25}
    c1 = next(c for c in first["claims"] if c["id"] == "c1")
    assert (c1["text"], c1["verdict"], c1["score"], c1["findings"]) == ("方法一句。", "supported", 0.9, [])
    assert {"page", "quote", "boxes"} <= set(c1["evidence"][0])
    assert (c1["evidence"][0]["page"], c1["evidence"][0]["quote"]) == (3, "We train on 8 GPUs.")
    assert c1["evidence"][0]["boxes"] == [[3, 10.0, 20.0, 110.0, 30.0]]
    held = next(c for c in first["claims"] if c["id"] == "c9")
    assert held["withheld"] is True
    assert held["findings"] == [{"code": "number.missing", "severity": "error", "message": "数字 9 不在原文中。"}]
    assert (second["status"], second["reason"], second["digest"], second["claims"]) == ("failed", "下载不到", None, [])
    assert made["ledger"] == {
        "listed": 2, "fetched": 0, "parsed": 0, "read": 0, "verified": 0, "published": 1,
        "problems": [{"id": "2501.00002", "step": "fetch", "reason": "下载不到"}],
    }  # fmt: skip


@pytest.mark.parametrize("status", list(Status))
def test_status_words(status: Status) -> None:
    (made,) = json_day.document(day(result(None, status)))["papers"]
    assert made["status"] in {"published", "withheld", "failed", "skipped"}


def test_json_is_one_readable_file() -> None:
    files = contents("json", result(FULL))
    assert list(files) == ["2026-11-20-hf/day.json"]
    text = files["2026-11-20-hf/day.json"]
    assert "中文标题" in text and text.endswith("}\n")
    assert json.loads(text)["papers"][0]["title_zh"] == "中文标题"


@pytest.mark.parametrize(
    ("made", "title", "summary"),
    [
        (FULL, "中文标题", "一句话说清。"),
        (digest(claim("c1", "方法一句。")), "", "方法一句。"),
        (digest(claim("tldr", "假", withheld=True), claim("c1", "方法一句。")), "", "方法一句。"),
        (digest(claim("title", "标题", withheld=True), claim("tldr", "好")), "", "好"),
        (digest(claim("title", "Title"), language="en"), "", ""),
        (digest(), "", ""),
    ],
)
def test_title_and_summary_are_what_stood(made: Any, title: str, summary: str) -> None:
    assert digests.title_zh(made) == title
    found = digests.tldr(made)
    assert (found.text if found else "") == summary


def test_cautions_about_the_paper_are_shown_and_exported() -> None:
    message = "摘要说“best”（第 1 页），正文说“worse”（第 7 页）。"
    caution = Finding(code="strength.weakened", severity="warning", message=message)
    made = result(digest(claim("c1"), cautions=(caution,)))
    (_, page) = contents("markdown", made).values()
    assert "## 摘要与正文的出入" in page and message in page
    (paper_json,) = json_day.document(day(made))["papers"]
    assert paper_json["cautions"] == [{"code": "strength.weakened", "severity": "warning", "message": message}]
