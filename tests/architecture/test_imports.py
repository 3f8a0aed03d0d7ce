"""Who may import whom, as setup.cfg's contracts say and ARCHITECTURE draws."""

import configparser
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOORS = {"usecases", "queries", "notifications", "reporting", "persistence", "domain"}
DOORS = {"web", "api", "cli"}


def contracts():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def listed(contract, option):
    return set(contracts()[f"importlinter:contract:{contract}"][option].split())


def present(names):
    return {f"eightd.{name}" for name in names if (ROOT / "eightd" / name / "__init__.py").exists()}


def test_every_contract_is_kept():
    found = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()",
         "--config", "setup.cfg", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr


def test_every_package_stands_on_a_floor():
    folders = {path.parent.name for path in (ROOT / "eightd").glob("*/__init__.py")}
    assert folders <= FLOORS | DOORS


def test_contracts_name_every_door_and_floor_there_is():
    assert listed("doors", "source_modules") == present(DOORS), "name it in setup.cfg, contract doors"
    below = listed("no-flask-below-the-doors", "source_modules")
    assert below == present(FLOORS), "name it in setup.cfg, contract no-flask-below-the-doors"
