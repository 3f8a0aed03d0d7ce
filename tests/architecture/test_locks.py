"""What is imported is declared, what is declared is locked, and what is locked has hashes."""

import ast
import configparser
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def named(requirements):
    lines = (line.strip() for line in requirements.splitlines())
    return {same(re.split(r"[^\w.-]", line)[0]) for line in lines if line}


def same(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def declared():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = parser["options.extras_require"]
    return named(parser["options"]["install_requires"]), {name: named(extras[name]) for name in extras}


def locked(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {same(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def undeclared(folder, allowed):
    own = {"eightd", "tests", "bench", "wsgi", *sys.stdlib_module_names}
    libraries = {name for path in (ROOT / folder).rglob("*.py") for name in imported(path)} - own
    homes = packages_distributions()
    return {name for name in libraries if not {same(home) for home in homes.get(name, [])} & allowed}


def test_every_library_the_program_imports_is_declared():
    needs, extras = declared()
    assert undeclared("eightd", needs | extras["postgres"] | extras["server"] | extras["signing"]) == set()


def test_every_library_the_tests_import_is_declared():
    needs, extras = declared()
    assert undeclared("tests", needs | extras["test"]) == set()


def test_everything_declared_is_locked():
    needs, extras = declared()
    run = locked("requirements.lock")
    assert needs | extras["postgres"] | extras["server"] | extras["signing"] <= run.keys(), "make lock"
    assert set().union(needs, *extras.values()) <= locked("requirements-dev.lock").keys(), "make lock"


def test_both_locks_agree():
    run, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {name: dev.get(name) for name in run} == run


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_hashes(lock):
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    pinned = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert len(pinned) > 20
    assert [line for line in pinned if "==" not in line or "--hash=sha256:" not in line] == []
