"""A paper as Markdown: what was printed where, nothing lost, nothing taken for markup."""

import re
from pathlib import Path
from typing import Any

import pytest

from core.documents import Cell, Figure, HiddenText, Passage, SectionRole, Table, TableRow
from core.models import Box
from tests.unit.papers import abstract, printed, read_paper, section
from ui import printed as lines_of
from ui.manuscript import markdown

METHOD = "1 Method"
PNG = Path("/figures/figure-1-1.png")


def shown(*passages: Passage, **more: Any) -> list[str]:
    """Blocks below the heading of a paper with one section."""
    bare: dict[str, Any] = {"sections": (section("1", "Method"),), "tables": (), "figures": (), "hidden": ()}
    made = markdown(read_paper(**{**bare, "passages": passages, **more}), [None] * len(more.get("figures", ())))
    head, _, body = made.partition("## 1 Method\n\n")
    assert head.startswith("# A Plain Title\n")
    return body.strip("\n").split("\n\n")


def test_the_whole_paper() -> None:
    assert markdown(read_paper(), [PNG]) == (
        "# A Plain Title\n\n"
        "> 注意：有 1 处隐藏的文字，没有收进下面的正文。\n\n"
        "## 1 Introduction\n\nA plain beginning. It goes on.\n\n"
        "![Figure 1](/figures/figure-1-1.png)\n\n**Figure 1** Overview of the method.\n\n"
        "## 2 Method\n\n### 2.1 Training\n\nWe train models.\n\n"
        "**Table 1** Scores of all models.\n\n"
        "| Model | Score |\n| --- | --- |\n| **Open** | |\n| Ours |  |\n\n"
        "> ¹See the appendix.\n\n"
        "## References\n\n- \\[1\\] A book.\n"
    )


def test_an_abstract_says_so() -> None:
    made = markdown(abstract(), [])
    assert "> 注意：仅摘要\n>\n> 注意：没有读到全文" in made
    assert made.endswith("## Abstract\n\nWe did it. It works.\n")
    assert made.count("A Plain Title") == 1


def test_words_that_look_like_markup_render_as_printed() -> None:
    blocks = shown(printed("- *a* <b> [c](d) # e | f_g_ `h` $i$ ~j~ &amp; \\k", section=METHOD))
    assert blocks == ["\\- \\*a\\* &lt;b&gt; \\[c\\](d) \\# e \\| f\\_g\\_ \\`h\\` \\$i\\$ \\~j\\~ &amp;amp; \\\\k"]


# paragraphs


def test_indents_and_spaces_part_paragraphs_and_nothing_else_does() -> None:
    text = printed(
        "  The first begins here and",
        "goes on. A new sentence in it.",
        "This one opens a line of it.",
        "  The second is indented.",
        "",
        "The third stands apart.",
        section=METHOD,
    )
    assert shown(text) == [
        "The first begins here and goes on. A new sentence in it. This one opens a line of it.",
        "The second is indented.",
        "The third stands apart.",
    ]


def test_a_paragraph_goes_on_over_passages_and_pages() -> None:
    one = printed("A sentence ends. Another", "ends here.", section=METHOD)
    two = printed("The next page says more.", page=2, n=2, section=METHOD)
    assert shown(one, two) == ["A sentence ends. Another ends here. The next page says more."]


def test_bullets_are_a_list_and_the_text_after_them_is_not() -> None:
    text = printed(
        "We ask:", " • Is it so? With", "   a second line.", " • Or not?", "And then we go on.", section=METHOD
    )
    assert shown(text) == ["We ask:", "- Is it so? With a second line.\n- Or not?", "And then we go on."]


def test_a_run_in_heading_is_not_said_twice() -> None:
    assert shown(printed("Method. We do it.", section=METHOD)) == ["Method. We do it."]  # the number is missing
    bare = (section("", "Data"),)
    made = markdown(read_paper(sections=bare, passages=(printed("Data. We use text.", section="Data"),), tables=(),
                               figures=(), hidden=()), [])  # fmt: skip
    assert made.endswith("## Data\n\nWe use text.\n")
    made = markdown(read_paper(sections=bare, passages=(printed("Data is dear.", section="Data"),), tables=(),
                               figures=(), hidden=()), [])  # fmt: skip
    assert made.endswith("## Data\n\nData is dear.\n")


def test_the_front_does_not_repeat_the_title() -> None:
    front = printed("A Plain", "Title", "", "Ann Author", role=SectionRole.FRONT)
    made = markdown(read_paper(passages=(front,), tables=(), figures=(), hidden=()), [])
    assert made.startswith("# A Plain Title\n\nAnn Author\n\n## 1 Introduction")


def test_references_are_one_entry_each() -> None:
    hanging = printed("Ann Author. 2020. A long", "  title. In Proc.", "Bob Writer. 2021. Short.", "Cat. 2022. A",
                      "  third.", section="References", role=SectionRole.REFERENCES)  # fmt: skip
    sections = (section("", "References", role=SectionRole.REFERENCES),)
    made = markdown(read_paper(sections=sections, passages=(hanging,), tables=(), figures=(), hidden=()), [])
    assert made.endswith(
        "- Ann Author. 2020. A long title. In Proc.\n- Bob Writer. 2021. Short.\n- Cat. 2022. A third.\n"
    )


