"""One word of a life after another: whichever comes second stands, and what others said of it is left alone."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from tests.cases.conftest import NOON, City, asked_after

from okat.city.cases import actions, queries
from okat.city.cases.models import Case, FollowUp
from okat.city.cases.queries.record import sentence, transitions_of
from okat.city.cases.rules import FINAL, OF_LIFE, OUTCOMES, TAKEN_BACK, State, Verb, outcome_words
from okat.city.core import clock
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
            theirs.refresh_from_db()
            not_so = wrong and after not in OF_LIFE
            assert (theirs.taken_back_at is not None) == not_so, after
            stand = set() if not_so else {"died", after, *([] if wrong else [said_before])} & set(OF_LIFE)
            assert asks() == {SAID[OF_LIFE[word]] for word in stand}, after
            case.refresh_from_db()
            told = sentence(transitions_of(case)[-1], case)
            assert outcome_words(after, taken_back=False) in told
            assert not any(str(words).removeprefix("%s") in told for words in TAKEN_BACK.values())
            if after in FINAL:
                assert queries.primary(case, queries.possible(city.manager, case)) is Verb.CLOSE
                assert actions.close(case=case, by=city.manager).stage is State.CLOSED
