"""What the day page says over all papers and which files it gives, as a string of ours and in a real browser."""

import pytest

from core.models import Claim, Verdict
from core.overview import Highlight
from core.passwords import hash_password
from tests.contract import sample_issue as sample
from tests.ui.conftest import Look, Serve
from tests.ui.fake_desk import FakeDesk
from ui.web import overview
from ui.web.overview import Drawn
from ui.web.texts import Language, texts

KEY = "2026-11-20|hf"
DRAWN = [Drawn(name, f"/{name}-light.png", f"/{name}-dark.png") for name in ("words", "topics", "trend")]


def said(language: Language = "zh", *, evil: bool = False) -> str:
    issue = sample.hostile() if evil else sample.publication()
    return overview.section(issue.day, issue.overview, KEY, lambda claim, papers: claim.id, DRAWN, texts(language))


def test_pictures_say_their_figures_to_those_who_do_not_see_them() -> None:
    text = said()
    assert 'alt="词云: 大语言模型 2, 稀疏注意力 1, black hole 1"' in text
    assert 'alt="主题: 大语言模型 3, black hole 2"' in text
    assert 'alt="近 30 天: 大语言模型 3–4–2, 稀疏注意力 0–1–1"' in text
    assert 'alt="Words of the day: 大语言模型 2' in said("en")


def test_a_highlight_that_failed_is_not_shown_and_a_partial_one_says_so() -> None:
    issue = sample.publication()
    failed = Highlight(claim=Claim(id="h9", text="夸大的一句。", withheld=True), papers=(sample.A,))
    told = issue.overview.model_copy(update={"highlights": (*issue.overview.highlights, failed)})
    text = overview.section(issue.day, told, KEY, lambda claim, papers: claim.id, [], texts("zh"))
    assert "夸大的一句" not in text and text.count('class="cite"') == 2
    assert [h.claim.verdict for h in issue.overview.highlights] == [Verdict.SUPPORTED, Verdict.PARTIAL]
    assert text.count("部分支持") == 1


def test_every_listed_paper_stands_in_the_order() -> None:
    issue, text = sample.publication(), said()
    order = text[text.index("zd-order") :]
    titles = ["稀疏块注意力", "强化学习让小模型", "Black Holes", "Too Little Was Left", "scan.pdf"]
    places = [order.index(title) for title in titles]
    assert places == sorted(places)
    assert all(reason.text in order for worth in issue.overview.worth for reason in worth.reasons)


def test_hostile_words_are_words() -> None:
    text = said(evil=True)
    assert "<script>" not in text and "&lt;script&gt;" in text


@pytest.mark.parametrize("dark", [False, True])
def test_it_stands_over_the_cards(serve: Serve, look: Look, fake: FakeDesk, dark: bool) -> None:
    looked = look(serve(fake), dark=dark)
    page = looked.page
    page.locator(".zd-highlights li").first.wait_for()
    shade = ".zd-by-night" if dark else ".zd-by-day"
    pictures = page.locator(f".zd-drawn {shade}")
    for n in range(pictures.count()):
        pictures.nth(n).scroll_into_view_if_needed()
    page.wait_for_function(
        "s => [...document.querySelectorAll(s)].every(i => i.naturalWidth)", arg=f".zd-drawn {shade}"
    )
    assert pictures.count() == 3 and pictures.first.is_visible()
    hidden = page.locator(f".zd-drawn {'.zd-by-day' if dark else '.zd-by-night'}")
    assert not hidden.first.is_visible()
    assert "推理 2 篇" in page.locator(".zd-hot").inner_text()
    page.locator(".zd-order summary").click()
    assert page.locator(".zd-order ol > li").count() == 4
    assert "你关注的关键词：推理" in page.locator(".zd-card .zd-why").first.inner_text()
    page.locator(".zd-highlights .cite").first.click()
    page.locator(".zd-leaf .zd-mark").first.wait_for()
    looked.clean()


def test_files_of_the_issue_are_made_when_asked_for_and_what_goes_wrong_is_said(
    serve: Serve, look: Look, fake: FakeDesk
) -> None:
    looked = look(serve(fake))
    page = looked.page
    files = page.locator(".zd-day-head .zd-files")
    files.wait_for()
    assert files.locator("a").all_inner_texts() == ["PDF", "Word", "BibTeX", "RIS"]
    with page.expect_download() as waiting:
        files.get_by_text("Word").click()
    assert waiting.value.suggested_filename == "2026-11-20-hf.docx"
    files.get_by_text("PDF").click()
    files.locator("[role=status]", has_text="缺少中文字体").wait_for()


def test_the_route_gives_these_files_and_nothing_else(serve: Serve, look: Look, fake: FakeDesk) -> None:
    served = serve(fake)
    key, request = next(iter(fake.days)), look(served).page.request
    fetched = request.get(f"{served.address}/issues/{key}/docx")
    assert (fetched.status, fetched.body()) == (200, b"docx")
    assert fetched.headers["content-disposition"].startswith("attachment")
    assert fetched.headers["x-content-type-options"] == "nosniff"
    assert request.get(f"{served.address}/issues/{key}/pdf").status == 503
    odd = ("obsidian", "docx%00", "..%2f..%2fetc%2fpasswd", "json")
    assert {request.get(f"{served.address}/issues/{key}/{kind}").status for kind in odd} <= {404, 405}
    keys = ("f" * 16, key[:-1], "..%2fx", key.upper() + "x")
    assert {request.get(f"{served.address}/issues/{other}/docx").status for other in keys} <= {404, 405}


def test_strangers_get_no_file(serve: Serve, look: Look, fake: FakeDesk) -> None:
    served = serve(fake, ui_user="me", ui_password_hash=hash_password("secret-enough"))
    answer = look(served).page.request.get(f"{served.address}/issues/{next(iter(fake.days))}/docx")
    assert answer.status == 401
