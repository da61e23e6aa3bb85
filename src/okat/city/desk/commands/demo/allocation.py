"""The demo's rounds: a learning round that lies behind us, run through the same steps as any other, with some answers
and one request for review; and a round of work that takes applications now."""

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import FAMILIES, Family
from okat.city.core import clock
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
# Days before today: the rules, the first and the last day, the draw, the results.
FROZEN, OPENS, CLOSES, DRAW_DAY, PUBLISHED = 40, 30, 10, 8, 5


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
    lead, team = User.objects.get(login="coordinator"), Partner.objects.get(code=TEAM)
    made = _opened(now, lead, team, by)
    with clock.at(_before(now, 20)):
        actions.apply_many(round=made, rows=_lists(made, people), by=by)
    with clock.at(_before(now, CLOSES) + dt.timedelta(days=1)):
        actions.close_round(round=made, by=by)
    with clock.at(_before(now, DRAW_DAY)):
        actions.join_draw(round=made, result=DRAWN, by=lead)
        decision = actions.run_round(round=made, by=lead)
    with clock.at(_before(now, PUBLISHED)):
        actions.publish_round(round=made, by=lead)
    made.refresh_from_db()
    with clock.at(_before(now, 3)):
        resident = _answers(made, people, by)
    bundle = folder.with_suffix(".zip")
    bundle.parent.mkdir(parents=True, exist_ok=True)
    bundle.write_bytes(queries.audit_of(made, decision))
    _takes_now(now, lead, team, by)
    return Held(made, decision, resident, bundle)


def _before(now: dt.datetime, days: int) -> dt.datetime:
    return now - dt.timedelta(days=days)


def _opened(now: dt.datetime, lead: User, team: Partner, by: User) -> Round:
    with clock.at(_before(now, FROZEN)):
        made = actions.create_round(
            partner=team, family=Family.LEARN, title_th="รอบที่เรียน (สาธิต)", title_en="Learning round (demo)",
            opens_at=_before(now, OPENS), closes_at=_before(now, CLOSES), draw_th=DRAW, draw_en="A made-up draw",
            draw_on=_before(now, DRAW_DAY).date(), auditors=list(User.objects.filter(login="auditor")), by=lead,
        )  # fmt: skip
        actions.set_rules(round=made, policy=POLICY, by=lead)
        actions.add_places(round=made, opportunities=_offers(Family.LEARN)[::EACH], by=lead)
        actions.freeze_round(round=made, by=lead)
    with clock.at(_before(now, OPENS)):
        return actions.open_round(round=made, by=by)


def _offers(family: Family) -> list[Opportunity]:
    kinds = [kind.value for kind in FAMILIES[family]]
    return list(Opportunity.objects.published().filter(kind__in=kinds, capacity__gt=0).order_by("row_key"))


def _takes_now(now: dt.datetime, lead: User, team: Partner, by: User) -> None:
    """A round of work, open for ten more days."""
    offers = _offers(Family.WORK)
    if not offers:
        return
    with clock.at(_before(now, 9)):
        made = actions.create_round(
            partner=team, family=Family.WORK, title_th="รอบงานและฝึกงาน (สาธิต)", title_en="Work round (demo)",
            opens_at=_before(now, 4), closes_at=now + dt.timedelta(days=10), draw_th=DRAW, draw_en="A made-up draw",
            draw_on=(now + dt.timedelta(days=12)).date(), by=lead,
        )  # fmt: skip
        actions.add_places(round=made, opportunities=offers, by=lead)
        actions.freeze_round(round=made, by=lead)
    with clock.at(_before(now, 4)):
        actions.open_round(round=made, by=by)


def _lists(made: Round, people: Sequence[tuple[UUID, Made]]) -> list[ApplyRow]:
    """Grown people who want to learn ask for the nearest places that answer a need and whose rule does not refuse;
    of very many each second or third has heard of it."""
    places = queries.places_of(made)
    offered = {code for place in places for code in place.opportunity.need_codes}
    wanting = [(pk, who) for pk, who in people if who.age >= 15 and offered.intersection(who.row.needs)]
    wanting = wanting[:: 1 + len(wanting) // MOST_APPLICANTS]
    scorer = solve.Scorer(queries.known([pk for pk, _ in wanting]), clock.now())
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
    """The highest cut-offs, in words."""
    cuts = [cut for cut in queries.cutoffs_of(held.decision) if cut.seat_class == "open" and cut.priority is not None]
    top = sorted(cuts, key=lambda cut: (-(cut.priority or 0), cut.place.opportunity.title_th))[:count]
    return [f"  {cut.place.opportunity.title_th}: {cut.priority}" for cut in top]
