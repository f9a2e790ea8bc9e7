"""A whole day through the compiled graphs."""

import shutil
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pymupdf
import pytest

from core.models import Basis, Box, Query, Status, Verdict
from graph import reading
from tests.flow.worlds import desk, scripted, strong
from tools.llm.scripted import Asked, Said

SAMPLE = Path(__file__).parents[2] / "docs" / "sample"


def letters(text: str) -> str:
    """What a quote and a page must share, whatever the typesetting."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def words_in(pdf: Path, boxes: Sequence[Box]) -> str:
    """What is printed inside these boxes, by MuPDF's own account: words whose middle lies in one of them."""
    with pymupdf.open(pdf) as document:
        found = [
            word[4]
            for page, x0, y0, x1, y1 in boxes
            for word in document[page - 1].get_text("words")
            if x0 <= (word[0] + word[2]) / 2 <= x1 and y0 <= (word[1] + word[3]) / 2 <= y1
        ]
    return letters(" ".join(found))


async def test_every_sentence_has_a_verdict_a_page_and_a_quote_of_that_page(tmp_path: Path) -> None:
    async with desk(tmp_path, scripted()) as (opened, told):
        day = await opened.digest("sample", Query())
    assert [r.status for r in day.results] == [Status.PUBLISHED] * 3
    for result in day.results:
        assert result.digest is not None
        assert {c.id for c in result.digest.claims} >= {"title", "tldr", "c1", "c2", "c3"}
        for claim in result.digest.claims:
            allowed = {Verdict.SUPPORTED, Verdict.PARTIAL} if claim.id == "title" else {Verdict.SUPPORTED}
            assert claim.verdict in allowed, claim  # one sample title hedges ("may"), the scripted one does not
            for quote in claim.evidence:
                assert letters(quote.quote) == words_in(Path(result.paper.path or ""), quote.boxes)
                assert quote.boxes[0].page == quote.page
    assert (day.ledger.listed, day.ledger.parsed, day.ledger.verified, day.ledger.published) == (3, 3, 3, 3)
    assert all(Path(f).is_file() for f in day.files)  # noqa: ASYNC240  # a test may wait
    assert {p.step for p in told} >= {"list", "fetch", "parse", "read", "write", "verify", "publish"}


async def test_the_same_day_again_reads_and_asks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(tmp_path, scripted()) as (opened, _):
        first = await opened.digest("sample", Query())

    def refuse(*_: object) -> None:
        raise AssertionError("parsed again")

    monkeypatch.setattr(reading, "parse", refuse)
    silent = scripted(lambda asked: AssertionError("asked again"))
    silent._card = scripted().card  # the same model as before
    async with desk(tmp_path, silent) as (opened, _):
        again = await opened.digest("sample", Query())
    assert silent.history == []
    assert again == first


async def test_a_longer_list_adds_only_what_is_new(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(SAMPLE / "quotes.pdf", folder)
    home = tmp_path / "home"
    async with desk(home, scripted()) as (opened, _):
        await opened.digest("files", Query(folder=str(folder)))
    shutil.copy(SAMPLE / "retrieval.pdf", folder)
    model = scripted()
    async with desk(home, model) as (opened, told):
        day = await opened.digest("files", Query(folder=str(folder)))
    assert day.ledger.published == 2
    read = {p.paper for p in told if p.step == "parse"}
    assert len(read) == 1
    assert sum(a.schema is not None and a.schema.__name__ == "_Digest" for a in model.history) == 1


def liar(asked: Asked) -> Said:
    """Invents a number in one claim and a key in another, and repeats the number when asked to revise."""
    if asked.schema and asked.schema.__name__ == "_Digest":
        said = strong(asked)
        assert isinstance(said, dict)
        claims = said["claims"]
        claims[2]["text"] = "准确率达到 98.765%。"
        claims[1]["keys"] = ["S99999"]
        return said
    if asked.schema and asked.schema.__name__ == "_Revision":
        return {"text": "准确率达到 98.765%。", "keys": ["S1"]}
    return strong(asked)


async def test_an_invented_number_is_withheld_with_its_reason_and_not_shown(tmp_path: Path) -> None:
    model = scripted(liar)
    async with desk(tmp_path, model, revisions=2) as (opened, _):
        day = await opened.digest("sample", Query(limit=1))
    digest = day.results[0].digest
    assert digest is not None
    claim = digest.claim("c3")
    assert claim is not None
    assert claim.verdict is Verdict.UNSUPPORTED
    assert claim.withheld
    assert any(f.code.startswith("number") and f.severity == "error" for f in claim.findings)
    assert all("c3" not in s.claim_ids for s in digest.sections)
    assert sum(a.schema is not None and a.schema.__name__ == "_Revision" for a in model.history) == 2
    invented = digest.claim("c2")
    assert invented is not None
    assert all(q.paper == day.results[0].paper.version for q in invented.evidence)


async def test_a_revision_that_mends_the_claim_is_published(tmp_path: Path) -> None:
    def mended(asked: Asked) -> Said:
        return strong(asked) if asked.schema and asked.schema.__name__ == "_Revision" else liar(asked)

    async with desk(tmp_path, scripted(mended)) as (opened, _):
        day = await opened.digest("sample", Query(limit=1))
    digest = day.results[0].digest
    assert digest is not None
    claim = digest.claim("c3")
    assert claim is not None
    assert (claim.text, claim.verdict, claim.withheld) == ("作者做了测量。", Verdict.SUPPORTED, False)


async def test_one_bad_pdf_does_not_harm_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(SAMPLE / "quotes.pdf", folder)
    whole = (SAMPLE / "retrieval.pdf").read_bytes()
    (folder / "cut.pdf").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "page.pdf").write_bytes(b"<!doctype html><html><body>busy</body></html>")
    async with desk(tmp_path / "home", scripted()) as (opened, _):
        day = await opened.digest("files", Query(folder=str(folder)))
    status = {Path(r.paper.path or "").name: r.status for r in day.results}
    assert status["quotes.pdf"] is Status.PUBLISHED
    assert all(status[name] is Status.FAILED for name in ("cut.pdf", "empty.pdf", "page.pdf"))
    reasons = {p.reason for p in day.ledger.problems}
    assert len(reasons) == 3
    assert day.ledger.published == 1


