"""What the paper keeps from being all, unique or certain: exceptions, what did not suffice, what it doubts itself."""

import re
from typing import NamedTuple

from agents.polarity.english import is_row
from agents.strengths.aligned import Part, alike, had, stemmed
from agents.strengths.shares import counted
from agents.strengths.words import DENIED_ZH, EACH_ZH, EXCEPT_ZH, UNIVERSAL_ZH, Word, around, data, denied
from core.words import stems

_ALIKE, _FLAT = 0.6, 0.5
"""Likeness from which an exception is one to the claim; the latter where the claim says that there is none."""
_CONCERNED = 0.5
"""Share of what a claim says of all that the sentence with the exception speaks of."""
_FLAT_ZH = re.compile(r"无一例外|毫无例外|没有例外|无不|全都|通通|悉数")
_COUNT = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_EXCEPT = re.compile(
    r"\b(?:except(?: for| that| on| in| when)?|with the (?:sole |only |notable )?exceptions? of|other than|apart from|"
    r"aside from|save for|barring|excluding|all but (?=one|two|three|four|five|\d|a few|the)|"
    r"with (?:one|two|few|some|a few) exceptions?|not (?:all|every)|not always|not necessarily|not universally|"
    rf"(?P<few>{_COUNT}) (?:out )?of (?:the |our |all )?(?P<many>{_COUNT})\b(?! (?:{_COUNT}|%)))\b[^,;.]{{0,50}}",
    re.I,
)
_LATIN = r"[A-Za-z][\w.+-]*(?:[ -][A-Z\d][\w.+-]*)*"
_EVEN = re.compile(
    rf"(?:包括|包含|涵盖|连同|含)\s*({_LATIN})[^，。；]{{0,20}}?在内|连(?:最[强大难]的)?\s*({_LATIN})[^，。；]{{0,12}}?[也都]|({_LATIN})\s*也不例外"
)
"""Somebody who is expressly no exception."""
_NOT_FOR = (
    r"(?:except(?: for| on| in| with)?|other than|excluding|apart from|aside from|but not|with the exception of|"
    r"not (?:\w+ ){0,3}(?:for|on|in|with|to|by)|fail\w* (?:for|on|in|with|to \w+))"
)
_BEHIND = (
    r"(?:(?:trail|lag|fall)\w*(?: \w+){0,2}?(?: (?:behind|short of))?|"
    r"(?:slightly |just |only |still )?(?:behind|below)|lower than|not as \w+ as|"
    r"second (?:only )?to|worse than|inferior to|outperformed by|surpassed by|weaker than|"
    r"not (?:as \w+ as|match|surpass|exceed))"
)
_BETTER_ZH = re.compile(r"优于|高于|超过|超越|胜过|强于|好于|领先|击败|追平|赶超|达到|最[强好优佳]|第一")
_TOP_ZH = re.compile(r"最[高优佳好强]|第一|领先|居首|SOTA|占优|胜出|优于|超过|超越|胜过")
_NAMES = r"(?:[A-Z][\w.+#-]*\s?){1,3}"
_TOP_IN = re.compile(
    r"\b(?i:highest|best|top|leading|state-of-the-art|strongest|first place|superior|outperform\w*)\b"
    r"(?:\s+[a-z][\w-]*){0,3}?\s+(?:in|on|for|at)\s+"
    rf"(?P<names>{_NAMES}(?:,\s*{_NAMES})*,?\s*(?:and|&)\s+[A-Z][\w.+#-]*)"
)
"""Somebody is best in this and that."""
_EVERY = re.compile(r"\b(?:all|every|each|any|both|entire|whole|always|consistent(?:ly)?|overall)\b", re.I)
_LEFT_OUT = re.compile(r"(?<!all )(?<!every )(?<!each )\bnon-\w+(?:[- ]based)?\s+(?:[\w-]+\s+){0,2}?(\w+)")
_NON_ZH = re.compile(r"非|其余|剩余|其他|余下|剩下")
_NEXT = 3
"""English words behind a strong one that it may be said of."""


class Limit(NamedTuple):
    """The words of the paper, and those of the claim that go too far."""

    said: str
    where: str


