"""The folder's files for rules: `facts.json` (what may be asked of a person), `groups.json` (reserved places)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from okat.engine.eligibility import Fact, FactSchema, Kind, Rule, Words, parse_rule
from okat.engine.errors import EngineError
from okat.files.city import CityFolderError, read_rows


@dataclass(frozen=True, slots=True)
class Group:
    """A group of people for whom places may be reserved; membership is a rule like any other."""

    code: str
    words: Words
    rule: Rule


def read_facts(folder: Path) -> FactSchema:
    """The declared facts. Codes of a fact with `codes_from` are the words of that vocabulary of the folder;
    those of `areas` are not listed (any official code may stand). Raises CityFolderError."""
    path = folder / "facts.json"
    entries = _list(path, "facts")
    try:
        return FactSchema(tuple(_fact(entry, _codes(folder, entry)) for entry in entries))
    except (EngineError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise CityFolderError(f"{path}: {error}") from error


def read_groups(folder: Path, schema: FactSchema) -> tuple[Group, ...]:
    """Raises CityFolderError for a rule that does not fit the facts, or a code that stands twice."""
    path = folder / "groups.json"
    try:
        groups = tuple(
            Group(str(entry["code"]), Words(entry["th"], entry["en"]), parse_rule(entry["rule"], schema))
            for entry in _list(path, "groups")
        )
    except (EngineError, KeyError, TypeError) as error:
        raise CityFolderError(f"{path}: {error}") from error
    if len({group.code for group in groups}) < len(groups):
        raise CityFolderError(f"{path}: a code stands twice.")
    return groups


def read_sensitive(folder: Path) -> frozenset[str]:
    """The facts that sensitive questions of the folder ask for, in its questionnaires and assessments."""
    paths = [path for name in ("questionnaires", "assessments") for path in sorted((folder / name).glob("*.json"))]
    asked = [question for path in paths for question in _list(path, "questions")]
    return frozenset(str(each["fact"]) for each in asked if each.get("fact") and each.get("sensitive"))


def _list(path: Path, key: str) -> Sequence[Mapping[str, Any]]:
    if not path.exists():
        raise CityFolderError(f"{path} is missing; copy it from cities/khon-kaen and change it.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CityFolderError(f"{path}: {error}") from error
    found = content.get(key) if isinstance(content, dict) else None
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise CityFolderError(f'{path}: it must be an object with a list "{key}".')
    return found


def _codes(folder: Path, entry: Mapping[str, Any]) -> tuple[tuple[str, Words], ...]:
    source = entry.get("codes_from")
    if source and source != "areas":
        rows = read_rows(folder / "taxonomy" / f"{source}.csv", ("code", "th", "en"))
        return tuple((row["code"], Words(row["th"], row["en"])) for row in rows)
    return tuple((code, Words(words["th"], words["en"])) for code, words in entry.get("codes", {}).items())


def _fact(entry: Mapping[str, Any], codes: tuple[tuple[str, Words], ...]) -> Fact:
    return Fact(
        name=entry["name"], kind=Kind(entry["kind"]), label=_words(entry["label"]), question=_words(entry["question"]),
        cost=int(entry.get("cost", 1)), denial=_words(entry["denial"]) if "denial" in entry else None,
        unit=_words(entry["unit"]) if "unit" in entry else None, codes=codes,
        minimum=_decimal(entry.get("minimum")), maximum=_decimal(entry.get("maximum")),
        optional=bool(entry.get("optional", False)), partial=bool(entry.get("partial", False)),
    )  # fmt: skip


def _words(entry: Mapping[str, str]) -> Words:
    return Words(entry["th"], entry["en"])


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
