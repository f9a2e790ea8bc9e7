"""Asks for a password and says what to put into the settings; keeps neither."""

import getpass
import sys

from core.errors import Misconfigured
from core.passwords import hash_password


def ask() -> int:
    """The line on standard output, everything else on standard error; returns the exit code."""
    try:
        line = _line()
    except Misconfigured as error:
        sys.stderr.write(f"出错了：{error.message}\n怎么办：{error.hint}\n")
        return 2
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("\n已取消。\n")
        return 130
    sys.stderr.write("把下面这一行放进环境变量（引号一起），用户名用 ZHENGDU_UI_USER 设：\n")
    sys.stdout.write(line + "\n")
    return 0


def _line() -> str:
    """In single quotes, because shells take a dollar sign for a variable everywhere else. Raises Misconfigured."""
    if sys.stdin.isatty():
        password, again = getpass.getpass("密码："), getpass.getpass("再输入一遍：")
    else:
        password = again = sys.stdin.readline().rstrip("\r\n")
    if password != again:
        raise Misconfigured("两次输入的不一样", "再来一次", setting="ZHENGDU_UI_PASSWORD_HASH")
    return f"ZHENGDU_UI_PASSWORD_HASH='{hash_password(password)}'"
