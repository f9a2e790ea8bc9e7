"""Apprise addresses: what each of them is, without giving away what is secret in it."""

import hashlib
import importlib
import logging
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from core.errors import Misconfigured

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase

SETTING = "ZHENGDU_DELIVER"
MAIL = ("mailto", "mailtos")
CHATS = {"feishu": "飞书", "lark": "飞书", "wecombot": "企业微信", "dingtalk": "钉钉"}
"""Robots of chat groups by the scheme of their address."""
_MODULES = {
    "mailto": "email.NotifyEmail", "mailtos": "email.NotifyEmail", "feishu": "feishu.NotifyFeishu",
    "lark": "lark.NotifyLark", "wecombot": "wecombot.NotifyWeComBot", "dingtalk": "dingtalk.NotifyDingTalk",
    "tgram": "telegram.NotifyTelegram", "ntfy": "ntfy.NotifyNtfy", "ntfys": "ntfy.NotifyNtfy",
    "json": "custom_json.NotifyJSON", "jsons": "custom_json.NotifyJSON", "schan": "serverchan.NotifyServerChan",
    "pushplus": "pushplus.NotifyPushplus",
}  # fmt: skip
"""Where Apprise has the services of our docs. For any other it loads all of its 150, a second for each letter."""
_NAMES = {
    **CHATS, "mailto": "邮件", "mailtos": "邮件", "tgram": "Telegram", "schan": "Server 酱", "pushplus": "PushPlus",
    "ntfy": "ntfy", "ntfys": "ntfy", "json": "网址", "jsons": "网址", "xml": "网址", "xmls": "网址", "form": "网址",
    "forms": "网址",
}  # fmt: skip
_HOSTED = ("ntfy", "ntfys", "json", "jsons", "xml", "xmls", "form", "forms")
"""Schemes whose address names a host; elsewhere a key stands in its place."""
_MANY = ("targets", "topics", "channels")
"""What services call the list of those who each get a message of their own."""
_SCHEME = re.compile(r"([a-z][a-z0-9]{0,15})://", re.I)
_CONNECT, _ANSWER = 15.0, 60.0
"""Seconds to reach a service, and that it may take to answer. An answer that comes too late leaves us in doubt, so it
is given time."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one copy of a letter goes."""

    id: str
    """12 hex digits, made from what the place is."""
    label: str
    """For people, nothing secret in it: `邮件 · smtp.163.com`."""
    address: str = field(repr=False)
    """As Apprise reads it; holds passwords."""
    target: int | None = None
    """Which one, where the address names several recipients."""


def places(setting: str) -> tuple[Place, ...]:
    """The places of blank-separated Apprise addresses, each once and each recipient on its own: a letter that reached
    one of two recipients must not go to both again. Raises Misconfigured, which never shows the address."""
    found: dict[str, Place] = {}
    for number, address in enumerate(setting.split(), 1):
        service = built(address)
        if service is None:
            scheme = _SCHEME.match(address)
            raise Misconfigured(
                f"第 {number} 个发送地址（{scheme[1].lower()}://…）不对" if scheme else f"第 {number} 个发送地址不完整",
                f"检查 {SETTING}：地址之间用空格隔开，地址里的特殊字符写成 %XX，写法见 docs/delivery.md",
                setting=SETTING,
            )
        for place in _of(address, service):
            found.setdefault(place.id, place)
    return tuple(found.values())


def built(address: str, target: int | None = None) -> "NotifyBase | None":
    """Apprise's service for an address, for only one of its recipients if `target` says which; None if it knows no
    such address. Nothing is stored, nothing retried, nothing logged."""
    from apprise import AppriseAsset
    from apprise.common import OverflowMode, PersistentStoreMode

    asset = AppriseAsset(storage_mode=PersistentStoreMode.MEMORY)
    asset.app_id, asset.app_desc, asset.app_url = "Zhengdu", "Zhengdu", ""
    asset.async_mode = asset.pgp_autogen = asset.pem_autogen = False
    asset.http_redirects = False  # a POST that is sent elsewhere arrives as a GET, without the letter
    asset.secure_logging = True
    with _Unheard() as unheard:
        service = _instance(address, asset) if _SCHEME.match(address) else None
    if service is None or unheard.dropped or (scheme_of(address) in MAIL and _left_out(address, service)):
        return None
    service.retry, service.overflow_mode = 0, OverflowMode.UPSTREAM
    service.socket_connect_timeout = _ANSWER if scheme_of(address) in MAIL else _CONNECT  # mail has but this one
    service.socket_read_timeout = _ANSWER
    _apart(service)
    if target is not None:
        name = _list(scheme_of(address), service)
        setattr(service, name, [getattr(service, name)[target]])
    return service


