"""The demo's rounds, run through the same steps as any other: a learning round whose courses are over, with what became
of its people; the last one, with some answers and one request for review; and a round of work that takes applications.
"""

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import FAMILIES, Family
from okat.city.core import clock
from okat.city.desk.commands.demo.earlier import carry_on
from okat.city.desk.commands.demo.people import TEAM, Made
from okat.city.partners.models import Partner
from okat.city.rounds import actions, queries, solve
from okat.city.rounds.actions import ApplyRow
from okat.city.rounds.models import Application, Choice, Decision, Place, Round
from okat.city.rounds.rules import Answer
from okat.city.rounds.rules.policy import Policy

MOST_CHOICES = 5
DRAW, DRAWN = "สลากสมมติของการสาธิต รางวัลที่ 1", "730209"
POLICY = Policy(waiting=0, waiting_most=0, most_choices=MOST_CHOICES, answer_days=14)
MOST_APPLICANTS = 2500
EACH = 3  # every third course is in the round, so that places are scarce as they are in life
ACCEPTED = 12
LOOKED_AT = 400
WRONG = "ฉันเรียนไม่จบ ม.3 แต่คะแนนข้อวุฒิการศึกษาไม่ได้นับ"


@dataclass(frozen=True)
class Days:
    """Days before today: the rules, the first and the last day, the draw, the results."""

    frozen: int
    opens: int
    closes: int
    draw: int
    published: int


LAST, EARLIER = Days(40, 30, 10, 8, 5), Days(142, 135, 120, 118, 116)
MOST_EARLIER = 300  # applicants


@dataclass(frozen=True)
class Held:
    """What was decided, for the lines that the demo prints; `resident` is somebody with an offer to answer."""

    round: Round
    decision: Decision
    resident: UUID | None
    bundle: Path


def run(people: Sequence[tuple[UUID, Made]], folder: Path) -> Held:
    """Plan, freeze, open, apply, close, draw, decide, publish, answer: each at its day in the past."""
    now, by = clock.now(), system_user()
    offers = list(_offers(Family.LEARN).filter(closes_on__gte=clock.today()))[::EACH]
    made, decision = _decided(now, LAST, ("รอบที่เรียน (สาธิต)", "Learning round (demo)"), offers, people, MOST_APPLICANTS)
    made.refresh_from_db()
    with clock.at(_before(now, 3)):
        resident = _answers(made, people, by)
    with clock.at(_before(now, 1)):
        actions.pass_on(round=made, by=by)
    bundle = folder.with_suffix(".zip")
    bundle.parent.mkdir(parents=True, exist_ok=True)
    bundle.write_bytes(queries.audit_of(made, decision))
    _takes_now(now, by)
    return Held(made, decision, resident, bundle)


def _before(now: dt.datetime, days: int) -> dt.datetime:
    return now - dt.timedelta(days=days)


def earlier(people: Sequence[tuple[UUID, Made]]) -> str:
    """A round of four months ago whose courses are over; what became of its people, in one line."""
    now, by = clock.now(), system_user()
    offers = list(_offers(Family.LEARN).filter(closes_on__lt=clock.today()))
    if not offers:
        return "an earlier round: no course lies behind us"
    words = ("รอบที่เรียนรอบก่อน (สาธิต)", "Earlier learning round (demo)")
    made, _decision = _decided(now, EARLIER, words, offers, people, MOST_EARLIER)
    return carry_on(made, _before(now, EARLIER.published), by)


