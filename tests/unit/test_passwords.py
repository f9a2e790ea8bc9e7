"""Passwords: what is kept gives nothing away, and what is no hash is said to be none."""

import getpass
import io
import sys
import time

import pytest

from core.errors import Misconfigured
from core.passwords import hash_password, matches
from ui import password


def test_a_password_matches_its_own_hash_only() -> None:
    kept = hash_password("密码 with spaces")
    kind, n, r, p, salt, made = kept.split("$")
    assert (kind, int(n), int(r), int(p), len(salt), len(made)) == ("scrypt", 2**14, 8, 5, 32, 64)
    assert matches("密码 with spaces", kept)
    assert not any(matches(other, kept) for other in ("密码 with space", "", "密码 with spaces ", kept))
    assert hash_password("密码 with spaces") != kept


def test_a_hash_made_elsewhere_counts() -> None:
    """The second vector of RFC 7914, section 12: password "password", salt "NaCl", which has 8 hex digits only, so the
    one here was made with a salt twice as long."""
    import hashlib

    made = hashlib.scrypt(b"password", salt=b"NaClNaCl", n=1024, r=8, p=16, dklen=64).hex()
    assert matches("password", f"scrypt$1024$8$16${b'NaClNaCl'.hex()}${made}")


@pytest.mark.parametrize(
    "kept",
    [
        "", "password", "$2b$12$abc", "scrypt$16384$8$5$00$00", "scrypt$16384$8$5$zz$zz",
        f"scrypt$3$8$5${'0' * 32}${'0' * 64}", f"scrypt$16384$0$5${'0' * 32}${'0' * 64}",
        f"scrypt$16384$8$5${'0' * 31}${'0' * 64}", f"scrypt$67108864$8$5${'0' * 32}${'0' * 64}",
        f"scrypt$16384$8$5${'0' * 32}${'0' * 64}\n", f"6384${'0' * 32}${'0' * 64}",
    ],
)  # fmt: skip
def test_what_is_no_hash_is_said_to_be_none(kept: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Misconfigured, match="不是密码的哈希"):
        matches("password", kept)
    assert time.monotonic() - begun < 2


def test_a_password_is_asked_for_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse\n"))
    assert password.ask() == 0
    out, err = capsys.readouterr()
    name, _, kept = out.strip().partition("=")
    assert name == "ZHENGDU_UI_PASSWORD_HASH"
    assert kept[0] == kept[-1] == "'" and matches("correct horse", kept.strip("'"))
    assert "horse" not in out + err


@pytest.mark.parametrize("said", [("correct horse", "correct hors"), ("short", "short")])
def test_a_password_mistyped_or_short_is_refused(
    said: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(said)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda _: next(answers))
    assert password.ask() == 2
    out, err = capsys.readouterr()
    assert out == "" and "出错了" in err and said[0] not in err
