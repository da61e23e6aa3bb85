"""The tally of asks, and telling those who wait when something that fits is published."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.urls import reverse

from okat.city.accounts.models import User
from okat.city.catalogue.models import Lookout, Opportunity, Unmet
from okat.city.catalogue.queries.match import needs_above
from okat.city.catalogue.queries.unmet import KEPT, lookouts_of, of_the_same
from okat.city.catalogue.queries.usable import demand, sides_of
from okat.city.catalogue.rules import Status
from okat.city.catalogue.rules.access import Clause, Usable, judge
from okat.city.catalogue.rules.ranking import AT_HOME, FAR_KM, distance_km
from okat.city.catalogue.solve.match import verdict_for
from okat.city.core import clock
from okat.city.core.kept import forget
from okat.city.notices.actions import notify
from okat.city.people import actions as people
from okat.city.people.queries.plain import title_kept
from okat.city.places.models import Area, Level


def count(*, need: str, area: Area, formats: Iterable[str], usable: Iterable[str], known: bool = False) -> None:
    """One ask more: at sub-district level at the nearest, and by the month."""
    Unmet.objects.create(
        need=need, area=_coarse(area), formats=sorted(formats), usable=sorted(usable),
        month=clock.today().replace(day=1), known=known,
    )  # fmt: skip
    forget(KEPT)


def count_lookout(row: Lookout) -> None:
    """Whoever waits for the same need in several places, or is waited for by several workers, counts once."""
    row.counted = not of_the_same(row).filter(counted=True).exists()
    row.save(update_fields=["counted"])
    if row.counted:
        formats, usable = row.conditions()
        count(need=row.need, area=row.area, formats=formats, usable=usable, known=True)


def uncount(rows: Iterable[Lookout]) -> None:
    """Take the asks of lookouts that ended off the tally. What else the same person waits for counts in its place,
    unless it counts already."""
    for row in rows:
        if not row.counted:
            continue
        _take_off(row)
        # Held, and asked of again then: one of them may end at the same moment.
        others = of_the_same(row).select_for_update(of=("self",), no_key=True).select_related("key", "area", "person")
        waiting = list(others.order_by("made_at", "id"))
        if waiting and not any(other.counted for other in waiting):
            count_lookout(waiting[0])
    forget(KEPT)


def count_once(rows: QuerySet[Lookout]) -> None:
    """Of all that one human waits for, one lookout for each need stands in the tally: `rows` became those of one by a
    merge or an account, or are so no longer."""
    of_need: dict[str, list[Lookout]] = {}
    held = (
        rows.filter(ended_at=None).select_for_update(of=("self",), no_key=True).select_related("key", "area", "person")
    )
    for row in held.order_by("made_at", "id"):
        of_need.setdefault(row.need, []).append(row)
    for waiting in of_need.values():
        counted = [row for row in waiting if row.counted]
        for row in counted[1:]:
            _take_off(row)
            row.counted = False
            row.save(update_fields=["counted"])
        if not counted:
            count_lookout(waiting[0])
    forget(KEPT)


def _take_off(row: Lookout) -> None:
    """One equal ask. Which one it was nobody knows, and nobody needs to."""
    formats, usable = row.conditions()
    same = Unmet.objects.filter(need=row.need, area=_coarse(row.area), formats=list(formats), usable=list(usable))
    newest = same.order_by("-known", "-month", "id").first()
    if newest is not None:
        newest.delete()


def _coarse(area: Area) -> Area:
    while area.level == Level.COMMUNITY and area.parent is not None:
        area = area.parent
    return area


def tell(opportunities: Sequence[Opportunity], by: User) -> None:
    """Tell those who wait of what was just published and fits them; each lookout is told once and ends with it."""
    above, answering, today = needs_above(), dict[str, list[Opportunity]](), clock.today()
    for o in opportunities:
        over = o.closes_on is not None and o.closes_on < today
        if o.status == Status.PUBLISHED and o.places_left != 0 and not over:
            for code in {code for need in o.need_codes for code in above.get(need, (need,))}:
                answering.setdefault(code, []).append(o)
    if not answering:
        return
    rows = Lookout.objects.select_for_update(of=("self",), no_key=True).filter(ended_at=None, need__in=answering)
    for row in rows.select_related("area", "key", "user", "person__area").order_by("made_at", "id"):
        wanted = demand(*row.conditions())
        found = next((o for o in answering[row.need] if _fits(o, row, wanted)), None)
        if found is not None:
            _end(row, found, by)


def _fits(o: Opportunity, row: Lookout, wanted: Sequence[Clause]) -> bool:
    """Near enough or at home, usable at every stage, and not ruled out by its conditions."""
    at_home, lat, lon = bool(AT_HOME & set(o.usable)), row.area.lat, row.area.lon
    if not at_home and None not in (lat, lon, o.lat, o.lon):
        assert lat is not None and lon is not None and o.lat is not None and o.lon is not None  # noqa: PT018
        if distance_km(lat, lon, o.lat, o.lon) > FAR_KM:
            return False
    if judge(wanted, sides_of(o.usable, o.barred))[0] is not Usable.YES:
        return False
    return row.person is None or o.rule is None or verdict_for(o.rule, row.person, row.user) != "no"


def _end(row: Lookout, found: Opportunity, by: User) -> None:
    now = clock.now()
    row.told_at = row.ended_at = now
    row.told = found
    row.save(update_fields=["told_at", "ended_at", "told"])
    row.refresh_from_db(fields=["counted"])  # another of the same person's may have ended just before
    uncount([row])
    own = row.person is None or row.person.user_id == row.user_id
    page = reverse("catalogue:open", args=[found.pk]) if own else reverse("catalogue:lookouts")
    params = {"title": found.title_th}
    # A worker reads on the list of what is waited for, for whom it is: what tells too much stands there alone.
    told = params if own else {"title": title_kept(found.title_th, telling=found.telling)}
    of = {row.user.pk: row.person.pk} if own and row.person is not None else {}
    # Whoever asked and may not act for the person any more (a link or a role ended) is not told; the person is.
    keeps = own or lookouts_of(row.user).filter(pk=row.pk).exists()
    if keeps:
        notify(users=[row.user], kind="catalogue.found", params=told, url=page, records=of, by=by)
    if row.person is not None and not own and (row.person.user is not None or not keeps):
        people.tell(people=[row.person], kind="catalogue.found", params=params, url=page, by=by)
