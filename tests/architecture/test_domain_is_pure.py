"""The rules need nothing but Python: standard library and themselves."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLOSED = sys.stdlib_module_names - {
    "os",
    "io",
    "pathlib",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "time",
}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or ".")
    return names


@pytest.mark.parametrize("path", sorted((ROOT / "eightd/domain").rglob("*.py")), ids=lambda path: path.stem)
def test_domain_imports_the_standard_library_and_itself(path):
    foreign = {name for name in imported(path) if name.split(".")[0] not in CLOSED}
    assert {name for name in foreign if name.split(".")[:2] != ["eightd", "domain"]} == set()


@pytest.mark.parametrize("path", sorted((ROOT / "eightd/domain").rglob("*.py")), ids=lambda path: path.stem)
def test_domain_never_asks_what_time_it_is(path):
    asked = [
        f"line {node.lineno}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date"}
    ]  # fmt: skip
    assert asked == []


@pytest.mark.parametrize("name", ["config", "resources"])
def test_settings_and_resources_import_the_standard_library_only(name):
    foreign = {
        one
        for one in imported(ROOT / f"eightd/{name}.py")
        if one.split(".")[0] not in sys.stdlib_module_names
    }
    assert foreign <= {"eightd", "eightd.resources"}
