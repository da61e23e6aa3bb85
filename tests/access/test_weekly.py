"""No page counts people live for those who may not read their records: what is shown of them is a weekly figure.

Every address is opened twice by readers without a right to any record; the second time no statement may read the
people's tables, but for what is of the reader alone or stands here with its reason. A new page that counts people anew
at each reading fails.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import small_city
from tests.access.objects import makers
from tests.access.walk import Address, addresses
from tests.signing import sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.core import kept
from okat.city.core.models import RateCount, WeeklyFigures
from okat.city.partners.rules import Role

pytestmark = pytest.mark.django_db
# Each row is somebody's: to count rows is to count people.
TABLES = (
    "people_(?:person|need|consent|grant|basis|visit|household|score|answers|mergeproposal|breakglass)",
    "cases_(?:case|referral|followup|transition|goal)", "jobs_(?:hire|statedskill|ask)",
    "catalogue_(?:unmet|lookout|wish)", "rounds_(?:application|result|choice|appeal)",
    "learning_(?:feedback|answered|enrolment|credential|turn|attendance|assessment|recognition)",
)  # fmt: skip
PEOPLE = re.compile(rf"\"({'|'.join(TABLES)})\"|\b({'|'.join(TABLES)}) ")
# Of the reader, of one person or of one thing of theirs: a value stands beside the column.
OF_ONE = re.compile(
    r'"(user_id|person_id|case_id|enrolment_id|list_number|digest|by_id|receiver_id|sender_id)" (= |IN \()[\'\d]'
    r'|"(people_person|people_breakglass|learning_credential|rounds_application|cases_case)"\."id" (= |IN \()[\'\d]'
)
REASONS = {
    "jobs:talk": "the times at which nobody talks yet are public",
    "rounds:public": "the places that are free are public",
    "rounds:cutoffs-csv": "the same as a table",
    "rounds:manage": "who checks a round sees all of it but names",
    "rounds:shares-csv": "the same as a table",
    "desk:today": "what waits for the reader to do",
    "learning:place": "the learner's own turn",
    "learning:progress": "the learner's own course",
}
IN_CONFIDENCE = re.compile(r"learning_feedback|catalogue_unmet")
CANDIDATES = re.compile(r"people_(person|need|consent)")
WEEKLY = {
    "desk:home", "desk:pulse", "desk:gaps", "desk:gaps-csv", "people:urban", "catalogue:by-area", "catalogue:asked-for",
    "jobs:lasting",
}  # fmt: skip


@dataclass(frozen=True)
class Read:
    """One statement about people by which an address answered somebody."""

    name: str
    reader: str
    sql: str


def walk(city: SmallCity, opened: set[str], *, anew: bool = False) -> Iterator[Read]:
    """What readers without a right to records see; `anew`: as if nothing had been told yet."""
    readers = {"anybody": Client(), "resident": entered(city.resident)}
    readers |= {role.value: entered(city.users[role]) for role in (Role.AUDITOR, Role.COMMUNITY_LEADER)}
    for address, url, _owner in urls(city):
        for reader, client in readers.items():
            found = reads(client, url, anew=anew)
            if found is not None:
                opened.add(address.name)
                yield from (Read(address.name, reader, sql) for sql in found)


def urls(city: SmallCity) -> Iterator[tuple[Address, str, User | None]]:
    """Each address with an object of its own, and who may open it."""
    made = makers()
    for address in addresses():
        if address.name:
            thing = made[address.name](city) if address.arguments else None
            yield (
                address,
                reverse(address.name, kwargs=thing.arguments if thing else {}),
                thing.owner if thing else None,
            )


def reads(client: Client, url: str, *, anew: bool = False) -> list[str] | None:
    """The statements about people at the second reading; None where the page does not open."""
    RateCount.objects.all().delete()
    if client.get(url).status_code != 200:
        return None
    kept.forget_all()
    if anew:
        WeeklyFigures.objects.all().delete()
    with CaptureQueriesContext(connection) as seen:
        client.get(url)
    return [query["sql"] for query in seen.captured_queries if PEOPLE.search(query["sql"] or "")]


def entered(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    return client


def test_nobody_without_a_right_to_records_sees_people_counted_live() -> None:
    opened: set[str] = set()
    found = [each for each in walk(small_city.build(), opened) if not OF_ONE.search(each.sql)]
    assert opened >= WEEKLY
    assert [each for each in found if each.name not in REASONS] == []
    assert {each.name for each in found} == set(REASONS)  # no reason outlives its page


def test_what_is_counted_for_a_week_is_what_the_walk_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """That it can fail: with nothing told yet, each of these pages counts people."""
    pages = [address for address in addresses() if address.name in WEEKLY]
    monkeypatch.setattr("tests.access.test_weekly.addresses", lambda: pages)
    found = {each.name for each in walk(small_city.build(), set(), anew=True) if not OF_ONE.search(each.sql)}
    assert found >= WEEKLY


def test_what_was_said_in_confidence_is_counted_for_weekly_figures_alone() -> None:
    """Whoever may open records has no more right to answers and asks without a name, nor an employer to who looks for
    work: also whoever works there reads them as last told."""
    city, opened, clients = small_city.build(), set(), dict[int, Client]()
    for address, url, owner in urls(city):
        user = owner or city.stranger
        if user.pk not in clients:
            clients[user.pk] = entered(user)
        found = reads(clients[user.pk], url)
        if found is not None:
            opened.add(address.name)
            hidden = CANDIDATES if address.name == "jobs:employer" else IN_CONFIDENCE
            assert [sql for sql in found if hidden.search(sql)] == [], address.name
    assert opened >= {"jobs:employer", "learning:course", "catalogue:asked-for"}
