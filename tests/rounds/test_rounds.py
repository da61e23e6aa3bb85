"""A round from planning to the last answer, and what it refuses on the way."""

import datetime as dt
import itertools
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.rounds.conftest import AFTER, BEFORE, DRAWN, DURING, OPENS, City

from okat.city.cases.models import Case
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import SessionRow
from okat.city.core import clock
from okat.city.core.registries import HANDLERS
from okat.city.learning.actions import enrol
from okat.city.people.actions import ConsentRow, set_status
from okat.city.people.rules import How, Purpose
from okat.city.people.rules import Status as PersonStatus
from okat.city.rounds import actions, queries
from okat.city.rounds.actions import ApplyRow
from okat.city.rounds.models import Appeal, Application, Decision, PolicyLook, Result
from okat.city.rounds.rules import ORDER, STEPS, Answer, NextStep, RoundError, Status, check_step
from okat.city.rounds.rules.policy import Policy
from okat.city.rounds.solve import rows_of
from okat.engine.allocation import lottery_number
from okat.engine.allocation.check import Certificate
from okat.files.allocation.sealing import commitment
from okat.files.container import members_of
from okat.files.verify import verify_bundle

DAY = dt.timedelta(days=1)


def code(error: "pytest.ExceptionInfo[RoundError]") -> str:
    return error.value.code


def test_the_table_of_states_is_a_line_and_refuses_every_other_step() -> None:
    assert [(each.now, each.to) for each in STEPS] == list(itertools.pairwise(ORDER))
    for each in STEPS:
        for status in Status:
            if status is each.now:
                assert check_step(each.verb, status) is each
            else:
                with pytest.raises(RoundError):
                    check_step(each.verb, status)


@pytest.fixture
def offers(city: City) -> list[Opportunity]:
    return city.offers(
        {"title_th": "ทอผ้าไหม", "capacity": 2, "reserves": ({"group": "older", "seats": 1},)},
        {"title_th": "ขนมไทย", "capacity": 2},
    )


def test_the_whole_round(city: City, offers: list[Opportunity], tmp_path: Path) -> None:
    made = city.opened(offers)
    people = city.pin(6)
    city.older(people[0])
    rows = city.applied(made, dict.fromkeys(people, offers))
    decision = city.published(made)

    results = Result.objects.filter(application__round=made)
    assert results.filter(answer=Answer.OFFERED).count() == 4
    assert results.filter(answer=Answer.WAITING).count() == 2
    assert Result.objects.get(application=rows[0]).seat_class == "older"
    assert decision.certificate["passed"] is True
    assert decision.figures["placed"] == 4

    audit = bytes.fromhex(made.key.unseal(decision.audit_sealed))
    for name, data, exit_code in (("audit.zip", audit, 0), ("public.zip", bytes(decision.public or b""), 4)):
        path = tmp_path / name
        path.write_bytes(data)
        report = verify_bundle(path, seed=made.seed)
        assert report.exit_code == exit_code, report.findings


def test_the_lottery_is_drawn_on_the_pseudonym(city: City, offers: list[Opportunity]) -> None:
    made = city.opened(offers[1:])
    rows = city.applied(made, dict.fromkeys(city.pin(5), offers[1:]))
    city.decided(made)
    made.refresh_from_db()
    order = sorted(rows, key=lambda row: lottery_number(made.seed, row.pseudonym))
    placed = set(Result.objects.filter(answer=Answer.OFFERED).values_list("application_id", flat=True))
    assert placed == {row.pk for row in order[:2]}


def test_a_round_run_twice_gives_one_decision(city: City, offers: list[Opportunity]) -> None:
    made = city.opened(offers)
    city.applied(made, dict.fromkeys(city.pin(3), offers))
    first = city.decided(made)
    with clock.at(DRAWN):
        again = actions.run_round(round=made, by=city.second)
    assert again.pk == first.pk
    assert Decision.objects.filter(round=made).count() == 1


