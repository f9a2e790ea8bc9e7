"""The figures of a picture in words."""

from collections.abc import Sequence

LONGEST = 300
"""Characters of a description; longer ones are read by nobody."""
_NAME = 40


def short(name: str) -> str:
    """A name that leaves room for others."""
    return name if len(name) <= _NAME else name[: _NAME - 1].rstrip() + "…"


def told(opening: str, parts: Sequence[str], between: str, rest: str) -> str:
    """A sentence with as many of its parts as fit, but at least one; `rest` says, with the number of the others in
    place of {}, that there are more."""
    kept = len(parts)
    sentence = f"{opening}{between.join(parts)}。"
    while len(sentence) > LONGEST and kept > 1:
        kept -= 1
        sentence = f"{opening}{between.join(parts[:kept])}{rest.format(len(parts) - kept)}。"
    return sentence
