"""Nothing in the repository depends on the machine it was written on."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOME = re.compile(r"(?<![\w./:-])/(?:root|home|work|Users|opt|mnt)/(?!eightd\b)[\w.-]+")
INDEX = re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host|file://|/simple/?$", re.MULTILINE)
OTHERS = ("eightd/web/static/vendor/", "reports/fonts/")
THIS = "tests/architecture/test_no_paths.py"


def files():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git checkout: what belongs to the project is not known")
    for name in listed.stdout.split("\0"):
        path = ROOT / name
        if name and name != THIS and not name.startswith(OTHERS) and path.is_file():
            try:
                yield name, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a picture, a font, a workbook


@pytest.mark.parametrize("pattern", [HOME, INDEX], ids=["home", "package index"])
def test_no_file_names_a_place_of_one_machine(pattern):
    found = [f"{name}: {hit.group()}" for name, text in files() for hit in pattern.finditer(text)]
    assert found == []
