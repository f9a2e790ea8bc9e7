"""Takes a model's thinking aloud out of its answer.

Only a block that OPENS the answer is thinking: papers about reasoning models talk of <think> tags too, and their
digests must be able to quote them.
"""

import re

_OPEN = "<think>"
_CLOSE = "</think>"
_ORPHAN = re.compile(r"\A(?:(?!<think>).)*?\n</think>[ \t]*(?:\n|\Z)", re.DOTALL)
"""Chat templates that put <think> into the prompt leave only its end in the answer, on a line of its own."""


def strip_thinking(text: str) -> str:
    """The answer without the thinking before it; empty where the model never stopped thinking."""
    spoken = text.lstrip()
    if spoken.startswith(_OPEN):
        return spoken.partition(_CLOSE)[2].strip()
    return _ORPHAN.sub("", text, count=1).strip()


class ThinkingFilter:
    """The same for an answer that comes in pieces; tags may be split between them.

    An orphaned `</think>` cannot be foreseen while streaming, so that case is for `strip_thinking` alone.
    """

    def __init__(self) -> None:
        self._held = ""
        self._state = "start"

    def feed(self, piece: str) -> str:
        """Takes the next piece; returns what of it may be shown now."""
        if self._state == "answer":
            return piece
        self._held += piece
        if self._state == "start":
            head = self._held.lstrip()
            if head.startswith(_OPEN):
                self._state = "thinking"
            elif _OPEN.startswith(head):
                return ""  # nothing yet, or the beginning of a tag
            else:
                return self._answer(head)
        if self._state == "thinking":
            before, tag, after = self._held.partition(_CLOSE)
            if not tag:
                self._held = before[-len(_CLOSE) :]  # enough to recognise a split tag
                return ""
            self._state, self._held = "after", after
        rest = self._held.lstrip()
        return self._answer(rest) if rest else ""

    def close(self) -> str:
        """What was held back when the answer ended."""
        return self._held.lstrip() if self._state == "start" else ""

    def _answer(self, text: str) -> str:
        self._state, self._held = "answer", ""
        return text
