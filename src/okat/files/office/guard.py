"""Looks into a zipped workbook before anything opens it.

A zip's own table of sizes can lie, so every part is unpacked here piece by piece, counted and thrown away.
A document type declaration is refused: no spreadsheet program writes one, and entity bombs need it.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from okat.files.office.errors import OfficeError
from okat.files.office.limits import Limits

_PIECE = 1 << 18
_LOCAL_HEADER = 30
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_OVERLAP = max(map(len, _DECLARATIONS))


def check_zip(data: bytes, limits: Limits) -> None:
    """Raises OfficeError: file_damaged, file_unpacks_too_large, file_forbidden_xml."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, struct.error, NotImplementedError) as error:
        raise OfficeError("file_damaged") from error
    if len(parts) > limits.parts:
        raise OfficeError("file_unpacks_too_large", limit=limits.unpacked_bytes)
    total = 0
    for part in parts:
        is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
        tail = b""
        for piece in _pieces(data, part):
            total += len(piece)
            if total > limits.unpacked_bytes:
                raise OfficeError("file_unpacks_too_large", limit=limits.unpacked_bytes)
            if is_xml:
                window = tail + piece
                if any(mark in window for mark in _DECLARATIONS):
                    raise OfficeError("file_forbidden_xml")
                tail = window[-_OVERLAP:]


def _pieces(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked content of a part as its compressed stream gives it, whatever size the zip's table declares."""
    header = data[part.header_offset : part.header_offset + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or part.flag_bits & 0x1:
        raise OfficeError("file_damaged")
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start = part.header_offset + _LOCAL_HEADER + name_length + extra_length
    packed = memoryview(data)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise OfficeError("file_damaged")
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        pending: bytes | memoryview = packed
        while pending and not engine.eof:
            yield engine.decompress(pending, _PIECE)
            pending = engine.unconsumed_tail
    except zlib.error as error:
        raise OfficeError("file_damaged") from error
