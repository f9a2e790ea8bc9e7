"""Pages as pictures: of the PDF that was read, with every box in its place, made once."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from core.desk import Page
from core.errors import Skip
from core.models import Box
from graph import pages
from graph.desk import Desk
from tests.flow.worlds import desk
from tests.unit.builders import pdf, prose, put
from tools.pdf import child

RED = (150, 230, 450, 330)
"""Points; a red rectangle on the first page."""


def first(page: Any) -> None:
    put(page, 150, 90, "Reading a Painted Paper", size=18)
    put(page, 72, 130, "Abstract", size=12, bold=True)
    put(page, 72, 150, prose("summary", 6, 90))
    page.draw_rect(RED, color=(1, 0, 0), fill=(1, 0, 0))


def second(page: Any) -> None:
    put(page, 72, 90, "1  Introduction", size=12, bold=True)
    put(page, 72, 120, prose("introduction", 12, 90))


@pytest.fixture
def painted(tmp_path: Path) -> Path:
    return pdf(tmp_path / "painted.pdf", first, second)


async def version(opened: Desk, paper: Path) -> str:
    return (await opened.read(str(paper))).paper


def reds(page: Page) -> Box:
    """Where the picture is red, in points."""
    picture = pymupdf.Pixmap(str(page.path))
    across, down = page.width / picture.width, page.height / picture.height
    found = [
        (x, y)
        for y in range(0, picture.height, 4)
        for x in range(0, picture.width, 4)
        if picture.pixel(x, y)[0] > 200 and picture.pixel(x, y)[1] < 60
    ]
    xs, ys = [x for x, _ in found], [y for _, y in found]
    return Box(1, min(xs) * across, min(ys) * down, max(xs) * across, max(ys) * down)


async def test_a_page_is_as_large_as_in_the_file_and_things_are_in_their_place(painted: Path, tmp_path: Path) -> None:
    async with desk(tmp_path / "home", None) as (opened, _):
        name = await version(opened, painted)
        page = await opened.page(name, 1)
        assert page.path.parent == opened.deps.paths.pages(name)
        assert (page.width, page.height) == pytest.approx((595, 842), abs=0.5)
        assert 1300 <= pymupdf.Pixmap(str(page.path)).width <= 1400
        assert reds(page)[1:] == pytest.approx(RED, abs=2.5)  # every fourth pixel was looked at
        other = await opened.page(name, 2)
        assert other.path != page.path


@pytest.mark.parametrize("turned", [90, 270])
async def test_a_turned_page_is_shown_as_its_words_were_read(turned: int, painted: Path, tmp_path: Path) -> None:
    lying = tmp_path / "lying.pdf"
    with pymupdf.open(painted) as document:
        document[0].set_rotation(turned)
        document.save(lying)
        where = pymupdf.Rect(RED) * document[0].rotation_matrix
    async with desk(tmp_path / "home", None) as (opened, _):
        page = await opened.page(await version(opened, lying), 1)
        assert (page.width, page.height) == pytest.approx((842, 595), abs=0.5)
        assert reds(page)[1:] == pytest.approx(tuple(where), abs=2.5)


async def test_a_very_long_page_does_not_fill_the_memory(tmp_path: Path) -> None:
    long = tmp_path / "long.pdf"
    with pymupdf.open() as document:
        put(document.new_page(width=100, height=14_000), 5, 100, prose("summary", 12, 20), size=6)
        document.save(long)
    async with desk(tmp_path / "home", None) as (opened, _):
        page = await opened.page(await version(opened, long), 1)
        picture = pymupdf.Pixmap(str(page.path))
        assert picture.height <= 3 * 1360 + 1
        assert (page.width, page.height) == pytest.approx((100, 14_000), rel=0.03)


async def test_a_picture_is_made_once_however_many_ask(
    painted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def counted(path: Path, number: int, width: int, limits: child.Limits) -> bytes:
        made.append(number)
        return drawn(path, number, width, limits)

    drawn = child.page
    monkeypatch.setattr(child, "page", counted)
    async with desk(tmp_path / "home", None) as (opened, _):
        name = await version(opened, painted)
        impatient = asyncio.create_task(opened.page(name, 1))
        await asyncio.sleep(0)
        impatient.cancel()
        pictures = await asyncio.gather(*(opened.page(name, 1) for _ in range(5)))
        assert len(set(pictures)) == 1
        assert await opened.page(name, 1) == pictures[0]
    async with desk(tmp_path / "home", None) as (opened, _):
        assert await opened.page(name, 1) == pictures[0]
    assert made == [1]


async def refusal(opened: Desk, name: str, number: int) -> Skip:
    with pytest.raises(Skip) as caught:
        await opened.page(name, number)
    return caught.value


async def test_what_cannot_be_shown_says_why(painted: Path, tmp_path: Path) -> None:
    async with desk(tmp_path / "home", None) as (opened, _):
        name = await version(opened, painted)
        for number in (0, -1, 3):
            assert "没有第" in (await refusal(opened, name, number)).message
        for unknown in ("2501.00009v1", "", "../../etc/passwd", "x" * 1000):
            assert (await refusal(opened, unknown, 1)).code == "not_found"
        shutil.copy(painted, tmp_path / "kept.pdf")
        pdf(painted, second, second)
        assert (await refusal(opened, name, 1)).code == "changed"
        painted.unlink()  # noqa: ASYNC240  # a test may wait
        gone = await refusal(opened, name, 1)
        assert gone.code == "not_found" and "painted.pdf" in gone.message
        shutil.copy(tmp_path / "kept.pdf", painted)
        assert (await opened.page(name, 1)).path.is_file()


def test_what_is_no_picture_is_none(tmp_path: Path) -> None:
    target = tmp_path / "x.png"
    assert pages._measured(target) is None
    for content in (b"", b"\x89PNG", b"\x89PNG" + b"\0" * 60):
        target.write_bytes(content)
        assert pages._measured(target) is None
