"""Opens a data package without unpacking it anywhere: what its descriptor names is read from inside the zip alone."""

from __future__ import annotations

import io
import json
import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from okat.files.exchange.errors import ListingError, fault
from okat.files.exchange.hsds.tables import ENTITIES, TABLES
from okat.files.office.csvtext import read_csv
from okat.files.office.errors import OfficeError, RowError
from okat.files.office.grid import Sheet
from okat.files.office.guard import check_zip
from okat.files.office.limits import Limits

DESCRIPTOR = "datapackage.json"
LIMITS = Limits(unpacked_bytes=150_000_000, parts=200, rows=200_000)
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Package:
    """The sheets of known tables by table name with the file's own name, and what is wrong with files."""

    sheets: Mapping[str, tuple[str, Sheet]]
    errors: tuple[RowError, ...]
    warnings: tuple[RowError, ...]


def is_package(data: bytes) -> bool:
    """Whether it is a zip with a descriptor, or with a table of services that lacks one."""
    if not data.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {PurePosixPath(name).name for name in archive.namelist()[: LIMITS.parts]}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    return DESCRIPTOR in names or "services.csv" in names


def zipped(folder: Path) -> bytes:
    """A folder as the zip that it could have been. Raises ListingError (package_path) for links that lead out of it,
    file_too_large for more than is accepted."""
    out, total, root = io.BytesIO(), 0, folder.resolve()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() not in {".csv", ".json"} or not path.is_file():
                continue
            if not path.resolve().is_relative_to(root):
                raise ListingError("package_path", path.relative_to(folder))
            total += path.stat().st_size
            if total > LIMITS.unpacked_bytes:
                raise OfficeError("file_too_large", size=total, limit=LIMITS.unpacked_bytes)
            archive.writestr(path.relative_to(folder).as_posix(), path.read_bytes())
    return out.getvalue()


def open_package(data: bytes, limits: Limits = LIMITS) -> Package:
    """Raises ListingError or OfficeError for a package of which nothing can be said."""
    if len(data) > limits.file_bytes:
        raise OfficeError("file_too_large", size=len(data), limit=limits.file_bytes)
    check_zip(data, limits)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        top, resources = _descriptor(archive)
        return _Opening(archive, top, limits).all(resources)


def _descriptor(archive: zipfile.ZipFile) -> tuple[str, list[Any]]:
    """The folder in which the descriptor stands, and its resources."""
    places = [name for name in archive.namelist() if PurePosixPath(name).name == DESCRIPTOR]
    if not places:
        raise ListingError("package_no_descriptor")
    place = min(places, key=lambda name: (name.count("/"), name))
    try:
        described = json.loads(archive.read(place).decode("utf-8-sig"))
        resources = described["resources"]
    except (ValueError, KeyError, TypeError, RecursionError, zipfile.BadZipFile) as error:
        raise ListingError("package_descriptor", why=type(error).__name__) from error
    if not isinstance(resources, list) or not all(isinstance(each, dict) for each in resources):
        raise ListingError("package_descriptor", why="resources")
    return posixpath.dirname(place), resources


class _Opening:
    def __init__(self, archive: zipfile.ZipFile, top: str, limits: Limits) -> None:
        self.archive, self.top, self.limits = archive, top, limits
        self.sheets: dict[str, tuple[str, Sheet]] = {}
        self.errors: list[RowError] = []
        self.warnings: list[RowError] = []

    def all(self, resources: list[Any]) -> Package:
        for resource in resources:
            self._one(resource)
        if "services" not in self.sheets and not self.errors:
            raise ListingError("package_no_services")
        rows = sum(len(sheet.rows) for _file, sheet in self.sheets.values())
        if rows > self.limits.rows:
            raise ListingError("too_many_rows", count=rows, limit=self.limits.rows)
        return Package(self.sheets, tuple(self.errors), tuple(self.warnings))

    def _one(self, resource: Mapping[str, Any]) -> None:
        path = resource.get("path")
        path = path[0] if isinstance(path, list) and len(path) == 1 else path
        if not isinstance(path, str) or not path:
            raise ListingError("package_descriptor", why=f"path: {str(resource.get('name'))[:40]}")
        inside = posixpath.normpath(posixpath.join(self.top, path))
        if "://" in path or "\\" in path or path.startswith("/") or inside.startswith("..") or ".." in path.split("/"):
            raise ListingError("package_path", path)
        table = _table_of(path, str(resource.get("name", "")))
        if table is None:
            self.warnings.append(fault(path, 0, "", "file_unknown"))
        elif inside not in self.archive.namelist():
            self.errors.append(fault(path, 0, "", "package_missing"))
        elif table in self.sheets:
            self.errors.append(fault(path, 0, "", "package_twice", table))
        else:
            self._read(table, path, inside)

    def _read(self, table: str, path: str, inside: str) -> None:
        try:
            self.sheets[table] = (path, read_csv(self.archive.read(inside), self.limits))
        except OfficeError as error:
            words = {"thai": error.message("th"), "english": error.message("en")}
            self.errors.append(fault(path, 0, "", "table_file", **words))


def _table_of(path: str, name: str) -> str | None:
    """By the file's name, else by the resource's, in the plural or in the singular of an object."""
    for word in (PurePosixPath(path).stem.lower(), name.lower()):
        if word in TABLES:
            return word
        if word in ENTITIES:
            return ENTITIES[word].name
    return None
