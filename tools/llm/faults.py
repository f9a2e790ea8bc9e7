"""The door at which errors of the OpenAI client become ours; nothing of a request, which holds the key, is in them.

401, 403            Misconfigured ZHENGDU_API_KEY
404                 Misconfigured ZHENGDU_MODEL
402, quota used up  Stop
400, 413, 422       Skip: too_long, filtered, else Rejected (a Skip the ladder climbs over)
408, 409, 429, 5xx, timeouts, no connection   Retry, after the client's own retries are worn out
"""

from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import Misconfigured, Retry, Skip, Stop, ZhengduError

_KEY_HINT = "检查 ZHENGDU_API_KEY（或 OPENAI_API_KEY）以及它是否属于 ZHENGDU_BASE_URL 指向的服务"
_POOR = frozenset({"insufficient_quota", "insufficient_balance", "billing_hard_limit_reached", "Arrearage"})
"""Codes that come with 400 or 429 and mean an empty purse (OpenAI error codes; Arrearage: Alibaba Model Studio)."""
_FILTERED = frozenset({"content_filter", "data_inspection_failed", "content_policy_violation"})
"""OpenAI, Azure and Alibaba Model Studio: the provider refuses the text itself."""
_TOO_LONG = frozenset({"context_length_exceeded", "exceed_context_size_error", "string_above_max_length"})
"""OpenAI's code and llama.cpp's error type."""


class Rejected(Skip):
    """The server refuses the request as it is: an option it does not know, or a schema it cannot follow."""

    def __init__(self, message: str, hint: str = "", code: str = "rejected", param: str = "") -> None:
        super().__init__(message, hint, code)
        self.args = (message, hint, code, param)
        self.param = param
        """The option at fault where the server names it; empty otherwise."""


def translate(error: Exception, where: str) -> ZhengduError | None:
    """Our error for one the OpenAI client, langchain or a wall clock raised; None where it is none of theirs (a bug,
    to be raised as it is). `where`: the server's host or name, for the message."""
    import openai
    from langchain_core.exceptions import ContextOverflowError

    if isinstance(error, ZhengduError):
        return error
    if isinstance(error, ContextOverflowError):
        return _too_long()
    if isinstance(error, openai.APITimeoutError | TimeoutError):
        return Retry(f"模型服务 {where} 超时没有回答", "稍后再试，或调大 ZHENGDU_MODEL_TIMEOUT")
    if isinstance(error, openai.APIStatusError):
        return _status(error, where)
    if isinstance(error, openai.APIConnectionError):
        return Retry(f"连不上模型服务 {where}", "检查网络和 ZHENGDU_BASE_URL，本地服务是否已启动")
    if isinstance(error, openai.OpenAIError):  # an error event in a stream, a body that is no answer
        return Retry(f"模型服务 {where} 的回答无法读懂", "稍后再试")
    return None


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Around calls of the client: its errors leave as ours."""
    try:
        yield
    except Exception as error:
        ours = translate(error, where)
        if ours is None or ours is error:
            raise
        raise ours from None  # the cause holds the request, and with it the key


def _too_long() -> Skip:
    return Skip("提示超出了模型的上下文长度", "换上下文更长的模型，或调小 ZHENGDU_CONTEXT_TOKENS", code="too_long")


def _status(error: Exception, where: str) -> ZhengduError:
    status = int(getattr(error, "status_code", 0))
    words = {str(getattr(error, name, None) or "") for name in ("code", "type")}
    if status in (401, 403):
        return Misconfigured(f"模型服务 {where} 拒绝了密钥（{status}）", _KEY_HINT, setting="ZHENGDU_API_KEY")
    if status == 402 or words & _POOR:
        return Stop(f"模型服务 {where} 的余额或额度用完了", "充值后重新运行，已完成的不会重做")
    if status == 404:
        hint = "检查 ZHENGDU_MODEL 的名称；也可能是 ZHENGDU_BASE_URL 少了 /v1"
        return Misconfigured(f"模型服务 {where} 没有这个模型（404）", hint, setting="ZHENGDU_MODEL")
    if status in (408, 409, 429) or status >= 500:
        what = "请求太频繁" if status == 429 else f"暂时出错（{status}）"
        return Retry(f"模型服务 {where} {what}", "稍后再试，或调小 ZHENGDU_CONCURRENCY", after=_after(error))
    if words & _TOO_LONG or status == 413:
        return _too_long()
    if words & _FILTERED:
        return Skip(f"模型服务 {where} 的内容审查拒绝了这段文字", "换一个模型服务处理这篇论文", code="filtered")
    param = str(getattr(error, "param", None) or "")
    named = f"：选项 {param}" if param else ""
    return Rejected(f"模型服务 {where} 不接受这个请求（{status}{named}）", "换一个模型或服务", param=param)


def _after(error: Exception) -> float | None:
    """Seconds of the Retry-After header, where it gives seconds."""
    response = getattr(error, "response", None)
    value = response.headers.get("retry-after", "") if response is not None else ""
    return float(value) if value.isdecimal() else None
