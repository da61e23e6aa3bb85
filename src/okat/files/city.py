"""The folder from which a city starts: `city.toml`, partners, communities and the city's words as CSV."""

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class CityFolderError(Exception):
    """A file of the folder is missing or wrong; the message says which, where and what to do."""


@dataclass(frozen=True)
class City:
    """What `city.toml` says; `words` is everything else in it."""

    folder: Path
    code: str
    th: str
    en: str
    motto_th: str
    motto_en: str
    province: str
    city_district: str
    team: str
    words: dict[str, Any]


def read_city(folder: Path) -> City:
    """Raises CityFolderError."""
    path = folder / "city.toml"
    if not path.exists():
        raise CityFolderError(f"{path} is missing; copy cities/khon-kaen and change it.")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CityFolderError(f"{path}: {error}") from error
    names = ("code", "th", "en", "motto_th", "motto_en", "province", "city_district", "team")
    if missing := [name for name in names if not isinstance(content.get(name), str)]:
        raise CityFolderError(f"{path}: these are missing: {', '.join(missing)}")
    rest = {key: value for key, value in content.items() if key not in names}
    return City(folder, **{name: content[name] for name in names}, words=rest)


def read_rows(path: Path, required: tuple[str, ...]) -> list[dict[str, str]]:
    """A UTF-8 CSV of the folder; `required` columns must have a value in every row. Raises CityFolderError."""
    if not path.exists():
        raise CityFolderError(f"{path} is missing.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = [{k: (v or "").strip() for k, v in row.items() if k} for row in csv.DictReader(lines)]
    except UnicodeDecodeError as error:
        raise CityFolderError(f"{path} is not UTF-8: save it again as “CSV UTF-8”.") from error
    for number, row in enumerate(rows, 2):
        if missing := [name for name in required if not row.get(name)]:
            raise CityFolderError(f"{path}, row {number}: {', '.join(missing)} must have a value.")
    return rows
