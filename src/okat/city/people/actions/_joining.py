"""Two records become one, and two again: the parts of a merge and of its undoing."""

import contextlib
from uuid import UUID

from okat.city.core.crypto import SealError
from okat.city.core.merging import Changes, Journal, put_back, sealed_values
from okat.city.core.registries import MERGE
from okat.city.people.actions._build import personal_of, save_keys, seal_personal
from okat.city.people.models import Merge, Person, PersonKey
from okat.city.people.queries.joining import joined_of
from okat.city.people.rules import Status
from okat.city.people.solve import codes_of

_DERIVED = ("sealed", "sort", "find")


def join_records(merge: Merge, keep: Person, gone: Person) -> None:
    """Everything of `gone` moves to `keep`; the merge, not yet saved, notes what was changed. Both are locked."""
    found = joined_of(keep, gone)
    merge.moved = {name: handler.move(gone.pk, keep.pk) for name, handler in MERGE}
    own = Journal()
    account = gone.user_id
    own.note(gone, status=Status.MERGED, merged_into=keep.pk, **({"user": None} if account else {}))
    own.note(keep, **found.filled, **({"user": account} if account else {}))
    if found.filled:
        _derive(own, keep)
    for person in (gone, keep):  # the account first leaves the one, for it opens one record at a time
        person.version += 1
        person.save()
    there = set(PersonKey.objects.filter(person=keep).values_list("code", flat=True))
    fresh = [PersonKey(person=keep, code=code) for code in dict.fromkeys(codes_of(keep)) if code not in there]
    own.made(PersonKey.objects.bulk_create(fresh))
    assert keep.key is not None
    merge.own_sealed = keep.key.seal(own.changes)


def _derive(own: Journal, keep: Person) -> None:
    """The sealed copy and what is looked for, noted as well."""
    before = {name: getattr(keep, name) for name in _DERIVED}
    seal_personal(keep)
    after = {name: getattr(keep, name) for name in _DERIVED}
    for name, value in before.items():
        setattr(keep, name, value)
    own.note(keep, **after)


def part_records(merge: Merge) -> None:
    """Give back what the merge changed, in every app; what was sealed for the other meanwhile is sealed anew."""
    keep = _record(merge.kept_id)
    own: Changes = keep.unseal(merge.own_sealed) or []
    put_back(own)
    for name, handler in MERGE:
        handler.back(merge.gone_id, merge.kept_id, merge.moved.get(name, []))
    keep, gone = _record(merge.kept_id), _record(merge.gone_id)
    for person in (keep, gone):
        _follow(person)
        person.version += 1
        person.save()
    _seal_anew(gone, keep)
    _seal_anew(keep, gone)


def _record(pk: UUID) -> Person:
    return Person.objects.select_for_update(of=("self",), no_key=True).select_related("key", "household").get(pk=pk)


def _follow(person: Person) -> None:
    """Where a value was changed since the merge, what follows from the values is made anew."""
    if person.unseal(person.sealed) != personal_of(person):
        seal_personal(person)
    codes = set(codes_of(person))
    if codes != set(PersonKey.objects.filter(person=person).values_list("code", flat=True)):
        save_keys([person], anew=True)


def _seal_anew(person: Person, other: Person) -> None:
    """Whatever was written for the joined record lies under the kept one's key, and went back with its row."""
    assert person.key is not None
    for _name, handler in MERGE:
        for row, field, value in sealed_values(handler.sealed, person.pk):
            try:
                person.unseal(value)
            except SealError:
                with contextlib.suppress(SealError):  # else it was broken before, and stays as it is
                    row.update(**{field: person.key.seal(other.unseal(value))})
