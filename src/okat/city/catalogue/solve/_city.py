"""What the city's folder declares for rules, and the names of areas that rules speak of."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from okat.city.places.models import Area
from okat.city.taxonomy.models import Vocabulary
from okat.city.taxonomy.queries import words
from okat.engine.eligibility import FactSchema, Rule, Words, leaves
from okat.files.facts import Group, read_facts, read_groups, read_sensitive

AREAS = "area_codes"  # the fact whose codes are official area codes
SITUATIONS = "situations"
# Facts that say something of a disability or of health. A score does where one of its questions is sensitive, in
# whichever version it was answered.
SENSITIVE = frozenset({
    "disability_types", "disability_card", "carer_of_disabled", "able_to_work", "disability_fund_debtor",
    "vulnerability",
})  # fmt: skip
_names: dict[str, Words] = {}


@lru_cache(maxsize=4)
def _facts(folder: Path) -> FactSchema:
    return read_facts(folder)


@lru_cache(maxsize=4)
def _groups(folder: Path) -> tuple[Group, ...]:
    return read_groups(folder, _facts(folder))


def facts() -> FactSchema:
    """What the city's rules may ask."""
    return _facts(Path(settings.CITY))


def groups() -> tuple[Group, ...]:
    """The groups for which places may be reserved."""
    return _groups(Path(settings.CITY))


@lru_cache(maxsize=4)
def _sensitive(folder: Path) -> frozenset[str]:
    return SENSITIVE | read_sensitive(folder)


def sensitive_facts() -> frozenset[str]:
    """Those, and what the city's own questions mark as sensitive."""
    return _sensitive(Path(settings.CITY))


def asks_sensitive(rule: Rule) -> bool:
    """Whether a rule asks of a disability or of health: whoever meets it tells so by that."""
    return any(leaf.fact in sensitive_facts() or _telling(leaf) for _path, leaf in leaves(rule))


def telling_situations() -> frozenset[str]:
    return words().telling(Vocabulary.SITUATION)


def answered_from(rule: Rule, known: Mapping[str, Any], telling: frozenset[str]) -> Mapping[str, Any]:
    """What decides a rule. One that asks nothing sensitive is answered without it: else "none of these" would tell of
    whoever is in a situation of the kind (`telling`) alone, where nothing is known of others and refuses nobody."""
    said = known.get(SITUATIONS)
    if not isinstance(said, frozenset) or said.isdisjoint(telling) or asks_sensitive(rule):
        return known
    plain = {name: value for name, value in known.items() if name != SITUATIONS}
    return {**plain, SITUATIONS: said - telling} if said - telling else plain


def _telling(leaf: Rule) -> bool:
    """A situation that is told of by its name."""
    asked = getattr(leaf, "values", ()) if getattr(leaf, "fact", "") == SITUATIONS else ()
    return bool(asked) and any(words().tells(Vocabulary.SITUATION, code) for code in asked)


def worded(rule: Rule) -> FactSchema:
    """The facts with the names of the areas that the rule speaks of: a sentence says Ban Ped, not 400102."""
    schema = facts()
    codes = {code for _path, leaf in leaves(rule) if leaf.fact == AREAS for code in getattr(leaf, "values", ())}
    if not codes:
        return schema
    _learn(codes - _names.keys())
    named = replace(schema[AREAS], codes=tuple((code, _names.get(code, Words(code, code))) for code in sorted(codes)))
    return FactSchema(tuple(named if fact.name == AREAS else fact for fact in schema))


def _learn(codes: Iterable[str]) -> None:
    wanted = list(codes)
    if wanted:
        for code, th, en in Area.objects.filter(code__in=wanted).values_list("code", "th", "en"):
            _names[code] = Words(th, en or th)
