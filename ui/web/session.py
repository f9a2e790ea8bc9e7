"""Who is asking: the signed-in user, or else a random name that the browser keeps."""

import re
import secrets

import gradio as gr

_NAME = re.compile(r"[0-9a-f]{32}")
STORAGE = "zhengdu-owner"
"""Where the browser keeps it."""


def new_name() -> str:
    """128 random bits."""
    return secrets.token_hex(16)


def browser_name(kept: object) -> str:
    """The name a browser keeps; a new one where it keeps none, or something we never gave it."""
    return kept if isinstance(kept, str) and _NAME.fullmatch(kept) else new_name()


def owner(kept: object, request: gr.Request | None) -> str:
    """Whose conversations these are. Signed-in names begin with `user:`, so that no browser's name is one of them.
    Empty for a browser without a name: nobody's."""
    if request is not None and request.username:
        return f"user:{request.username}"
    return kept if isinstance(kept, str) and _NAME.fullmatch(kept) else ""
