"""The only reader of environment and files.

Explicit arguments beat the environment, which beats `config.toml` in the home folder, which beats defaults.
Every name begins with ZHENGDU_; OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL are honoured as well.
"""

import ipaddress
import os
import re
import tomllib
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import platformdirs
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)  # fmt: skip

from core import passwords
from core.errors import Misconfigured
from core.ports import Role

PREFIX = "ZHENGDU_"


class RoleSettings(BaseModel):
    """Overrides for one role, e.g. ZHENGDU_JUDGE_MODEL; what is not set falls back to the common setting."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str | None = None
    base_url: str | None = None
    api_key: SecretStr | None = None


class Settings(BaseSettings):
    """All settings, with their units. Frozen once read."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,  # an empty path would be the working directory
        env_nested_delimiter="_",
        env_nested_max_split=1,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("zhengdu")))
    """Library, index, PDFs and issues; default: `zhengdu` in the folder the system keeps for the user's data."""
    cache: Path | None = None
    """Joined model files and web answers; default: `cache` in ZHENGDU_HOME if that is set, else the user's cache."""

    mirror: str | None = None
    """Base URL that stands in for arXiv and Hugging Face at once."""
    arxiv_api: str = "https://export.arxiv.org/api/query"
    """Where arXiv answers searches and looks up ids."""
    arxiv_feed: str = "https://rss.arxiv.org/atom"
    """Where arXiv announces a day's papers."""
    arxiv_pdf: str = "https://arxiv.org/pdf"
    """Where PDFs come from."""
    hf_daily: str = "https://huggingface.co/api/daily_papers"
    """Where Hugging Face lists its Daily Papers."""
    arxiv_interval: float = Field(default=3.0, ge=0)
    """Seconds between two requests to arXiv; its terms ask for 3."""
    http_timeout: float = Field(default=30.0, gt=0)
    """Seconds without an answer or without a byte."""
    http_retries: int = Field(default=4, ge=0)
    """Further tries after a busy or broken answer."""
    pdf_max_mb: int = Field(default=60, gt=0)
    """Larger PDFs are not downloaded."""

    api_key: SecretStr | None = Field(default=None, validation_alias=AliasChoices("ZHENGDU_API_KEY", "OPENAI_API_KEY"))
    """Key of the model service; never logged, never stored."""
    base_url: str | None = Field(default=None, validation_alias=AliasChoices("ZHENGDU_BASE_URL", "OPENAI_BASE_URL"))
    """Any OpenAI-compatible service; a key alone means OpenAI's own."""
    model: str | None = Field(default=None, validation_alias=AliasChoices("ZHENGDU_MODEL", "OPENAI_MODEL"))
    """Name of the model, common to all roles; `none` switches models off, `embedded` takes the packaged one."""
    read: RoleSettings = RoleSettings()
    """Who takes notes of a paper."""
    write: RoleSettings = RoleSettings()
    """Who writes the digest."""
    judge: RoleSettings = RoleSettings()
    """Who says whether a quote supports a sentence."""
    answer: RoleSettings = RoleSettings()
    """Who answers questions and puts them into English for the search."""
    referee: RoleSettings = RoleSettings()
    """A second judge beside the first; nobody unless named. Where the two disagree, the sentence says so."""
    ollama: str = "http://127.0.0.1:11434"
    """Where Ollama is looked for when no service is set."""
    gguf: Path | None = None
    """A GGUF file to use instead of the packaged model."""
    tier: Literal["auto", "small", "strong"] = "auto"
    """Whether the writer composes (strong) or renders the paper's own sentences (small)."""
    context_tokens: int = Field(default=32_768, ge=2048)
    """What to assume of a remote model's context."""
    model_timeout: float = Field(default=180.0, gt=0)
    """Seconds for one model call."""
    concurrency: int = Field(default=4, ge=1)
    """Papers under way at once; the embedded model takes one."""
    price_in: float = Field(default=0.0, ge=0)
    """Per million prompt tokens, in the currency you think in."""
    price_out: float = Field(default=0.0, ge=0)
    """Per million completion tokens."""
    budget: float | None = Field(default=None, ge=0)
    """Hard cap on one run's cost; needs the prices."""

    embed_base_url: str | None = None
    """An OpenAI-compatible embeddings endpoint instead of the packaged embedder."""
    embed_model: str | None = None
    """Its model."""
    embed_api_key: SecretStr | None = None
    """Its key; without one the common key, and only where both services are on one host."""

    parse_memory_mb: int = Field(default=1024, ge=256)
    """Address space of a parsing child beyond what the interpreter holds."""
    parse_seconds: int = Field(default=120, ge=1)
    """Wall clock and CPU limit of a parsing child."""
    parse_pages: int = Field(default=400, ge=1)
    """Pages read of one PDF; the rest is reported, not read."""

    revisions: int = Field(default=2, ge=0)
    """How often failed claims go back to the writer."""
    glossary: Path | None = None
    """Your own terms; default: glossary.toml in the home folder over the one that ships with the project."""

    interests: Path | None = None
    """What you care about; default: interests.toml in the home folder. It orders an issue, it hides nothing."""
    formats: Annotated[tuple[str, ...], NoDecode] = ("markdown", "json")
    """Formats an issue is written in when it is made, names separated by commas."""
    site_address: str | None = None
    """Where the static site will be reached (https://…/); feeds and messages link to it."""
    deliver: SecretStr | None = None
    """Where finished issues are sent: Apprise addresses (mailtos://…, feishu://…, ntfy://…), separated by blanks. They
    hold passwords: never logged, never stored."""
    watch_at: time = time(8, 30)
    """When `watch` looks for new issues, in `watch_zone`."""
    watch_zone: str = "Asia/Shanghai"
    """IANA time zone of `watch_at`."""
    watch_back: int = Field(default=7, ge=1, le=60)
    """Missed days that `watch` makes up, counted back from today."""
    voice: str = "zf_xiaobei"
    """Who reads an issue aloud; `edge:` before a name asks Microsoft's service instead of the packaged voice."""

    ui_host: str = "127.0.0.1"
    """Address the web pages are served at; any but this machine's own needs a user and a password."""
    ui_port: int = Field(default=7860, ge=1, le=65_535)
    """Its port."""
    ui_user: str | None = None
    """Who may sign in to the web pages."""
    ui_password_hash: SecretStr | None = None
    """The password as `app.py password` prints it; the password itself is kept nowhere."""
    ui_language: Literal["zh", "en"] = "zh"
    """Language of the web pages; digests and answers are Chinese in either."""

    @field_validator("formats", mode="before")
    @classmethod
    def _listed(cls, given: object) -> object:
        """Names separated by commas, or a list of them."""
        return tuple(part.strip() for part in given.split(",") if part.strip()) if isinstance(given, str) else given

    @field_validator("watch_zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"no such time zone: {zone}") from None
        return zone

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """explicit > environment > config.toml in the home folder."""
        explicit = init_settings().get("home")
        home = explicit or os.environ.get(PREFIX + "HOME") or platformdirs.user_data_dir("zhengdu")
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(home) / "config.toml")

    @property
    def cache_dir(self) -> Path:
        """Where large and re-creatable files go."""
        if self.cache:
            return self.cache
        if os.environ.get(PREFIX + "HOME"):
            return self.home / "cache"
        return Path(platformdirs.user_cache_dir("zhengdu"))

    @property
    def sign_in(self) -> tuple[str, SecretStr] | None:
        """User and hash of the password that let somebody in to the web pages; None where nobody has to sign in.

        Raises Misconfigured where one of the two is missing or no hash, and where both are but others could get in.
        """
        user, kept = self.ui_user, self.ui_password_hash
        if user and kept:
            passwords.check(kept.get_secret_value())
            return user, kept
        if user or kept:
            missing = "ui_password_hash" if user else "ui_user"
            raise Misconfigured(
                "登录要同时设好用户名和密码", "用 app.py password 生成密码的哈希", setting=PREFIX + missing.upper()
            )
        if not _is_loopback(self.ui_host):
            raise Misconfigured(
                f"{self.ui_host} 可能让别的电脑也连得上，必须先设登录",
                "设好 ZHENGDU_UI_USER 和 ZHENGDU_UI_PASSWORD_HASH（app.py password），或改回 127.0.0.1",
                setting="ZHENGDU_UI_HOST",
            )
        return None

    def ui_password_matches(self, password: str) -> bool:
        """Is that the password of the web pages? False where none is set. Takes 0.2 s; raises Misconfigured."""
        kept = self.ui_password_hash
        return kept is not None and passwords.matches(password, kept.get_secret_value())

    def for_role(self, role: Role) -> RoleSettings:
        """The role's own settings filled up with the common ones; a referee that is not named stays `none`."""
        own: RoleSettings = getattr(self, role.value)
        if role is Role.REFEREE and not own.model:
            return RoleSettings(model="none")
        return RoleSettings(
            model=own.model or self.model,
            base_url=own.base_url or self.base_url,
            api_key=own.api_key or self.api_key,
        )

    def service(self, name: Literal["arxiv_api", "arxiv_feed", "arxiv_pdf", "hf_daily"]) -> str:
        """URL of an outside service, the mirror's if one is set."""
        if self.mirror is None:
            url: str = getattr(self, name)
            return url.rstrip("/")
        path = {"arxiv_api": "api/query", "arxiv_feed": "atom", "arxiv_pdf": "pdf", "hf_daily": "api/daily_papers"}[
            name
        ]
        return f"{self.mirror.rstrip('/')}/{path}"


def _is_loopback(host: str) -> bool:
    """Does nobody but this machine reach that address? A name other than localhost might lead anywhere."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def load(**explicit: object) -> Settings:
    """Reads all sources; raises Misconfigured naming the first wrong setting, never its value."""
    try:
        return Settings(**explicit)  # type: ignore[arg-type]  # explicit values are validated like all others
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper().removeprefix(PREFIX)
        raise Misconfigured(f"设置 {name} 不对：{first['msg']}", "检查环境变量或 config.toml", setting=name) from None
    except SettingsError as error:
        named = re.search(r'field "(\w+)"', str(error))
        name = PREFIX + named.group(1).upper() if named else PREFIX + "*"
        raise Misconfigured(f"设置 {name} 不能直接取值", f"要设的是 {name}_MODEL 这样的名字", setting=name) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError):
        raise Misconfigured(
            "数据文件夹里的 config.toml 读不出来", "检查它的语法、编码（UTF-8）和权限", setting="config.toml"
        ) from None
