"""A printed issue as one HTML page, which WeasyPrint sets as a PDF."""

from base64 import b64encode
from collections.abc import Iterable
from html import escape
from itertools import groupby
from pathlib import Path

from tools.exports.printed.blocks import Block, Heading, Image, Line, Run, Sheet, Table, Text
from tools.exports.reports._closing import CONTENTS
from tools.exports.reports._markup import page, words

_MANY = 6
"""Columns; more of them are set smaller."""
_SHORT = 8
"""Characters of a cell that stay on one line."""
_TAGS = {"strong": "b", "soft": "span", "mark": "span", "badge": "span"}
_STYLE = (Path(__file__).parent / "paper.css", Path(__file__).parents[1] / "reports" / "_paper.css")


def html(sheet: Sheet) -> str:
    """The whole file."""
    style = "\n".join(path.read_text("utf-8") for path in reversed(_STYLE))
    title = f"<header><h1>{escape(sheet.title)}</h1>{_set(_before(sheet))}</header>"
    return page(sheet.title, sheet.made, style, f"{title}{_contents(sheet)}{_set(_after(sheet))}")


def _before(sheet: Sheet) -> list[Block]:
    """What stands over the contents."""
    first = next((n for n, block in enumerate(sheet.blocks) if isinstance(block, Heading)), len(sheet.blocks))
    return list(sheet.blocks[:first])


def _after(sheet: Sheet) -> list[Block]:
    return list(sheet.blocks[len(_before(sheet)) :])


def _contents(sheet: Sheet) -> str:
    listed = [block for block in sheet.blocks if isinstance(block, Heading) and block.id]
    items = "".join(
        f'<li class="l{heading.level}"><a href="#{heading.id}">{words(heading.text)}</a></li>' for heading in listed
    )
    return f'<nav aria-label="{CONTENTS}"><h2>{CONTENTS}</h2><ol>{items}</ol></nav>' if listed else ""


def _set(blocks: Iterable[Block]) -> str:
    """Items that follow each other are one list."""
    parts = []
    for listed, group in groupby(blocks, lambda block: isinstance(block, Text) and block.kind == "item"):
        made = "\n".join(map(_block, group))
        parts.append(f"<ul>{made}</ul>" if listed else made)
    return "\n".join(parts)


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        level = block.level + 1
        return f"<h{level}{_id(block.id)}>{_line(block.line)}</h{level}>"
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Image):
        data = b64encode(block.png).decode()
        return (
            f'<figure class="plate"><img src="data:image/png;base64,{data}" alt="{escape(block.alt)}"'
            f' style="max-width: min(100%, {block.width:.0f}pt)"><figcaption>{_line(block.line)}</figcaption></figure>'
        )
    return _text(block)


def _text(text: Text) -> str:
    inner = _line(text.line)
    if text.kind == "item":
        return f"<li{_id(text.id)}>{inner}</li>"
    if text.kind == "quote":
        return f"<blockquote>{inner}</blockquote>"
    number = f'<span class="no">{text.number}</span>' if text.number else ""
    name = " ".join(filter(None, ("" if text.kind == "body" else text.kind, "numbered" if number else "")))
    kind = f' class="{name}"' if name else ""
    return f"<p{_id(text.id)}{kind}>{number}{inner}</p>"


def _table(table: Table) -> str:
    head = "".join(words(name, "th", ' scope="col"' + _fitting(name)) for name in table.heads)
    rows = "".join(
        f'<tr><th scope="row">{_line(first)}</th>{"".join(map(_cell, rest))}</tr>' for first, *rest in table.rows
    )
    caption = f"<figcaption>{words(table.caption)}</figcaption>" if table.caption else ""
    kind = "grid many" if len(table.heads) > _MANY else "grid"
    return (
        f'<figure class="{kind}">{caption}<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></figure>'
    )


def _cell(line: Line) -> str:
    return f"<td{_fitting(''.join(run.text for run in line))}>{_line(line)}</td>"


def _fitting(text: str) -> str:
    return ' class="short"' if len(text) <= _SHORT else ""


def _line(line: Line) -> str:
    return "".join(map(_run, line))


def _run(run: Run) -> str:
    said = words(run.text)
    if run.to:
        said = f'<a href="{escape(run.to)}">{said}</a>'
    return f'<{_TAGS[run.look]} class="{run.look}">{said}</{_TAGS[run.look]}>' if run.look else said


def _id(id: str) -> str:
    return f' id="{id}"' if id else ""
