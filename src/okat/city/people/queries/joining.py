"""What two records say of one person: what the other adds, and where both differ; and the records joined before."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from okat.city.people.models import Merge, MergeProposal, Person
from okat.city.people.rules import OPEN_STATUSES, SETTLE_DAYS, Papers, Status

# Columns by what they say together: they are filled as one, and where both are known they are compared as one.
FACTS: dict[str, tuple[str, ...]] = {
    "name": ("title", "given", "family"),
    "nickname": ("nickname",),
    "sex": ("sex",),
    "birth": ("birth", "birth_first", "birth_last"),
    "phone": ("phone",),
    "pin": ("pin_hash", "pin_sealed", "pin_flag"),
    "household": ("household_id", "household_role"),
    "papers": ("papers",),
    "education": ("education",),
    "occupation": ("occupation",),
    "income": ("income",),
}
_LEADS = {"name": "given", "pin": "pin_hash", "household": "household_id"}  # else the fact's own name
_QUIET = {"lat", "lon", "responsible_id"}  # filled, and never a second value


@dataclass(frozen=True)
class Joined:
    """`filled`: columns of the kept record and what they become. `added`: the facts that it did not know.
    `second`: the facts in which both differ; what the other record says of them is kept beside."""

    filled: dict[str, Any]
    added: tuple[str, ...]
    second: tuple[str, ...]


def joined_of(keep: Person, gone: Person) -> Joined:
    """What joining would make of the kept record. Both with their keys."""
    added = [fact for fact in FACTS if knows(gone, fact) and not knows(keep, fact)]
    second = differing(keep, gone)
    filled: dict[str, Any] = {name: getattr(gone, name) for fact in added for name in FACTS[fact]}
    filled |= _beside(keep, gone)
    _situations(keep, gone, filled, added)
    _care(keep, gone, filled, added, second)
    return Joined(filled, tuple(added), tuple(second))


def differing(keep: Person, other: Person) -> list[str]:
    """The facts of which both know something, and not the same."""
    known = [fact for fact in FACTS if knows(keep, fact) and knows(other, fact)]
    return [f for f in known if any(getattr(keep, name) != getattr(other, name) for name in _telling(FACTS[f]))]


def knows(person: Person, fact: str) -> bool:
    if fact == "papers":
        return person.papers != Papers.UNKNOWN
    return getattr(person, _LEADS.get(fact, fact)) not in ("", None)


def _telling(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Sealed bytes of one number differ from record to record; a role in the house says nothing of itself."""
    return tuple(name for name in columns if name not in {"pin_sealed", "pin_flag", "household_role", "title"})


def _beside(keep: Person, gone: Person) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if keep.lat is None and gone.lat is not None and keep.area_id == gone.area_id:
        found |= {"lat": gone.lat, "lon": gone.lon}
    if keep.responsible_id is None and gone.responsible_id is not None:
        found["responsible_id"] = gone.responsible_id
    if not keep.title and gone.title and keep.given == gone.given:
        found["title"] = gone.title
    return found


def _situations(keep: Person, gone: Person, filled: dict[str, Any], added: list[str]) -> None:
    both = sorted({*keep.situations, *gone.situations})
    if both != sorted(keep.situations):
        filled["situations"] = both
        added.append("situations")


def _care(keep: Person, gone: Person, filled: dict[str, Any], added: list[str], second: list[str]) -> None:
    """Disabilities add up. Where the kept record holds none the sealed bytes go over as they are: erasing the other
    record alone, after an undo, then leaves nothing of it in the kept one's history."""
    theirs, mine = gone.unseal(gone.care_sealed), keep.unseal(keep.care_sealed)
    if theirs is None:
        return
    if mine is None:
        filled["care_sealed"] = bytes(gone.care_sealed or b"")
        added.append("disability")
        return
    more = [pair for pair in theirs["disabilities"] if pair not in mine["disabilities"]]
    disabilities = [*mine["disabilities"], *more]
    card = theirs["card"] if mine["card"] is None else mine["card"]
    if theirs["card"] not in (None, card):
        second.append("disability")
    if (disabilities, card) != (mine["disabilities"], mine["card"]):
        assert keep.key is not None
        filled["care_sealed"] = keep.key.seal({"disabilities": disabilities, "card": card})
        added.append("disability")


def joined_into(person: Person) -> list[Person]:
    """The records that were merged into this one, with their keys, in the order of their making. A value of one may lie
    under the key of another that was joined into it before: each opens with the keys of all."""
    rows = Person.objects.filter(merged_into=person, status=Status.MERGED)
    found = list(rows.select_related("key", "household", "area").order_by("created_at", "pk"))
    for one in found:
        one.__dict__["joined_keys"] = [other.key for other in found if other.key is not None]
    return found


def one_human(person: UUID) -> list[UUID]:
    """The ids of a record and of those merged into it."""
    return [person, *Person.objects.filter(merged_into=person).values_list("pk", flat=True)]


def leads_to(rows: QuerySet[Person]) -> QuerySet[Person, Any]:
    """The ids of the records that these lead to: of a merged record the kept one, else the record itself."""
    return rows.order_by().values_list(Coalesce(F("merged_into"), F("pk")), flat=True)


def numbered(hashes: Iterable[str]) -> list[tuple[str, Person]]:
    """Identity numbers that are there already, each with the record that it leads to; two statements."""
    rows = Person.objects.filter(pin_hash__in=list(hashes), status__in=(*OPEN_STATUSES, Status.MERGED)).order_by("id")
    found = list(rows.annotate(root=Coalesce(F("merged_into"), F("pk"))).values_list("pin_hash", "root"))
    people = Person.objects.filter(status__in=OPEN_STATUSES).in_bulk([root for _number, root in found])
    return [(number, people[root]) for number, root in found if root in people]


def paired(records: Collection[UUID], seen: QuerySet[Person], *, since: dt.datetime | None) -> set[UUID]:
    """Those of the records about which it is a question, asked after `since`, whether they are one with another that is
    `seen`. Of the questions about others nothing is told: they say that the other is there."""
    rows = MergeProposal.objects.filter(Q(left__in=records) | Q(right__in=records))
    if since is not None:
        rows = rows.filter(at__gt=since)
    pairs = list(rows.order_by().values_list("left", "right"))
    known = set(seen.filter(pk__in={pk for pair in pairs for pk in pair}).values_list("pk", flat=True))
    return {
        one
        for left, right in pairs
        for one, other in ((left, right), (right, left))
        if one in records and other in known
    }


def unsettled() -> QuerySet[Merge]:
    """Merges for which second places are still held."""
    return Merge.objects.filter(undone_at=None, settled_at=None)


def to_settle(now: dt.datetime) -> list[Merge]:
    return list(unsettled().filter(at__lte=now - dt.timedelta(days=SETTLE_DAYS)).order_by("at", "id"))


def merge_above(merge: Merge) -> Merge | None:
    """The later merge by which the kept record of this one was joined to another."""
    return Merge.objects.filter(gone=merge.kept_id, undone_at=None).select_related("kept", "gone", "by").first()


def merges_after(merge: Merge) -> list[Merge]:
    """Later ones into the same record, oldest first."""
    rows = Merge.objects.filter(kept=merge.kept_id, undone_at=None, id__gt=merge.pk)
    return list(rows.select_related("kept", "gone").order_by("id"))
