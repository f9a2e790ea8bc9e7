"""Addresses of places, what is cut to fit them, receipts."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.delivery import Letter
from core.errors import Misconfigured
from tests.house.tree import ROOT, text
from tools.delivery import places, receipts
from tools.delivery.addresses import built, scheme_of
from tools.delivery.fitting import REST, fitted, shortened

SECRET = "S3cretPw"
PLACES = {
    f"mailtos://me:{SECRET}@163.com": "邮件 · smtp.163.com",
    f"feishu://{SECRET}": "飞书",
    f"wecombot://{SECRET}": "企业微信",
    f"dingtalk://{SECRET}@token": "钉钉",
    f"tgram://123456789:{SECRET}/42": "Telegram",
    f"ntfys://{SECRET}": "ntfy · ntfy.sh",
    f"ntfys://u:{SECRET}@push.example.com/daily": "ntfy · push.example.com",
    f"jsons://u:{SECRET}@hook.example.com/x": "网址 · hook.example.com",
}


def documented() -> list[str]:
    """Every address that docs/delivery.md shows."""
    return re.findall(r"`([a-z]+://[^`]+)`", text("docs/delivery.md"))


def test_labels_hide_what_is_secret() -> None:
    found = places("\n".join(PLACES))
    assert [place.label for place in found] == list(PLACES.values())
    assert SECRET not in repr(found) and all(re.fullmatch("[0-9a-f]{12}", place.id) for place in found)
    assert len({place.id for place in found}) == len(PLACES)


def test_every_address_of_the_docs_is_one_that_apprise_knows_too() -> None:
    from apprise import Apprise

    found = documented()
    assert {scheme_of(a) for a in found} >= {
        "mailtos", "feishu", "wecombot", "dingtalk", "tgram", "ntfys", "jsons", "schan", "pushplus",
    }  # fmt: skip
    for address in found:
        ours, theirs = built(address), Apprise.instantiate(address)
        assert places(address) and ours is not None and theirs is not None, address
        assert type(ours) is type(theirs) and ours.url_identifier == theirs.url_identifier, address


@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        (f"nonsense://u:{SECRET}@h", "（nonsense://…）"),
        (f"u:{SECRET}@smtp.163.com", "不完整"),
        (f"mailtos://me:{SECRET}@163.com?to=nobody", "（mailtos://…）"),
        (f"mailtos://me:{SECRET}@163.com?to=a@b.com,x@y", "（mailtos://…）"),  # Apprise would leave one out
        (f"wecombot://{SECRET}%20x", "（wecombot://…）"),
    ],
)
def test_a_wrong_address_is_named_by_its_number_and_never_shown(
    wrong: str, shown: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Misconfigured) as raised:
        places(f"ntfys://fine\n  {wrong}")
    assert raised.value.setting == "ZHENGDU_DELIVER" and "第 2 个" in raised.value.message
    assert shown in raised.value.message
    out = capfd.readouterr()
    assert SECRET not in f"{raised.value!r} {out.out} {out.err} {caplog.text} {raised.value.__context__!r}"


def test_recipients_are_places_of_their_own_and_stay_who_they_are() -> None:
    first = "mailtos://me:old@163.com?to=a@x.com,b@x.com&cc=c@x.com&bcc=a@x.com"
    found = places(first)
    assert [place.label[-8:] for place in found] == [
        "（第 1 个接收方）"[-8:],
        "（第 2 个接收方）"[-8:],
        "（第 3 个接收方）"[-8:],
    ]
    for place, who in zip(found, "abc", strict=True):
        service: Any = built(place.address, place.target)
        assert [a for _, a in service.targets] == [f"{who}@x.com"]
        assert not service.cc and not service.bcc and len(service) == 1
    later = places("mailtos://me:new@163.com?to=b@x.com,d@x.com&format=text")
    assert later[0].id == found[1].id and later[1].id not in {place.id for place in found}
    chats = places("tgram://123456789:abc/1/2")
    assert len(chats) == 2 and places("tgram://123456789:abc/1")[0].id in {place.id for place in chats}
    assert len(places("dingtalk://token/13800000000/13900000000")) == 1  # people whom one message mentions


def test_an_address_given_twice_is_one_place() -> None:
    assert len(places("ntfys://topic \n ntfys://topic")) == 1 and places(" \n ") == ()


def test_nothing_is_retried_split_or_redirected() -> None:
    service = built("jsons://h.example.com/x?retry=5&overflow=split&rto=1&cto=999")
    assert service is not None
    assert (service.retry, service.overflow_mode.value, service.redirects) == (0, "upstream", False)
    assert service.request_timeout == (15.0, 60.0)


# what goes into a message

LONG = Letter(
    title="证读", html="<p>" + "字" * 40_000 + "</p>", markdown="\n\n".join(["**头**", *["- 项目一二三四五" * 4] * 60]),
    text="\n\n".join(["头", *["项目一二三四五" * 4] * 60]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("address", "form", "most"),
    [
        ("mailtos://me:x@163.com", "html", 200_000),
        ("mailtos://me:x@163.com?format=text", "text", 200_000),
        ("wecombot://key", "text", 2048),
        ("feishu://key", "text", 19_985),
        ("dingtalk://key", "markdown", 19_985),
        ("tgram://123456789:abc/1", "markdown", 4096),
        ("ntfys://topic", "text", 7800),
        ("jsons://h.example.com", "markdown", 32_768),
        ("discord://1234567890/abcdefghijkl", "markdown", 2000),
        ("pushplus://0123456789abcdef0123456789abcdef", "text", 20_000),  # the HTML is too long
    ],
)
def test_every_service_gets_what_it_can_show_and_no_more(address: str, form: str, most: int) -> None:
    service = built(address)
    body, kind = fitted(LONG, scheme_of(address), service)
    assert kind.value == form
    size = len(body.encode()) if address.startswith("wecombot") else len(body)
    assert size <= most
    whole = {"html": LONG.html, "markdown": LONG.markdown, "text": LONG.text}[form]
    assert body == whole or (body.endswith(REST) and whole.startswith(body.removesuffix(REST).rstrip("\n")))


@given(st.lists(st.text(alphabet="字a\n", max_size=40)), st.integers(60, 300))
def test_what_is_shortened_fits_in_whole_paragraphs(parts: list[str], room: int) -> None:
    body = "\n\n".join(parts)
    short = shortened(body, room, "wecombot")
    assert len(short.encode()) <= room
    kept = short.removesuffix(REST).removesuffix("\n\n")
    assert short == body or body == kept or kept == "" or body.startswith(kept + "\n\n")


# receipts


def test_a_receipt_comes_back_and_a_broken_one_is_in_doubt(tmp_path: Path) -> None:
    path = receipts.path_of(tmp_path, "2026-11-20-hf", "0123456789ab")
    assert receipts.read(path).state == "ready"
    said = receipts.Receipt(state="sent", attempt=1, at=receipts.now(), courier=7, place="ntfy")
    receipts.write(path, said)
    assert receipts.read(path) == said and [p.name for p in path.parent.iterdir()] == [path.name]
    path.write_text('{"state":')
    assert receipts.read(path).state == "doubt"


@pytest.mark.parametrize("issue", ["", "..", "a/b", "-x", "2026-11-20-hf\n"])
def test_only_names_of_issues_and_places_are_paths(issue: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not an issue"):
        receipts.path_of(tmp_path, issue, "0123456789ab")
    with pytest.raises(ValueError, match="not an issue"):
        receipts.path_of(tmp_path, "2026-11-20-hf", "../../x")


def test_nobody_loads_apprise_before_something_is_sent() -> None:
    code = "import sys, tools.delivery; print([m for m in ('apprise', 'requests', 'filelock') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
