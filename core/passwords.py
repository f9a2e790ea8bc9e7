"""Passwords as they may be kept: scrypt hashes, never the words themselves."""

import hashlib
import hmac
import re
import secrets

from core.errors import Misconfigured

LEAST = 8
"""Characters a password must have."""
_N, _R, _P = 2**14, 8, 5
"""16 MB and about 0.2 s a try; the third of OWASP's recommended settings for scrypt (Password Storage Cheat Sheet)."""
_SALT, _LENGTH = 16, 32
"""Bytes."""
_MEMORY = 256 * 2**20
"""Bytes a hash from elsewhere may ask for."""
_KEPT = re.compile(r"scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([0-9a-f]{16,128})\$([0-9a-f]{32,128})")


def hash_password(password: str) -> str:
    """`scrypt$n$r$p$salt$hash`, salt and hash in hex. Raises Misconfigured for a password that is too short."""
    if len(password) < LEAST:
        raise Misconfigured(f"密码太短，至少 {LEAST} 个字符", "换一个长一点的", setting="ZHENGDU_UI_PASSWORD_HASH")
    salt = secrets.token_bytes(_SALT)
    return f"scrypt${_N}${_R}${_P}${salt.hex()}${_scrypt(password, salt, (_N, _R, _P), _LENGTH).hex()}"


def matches(password: str, kept: str) -> bool:
    """Is `kept` the hash of this password? Takes as long for any other. Raises Misconfigured where it is no hash."""
    found = _KEPT.fullmatch(kept)
    if found is not None:
        n, r, p = (int(number) for number in found.groups()[:3])
        try:
            salt, expected = bytes.fromhex(found[4]), bytes.fromhex(found[5])
            return hmac.compare_digest(_scrypt(password, salt, (n, r, p), len(expected)), expected)
        except ValueError:  # an odd number of digits, or costs that scrypt refuses
            pass
    raise Misconfigured(
        "ZHENGDU_UI_PASSWORD_HASH 不是密码的哈希", "运行 app.py password 得到它，整行照抄，两边的单引号不能少",
        setting="ZHENGDU_UI_PASSWORD_HASH",
    )  # fmt: skip


def check(kept: str) -> None:
    """Raises Misconfigured where `kept` is no hash that `matches` could use."""
    matches("", kept)


def _scrypt(password: str, salt: bytes, cost: tuple[int, int, int], length: int) -> bytes:
    n, r, p = cost
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=length)