def _decided(
    now: dt.datetime, days: Days, words: tuple[str, str], offers: Sequence[Opportunity],
    people: Sequence[tuple[UUID, Made]], most: int,
) -> tuple[Round, Decision]:  # fmt: skip
    """A round from its rules to its results, each step on its day."""
    by, lead, _team = _hands()
    made = _opened(now, days, words, offers)
    with clock.at(_before(now, (days.opens + days.closes) // 2)):
        actions.apply_many(round=made, rows=_lists(made, people, most), by=by)
    with clock.at(_before(now, days.closes) + dt.timedelta(days=1)):
        actions.close_round(round=made, by=by)
    with clock.at(_before(now, days.draw)):
        for hand in (lead, User.objects.get(login="auditor")):  # one enters the draw, another confirms it
            actions.enter_draw(round=made, result=DRAWN, by=hand)
        decision = actions.run_round(round=made, by=lead)
    with clock.at(_before(now, days.published)):
        actions.publish_round(round=made, by=lead)
    return made, decision


def _hands() -> tuple[User, User, Partner]:
    """The system, who leads the round, and the team it belongs to."""
    return system_user(), User.objects.get(login="coordinator"), Partner.objects.get(code=TEAM)


def _opened(now: dt.datetime, days: Days, words: tuple[str, str], offers: Sequence[Opportunity]) -> Round:
    by, lead, team = _hands()
    with clock.at(_before(now, days.frozen)):
        made = actions.create_round(
            partner=team, family=Family.LEARN, title_th=words[0], title_en=words[1],
            opens_at=_before(now, days.opens), closes_at=_before(now, days.closes), draw_th=DRAW,
            draw_en="A made-up draw", draw_on=timezone.localdate(_before(now, days.draw)),
            auditors=list(User.objects.filter(login="auditor")), by=lead,
        )  # fmt: skip
        actions.set_rules(round=made, policy=POLICY, by=lead)
        actions.add_places(round=made, opportunities=offers, by=lead)
        actions.freeze_round(round=made, by=lead)
    with clock.at(_before(now, days.opens)):
        return actions.open_round(round=made, by=by)


def _offers(family: Family) -> QuerySet[Opportunity]:
    kinds = [kind.value for kind in FAMILIES[family]]
    return Opportunity.objects.published().filter(kind__in=kinds, capacity__gt=0).order_by("row_key")


def _takes_now(now: dt.datetime, by: User) -> None:
    """A round of work, open for ten more days."""
    _system, lead, team = _hands()
    offers = list(_offers(Family.WORK))
    if not offers:
        return
    with clock.at(_before(now, 9)):
        made = actions.create_round(
            partner=team, family=Family.WORK, title_th="รอบงานและฝึกงาน (สาธิต)", title_en="Work round (demo)",
            opens_at=_before(now, 4), closes_at=now + dt.timedelta(days=10), draw_th=DRAW, draw_en="A made-up draw",
            draw_on=timezone.localdate(now + dt.timedelta(days=12)), by=lead,
        )  # fmt: skip
        actions.add_places(round=made, opportunities=offers, by=lead)
        actions.freeze_round(round=made, by=lead)
    with clock.at(_before(now, 4)):
        actions.open_round(round=made, by=by)


def _lists(made: Round, people: Sequence[tuple[UUID, Made]], most: int) -> list[ApplyRow]:
    """Grown people who want to learn ask for the nearest places that answer a need and whose rule does not refuse;
    of very many each second or third has heard of it."""
    places = queries.places_of(made)
    offered = {code for place in places for code in place.opportunity.need_codes}
    wanting = [(pk, who) for pk, who in people if who.age >= 15 and offered.intersection(who.row.needs)]
    wanting = wanting[:: 1 + len(wanting) // most]
    scorer = solve.Scorer(queries.known([pk for pk, _ in wanting]), clock.now(), made.counts_on)
    near: dict[int, list[Place]] = {}
    rows = []
    for pk, who in wanting:
        area, wanted = who.row.area, set(who.row.needs)
        if area.pk not in near:
            near[area.pk] = _near(places, area.lat or 0, area.lon or 0)
        fitting = (place for place in near[area.pk] if wanted.intersection(place.opportunity.need_codes))
        chosen = list(itertools.islice((place for place in fitting if not scorer.refused(pk, place)), MOST_CHOICES))
        if chosen:
            rows.append(ApplyRow(pk, tuple(place.opportunity_id for place in chosen)))
    return rows


def _near(places: Sequence[Place], lat: float, lon: float) -> list[Place]:
    def away(place: Place) -> tuple[float, int]:
        return math.hypot((place.opportunity.lat or 0) - lat, (place.opportunity.lon or 0) - lon), place.pk

    return sorted(places, key=away)


def _answers(made: Round, people: Sequence[tuple[UUID, Made]], by: User) -> UUID | None:
    """Some take their place, one gives it back, one asks for a review; the resident of the demo has still to answer."""
    offers = Application.objects.filter(round=made, result__answer=Answer.OFFERED, person__isnull=False)
    rows = list(offers.select_related("result").order_by("at", "pk")[:LOOKED_AT])
    ages = {pk: who.age for pk, who in people}
    ranks = _ranks(rows)
    ours = next((row for row in rows if ranks[row.pk] > 1 and ages[_person(row)] >= 30), rows[0] if rows else None)
    others = [row for row in rows if row != ours]
    for row in others[:ACCEPTED]:
        actions.accept_place(application=row, by=by, keep_waiting=ranks[row.pk] > 1)
    for row in others[ACCEPTED : ACCEPTED + 1]:
        actions.decline_place(application=row, by=by)
    waiting = Application.objects.filter(round=made, result__answer=Answer.WAITING).order_by("at", "pk").first()
    unhappy = waiting or next(iter(others[ACCEPTED + 1 :]), None)
    if unhappy is not None:
        actions.appeal(application=unhappy, reason=WRONG, by=by)
    return _person(ours) if ours else None


def _person(row: Application) -> UUID:
    assert row.person_id is not None
    return row.person_id


def _ranks(rows: Sequence[Application]) -> dict[UUID, int]:
    """Which of their own choices each got."""
    held = {row.pk: row.result.place_id for row in rows}
    choices = Choice.objects.filter(application__in=list(held)).values_list("application", "place", "rank")
    return {pk: rank for pk, place, rank in choices if held[pk] == place}


def highest(held: Held, count: int = 5) -> list[str]:
    """The highest cut-offs, in words, as everybody sees them."""
    cuts = [cut for cut in queries.cutoffs_of(held.decision) if cut.seat_class == "open" and cut.low is not None]
    top = sorted(cuts, key=lambda cut: (-(cut.low or 0), cut.place.opportunity.title_th))[:count]
    return [f"  {cut.place.opportunity.title_th}: {cut.low}-{(cut.below or 0) - 1}" for cut in top]