def test_an_outcome_that_fails_its_check_is_not_kept(
    city: City, offers: list[Opportunity], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = city.opened(offers)
    city.applied(made, dict.fromkeys(city.pin(5), offers))
    from okat.city.rounds.solve import decide as door

    right = door.decide

    def wrong(problem, **kwargs):  # type: ignore[no-untyped-def]
        outcome = right(problem, **kwargs)
        who = next(name for name, seat in outcome.placements.items() if seat)
        return type(outcome)({**outcome.placements, who: None}, outcome.cutoffs)

    monkeypatch.setattr(door, "decide", wrong)
    with pytest.raises(RoundError) as error:
        city.decided(made)
    assert code(error) == "certificate"
    made.refresh_from_db()
    assert made.status == Status.DRAWN
    assert not Decision.objects.exists()
    assert not Result.objects.exists()
    assert Certificate({}, ()).passed


def test_a_tampered_bundle_is_named(city: City, offers: list[Opportunity], tmp_path: Path) -> None:
    from okat.files.allocation.bundle import DECISION, seal
    from okat.files.findings import parse_json

    made = city.opened(offers)
    city.applied(made, dict.fromkeys(city.pin(5), offers))
    decision = city.published(made)
    members = members_of(bytes.fromhex(made.key.unseal(decision.audit_sealed)))
    head = parse_json(members.pop(DECISION))
    head["seed_protocol"]["public_draw"] = "111111"
    path = tmp_path / "forged.zip"
    path.write_bytes(seal(members, head))
    assert {each.code for each in verify_bundle(path).findings} == {"seed-protocol"}


def test_the_public_bundle_names_nobody_and_hides_small_groups(city: City, offers: list[Opportunity]) -> None:
    made = city.opened(offers)
    people = city.pin(5)
    city.older(people[0], people[1])
    rows = city.applied(made, dict.fromkeys(people, offers))
    public = bytes(city.published(made).public or b"")
    for row in rows:
        assert row.pseudonym.encode() not in public
    members = members_of(public)
    assert members["totals.csv"].decode() == "group,applicants,placed\nolder,*,*\n"


def test_everyone_finds_their_own_row_among_the_committed(city: City, offers: list[Opportunity]) -> None:
    made = city.opened(offers)
    rows = city.applied(made, dict.fromkeys(city.pin(5), offers))
    decision = city.published(made)
    audit = bytes.fromhex(made.key.unseal(decision.audit_sealed))
    own = rows_of(audit, rows[0].pseudonym, seed=made.seed, auditors=["อารี"])
    committed = members_of(bytes(decision.public or b""))["commitments.csv"].decode().split()
    assert own["root"] == decision.root
    assert own["auditors"] == ["อารี"]
    assert commitment(own["row"]) in committed
    assert commitment({**own["row"], "opportunity": "", "seat_class": "x"}) not in committed


def test_a_declined_place_cascades_and_is_certified_again(city: City, tmp_path: Path) -> None:
    a, b = city.offers({"title_th": "ก", "capacity": 1}, {"title_th": "ข", "capacity": 1})
    made = city.opened([a, b])
    rows = city.applied(made, {person: [a, b] for person in city.pin(3)})
    city.published(made)
    held = {row: Result.objects.get(application=row) for row in rows}
    at_a = next(row for row, result in held.items() if result.place and result.place.opportunity_id == a.pk)
    at_b = next(row for row, result in held.items() if result.place and result.place.opportunity_id == b.pk)
    third = next(row for row in rows if row not in (at_a, at_b))
    with clock.at(DRAWN):
        declined = actions.decline_place(application=at_a, by=city.system)
        assert actions.decline_place(application=at_a, by=city.system).answer == Answer.DECLINED
    assert declined.answer == Answer.DECLINED
    assert declined.place is None
    moved = Result.objects.get(application=at_b)
    assert moved.place is not None
    assert moved.place.opportunity_id == a.pk
    last = Result.objects.get(application=third)
    assert last.place is not None
    assert last.place.opportunity_id == b.pk
    assert last.answer == Answer.OFFERED
    decision = queries.latest(made)
    assert decision is not None
    assert decision.version == 2
    path = tmp_path / "refill.zip"
    path.write_bytes(bytes.fromhex(made.key.unseal(decision.audit_sealed)))
    report = verify_bundle(path)
    assert report.proven, report.findings


def test_everybody_may_decline(city: City, tmp_path: Path) -> None:
    (a,) = city.offers({"capacity": 1})
    made = city.opened([a])
    (row,) = city.applied(made, {person: [a] for person in city.pin(1)})
    city.published(made)
    with clock.at(DRAWN):
        actions.decline_place(application=row, by=city.system)
    decision = queries.latest(made)
    assert decision is not None
    path = tmp_path / "empty.zip"
    path.write_bytes(bytes.fromhex(made.key.unseal(decision.audit_sealed)))
    assert verify_bundle(path).proven


def test_accepting_ends_other_hopes_in_this_round_only(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = city.offers({"title_th": "ก", "capacity": 1}, {"title_th": "ข", "capacity": 2})
    made, other = city.opened([a, b]), city.opened([b])
    people = city.pin(2)
    rows = city.applied(made, {person: [a, b] for person in people})
    others = city.applied(other, {person: [b] for person in people})
    city.published(made), city.published(other)
    heard: list[object] = []
    items = {"places.accepted/test": lambda **values: heard.extend(row.pk for row, _place in values["taken"])}
    monkeypatch.setattr(HANDLERS, "_items", items)
    held = {row: Result.objects.get(application=row) for row in rows}
    at_a = next(row for row, result in held.items() if result.place and result.place.opportunity_id == a.pk)
    at_b = next(row for row in rows if row != at_a)
    with clock.at(DRAWN):
        actions.accept_place(application=at_b, by=city.system)
        actions.accept_place(application=at_b, by=city.system)
        actions.decline_place(application=at_a, by=city.system)
    assert heard == [at_b.pk]
    stays = Result.objects.get(application=at_b)
    assert stays.place is not None
    assert stays.place.opportunity_id == b.pk
    assert stays.answer == Answer.ACCEPTED
    assert {Result.objects.get(application=row).answer for row in others} == {Answer.OFFERED}


def test_many_who_say_yes_are_written_down_at_once(city: City) -> None:
    (a,) = city.offers({"capacity": 3})
    made = city.opened([a])
    rows = city.applied(made, {person: [a] for person in city.pin(3)})
    with pytest.raises(RoundError):
        actions.accept_many(round=made, applications=rows, by=city.system)
    city.published(made)
    with clock.at(DRAWN):
        actions.accept_place(application=rows[0], by=city.system)
        assert actions.accept_many(round=made, applications=rows, by=city.system) == 2
        assert actions.accept_many(round=made, applications=rows, by=city.system) == 0
    assert {Result.objects.get(application=row).answer for row in rows} == {Answer.ACCEPTED}
    a.refresh_from_db()
    assert a.seats_taken == 3
    assert Case.objects.filter(reference__in=[row.pk for row in rows]).count() == 3


def test_of_a_list_nobody_takes_a_place_of_which_nothing_could_be_attended(city: City) -> None:
    """As for one person alone, and in as many statements for two as for six."""
    start = DRAWN + dt.timedelta(days=9)
    hours = (
        SessionRow(start, start + dt.timedelta(hours=3)),
        SessionRow(start + DAY, start + DAY + dt.timedelta(hours=3)),
    )
    wanted, other = city.offers({"capacity": 8, "sessions": hours}, {"title_th": "ปั้นดิน", "sessions": hours[:1]})
    made = city.opened([wanted])
    people = city.pin(8)
    rows = city.applied(made, {person: [wanted] for person in people})
    city.published(made)
    with clock.at(DRAWN):
        for person in people:
            enrol(person=person, opportunity=other, case=None, by=city.officer)
        with CaptureQueriesContext(connection) as few:
            assert actions.accept_many(round=made, applications=rows[:2], by=city.system) == 2  # one session is left
        other.sessions.create(start=hours[1].start, end=hours[1].end)
        with pytest.raises(RoundError) as refused, transaction.atomic():
            actions.accept_many(round=made, applications=rows[2:], by=city.system)
        assert refused.value.code == "refused"
        assert any(person.full_name in str(refused.value) for person in people[2:])
        assert Result.objects.filter(answer=Answer.ACCEPTED).count() == 2
        other.sessions.filter(start=hours[1].start).delete()
        with CaptureQueriesContext(connection) as many:
            assert actions.accept_many(round=made, applications=rows[2:], by=city.system) == 6
    assert len(many) <= len(few)


def test_unanswered_places_go_on(city: City) -> None:
    (a,) = city.offers({"capacity": 1})
    made = city.opened([a])
    rows = city.applied(made, {person: [a] for person in city.pin(2)})
    city.published(made)
    with clock.at(DRAWN + dt.timedelta(days=7)):
        assert actions.expire_answers(round=made, by=city.system) == 0
    with clock.at(DRAWN + dt.timedelta(days=8)):
        assert actions.expire_answers(round=made, by=city.system) == 1
    assert sorted(Result.objects.values_list("answer", flat=True)) == [Answer.EXPIRED, Answer.OFFERED]
    late = Result.objects.get(answer=Answer.EXPIRED).application
    with clock.at(DRAWN + dt.timedelta(days=8)), pytest.raises(RoundError) as error:
        actions.accept_place(application=late, by=city.system)
    assert code(error) == "no_offer"
    assert len(rows) == 2


def test_clock_holds_even_when_nobody_closed(city: City, offers: list[Opportunity]) -> None:
    made = city.opened(offers)
    (person,) = city.pin(1)
    with clock.at(AFTER), pytest.raises(RoundError) as error:
        actions.apply(round=made, person=person, opportunities=[offers[0].pk], by=city.officer)
    assert code(error) == "not_open"
    with clock.at(DURING), pytest.raises(RoundError) as early:
        actions.close_round(round=made, by=city.lead)
    assert code(early) == "too_early"
    with clock.at(BEFORE):  # a clock that jumps back undoes nothing
        assert actions.open_round(round=made, by=city.lead).status == Status.OPEN


def test_applying_is_idempotent_and_reorders(city: City, offers: list[Opportunity]) -> None:
    made = city.opened(offers)
    (person,) = city.pin(1)
    with clock.at(DURING):
        first = actions.apply(round=made, person=person, opportunities=[o.pk for o in offers], by=city.officer)
        again = actions.apply(round=made, person=person, opportunities=[o.pk for o in offers], by=city.officer)
        turned = actions.apply(round=made, person=person, opportunities=[o.pk for o in offers[::-1]], by=city.officer)
        assert first.pk == again.pk == turned.pk
        assert first.pseudonym == turned.pseudonym
        ranks = list(turned.choices.order_by("rank").values_list("place__opportunity", flat=True))
        assert ranks == [offers[1].pk, offers[0].pk]
        actions.withdraw(application=turned, by=city.officer)
        actions.withdraw(application=turned, by=city.officer)
    assert queries.standing_applications(made).count() == 0


def test_consent_and_scope(city: City, offers: list[Opportunity]) -> None:
    made = city.opened(offers)
    (person,) = city.pin(1, consent=False)
    wished = [offers[0].pk]
    with clock.at(DURING):
        with pytest.raises(RoundError) as error:
            actions.apply(round=made, person=person, opportunities=wished, by=city.officer)
        assert code(error) == "consent"
        with pytest.raises(RoundError) as stranger:
            actions.apply(round=made, person=person, opportunities=wished, by=city.lead)
        assert code(stranger) == "not_allowed"
        resident = city.account(person, "me")
        given = ConsentRow(Purpose.ROUND, city.team, How.ONLINE)
        person.refresh_from_db()
        assert actions.apply(round=made, person=person, opportunities=wished, by=resident, consent=given).pk
        rows = [ApplyRow(city.pin(1, consent=False)[0].pk, tuple(wished))]
        with pytest.raises(RoundError) as nobody:
            actions.apply_many(round=made, rows=rows, by=city.system)
        assert code(nobody) == "row"


def test_apply_many_takes_a_constant_number_of_statements(city: City, offers: list[Opportunity]) -> None:
    made = city.opened(offers)
    counts = []
    for size in (3, 30):
        rows = [ApplyRow(person.pk, tuple(o.pk for o in offers)) for person in city.pin(size)]
        with clock.at(DURING), CaptureQueriesContext(connection) as seen:
            assert actions.apply_many(round=made, rows=rows, by=city.system) == size
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("wished", "why"), [([], "no_choice"), (["a", "a"], "choice_twice"), (["x"], "not_in_round")])
def test_wrong_lists_are_refused(city: City, offers: list[Opportunity], wished: list[str], why: str) -> None:
    made = city.opened(offers[:1])
    (person,) = city.pin(1)
    names = {"a": offers[0].pk, "x": offers[1].pk}
    with clock.at(DURING), pytest.raises(RoundError) as error:
        actions.apply(round=made, person=person, opportunities=[names[each] for each in wished], by=city.officer)
    assert code(error) == why


def test_a_round_without_places_or_people(city: City, offers: list[Opportunity]) -> None:
    with clock.at(BEFORE), pytest.raises(RoundError) as error:
        actions.freeze_round(round=city.draft(), by=city.lead)
    assert code(error) == "no_places"
    made = city.opened(offers)
    with pytest.raises(RoundError) as empty:
        city.decided(made)
    assert code(empty) == "nobody"


def test_capacity_changed_after_freezing_changes_nothing(city: City, offers: list[Opportunity]) -> None:
    made = city.opened(offers)
    Opportunity.objects.filter(pk=offers[1].pk).update(capacity=50)
    city.applied(made, {person: [offers[1]] for person in city.pin(4)})
    assert city.decided(made).figures["placed"] == 2
    assert [drift.now for drift in queries.drifts(queries.places_of(made))] == [50]
    with pytest.raises(RoundError), clock.at(DURING):
        actions.add_places(round=made, opportunities=offers, by=city.lead)


def test_an_opportunity_cancelled_while_open_falls_out(city: City, offers: list[Opportunity]) -> None:
    made = city.opened(offers)
    city.applied(made, dict.fromkeys(city.pin(4), offers))
    Opportunity.objects.filter(pk=offers[0].pk).update(status="cancelled")
    decision = city.decided(made)
    assert decision.figures["opportunities"] == 1
    assert decision.figures["placed"] == 2


def test_a_person_who_died_or_was_erased_in_between(city: City, offers: list[Opportunity]) -> None:
    made = city.opened(offers[1:])
    people = city.pin(3)
    rows = city.applied(made, dict.fromkeys(people, offers[1:]))
    set_status(person=people[0], status=PersonStatus.DIED, by=city.system)
    assert actions.release_erased(person=people[1].pk, by=city.system) == 1
    assert city.decided(made).figures["applicants"] == 1
    assert Application.objects.get(pk=rows[1].pk).person is None


def test_an_erased_person_gives_the_place_on(city: City) -> None:
    (a,) = city.offers({"capacity": 1})
    made = city.opened([a])
    rows = city.applied(made, {person: [a] for person in city.pin(2)})
    city.published(made)
    holder = Result.objects.get(answer=Answer.OFFERED).application
    assert holder.person_id is not None
    with clock.at(DRAWN):
        actions.release_erased(person=holder.person_id, by=city.system)
    heir = next(row for row in rows if row.pk != holder.pk)
    assert Result.objects.get(application=heir).answer == Answer.OFFERED


def test_reviews_are_answered_by_somebody_else_once(city: City, offers: list[Opportunity]) -> None:
    made = city.opened(offers)
    rows = city.applied(made, dict.fromkeys(city.pin(5), offers))
    version = city.published(made).version
    asked = actions.appeal(application=rows[0], reason="คะแนนไม่ตรง", by=city.officer)
    assert actions.appeal(application=rows[0], reason="อีกครั้ง", by=city.officer).pk == asked.pk
    assert "คะแนน".encode() not in bytes(asked.reason_sealed)
    with pytest.raises(RoundError) as own:
        actions.answer_appeal(appeal=asked, upheld=False, answer="ไม่", by=city.lead)
    assert code(own) == "own_round"
    done = actions.answer_appeal(
        appeal=asked, upheld=True, answer="คะแนนตกไปหนึ่งข้อ", next_step=NextStep.FIRST_NEXT_ROUND, by=city.second
    )
    assert done.status == "upheld"
    with pytest.raises(RoundError):
        actions.answer_appeal(appeal=asked, upheld=False, answer="ไม่", by=city.second)
    latest = queries.latest(made)
    assert latest is not None
    assert latest.version == version
    assert Appeal.objects.count() == 1


def test_strangers_steer_nothing_and_looks_are_logged(city: City, offers: list[Opportunity]) -> None:
    with clock.at(BEFORE):
        draft = city.draft()
    with pytest.raises(RoundError) as error:
        actions.add_places(round=draft, opportunities=offers, by=city.officer)
    assert code(error) == "not_allowed"
    assert actions.note_look(round=draft, policy=Policy(), by=city.lead) is None
    made = city.opened(offers)
    with clock.at(DURING):
        actions.note_look(round=made, policy=Policy(score=2), by=city.lead)
    assert PolicyLook.objects.get().policy["score"] == 2
    assert OPENS < DRAWN
