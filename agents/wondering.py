"""Questions to go on with after a report. They assert nothing, so no critic sees them: whatever a model writes is held
to the words of its notes here, and without a strong model they are put together from what the papers print."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from agents import allotting, asking, prompting, properties
from core.documents import BACK_MATTER, Document
from core.models import Paper
from core.ports import ChatModel
from core.report import Lead, Plan

_MOST = 5
_LONGEST = 60
_TOKENS = 500
_NAME = re.compile(r"[A-Za-z][\w.+-]*")
_MEASURED = re.compile(r"\bon (?:the )?((?:[A-Z][\w-]*[A-Z\d][\w-]*)(?: \d+)?)(?![\w-])")
_NO_DATA = re.compile(r"^(?:[A-Z]\d{2,4}|GPUs?|TPUs?|CPUs?|LLMs?|RL|SFT|MoE)\b")
_AMOUNT = re.compile(r"\d|[一二三四五六七八九十百千万两几半](?:成|倍|分之)|百分")
_LEAST_NAMED = 3
"""Times a paper says it measured on something, for that to be a thing it rests on."""


_SHARE = 0.3
"""Of its mentions that must be of that kind: models are spoken of in other ways."""


class _Questions(BaseModel):
    """What the model fills."""

    model_config = ConfigDict(extra="ignore")
    questions: list[str] = []


async def composed(model: ChatModel, plan: Plan, leads: Sequence[Lead], english: str) -> tuple[str, ...]:
    """Questions from notes on what is left open. `english`: the sentences they rest on. Raises Skip(code="format")."""
    notes = prompting.data("\n".join(f"- {' '.join(lead.point.split())}" for lead in leads if lead.point))
    title = prompting.data(" ".join(plan.title.split()))
    prompt = prompting.load("asks", "report", "notes").prompt(_TOKENS, report=title, notes=notes)
    filled = await model.fill(prompt, _Questions)
    known = f"{plan.title} {notes} {english}".lower()
    asked = (" ".join(q.split()).replace("?", "？") for q in filled.questions)
    return tuple(dict.fromkeys(q for q in asked if _harmless(q, known)))[:_MOST]


def _harmless(question: str, known: str) -> bool:
    """A question, and nothing but a question: no number, no name that the notes do not have."""
    one = question.endswith("？") and question.count("？") == 1 and "。" not in question
    named = all(name.lower() in known for name in _NAME.findall(question))
    return one and len(question) <= _LONGEST and not _AMOUNT.search(_NAME.sub("", question)) and named


def gathered(plan: Plan, documents: Mapping[str, Document], papers: Mapping[str, Paper]) -> tuple[str, ...]:
    """Questions made of the papers' names, of what they were measured on and of what they print. Pure."""
    read = [p.version for p in plan.papers if p.version in documents]
    alone = bool(allotting.subject(plan))
    if not read:
        return ()
    names = [n for v in read if (n := asking.coined(papers[v].title if v in papers else documents[v].title))]
    questions = _of_one(names[0] if names else "", documents[read[0]]) if alone else _of_all()
    return tuple(dict.fromkeys([*questions, *_of_two(names)]))[:_MOST]


def _of_one(name: str, document: Document) -> Iterable[str]:
    """About the paper of a deep-dive."""
    called = name or "这个方法"
    said = {p.name for p in properties.known() if properties.printed(document, p)}
    if data := _measured_on(document):
        yield f"在{_spaced('、'.join(data))}之外的任务上，{_led(called)}还有效吗？"
    if "规模" in said:
        yield "模型换大或换小，结论还成立吗？"
    if said & {"硬件", "开销"}:
        yield f"算力少得多时，{_led(called)}还能复现吗？"
    yield f"{_led(called, first=True)}在哪些情况下会失效？"
    yield "按论文给出的细节，能复现到什么程度？"


def _of_all() -> Iterable[str]:
    yield "换成同样的数据和算力，这几种方法谁更好？"
    yield "这几篇论文的结论，在别的数据上还成立吗？"


def _of_two(names: Sequence[str]) -> Iterable[str]:
    if len(names) > 1:
        yield f"{_led(names[0], first=True)}和{_spaced(names[1])}能不能合在一起用？"


def _measured_on(document: Document) -> list[str]:
    """What the paper most often says it measured on, two at most."""
    text = " ".join(p.text for p in document.passages if p.role not in BACK_MATTER and p.kind == "text")
    counted = Counter(m[1] for m in _MEASURED.finditer(text) if not _NO_DATA.match(m[1]))
    often = (name for name, times in counted.most_common() if times >= _LEAST_NAMED)
    return [name for name in often if counted[name] >= _SHARE * len(re.findall(rf"(?<!\w){re.escape(name)}", text))][:2]


def _spaced(name: str) -> str:
    """With a space between Chinese and Latin on both sides."""
    return f" {name} " if name[:1].isascii() else name


def _led(name: str, *, first: bool = False) -> str:
    """A name in front of Chinese; `first`: at the beginning, or behind a comma."""
    return f"{name} " if name[-1:].isascii() else name
