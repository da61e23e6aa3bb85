"""Who was reached and who was not: counted in a constant number of statements, whatever the city's size.

A person *needs* something with at least one open or met need. The person was *reached* when a need of theirs was met,
or when a case of theirs began at a partner. Only active records count, inside the areas of the reader's roles.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from okat.city.accounts.models import User
from okat.city.cases.models import Case
from okat.city.cases.rules import Verb
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries.search import still_open
from okat.city.core import audit, clock, kept
from okat.city.core.crypto import SealError
from okat.city.core.permissions import Permission
from okat.city.desk.rules import AGES, Group
from okat.city.partners.queries import areas_of, memberships
from okat.city.partners.rules import PERMISSIONS, Role
from okat.city.people.models import Consent, Need, Person
from okat.city.people.rules import NeedStatus, Status
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term, Vocabulary

KEPT_SECONDS = 300
DIMENSIONS = ("sex", "age", "papers", "area")
WITH, WITHOUT = "with", "without"

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
# The bit of each dimension is 0 in its own grouping set.
_WHICH = {0b0111: "sex", 0b1011: "age", 0b1101: "papers", 0b1110: "area"}


@dataclass
class Gaps:
    """`tables`: dimension -> groups as counted. Nothing here is protected yet: rules.protect comes before showing."""

    tables: dict[str, list[Group]] = field(default_factory=dict)
    care: list[Group] = field(default_factory=list)


@dataclass(frozen=True)
class Waiting:
    """One kind of need: how many people have it open, how many had it met, and what stands open for it.

    `free` counts free places of limited opportunities; `unlimited` those opportunities that have no limit.
    """

    term: Term
    open: int
    met: int
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
    """All tables; two statements, kept for five minutes for readers of the same areas."""
    paths, day = paths_of(user), clock.today()
    return kept.value(f"gaps:{day}:{paths}", lambda: Gaps(_tables(paths, day), _care(paths, user)), KEPT_SECONDS)


def _tables(paths: Sequence[str], day: dt.date) -> dict[str, list[Group]]:
    values: dict[str, Any] = {
        "day": day, "paths": [f"{path}%" for path in paths],
        "firsts": [first for first, _ in AGES], "lasts": [last for _, last in AGES],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        rows = cursor.fetchall()
    found: dict[str, list[Group]] = {name: [] for name in DIMENSIONS}
    for which, *keys, need, reached in rows:
        name = _WHICH[which]
        found[name].append(Group(keys[DIMENSIONS.index(name)] or "", need, reached))
    return found


def _care(paths: Sequence[str], user: User) -> list[Group]:
    """With and without a disability, among those who explicitly allowed the use of what is sensitive (PDPA s.26).

    The answers are sealed one by one and are opened here; that they were, is recorded.
    """
    allowed = Consent.objects.filter(person=OuterRef("pk"), sensitive=True, withdrawn_at=None)
    needing = Need.objects.filter(person=OuterRef("pk"), status__in=(NeedStatus.OPEN, NeedStatus.MET))
    met = Need.objects.filter(person=OuterRef("pk"), status=NeedStatus.MET)
    inside = Q(pk__in=[])
    for path in paths:
        inside |= Q(area__path__startswith=path)
    rows = (
        Person.objects.filter(inside, Exists(needing), Exists(allowed), status=Status.ACTIVE)
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
    audit.record(by=user, verb="desk.count_disability", fields=["disability"], reason="figures")
    return [Group(name, *pair) for name, pair in counts.items() if pair[0]]


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


def waiting(user: User) -> list[Waiting]:
    """Each kind of need with what is open for it, the most wanted first; three statements."""
    paths = paths_of(user)
    inside, offered = Q(pk__in=[]), Q(online=True)
    for path in paths:
        inside |= Q(person__area__path__startswith=path)
        offered |= Q(area__path__startswith=path)
    rows = Need.objects.filter(inside, person__status=Status.ACTIVE, status__in=(NeedStatus.OPEN, NeedStatus.MET))
    counts: dict[int, dict[str, int]] = {}
    for term, status, number in rows.order_by().values_list("term", "status").annotate(n=Count("pk")):
        counts.setdefault(term, {})[status] = number
    free, unlimited = _free(offered)
    found = [
        Waiting(
            term, counts.get(term.pk, {}).get(NeedStatus.OPEN, 0), counts.get(term.pk, {}).get(NeedStatus.MET, 0),
            free.get(term.code, 0), unlimited.get(term.code, 0),
        )
        for term in Term.objects.filter(vocabulary=Vocabulary.NEED)
    ]  # fmt: skip
    seen = [w for w in found if w.open or w.met or w.free or w.unlimited]
    return sorted(seen, key=lambda w: (-w.open, w.term.order, w.term.code))


def _free(offered: Q) -> tuple[dict[str, int], dict[str, int]]:
    """Free places, and opportunities without a limit, by the code of the need that they answer."""
    rows = Opportunity.objects.published().filter(still_open(clock.today()), offered)
    free: dict[str, int] = {}
    unlimited: dict[str, int] = {}
    for codes, capacity, taken in rows.order_by().values_list("need_codes", "capacity", "seats_taken"):
        for code in codes:
            if capacity is None:
                unlimited[code] = unlimited.get(code, 0) + 1
            else:
                free[code] = free.get(code, 0) + capacity - taken
    return free, unlimited
