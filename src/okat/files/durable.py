"""Files that a power cut does not lose: content and name are on the disk when a function here returns."""

import os
import tempfile
from pathlib import Path

DRAFT = ".draft-"  # begins the name of what a kill left unfinished: nobody's file


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


def put_new(draft: Path, target: Path) -> None:
    """As `put`, where nothing has that name. Raises FileExistsError."""
    sync(draft)
    try:
        os.link(draft, target)
    except FileExistsError:
        raise
    except OSError:  # a disk that knows no second name, as of a stick
        if target.exists():
            raise FileExistsError(target) from None
        draft.replace(target)
    sync(target.parent)


def write(target: Path, content: bytes) -> None:
    """A file with `content`: by its name it is there whole or not at all, whoever looks and whatever is killed."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=DRAFT)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        put(Path(name), target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def move(source: Path, target: Path) -> None:
    """Rename a folder or file on the same disk."""
    source.rename(target)
    sync(target.parent)
    if source.parent != target.parent:
        sync(source.parent)
