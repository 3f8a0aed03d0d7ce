"""Templates name only what exists: icons of the sprite, static files."""

import re

from eightd import resources

SOURCES = [*resources.templates().rglob("*.html"), *(resources.static().parent).rglob("*.py")]
ICON = re.compile(r"""\bicon\(\s*['"]([\w-]+)['"]|symbol=['"]([\w-]+)['"]""")


def test_every_icon_is_in_the_sprite():
    sprite = (resources.static() / "vendor/tabler-icons/icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol[^>]*\bid="([\w-]+)"', sprite))
    named = {
        (name, path.name)
        for path in SOURCES
        for pair in ICON.findall(path.read_text("utf-8"))
        for name in pair
        if name
    }
    assert {one for one in named if one[0] not in known} == set()


def test_every_asset_exists():
    for path in SOURCES:
        for name in re.findall(r"""\basset\(\s*['"]([^'"]+)['"]""", path.read_text("utf-8")):
            assert (resources.static() / name).is_file(), f"{path.name}: {name}"


def test_no_template_carries_style_or_script():
    for path in resources.templates().rglob("*.html"):
        source = path.read_text("utf-8")
        if "mail" not in path.relative_to(resources.templates()).parts:
            assert not re.search(r"\sstyle=|<style|<script(?![^>]*src=)|\son\w+=[\"']", source), path.name


def test_no_mail_loads_or_runs_anything():
    """Styles stand on the elements, which is all that mail programs leave; nothing tells that a mail was read."""
    for path in (resources.templates() / "mail").rglob("*.html"):
        source = path.read_text("utf-8")
        assert not re.search(r"<(style|script|img|link|iframe|form)|\son\w+=[\"']|url\(|\bsrc=", source), (
            path.name
        )
