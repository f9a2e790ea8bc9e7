"""A conversation as a Markdown file: questions, sentences, verdicts, and the words of the papers they rest on. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime

from core.models import Answer, Claim, Quote
from core.talk import Conversation, Turn
from tools.exports.md import text
from ui.web.markup import pdf_page
from ui.web.talk_view import is_corrected
from ui.web.texts import Texts

_UNSAFE = re.compile(r"[^\w\u4e00-\u9fff-]+")


def file_name(talk: Conversation, texts: Texts) -> str:
    """A name every system takes."""
    words = _UNSAFE.sub("-", talk.title).strip("-")[:40] or texts("talk_export.file")
    return f"{words}-{talk.updated:%Y%m%d}.md"


def document(
    talk: Conversation, turns: list[Turn], names: Mapping[str, str], when: datetime, texts: Texts
) -> str:  # fmt: skip
    """The whole conversation."""
    title = text(talk.title or texts("talk.untitled"))
    parts = [f"# {texts('talk_export.title', title=title)}"]
    parts.append(texts("talk_export.made", when=f"{when:%Y-%m-%d %H:%M}", n=len(turns)))
    parts += [_turn(turn, names, texts) for turn in turns]
    return "\n\n".join(parts) + "\n"


def _turn(turn: Turn, names: Mapping[str, str], texts: Texts) -> str:
    said = turn.answer
    parts = [f"## {texts('talk_export.asked', n=turn.n, question=text(turn.question))}"]
    if turn.stopped:
        parts += [text(said.answer)] if said.answer else []
        parts.append(f"_{texts('answer.stopped' if said.answer else 'answer.stopped_empty')}_")
    elif said.refused:
        parts.append(text(said.answer))
        near = [_quote(f"- {_place(q, names, texts)}", q) for q in said.nearest]
        parts += [f"**{texts('answer.nearest')}**", "\n".join(near)] if near else []
    else:
        parts += _answered(said, names, texts)
    if said.model:
        parts.append(f"_{text(said.model)}_")
    return "\n\n".join(parts)


def _answered(said: Answer, names: Mapping[str, str], texts: Texts) -> list[str]:
    parts = [_compared(said, names, texts)] if said.table else []
    if said.claims:
        first = 1
        for claim in said.claims:
            if not claim.withheld:
                parts.append(_sentence(claim, first, texts))
                first += len(claim.evidence)
    else:
        parts.append(text(said.answer))
    quotes = [
        _quote(f"- \\[{c.n}\\] {_place(c.quote, names, texts)}（{texts('verdict.' + c.verdict.value)}）", c.quote)
        for c in said.citations
    ]
    parts += [f"**{texts('talk_export.evidence')}**", "\n".join(quotes)] if quotes else []
    gone = [claim for claim in said.claims if claim.withheld]
    if gone:
        parts.append(f"**{texts('talk_export.withheld')}**")
        parts.append("\n".join(f"- ~~{text(c.text)}~~ {_why(c, texts)}" for c in gone))
    return parts


def _sentence(claim: Claim, first: int, texts: Texts) -> str:
    marks = "".join(f"\\[{first + n}\\]" for n in range(len(claim.evidence)))
    fixed = f"，{texts('answer.corrected')}" if is_corrected(claim) else ""
    notes = "".join(f" {text(f.message)}" for f in claim.findings if f.severity != "info")
    return f"{text(claim.text)}{marks}（{texts('verdict.' + claim.verdict.value)}{fixed}）{notes}"


def _why(claim: Claim, texts: Texts) -> str:
    return " ".join(text(f.message) for f in claim.findings) or texts("answer.no_reason")


def _compared(said: Answer, names: Mapping[str, str], texts: Texts) -> str:
    if said.table is None:
        return ""
    claims = {claim.id: claim for claim in said.claims if not claim.withheld}
    head = [texts("answer.paper"), *map(text, said.table.columns)]
    rows = [head, ["---"] * len(head)]
    for version, ids in said.table.rows:
        shown = [text(claims[id].text) if id in claims else texts("answer.silent") for id in ids]
        rows.append([text(names.get(version, version)), *shown])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _place(quote: Quote, names: Mapping[str, str], texts: Texts) -> str:
    page, address = texts("answer.page", n=quote.page), pdf_page(quote.paper, quote.page)
    shown = f"[{page}]({address})" if address else page
    return f"{text(names.get(quote.paper, quote.paper))}，{text(quote.paper)}，{shown}"


def _quote(head: str, quote: Quote) -> str:
    return f"{head}\n  > {text(quote.quote)}"
