"""From what a model said, or nearly said, to the probability of each of a few short words."""

import math
import re
from collections.abc import Sequence

from tools.llm.wire import Alternatives, Reply

_BLANK = b" \t\r\n\"'*`" + b":"
"""ASCII that may stand before the word without being part of it."""
_ENOUGH = 0.01
"""Below this mass on the options the model is about to say something else, and the ratio between them means nothing."""
_LEAD = re.compile(r"^[\W_]+")
_LABEL = re.compile(r"^.{0,12}[:：]\s*")
"""`答案：`, `Answer: `."""


def from_tokens(reply: Reply, options: Sequence[str]) -> dict[str, float] | None:
    """Probabilities of the options by the mass of the tokens that begin exactly one of them, normalised.
    None where the server gave no log-probabilities or the options got next to nothing."""
    mass = _mass(reply.tokens, [(option, option.encode()) for option in options])
    total = sum(mass.values())
    if total < _ENOUGH:
        return None
    return {option: mass.get(option, 0.0) / total for option in options}


def _mass(tokens: Sequence[tuple[bytes, Alternatives]], open_: list[tuple[str, bytes]]) -> dict[str, float]:
    """Mass of each option over the next token; `open_` holds (option, what of it is still to be said)."""
    if not tokens:
        return {}
    mass: dict[str, float] = {}
    said, ranked = tokens[0]
    for token, logprob in ranked:
        begun = [(option, rest) for option, rest in open_ if _begins(token, rest)]
        if len(begun) == 1:
            mass[begun[0][0]] = mass.get(begun[0][0], 0.0) + math.exp(logprob)
        elif begun and token == said:  # undecided: the next token decides, and it is known for the spoken one alone
            left = [(option, rest[len(token.lstrip(_BLANK)) :]) for option, rest in begun]
            for option, more in _mass(tokens[1:], left).items():
                mass[option] = mass.get(option, 0.0) + math.exp(logprob) * more
    return mass


def _begins(token: bytes, rest: bytes) -> bool:
    """The token is a beginning of the rest of the option, or is all of it and then punctuation."""
    bare = token.lstrip(_BLANK)
    if rest.startswith(bare):
        return bool(rest) or not bare
    after = bare[len(rest) :].decode(errors="replace") if bare.startswith(rest) else ""
    return bool(after) and not after[0].isalnum() and after[0] != "\ufffd"


def from_text(text: str, options: Sequence[str]) -> dict[str, float]:
    """1.0 for the option the text begins with, or its last line (models that reason first), with or without a short
    label; equal shares where it says none. An option inside a sentence does not count: 是 is in 不是."""
    lines = [line for line in text.splitlines() if line.strip()]
    for line in (lines[0], lines[-1]) if lines else ():
        for candidate in (line, _LABEL.sub("", line.strip("*_ "))):
            spoken = _spoken(_LEAD.sub("", candidate), options)
            if spoken is not None:
                return {option: float(option == spoken) for option in options}
    return {option: 1.0 / len(options) for option in options}


def _spoken(words: str, options: Sequence[str]) -> str | None:
    for option in sorted(options, key=len, reverse=True):
        after = words[len(option) : len(option) + 1]
        if words.casefold().startswith(option.casefold()) and not (option.isascii() and after.isalnum()):
            return option
    return None
