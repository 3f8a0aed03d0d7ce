"""Where a command writes a file: under its name only once it is whole, or to standard output."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

STANDARD_OUTPUT = "-"


def write(pieces: Iterable[bytes], target: str) -> None:
    """Write the pieces to the file, replacing what was there, or for ``-`` to standard output.

    Raises ClickException where the file cannot be written; what was there before is then still there.
    """
    if target == STANDARD_OUTPUT:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    try:
        opened, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise _cannot(target, error) from error
    try:
        with os.fdopen(opened, "wb") as file:
            for piece in pieces:
                file.write(piece)
        Path(name).replace(path)
    except OSError as error:
        raise _cannot(target, error) from error
    finally:
        Path(name).unlink(missing_ok=True)


def _cannot(target: str, error: OSError) -> click.ClickException:
    return click.ClickException(f"cannot write {target}: {error.strerror or error}")
