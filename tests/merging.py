"""What tests of merges look at: every row of the city's tables, and what must hold of records that were joined."""

from typing import Any

from django.apps import apps
from django.db.models import Q

from okat.city.catalogue.models import Opportunity
from okat.city.core.merging import sealed_values
from okat.city.core.registries import EXPORT, MERGE
from okat.city.learning.models import Enrolment, Turn
from okat.city.learning.rules import Standing
from okat.city.learning.rules.line import OPEN, State
from okat.city.people.models import Grant, Merge, Person
from okat.city.people.rules import LIVING, OPEN_STATUSES

# What tells that something happened is there afterwards; how often a record was saved, and when, is not its content.
TELLS = ("AuditEntry", "Event", "Merge", "OnceToken", "Notice", "Letter", "Session")
COUNTS = {"version", "updated_at"}


def all_rows() -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row of the city's apps, field by field."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("okat.city") or model.__name__.endswith(TELLS):
            continue
        names = [f.attname for f in model._meta.concrete_fields if f.name not in COUNTS]
        rows = model._base_manager.order_by("pk").values("pk", *names)
        if model._meta.label == "people.Slip":  # that two became one, and two again, is told on paper too
            rows = rows.exclude(kind__in=("people.joined", "people.parted"))
        found[model._meta.label] = {row.pop("pk"): {k: _plain(v) for k, v in row.items()} for row in rows}
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Rows that differ, for a message that can be read."""
    found = {}
    for label, rows in before.items():
        for pk in {*rows, *after[label]}:
            was, now = rows.get(pk, {}), after[label].get(pk, {})
            if was != now:
                found[f"{label}:{pk}"] = {k: (was.get(k), now.get(k)) for k in {*was, *now} if was.get(k) != now.get(k)}
    return found


def living() -> list[Person]:
    return list(Person.objects.filter(status__in=OPEN_STATUSES).select_related("key"))


def check() -> None:
    """What must hold whatever was merged and undone."""
    for person in living():
        for name, export in EXPORT:
            assert export(person.pk) is not None, name
        for _name, handler in MERGE:
            for _row, _field, value in sealed_values(handler.sealed, person.pk):
                person.unseal(value)
    gone = Person.objects.exclude(status__in=OPEN_STATUSES)
    assert not Grant.objects.filter(person__in=gone, ended_at=None).exists()
    assert not Enrolment.objects.filter(person__in=gone, standing=Standing.ACTIVE).exists()
    assert not Turn.objects.filter(person__in=gone, ended_at=None).exists()
    assert not Turn.objects.filter(ended_at=None).exclude(state__in=OPEN).exists(), "an open turn waits or is offered"
    ended = Person.objects.exclude(status__in=LIVING)
    assert not Turn.objects.filter(person__in=ended, ended_at=None).exists()
    assert not Enrolment.objects.filter(person__in=ended, standing=Standing.ACTIVE).exists()
    assert not Grant.objects.filter(ended_at=None, consent__withdrawn_at__isnull=False).exists()
    assert not Person.objects.filter(merged_into__in=gone).exists(), "a chain is one step long"
    for course in Opportunity.objects.filter(first_come__isnull=False):
        seats = Enrolment.objects.filter(opportunity=course, seated=True, standing__in=(Standing.ACTIVE, "joined"))
        held = Turn.objects.filter(Q(state=State.OFFERED) | Q(state="joined", answer_by__isnull=False))
        assert course.seats_taken == seats.count() + held.filter(opportunity=course).count()


def root_of(person: Person) -> Person:
    now = Person.objects.get(pk=person.pk)
    return now.merged_into or now


def open_merges() -> list[Merge]:
    return list(Merge.objects.filter(undone_at=None).order_by("id"))
