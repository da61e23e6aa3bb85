"""What is taken away once nothing hangs on it: whoever begins to name it at that very moment waits, and is told that it
is gone; nothing that was stored goes with it untold."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.cases.conftest import build
from tests.cases.test_undo_import import imported, published
from tests.learning.conftest import AFTER, make
from tests.meanwhile import Meanwhile

from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions._listed import write_listings
from okat.city.catalogue.actions._sessions import sync_sessions
from okat.city.catalogue.models import Opportunity, Session, Wish
from okat.city.catalogue.rules.rows import OpportunityRow, SessionRow
from okat.city.core import clock
from okat.city.core.refusals import GoneError
from okat.city.learning.actions import cancel_session
from okat.city.learning.models import CalledOff
from okat.city.people.actions import undo_import
from okat.city.people.models import ImportBatch, Person

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def at(when: Callable[[str], bool], do: Callable[[], object]) -> Iterator[list[Meanwhile]]:
    """Do something on another connection just before a statement of this one, and go on once it is done or waits."""
    begun: list[Meanwhile] = []

    def before(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not begun and when(sql):
            begun.append(Meanwhile(do))
            assert not begun[0].settled(), "it waited for nobody"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(before):
        yield begun


def looked_through(sql: str) -> bool:
    """What hangs on it has been asked, and that it goes is about to be written down."""
    return sql.startswith("INSERT INTO")


@pytest.mark.parametrize("kind", ["people", "opportunities"])
def test_what_an_import_made_goes_before_anybody_can_name_it(kind: str) -> None:
    city = build()
    batch, course, person = imported(city), published(city), city.person
    if kind == "opportunities":
        batch = ImportBatch.objects.create(
            kind=kind, partner=city.town, by=city.manager, filename="a.csv", status="imported", digest="",
            at=clock.now(), done_at=clock.now(),
        )  # fmt: skip
        row = OpportunityRow(provider="town", area=city.town.area.code, kind="interest", title_th="ขนมไทย", key="new")
        with transaction.atomic():
            write_listings([row], batch, city.manager)
        course = Opportunity.objects.get(import_batch=batch.pk)
    else:
        person = Person.objects.filter(batch=batch).earliest("pk")
    with at(looked_through, lambda: Wish.objects.create(person=person, opportunity=course, place=1)) as begun:
        gone, _kept = undo_import(batch=batch, by=city.manager)
    assert gone == (3 if kind == "people" else 1)
    with pytest.raises(IntegrityError):
        begun[0].done()
    assert not Wish.objects.exists()


def test_a_meeting_goes_before_anybody_can_call_it_off() -> None:
    school = make()
    first, *rest = school.sessions
    asked: list[str] = []

    def again(sql: str) -> bool:
        """Asked once whether anything points to it, and now to see what goes along."""
        asked.extend([sql] if ' FROM "learning_calledoff" WHERE' in sql else [])
        return len(asked) > 1

    rows = [SessionRow(session.start, session.end) for session in rest]
    do: Callable[[], object] = lambda: cancel_session(session=first, reason="ฝนตก", by=school.teacher)  # noqa: E731
    with clock.at(AFTER), transaction.atomic(), at(again, do) as begun:
        course = Opportunity.objects.select_for_update(no_key=True).get(pk=school.course.pk)
        sync_sessions({course: rows}, by=system_user())
    with pytest.raises(GoneError):
        begun[0].done()
    assert not CalledOff.objects.exists()
    assert set(Session.objects.values_list("pk", flat=True)) == {session.pk for session in rest}
