"""An English sentence cut into clauses: their words, and what they deny."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from core.words import stem
from core.words import stems as says

_BORDER = re.compile(
    r"[;:()—]|(?<=[a-z])[.!?]\s|"
    r",\s+(?=(?:but|so|yet|while|whereas|which|who|where|because|since|as|although|though|thus|hence|thereby|"
    r"however|if|when|unlike|despite|[a-z]+ing|we|it|they|this|these|there|the|our)\b)|"
    r",?\s(?=(?:but|while|whereas|although|though|because|which|unless|if|when|thereby|so that|"
    r"and (?:do|does|did|is|are|was|were|can|could|will|has|have|it|they|we|thus|therefore|hence|then|"
    r"eliminat\w+|avoid\w*|prevent\w*|remov\w+|cannot|never))\b)"
)
_HARMLESS = re.compile(
    r"\bnot (?:only|just|merely|simply|solely|least|to mention|until)\b|"
    r"\bno (?:more|less|fewer|later|earlier|longer) than\b|"
    r"\bno (?:doubt|matter)\b|\bnothing but\b|\bwhether or not\b|\bif not\b|"
    r"\bnot (?:un(?!der|til|i)\w+|in(?:signific|frequen|consider|comparab|evitab)\w*|without)|"
    r"\bNo\. ?\d|"
    r"\bnot (?:surprising\w*|necessarily)\b|\bwhy not\b|\bor not\b|\bnon-? ?trivial\b|"
    r"\bnot (?:exceed\w*|more|less|fewer)\b",
    re.I,
)
_VERBAL = (
    r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|may|might|must|need)(?: not|n['’]t)|"
    r"cannot|can ?['’]t|won['’]t|never|not|hardly|scarcely|rarely|seldom|no longer|neither|nor|"
    r"(?:fail(?:s|ed|ing)?|unable|refus(?:e[sd]?|ing)|declin(?:e[sd]?|ing)|impossible) to|"
    r"unlikely(?: to)?|(?:incapable|short) of|(?:infeasible|impractical|unwilling|powerless)(?: to)?"
)
_NOMINAL = (
    r"(?:eliminat\w+|remov\w+|obviat\w+|avoid\w*|bypass\w*) "
    r"(?:the |any |a )*(?:need|necessity|requirement)s? (?:for|of|to)|"
    r"without (?:the |any )*(?:need|necessity|requirement)s? (?:for|of|to)|"
    r"no need (?:for|to)|no|none of|without|(?:the |a )?(?:lack|absence)(?: of)?|"
    r"lack(?:s|ing|ed)|devoid of|free (?:of|from)|"
    r"(?:it is |is |are )?unnecessary to|not require\w*|instead of|rather than|in place of|"
    r"(?:avoid|prevent|exclud|prohibit|forbid|forbad|disallow|preclud)(?:s|es|ed|e|ing)?"
)
_DENIAL = re.compile(rf"\b(?:(?P<noun>{_NOMINAL})|(?P<verb>{_VERBAL}))\b", re.I)
_CONDITION = re.compile(r"without|lack|(?:the |a )?absence", re.I)
_ADVERSE = re.compile(
    r"\b(?:drop|decreas|declin|degrad|fall|fell|lower|worse|hurt|harm|collaps|suffer|fail|los[est]|reduc|diverg|unstable|"
    r"inferior|poor|weak|less|slow|bad|cannot|critical|essential|crucial|ablat|remov)\w*",
    re.I,
)
_IF = re.compile(r"\b(?:if|when|whenever|unless|until|once)\b[^,]*$", re.I)
_NEED = re.compile(r"need|necess|requir", re.I)
_PREFIXED = (
    r"un(?!der|til|i[acfoqtv]|less\b|to\b)[a-z]{3,}|non-?(?!e)[a-z]{3,}|"
    r"in(?:suffic|accura|correct|effic|effect|consisten|complete|capab|abilit|valid|depend|feasib|significan|appropriat|"
    r"compatib|coheren|tractab|adequa|secure|flexib|sensitiv|stabil|accessib|compar|exact|frequent|expens|varian|applicab)\w*|"
    r"im(?:possib|practic|perfect|precis|balanc|proper|mutab)\w*|ir(?:relevan|regular|reversib|respectiv|reproduc)\w*|"
    r"mis(?:align|match|lead|classif|interpret|represent)\w*|dis(?:abl|agree|allow|appear|card|connect|courag|engag|regard|satisf|similar|advantag|entangl|joint)\w*"
)
_NEGATIVE = re.compile(
    r"\b(?:no|not|nor|cannot|never|neither|none|nothing|without|will be|plan to|every|regardless|whatever)\b|"
    r"n['’]t\b|-free\b|less\b|"
    rf"\b(?:{_PREFIXED})|"
    r"\b(?:lack|fail|hinder|hard(?!ware)|difficult|avoid|prevent|eliminat|remov|little|few|rare|seldom|rather|instead|only|"
    r"limit|challeng|struggl|ignor|neglect|overlook|omit|exclud|absen|free|abandon|beyond|stop|forgo|bypass|obviat|skip|zero|"
    r"barely|minim|except|prohibit|forbid|preclud|refus|reject|den(?:y|ies)|separat|differ|unlike|despite|contra|alone|"
    r"sole|scarce|poor|weak|worse|worst|least|degrad|suffer|prone|miss|false|wrong|error|negativ|oppos|before|"
    r"frozen|freez|constant|remain|same|too|drop|discard|delet|disabl)\w*",
    re.I,
)
"""Anything by which a clause may turn a statement round."""
_LIGHT = frozenset(
    says(
        """
        any additional further yet able necessarily appear seem tend even much such particular whatsoever longer
        directly explicitly specifically still actually always ever extra other more very all strictly solely here
        way any anywhere instead observe see find found notice exist exhibit significant significantly substantially
        """
    )
)
"""Words that do not carry what is denied."""
_NO_ADVERBS = frozenset("anomaly assembly multiply".split())
_PHRASE_END = frozenset(
    """
    in on at for during by to with from of as than when while between among across under over into via through after
    before is are was were can will may has have that which and or
    """.split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word that says something."""

    start: int
    end: int
    stem: str


