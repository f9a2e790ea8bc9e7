"""Papers named in a question with an @. Pure."""

import re
from collections.abc import Mapping

_NAMED = re.compile(r"[@＠](?P<id>\d{4}\.\d{4,5}(?:v\d+)?|file-[0-9a-f]{12}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?)")
_SHORTEST = 4
"""Characters of a title's beginning that name it."""


def _same(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().lower()


def mentioned(question: str, names: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """(versions named, the question without the @names). `names`: versions of the papers that can be named and their
    titles. An @ that names nothing stays as it is."""
    found: list[str] = []
    bare = re.compile(r"v\d+$")

    def by_id(match: re.Match[str]) -> str:
        version = next((v for v in names if match["id"] in (v, bare.sub("", v))), None)
        if version is None:
            return match.group()
        found.append(version)
        return " "

    question = _NAMED.sub(by_id, question)
    for version, title in sorted(names.items(), key=lambda n: -len(n[1])):
        at = _titled(question, title)
        if at:
            found.append(version)
            question = f"{question[: at[0]]} {question[at[1] :]}"
    return tuple(dict.fromkeys(found)), re.sub(r"[ \t]{2,}", " ", question).strip()


def _titled(question: str, title: str) -> tuple[int, int] | None:
    """Where an @ is followed by the whole title or, up to the next space, by a beginning of it."""
    wanted = _same(title)
    for match in re.finditer("[@＠]", question):
        rest = question[match.end() :]
        if wanted and _same(rest[: len(title)]) == wanted:
            return match.start(), match.end() + len(title)
        word = re.match(r"[^\s，。？！、,?!:：]+", rest)
        if word and len(word.group()) >= _SHORTEST and wanted.startswith(_same(word.group())):
            return match.start(), match.end() + word.end()
    return None
