"""Writes docs/settings.md from core/settings.py: `python -m docs.list_settings`. A house test compares."""

import ast
from datetime import time
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt
from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from core import settings
from core.settings import PREFIX, RoleSettings, Settings

PAGE = Path(__file__).with_name("settings.md")
HEADINGS = {
    "home": "Where things are kept",
    "mirror": "Where papers come from",
    "api_key": "Models",
    "embed_base_url": "Embeddings",
    "parse_memory_mb": "Reading PDFs",
    "revisions": "Writing and checking",
    "interests": "Issues",
    "ui_host": "The web pages",
}
"""Heading that stands before a setting's table."""
_WORDS: dict[Any, str] = {
    Path: "path",
    str: "text",
    int: "whole number",
    float: "number",
    SecretStr: "secret",
    time: "time of day",
    tuple[str, ...]: "names, commas between",
    RoleSettings: "a role's own",
}
_INTRODUCTION = """\
# Settings

<!-- written by docs/list_settings.py from core/settings.py -->

What is given on the command line beats the environment, which beats `config.toml` in the home folder, which beats
the default. A variable that is empty counts as not set.
In `config.toml` a setting is named as its variable, in small letters and without the prefix:

```toml
model = "deepseek-chat"
base_url = "https://api.deepseek.com/v1"
concurrency = 6

[judge] # one role's own model, key or service
model = "qwen-plus"
base_url = "https://dashscope.aliyuncs.com/compatible-mode/v1"
```

Keys are better kept in the environment than in a file. `app.py doctor` shows what came of all this.
"""


def descriptions(kind: type) -> dict[str, str]:
    """The docstring under each attribute of a class of core/settings.py, in one line."""
    tree = ast.parse(Path(settings.__file__).read_text(encoding="utf-8"))
    body = next(n.body for n in tree.body if isinstance(n, ast.ClassDef) and n.name == kind.__name__)
    found = {}
    for field, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(after, ast.Expr):
            words = ast.literal_eval(after.value)
            found[field.target.id] = " ".join(str(words).split())
    return found


def _variables(name: str, field: FieldInfo) -> list[str]:
    if field.annotation is RoleSettings:
        return [f"{PREFIX}{name}_{own}".upper() for own in RoleSettings.model_fields]
    if isinstance(field.validation_alias, AliasChoices):
        return [str(choice) for choice in field.validation_alias.choices]
    return [PREFIX + name.upper()]


def _kind(field: FieldInfo) -> str:
    """What may be written, in a word or two."""
    kind: Any = field.annotation
    if get_origin(kind) is UnionType:
        kind = next(part for part in get_args(kind) if part is not NoneType)
    if get_origin(kind) is Literal:
        return " or ".join(f"`{choice}`" for choice in get_args(kind))
    bounds = [f" ≥ {m.ge}" for m in field.metadata if isinstance(m, Ge)]
    bounds += [f" > {m.gt}" for m in field.metadata if isinstance(m, Gt)]
    return _WORDS[kind] + "".join(bounds)


def _default(field: FieldInfo) -> str:
    if field.default in (None, PydanticUndefined) or isinstance(field.default, RoleSettings):
        return "—"
    listed = field.default if isinstance(field.default, tuple) else (field.default,)
    return f"`{','.join(map(str, listed))}`"


def page() -> str:
    """The whole document. Raises KeyError for a setting without a description."""
    lines = [_INTRODUCTION.rstrip()]
    words = descriptions(Settings)
    for name, field in Settings.model_fields.items():
        if name in HEADINGS:
            lines += ["", f"## {HEADINGS[name]}", "", "| variable | value | default | |", "|---|---|---|---|"]
        variables = "<br>".join(f"`{variable}`" for variable in _variables(name, field))
        lines.append(f"| {variables} | {_kind(field)} | {_default(field)} | {words[name].replace('|', '&#124;')} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
