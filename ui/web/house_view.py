"""The settings page as it is read: models, providers, money, check-up, folders. Pure; no secret reaches it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.desk import Check
from core.models import Usage, Verdict
from core.ports import ModelCard, Role
from ui.web.markup import esc, foreign, icon
from ui.web.texts import Texts

State = Literal["ok", "warning", "error"]
_SHAPES: dict[State, Verdict] = {
    "ok": Verdict.SUPPORTED, "warning": Verdict.PARTIAL, "error": Verdict.UNSUPPORTED,
}  # fmt: skip


@dataclass(frozen=True)
class Preset:
    """A service that speaks OpenAI's protocol."""

    base_url: str
    """Empty: the default of the client."""
    model: str
    """Empty: the reader fills it in."""
    keyed: bool = True


PRESETS: dict[str, Preset] = {
    "deepseek": Preset("https://api.deepseek.com/v1", "deepseek-chat"),
    "qwen": Preset("https://dashscope.aliyuncs.com/compatible-mode/v1", "qwen-plus"),
    "openai": Preset("", "gpt-4o-mini"),
    "ollama": Preset("", "qwen2.5:14b", keyed=False),
    "other": Preset("https://…/v1", ""),
}

_NAMED = re.compile(r"//[^/@]*@")
"""User and password in an address."""


def head(texts: Texts) -> str:
    """Where settings come from."""
    return f"<h2>{esc(texts('house.title'))}</h2><p>{esc(texts('house.intro'))}</p>"


def models(cards: Mapping[Role, ModelCard], texts: Texts) -> str:
    """Who does what; honest about a small one."""
    if not cards:
        return _part("house.models", f"<p>{esc(texts('house.none'))}</p>", texts)
    heads = "".join(f'<th scope="col">{esc(texts("house." + name))}</th>' for name in ("role", "model", "where"))
    rows = "".join(
        f'<tr><th scope="row">{esc(texts("house.role_" + role.value))}</th><td>{foreign(card.name)}</td>'
        f"<td>{esc(texts('house.local' if card.local else 'house.remote'))} · "
        f"{esc(texts('house.context', n=f'{card.context_tokens:,}'))}</td></tr>"
        for role, card in cards.items()
    )
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    small = any(card.provider == "embedded" and card.small for card in cards.values())
    note = f'<p class="zd-notice">{esc(texts("house.small"))}</p>' if small else ""
    return _part("house.models", table + note, texts)


def snippet(name: str, ollama: str, texts: Texts) -> str:
    """Lines for the environment; the key is a place to fill in. `ollama`: where it is looked for."""
    preset = PRESETS.get(name, PRESETS["other"])
    model = preset.model or texts("house.name")
    lines = []
    if preset.keyed:
        lines += [f"export ZHENGDU_BASE_URL={preset.base_url}"] if preset.base_url else []
        lines += [f"export ZHENGDU_API_KEY={texts('house.key')}"]
    else:
        lines += [f"# {texts('house.no_key', model=model)}", f"export ZHENGDU_OLLAMA={_NAMED.sub('//', ollama)}"]
    lines += [f"export ZHENGDU_MODEL={model}"]
    if preset.keyed:
        lines += ["", f"# {texts('house.budget_note')}"]
        lines += [f"# export ZHENGDU_{name}=…" for name in ("PRICE_IN", "PRICE_OUT", "BUDGET")]
    lines += ["", f"# {texts('house.judge_note')}", f"# export ZHENGDU_JUDGE_MODEL={texts('house.name')}"]
    return f'<pre dir="ltr" tabindex="0">{esc_lines(lines)}</pre>'


def esc_lines(lines: Sequence[str]) -> str:
    """Lines of plain text for a <pre>."""
    return "\n".join(esc(line) for line in lines)


def connect(texts: Texts) -> str:
    """What the snippets are for."""
    return f"<h3>{esc(texts('house.connect'))}</h3><p>{esc(texts('house.connect_text'))}</p>"


def money(spent: Usage, budget: float | None, priced: bool, texts: Texts) -> str:
    """What was spent since the start, and the cap of a run."""
    cost = texts("house.cost", cost=f"{spent.cost:.2f}") if priced or spent.cost else texts("house.no_price")
    tokens = texts("house.tokens", read=f"{spent.prompt_tokens:,}", written=f"{spent.completion_tokens:,}")
    took = " · ".join((texts("house.calls", n=f"{spent.calls:,}"), tokens, cost))
    cap = texts("house.no_budget") if budget is None else f"{budget:g}"
    return _part("house.money", _facts((("house.spent", took), ("house.budget", cap)), texts), texts)


def folders(home: Path, cache: Path, texts: Texts) -> str:
    """Where things are kept on this machine."""
    return _part("house.data", _facts((("house.home", str(home)), ("house.cache", str(cache))), texts), texts)


def doctor(checks: Sequence[Check], texts: Texts) -> str:
    """The report, line by line; each state in its shape and its word."""
    rows = "".join(
        f'<tr><td class="zd-state-{check.state}">{icon(_SHAPES[check.state])}{esc(texts("house." + check.state))}</td>'
        f'<th scope="row">{foreign(check.name)}</th><td>{foreign(check.message)}</td></tr>'
        for check in checks
    )
    return f'<table class="zd-check"><tbody>{rows}</tbody></table>'


def _part(name: str, inner: str, texts: Texts) -> str:
    return f"<section><h3>{esc(texts(name))}</h3>{inner}</section>"


def _facts(facts: Sequence[tuple[str, str]], texts: Texts) -> str:
    rows = "".join(f'<tr><th scope="row">{esc(texts(name))}</th><td>{foreign(said)}</td></tr>' for name, said in facts)
    return f"<table><tbody>{rows}</tbody></table>"
