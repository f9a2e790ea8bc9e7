"""What can be told of a PDF before it is opened."""

from pathlib import Path

import pytest

from core.errors import Skip
from core.models import Paper
from core.settings import Settings, load
from tools.pdf.fetch import fetch_pdf


class FakeWeb:
    """Writes what it is told to, and remembers what it was asked for."""

    def __init__(self, body: bytes = b"%PDF-1.7 x") -> None:
        self.body = body
        self.asked: list[tuple[str, int]] = []

    def get(self, url: str, accept: tuple[str, ...], max_age: float = 0.0) -> bytes:
        raise AssertionError("a PDF is downloaded")

    def download(self, url: str, target: Path, magic: bytes, max_bytes: int) -> Path:
        self.asked.append((url, max_bytes))
        target.write_bytes(self.body)
        return target


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(home=tmp_path, mirror="http://127.0.0.1:1/", pdf_max_mb=3)


def test_a_paper_is_downloaded_once(settings: Settings, tmp_path: Path) -> None:
    web, target = FakeWeb(), tmp_path / "a.pdf"
    paper = Paper(id="hep-th/9901001", version="hep-th/9901001v2", title="")
    for _ in range(2):
        assert fetch_pdf(web, settings, paper, target) == target
    assert web.asked == [("http://127.0.0.1:1/pdf/hep-th/9901001v2", 3 * 2**20)]


def test_what_is_no_pdf_under_the_target_is_replaced(settings: Settings, tmp_path: Path) -> None:
    web, target = FakeWeb(), tmp_path / "a.pdf"
    target.write_bytes(b"<html>")
    fetch_pdf(web, settings, Paper(id="2501.12948", version="2501.12948v1", title=""), target)
    assert target.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("version", ["../../x", "file-0123456789ab", "2501.12948v1/..", "http://x/"])
def test_nothing_but_an_arxiv_id_becomes_an_address(settings: Settings, tmp_path: Path, version: str) -> None:
    web = FakeWeb()
    with pytest.raises(Skip) as error:
        fetch_pdf(web, settings, Paper(id="x", version=version, title=""), tmp_path / "a.pdf")
    assert error.value.code == "not_found" and web.asked == []


def local(path: Path) -> Paper:
    return Paper(id="file-0", version="file-0", title="", path=str(path))


def test_a_local_file_is_used_where_it_lies(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "mine.pdf"
    file.write_bytes(b"\n\njunk %PDF-1.4 and more")
    assert fetch_pdf(FakeWeb(), settings, local(file), tmp_path / "target.pdf") == file


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "空文件"),
        (b"%P", "2 字节"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html>", "网页"),
        (b"PK\x03\x04" + b"0" * 2000, "不是 PDF"),
    ],
)
def test_local_files_that_are_none_say_why(settings: Settings, tmp_path: Path, body: bytes, says: str) -> None:
    file = tmp_path / "mine.pdf"
    file.write_bytes(body)
    with pytest.raises(Skip, match=says) as error:
        fetch_pdf(FakeWeb(), settings, local(file), tmp_path / "target.pdf")
    assert error.value.code == "not_a_pdf"


def test_a_file_that_went_away(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(Skip, match="不在了") as error:
        fetch_pdf(FakeWeb(), settings, local(tmp_path / "gone.pdf"), tmp_path / "t.pdf")
    assert error.value.code == "not_found"
