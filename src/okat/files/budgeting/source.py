"""The bytes of a `.pb` or `.pb.gz`, refused before they fill the memory."""

import gzip
import io
import zlib
from pathlib import Path

from okat.files.budgeting.errors import BadInputError, finding

LIMIT = 128 * 1024 * 1024
"""Bytes of text that are read: some four million ballots. To read them takes about fourteen times that much memory."""
_PIECE = 1 << 20
_GZIP = b"\x1f\x8b"


def read_source(path: Path, *, limit: int = LIMIT) -> bytes:
    """Unpacked where the file is gzip, whatever its name. At most `limit` + 1 MiB ever stand in memory, so that a
    small file that unpacks to terabytes is refused like a large one. Raises `BadInputError`."""
    try:
        with path.open("rb") as stream:
            packed = stream.read(2) == _GZIP
        size = path.stat().st_size
        data = b"" if size > limit else path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInputError([finding(path.name, 0, "", "missing-file", reason=reason)]) from None
    if size > limit:
        raise BadInputError([finding(path.name, 0, "", "too-large", limit=limit)])
    return _unpacked(path.name, data, limit) if packed else data


def _unpacked(name: str, data: bytes, limit: int) -> bytes:
    pieces: list[bytes] = []
    total = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            while piece := stream.read(_PIECE):
                total += len(piece)
                if total > limit:
                    raise BadInputError([finding(name, 0, "", "too-large", limit=limit)])
                pieces.append(piece)
    except (OSError, EOFError, zlib.error) as error:
        raise BadInputError([finding(name, 0, "", "not-gzip", reason=str(error))]) from None
    return b"".join(pieces)
