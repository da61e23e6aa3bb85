"""The zip that a decision bundle is: equal contents give equal bytes, and a hostile archive is refused.

Members are stored, not deflated: compressors differ from machine to machine, and a bundle's digest may be
published. Nothing is ever unpacked to disk, so a name with `..` can only be named, not followed.
"""

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

MAX_MEMBERS = 64
MAX_TOTAL = 1024 * 1024 * 1024
MAX_RATIO = 200
_SMALL = 1024 * 1024


class UnreadableBundleError(Exception):
    """Not a bundle, or one that this program refuses to open. `str()` says what and why."""


class Contents(NamedTuple):
    """`odd` lists (member, reason) for what no honest writer makes; `members` has the first of each name."""

    members: Mapping[str, bytes]
    odd: tuple[tuple[str, str], ...]


def pack(members: Mapping[str, bytes], *, first: str) -> bytes:
    """The archive's bytes; `first` leads, the others follow by name."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members, key=lambda name: (name != first, name)):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 3  # the same on every system
            info.external_attr = 0o644 << 16
            archive.writestr(info, members[name])
    return stream.getvalue()


def members_of(data: bytes) -> dict[str, bytes]:
    """Every member of an archive that this program packed itself (for others: `unpack`)."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def unpack(path: Path) -> Contents:
    """Every member, in memory, within limits. Raises `UnreadableBundleError`."""
    try:
        if path.stat().st_size > MAX_TOTAL:
            raise UnreadableBundleError(f"{path} is larger than {MAX_TOTAL:,} bytes")
        with zipfile.ZipFile(path) as archive:
            _refuse_bombs(archive)
            return _read(archive)
    except UnreadableBundleError:
        raise
    except (
        OSError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise UnreadableBundleError(f"{path} is not a readable zip: {error}") from error


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    """The sizes are those of the directory; reading enforces them."""
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise UnreadableBundleError(f"the archive has {len(infos)} members; a bundle has at most {MAX_MEMBERS}")
    if sum(info.file_size for info in infos) > MAX_TOTAL:
        raise UnreadableBundleError(f"the archive unpacks to more than {MAX_TOTAL:,} bytes")
    for info in infos:
        if info.flag_bits & 1:
            raise UnreadableBundleError(f"{info.filename!r} is encrypted; a bundle is for everyone to read")
        if info.file_size > _SMALL and info.file_size > MAX_RATIO * max(1, info.compress_size):
            raise UnreadableBundleError(f"{info.filename!r} is compressed more than {MAX_RATIO} times")


def _read(archive: zipfile.ZipFile) -> Contents:
    members: dict[str, bytes] = {}
    odd: list[tuple[str, str]] = []
    for info in archive.infolist():
        name = info.filename
        if name in members:
            odd.append((name, "the name stands twice, so two readers could see two files"))
            continue
        if "/" in name or "\\" in name or name.startswith("."):
            odd.append((name, "a bundle has no folders or paths"))
        if name.casefold() in {each.casefold() for each in members}:
            odd.append((name, "two names differ only by capital letters"))
        with archive.open(info) as stream:
            data = stream.read(info.file_size + 1)
        if len(data) != info.file_size:
            raise UnreadableBundleError(f"{name!r} is longer than the archive says")
        members[name] = data
    return Contents(members, tuple(odd))
