"""What a paper calls things: its own system, short names with their long ones, and all the names it prints."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from core.documents import Document, SectionRole

_NAME = r"[A-Z][A-Za-z0-9]*(?:[-.+][A-Za-z0-9]+)*"
_TOKEN = re.compile(rf"\b(?:{_NAME}|[a-z]+(?:\.[a-z]+)?[A-Z\d][A-Za-z0-9]*(?:[-.+][A-Za-z0-9]+)*)")
_SHORT = re.compile(rf" \(({_NAME})s?\)")
_LONG = re.compile(r"(?:[A-Za-z][A-Za-z0-9.+]*[ -]){0,6}[A-Za-z][A-Za-z0-9.+]*$")
_LOOK_BACK = 120
"""Characters before a bracket that may be the long name."""
_FILLER = r"(?:(?:the|a|an|our|it|this|that|as|model|method|approach|framework|system|new|novel|simple|proposed) )*"
_WORDS = rf"({_NAME}(?: {_NAME}){{0,4}})"
_US = re.compile(r"\b(?:[Ww]e|[Oo]ur|(?:[Tt]his|[Tt]he present) (?:paper|work|report|article|study))\b")
_VERB = (
    r"(?:introduc|propos|present|develop|design|nam(?=e|i)|dub|term|releas|unveil|describ|creat|construct|"
    r"open-?sourc|call|build|denot|coin)\w*|(?:refer|referred) to [^.;]{0,40}? as"
)
_MADE = re.compile(rf"\b(?:{_VERB})\s+{_FILLER}{_WORDS}")
_FURTHER_ON = re.compile(
    rf"\b(?:named|called|dubbed|termed|namely|coined|referred to as|denoted (?:as|by)) {_FILLER}{_WORDS}"
)
"""Behind a description: we propose a joint framework for rules, called RuleRec."""
_OURS = re.compile(
    rf"\b(?:[Oo]ur|(?:[Tt]he|[Oo]ur) [Pp]roposed)\s+(?:method|model|framework|approach|system)?,? ?({_NAME})"
)
_ROW = re.compile(rf"({_NAME})\s*[*†]?\s*\([Oo]urs\)")
_CODE = re.compile(r"\bgithub\.com/[\w.-]+/([\w.-]*\w)")
_TITLE = re.compile(rf"^\s*((?:{_NAME}|[a-z][\w.-]*\d)(?: [A-Za-z\d][\w.-]*){{0,2}})\s*(?::|[Tt]echnical [Rr]eport\b)")
_MENTIONS = 3
"""A paper speaks of its own system at least this often."""
_SURE = 2
"""Signs that a name is the authors' own."""
_EVERYDAY = frozenset(
    """
    the a an we in this our table figure fig section appendix algorithm equation to it large deep for on and at by
    """.split()
)
ANYONES = frozenset(
    """
    ai agi llm llms lm lms vlm vlms mllm mllms rl rlhf sft ppo grpo dpo moe moes rag cot nlp ml dl cv gpu gpus cpu qa
    kv api ffn mlp qat ptq sgd cnn rnn gan transformer transformers attention bert gpt adam adamw sota pytorch
    python cuda
    """.split()
)
"""What a paper may call "our RAG" without having made it."""
PARTICULAR = frozenset("ppo grpo dpo sgd cnn rnn gan bert gpt adam adamw pytorch python cuda".split())
"""Those of them that one may be taken for another of: PPO is not GRPO, AdamW not SGD."""
_CITATION = r"\s*(?:\[\d+[\d,\s–-]*\]|\([^()]{0,80}?(?:et al\.?|&|and)[^()]{0,20}(?:19|20)\d\d[a-z]?[^()]*\))"
_MADE_BY = re.compile(rf"({_NAME})(?:\s+(?:dataset|benchmark|method|model|algorithm))?[”\"]?{_CITATION}")
_CITED = re.compile(r"\([^()]*\b(?:19|20)\d\d[a-z]?\)|\[\d+(?:\s*[,–-]\s*\d+)*\]|\b[A-Z]\w+ et al\.?")


