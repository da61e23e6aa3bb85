"""The city's own name for the head of every page, from its folder (`city.toml`)."""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class CityName:
    """`words` in templates picks the reader's language of the name."""

    th: str = "เมืองของเรา"
    en: str = "Our city"
    motto_th: str = ""
    motto_en: str = ""

    @property
    def motto(self) -> "Motto":
        return Motto(self.motto_th or self.th, self.motto_en or self.en)


@dataclass(frozen=True)
class Motto:
    th: str
    en: str


def name() -> CityName:
    """The city that this site serves; before its folder is set up, a name that fits any city."""
    return _read(Path(settings.CITY) / "city.toml")


@functools.cache
def _read(path: Path) -> CityName:
    if not path.is_file():
        return CityName()
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    known = {field: str(content[field]) for field in CityName.__dataclass_fields__ if field in content}
    return CityName(**known)
