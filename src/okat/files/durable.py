"""Files that a power cut does not lose: content and name are on the disk when a function here returns."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """The content of a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put(draft: Path, target: Path) -> None:
    """Give a finished draft (a file of the same disk) its name; what had that name is replaced, whole or not at all."""
    sync(draft)
    draft.replace(target)
    sync(target.parent)


def write(target: Path, content: bytes) -> None:
    """A new file with `content`."""
    target.write_bytes(content)
    sync(target)
    sync(target.parent)


def move(source: Path, target: Path) -> None:
    """Rename a folder or file on the same disk."""
    source.rename(target)
    sync(target.parent)
    if source.parent != target.parent:
        sync(source.parent)
