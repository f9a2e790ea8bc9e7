"""Settings: who beats whom, what a role falls back to, and errors that name the setting and never its value."""

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from core import passwords
from core.errors import Misconfigured
from core.ports import Role
from core.settings import load


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own and an environment without any of our names."""
    for name in os.environ:
        if name.startswith(("ZHENGDU_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ZHENGDU_HOME", str(tmp_path))
    return tmp_path


def configure(home: Path, text: str) -> None:
    (home / "config.toml").write_text(text, encoding="utf-8")


def test_explicit_beats_environment_beats_file_beats_default(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (load().concurrency, load().model) == (4, None)
    configure(home, 'concurrency = 5\nmodel = "from-file"')
    assert (load().concurrency, load().model) == (5, "from-file")
    monkeypatch.setenv("ZHENGDU_CONCURRENCY", "6")
    monkeypatch.setenv("OPENAI_MODEL", "from-openai")
    assert (load().concurrency, load().model) == (6, "from-openai")
    monkeypatch.setenv("ZHENGDU_MODEL", "from-environment")
    assert load().model == "from-environment"
    assert (load(concurrency=7).concurrency, load(model="none").model) == (7, "none")


@pytest.mark.parametrize("name", ["ZHENGDU_MODEL", "OPENAI_MODEL"])
def test_no_model_is_no_model_whatever_the_environment_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "gpt")
    assert load(model="none").model == "none"


def test_openai_names_are_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://x.test/v1")
    assert load().api_key == SecretStr("k")
    assert load().base_url == "http://x.test/v1"


def test_a_role_falls_back_to_the_common_setting(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(home, '[judge]\nbase_url = "http://judge.test"')
    monkeypatch.setenv("ZHENGDU_MODEL", "common")
    monkeypatch.setenv("ZHENGDU_API_KEY", "common-key")
    monkeypatch.setenv("ZHENGDU_JUDGE_MODEL", "strict")
    monkeypatch.setenv("ZHENGDU_JUDGE_API_KEY", "judge-key")
    judge, writer = load().for_role(Role.JUDGE), load().for_role(Role.WRITE)
    assert (judge.model, judge.base_url, judge.api_key) == ("strict", "http://judge.test", SecretStr("judge-key"))
    assert (writer.model, writer.base_url, writer.api_key) == ("common", None, SecretStr("common-key"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZHENGDU_CONCURRENCY", "se-cret"),
        ("ZHENGDU_BUDGET", "-7.125"),
        ("ZHENGDU_TIER", "se-cret"),
        ("ZHENGDU_JUDGE_MODLE", "se-cret"),
        ("ZHENGDU_JUDGE", "se-cret"),
        ("ZHENGDU_JUDGE", '{"api_key": 7125}'),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured) as caught:
        load()
    assert caught.value.setting.startswith(name)
    assert caught.value.setting in str(caught.value)
    assert not any(secret in repr(caught.value) for secret in ("se-cret", "7.125", "7125"))
    assert caught.value.__suppress_context__  # no traceback shows the value either


@pytest.mark.parametrize("content", [b"model = ", b'model = "\xff"', b"[judge\n"])
def test_a_broken_file_is_misconfigured(content: bytes, home: Path) -> None:
    (home / "config.toml").write_bytes(content)
    with pytest.raises(Misconfigured, match=r"config\.toml"):
        load()


def test_a_wrong_value_in_the_file_is_named_as_well(home: Path) -> None:
    configure(home, '[judge]\nmodel = ["se-cret"]')
    with pytest.raises(Misconfigured) as caught:
        load()
    assert caught.value.setting == "ZHENGDU_JUDGE_MODEL"
    assert "se-cret" not in repr(caught.value)


@pytest.mark.parametrize("name", ["HOME", "CACHE", "MODEL", "BUDGET", "JUDGE_MODEL", "CONCURRENCY"])
def test_an_empty_variable_is_no_setting(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"ZHENGDU_{name}", "")
    settings = load()
    assert settings.home != Path()
    assert (settings.cache, settings.model, settings.budget, settings.concurrency) == (None, None, None, 4)
    assert settings.for_role(Role.JUDGE).model is None


def test_the_file_of_an_explicit_home_counts(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    configure(tmp_path, "concurrency = 5")
    configure(other, "concurrency = 9")
    assert load(home=other).concurrency == 9


def test_keys_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGDU_API_KEY", "plain-old-secret")
    monkeypatch.setenv("ZHENGDU_JUDGE_API_KEY", "plain-old-secret")
    settings = load()
    assert "plain-old-secret" not in repr(settings) + str(settings) + settings.model_dump_json()


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().model = "other"


def test_a_mirror_stands_in_for_every_service() -> None:
    settings = load(mirror="http://127.0.0.1:9/")
    assert settings.service("arxiv_pdf") == "http://127.0.0.1:9/pdf"
    assert settings.service("hf_daily") == "http://127.0.0.1:9/api/daily_papers"
    assert load().service("arxiv_api") == "https://export.arxiv.org/api/query"


def test_the_cache_lives_in_a_home_of_ones_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().cache_dir == home / "cache"
    assert load(cache=home / "c").cache_dir == home / "c"
    monkeypatch.delenv("ZHENGDU_HOME")
    assert home not in load().cache_dir.parents


# who may come in to the web pages


KEPT = passwords.hash_password("correct horse")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.5"])
def test_this_machine_needs_no_password(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGDU_UI_HOST", host)
    assert load().sign_in is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "papers.example", "localhost.example", ""])  # noqa: S104
def test_any_other_address_needs_one(host: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        _ = load(ui_host=host).sign_in
    assert caught.value.setting == "ZHENGDU_UI_HOST"
    assert "app.py password" in (caught.value.hint or "")
    settings = load(ui_host=host, ui_user="li", ui_password_hash=KEPT)
    assert settings.sign_in == ("li", SecretStr(KEPT))
    assert settings.ui_password_matches("correct horse") and not settings.ui_password_matches("wrong horse")


def test_half_a_lock_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load().ui_password_matches("")
    monkeypatch.setenv("ZHENGDU_UI_USER", "li")
    with pytest.raises(Misconfigured) as caught:
        _ = load().sign_in
    assert caught.value.setting == "ZHENGDU_UI_PASSWORD_HASH"
    monkeypatch.setenv("ZHENGDU_UI_PASSWORD_HASH", "correct horse")
    with pytest.raises(Misconfigured, match="不是密码的哈希") as caught:
        _ = load().sign_in
    assert "correct horse" not in str(caught.value)
    monkeypatch.delenv("ZHENGDU_UI_USER")
    with pytest.raises(Misconfigured) as caught:
        _ = load().sign_in
    assert caught.value.setting == "ZHENGDU_UI_USER"
    assert "correct horse" not in repr(load())


def test_the_web_pages_have_their_own_names(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(home, f"ui_port = 9000\nui_language = 'en'\nui_password_hash = '{KEPT}'")
    monkeypatch.setenv("ZHENGDU_UI_USER", "li")
    settings = load()
    assert (settings.ui_host, settings.ui_port, settings.ui_language) == ("127.0.0.1", 9000, "en")
    assert settings.sign_in == ("li", SecretStr(KEPT))
    with pytest.raises(Misconfigured, match="ZHENGDU_UI_PORT"):
        load(ui_port=70_000)


@pytest.mark.parametrize(
    ("given", "kept"), [("pdf", ("pdf",)), (" pdf, docx ,", ("pdf", "docx")), (("json",), ("json",))]
)
def test_formats_are_names_between_commas(given: object, kept: tuple[str, ...]) -> None:
    assert load(formats=given).formats == kept


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", ""])
def test_a_zone_that_is_none_is_named(zone: str) -> None:
    with pytest.raises(Misconfigured) as told:
        load(watch_zone=zone)
    assert told.value.setting == "ZHENGDU_WATCH_ZONE"