class Naming(NamedTuple):
    """Names of one paper."""

    own: frozenset[str]
    """What the authors made, as printed: "RuleRec", "ORZ", "Open-Reasoner-Zero"; the paper often says "we" for it."""
    short: tuple[tuple[str, str], ...]
    """(short, long) as printed: ("PPO", "Proximal Policy Optimization")."""
    names: frozenset[str] = frozenset()
    """All words the paper writes like names, lower case, letters and digits only: "gpt4o", "quest"."""
    cited: frozenset[str] = frozenset()
    """Names, as those, with a citation right behind them somewhere: made by others."""
    words: str = ""
    """All words of the paper, lower case, one space between and at both ends; empty where it is not known."""

    def with_short(self, text: str) -> str:
        """The text, and behind it once more with short names for the long ones it has, so that either is found."""
        shortened = text
        for short, long in self.short:
            shortened = shortened.replace(long, short)
        return text if shortened == text else f"{text} {shortened}"

    def base(self, name: str) -> str:
        """The own name this one is or is a variant of (ORZ-32B of ORZ), lower case; empty for others' names."""
        wanted = flat(name)
        fitting = [own for own in map(flat, self.own) if own and _extends(wanted, own)]
        # R1-Zero of DeepSeek-R1-Zero
        fitting += [flat(own) for own in self.own if any(flat(end) == wanted for end in _ends(own))]
        return max(fitting, key=len, default="")

    def has(self, name: str) -> bool:
        """Does the paper print the name anywhere? Without case, hyphens and spaces; True where nothing is known."""
        letters = flat(name)
        spaced = " ?".join(map(re.escape, letters))
        return not self.words or not letters or re.search(rf" {spaced}(?:e?s)? ", self.words) is not None


NOBODY = Naming(frozenset(), ())
"""Of a paper of which nothing is known."""


