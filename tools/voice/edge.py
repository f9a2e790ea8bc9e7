"""Microsoft's reading service, for those who ask for it: the script's text leaves the machine. The door to edge-tts."""

import asyncio
from collections.abc import Iterator, Sequence

from core.errors import Misconfigured, Retry
from tools.voice import kokoro
from tools.voice.pinyin import missing

KBIT = 48
"""What the service sends: MP3 of constant rate, one channel, 24,000 samples a second."""
_TURN = 1.0
"""Seconds of silence after a chapter."""
_PATIENCE = 180.0
"""Seconds for one chapter."""
_SETTING = "ZHENGDU_VOICE"


class Edge:
    """A speaker of the service."""

    def __init__(self, voice: str) -> None:
        """`voice`: the service's name of it (zh-CN-XiaoxiaoNeural). Raises Misconfigured."""
        try:
            import edge_tts
        except ImportError as error:
            raise missing() from error
        self._library, self._voice = edge_tts, voice
        self.name = f"{voice}（微软 Edge 在线朗读）"
        self._gap = _silence()

    def chapter(self, sentences: Sequence[str]) -> Iterator[tuple[int, bytes, float]]:
        """All sentences at once: how many, their MP3 and the seconds it plays. Raises Misconfigured for a voice it does
        not have, Retry where the service cannot be reached."""
        sound = asyncio.run(self._asked("\n".join(sentences))) + self._gap
        yield len(sentences), sound, seconds(sound)

    def end(self) -> bytes:
        """Nothing is held back."""
        return b""

    async def _asked(self, text: str) -> bytes:
        try:
            call = self._library.Communicate(text, self._voice)
            async with asyncio.timeout(_PATIENCE):
                found = [chunk["data"] async for chunk in call.stream() if chunk["type"] == "audio"]
        except ValueError as error:
            raise Misconfigured(
                f"在线朗读没有叫 {self._voice} 的声音", "写成 edge:zh-CN-XiaoxiaoNeural 这样", setting=_SETTING
            ) from error
        except Exception as error:  # its own, and those of the network library under it, which we do not name
            raise Retry(
                "在线朗读现在用不了",
                "检查网络和声音的名字（如 edge:zh-CN-XiaoxiaoNeural）；不联网时 ZHENGDU_VOICE 用 zf_xiaobei",
            ) from error
        return b"".join(found)


def seconds(sound: bytes) -> float:
    """How long the service's MP3 plays."""
    return len(sound) * 8 / (KBIT * 1000)


def _silence() -> bytes:
    """Silence in the service's own format."""
    made = kokoro.encoder(KBIT)
    return bytes(made.encode(kokoro.silence(_TURN).astype("<i2").tobytes())) + bytes(made.flush())
