"""Names in a text: under which forms one may be found, and in which clause it stands."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from agents.evidence.names import Naming, flat
from agents.quantities import parse

EXPANSIONS = {
    "llm": "large language model",
    "lm": "language model",
    "gpu": "graphics processing unit",
    "cpu": "processor",
    "nlp": "natural language processing",
    "rl": "reinforcement learning",
    "ml": "machine learning",
    "vlm": "vision language model",
    "dl": "deep learning",
    "cv": "computer vision",
    "rag": "retrieval augmented generation",
    "cot": "chain of thought",
    "sft": "supervised fine tuning",
    "moe": "mixture of experts",
    "mllm": "multimodal large language model",
    "sota": "state of the art",
    "qa": "question answering",
    "ocr": "optical character recognition",
    "kv": "key value",
    "rlhf": "reinforcement learning from human feedback",
    "hci": "human computer interaction",
    "icl": "in context learning",
    "cnn": "convolutional neural network",
    "rnn": "recurrent neural network",
    "asr": "speech recognition",
    "tts": "text to speech",
    "agi": "artificial general intelligence",
    "lora": "low rank adaptation",
}
"""Acronyms that are not always the initials of their words."""

COMMON = frozenset(
    "ai api url http https pdf id ok vs etc html json web app pc it app arxiv github i ii iii iv a an the of and"
    " or to in on with for by et al eg ie".split()
)
"""Words that name nothing a reader could be misled about."""
_NAME = re.compile(
    r"https?://[\w./#?=&%~+-]*[\w/]|[A-Za-z][A-Za-z0-9]*(?:[-_.@/&'’+*][A-Za-z0-9]+)*[+*]?|(?<!\d)\d+[Dd]\b",
    re.ASCII,
)
_TOKEN = re.compile(r"[A-Za-z0-9]+")
_SMALL = frozenset("of and for the in to a an with from on by as".split())
_LONGEST = 7
"""Words of evidence that may be written as one name in the claim (retrieval-augmented generation -> RAG)."""
_VARIANT = r"(?:\d+(?:\.\d+)?[BMK]?|Instruct|Chat|Base|Lite|Large|Small|Mini|MoE|Pro|Max|Turbo|Preview|Ultra|Flash)"
_SYSTEM = re.compile(
    r"\b(?:[A-Z][A-Za-z0-9]*|[a-z]+[A-Z\d][A-Za-z0-9]*)(?:[-.+@/][A-Za-z0-9]+)*"
    rf"(?:[ ]{_VARIANT}\b)*(?: \([A-Z]{{2,4}}\))?"
)
"""A name in an English sentence, with size and version behind it: Qwen3 32B, DeepSeek-V2 Chat (RL)."""
_CITATION = re.compile(
    r"\s*\((?:[^()]*\b(?:19|20)\d\d[a-z]?[^()]*)\)|\s*\[\d+(?:\s*[,–-]\s*\d+)*\]|"
    r"\b[A-Z]\w+ et al\.?(?: \(\d{4}[a-z]?\))?"
)
_FLOAT = re.compile(
    r"\b(?:Tables?|Figures?|Figs?\.?|Sections?|Sec\.?|Appendix|Equations?|Eqs?\.?|Algorithms?) ?"
    r"(?:[A-Z]|\(?\d[\d.]*\)?)\b"
)
_VERB = (
    r"(?:is|are|was|were|has|have|had|does|do|did|can|may|uses?|works?|performs?|achieves?|reach(?:es)?|gets?|"
    r"\w+s (?:better|worse|best))"
)
_PREPOSITION = r"(?:for|on|in|with|by|to)"
_STOP = re.compile(r";|:|\.\s|\n")
_CONTRAST = re.compile(
    r",? (?:while|whereas|unlike|but|although|though|whilst|in contrast (?:to|with)|as opposed to|rather than|"
    rf"instead of)\b|,? and (?=(?:the |our )?[A-Z]\S*(?: [A-Z0-9]\S*)? {_VERB} )|, and (?=[A-Z]\S* {_PREPOSITION} )"
)
"""Where a statement about one thing ends and its counterpart about another begins."""
_ASIDE = re.compile(r"\(([^()]*(?: [^()]*){3,})\)")


class Clause(NamedTuple):
    """A part of a sentence that may speak of something else than the others."""

    text: str
    group: int
    """Clauses of one group are set against each other: A does, while B does not. Asides are -1."""


class Forms(NamedTuple):
    """What a text has to offer for names to be found in."""

    joined: frozenset[str]
    """Every run of one to seven words, joined, lower case, letters and digits only."""
    initials: frozenset[str]


@lru_cache(maxsize=512)
def forms(text: str) -> Forms:
    """All forms under which a name may be found in `text`."""
    words = [w.lower() for w in _TOKEN.findall(re.sub(r"[’']s\b", "", re.sub(r"\\[a-z]+\{|\$|\\", " ", text)))]
    # GPT4o and camelCase offer their pieces as well
    joined = {p.lower() for w in _TOKEN.findall(text) for p in re.findall(r"[A-Z]?[a-z]{2,}|[A-Z]+(?![a-z])|\d+", w)}
    initials: set[str] = set()
    for i in range(len(words)):
        run, letters, full = "", "", ""
        for word in words[i : i + _LONGEST]:
            run += word
            joined.add(run)
            if word[-1] == "s":
                joined.add(singular(run))
            full += word[0]
            letters += "" if word in _SMALL else word[0]
            initials |= {letters, full}
    return Forms(frozenset(joined), frozenset(x for x in initials if len(x) > 1))


def singular(word: str) -> str:
    """Without a plural ending."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def known(name: str, text: str) -> bool:
    """Does the text have the name, however written? One name, a size or version behind it allowed."""
    offered = forms(text)
    wanted = flat(name.removesuffix("'s").removesuffix("’s"))
    some = {wanted, singular(wanted), wanted + "s"}
    if not wanted or some & offered.joined:
        return True
    if len(wanted) >= 2 and name[:1].isupper() and {singular(wanted), wanted} & offered.initials:
        return True
    long = EXPANSIONS.get(singular(wanted))
    if long is not None:
        return flat(long) in offered.joined or flat(long) + "s" in offered.joined
    return _reordered(name, text) or _compound(name, text)


