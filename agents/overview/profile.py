"""What a person cares about, from their TOML. Pure."""

import tomllib

from agents.overview.words import clean
from core.errors import Misconfigured
from core.overview import Profile

SETTING = "ZHENGDU_INTERESTS"
_KEYS = ("keywords", "authors", "examples")
_HINT = 'interests.toml 的写法：keywords = ["稀疏注意力"]、authors = ["Ann Author"]、examples = ["2501.12948"]'
_LONGEST = 2000
"""Characters of an entry; an example may be an abstract."""


def load_profile(text: str) -> Profile:
    """TOML with `keywords`, `authors` and `examples`, lists of strings, all optional; an empty text is nobody's
    profile. Raises Misconfigured, naming the key."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"兴趣文件不是合法的 TOML：{error}", _HINT, SETTING) from None
    if unknown := sorted(set(table) - set(_KEYS)):
        raise Misconfigured(f"兴趣文件里不认识的项：{'、'.join(map(clean, unknown))}", _HINT, SETTING)
    return Profile(**{name: _listed(name, table.get(name, [])) for name in _KEYS})


def _listed(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise Misconfigured(f"兴趣文件的 {name} 应是一列带引号的字符串", _HINT, SETTING)
    if any(len(entry) > _LONGEST for entry in value):
        raise Misconfigured(f"兴趣文件的 {name} 里有一条超过 {_LONGEST} 个字符", _HINT, SETTING)
    return tuple(dict.fromkeys(text for entry in value if (text := clean(entry))))
