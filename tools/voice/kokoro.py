"""Kokoro-82M on this machine's processor: sentences to sound. The one door to onnxruntime here, and to lameenc."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from tools.voice import weights
from tools.voice.phonemes import phonemes, pieces
from tools.voice.pinyin import Pinyin, missing

RATE = 24_000
"""Samples a second."""
KBIT = 64
_AT_ONCE = 2
"""Sentences spoken beside each other, each on one thread: faster than one on two, and the same bytes on any machine."""
_SILENT = 0.008
"""Samples below it at both ends of a sentence are its silence, which is cut to our own."""
_EDGE = int(0.03 * RATE)
_BREATH, _TURN = 0.35, 1.0
"""Seconds of silence after a sentence, after a chapter."""
_GAIN = 1.35
"""Brings the voices to about -19 dB on average, as spoken programmes have it."""
_LOUDEST = 0.95
_NAMES = {
    "zf_xiaobei": "晓北", "zf_xiaoni": "晓妮", "zf_xiaoxiao": "晓晓", "zf_xiaoyi": "晓伊",
    "zm_yunjian": "云健", "zm_yunxi": "云希", "zm_yunxia": "云夏", "zm_yunyang": "云扬",
}  # fmt: skip


def silence(seconds: float) -> np.ndarray:
    """Samples of nothing."""
    return np.zeros(int(seconds * RATE), dtype=np.float32)


def levelled(sound: np.ndarray) -> np.ndarray:
    """A sentence without the silence at its ends, louder, never cut off at the top."""
    loud = np.flatnonzero(np.abs(sound) > _SILENT)
    if not loud.size:
        return silence(0)
    sound = sound[max(0, loud[0] - _EDGE) : loud[-1] + _EDGE] * _GAIN
    peak = float(np.abs(sound).max())
    return sound * (_LOUDEST / peak) if peak > _LOUDEST else sound


def encoder(kbit: int = KBIT) -> Any:
    """A constant-rate MP3 encoder, one channel, `kbit` kilobits a second. Raises Misconfigured where it is missing."""
    try:
        import lameenc
    except ImportError as error:
        raise missing() from error
    made = lameenc.Encoder()
    made.set_channels(1)
    made.set_in_sample_rate(RATE)
    made.set_bit_rate(kbit)
    made.set_quality(2)
    made.silence()
    return made


class Kokoro:
    """A speaker. Holds the model, about 400 MB; made anew for each recording, so equal scripts give equal bytes."""

    def __init__(self, name: str, cache: Path) -> None:
        """Raises Misconfigured, Retry and Stop as `weights` does."""
        style = weights.speaker(name, cache)
        self.name = f"{_NAMES[name]}（Kokoro，本机合成）"
        self._chinese = Pinyin(cache)
        self._styles = np.frombuffer(style, dtype="<f4").reshape(-1, 256)
        self._sounds = weights.sounds()
        self._encoder = encoder()
        try:
            import onnxruntime
        except ImportError as error:
            raise missing() from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = 1, 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(weights.model(), options, providers=["CPUExecutionProvider"])

    def chapter(self, sentences: Sequence[str]) -> Iterator[tuple[int, bytes, float]]:
        """For each sentence: 1, its MP3 and the seconds that it plays, the pause after it included. (What the encoder
        still holds comes with the next.)"""
        said = [pieces(phonemes(sentence, self._chinese)) for sentence in sentences]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for n, sound in enumerate(pool.map(self._spoken, said), 1):
                sound = np.concatenate([sound, silence(_TURN if n == len(said) else _BREATH)])
                samples = (np.clip(sound, -1, 1) * 32767).astype("<i2")
                yield 1, bytes(self._encoder.encode(samples.tobytes())), len(samples) / RATE

    def end(self) -> bytes:
        """What the encoder still holds."""
        return bytes(self._encoder.flush())

    def _spoken(self, said: Sequence[str]) -> np.ndarray:
        """Sound of a sentence in pieces."""
        return np.concatenate([silence(0), *map(self._piece, said)])

    def _piece(self, said: str) -> np.ndarray:
        """Sound of at most 510 phonemes."""
        numbers = [self._sounds[sign] for sign in said if sign in self._sounds]
        if not numbers:
            return silence(0)
        style = self._styles[min(len(numbers), len(self._styles)) - 1]
        fed = {
            "tokens": np.array([[0, *numbers, 0]], dtype=np.int64),
            "style": style.reshape(1, -1),
            "speed": np.ones(1, dtype=np.float32),
        }
        return levelled(np.asarray(self._session.run(None, fed)[0], dtype=np.float32).ravel())