@dataclass(frozen=True, slots=True)
class Denial:
    """A negative, and the words it denies: a verb and what follows it, or a noun with its adjectives."""

    start: int
    end: int
    is_verbal: bool
    head: tuple[Token, ...]
    """The verb, or the whole noun phrase."""
    rest: tuple[Token, ...]
    """What follows in the clause."""
    words: str
    """The negative with the words behind it, to be shown."""
    subject: str
    """The clause before the negative."""

    is_condition: bool
    """Does the sentence say what happens in that case? Then it denies nothing."""
    core: Token | None
    """The verb, or the noun of the phrase."""

    @property
    def all(self) -> tuple[Token, ...]:
        """Every word denied."""
        return self.head + self.rest


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a sentence."""

    start: int
    text: str
    tokens: tuple[Token, ...]
    denials: tuple[Denial, ...]
    negatives: tuple[str, ...]
    """All words that may turn the statement round, as they are compared."""
    stems: frozenset[str]

    def is_negative(self, shared: frozenset[str] = frozenset()) -> bool:
        """May anything turn the statement round, apart from the words that both sides have?"""
        return any(word not in shared for word in self.negatives)


_IRREGULAR = {
    form: stem(base)
    for base, forms in {
        "prove": "proven", "show": "shown", "give": "gave given", "choose": "chose chosen", "take": "took taken",
        "see": "saw seen",
        "find": "found", "make": "made", "keep": "kept", "hold": "held", "freeze": "froze frozen", "send": "sent",
        "lose": "lost", "bring": "brought", "build": "built", "lead": "led", "draw": "drew drawn",
        "write": "wrote written",
        "know": "knew known", "understand": "understood", "meet": "met", "break": "broke broken",
        "overcome": "overcame",
        "run": "ran", "grow": "grew grown", "rise": "rose risen", "fall": "fell fallen", "learn": "learnt",
        "get": "got",
        "begin": "began begun", "hide": "hid hidden", "think": "thought", "speak": "spoke spoken", "do": "done",
    }.items()
    for form in forms.split()
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z]+|\d+(?:,\d{3})*(?:\.\d+)?")


@lru_cache(maxsize=2048)
def clauses(sentence: str) -> tuple[Clause, ...]:
    """The clauses of an English sentence, in order."""
    masked = _HARMLESS.sub(lambda m: "·" * len(m.group()), sentence)
    borders = [0, *(m.end() for m in _BORDER.finditer(sentence)), len(sentence)]
    return tuple(_clause(sentence, masked, start, end) for start, end in pairwise(borders) if end > start)


def _compared(word: str) -> str:
    return _IRREGULAR.get(word.lower()) or stem(word).replace(",", "")


def _clause(sentence: str, masked: str, start: int, end: int) -> Clause:
    tokens = tuple(
        Token(m.start(), m.end(), _compared(m.group())) for m in _WORD.finditer(sentence, start, end) if says(m.group())
    )
    stems = frozenset(t.stem for t in tokens)
    negatives = tuple(_compared(m.group()) for m in _NEGATIVE.finditer(masked, start, end))
    found = list(_DENIAL.finditer(masked, start, end))
    denials = tuple(_denial(sentence, m, tokens, start, end) for m in found)
    return Clause(start, sentence[start:end], tokens, denials, negatives, stems)


def _denial(sentence: str, match: re.Match[str], tokens: tuple[Token, ...], start: int, end: int) -> Denial:
    is_verbal = bool(match["verb"])
    behind = [t for t in tokens if t.start >= match.end() and not _is_light(t, sentence)]
    needed = [Token(match.start(), match.end(), "need")] if _NEED.search(match.group()) else []
    if is_verbal:
        head = needed + behind[:1]
    else:
        border = _phrase_end(sentence, match.end(), end)
        head = needed + [t for t in behind if t.start < border]
    rest = tuple(t for t in behind if t not in head)
    is_gerund = bool(head) and sentence[head[0].start : head[0].end].endswith("ing")
    core = head[0 if is_verbal or needed or is_gerund else -1] if head else None
    condition = bool(_CONDITION.match(match.group()) and _ADVERSE.search(sentence))
    condition = condition or bool(_IF.search(sentence, start, match.start()))
    shown = " ".join(sentence[match.start() : end].split()[:8]).rstrip(" ,.;:()“”").replace("“", "‘").replace("”", "’")
    subject = sentence[start : match.start()]
    return Denial(match.start(), match.end(), is_verbal, tuple(head), rest, shown, subject, condition, core)


def _is_light(token: Token, sentence: str) -> bool:
    word = sentence[token.start : token.end].lower()
    return token.stem in _LIGHT or (word.endswith("ly") and len(word) > 6 and word not in _NO_ADVERBS)


def _phrase_end(sentence: str, start: int, end: int) -> int:
    """Where the noun phrase that begins at `start` is over."""
    for m in re.finditer(r"[,.;]|[A-Za-z]+", sentence[start:end]):
        if not m.group()[0].isalpha() or m.group().lower() in _PHRASE_END:
            return start + m.start()
    return end
