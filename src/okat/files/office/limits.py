"""How much of a file is read before it is refused. A caller may pass stricter ones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of the file; bytes after unpacking; rows and columns of a sheet; characters of a cell (32,767 is the
    spreadsheet programs' own limit); memory and seconds of the child process that opens workbooks."""

    file_bytes: int = 30_000_000
    unpacked_bytes: int = 400_000_000
    parts: int = 3_000
    rows: int = 200_000
    columns: int = 250
    cell_characters: int = 32_767
    memory_bytes: int = 2_500_000_000
    seconds: int = 20


DEFAULT = Limits()
