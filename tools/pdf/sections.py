"""Headings: which lines are one, where they stand in the tree, and what part of the argument they open. Pure."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.documents import BACK_MATTER, Section, SectionRole
from tools.pdf.grid import rows_of
from tools.pdf.page import Block, Kind, Line

_NUMBER = re.compile(
    r"^(?:(?:Appendix|Section)\s+)?(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d{1,2}){0,3}|[IVX]{1,5})[.:]?\s+"
    r"(?P<title>\S.*)$"
)
_LIST_NUMBER = re.compile(r"(?:(\d{1,2})[.)]\s+)?(.*)")
_KNOWN = frozenset(
    """
    abstract introduction contents references bibliography appendix contributions acknowledgements acknowledgments
    acknowledgement acknowledgment limitation limitations conclusion conclusions discussion
    """.split()
) | {
    "contributions and acknowledgments",
    "related work",
    "future work",
    "ethics statement",
    "broader impact",
    "author contributions",
}
"""Titles that are a heading even without a number, larger type or boldface."""

_ROMAN = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV".split()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found at the top of a block."""

    section: Section
    lines: int
    """How many of the block's lines it takes."""


def role_of(title: str) -> SectionRole:
    """What a section of that title is for, judged by the title alone."""
    plain = title.lower().strip(" .:")
    return next((role for role, pattern in _roles() if pattern.search(plain)), SectionRole.OTHER)


@cache
def _roles() -> tuple[tuple[SectionRole, re.Pattern[str]], ...]:
    table = tomllib.loads(Path(__file__).with_name("roles.toml").read_text("utf-8"))
    return tuple((SectionRole(row["name"]), re.compile("|".join(row["patterns"]))) for row in table["role"])


def run_in(lines: Sequence[Line]) -> str:
    """The bold words a paragraph begins with, if they are its heading; else empty."""
    bold: list[str] = []
    following = ""
    for line in lines[:4]:
        bold += [w.text for w in line.words[: line.lead]]
        if line.lead < len(line.words):
            following = line.words[line.lead].text
            break
    title = " ".join(bold)
    ends = title.endswith((".", ":", "?", "!")) or bool(re.match(r"[A-Z0-9“\"(]", following))
    fits = bold and following and len(bold) <= 16 and 3 < len(title) <= 120 and ends
    return title if fits and re.match(r"[A-Z0-9“\"]", title) and re.search(r"[A-Za-z]{3}", title) else ""