def exception(part: Part, hard: re.Match[str]) -> Limit | None:
    """An exception to what the claim says of all, in a sentence that speaks of it."""
    if EXCEPT_ZH.search(part.text) or part.of_table:
        return None
    enough = _FLAT if _FLAT_ZH.search(part.text) else _ALIKE
    of_all = [p for p in part.behind(hard.end(), 9) if not p.is_name]
    for sentence in [part.best, *part.near] if part.alike >= enough else part.near:
        for found in _EXCEPT.finditer(sentence):
            if found["few"] and found["few"].lower() == found["many"].lower():
                continue
            if not is_row(sentence) and had(of_all, sentence) >= _CONCERNED:
                return Limit(found.group().strip(), hard.group())
    return None


def expressly_not(part: Part) -> Limit | None:
    """Somebody whom the claim counts in expressly (包括 X 在内的所有), and whom the paper leaves out or puts first."""
    if not EACH_ZH.search(part.text):
        return None
    for even in _EVEN.finditer(part.text):
        name = next(g for g in even.groups() if g).strip()
        words = r"[\s-]?".join(map(re.escape, re.split(r"[\s-]+", name)))
        phrase = _NOT_FOR + "|" + _BEHIND if _BETTER_ZH.search(part.text) else _NOT_FOR
        pattern = re.compile(rf"\b(?:{phrase})\s+(?:the |our |that of )?{words}(?![\w-])", re.I)
        for sentence in part.topical:
            if found := pattern.search(sentence):
                return Limit(found.group(), even.group())
    return None


def doubted(word: Word, match: re.Match[str], part: Part) -> Limit | None:
    """The same strong word said of the same thing, but denied: "may not always be a unique answer" (唯一的答案)."""
    said = part.behind(match.end(), 2)
    if word.tight is None or not said or word.code == "overclaim":
        return None
    found = None
    for sentence in dict.fromkeys((*part.topical, *part.evidence.near)):
        for counterpart in word.tight.finditer(sentence):
            behind = frozenset(stems(sentence[counterpart.end() : counterpart.end() + 80])[:_NEXT])
            if not any(p.stems & behind for p in said):
                continue
            before = sentence[max(0, counterpart.start() - 40) : counterpart.start()]
            if denied(counterpart, sentence) or re.search(r"\bnot (?:always|necessarily)\W+(?:\w+\W+){0,4}$", before):
                found = found or Limit(around(sentence, counterpart), match.group())
            elif sentence in part.cited and all(p.stems & behind for p in said):
                return None
    return found


def best_in_some(part: Part) -> Limit | None:
    """Best in A and B, by the paper; in all of them, by a claim that names neither."""
    each = EACH_ZH.search(part.text)
    if each is None or not _TOP_ZH.search(part.text) or part.of_table or EXCEPT_ZH.search(part.text):
        return None
    claimed = stemmed(part.text)
    for sentence in part.same:
        for found in _TOP_IN.finditer(sentence):
            if (
                not _EVERY.search(sentence)
                and not stemmed(found["names"]) & claimed
                and alike(part.text, sentence) >= _FLAT
            ):
                return Limit(found.group(), each.group())
    return None


def left_out(part: Part, hard: re.Match[str]) -> Limit | None:
    """What the claim says of all things of a kind, the paper otherwise of a part of them (non-matrix parameters)."""
    head = counted(part.text, hard)
    if not head or EXCEPT_ZH.search(part.text) or _NON_ZH.search(part.text):
        return None
    names = [p for p in part.behind(hard.end(), 9) if p.is_name]
    for sentence in part.topical:
        for found in _LEFT_OUT.finditer(sentence):
            if set(stems(found[1])) & head and names and had(names, sentence) == 1.0:
                return Limit(found.group(), hard.group())
    return None


def strong_words(part: Part) -> list[tuple[Word, re.Match[str]]]:
    """The strong words of a part that are not denied in it."""
    found = ((w, m) for w in data()[0] if (m := w.zh.search(part.text)))
    return [(w, m) for w, m in found if not DENIED_ZH.search(part.text[: m.start()])]


def universal(part: Part) -> re.Match[str] | None:
    """Its word for all, if it is not denied."""
    hard = UNIVERSAL_ZH.search(part.text)
    return None if hard is None or DENIED_ZH.search(part.text[: hard.start()]) else hard
