"""Changing a record. A form that was opened on an older version is a conflict that shows both values."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.partners.models import Partner
from okat.city.people import rules
from okat.city.people.actions._build import save_keys, seal_personal
from okat.city.people.actions._locks import lock_person
from okat.city.people.actions._telling import check_explicit, tells
from okat.city.people.actions.rows import PinRow
from okat.city.people.models import Person
from okat.city.people.queries.record import value_of
from okat.city.people.queries.search import pin_hash
from okat.city.people.rules import ConflictError, Difference, PeopleError
from okat.city.taxonomy.queries import words
from okat.thai.text import normalise

# Fields of PinRow that `update_person` may set; the rest has actions of its own.
CHANGEABLE = frozenset({f.name for f in fields(PinRow)}) - {
    "id", "household", "needs", "need_note", "consents", "questionnaire", "answers", "noted_at",
}  # fmt: skip
_TEXTS = {"title": 40, "given": 120, "family": 120, "nickname": 60}


@action
def update_person(
    *, person: Person, version: int, changes: Mapping[str, Any], by: User, partner: Partner | None = None
) -> Person:
    """Set some fields (names of PinRow, values as there). `version` is the one that the form was opened on.

    Raises ConflictError when somebody saved in between and a value differs (the caller may send again with the new
    version), PeopleError for a value that cannot be.
    """
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise TypeError(f"update_person does not set {sorted(unknown)}")
    person = lock_person(person)
    differing = tuple(_differences(person, changes))
    if version != person.version and differing:
        raise ConflictError(person.version, differing)
    if differing:
        if _adds_telling(person, {one.field: one.yours for one in differing}):
            check_explicit(person, by)
        for name, value in changes.items():
            _set(person, name, value)
        _save(person)
    names = [d.field for d in differing]
    audit.record(by=by, verb="people.update", subject=person, fields=names, partner=partner.code if partner else "")
    return person


def _save(person: Person) -> None:
    if not person.given and not person.nickname:
        raise PeopleError("no_name", _("Write a name; a nickname is enough."))
    rules.check_point(person.lat, person.lon)
    person.version += 1
    seal_personal(person)
    person.save()
    save_keys([person], anew=True)


def _differences(person: Person, changes: Mapping[str, Any]) -> list[Difference]:
    found = []
    for name, value in changes.items():
        here = value_of(person, name)
        wish = normalise(value)[: _TEXTS[name]] if name in _TEXTS else value
        wish = tuple(sorted(set(wish))) if name == "situations" else wish
        if here != wish:
            found.append(Difference(name, here, wish))
    return found


def _adds_telling(person: Person, changes: Mapping[str, Any]) -> bool:
    """Whether something of health or a disability is written; that a word is taken out tells nothing new."""
    return tells(
        words(), situations=set(changes.get("situations", ())).difference(person.situations),
        disabilities=changes.get("disabilities", ()), card=changes.get("disability_card"),
    )  # fmt: skip


def _set(person: Person, name: str, value: Any) -> None:
    assert person.key is not None
    if name in _TEXTS:
        setattr(person, name, normalise(value)[: _TEXTS[name]])
    elif name == "birth":
        rules.check_birth(value, clock.today())
        person.birth = value.isoformat() if value else ""
        person.birth_first, person.birth_last = (value.first(), value.last()) if value else (None, None)
    elif name == "pin":
        person.pin_hash = pin_hash(value) if value else ""
        person.pin_sealed = person.key.seal(value) if value else None
    elif name in {"disabilities", "disability_card"}:
        _set_care(person, name, value)
    elif name == "income":
        rules.check_income(value)
        person.income = value
    elif name == "situations":
        person.situations = sorted(set(value))
    else:
        setattr(person, name, value)


def _set_care(person: Person, name: str, value: Any) -> None:
    assert person.key is not None
    care = {
        "disabilities": [[d.type, d.version] for d in value_of(person, "disabilities")],
        "card": value_of(person, "disability_card"),
    }
    care["disabilities" if name == "disabilities" else "card"] = (
        [[d.type, d.version] for d in value] if name == "disabilities" else value
    )
    person.care_sealed = person.key.seal(care)
