"""A paper that was read, as the JSON document of `read --json`. Pure."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from core.documents import Document, Figure, HiddenText, PassageKind, Section, Table
from core.models import Basis, Box

WHY = {
    "invisible": "设成了不显示，页面上看不见",
    "blends_in": "颜色和背景几乎一样，看不出来",
    "tiny": "小得无法阅读",
    "off_page": "写在页面外面",
    "covered": "被别的东西盖住了",
    "hidden_layer": "在关闭的图层里",
    "instruction": "看得见，但是说给语言模型或自动审稿程序听的",
}
"""What can be said in Chinese of a stretch of text with each `why` of a HiddenText."""


def paper(document: Document, crops: Sequence[Path | None]) -> dict[str, Any]:
    """The document as plain data; field names are a contract, see docs/formats.md. `crops`: one a figure."""
    return {
        "paper": document.paper,
        "title": document.title,
        "basis": basis(document).value,
        "pages": document.pages,
        "sections": [_section(section) for section in document.sections],
        "tables": [_table(table) for table in document.tables],
        "figures": [_figure(figure, crop) for figure, crop in zip(document.figures, crops, strict=True)],
        "hidden": [_hidden(hidden) for hidden in document.hidden],
        "warnings": list(document.warnings),
        "counts": _counts(document),
    }


def basis(document: Document) -> Basis:
    """A document without pages is an abstract."""
    return Basis.FULL_TEXT if document.pages else Basis.ABSTRACT


def _section(section: Section) -> dict[str, Any]:
    return section.model_dump(mode="json", include={"number", "title", "level", "role", "page"})


def _table(table: Table) -> dict[str, Any]:
    return {
        "label": table.label,
        "caption": table.caption,
        "page": table.box.page,
        "box": _box(table.box),
        "header": list(table.header),
        "rows": [
            {"group": row.group, "cells": [{"text": c.text, "box": c.box and _box(c.box)} for c in row.cells]}
            for row in table.rows
        ],
    }


def _figure(figure: Figure, crop: Path | None) -> dict[str, Any]:
    return {
        "label": figure.label,
        "caption": figure.caption,
        "page": figure.box.page,
        "box": _box(figure.box),
        "key": figure.key,
        "crop": crop and str(crop),
    }


def _hidden(hidden: HiddenText) -> dict[str, Any]:
    return {
        "why": hidden.why,
        "message": f"这段文字{WHY[hidden.why]}。",
        "text": hidden.text,
        "page": hidden.box.page,
        "box": _box(hidden.box),
    }


def _box(box: Box) -> list[float]:
    """Tenths of a point, as the boxes of words have them."""
    return [box.page, *(round(side, 1) for side in box[1:])]


def _counts(document: Document) -> dict[str, Any]:
    kinds = Counter(passage.kind for passage in document.passages)
    return {
        "pages": document.pages,
        "sections": len(document.sections),
        "passages": {kind: kinds[kind] for kind in get_args(PassageKind)},
        "tables": len(document.tables),
        "figures": len(document.figures),
        "hidden": len(document.hidden),
        "sentences": sum(len(passage.sentences) for passage in document.passages),
    }
