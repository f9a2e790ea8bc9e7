"""What the day page says over all papers, as a string of ours and in a real browser."""

import pytest

from core.models import Claim, Verdict
from core.overview import Highlight
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
