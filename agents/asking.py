"""What a question means: which papers it names, whether it leans on what was said before, and how it stands alone."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from agents import prompting
from core.models import ARXIV_ID, Paper
from core.ports import ChatModel
from core.talk import Turn

_QUESTION_TOKENS = 80
_CONDENSED_TOKENS = 160
_LONGEST = 160
"""Characters of a question a model wrote; more is no question."""
_REMEMBERED = 3
"""Turns that are told to the model."""
_ANSWER_SHOWN = 120
"""Characters of an earlier answer."""
_SHORT, _SHORT_WORDS = 14, 5
"""Characters of a Chinese question, words of an English one, below which it may lean on what was said."""
_LEANS = re.compile(
    r"(?<!其)[它她他]|这|那|前者|后者|上述|上面|前面|刚才|呢[？?。！!]?\s*$|(?<![应活])该|^(?:还有|另外|以及|为什么|具体|然后|其(?![中他它实次余]))"
    r"|\b(?:it|its|they|them|their|this|that|these|those|one|former|latter|above|same)\b",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_COMPARES = re.compile(
    r"比较|对比|区别|不同之处|有什么不同|有何不同|差别|差异|哪[个篇种一].{0,8}更|谁更|各自"
    r"|\bcompar(?:e|ing|ison)\b|\bvs\b|versus|\bdiffer|which .*(?:better|faster|larger|more)",
    re.IGNORECASE,
)
_MENTION = re.compile(
    r"(?<![A-Za-z0-9._])[@＠]\s?(?:[《“\"「](?P<quoted>[^》”\"」]{2,200})[》”\"」]"
    r"|(?P<bare>[^\s，。？！；：,?!;@＠《》（）()]\S*(?: [A-Za-z0-9][^\s@＠]*)*))"
)
_END = re.compile(r"[，。？！；、,?!;《》（）()]")
_LABEL = re.compile(r"^(?:追问|改写后?的?问题?|问题?|英文|English|Q)\s*[：:]\s*")
_LEAST = 3
"""Characters of a title's fragment that name a paper."""


class Understood(NamedTuple):
    """A question that needs no history."""

    question: str
    english: str
    """Empty without a model, or where the question is English."""
    search: str
    """What the search is asked: the question, and without a model the one before it too."""


class Mentions(NamedTuple):
    """Papers named with @ in a question."""

    question: str
    """With the papers' names in place of what was typed."""
    papers: tuple[str, ...]
    """Versions."""
    unknown: tuple[str, ...]


def compares(question: str) -> bool:
    """Does it set papers side by side? How much faster something is, compared with its baseline, does not."""
    return _COMPARES.search(question) is not None


def leans(question: str) -> bool:
    """May it need what was said before to be understood?"""
    if _CHINESE.search(question):
        return len("".join(question.split())) <= _SHORT or _LEANS.search(question) is not None
    return len(question.split()) <= _SHORT_WORDS or _LEANS.search(question) is not None


async def understand(model: ChatModel | None, question: str, history: Sequence[Turn]) -> Understood:
    """The question as it stands alone, in one call of the model; none where it is English and leans on nothing.
    `history`: earlier turns of the conversation, the oldest first. Where a small model only says an earlier question
    again, the question stays, and is searched for with the words of the one before it."""
    told = [turn for turn in history if turn.question][-_REMEMBERED:]
    if not told or not leans(question):
        return Understood(question, await to_english(model, question), question)
    together = f"{told[-1].answer.question or told[-1].question} {question}"
    if model is None:
        return Understood(question, "", together)
    earlier = "\n".join(f"问：{t.answer.question or t.question}\n答：{_short(t)}" for t in told)
    prompt = prompting.load("condense", "history", "question").prompt(
        _CONDENSED_TOKENS, history=earlier, question=question
    )
    standing, english = _two_lines(await model.text(prompt))
    standing = standing or (english if not _CHINESE.search(question) else "") or question
    if standing in {q for t in told for q in (t.question, t.answer.question)} - {question}:
        return Understood(question, await to_english(model, together), together)
    return Understood(standing, english, standing)


