"""One English sentence of a paper into Chinese, by a model too small to be trusted with it.

Code does what code can: citation marks go, numbers, names and glossary terms are written into the sentence as they
must appear, and the model translates around them. Then code finds every one of them again, sets Chinese punctuation
and the house's words, and refuses what lost, invented or repeated something. One more try says what was missing.
What still fails is left in English, honestly.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agents import prompting
from agents.protect import Span, inline, seal, spans, unseal, without_citations
from agents.terms import Glossary, normalise
from core.ports import ChatModel

Kind = Literal["sentence", "title"]

_TOKENS = 120
"""Longest answer; the longest of 101 accepted renderings took 64."""
_TEMPERATURES = (0.0, 0.6)
"""One per try. Told of its mistake at 0, the model repeated it (7 of 9 failed sentences); sampling mended 5 of 10
tries over 5 of them. The server has the whole prompt in its cache."""
_CJK = r"\u3400-\u4dbf\u4e00-\u9fff"


@dataclass(frozen=True)
class Rendering:
    """A sentence in Chinese (`ok`), or as it was, with the reason in Chinese."""

    text: str
    ok: bool
    reason: str = ""


@dataclass(frozen=True)
class Job:
    """A sentence ready to be translated."""

    source: str
    """Without citations and connecting words."""
    given: str
    """What the model sees: protected forms and Chinese terms in place."""
    spans: tuple[Span, ...]
    head: str = ""
    """`Name：` of a title, which needs no translation."""


async def render(model: ChatModel, sentence: str, glossary: Glossary, *, kind: Kind = "sentence") -> Rendering:
    """An English sentence or title -> Chinese. Never raises for what the model says; passes on the server's
    Retry and Stop. When nothing acceptable came, `text` is the English as given and `ok` is False."""
    job = prepare(sentence, glossary, kind)
    if not job.given:
        return Rendering(job.head.rstrip("：") or sentence, bool(job.head), "" if job.head else "句子是空的")
    prompt = prompting.load("title" if kind == "title" else "render", "sentence").prompt(_TOKENS, sentence=job.given)
    reasons: list[str] = []
    for temperature in _TEMPERATURES:
        raw = await model.text(prompt.model_copy(update={"temperature": temperature}))
        text, problems = finish(raw, job, glossary, kind)
        if not problems:
            return Rendering(text, True)
        reasons += problems
    return Rendering(sentence, False, "；".join(dict.fromkeys(reasons)))


# --- before ----------------------------------------------------------------------------------------

_CONNECTING = re.compile(
    r"(?:Specifically|Furthermore|Moreover|Additionally|In addition|Besides|Also|Notably|Importantly|Remarkably"
    r"|In particular|Particularly|Finally|Lastly|Overall|In summary|To summarize|In short|In conclusion|Indeed"
    r"|In this (?:paper|work|report|study|section)|Here|Concretely|More specifically|First|Firstly|Second|Secondly"
    r"|Third|Next|Then|Subsequently|Ultimately|Meanwhile|For instance|For example|However|Nevertheless|Nonetheless"
    r"|More importantly|Most importantly|As a result|Therefore|Thus|Hence|Consequently|On the other hand),\s+(?=\S)"
)
"""Openings that say nothing outside their paragraph."""


def prepare(sentence: str, glossary: Glossary, kind: Kind = "sentence") -> Job:
    """What the model will see and what must come back. Pure."""
    source = without_citations(sentence)
    if kind == "title":
        head, source = _head(source.rstrip("."))
        source = _uncapitalised(source)
    else:
        head = ""
        bare = _CONNECTING.sub("", source, count=1) if _CONNECTING.match(source) else source
        source = bare[:1].upper() + bare[1:] if bare != source and bare[1:2].islower() else bare
    marked = _with_terms(source, spans(source), glossary)
    return Job(source, inline(source, marked), tuple(marked), head)


def _with_terms(source: str, kept: Sequence[Span], glossary: Glossary) -> list[Span]:
    """Protected spans and terms, a term winning over a name it covers (KL Loss)."""
    terms = [
        Span(f.start, f.end, "term", f.entry.zh)
        for f in glossary.find(source, phrases=True)
        if all(f.end <= s.start or s.end <= f.start or _covers(f.start, f.end, s) for s in kept)
    ]
    left = [s for s in kept if not any(_covers(t.start, t.end, s) for t in terms)]
    return sorted([*left, *terms])


def _covers(start: int, end: int, span: Span) -> bool:
    return span.kind == "name" and start <= span.start and span.end <= end


_LOWERED = re.compile(r"(?<![\w-])[A-Z][a-z]+(?:-[A-Z]?[a-z]+)*(?![\w-])")


def _uncapitalised(title: str) -> str:
    """Title Case ordinary words in lower case; names keep their shape."""
    names = spans(title, titled=True)
    out, last = [], 0
    for span in names:
        out += [_LOWERED.sub(lambda m: m[0].lower(), title[last : span.start]), title[span.start : span.end]]
        last = span.end
    return "".join([*out, _LOWERED.sub(lambda m: m[0].lower(), title[last:])])


def _head(title: str) -> tuple[str, str]:
    """("Qwen3：", "Technical Report") for a title that begins with a coined name; ("", title) otherwise."""
    name, colon, rest = title.partition(": ")
    coined = len(name.split()) == 1 or (
        len(name.split()) <= 3 and any(s.kind == "name" for s in spans(name, titled=True))
    )
    if colon and rest and coined and "?" not in name:
        return f"{name}：", rest
    return "", title


# --- after -----------------------------------------------------------------------------------------

_CHATTER = re.compile(r"^\s*(?:翻译|译文|中文|标题|中文标题|答案|输出|以下是[^：:]{0,12})\s*[：:]\s*")
_QUOTED = re.compile(r"^[“\"'「『](.*)[”\"'」』]$", re.DOTALL)
_WIDE = str.maketrans({",": "，", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）"})
_TRADITIONAL = frozenset(
    "個們來時會對說國學過還這進動發現開關間問題單數據應該實驗將無為與於從後當點線種樣結構編碼較優勢訓練標準測試評"
    "價準確處類別義語詞論證達運輸轉換層級網絡頭腦習獲給經統計設計簡單優點電視覺顯變異顧選擇釋權環節約縮減擴長體積極擬"
)
_ABOUT_ITSELF = re.compile(r"译文|翻译|原句|这句话|只输出|抱歉|无法提供")
_OTHER_SCRIPTS = re.compile(r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff]")
_NEGATION = re.compile(
    r"\b(?:not|no|without|never|neither|nor|cannot|none|unable|fails?|failed)\b|n[’']t\b", re.IGNORECASE
)
_NEGATED = re.compile(r"[不没無无未非否免]|难以|失败|缺乏|并未|仅")
_LEAST, _MOST = 0.75, 4.0
"""Chinese characters for each English word behind them, names not counted; 101 accepted renderings had 0.8-2.8."""


def finish(raw: str, job: Job, glossary: Glossary, kind: Kind = "sentence") -> tuple[str, list[str]]:
    """What the model said -> (Chinese, what is wrong with it, in Chinese; empty when it may be used). Pure."""
    said = normalise(_spoken(raw), job.source, glossary)
    sealed = seal(said, job.spans)
    text = punctuated(people(sealed.text))
    problems = [*sealed.faults, *_left_over(text, job, glossary), *_shortened(text, job, glossary), *_turned(text, job)]
    problems += _shape(text, job)
    text = unseal(text, sealed.forms).rstrip("。．. ")
    stop = "" if kind == "title" or text.endswith(("！", "？")) else "。"
    return f"{job.head}{text}{stop}", problems


def _spoken(raw: str) -> str:
    """The answer without chatter: its first line, unquoted."""
    lines = [line for line in raw.strip().splitlines() if line.strip()]
    text = _CHATTER.sub("", lines[0] if lines else "").strip()
    if not text and len(lines) > 1:  # "译文：" on a line of its own
        text = lines[1].strip()
    quoted = _QUOTED.match(text)
    return quoted[1] if quoted else text


def people(text: str) -> str:
    """我们 -> 作者: the digest reports, it does not speak for the paper."""
    text = re.sub(r"(?:在)?(?:本文|这篇论文|本论文|本工作|本研究)中?[，,]?\s*(?:我们|作者)", "作者", text)
    text = text.replace("我们", "作者")
    first, found, rest = text.partition("作者")
    if not found:
        return text
    rest = re.sub(r"(?<=[，,；;将把对用让使])\s*作者的", "其", rest)
    return first + found + re.sub(r"(?<=[，,；;])作者(?=[也还将则又])", "", rest)


def punctuated(sealed: str) -> str:
    """Chinese punctuation. Digits and names are behind seals, so every mark left belongs to the Chinese."""
    text = re.sub(r"\s*[,;?!()]\s*", lambda m: m[0].strip().translate(_WIDE), sealed)
    text = re.sub(r"\s*:\s*", "：", text)
    text = re.sub(r"(?<=[^A-Za-z])\.(?:\s+|$)", "。", text)
    text = re.sub(r"\"([^\"]*)\"", r"“\1”", text)
    text = re.sub(r"——?-?-?(?=$)", "", text)
    text = re.sub(r"，(?=[，。；、）])|(?<=[（])，", "", text)
    return re.sub(r"([。，、；])\1+", r"\1", text)


def _left_over(text: str, job: Job, glossary: Glossary) -> list[str]:
    """Digits and Latin words that are no protected form and no glossary term of this sentence."""
    rest = text
    for found in glossary.find(job.source, phrases=True):
        rest = re.sub(re.escape(found.entry.zh), "词", rest, flags=re.IGNORECASE)
    problems = [f"凭空多出数字 {d}" for d in dict.fromkeys(re.findall(r"\d+(?:\.\d+)?", rest))]
    words = [w for w in re.findall(r"[A-Za-z][A-Za-z-]*", rest) if len(w) > 1 or w not in job.source]
    known = {w.lower() for w in re.findall(r"[A-Za-z-]+", job.source)} | {
        part for w in re.findall(r"[A-Za-z-]+", job.source.lower()) for part in w.split("-")
    }
    invented = [w for w in words if w.lower() not in known]
    problems += [f"凭空多出 {w}" for w in dict.fromkeys(invented)]
    ordinary = [w for w in words if w.lower() in known]
    if ordinary:
        problems.append(f"留有英文 {' '.join(dict.fromkeys(ordinary))}")
    return problems


_PREFIXED = re.compile(r"(?:sub|non|anti|semi|multi|un|out[- ]of)[- ]?\w", re.IGNORECASE)
"""Beginnings without which a term is another one."""


def _shortened(text: str, job: Job, glossary: Glossary) -> list[str]:
    """Terms of which only another term is left: 次二次方 (sub-quadratic) that came back as 二次方 says the opposite.
    The other term may stand as often as the sentence means it."""
    terms = [found.entry for found in glossary.find(job.source, phrases=True)]
    meant = Counter(term.zh for term in terms)
    lost = [term.zh for term in terms if _PREFIXED.match(term.en) and term.zh not in text]
    return [
        f"“{zh}”成了“{other}”"
        for zh in lost
        for other in dict.fromkeys(entry.zh for entry in (*glossary.entries, *glossary.phrases))
        if other != zh and other in zh and text.count(other) > meant[other]
    ]


_TURNS = (
    (
        re.compile(
            r"\b(?:buffer|mitigat|alleviat|prevent|avoid|lessen|minimi[sz]|counter(?:act)?|suppress|offset)\w*"
            r"(?: [\w-]+){0,4}? (?:drops?|degradation|loss(?:es)?|decline|collapse|forgetting|overfitting|drift)\b"
        ),
        re.compile(r"[缓减避防止免抑消抵挽]|弥补|降低"),
        "坏处被挡住的意思丢了",
    ),
    (
        re.compile(r"\b(?:comparable|competitive|similar|on par)\b"),
        re.compile(r"相当|接近|相近|类似|相似|可比|媲美|竞争|不相上下|持平|不逊"),
        "“相当”的意思丢了",
    ),
    (re.compile(r"\bcompared (?:to|with)\b", re.IGNORECASE), re.compile(r"比|相对|相较|较|对照|不同"), "和谁比没有说"),
)  # fmt: skip
"""(English, Chinese that the rendering must have then, what is wrong without it): a small model turns these round."""

_ADDED = (
    (
        re.compile(r"作者(?:发现|观察到|看到|注意到)"),
        re.compile(r"\b(?:f[io]u?nd|observ|notic|note|see|saw|discover|show|reveal|suggest|indicat)"),
        "凭空多出“发现”",
    ),
    (
        re.compile(r"最大(?!化)"),
        re.compile(r"\b(?:max|largest|biggest|greatest|most|highest|up to|peak)"),
        "凭空多出“最大”",
    ),
)
"""(Chinese, English that the sentence must have for it, what is wrong without it): a small model puts these in."""


def _turned(text: str, job: Job) -> list[str]:
    lost = [why for english, chinese, why in _TURNS if english.search(job.source) and not chinese.search(text)]
    source = job.source.lower()
    return lost + [why for chinese, english, why in _ADDED if chinese.search(text) and not english.search(source)]


def _shape(text: str, job: Job) -> list[str]:
    """What is wrong with the Chinese as Chinese."""
    characters = len(re.findall(rf"[{_CJK}]", text))
    words = len(re.findall(r"[A-Za-z][\w’'-]+", job.source)) - sum(s.kind == "name" for s in job.spans)
    problems = []
    if characters == 0:
        return ["没有译成中文"]
    if _ABOUT_ITSELF.search(text) and not re.search(r"translat", job.source, re.IGNORECASE):
        problems.append("不是译文")
    if words >= 6 and characters < _LEAST * words:
        problems.append("译文过短，可能有遗漏")
    if words >= 3 and characters > _MOST * words + 6:
        problems.append("译文过长")
    if re.search(r"(.{4,}?)\1{2,}", text) or re.search(r"(.{12,})\1", text):
        problems.append("译文重复")
    if any(c in _TRADITIONAL for c in text) or _OTHER_SCRIPTS.search(text):
        problems.append("夹有繁体或其他文字")
    if text.count("（") > job.source.count("(") + job.source.count("—"):
        problems.append("多出括注")
    if _NEGATION.search(job.source) and not _NEGATED.search(text):
        problems.append("丢失否定")
    return problems
