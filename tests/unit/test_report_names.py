"""Where files of reports go, and what they are called."""

from pathlib import Path

import pytest

from tools.store.paths import Paths, title_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("稀疏注意力：三篇论文的比较", "稀疏注意力：三篇论文的比较"),
        ("KARMA 与 ORCA2 / 对比?", "KARMA-与-ORCA2-对比"),
        ("../../etc/passwd", "etc-passwd"),
        ('a\\b:c*"d"<e>|f\x00\n', "a-b-c-d-e-f"),
        ("CON", "报告-CON"),
        ("com1.txt", "报告-com1.txt"),
        ("...", "报告"),
        ("长" * 200, "长" * 60),
    ],
)
def test_titles_become_names_that_every_system_takes(title: str, name: str) -> None:
    made = title_name(title)
    assert made == name
    assert len(f"{made}-v12.html".encode()) <= 255 and "/" not in made


def test_a_report_has_a_folder_for_each_version(tmp_path: Path) -> None:
    assert Paths(tmp_path).report("0123456789abcdef", 2) == tmp_path / "reports" / "0123456789abcdef" / "v2"
    for wrong in ("../x", "0123", "0123456789ABCDEF", "0123456789abcdef/.."):
        with pytest.raises(ValueError, match="report"):
            Paths(tmp_path).report(wrong, 1)
