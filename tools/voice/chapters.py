"""The words before the sound of an MP3: its title and where its chapters begin (ID3v2.3 with the chapter addendum)."""

from collections.abc import Sequence

Marks = Sequence[tuple[float, str]]
"""(seconds from the start, title)."""

_ARTIST, _GENRE, _LANGUAGE = "证读", "Speech", "zho"
_WHOLE = b"\xff\xff\xff\xff"
"""Instead of a place in bytes: only the times count."""
_TOP_ORDERED = 3


def tag(title: str, marks: Marks, seconds: float) -> bytes:
    """The tag. Its length depends on the titles only, so it can be written again when the times are known. No dates:
    equal words and times, equal bytes."""
    ends = [*(start for start, _ in marks[1:]), seconds]
    ids = [f"chapter{n}".encode() + b"\0" for n in range(len(marks))]
    frames = [_text("TIT2", title), _text("TPE1", _ARTIST), _text("TCON", _GENRE), _text("TLAN", _LANGUAGE)]
    frames.append(_frame("CTOC", b"toc\0" + bytes([_TOP_ORDERED, len(ids)]) + b"".join(ids) + _text("TIT2", title)))
    for id, (start, name), end in zip(ids, marks, ends, strict=True):
        times = _milliseconds(start) + _milliseconds(end) + _WHOLE + _WHOLE
        frames.append(_frame("CHAP", id + times + _text("TIT2", name)))
    body = b"".join(frames)
    return b"ID3\x03\x00\x00" + _sevens(len(body)) + body


def _frame(name: str, content: bytes) -> bytes:
    return name.encode() + len(content).to_bytes(4, "big") + b"\0\0" + content


def _text(name: str, text: str) -> bytes:
    """In UTF-16 with its byte order mark, which every player of this version reads."""
    return _frame(name, b"\x01\xff\xfe" + text.encode("utf-16-le", "replace") + b"\0\0")


def _milliseconds(seconds: float) -> bytes:
    return round(seconds * 1000).to_bytes(4, "big")


def _sevens(size: int) -> bytes:
    """A length in four bytes of seven bits."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