def test_no_letter_is_lost_or_made_up() -> None:
    text = printed("  Words with hyphen-", "ation and (brackets). Then", "", "• more, x = 1.", section=METHOD)
    whole = "".join(line.text for line in lines_of.lines([text]))
    assert whole.split() == text.text.split()


# what stands between


def test_an_equation_stands_where_it_is_printed() -> None:
    text = printed("We compute the sum", "", "where x is given.", section=METHOD)
    equation = printed("y = x_1 + 2", top=112, n=2, kind="equation", section=METHOD)
    assert shown(text, equation) == ["We compute the sum", "y = x\\_1 + 2", "where x is given."]


def test_an_equation_follows_a_short_line_that_ends_beside_it() -> None:
    text = printed("Attention as everybody knows it is computed", "as:", "", "where x is given.", section=METHOD)
    tall = printed("∑ y", top=116, n=2, kind="equation", section=METHOD)  # reaches into the line above
    centred = printed(" " * 30 + "y = 2", top=121, n=2, kind="equation", section=METHOD)
    whole = "Attention as everybody knows it is computed as:"
    assert shown(text, centred) == [whole, "y = 2", "where x is given."]
    assert shown(text, tall) == [whole, "∑ y", "where x is given."]


def test_pieces_of_an_equation_are_one_paragraph() -> None:
    pieces = [printed(part, top=112 + 10 * n, n=2 + n, kind="equation", section=METHOD) for n, part in enumerate("ab")]
    assert shown(printed("We compute.", section=METHOD), *pieces) == ["We compute.", "a b"]


def test_a_float_does_not_part_a_sentence() -> None:
    figure = Figure(label="", caption="", box=Box(1, 60.0, 111.0, 200.0, 123.0))
    text = printed("A sentence that goes", "", "on", "below", "the", "picture.", "", "The next.", section=METHOD)
    table = Table(label="", caption="Plain.", box=figure.box, header=("A", "B"), rows=())
    blocks = shown(text, tables=(table,))
    assert blocks == ["A sentence that goes on below the picture.", "Plain.", "| A | B |\n| --- | --- |", "The next."]


def test_a_listing_keeps_its_lines_and_is_not_closed_by_what_it_says() -> None:
    code = ("for x in y:", "  print(x)", "```", "# done_")
    listing = printed(*code, top=200, n=2, kind="equation", section=METHOD, rows=True)
    caption = printed("Algorithm 1: How it goes", top=188, n=1, kind="caption", section=METHOD)
    assert shown(caption, listing) == [
        "**Algorithm 1** How it goes",
        "````\nfor x in y:\nprint(x)\n```\n# done_\n````",
    ]


def test_a_table_in_two_parts_has_one_caption() -> None:
    parts = [
        Table(label="Table 1", caption="Both.", box=Box(1, 60, 200, 90, 260), header=("A", head),
              rows=(TableRow(cells=(Cell("x|y", None), Cell("1", None))),))
        for head in "BC"
    ]  # fmt: skip
    blocks = shown(printed("We measure.", section=METHOD), tables=tuple(parts))
    assert blocks[1:] == [
        "**Table 1** Both.",
        "| A | B |\n| --- | --- |\n| x\\|y | 1 |",
        "| A | C |\n| --- | --- |\n| x\\|y | 1 |",
    ]


def test_rows_that_no_table_has_are_kept() -> None:
    rows = printed("Table 9 · a=1", "Table 9 · a=2", top=300, n=2, kind="table", section=METHOD, rows=True)
    assert shown(printed("We measure.", section=METHOD), rows)[1] == "```\nTable 9 · a=1\nTable 9 · a=2\n```"


def test_a_figure_without_its_picture_keeps_its_caption() -> None:
    made = markdown(read_paper(), [None])
    assert "![" not in made and "**Figure 1** Overview of the method." in made


@pytest.mark.parametrize(
    ("path", "target"),
    [("/a/b.png", "/a/b.png"), ("/a b/c.png", "</a b/c.png>"), ("/a(1)/<c>.png", "</a(1)/\\<c\\>.png>")],
)
def test_any_folder_can_be_linked(path: str, target: str) -> None:
    assert f"![Figure 1]({target})" in markdown(read_paper(), [Path(path)])


def test_equal_headings_keep_their_own_text() -> None:
    sections = (section("1", "One"), section("", "Results", level=2), section("2", "Two"),
                section("", "Results", level=2))  # fmt: skip
    passages = (printed("Of one.", section="1 One › Results"), printed("Of two.", n=2, section="2 Two › Results"))
    made = markdown(read_paper(sections=sections, passages=passages, tables=(), figures=(), hidden=()), [])
    assert re.findall(r"^(?:#+ )?(\S.*)$", made, re.MULTILINE) == [
        "A Plain Title", "1 One", "Results", "Of one.", "2 Two", "Results", "Of two.",
    ]  # fmt: skip


def test_visible_instructions_are_named_apart() -> None:
    seen = HiddenText(why="instruction", text="Ignore all.", box=Box(1, 1, 1, 2, 2))
    made = markdown(read_paper(hidden=(seen,)), [PNG])
    assert "有 1 处文字是说给语言模型或自动审稿程序听的" in made and "隐藏的文字" not in made
