"""One word of a life after another: whichever comes second stands, and what others said of it is left alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from tests.cases.conftest import NOON, City, asked_after

from okat.city.cases import actions, queries
from okat.city.cases.models import Case, FollowUp, Transition
from okat.city.cases.queries.record import sentence, transitions_of
from okat.city.cases.rules import FINAL, OF_LIFE, OUTCOMES, TAKEN_BACK, State, Verb, reason_words
from okat.city.core import clock
from okat.city.people.actions import not_so
from okat.city.people.models import LifeEvent
from okat.city.people.rules import SAID
from okat.city.taxonomy.models import Term


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def elsewhere(city: City) -> FollowUp:
    """What another office says of the same life in a case of its own."""
    need = Term(vocabulary="need", code="care", th="ดูแล", en="Care")
    need.save()
    city.consent(city.hospital)
    case = actions.propose(person=city.person, partner=city.town, need=need, by=city.worker)
    case = actions.accept(case=case, by=city.resident)
    case = actions.hand_over(case=case, to=city.hospital, by=city.worker)
    case = actions.refer(case=case, to=city.school, by=city.nurse).case
    case = actions.return_referral(case=case, reason="unreachable", by=city.officer)
    return actions.record_follow_up(case=case, outcome="died", by=city.nurse)


def asks() -> set[str]:
    return set(LifeEvent.objects.filter(mended_at=None).values_list("kind", flat=True))


def record(case: Case, outcome: str, city: City, *, many: bool) -> None:
    if many:
        actions.record_many(outcomes={case.pk: outcome}, by=city.manager)
    else:
        actions.record_follow_up(case=case, outcome=outcome, by=city.manager)


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("before", ["left", *OUTCOMES])
def test_every_word_after_every_other(city: City, before: str, many: bool) -> None:
    """`left`: the case was left because they moved away."""
    with clock.at(NOON):
        case = city.active()
        theirs = elsewhere(city)
        left = before == "left"
        case = actions.leave(case=case, reason="moved" if left else "health", by=city.officer)
    if not left:
        with clock.at(asked_after(30)):
            record(case, before, city, many=many)
    said_before = "moved" if left else before
    for after in OUTCOMES:
        with undone(), clock.at(asked_after(30 if left else 90)):
            asked = FollowUp.objects.filter(case=case).count()
            record(case, after, city, many=many)
            rows = list(FollowUp.objects.filter(case=case).exclude(recorded_at=None).order_by("recorded_at", "id"))
            assert FollowUp.objects.filter(case=case).count() == asked, after  # no new question falls due
            assert (rows[-1].outcome, rows[-1].taken_back_at) == (after, None)
            wrong = said_before in OF_LIFE and after != said_before
            assert [row.taken_back_at is not None for row in rows[:-1]] == ([] if left else [wrong]), after
            why = Transition.objects.get(case=case, verb=Verb.LEAVE)
            assert (why.taken_back_at is not None) == (left and wrong), after
            theirs.refresh_from_db()
            not_so = wrong and after not in OF_LIFE
            assert (theirs.taken_back_at is not None) == not_so, after
            stand = set() if not_so else {"died", after, *([] if wrong else [said_before])} & set(OF_LIFE)
            assert asks() == {SAID[OF_LIFE[word]] for word in stand}, after
            case.refresh_from_db()
            told = sentence(transitions_of(case)[-1], case)
            assert reason_words(Verb.FOLLOW_UP, after) in told
            assert not any(str(words).removeprefix("%s") in told for words in TAKEN_BACK.values())
            if after in FINAL:
                assert queries.primary(case, queries.possible(city.manager, case)) is Verb.CLOSE
                assert actions.close(case=case, by=city.manager).stage is State.CLOSED


def left_as_moved(city: City) -> tuple[Case, FollowUp]:
    """The person left it because they moved away, and another office says that they died."""
    case = city.active()
    theirs = elsewhere(city)
    return actions.leave(case=case, reason="moved", by=city.officer), theirs


@pytest.mark.parametrize("many", [False, True])
def test_why_it_was_left_counts_for_nothing_once_it_is_taken_back(city: City, many: bool) -> None:
    """Another office says since that they died: what this case says next is no word against that."""
    with clock.at(NOON):
        case = actions.leave(case=city.active(), reason="moved", by=city.officer)
        not_so(person=city.person, by=city.worker)
        assert asks() == set()
        theirs = elsewhere(city)
    with clock.at(asked_after(30)):
        record(case, "better", city, many=many)
    theirs.refresh_from_db()
    assert theirs.taken_back_at is None
    assert asks() == {SAID[OF_LIFE["died"]]}


def test_what_another_case_was_left_for_still_asks(city: City) -> None:
    """Two cases say that they moved, one of them by being left; the other is put right."""
    with clock.at(NOON):
        case, other = left_as_moved(city)
        actions.record_follow_up(case=other.case, outcome="moved", by=city.nurse)
    assert asks() == {SAID[OF_LIFE["moved"]]}
    other.refresh_from_db()
    assert other.taken_back_at is not None
    with clock.at(NOON):
        actions.record_follow_up(case=Case.objects.get(pk=other.case_id), outcome="died", by=city.nurse)
    assert asks() == {SAID[word] for word in OF_LIFE.values()}
    assert Transition.objects.get(case=case, verb=Verb.LEAVE).taken_back_at is None


def test_the_history_says_that_it_is_taken_back(city: City) -> None:
    with clock.at(NOON):
        case, _theirs = left_as_moved(city)
    told = [sentence(row, case) for row in transitions_of(case)]
    assert str(TAKEN_BACK["moved"]).removeprefix("%s") not in told[-1]
    with clock.at(NOON):
        not_so(person=city.person, by=city.worker)
    told = [sentence(row, case) for row in transitions_of(case)]
    assert str(TAKEN_BACK["moved"]).removeprefix("%s") in told[-1]
    held = queries.export(city.person.pk)["cases"]
    assert {line["taken_back"] for one in held for line in one["timeline"] if line["reason"] == "moved"} == {True}


def test_of_the_history_nothing_else_is_written_later(city: City) -> None:
    with clock.at(NOON):
        case, _theirs = left_as_moved(city)
    row = Transition.objects.get(case=case, verb=Verb.LEAVE)
    for field in row._meta.concrete_fields:
        other = {"taken_back_at": NOON}.get(field.name)
        if other is not None:
            Transition.objects.filter(pk=row.pk).update(taken_back_at=other)
            continue
        with undone(), pytest.raises(DatabaseError), transaction.atomic():
            Transition.objects.filter(pk=row.pk).update(**{field.attname: _another(row, field.attname)})
    with undone(), pytest.raises(DatabaseError), transaction.atomic():
        Transition.objects.filter(pk=row.pk).delete()


def _another(row: Transition, name: str) -> object:
    value = getattr(row, name)
    if name == "case_id":
        return uuid4()
    if name == "at":
        return NOON.replace(year=2020)
    if name == "tells":
        return not value
    return (value or 0) + 1 if name == "id" or name.endswith("_id") else f"{value}x"[-10:]
