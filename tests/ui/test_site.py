"""The site, opened from the disk in a real browser."""

from pathlib import Path
from typing import Any

import pytest

from tests.contract.shelves import printed, shelf

ISSUE = "2026-11-20-hf"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder."""
    root = tmp_path_factory.mktemp("site")
    for name, content in printed(shelf()).items():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return root


class Opened:
    """A page that notes what it asked for and what went wrong."""

    def __init__(self, browser: Any, root: Path, *, width: int, dark: bool) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light"
        )
        self.context.set_default_timeout(30_000)
        self.page, self.root = self.context.new_page(), root
        self.wrong: list[str] = []
        self.page.on("request", lambda r: self.wrong.append(r.url) if not r.url.startswith(root.as_uri()) else None)
        self.page.on("requestfailed", lambda r: self.wrong.append(f"failed: {r.url}"))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda said: self.wrong.append(said.text))
        self.page.on("dialog", self._asked)

    def _asked(self, dialog: Any) -> None:
        self.wrong.append(dialog.message)
        dialog.dismiss()

    def see(self, name: str) -> Any:
        self.page.goto(f"{self.root.as_uri()}/{name}")
        return self.page

    def ends(self) -> None:
        self.context.close()
        assert not self.wrong


def test_searching_from_the_disk(browser: Any, site: Path) -> None:
    opened = Opened(browser, site, width=1280, dark=False)
    page = opened.see(f"{ISSUE}/index.html")
    page.get_by_role("searchbox").fill("注意力 block")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html#q=*")
    hits = page.locator("#hits > li")
    assert page.locator("#found").inner_text() == "找到 1 篇"
    assert hits.locator("a").get_attribute("href") == f"{ISSUE}/2501.00001v1.html"
    assert hits.locator("mark").all_text_contents() == ["注意力", "Block", "注意力", "注意力"]

    box = page.locator("#q")
    box.fill("ｓｅａｒｃｈ")  # full width; in the title of one, in no other
    assert hits.locator("a").get_attribute("href") == f"{ISSUE}/2501.00002v2.html"
    box.fill("earch")  # within a word
    assert hits.count() == 0 and "没有找到" in page.locator("#found").inner_text()
    box.fill("nunez")
    assert hits.count() == 1 and "José Núñez" in hits.text_content()
    box.fill("2026-11")
    assert hits.count() == 5
    assert hits.locator("a").first.get_attribute("href") == f"{ISSUE}/2501.00001v1.html"  # the newest first
    box.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement === document.querySelectorAll('#hits a')[1]")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "q"

    box.fill("稀疏")
    page.locator("#hits a").first.click()
    page.wait_for_url(f"**/{ISSUE}/2501.00001v1.html")
    page.go_back()
    assert box.input_value() == "稀疏" and hits.count() == 1
    assert float(page.locator("#found").get_attribute("data-took")) < 50
    opened.ends()


@pytest.mark.parametrize(("width", "dark"), [(360, True), (1280, False)])
def test_pages_fit_and_show_their_style(browser: Any, site: Path, width: int, dark: bool) -> None:
    opened = Opened(browser, site, width=width, dark=dark)
    names = [
        "index.html",
        "archive.html",
        "search.html#q=script",
        "2026-11-19-hf/index.html",
        f"{ISSUE}/2501.00001v1.html",
    ]
    for name in names:
        page = opened.see(name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == ("rgb(20, 23, 26)" if dark else "rgb(246, 246, 243)")
        assert page.evaluate("[...document.images].every((i) => i.loading === 'lazy' || i.naturalWidth > 0)")
    shown = opened.see(f"{ISSUE}/index.html").locator("#drawn img").first
    shown.scroll_into_view_if_needed()
    assert shown.evaluate("(i) => i.decode().then(() => i.currentSrc)").endswith(
        f"words-{'dark' if dark else 'light'}.svg"
    )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    opened.ends()
