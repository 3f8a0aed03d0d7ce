"""Disks that are really full or read-only, where this account may mount one; else nothing of them is offered."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _mount(*arguments: str) -> bool:
    made = subprocess.run(["mount", *arguments], capture_output=True, check=False)
    return made.returncode == 0


@functools.cache
def can_mount() -> bool:
    """Return whether a small disk in memory can be mounted here: as root on Linux, outside strict containers."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        if not _mount("-t", "tmpfs", "-o", "size=1m", "none", folder):
            return False
        subprocess.run(["umount", folder], check=True)
    return True


class Disk:
    """A small disk of its own, mounted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    @contextmanager
    def full(self, *, left: int = 0) -> Iterator[None]:
        """Fill it up to so many bytes left, until the end of the block."""
        state = os.statvfs(self.folder)
        with self._ballast.open("wb") as ballast:
            os.posix_fallocate(ballast.fileno(), 0, max(state.f_bavail * state.f_frsize - left, 1))
        try:
            yield
        finally:
            self._ballast.unlink()

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Let nothing be written to it until the end of the block; no file on it may be open for writing."""
        assert _mount("-o", "remount,ro", str(self.folder))
        try:
            yield
        finally:
            assert _mount("-o", "remount,rw", str(self.folder))


@contextmanager
def mounted(folder: Path, *, mebibytes: int) -> Iterator[Disk]:
    """Mount a disk of this size at the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    assert _mount("-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0777", "none", str(folder))
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def give(folder: Path, owner: str) -> None:
    """Hand a folder over to another account of this machine."""
    shutil.chown(folder, owner, owner)