async def test_a_model_that_breaks_is_one_papers_problem(tmp_path: Path) -> None:
    def breaks(asked: Asked) -> Said:
        if asked.schema and asked.schema.__name__ == "_Digest" and "Translate" in asked.last:
            return RuntimeError("bug")
        return strong(asked)

    async with desk(tmp_path, scripted(breaks)) as (opened, _):
        day = await opened.digest("sample", Query())
    assert sorted(r.status for r in day.results) == [Status.FAILED, Status.PUBLISHED, Status.PUBLISHED]
    failed = next(r for r in day.results if r.status is Status.FAILED)
    assert "RuntimeError" in failed.reason
    async with desk(tmp_path, scripted()) as (opened, _):  # the next run goes on where it broke
        day = await opened.digest("sample", Query())
    assert day.ledger.published == 3


async def test_without_a_model_the_sentences_stay_english_and_say_so(tmp_path: Path) -> None:
    async with desk(tmp_path, None) as (opened, _):
        day = await opened.digest("sample", Query())
    for result in day.results:
        assert result.digest is not None
        assert result.digest.language == "en"
        assert any("未译" in label for label in result.digest.labels)
        assert all(c.text == " ".join(q.quote for q in c.evidence) for c in result.digest.claims if c.id != "title")


async def test_ask_answers_with_verified_citations_and_refuses_without(tmp_path: Path) -> None:
    async with desk(tmp_path, scripted()) as (opened, _):
        pdf = str(SAMPLE / "quotes.pdf")
        answer = await opened.ask("作者测量了什么？", pdf, None)
        assert not answer.refused
        assert answer.answer == "作者做了测量。[1]"
        assert answer.citations[0].verdict is Verdict.SUPPORTED
        hits = await opened.search("连字符对查找引文有什么影响？", pdf, None, 5)
        assert hits
        assert any("hyphen" in h.passage.text for h in hits)

    def refuses(asked: Asked) -> Said:
        return "无法回答" if asked.kind == "stream" else strong(asked)

    async with desk(tmp_path, scripted(refuses)) as (opened, _):
        answer = await opened.ask("今天天气怎么样？", str(SAMPLE / "quotes.pdf"), None)
    assert answer.refused
    assert answer.nearest
    assert not answer.citations


async def test_an_abstract_stands_in_for_a_pdf_that_cannot_be_had(tmp_path: Path, httpserver: object) -> None:
    from pytest_httpserver import HTTPServer
    from werkzeug import Response

    assert isinstance(httpserver, HTTPServer)
    abstract = (
        "Long documents are slow to read with attention. However, sparse attention loses accuracy on long inputs. "
        "We propose a sparse attention method that selects blocks by a learned score. "
        "The method reaches 71.2% accuracy on the benchmark and is 2.3 times faster than dense attention. "
        "Our experiments cover English texts only."
    )
    row = {"paper": {"id": "2501.00001", "title": "Sparse Attention by Blocks", "summary": abstract}}
    httpserver.expect_request("/api/daily_papers").respond_with_json([row])
    httpserver.expect_request("/api/query").respond_with_response(Response("busy", 503))
    httpserver.expect_request("/pdf/2501.00001").respond_with_response(Response("gone", 404))
    mirror = httpserver.url_for("").rstrip("/")
    async with desk(tmp_path, None, mirror=mirror) as (opened, _):
        day = await opened.digest("hf", Query(day="2025-01-02"))  # type: ignore[arg-type]  # pydantic reads dates
    digest = day.results[0].digest
    assert digest is not None
    assert digest.basis is Basis.ABSTRACT
    assert "仅摘要" in digest.labels
    assert (day.ledger.fetched, day.ledger.published) == (0, 1)
    assert any("2501.00001" in p.reason or p.id == "2501.00001" for p in day.ledger.problems)
