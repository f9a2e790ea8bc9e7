"""One type per reaction.

    ZhengduError
    ├── Retry           the same call may work later: wait `after` seconds
    ├── Skip            this paper cannot go on; the day does
    └── Stop            this run cannot go on; what is done stays done
        ├── OverBudget      … because the next model call might cost more than is left
        └── Misconfigured   … because of a setting, which it names

Each carries a Chinese message (what is wrong) and a Chinese hint (what to do). Library errors are
translated into these once, at the door of the library. All survive pickling, because parsing runs in
a child process.
"""


class ZhengduError(Exception):
    """Base: a message and a hint for people, both in Chinese."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}（{self.hint}）" if self.hint else self.message


class Retry(ZhengduError):
    """Worth trying again after `after` seconds (None: the caller's own pace)."""

    def __init__(self, message: str, hint: str = "", after: float | None = None) -> None:
        super().__init__(message, hint)
        self.args = (message, hint, after)
        self.after = after


class Skip(ZhengduError):
    """This paper ends here with a reason; the others go on. `code` names the reason for machines."""

    def __init__(self, message: str, hint: str = "", code: str = "skipped") -> None:
        super().__init__(message, hint)
        self.args = (message, hint, code)
        self.code = code


class Stop(ZhengduError):
    """The run ends here; finished work is kept."""


class OverBudget(Stop):
    """A budget does not allow the next model call; nothing was sent. A report ends with what it has."""


class Misconfigured(Stop):
    """A setting is wrong or missing; `setting` is its environment name."""

    def __init__(self, message: str, hint: str = "", setting: str = "") -> None:
        super().__init__(message, hint)
        self.args = (message, hint, setting)
        self.setting = setting
