"""Who was reached and who was not: weekly figures of the areas of a role, counted in a constant number of statements.

A person *needs* something with at least one open or met need. The person was *reached* when a need of theirs was met,
or when a case of theirs began at a partner. Only active records count, inside the areas of the reader's roles.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from okat.city.accounts.models import User
from okat.city.cases.models import Case
from okat.city.cases.rules import Verb
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries.search import still_open
from okat.city.catalogue.solve import hushed
from okat.city.core import audit, clock, weekly
from okat.city.core.crypto import SealError
from okat.city.core.permissions import Permission
from okat.city.core.steady import within
from okat.city.core.weekly import Sheet
from okat.city.desk.rules import AGES, Group
from okat.city.partners.queries import areas_of, memberships
from okat.city.partners.rules import PERMISSIONS, Role
from okat.city.people.models import Consent, Need, Person
from okat.city.people.rules import NeedStatus, Status
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term, Vocabulary

DIMENSIONS = ("sex", "age", "papers", "area")
WITH, WITHOUT = "with", "without"
CARE, WHOLE = "disability", "whole"

# One pass over the people; each grouping set is one table. Places in the path: province, district, sub-district.
_COUNT = """
with needing as (
  select person_id, bool_or(status = 'met') as met from people_need where status in ('open', 'met') group by person_id
), begun as (
  select distinct c.person_id from cases_transition t join cases_case c on c.id = t.case_id where t.verb = 'start'
), base as (
  select p.sex, p.papers, split_part(a.path, '/', 3) as area,
         case when p.birth_first is null then -1 else extract(year from age(%(day)s, p.birth_first))::int end as years,
         n.met or b.person_id is not null as reached
  from people_person p
  join places_area a on a.id = p.area_id
  join needing n on n.person_id = p.id
  left join begun b on b.person_id = p.id
  where p.status = 'active' and a.path like any(%(paths)s)
), banded as (
  select sex, papers, area, reached, coalesce((
    select first from unnest(%(firsts)s::int[], %(lasts)s::int[]) as band(first, last)
    where years between first and last limit 1), -1)::text as age
  from base
)
select grouping(sex, age, papers, area) as which, sex, age, papers, area, count(*), count(*) filter (where reached)
from banded group by grouping sets ((sex), (age), (papers), (area))
"""
_TABLES = (*DIMENSIONS, CARE)
# The bit of each dimension is 0 in its own grouping set.
_WHICH = {0b0111: "sex", 0b1011: "age", 0b1101: "papers", 0b1110: "area"}


@dataclass(frozen=True)
class Gaps:
    """As of `day`: all who need something, and the told groups of each table."""

    day: dt.date | None
    whole: Group
    tables: dict[str, list[Group]]


@dataclass(frozen=True)
class Waiting:
    """One kind of need: how many people have it open, how many had it met (None: held back), and what stands open for
    it now.

    `free` counts free places of limited opportunities; `unlimited` those opportunities that have no limit.
    """

    term: Term
    open: int | None
    met: int | None
    free: int
    unlimited: int


def paths_of(user: User) -> list[str]:
    """Area paths within which the user's roles may see figures."""
    found = {
        area.path
        for member in memberships(user)
        if Permission.SEE_GAPS in PERMISSIONS[Role(member.role)]
        for area in areas_of(member)
    }
    return sorted(found)


def gaps(user: User) -> Gaps:
    """All tables; one statement beside the user's roles."""
    sheet = _sheet(user)
    keys = {name: {each.split("|")[1] for each in sheet.names if each.startswith(f"{name}|")} for name in _TABLES}
    tables = {name: [_group(sheet, name, key) for key in sorted(keys[name])] for name in _TABLES}
    return Gaps(sheet.day, _group(sheet, WHOLE, ""), tables)


def _sheet(user: User) -> Sheet:
    paths = paths_of(user)
    return weekly.told("desk.gaps", paths) if paths else Sheet(clock.today(), {})


def _group(sheet: Sheet, name: str, key: str) -> Group:
    need, *parts = (sheet.number(f"{name}|{key}|{what}") for what in ("need", "reached", "waits"))
    return Group(key, need, *(within(part, need) for part in parts))


def counted(paths: list[str]) -> dict[str, int]:
    """The numbers inside these areas, for the weekly figures."""
    found: dict[str, int] = {}
    for name, key, need, reached in (*_tables(paths, clock.today()), *_care(paths)):
        for place in {(name, key), (WHOLE, "") if name == "sex" else (name, key)}:
            for what, number in (("need", need), ("reached", reached), ("waits", need - reached)):
                at = "|".join((*place, what))
                found[at] = found.get(at, 0) + number
    return {**found, **_kinds(paths)}


