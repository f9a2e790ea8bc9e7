"""One courier and one letter, in this process: what is written down for each way a server can behave."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.delivery_sinks import LETTER, PASSWORD, Mails, Posts, html_of, mails, posts
from tools.delivery import places, receipts
from tools.delivery.courier import run
from tools.delivery.errand import Errand
from tools.delivery.receipts import Receipt

ISSUE = "2026-11-20-hf"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def mail() -> Iterator[Mails]:
    with mails() as sink:
        yield sink


@pytest.fixture
def post() -> Iterator[Posts]:
    with posts() as sink:
        yield sink


def carried(address: str, outbox: Path, attempt: int = 0) -> Receipt:
    """What a courier writes down."""
    (place,) = places(address)
    path = receipts.path_of(outbox, ISSUE, place.id)
    run(
        Errand(
            receipt=path, attempt=attempt, place=place.label, address=place.address, target=place.target, letter=LETTER,
            patience=5,
        )
    )  # fmt: skip
    return receipts.read(path)


def test_a_mail_arrives_as_html_with_its_words(mail: Mails, tmp_path: Path) -> None:
    found = carried(mail.address, tmp_path)
    assert (found.state, found.attempt, found.courier, found.note) == ("sent", 1, os.getpid(), "")
    assert found.at is not None and found.place == "邮件 · 127.0.0.1"
    (one,) = mail.taken
    assert one["Subject"] == LETTER.title and one["To"] == "reader@example.com"
    assert html_of(one).strip() == LETTER.html and "网页 & 信" in one.get_body(("plain",)).get_content()
    assert "Apprise" not in one.as_string()


def test_a_courier_that_comes_too_late_does_nothing(post: Posts, tmp_path: Path) -> None:
    first = carried(post.address, tmp_path)
    assert carried(post.address, tmp_path) == first and len(post.taken) == 1  # both were told: none was begun
    assert carried(post.address, tmp_path, attempt=1).attempt == 2 and len(post.taken) == 2


@pytest.mark.parametrize("says", ["451 later", "550 who", "554 spam", "421 bye"])
def test_mail_that_is_refused_may_be_sent_again(says: str, mail: Mails, tmp_path: Path) -> None:
    mail.says = f"{says} {PASSWORD}"
    found = carried(mail.address, tmp_path)
    assert found.state == "failed" and f"SMTP {says[:3]}" in found.note and "下次运行会再试" in found.note
    assert PASSWORD not in found.model_dump_json()
    mail.says = None
    assert carried(mail.address, tmp_path, attempt=1).state == "sent"


@pytest.mark.parametrize(("says", "why"), [(500, "出了错"), (401, "口令"), (404, "地址不对"), (302, "搬了家")])
def test_a_post_that_is_refused_may_be_sent_again(says: int, why: str, post: Posts, tmp_path: Path) -> None:
    post.says = says
    found = carried(post.address, tmp_path)
    assert found.state == "failed" and why in found.note and str(says) in found.note
    post.says = None
    assert carried(post.address, tmp_path, attempt=1).state == "sent" and len(post.taken) == 2


def test_who_hangs_up_after_the_letter_leaves_doubt(mail: Mails, post: Posts, tmp_path: Path) -> None:
    for sink in (mail, post):
        sink.says = "hang up"
        found = carried(sink.address, tmp_path)
        assert found.state == "doubt" and "没有回话" in found.note and len(sink.taken) == 1


def test_nobody_there_is_no_doubt(tmp_path: Path) -> None:
    for address in ("json://127.0.0.1:9/x", "mailto://a:b@127.0.0.1:9?from=a@b.com&to=c@d.com"):
        found = carried(address, tmp_path)
        assert found.state == "failed" and "没有连上" in found.note


@pytest.mark.parametrize(
    ("scheme", "kind", "body", "why"),
    [
        ("dingtalk", "dingtalk.NotifyDingTalk", b'{"errcode":310000,"errmsg":"keywords not in content"}', "关键词"),
        ("wecombot", "wecombot.NotifyWeComBot", b'{"errcode":93000}', "key 不对"),
        ("feishu", "feishu.NotifyFeishu", b'{"code":19024,"msg":"Key Words Not Found"}', "关键词"),
        ("feishu", "feishu.NotifyFeishu", b'{"code":4711}', "机器人拒收"),
    ],
)
def test_a_robot_that_refuses_politely_has_refused(
    scheme: str, kind: str, body: bytes, why: str, post: Posts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name = kind.split(".")
    url = post.url + "/{token}{key}"
    monkeypatch.setattr(f"apprise.plugins.{module}.{name}.notify_url", _Url(url))
    post.body = body
    found = carried(f"{scheme}://abc", tmp_path)
    assert found.state == "failed" and why in found.note
    post.body = b'{"errcode":0}' if scheme != "feishu" else b'{"code":0,"msg":"success"}'
    assert carried(f"{scheme}://abc", tmp_path, attempt=1).state == "sent" and len(post.taken) == 2
    assert LETTER.title in str(post.taken[0])


class _Url(str):
    """A service's address whatever it calls its key."""

    def format(self, *_: object, **given: object) -> str:
        return super().format(**{"token": "", "key": "", **given})