def _instance(address: str, asset: "AppriseAsset") -> "NotifyBase | None":
    from apprise import Apprise

    if (known := _MODULES.get(scheme_of(address))) is None:
        return Apprise.instantiate(address, asset=asset)
    module, name = known.split(".")
    kind = getattr(importlib.import_module(f"apprise.plugins.{module}"), name)
    parts = kind.parse_url(address)
    try:
        service: NotifyBase | None = kind(**parts, asset=asset) if parts else None
    except Exception:  # whatever it does not like about the address, and its words show it
        return None
    return service


class _Unheard(logging.Filter):
    """Keeps to itself what Apprise logs, which shows addresses. Counts the recipients that it says it leaves out: it
    would send to the others and say no more about it."""

    def __init__(self) -> None:
        super().__init__()
        self.dropped = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Never: no handler sees it."""
        self.dropped += record.getMessage().startswith("Dropped")
        return False

    def __enter__(self) -> "_Unheard":
        logging.getLogger("apprise").addFilter(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("apprise").removeFilter(self)


def _left_out(address: str, mail: Any) -> bool:
    """Does the address name somebody whom Apprise does not take for a recipient? It skips some without a word."""
    asked = parse_qs(urlsplit(address).query)
    named = [one for name in ("to", "cc", "bcc") for part in asked.get(name, []) for one in re.split("[,;]", part)]
    known = {str(a).lower() for a in (*(a for _, a in mail.targets), *mail.cc, *mail.bcc)}
    return any(one.strip() and not any(a in one.lower() for a in known) for one in named)


def scheme_of(address: str) -> str:
    """`mailtos` of mailtos://…"""
    return address.partition("://")[0].lower()


def _apart(mail: Any) -> None:
    """Everybody who would get a copy of a mail becomes a recipient: a server may take a mail for some and not for
    others."""
    copies = sorted({*getattr(mail, "cc", ()), *getattr(mail, "bcc", ())})
    if not copies or not isinstance(mail.cc, set):
        return
    first = list(dict.fromkeys(mail.targets))
    mail.targets = first + [(False, address) for address in copies if address not in {a for _, a in first}]
    mail.cc, mail.bcc = set(), set()


def _list(scheme: str, service: Any) -> str:
    """Name of the service's list of those who each get a message; empty where there is none. What a chat's robot calls
    so are only those it mentions."""
    if scheme in CHATS:
        return ""
    lists = {name: found for name in _MANY if isinstance(found := getattr(service, name, None), list)}
    return next((name for name, found in lists.items() if found and len(found) == len(service)), "")


def _of(address: str, service: Any) -> list[Place]:
    scheme = scheme_of(address)
    name, label = _list(scheme, service), _label(scheme, service)
    if not name:
        return [Place(_id(address), label, address)]
    if scheme in MAIL:  # the password is no part of it: who gets a new one has not moved
        sender = ("mail", service.smtp_host, str(service.user), str(service.from_addr[1]))
        ids = [_id(*sender, str(recipient)) for _, recipient in service.targets]
    else:
        ids = [_id(repr(service.url_identifier), repr(target)) for target in getattr(service, name)]
    if len(ids) == 1:
        return [Place(ids[0], label, address)]
    return [Place(id, f"{label}（第 {n} 个接收方）", address, n - 1) for n, id in enumerate(ids, 1)]


def _id(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _label(scheme: str, service: Any) -> str:
    name = _NAMES.get(scheme) or str(service.service_name)
    host = service.smtp_host if scheme in MAIL else service.host if scheme in _HOSTED else ""
    if getattr(service, "mode", "") == "cloud" and scheme in ("ntfy", "ntfys"):
        host = "ntfy.sh"  # a topic stands in the host's place
    return f"{name} · {host}" if host else name
