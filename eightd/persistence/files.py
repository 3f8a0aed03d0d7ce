"""Keep files under their SHA-256: written once, complete or not at all, never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from eightd.persistence.engine import StoreBusyError


class FileMissingError(Exception):
    """The store has no file under this hash."""


class FileStore:
    """A folder of files named by their SHA-256, in 256 sub-folders."""

    def __init__(self, root: Path) -> None:
        """Use ``root``; it is made when the first file is put."""
        self.root = root

    def path(self, sha256: str) -> Path:
        """Return where a file with this hash lies or would lie; refuse what is not a hash."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-256 in lower-case hexadecimal")
        return self.root / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Store the bytes durably and return their SHA-256; a file already there is left alone.

        The order is temporary file, fsync, rename, fsync of the folder: after a power cut a file is
        whole or absent, and a row written afterwards never points at half a file. Raises
        StoreBusyError where the disk is full, read-only or fails.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256)
        try:
            if not target.exists():
                _make_folder(target.parent)
                _write(target, content)
            _sync_folder(target.parent)  # also for a file that was there: its writer may not have come so far
        except OSError as error:
            raise StoreBusyError(error) from error
        return sha256

    def room(self) -> Path:
        """Return a new empty file beside the kept ones, to be filled and handed to ``take``."""
        try:
            _make_folder(self.root)
            handle, temporary = tempfile.mkstemp(dir=self.root, prefix=".put-")
        except OSError as error:
            raise StoreBusyError(error) from error
        os.close(handle)
        return Path(temporary)

    def take(self, filled: Path) -> str:
        """Keep a file made by ``room`` under its SHA-256, as durably as ``put`` does; it is gone from where it was."""
        try:
            with filled.open("rb+") as stream:
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
                os.fsync(stream.fileno())
            target = self.path(sha256)
            _make_folder(target.parent)
            filled.replace(target)
            _sync_folder(target.parent)
        except OSError as error:
            raise StoreBusyError(error) from error
        return sha256

    def remove(self, sha256: str) -> None:
        """Remove a file that nobody refers to any more; one that is gone already stays gone."""
        try:
            self.path(sha256).unlink(missing_ok=True)
        except OSError as error:
            raise StoreBusyError(error) from error

    def get(self, sha256: str) -> bytes:
        """Return the bytes; raise ``FileMissingError`` where there are none, StoreBusyError where the disk fails."""
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError as missing:
            raise FileMissingError(sha256) from missing
        except OSError as error:
            raise StoreBusyError(error) from error

    def is_intact(self, sha256: str) -> bool:
        """Return True where the file is there and its bytes still have the hash it is named by.

        Raises StoreBusyError where the disk fails: nothing is known then.
        """
        try:
            with self.path(sha256).open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StoreBusyError(error) from error


def _make_folder(folder: Path) -> None:
    """Make the folder with those above it, each kept as durably as the files that will lie in it."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in missing:
        _sync_folder(one.parent)


def _write(target: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".put-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder for fsync; NTFS journals the rename
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
