"""The published JSON Schemas of HSDS 3.0, whose references are file names beside each other."""

import json
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from tests.formats import CHECKER
from tests.shared_data import sample


@lru_cache
def _registry() -> Any:
    found = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sample("hsds/schema").glob("*.json")}
    resources = [(name, Resource(contents, DRAFT202012)) for name, contents in found.items()]
    return Registry().with_resources(resources), found


def faults(entity: str, value: Any) -> list[str]:
    """What the schema of this entity finds wrong."""
    registry, schemas = _registry()
    checker = Draft202012Validator(schemas[f"{entity}.json"], registry=registry, format_checker=CHECKER)
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(value)]