def _tables(paths: Sequence[str], day: dt.date) -> Iterable[tuple[str, str, int, int]]:
    """(table, group, who need something, who of them was reached)"""
    values: dict[str, Any] = {
        "day": day, "paths": [f"{path}%" for path in paths],
        "firsts": [first for first, _ in AGES], "lasts": [last for _, last in AGES],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        rows = cursor.fetchall()
    for which, *keys, need, reached in rows:
        name = _WHICH[which]
        yield name, keys[DIMENSIONS.index(name)] or "", need, reached


def _care(paths: Sequence[str]) -> Iterable[tuple[str, str, int, int]]:
    """With and without a disability, among those who explicitly allowed the use of what is sensitive (PDPA s.26).

    The answers are sealed one by one and are opened here; that they were, is recorded.
    """
    allowed = Consent.objects.filter(person=OuterRef("pk"), sensitive=True, withdrawn_at=None)
    needing = Need.objects.filter(person=OuterRef("pk"), status__in=(NeedStatus.OPEN, NeedStatus.MET))
    met = Need.objects.filter(person=OuterRef("pk"), status=NeedStatus.MET)
    rows = (
        Person.objects.filter(_inside(paths, "area"), Exists(needing), Exists(allowed), status=Status.ACTIVE)
        .exclude(care_sealed=None)
        .annotate(reached=Exists(met) | Exists(_begun()))
        .select_related("key")
        .only("care_sealed", "key")
    )
    counts = {WITH: [0, 0], WITHOUT: [0, 0]}
    for person in rows.iterator(chunk_size=2000):
        group = counts[WITH if _disabled(person) else WITHOUT]
        group[0] += 1
        group[1] += bool(person.reached)
    audit.record(by=None, verb="desk.count_disability", fields=["disability"], reason="figures")
    return [(CARE, name, need, reached) for name, (need, reached) in counts.items()]


def _inside(paths: Sequence[str], area: str) -> Q:
    inside = Q(pk__in=[])
    for path in paths:
        inside |= Q(**{f"{area}__path__startswith": path})
    return inside


def _begun() -> QuerySet[Case]:
    return Case.objects.filter(person=OuterRef("pk"), transitions__verb=Verb.START)


def _disabled(person: Person) -> bool:
    try:
        care = person.unseal(person.care_sealed) or {}
    except SealError:
        return False
    return bool(care.get("disabilities") or care.get("card"))


def area_names(groups: Sequence[Group]) -> dict[str, Area]:
    """The sub-districts of a table by their codes, with their districts."""
    rows = Area.objects.filter(code__in=[g.key for g in groups]).select_related("parent").defer("boundary")
    return {area.code: area for area in rows}


def waiting(user: User) -> tuple[dt.date | None, list[Waiting]]:
    """Each kind of need with what is open for it, the most wanted first, and as of when people are counted; three
    statements beside the user's roles."""
    sheet = _sheet(user)
    free, unlimited = _free(_inside(paths_of(user), "area") | Q(online=True))
    found = [
        Waiting(
            term, sheet.number(_kind(term.code, NeedStatus.OPEN)), sheet.number(_kind(term.code, NeedStatus.MET)),
            free.get(term.code, 0), unlimited.get(term.code, 0),
        )
        for term in Term.objects.filter(vocabulary=Vocabulary.NEED)
    ]  # fmt: skip
    seen = [w for w in found if w.open or w.met or w.free or w.unlimited]
    return sheet.day, sorted(seen, key=lambda w: (-(w.open or 0), w.term.order, w.term.code))


def _kinds(paths: Sequence[str]) -> dict[str, int]:
    """How many people have each kind of need open, and met."""
    inside, known = _inside(paths, "person__area"), (NeedStatus.OPEN, NeedStatus.MET)
    rows = Need.objects.filter(inside, person__status=Status.ACTIVE, status__in=known).order_by()
    counts = rows.values_list("term__code", "status").annotate(n=Count("person", distinct=True))
    return {_kind(code, status): number for code, status, number in counts}


def _kind(code: str, status: str) -> str:
    return f"kind|{code}|{status}"


def _free(offered: Q) -> tuple[dict[str, int], dict[str, int]]:
    """Free places, and opportunities without a limit, by the need that they answer. The places of what tells of people
    by how many are free are left out: the public numbers of all others would leave them over."""
    rows = Opportunity.objects.published().filter(still_open(clock.today()), offered)
    rows = rows.exclude(capacity__isnull=False, pk__in=hushed())
    free: dict[str, int] = {}
    unlimited: dict[str, int] = {}
    for codes, capacity, taken in rows.order_by().values_list("need_codes", "capacity", "seats_taken"):
        for code in codes:
            if capacity is None:
                unlimited[code] = unlimited.get(code, 0) + 1
            else:
                free[code] = free.get(code, 0) + capacity - taken
    return free, unlimited
