"""A compound claim in its parts: each can be true or false by itself, and may rest on a sentence of its own."""

import re

_BORDER = re.compile(
    r"[；。！？;]+|，|,(?!\d{3})|并且|同时(?=[^，。]{4})|但是|但(?=[^，。]{4})|然而|而且"
    r"|而(?=在|对|其|未|没|不|是|由|仅|只)"
)
_SUBJECT = re.compile(r"(?:在[^，。；]{1,24}[上中里下]，)?([A-Za-z][A-Za-z0-9 .+()-]*[A-Za-z0-9)]|本文|作者)")
_SCENE = re.compile(
    r"^(?:在|对于?|与|和|当|若|如果|随着|尽管|虽然|由于|因为|除了?|相比|其中|此外|另外|例如|为了?|以便?|足以|作为|从而)"
    r"|(?:上|中|里|下|时|后|前|之外|显示|表明|发现|指出|认为|而言|来说)$"
)
"""Parts that set the scene, give a purpose or a reason: they belong to their neighbour."""
_LEAST = 5
"""Characters below which a part says nothing by itself."""


def atoms(claim: str) -> tuple[str, ...]:
    """The claim's parts, in order, each with the subject of the first where it has none; one part for a simple claim.

    A part that only sets the scene (在 ASQA 上，…; 与 X 相比，…; 因为…) stays with what follows it.
    """
    parts: list[str] = []
    scene = ""
    for piece in _BORDER.split(claim):
        text = piece.strip(" ，,；。")
        if not text:
            continue
        if _SCENE.search(text) or len(text) < _LEAST:
            scene += text + "，"
            continue
        if parts and "越" in text and "越" in parts[-1]:
            parts[-1] += "，" + text
            continue
        parts.append(scene + re.sub(r"^(?:并且?|且|而|也|却|但)", "", text))
        scene = ""
    if scene and parts:
        parts[-1] += "，" + scene.rstrip("，")
    elif scene:
        parts = [scene.rstrip("，")]
    subject = _SUBJECT.match(parts[0]) if parts else None
    name = subject.group(1) if subject else ""
    without = [bool(n and name and name not in p and not _SUBJECT.match(p)) for n, p in enumerate(parts)]
    return tuple(f"{name} {p}" if lacks else p for p, lacks in zip(parts, without, strict=True))
