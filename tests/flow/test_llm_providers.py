"""Which model plays which role, from settings and from what answers on this machine."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from pytest_httpserver import HTTPServer

from core.errors import Misconfigured
from core.ports import Role
from core.settings import RoleSettings, Settings
from tools.llm import embedded, providers
from tools.llm.cache import CallCache
from tools.llm.meter import CallMeter
from tools.llm.openai_compatible import OpenAICompatible

NOWHERE = "http://127.0.0.1:9"
KEY = SecretStr("sk-very-secret-123456")


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("API_KEY", "BASE_URL", "MODEL"):
        monkeypatch.delenv(f"OPENAI_{name}", raising=False)
        monkeypatch.delenv(f"ZHENGDU_{name}", raising=False)
    monkeypatch.setenv("ZHENGDU_HOME", str(tmp_path))
    monkeypatch.setattr(embedded, "installed", lambda: False)
    monkeypatch.setattr(embedded, "runtime_installed", lambda: True)


def choose(**settings: Any) -> dict[Role, OpenAICompatible]:
    read = Settings(**{"ollama": NOWHERE, **settings})
    return providers.choose_models(read, calls=CallCache(read.home / "calls.sqlite"), meter=CallMeter())


def ollama(http: HTTPServer, *models: dict[str, Any]) -> str:
    http.expect_request("/api/tags").respond_with_json({"models": list(models)})
    for model in models:
        answer = {"capabilities": model.pop("can", ["completion"])}
        http.expect_request("/api/show", json={"model": model["name"]}).respond_with_json(answer)
    return http.url_for("")


def model(name: str, gigabytes: float, parameters: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "size": int(gigabytes * 1e9), "details": {"parameter_size": parameters}, **more}


def test_nothing_set_and_nothing_there_means_no_model() -> None:
    assert choose() == {}
    assert choose(model="none", api_key=KEY) == {}


def test_a_second_judge_is_there_only_where_one_is_named() -> None:
    common = {"api_key": KEY, "base_url": "https://api.deepseek.com"}
    assert Role.REFEREE not in choose(**common)
    named = choose(**common, referee=RoleSettings(model="deepseek-reasoner"))
    assert named[Role.REFEREE].card.name == "deepseek-reasoner"
    assert named[Role.JUDGE] is not named[Role.REFEREE]


def test_ollama_gives_its_largest_chat_model(httpserver: HTTPServer) -> None:
    url = ollama(
        httpserver,
        model("small:1b", 1, "1.2B"),
        model("large:8b", 5, "8.0B"),
        model("vectors", 9, "9B", can=["embedding"]),
        model("away:cloud", 0.1, "480B", remote_host="https://ollama.com"),
    )
    models = choose(ollama=url)
    assert set(models) == set(Role) - {Role.REFEREE} and len({id(m) for m in models.values()}) == 1
    card = models[Role.WRITE].card
    assert (card.name, card.provider, card.small, card.local, card.context_tokens) == (
        "large:8b",
        "ollama",
        False,
        True,
        4096,
    )


def test_ollama_models_by_name_and_size(httpserver: HTTPServer) -> None:
    url = ollama(httpserver, model("tiny:latest", 1, "494.03M"), model("large:8b", 5, "8.0B"))
    card = choose(ollama=url, model="tiny", context_tokens=16_384)[Role.READ].card
    assert (card.name, card.small, card.context_tokens) == ("tiny:latest", True, 16_384)
    assert not choose(ollama=url, model="tiny", tier="strong")[Role.READ].card.small
    with pytest.raises(Misconfigured) as error:
        choose(ollama=url, model="absent")
    assert error.value.setting == "ZHENGDU_MODEL" and "absent" in error.value.hint


@pytest.mark.parametrize(
    ("base", "name"),
    [
        (None, "gpt-4o-mini"),
        ("https://api.deepseek.com/v1/", "deepseek-chat"),
        ("https://dashscope.aliyuncs.com/compatible-mode/v1", "qwen-plus"),
    ],
)
def test_a_key_alone_gets_the_services_usual_model(base: str | None, name: str) -> None:
    card = choose(api_key=KEY, base_url=base)[Role.JUDGE].card
    assert (card.name, card.provider, card.small, card.local) == (name, "openai", False, False)


def test_a_local_server_needs_no_key_and_no_name(httpserver: HTTPServer) -> None:
    served = {"data": [{"id": "Qwen2.5-1.5B-Instruct-Q4"}]}
    httpserver.expect_request("/v1/models").respond_with_json(served)
    card = choose(base_url=httpserver.url_for("/v1"))[Role.READ].card
    assert (card.name, card.small, card.local) == ("Qwen2.5-1.5B-Instruct-Q4", True, True)


def test_a_service_with_many_models_or_none_wants_a_name(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/many/models").respond_with_json({"data": [{"id": "a"}, {"id": "b"}]})
    httpserver.expect_request("/locked/models").respond_with_json({}, status=401)
    for path, setting in (("/many", "ZHENGDU_MODEL"), ("/absent", "ZHENGDU_MODEL"), ("/locked", "ZHENGDU_API_KEY")):
        with pytest.raises(Misconfigured) as error:
            choose(base_url=httpserver.url_for(path), api_key=KEY)
        assert error.value.setting == setting and KEY.get_secret_value() not in str(error.value)
    for base in (f"{NOWHERE}/v1", "no url"):
        with pytest.raises(Misconfigured) as error:
            choose(base_url=base)
        assert error.value.setting == "ZHENGDU_BASE_URL"


def test_roles_can_differ_and_keys_stay_with_their_host(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/chat/completions").respond_with_json({})
    judge = RoleSettings(model="judge-14b", base_url=httpserver.url_for("/v1"))
    models = choose(api_key=KEY, judge=judge, answer=RoleSettings(model="none"))
    assert {role: m.card.name for role, m in models.items()} == {
        Role.READ: "gpt-4o-mini",
        Role.WRITE: "gpt-4o-mini",
        Role.JUDGE: "judge-14b",
    }
    assert models[Role.READ] is models[Role.WRITE]
    assert models[Role.JUDGE]._api_key is None and models[Role.READ]._api_key == KEY


def test_the_embedded_model_is_the_last_resort_and_can_be_asked_for(
    monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer
) -> None:
    with pytest.raises(Misconfigured):
        choose(model="embedded")
    monkeypatch.setattr(embedded, "installed", lambda: True)
    card = choose()[Role.WRITE].card
    assert (card.provider, card.small, card.local, card.context_tokens) == ("embedded", True, True, 4096)
    assert choose(api_key=KEY)[Role.WRITE].card.provider == "openai"
    assert choose(api_key=KEY, model="embedded")[Role.WRITE].card.provider == "embedded"
    assert choose(ollama=ollama(httpserver, model("m", 5, "8B")))[Role.WRITE].card.provider == "ollama"


def test_a_file_of_ones_own_beats_a_bare_key(tmp_path: Path) -> None:
    (tmp_path / "Mine-3B.gguf").write_bytes(b"GGUF....")
    card = choose(gguf=tmp_path / "Mine-3B.gguf", api_key=KEY)[Role.WRITE].card
    assert (card.name, card.provider) == ("Mine-3B", "embedded")
    assert choose(gguf=tmp_path / "Mine-3B.gguf", api_key=KEY, model="m")[Role.WRITE].card.provider == "openai"
    with pytest.raises(Misconfigured) as error:
        choose(gguf=tmp_path / "absent.gguf")
    assert error.value.setting == "ZHENGDU_GGUF"


def test_a_budget_needs_prices() -> None:
    with pytest.raises(Misconfigured) as error:
        choose(api_key=KEY, budget=1.0)
    assert error.value.setting == "ZHENGDU_PRICE_IN"
    assert choose(api_key=KEY, budget=1.0, price_in=1.0)
    assert choose(base_url="http://127.0.0.1:8000/v1", model="m", budget=1.0)


def test_describe_says_what_is_and_never_fails() -> None:
    lines = providers.describe(
        Settings(ollama=NOWHERE, base_url="no url", api_key=KEY, judge=RoleSettings(model="none"))
    )
    assert [line.role for line in lines] == list(Role)
    by_role = {line.role: line for line in lines}
    assert not by_role[Role.WRITE].ok and "ZHENGDU_BASE_URL" in by_role[Role.WRITE].note
    assert by_role[Role.JUDGE].ok and by_role[Role.JUDGE].card is None
    good = providers.describe(Settings(ollama=NOWHERE, api_key=KEY))
    assert good[0].ok and good[0].where == "https://api.openai.com/v1"
    assert KEY.get_secret_value() not in json.dumps([repr(line) for line in (*lines, *good)])
