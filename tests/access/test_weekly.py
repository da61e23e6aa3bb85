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
from django.utils import translation
from django.utils.translation import gettext
from tests import small_city
from tests.access.objects import makers
from tests.access.walk import Address, addresses
from tests.signing import sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.core import kept
from okat.city.core.models import RateCount, WeeklyFigures
from okat.city.core.registries import FIGURES
from okat.city.core.weekly import NEVER
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
    r'"(user_id|person_id|merged_into_id|case_id|enrolment_id|list_number|digest|by_id|receiver_id|sender_id)"'
    r" (= |IN \()[\'\d]"
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


# What pages say of numbers that were counted and are too small.
SMALL = (
    "Fewer than ten people of the province.", "Too few were hired yet to show figures",
    "No employer has figures large enough yet.", "No course has figures large enough yet.",
    "Fewer than ten people have gone this way with us.", "Fewer than ten people with a need are pinned here",
    "Nowhere do enough people ask for the same", "Nobody looks for this, and nothing is free",
    "No district has 10 or more people of this kind", "Shown once ten learners have answered.",
)  # fmt: skip
TABLES_OF = {"people:urban": "format=csv", "catalogue:by-area": "as=csv"}


def test_what_was_not_counted_yet_is_said_to_be_that_wherever_it_is_shown() -> None:
    """As where the disk was full, or counting took longer than a page has: nobody knows whether they are few."""
    city, shown, clients = small_city.build(), set(), dict[int, Client]()
    with translation.override("th"):
        small = [gettext(said) for said in SMALL] + [f">{gettext(said)}<" for said in ("under 10", "under ten")]
        not_counted = (gettext("not counted yet"), gettext("People are not counted yet"))
    for address, url, owner in urls(city):
        more = [f"{url}?{TABLES_OF[address.name]}"] if address.name in TABLES_OF else []
        for user in [owner] if owner else [city.stranger, city.users[Role.COMMUNITY_LEADER], city.resident]:
            if user.pk not in clients:
                clients[user.pk] = entered(user)
            for page in (url, *more):
                text = uncounted(clients[user.pk], page)
                if text is not None:
                    shown.add(address.name)
                    assert any(said in text for said in not_counted), page
                    assert [said for said in small if said in text] == [], page
    assert shown >= WEEKLY | {"desk:today", "jobs:employer", "jobs:path", "learning:course"}
    assert set(WeeklyFigures.objects.values_list("kind", flat=True)) == {kind for kind, _counted in FIGURES}


def uncounted(client: Client, url: str) -> str | None:
    """The page as long as nothing is counted; None where it does not open, or shows no weekly figures."""
    RateCount.objects.all().delete()
    kept.forget_all()
    with CaptureQueriesContext(connection) as seen:
        opens = client.get(url).status_code == 200
    if not opens or not any("core_weeklyfigures" in (query["sql"] or "") for query in seen.captured_queries):
        return None
    WeeklyFigures.objects.update(numbers={}, drawn_on=NEVER)
    kept.forget_all()
    return client.get(url).content.decode()
