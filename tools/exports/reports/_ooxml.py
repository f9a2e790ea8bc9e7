"""What python-docx has no words for: bookmarks, links, fields, whole rows, East Asian fonts, the same bytes again."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor
from docx.table import _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

LINK = RGBColor(0x1A, 0x4D, 0x7A)


def element(tag: str, /, **attributes: str) -> Any:
    """`w:tag` with attributes of the same namespace."""
    made = OxmlElement(f"w:{tag}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Makes a paragraph a place to link to; `number`: unlike all others of the file."""
    start = element("bookmarkStart", id=str(number), name=name)
    properties = paragraph._p.pPr
    paragraph._p.insert(0 if properties is None else 1, start)
    paragraph._p.append(element("bookmarkEnd", id=str(number)))


def link(paragraph: Paragraph, text: str, *, anchor: str = "", address: str = "") -> Run:
    """Words that lead to a bookmark or to an address; plain words where there is neither."""
    run = paragraph.add_run(text)
    if not anchor and not address:
        return run
    around = element("hyperlink", history="1", **({"anchor": anchor} if anchor else {}))
    if address:
        around.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    around.append(run._r)
    paragraph._p.append(around)
    run.font.color.rgb = LINK
    return run


def field(paragraph: Paragraph, code: str, shown: str = "1") -> None:
    """A field that the reader's program fills in, such as PAGE; `shown` until then."""
    begin(paragraph, code)
    paragraph.add_run(shown)
    end(paragraph)


def begin(paragraph: Paragraph, code: str) -> None:
    """What follows, up to `end`, is what a field shows."""
    paragraph.add_run()._r.append(element("fldChar", fldCharType="begin"))
    instruction = element("instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    paragraph.add_run()._r.append(instruction)
    paragraph.add_run()._r.append(element("fldChar", fldCharType="separate"))


def end(paragraph: Paragraph) -> None:
    """See begin."""
    paragraph.add_run()._r.append(element("fldChar", fldCharType="end"))


def fonts(style: Any, latin: str, chinese: str) -> None:
    """The fonts of a style; those of the theme, which would win, go."""
    properties = style.element.get_or_add_rPr()
    old = properties.find(qn("w:rFonts"))
    if old is not None:
        properties.remove(old)
    properties.insert(0, element("rFonts", ascii=latin, hAnsi=latin, cs=latin, eastAsia=chinese))


def language(document: Document) -> None:
    """Latin words are English, the others Chinese: what spelling and line breaking go by."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for found in [] if defaults is None else defaults.iter(qn("w:lang")):
        found.set(qn("w:val"), "en-US")
        found.set(qn("w:eastAsia"), "zh-CN")


def whole_row(row: _Row, *, head: bool = False) -> None:
    """A row that no page end tears; a head is repeated on each page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(element("cantSplit"))
    if head:
        properties.append(element("tblHeader"))


def framed(paragraph: Paragraph, colour: str) -> None:
    """A paragraph in a box."""
    borders = element("pBdr")
    for side in ("top", "left", "bottom", "right"):
        wide = "24" if side == "left" else "6"
        borders.append(element(side, val="single", sz=wide, space="6", color=colour))
    properties = paragraph._p.get_or_add_pPr()
    followers = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")
    properties.insert_element_before(borders, *followers)


def described(run: Run, name: str) -> None:
    """Words for those who do not see the picture of a run."""
    for properties in run._r.iter(qn("wp:docPr")):
        properties.set("descr", name)


def steady(document: Document, made: datetime) -> bytes:
    """The file; its bytes depend on nothing but what is in it."""
    raw, clean = io.BytesIO(), io.BytesIO()
    relations = document.part.package.rels if document.part.package else {}
    for id in [id for id, relation in relations.items() if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[id]  # shows the template, not the report
    document.save(raw)
    stamp = made.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(clean, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, stamp), old.read(name), zipfile.ZIP_DEFLATED)
    return clean.getvalue()
