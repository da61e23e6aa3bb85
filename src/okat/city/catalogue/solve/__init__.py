"""The door to the engine: rules in and out of JSON, their sentences, and the city's facts and groups."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation

from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Kind
from okat.city.catalogue.solve._city import (
    answered_from,
    asks_sensitive,
    facts,
    groups,
    telling_situations,
    worded,
)
from okat.city.core import kept
from okat.city.taxonomy.models import Vocabulary
from okat.city.taxonomy.queries import words as city_words
from okat.engine.eligibility import FactError, Rule, RuleError, dump_rule, leaves, parse_rule
from okat.engine.eligibility import sentence as say
from okat.engine.eligibility.sentence import Lang
from okat.files.facts import Group

__all__ = [
    "Explained", "FactError", "Law", "Rule", "RuleError", "answered_from", "asks_sensitive", "facts", "groups",
    "telling_situations",
]  # fmt: skip


def group_rule(group: Group) -> dict[str, Any]:
    """A group's rule as data."""
    return dump_rule(group.rule)


def digest(data: dict[str, Any] | None) -> str:
    """SHA-256 of the rule's canonical JSON; empty for no rule. Parsed rules are kept by it."""
    if data is None:
        return ""
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def checked(data: dict[str, Any] | None) -> dict[str, Any] | None:
    """The same rule in canonical form. Raises RuleError with the path of the first wrong node."""
    return None if data is None else dump_rule(parse_rule(data, facts()))


def of_sensitive_kind(offer: Opportunity) -> bool:
    """Whether all who take part are of a group that says something of a disability or of health: by its rule, or by
    places that are all kept for such groups. Then nobody outside is told how many they are."""
    telling = {group.code for group in groups() if asks_sensitive(group.rule)} if offer.reserves else frozenset()
    seats = sum(each["seats"] for each in offer.reserves if each["group"] in telling)
    whole = offer.capacity is not None and seats >= offer.capacity > 0
    return whole or (offer.rule is not None and asks_sensitive(parsed(offer.rule, offer.rule_digest)))


def hushed() -> frozenset[UUID]:
    """What is published of such a kind: sums of free places leave it out, or what is left of a sum would tell it. Kept
    for a moment (core.kept), less where the catalogue changes: every list of free places asks it. Changed words of a
    group are seen when the moment is over."""
    return kept.value("catalogue:hushed", _hushed)


def _hushed() -> frozenset[UUID]:
    told = Opportunity.objects.published().exclude(rule_digest="", reserves=[]).order_by()
    rows = told.only("id", "rule", "rule_digest", "reserves", "capacity")
    return frozenset(row.pk for row in rows if of_sensitive_kind(row))


def telling_needs() -> frozenset[str]:
    """The city's needs that say something of a disability or of health."""
    return city_words().telling(Vocabulary.NEED)


def tells(offer: Opportunity, needs: frozenset[str]) -> bool:
    """Whether a name beside it says something of a disability or of health: all who take part are of such a group, or
    each need that it answers is among `needs` (telling_needs)."""
    answers = bool(offer.need_codes) and needs.issuperset(offer.need_codes)
    return answers or offer.kind == Kind.JOB_QUOTA or of_sensitive_kind(offer)


@lru_cache(maxsize=20_000)
def _parsed(folder: Path, key: str, text: str) -> Rule:
    return parse_rule(json.loads(text), facts())


def parsed(data: dict[str, Any], key: str = "") -> Rule:
    """The rule as a tree, parsed once per digest."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return _parsed(Path(settings.CITY), key or hashlib.sha256(text.encode()).hexdigest(), text)


def sentence(data: dict[str, Any], lang: Lang) -> str:
    """The rule in words."""
    rule = parsed(data)
    return say(rule, worded(rule), lang)


def rule_fault(data: object) -> RuleError | None:
    """What is wrong with a rule, or None."""
    try:
        parse_rule(data, facts())
    except RuleError as error:
        return error
    return None


def lang() -> Lang:
    """The reader's language."""
    return "en" if translation.get_language() == "en" else "th"


@dataclass(frozen=True)
class Law:
    """One condition in words with where it comes from."""

    words: str
    text: str
    ref: str
    verified: bool


@dataclass(frozen=True)
class Explained:
    """A rule for readers: the whole sentence, and each condition with its source."""

    sentence: str
    conditions: list[Law]


def explained(data: dict[str, Any]) -> Explained:
    """In the reader's language."""
    rule, reader = parsed(data), lang()
    schema = worded(rule)
    conditions = [
        Law(say(leaf, schema, reader), leaf.source.text, leaf.source.ref, leaf.source.verified)
        for _, leaf in leaves(rule)
    ]
    return Explained(say(rule, schema, reader), conditions)
