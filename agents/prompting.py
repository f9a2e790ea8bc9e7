"""Prompts are files: `prompts/<name>.md`, turns separated by lines `### system`, `### user`, `### assistant`.

`$name` marks a placeholder, `$$` a dollar sign (string.Template). What stands above the first separator is a
note to people and never sent. Placeholders are filled after the turns are split, so a value cannot open a turn.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Literal, cast

from core.errors import Misconfigured
from core.ports import Message, Prompt

FOLDER = Path(__file__).with_name("prompts")

Speaker = Literal["system", "user", "assistant"]
_SEPARATOR = re.compile(r"^###[ \t]+(\w+)[ \t]*$", re.MULTILINE)
_SPEAKERS = ("system", "user", "assistant")


@dataclass(frozen=True)
class PromptTemplate:
    """A parsed prompt file."""

    name: str
    turns: tuple[tuple[Speaker, str], ...]
    hash: str
    """First 16 hex digits of the SHA-256 over the turns; notes above them do not count."""

    @property
    def fields(self) -> frozenset[str]:
        """Names of the placeholders."""
        return frozenset(name for _, text in self.turns for name in Template(text).get_identifiers())

    def prompt(
        self, max_tokens: int, /, *, stop: tuple[str, ...] = (), temperature: float = 0.0, **values: str
    ) -> Prompt:
        """The filled prompt. `max_tokens` bounds the answer. Raises TypeError when `values` are not the fields."""
        if set(values) != self.fields:
            raise TypeError(f"prompt {self.name} takes {sorted(self.fields)}, got {sorted(values)}")
        messages = tuple(Message(role=role, text=Template(text).substitute(values)) for role, text in self.turns)
        return Prompt(messages=messages, max_tokens=max_tokens, temperature=temperature, stop=stop)


def parse(name: str, text: str, fields: Iterable[str]) -> PromptTemplate:
    """A prompt file's text. Raises Misconfigured when it has no turns, an unknown speaker, a stray `$`,
    other placeholders than `fields`, or does not end with a user's turn."""
    parts = _SEPARATOR.split(text)[1:]
    turns = tuple((cast(Speaker, role), body.strip()) for role, body in zip(parts[::2], parts[1::2], strict=True))
    if not turns or turns[-1][0] != "user":
        raise _broken(name, "最后一段必须是 ### user")
    for role, body in turns:
        if role not in _SPEAKERS:
            raise _broken(name, f"不认识的角色 ### {role}")
        if not body:
            raise _broken(name, f"有一段 ### {role} 是空的")
        if not Template(body).is_valid():
            raise _broken(name, "有不成对的 $（要写美元符号请用 $$）")
    digest = hashlib.sha256(repr(turns).encode()).hexdigest()[:16]
    template = PromptTemplate(name=name, turns=turns, hash=digest)
    if template.fields != frozenset(fields):
        raise _broken(name, f"占位符应为 {sorted(fields)}，实为 {sorted(template.fields)}")
    return template


@lru_cache(maxsize=64)
def load(name: str, *fields: str) -> PromptTemplate:
    """`prompts/<name>.md`, which must have exactly the placeholders `fields`. Raises Misconfigured."""
    try:
        text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise _broken(name, "文件缺失或读不出") from None
    return parse(name, text, fields)


_DELIMITER = re.compile(r"<(\s*/?\s*)(?=(?:papers?|notes|topic)\b)", re.IGNORECASE)
"""Those of our prompts, in whatever spelling a model might still take for one."""


def data(text: str) -> str:
    """A text that goes into a prompt as material: what would end its delimiter is broken up."""
    return _DELIMITER.sub(r"‹\1", text)


def _broken(name: str, why: str) -> Misconfigured:
    return Misconfigured(f"提示词文件 {name}.md 有误：{why}", "恢复原文件，或按 agents/prompting.py 的说明修改")
