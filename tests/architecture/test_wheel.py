"""`pip install` into an empty environment elsewhere gives a working `eightd`, with every file it needs."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAPPED = {
    "eightd": "eightd",
    "templates": "eightd/templates",
    "reports": "eightd/reports",
    "tests/cases": "eightd/cases",
}
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.py[co]", "*.egg-info")


def run(*command, cwd, **variables):
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("EIGHTD_", "PYTHON"))
    }
    ended = subprocess.run(
        [str(part) for part in command], cwd=cwd, env={**inherited, **variables},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A copy of what the wheel is made of, so that building leaves nothing in the checkout."""
    copy = tmp_path_factory.mktemp("source")
    for folder in MAPPED:
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, copy / folder, ignore=LEFT_OUT)
    for name in ("setup.cfg", "pyproject.toml", "LICENSE", "README.md"):
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def wheel(source, tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    offline = ("--no-index", "--no-deps", "--no-build-isolation")
    run(sys.executable, "-m", "pip", "wheel", *offline, "--wheel-dir", out, source, cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment with the wheel in it; the libraries are borrowed from the one that runs the tests."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    python = programs / Path(sys.executable).name
    run(
        sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", wheel, cwd=home
    )
    packages = Path(
        run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).strip()
    )
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return programs


def test_wheel_holds_every_file(source, wheel):
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    wanted = {
        f"{target}/{path.relative_to(source / folder).as_posix()}"
        for folder, target in MAPPED.items()
        for path in (source / folder).rglob("*")
        if path.is_file()
    }
    assert sorted(wanted - inside) == [], (
        "name the package or the files in setup.cfg, packages and package_data"
    )
    assert sorted(inside - wanted) == []


def test_wheel_tells_licence_and_command(wheel):
    with zipfile.ZipFile(wheel) as archive:
        read = {Path(name).name: name for name in archive.namelist() if ".dist-info/" in name}
        assert "License-Expression: Apache-2.0" in archive.read(read["METADATA"]).decode()
        assert "eightd = eightd.__main__:main" in archive.read(read["entry_points.txt"]).decode()
        assert b"Apache License" in archive.read(read["LICENSE"])


def test_installed_command_runs_elsewhere(installed, tmp_path):
    out = run(installed / "eightd", "--help", cwd=tmp_path)
    assert "serve" in out
    assert "0." in run(installed / "eightd", "--version", cwd=tmp_path)


def test_installed_package_finds_its_files(installed, tmp_path):
    code = (
        "from eightd import resources as r; assert r.checkout() is None, r.checkout();"
        "found = r.templates(), r.reports(), r.cases(), r.static(), r.migrations(), r.translations();"
        "print(*[path for path in found if 'venv' not in str(path) or not path.is_dir()], sep='\\n')"
    )
    assert run(installed / "python", "-c", code, cwd=tmp_path).strip() == ""


def test_installed_app_starts_in_an_empty_folder(installed, tmp_path):
    code = "from eightd.app import create_app; print(create_app().name)"
    assert run(installed / "python", "-c", code, cwd=tmp_path).strip() == "eightd"
    assert (tmp_path / "instance" / "secret_key").is_file()