def _short(turn: Turn) -> str:
    if turn.stopped or not turn.answer.answer:
        return "（没有答完）"
    text = " ".join(re.sub(r"\[\d+\]", "", turn.answer.answer).split())
    return text if len(text) <= _ANSWER_SHOWN else f"{text[:_ANSWER_SHOWN]}……"


def _two_lines(said: str) -> tuple[str, str]:
    """The first Chinese and the first English line of what the model wrote; empty where there is none."""
    lines = [_LABEL.sub("", line.strip()) for line in said.splitlines()]
    lines = [line for line in lines if line and len(line) <= _LONGEST]
    chinese = next((line for line in lines if _CHINESE.search(line)), "")
    return chinese, next((line for line in lines if not _CHINESE.search(line)), "")


async def to_english(model: ChatModel | None, question: str) -> str:
    """The question in English; empty without a model or where it is not Chinese."""
    if model is None or not _CHINESE.search(question):
        return ""
    text = await model.text(prompting.load("question", "question").prompt(_QUESTION_TOKENS, question=question))
    return text.strip().split("\n")[0].strip()


def mentions(
    question: str, candidates: Sequence[Paper], by_id: Callable[[str], Paper | None], *, followed: bool = False
) -> Mentions:
    """Finds `@2305.14627`, `@"part of a title"` and `@part of a title`. `candidates`: papers whose titles count;
    `by_id`: looks a paper up by id or version; `followed`: something was said before, of which 这篇论文 could be. Pure
    but for `by_id`."""
    pieces, last = list[str](), 0
    found: dict[str, Paper] = {}
    places: list[tuple[int, str]] = []
    unknown: list[str] = []
    for match in _MENTION.finditer(question):
        if match.start() < last:
            continue
        typed = match["quoted"] or match["bare"]
        paper, length = _named(typed, candidates, by_id, whole=bool(match["quoted"]))
        if paper is None:
            unknown.append(_END.split(typed.split()[0])[0] if match["bare"] else typed)
            continue
        found[paper.version] = paper
        pieces.append(question[last : match.start()])
        places.append((len(pieces), paper.version))
        pieces.append("")
        last = match.end() if match["quoted"] else match.start("bare") + length
    pieces.append(question[last:])
    for place, version in places:
        pieces[place] = called(found[version], alone=len(found) == 1 and not followed)
    return Mentions("".join(pieces).strip(), tuple(found), tuple(unknown))


def _named(
    typed: str, candidates: Sequence[Paper], by_id: Callable[[str], Paper | None], *, whole: bool
) -> tuple[Paper | None, int]:
    """The paper that is meant and how much of what was typed names it."""
    id = re.match(rf"{ARXIV_ID.pattern}|file-[0-9a-f]{{12}}", typed)
    if id and (paper := by_id(id[0])):
        return paper, id.end()
    ends = [len(typed)] if whole else [m.end() for m in re.finditer(r"[A-Za-z0-9]+|[^\sA-Za-z0-9]", typed)][::-1]
    for end in ends:
        part = " ".join(typed[:end].lower().split())
        hits = [p for p in candidates if part in p.title.lower()]
        if hits and len(part) >= _LEAST:
            return hits[0], end
    return None, 0


def called(paper: Paper, *, alone: bool) -> str:
    """How a question names a paper: by its coined name, else 这篇论文, or by its title where others could be meant."""
    return coined(paper.title) or ("这篇论文" if alone else f"《{paper.title}》")


def coined(title: str) -> str:
    """`KARMA` of `KARMA: Planning with …`; empty where a title has no such name."""
    head, colon, _ = title.partition(":")
    words = head.split()
    is_name = 1 <= len(words) <= 3 and any(re.search(r"[A-Z].*[A-Z]|\d", word) for word in words)
    return head.strip() if colon and is_name else ""
