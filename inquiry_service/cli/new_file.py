"""Files that commands write: new ones only, and none left behind by a command that failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Open ``path`` for writing; it is taken away again when the block fails.

    Raises:
        ClickException: there is such a file already; nothing is overwritten.
    """
    try:
        file = path.open("xb")
    except FileExistsError as error:
        raise click.ClickException(f"{path} exists already; choose another name") from error
    try:
        with file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise
