"""The embedded model: a real llama.cpp in a child process, answering through the port. One model load for all tests."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from pydantic import BaseModel

from core.errors import Misconfigured
from core.ports import Message, Prompt
from core.settings import Settings
from tools.llm import embedded, weights
from tools.llm.cache import CallCache
from tools.llm.embedded import Launch, LlamaServer
from tools.llm.meter import CallMeter
from tools.llm.openai_compatible import OpenAICompatible

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.model


def prompt(text: str, room: int, system: str = "你回答简短。") -> Prompt:
    return Prompt(messages=(Message(role="system", text=system), Message(role="user", text=text)), max_tokens=room)


@pytest.fixture(scope="module")
def folder() -> Path:
    """The user's own cache folder: joining a gigabyte once is enough."""
    if not embedded.installed():
        pytest.skip("dependency group `local` is not installed")
    return Settings().cache_dir


@pytest.fixture(scope="module")
def model(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenAICompatible]:
    calls = CallCache(tmp_path_factory.mktemp("llm") / "calls.sqlite")
    yield embedded.make(cache_dir=folder, gguf=None, small=True, calls=calls, meter=CallMeter(), timeout=60)
    for server in embedded._SERVERS.values():
        server.stop()


class Measured(BaseModel):
    metric: str
    value: float


def test_answers_streams_fills_and_chooses(model: OpenAICompatible) -> None:
    async def work(least: int) -> None:
        assert "4" in await model.text(prompt("2+2=?", 8))
        pieces = [piece async for piece in model.stream(prompt("Count from 1 to 5.", 16))]
        assert len(pieces) >= least and "3" in "".join(pieces)
        filled = await model.fill(prompt("We reach an accuracy of 92.1 percent.", 60), Measured)
        assert filled.value == pytest.approx(92.1)
        shares = await model.choose(prompt("一加一等于二吗？只回答 是 或 否。", 4), ["是", "否"])
        assert shares["是"] > shares["否"] > 0 and sum(shares.values()) == pytest.approx(1)

    asyncio.run(work(2))
    asyncio.run(work(1))  # a second event loop, out of the cache: in one piece


def test_the_second_start_does_not_hash_again(folder: Path, model: OpenAICompatible) -> None:
    asyncio.run(model.text(prompt("2+2=?", 8)))
    begun = time.monotonic()
    assert weights.joined(folder / "models").stat().st_size == weights.SIZE
    assert time.monotonic() - begun < 0.5


def test_a_common_beginning_is_read_once(model: OpenAICompatible, folder: Path) -> None:
    examples = "\n".join(f"例{n}：模型在任务{n}上达到 {n}0.5% 的准确率。回答：是" for n in range(1, 9))
    for n in (1, 2):
        asyncio.run(model.choose(prompt(f"模型在任务{n}上达到 3% 的准确率。回答：", 2, examples), ["是", "否"]))
    log = (folder / "logs" / "llama.log").read_text(errors="replace")
    read = [int(line.rsplit("/", 1)[1].split()[0]) for line in log.splitlines() if "prompt eval time" in line]
    assert read[-2] > 150 and read[-1] < 40  # tokens


def test_ends_with_its_parent_and_leaves_standard_output_alone(folder: Path, tmp_path: Path) -> None:
    script = f"""
import asyncio, json, sys
from pathlib import Path
from core import log
from core.ports import Message, Prompt
from tools.llm import embedded
from tools.llm.cache import CallCache
from tools.llm.meter import CallMeter
log.setup(verbose=True)
model = embedded.make(cache_dir=Path({str(folder)!r}), gguf=None, small=True, timeout=60,
    calls=CallCache(Path({str(tmp_path)!r}, "{{kill}}.sqlite")), meter=CallMeter())
prompt = Prompt(messages=(Message(role="user", text="2+2=?"),), max_tokens=4)
text = asyncio.run(model.text(prompt))
(server,) = embedded._SERVERS.values()
print(json.dumps({{"text": text, "pid": server.pid}}))
sys.stdout.flush()
import os; os._exit(1) if {{kill}} else None
"""
    for kill in (False, True):
        done = subprocess.run(
            [sys.executable, "-c", script.replace("{kill}", str(kill))],
            capture_output=True,
            cwd=ROOT,
            timeout=300,
            check=False,
        )
        said = json.loads(done.stdout)  # nothing but the result
        for _ in range(50):
            if not psutil.pid_exists(said["pid"]):
                break
            time.sleep(0.1)
        assert not psutil.pid_exists(said["pid"]), f"killed without clean-up: {kill}"


def test_a_server_that_died_is_started_again(model: OpenAICompatible) -> None:
    asyncio.run(model.text(prompt("2+2=?", 8)))
    (server,) = embedded._SERVERS.values()
    first = server.url()
    assert server.pid is not None
    psutil.Process(server.pid).kill()
    psutil.Process(server.pid).wait(5) if server.pid else None
    assert "6" in asyncio.run(model.text(prompt("3+3=?", 8)))
    assert server.url() != first


def test_a_broken_model_file_is_the_users_to_mend(tmp_path: Path) -> None:
    if not embedded.runtime_installed():
        pytest.skip("dependency group `local` is not installed")
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + b"\x07" * 5000)
    server = LlamaServer(Launch(lambda: broken, tmp_path / "llama.log", 1))
    with pytest.raises(Misconfigured) as error:
        server.url()
    assert error.value.setting == "ZHENGDU_GGUF" and (tmp_path / "llama.log").stat().st_size > 0