@lru_cache(maxsize=16384)
def flat(name: str) -> str:
    """Letters and digits in lower case: how names are compared."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _extends(name: str, own: str) -> bool:
    """The own name itself, or with a size, a version or a word behind it; never another word of the same beginning."""
    return name == own or (
        len(own) >= 3 and name.startswith(own) and not (own[-1].isdigit() and name[len(own)].isdigit())
    )


def _ends(own: str) -> list[str]:
    """What a name is shortened to: R1-Zero for DeepSeek-R1-Zero, M1 for MiniMax-M1; never a bare number."""
    pieces = re.split(r"[- ]", own)
    ends = ["-".join(pieces[n:]) for n in range(1, len(pieces))]
    return [end for end in ends if len(flat(end)) > 1 and end[0].isalpha() and any(c.isdigit() for c in end)]


def naming(document: Document) -> Naming:
    """Read off the title, the sentences that say we, and the brackets behind long names. Pure."""
    passages = [p for p in document.passages if p.role is not SectionRole.REFERENCES]
    whole = _CITED.sub(" ", " ".join(p.text for p in passages))
    short = tuple(dict.fromkeys(_shortened(whole)))
    counts = Counter(_TOKEN.findall(whole))
    plain = _plain_words(whole)
    own = _own(document, counts, plain)
    pairs = [(s, long) for s, long in short if flat(s) not in ANYONES]
    own |= {s for s, long in pairs if long in own} | {long for s, long in pairs if s in own}
    own -= {long for s, long in short if flat(s) in ANYONES}
    words = " ".join(re.findall(r"[A-Za-z]+|\d+", f"{document.title} {whole}")).lower()
    names = frozenset(flat(name) for name in counts if _is_name(name, plain))
    cited = frozenset(flat(m[1]) for p in passages for m in _MADE_BY.finditer(p.text)) - set(map(flat, own))
    return Naming(frozenset(own), short, names, cited, f" {words} ")


def _shortened(text: str) -> Iterator[tuple[str, str]]:
    """(short, long) wherever a short name stands in brackets behind the words whose initials it is."""
    for match in _SHORT.finditer(text):
        before = _LONG.search(text[max(0, match.start() - _LOOK_BACK) : match.start()])
        if before and (long := _initialled(before.group(), match[1])):
            yield match[1], long


def _plain_words(text: str) -> frozenset[str]:
    """Words that are no names: printed small somewhere, or with a capital only where any word would have one."""
    small = set(re.findall(r"\b[a-z]+(?:-[a-z]+)*\b", text))
    capital = {w.lower() for w in re.findall(r"\b[A-Z][a-z]*(?:-[a-z]+)*\b", text)}
    inside = {w.lower() for w in re.findall(r"(?<=[a-z,(] )[A-Z][a-z]+(?:-[a-z]+)*\b", text)}
    return frozenset(small | (capital - inside))


def _is_name(word: str, plain: frozenset[str]) -> bool:
    """Written like a name: capitals or digits inside, or a capital word that is not `plain`."""
    pieces = re.split(r"[-.+]", word)
    marked = any(c.isupper() or c.isdigit() for piece in pieces for c in piece[1:])
    # METHOD as a heading is the same word as method
    usual = word.lower() in plain and (word.isupper() or not marked)
    return (
        len(word) > 1
        and word.lower() not in _EVERYDAY
        and not usual
        and (marked or pieces[0].lower() not in plain or len(pieces) > 1)
    )


def _own(document: Document, counts: Counter[str], plain: frozenset[str]) -> set[str]:
    """Names with enough signs of being the authors' own, as most often printed."""
    printed: dict[str, str] = {}
    for name, _ in counts.most_common():
        printed.setdefault(flat(name), name)
    title = _TITLE.match(document.title)
    signs = Counter({flat(head): _SURE for head in ([title[1], title[1].split()[0]] if title else [])})
    signs.update({flat(w) for w in re.findall(_NAME, document.title)})
    for sign in _signs(document):
        signs.update(sign)
    found = set()
    for words, n in signs.items():
        name = printed.get(words, "")
        often = sum(c for other, c in counts.items() if other.startswith(name)) >= _MENTIONS
        if name and n >= _SURE and often and words not in ANYONES and _is_name(name, plain):
            found.add(name)
    return found


def _signs(document: Document) -> Iterator[set[str]]:
    """Names the authors say are theirs: a set for each sentence or kind of sign."""
    early = (SectionRole.ABSTRACT, SectionRole.INTRODUCTION, SectionRole.FRONT)
    passages = [p for p in document.passages if p.role is not SectionRole.REFERENCES]
    whole = " ".join(p.text for p in passages)
    yield {flat(m[1]) for m in _OURS.finditer(whole)}
    yield {flat(m[1]) for m in _CODE.finditer(whole)}
    for _ in range(_SURE):
        yield {flat(m[1]) for m in _ROW.finditer(whole)}
    for passage in passages:
        for n in range(len(passage.sentences)):
            sentence = _CITED.sub(" ", passage.sentence(n))
            us = _US.search(sentence)
            if us is None:
                continue
            made = {flat(m[1]) for p in (_MADE, _FURTHER_ON) for m in p.finditer(sentence, us.end())}
            yield made
            if passage.role in early:
                yield made


def _initialled(words: str, short: str) -> str:
    """The last words of `words` whose initials are `short`; empty where there are none."""
    parts = list(re.finditer(r"[A-Za-z0-9]+", words))
    wanted = flat(short)
    for start in range(len(parts) - 1, -1, -1):
        some = [p.group().lower() for p in parts[start:]]
        initials = "".join(w[0] for w in some)
        strong = "".join(w[0] for w in some if w not in {"of", "and", "the", "for", "with"})
        if wanted in (initials, strong) and len(some) > 1:
            return words[parts[start].start() :]
    return ""