class Outline:
    """Follows the headings of one document and keeps them consistent: numbers count up, appendices come after."""

    def __init__(self, body_size: float) -> None:
        self._size = body_size
        self._path: list[Section] = []
        self._run_in: Section | None = None
        self._numbered_so_far: list[str] = []
        self.sections: list[Section] = []

    @property
    def path(self) -> str:
        """Headings from the top to here."""
        return " › ".join(f"{s.number} {s.title}".strip() for s in self._path)

    @property
    def role(self) -> SectionRole:
        """What is being read now; above the first heading it is the front."""
        return self._path[-1].role if self._path else SectionRole.FRONT

    def heading(self, block: Block) -> Heading | None:
        """The heading this block begins with, entered into the outline."""
        if block.kind is not Kind.TEXT:
            return None
        title_rows = self._title_rows(block)
        if not title_rows:
            return None
        text = " ".join(line.text for row in title_rows for line in row)
        section = self._section(text, title_rows[0][0], block.page)
        if section is None:
            return None
        self.enter(section)
        return Heading(section, sum(len(row) for row in title_rows))

    def could_open(self, row: list[Line]) -> bool:
        """Is this row inside a block a numbered heading that may come next, or a known one?"""
        text = " ".join(line.text for line in row)
        match = _NUMBER.match(text)
        numbered = match is not None and len(text) < 90 and self._follows(match["number"])
        bold = sum(line.bold * len(line.text) for line in row) / max(1, sum(len(line.text) for line in row)) > 0.8
        return (numbered and bold) or (text.lower().strip(" .") in _KNOWN and (bold or text.isupper()))

    def enter(self, section: Section) -> None:
        """Makes this the current section."""
        self._path = [s for s in self._path if s.level < section.level and s is not self._run_in] + [section]
        self._run_in = None
        self._numbered_so_far += [section.number] if section.number else []
        self.sections.append(section)

    def enter_run_in(self, title: str, page: int) -> None:
        """A heading at the beginning of a paragraph, one level below the last that has a line of its own."""
        above = [s for s in self._path if s is not self._run_in]
        role = role_of(title)
        if not above or role is not SectionRole.LIMITATION or above[0].role in BACK_MATTER:
            role = above[-1].role if above else SectionRole.FRONT
        level = min(6, above[-1].level + 1) if above else 1
        number, plain = _LIST_NUMBER.match(title + " ").groups(default="")  # type: ignore[union-attr]  # matches anything
        self._run_in = Section(number=number, title=plain.rstrip(" .:"), level=level, role=role, page=page)
        self._path = [*above, self._run_in]
        self.sections.append(self._run_in)

    def _title_rows(self, block: Block) -> list[list[Line]]:
        rows = rows_of(block.lines)
        taken: list[list[Line]] = []
        for row in rows[:4]:
            same = not taken or abs(row[0].size - taken[0][0].size) < 0.6
            if not (same and self._stands_out(row)):
                break
            taken.append(row)
        length = sum(len(line.text) for row in taken for line in row)
        return taken if taken and length <= 130 and len(taken) <= 3 else []

    def _stands_out(self, row: list[Line]) -> bool:
        letters = sum(len(line.text) for line in row)
        bold = sum(line.bold * len(line.text) for line in row) / max(1, letters)
        size = max(line.size for line in row)
        text = " ".join(line.text for line in row)
        return (
            bold > 0.8
            or size > self._size * 1.12
            or text.lower().strip(" .") in _KNOWN
            or (text.isupper() and letters > 5)
        )

    def _section(self, text: str, first: Line, page: int) -> Section | None:
        match = _NUMBER.match(text)
        if text.endswith(tuple("0123456789")) and self.role is SectionRole.FRONT and match:
            return None  # an entry of a table of contents
        if match and re.search(r"[A-Za-z]{2}", match["title"]) and self._follows(match["number"]):
            return self._numbered(match["number"], match["title"].strip(), page)
        plain = text.strip(" .:")
        known = plain.lower() in _KNOWN or (role_of(plain) in BACK_MATTER and len(plain) < 60)
        larger = first.size > self._size * 1.12 and bool(self._path) and not match
        if not (known or (larger and text[:1].isupper() and not text.rstrip().endswith((".", ",")))):
            return None
        role = role_of(plain)
        if self._in_appendix and role is not SectionRole.REFERENCES:
            role = SectionRole.APPENDIX
        level = 1 if known or not self._path else min(6, self._path[0].level + 1)
        return Section(number="", title=plain, level=level, role=role, page=page)

    def _numbered(self, number: str, title: str, page: int) -> Section:
        level = min(6, number.count(".") + 1)
        role = role_of(title)
        if not number[0].isdigit():
            role = role if role in BACK_MATTER else SectionRole.APPENDIX
        elif level > 1 and self._path and role in (SectionRole.OTHER, SectionRole.METHOD, SectionRole.EXPERIMENT):
            parent = next((s for s in reversed(self._path) if s.level < level), None)
            role = parent.role if parent and parent.role is not SectionRole.OTHER else role
        return Section(number=number, title=title, level=level, role=role, page=page)

    @property
    def _after_references(self) -> bool:
        return any(s.role in (SectionRole.REFERENCES, SectionRole.APPENDIX) for s in self.sections)

    @property
    def _in_appendix(self) -> bool:
        return bool(self._path) and self._path[0].role in (SectionRole.APPENDIX, SectionRole.REFERENCES)

    def _follows(self, number: str) -> bool:
        """May this number come next? Keeps numbered lists and table rows from posing as headings."""
        tops = [n.split(".")[0] for n in self._numbered_so_far]
        top, *rest = number.split(".")
        if rest:
            return bool(tops) and (
                top == tops[-1] or (top.isdigit() and tops[-1].isdigit() and int(top) == int(tops[-1]) + 1)
            )
        last = tops[-1] if tops else None
        if top.isdigit():
            base = int(last) if last and last.isdigit() else 0
            return int(top) in (base + 1, base + 2) if last is None or last.isdigit() else False
        if top in _ROMAN and (last is None or last in _ROMAN):
            expected = _ROMAN[_ROMAN.index(last) + 1 :][:1] if last else _ROMAN[:1]
            if top in expected:  # "I don't have …" is no heading
                return True
        following = chr(ord(last[0]) + 1) if last and not last.isdigit() else "A"
        if last and self._after_references and top == chr(ord(following) + 1) and following != "A":
            return True  # one heading may have been missed, as with digits
        return top == following and (self._after_references or top != "A" or len(tops) >= 3)