def _compound(name: str, text: str) -> bool:
    """A compound the claim put together itself: RAG-based, video/text; never a version: GPT-4."""
    pieces = [p for p in re.split(r"[-/&_ ]", name) if p]
    plain = all(len(p) > 1 and not any(c.isdigit() for c in p) for p in pieces)
    return len(pieces) > 1 and plain and all(known(p, text) for p in pieces)


def _reordered(name: str, text: str) -> bool:
    """Qwen2.5-32B-Instruct for Qwen2.5-Instruct-32B; with a date, which tells a release, also fewer pieces:
    GPT-4-1106-Preview for GPT-4-Turbo-1106-Preview."""
    pieces = set(name.replace(" ", "-").lower().split("-"))
    if len(pieces) < 3:
        return False
    dated = any(re.fullmatch(r"\d{4,8}", piece) for piece in pieces)
    for match in _SYSTEM.finditer(text):
        theirs = set(re.sub(r"[ -]+", "-", match.group().lower()).split("-"))
        if theirs == pieces or (dated and pieces < theirs):
            return True
    return False


def groups(claim: str) -> list[tuple[int, list[str]]]:
    """Runs of names with nothing but spaces between, with their offsets; quantities and their units left out."""
    taken = [(q.start, q.end) for q in parse(claim) if not q.in_name and not q.word]
    found: list[tuple[int, list[str]]] = []
    end = -1
    for match in _NAME.finditer(claim):
        if any(s < match.end() and match.start() < e for s, e in taken):
            continue
        if found and not claim[end : match.start()].strip(" ") and match.start() - end <= 1:
            found[-1][1].append(match.group())
        else:
            found.append((match.start(), [match.group()]))
        end = match.end()
    return found


def trivial(name: str) -> bool:
    """Single letters, function words, addresses: nothing to look for."""
    return len(flat(name)) < 2 or name.lower() in COMMON or name.startswith("http")


def spoken(text: str) -> str:
    """The sentence without citations, numbers of notes and (Table 3)."""
    return _FLOAT.sub(" ", _CITATION.sub("", text))


@lru_cache(maxsize=512)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of an English text; citations and (Table 3) left out. Several asides in brackets come last; a single
    one belongs to what is said around it."""
    plain = spoken(text)
    asides = [Clause(aside, -1) for aside in _ASIDE.findall(plain)]
    asides = asides if len(asides) > 1 else []
    stated = enumerate(_STOP.split(_ASIDE.sub(" ", plain) if asides else plain))
    found = [Clause(part.strip(), n) for n, statement in stated for part in _CONTRAST.split(statement) if part.strip()]
    return (*found, *asides)


def systems(text: str, naming: Naming) -> Iterator[str]:
    """Names in an English text that are more than words with a capital, in order."""
    for match in _SYSTEM.finditer(text):
        name = match.group()
        first = flat(name.split()[0].split("-")[0])
        marked = any(c.isupper() or c.isdigit() for c in name[1:])
        if not trivial(name) and (flat(name) in naming.names or first in naming.names or (marked and not naming.names)):
            yield name
