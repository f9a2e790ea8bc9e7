"""Gradio imported in two thirds of the time. Must be the first to import it."""

import inspect
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["GRADIO_SHARE"] = "False"
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)
# Read when Gradio is imported: it must not tell anybody that it runs, nor sum up all events anew after each of them.


@contextmanager
def _no_stubs() -> Iterator[None]:
    """Whenever it is imported, Gradio parses the source of each of its components to write stub files for editors
    beside them; it leaves out those whose file it cannot find."""
    real = inspect.getfile

    def getfile(object: Any) -> str:
        if isinstance(object, type) and object.__module__.startswith("gradio."):
            raise OSError
        return real(object)

    inspect.getfile = getfile
    try:
        yield
    finally:
        inspect.getfile = real


with _no_stubs():
    import gradio

__all__ = ["gradio"]
