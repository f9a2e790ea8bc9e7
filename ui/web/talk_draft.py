"""An answer while it comes into being: what is done, the words so far, the verdicts that are there. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import get_args

from core.models import Claim
from core.talk import Checked, Event, Stage, Turn, Words
from ui.web import talk_view
from ui.web.markup import esc
from ui.web.talk_view import View, line
from ui.web.texts import Texts

STAGES: tuple[str, ...] = get_args(Stage.model_fields["name"].annotation)
"""In the order they come."""
_SENTENCE = re.compile(r"(?:[^。！？!?.\n]|\.(?![\s\[]|$))*(?:[。！？!?.\n]+[”’』」）)\"']*(?:\s*\[\d{1,3}\])*|$)")
_MARK = re.compile(r"\[(\d{1,3})\]")
_RULE = re.compile(r"[\s|:-]+")


@dataclass(frozen=True)
class Draft:
    """What was heard so far."""

    stages: tuple[tuple[str, str], ...] = ()
    """Name and last note of each, in the order they began."""
    words: str = ""
    claims: tuple[Claim, ...] = ()
    turn: Turn | None = None
    """The end."""

    def heard(self, events: Iterable[Event]) -> "Draft":
        """The draft after these events."""
        found = self
        for event in events:
            found = found._one(event)
        return found

    def _one(self, event: Event) -> "Draft":
        if isinstance(event, Stage):
            return replace(self, stages=self._staged(event.name, event.note))
        if isinstance(event, Words):
            return replace(self, words=self.words + event.text)
        if isinstance(event, Checked):
            return replace(self, claims=self._checked(event.claim))
        return replace(self, turn=event.turn)

    def _checked(self, claim: Claim) -> tuple[Claim, ...]:
        """A later claim of the same id takes the place of the earlier."""
        known = {one.id: one for one in self.claims}
        return tuple((known | {claim.id: claim}).values())

    def _staged(self, name: str, note: str) -> tuple[tuple[str, str], ...]:
        known = dict(self.stages)
        known.pop(name, None)  # a stage that comes again is the one at work
        return (*known.items(), (name, note))


def shown(draft: Draft, view: View) -> str:
    """The draft as a message; the finished answer once it is there."""
    if draft.turn is not None:
        return talk_view.answer(draft.turn, view)
    body = _words(draft, view) if draft.words else ""
    return f'<div class="zd-answer zd-is-draft">{stages(draft, view.texts)}{body}</div>'


def stages(draft: Draft, texts: Texts) -> str:
    """All stages: those behind, the one at work with what it is at, those to come."""
    notes = dict(draft.stages)
    current = draft.stages[-1][0] if draft.stages else STAGES[0]
    items = ""
    for n, name in enumerate(STAGES):
        at = STAGES.index(current)
        state = "now" if name == current else "done" if n < at else "next"
        word = esc(texts("stage." + name))
        note = " ".join(notes.get(name, "").split())
        if name == "verify" and state == "now" and not note:
            note = texts("answer.unchecked")
        said = f'<span class="zd-note" dir="auto">{esc(note)}</span>' if note and state == "now" else ""
        spoken = f'<span class="zd-spoken">{esc(texts("stage." + state))}</span>' if state != "next" else ""
        items += f'<li class="zd-stage zd-stage-{state}"><span>{word}{spoken}</span>{said}</li>'
    return f'<ol class="zd-stages">{items}</ol>'


def _words(draft: Draft, view: View) -> str:
    """Sentences that were checked with their verdicts, then the words nobody has checked yet."""
    tabled = any(row.lstrip().startswith("|") for row in draft.words.splitlines())
    if tabled or not draft.claims:
        return f'<div class="zd-sofar">{_plain(draft.words)}</div>'
    first, checked = 1, ""
    for claim in draft.claims:
        if not claim.withheld:
            checked += talk_view.sentence(claim, first, view)
            first += len(claim.evidence)
    rest = [m.group() for m in _SENTENCE.finditer(draft.words) if m.group().strip()][len(draft.claims) :]
    return f'{checked}<div class="zd-sofar">{_plain("".join(rest))}</div>'


def _plain(words: str) -> str:
    """Words and the rows of a table, both possibly cut in the middle."""
    out, rows = "", list[str]()
    for part in [*words.splitlines(), ""]:
        if part.lstrip().startswith("|"):
            rows.append(part.strip())
            continue
        out += _rows(rows)
        rows = []
        out += f'<p dir="auto">{_marked(part)}</p>' if part.strip() else ""
    return out


def _rows(rows: list[str]) -> str:
    if not rows:
        return ""
    made = ""
    for row in rows:
        if _RULE.fullmatch(row) and "-" in row:
            continue
        cells = re.split(r"(?<!\\)\|", row.strip("|"))
        made += "<tr>" + "".join(f"<td>{_marked(cell.strip())}</td>" for cell in cells) + "</tr>"
    return f'<div class="zd-wide"><table class="zd-compare"><tbody>{made}</tbody></table></div>'


def _marked(text: str) -> str:
    """Marks stand where they will be links once the evidence is known."""
    pieces = _MARK.split(text)
    return "".join(f'<span class="zd-ref">{p}</span>' if n % 2 else line(p) for n, p in enumerate(pieces))
