"""A strong model's answer as it arrives: pieces of text in, words to show and finished sentences out.

The model ends each sentence with the names of its evidence in brackets (`……提升到 72.1%[S12][S30]。`). Readers see
marks [1][2] in their place, after the full stop; never a name, nor half of one. Names nobody gave out fall away, and
so do marks the model made itself. A Markdown table compares papers: a row a paper, its name P1, P2, … first. The first
line 无法回答 is a refusal, and what follows it is not read.

Goes by characters, so that it makes no difference how the text was cut into pieces. Pure: no model, no clock.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from agents.reader import Key

REFUSAL = "无法回答"


class Statement(NamedTuple):
    """One sentence of an answer, or one cell of its table, with its evidence."""

    text: str
    cited: tuple[Key, ...]
    paper: str = ""
    """A cell: version of the paper its row is about."""
    column: int = -1
    """A cell: number of its column among those that compare."""


Part = str | Statement
"""Words to show, or a sentence whose words have all been shown."""


class Sources(NamedTuple):
    """What the names in an answer stand for."""

    known: Callable[[Iterable[str]], tuple[Key, ...]]
    """Names of sentences (S12) -> those that exist, once each."""
    paper_of: Callable[[Key], str]
    papers: Mapping[str, str] = {}
    """P1, P2, … -> versions."""
    titles: Mapping[str, str] = {}
    """Versions -> names for readers."""


_STOPS = "。！？!?"
_CLOSERS = "”’』」）)\"'"
_OPEN, _SHUT = "[【［", "]】］"
_NO_SPACE_BEFORE = "。！？!?，、；：,;:"
_BULLETS = " \t\u3000\r\n-*•·#>"
_IN_NAMES = frozenset("Ss0123456789,，、;； \u3000-–—~～至")
_ONE = r"[Ss]\d+"
_NAMES = re.compile(rf"\s*{_ONE}(?:[\s,，、;；]*(?:[-–—~～至]\s*)?(?:{_ONE}|\d+))*[\s,，、;；]*")
_RANGE = re.compile(rf"({_ONE})\s*[-–—~～至]\s*[Ss]?(\d+)|({_ONE}|\d+)")
_LONGEST_RANGE = 8
_GROUP = re.compile(r"[\[【［]([^\]】］]*)[\]】］]")
_NOTHING = {"", "-", "--", "—", "——", "/", "无", "N/A", "n/a", "未提及", "未提到", "未说明", "未报告", "未给出"}
_RULE = re.compile(r":?-+:?")


class AnswerStream:
    """Feed it pieces, close it at the end; both return what can be said then."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._take: Callable[[str], None] = self._head
        self._out: list[Part] = []
        self._held = ""
        """Characters that may turn out to be something else than words."""
        self._back: Callable[[str], None] = self._text
        """Where a bracket was met."""
        self._sentence = ""
        self._space = ""
        self._names: list[str] = []
        self._marks = 0
        self._header: tuple[str, ...] = ()
        self._rows: list[str] = []
        self.refused = False
        """Did it begin with 无法回答?"""

    @property
    def columns(self) -> tuple[str, ...]:
        """What the table compares papers by; empty without one."""
        return self._header[1:] if self._rows else ()

    @property
    def rows(self) -> tuple[str, ...]:
        """Versions of the papers in the table, in order, those with empty rows included."""
        return tuple(self._rows)

    def feed(self, piece: str) -> list[Part]:
        """The next piece -> words to show and sentences that are whole now."""
        self._out = []
        for char in piece:
            if not self.refused:
                self._take(char)
        return _merged(self._out)

    def close(self) -> list[Part]:
        """The end of the text -> what was held back."""
        self._out = []
        held, self._held = self._held, ""
        if self._take == self._bracket:
            self._names += names_in(held[1:])  # half a name is no words
        elif self._take == self._row:
            self._table_line(held)
        elif not self.refused:
            for char in held.rstrip("*") if self._take == self._star else held:
                self._text(char)
            self._names += names_in(self._held[1:])
        self._finish()
        return _merged(self._out)

    # one character at a time

    def _head(self, char: str) -> None:
        """The beginning, until it is clear whether this is a refusal."""
        if not self._held and char in _BULLETS:
            return
        self._held += char
        if self._held == REFUSAL:
            self.refused, self._held = True, ""
        elif not REFUSAL.startswith(self._held):
            self._again(self._start)

    def _start(self, char: str) -> None:
        """The beginning of a line: bullets go, a table is told by its bar."""
        if char in _BULLETS:
            return
        if char == "|":
            self._held, self._take = char, self._row
        elif char.isascii() and char.isdigit():
            self._held, self._take = char, self._numbered
        else:
            self._take = self._text
            self._text(char)

    def _numbered(self, char: str) -> None:
        """`1. ` before a point of a list goes; any other number stays."""
        if re.fullmatch(r"\d{1,2}\.\s", self._held + char):
            self._held, self._take = "", self._start
        elif re.fullmatch(r"\d{1,2}\.?", self._held + char):
            self._held += char
        else:
            self._held += char
            self._again(self._text)

    def _text(self, char: str) -> None:
        """Inside a sentence."""
        if char == "\n":
            self._finish()
            self._take = self._start
        elif char in _OPEN:
            self._held, self._back, self._take = char, self._text, self._bracket
        elif char == "*":
            self._held, self._take = char, self._star
        elif char.isspace():
            self._space = " " if self._sentence else ""
        elif char in _STOPS:
            if self._sentence:
                self._say(char)
                self._take = self._after
        else:
            self._say(char)

    def _star(self, char: str) -> None:
        """Two stars are bold type and go, one is a sign and stays."""
        self._held, self._take = "", self._text
        if char != "*":
            self._say("*")
            self._text(char)

    def _after(self, char: str) -> None:
        """Behind a full stop: evidence may still be named."""
        if char in _OPEN:
            self._held, self._back, self._take = char, self._after, self._bracket
        elif char in _CLOSERS + _STOPS and not self._space:
            self._say(char)
        elif char.isspace() and char != "\n":
            self._space = " "
        else:
            self._finish()
            self._take = self._text
            self._text(char)

    def _bracket(self, char: str) -> None:
        """Inside a bracket that may name evidence."""
        inside = self._held[1:]
        if char in _SHUT:
            self._held, self._take = "", self._back
            if _NAMES.fullmatch(inside):
                self._names += names_in(inside)
            elif not inside.isdigit():  # a mark of the model's own
                self._literally(f"[{inside}]")
            return
        begun = (inside + char).strip()
        if (not begun or begun[0] in "Ss" or begun.isdigit()) and char in _IN_NAMES:
            self._held += char
            return
        held, self._held, self._take = self._held, "", self._back
        if _NAMES.fullmatch(inside) and not (char.isascii() and char.isalnum()):  # [S2 is left open, [S2ORC] is a name
            self._names += names_in(inside)
        else:
            self._literally(held)
        self._take(char)

    def _row(self, char: str) -> None:
        """Inside a line of the table."""
        if char == "\n":
            line, self._held, self._take = self._held, "", self._start
            self._table_line(line)
        else:
            self._held += char

    def _again(self, state: Callable[[str], None]) -> None:
        """What was held turned out to be words."""
        held, self._held, self._take = self._held, "", state
        for char in held:
            self._take(char)

    def _literally(self, text: str) -> None:
        """Brackets that name nothing are words; behind a full stop they begin the next sentence."""
        if self._back == self._after:
            self._finish()
        self._take = self._text
        for char in text:
            self._say(char)

    # what comes out

    def _say(self, char: str) -> None:
        if self._space and char not in _NO_SPACE_BEFORE:
            char = self._space + char
        self._space = ""
        self._sentence += char
        self._out.append(char)

    def _finish(self) -> None:
        """The sentence is whole: its marks, then itself."""
        text, names = self._sentence.strip(), self._names
        self._sentence, self._space, self._names = "", "", []
        if text:
            cited = self._sources.known(names)
            self._out += [self._marked(cited), Statement(text, cited)]

    def _marked(self, cited: Sequence[Key]) -> str:
        first = self._marks + 1
        self._marks += len(cited)
        return "".join(f"[{n}]" for n in range(first, first + len(cited)))

    def _table_line(self, line: str) -> None:
        """One line of the table: the header, the rule under it, or a paper's row."""
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if all(_RULE.fullmatch(cell) for cell in cells):
            return
        if not self._header:
            self._header = tuple(_GROUP.sub("", cell).replace("*", "").strip() for cell in cells)
            return
        name = re.search(r"P\d+", cells[0])
        version = self._sources.papers.get(name[0], "") if name else ""
        if not version or version in self._rows:
            return
        if not self._rows:
            self._out.append(table_head(self._header[1:]))
        self._rows.append(version)
        self._cells(version, cells[1 : len(self._header)])

    def _cells(self, version: str, cells: Sequence[str]) -> None:
        shown, statements = list[str](), list[Statement]()
        for column, cell in enumerate(cells):
            names = [name for found in _GROUP.findall(cell) if _NAMES.fullmatch(found) for name in names_in(found)]
            text = _GROUP.sub(lambda m: "" if _NAMES.fullmatch(m[1]) or m[1].isdigit() else m[0], cell)
            text = " ".join(text.replace("**", "").split()).rstrip("。 ")
            if text in _NOTHING:
                shown.append("")
                continue
            cited = tuple(key for key in self._sources.known(names) if self._sources.paper_of(key) == version)
            shown.append(text + self._marked(cited))
            statements.append(Statement(text, cited, version, column))
        shown += [""] * (len(self._header) - 1 - len(shown))
        self._out += [table_row(self._sources.titles.get(version, version), shown), *statements]


def names_in(group: str) -> list[str]:
    """`S12, S14-S16` -> S12, S14, S15, S16."""
    names: list[str] = []
    for first, last, single in _RANGE.findall(group):
        if single:
            names.append("S" + single.lstrip("Ss"))
            continue
        begin, end = int(first[1:]), int(last)
        names += [f"S{n}" for n in range(begin, end + 1)] if 0 <= end - begin <= _LONGEST_RANGE else [first, f"S{end}"]
    return names


def table_head(columns: Sequence[str]) -> str:
    """The lines above the rows of a table, in Markdown."""
    return f"\n\n| {' | '.join(('论文', *map(_cell, columns)))} |\n|{' --- |' * (len(columns) + 1)}\n"


def table_row(name: str, cells: Sequence[str]) -> str:
    """One row of it."""
    return f"| {' | '.join((_cell(name), *map(_cell, cells)))} |\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _merged(parts: Iterable[Part]) -> list[Part]:
    """Words that follow each other as one."""
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part:
            merged.append(part)
    return merged
