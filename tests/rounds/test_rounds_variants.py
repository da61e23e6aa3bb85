"""Policies of one's own side by side: ties, the order of reserves, quotas; written down where the round's own data is
looked at; nothing typed is lost."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rounds.conftest import AFTER, DRAWN, City
from tests.signing import sign_in_fully

from okat.city.core import clock
from okat.city.rounds import actions, solve
from okat.city.rounds.models import PolicyLook, Round
from okat.city.rounds.rules.policy import Policy, Standing
from okat.city.rounds.rules.variant import Reserves, Ties, Variant
from okat.city.rounds.solve import PlaceRow, Tried

SEATS = (("older", 3), ("disability", 5), ("low-income", 2))


def chosen(letter: str = "A", **changes: object) -> dict[str, Any]:
    values = {
        "score": 1, "need": 20, "waiting": 1, "waiting_most": 12, "near": 5, "near_km": 10, "own": "on",
        "ties": "lottery", "reserves": "published",
    } | changes  # fmt: skip
    return {"try": letter, **{f"{letter}-{name}": value for name, value in values.items() if value != ""}}


def tried(name: str, wished: str, *groups: str, **raw: Any) -> Tried:
    return Tried(name, frozenset(groups), "4001", ((wished, Standing(**raw)),))


def seats_of(variant: Variant, places: list[PlaceRow], people: list[Tried]) -> int:
    return solve.compare([Variant(Policy()), variant], places, people, seed="s", real=False)[1].placed


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 40), st.sampled_from(Reserves), st.booleans(),
    st.lists(
        st.tuples(st.sampled_from(["older", "disability"]), st.integers(1, 100)), max_size=2, unique_by=lambda q: q[0]
    ),
)  # fmt: skip
def test_no_variant_reserves_more_than_there_is(
    capacity: int, order: Reserves, kept: bool, quotas: list[tuple[str, int]]
) -> None:
    seats = Variant(Policy(reserves=kept), reserves=order, quotas=tuple(quotas)).seats(capacity, SEATS)
    assert sum(n for _group, n in seats) <= capacity
    assert all(n > 0 for _group, n in seats)


def test_the_order_of_reserves_and_quotas() -> None:
    def seats(**more: Any) -> tuple[tuple[str, int], ...]:
        return Variant(Policy(), **more).seats(20, SEATS)

    assert seats() == SEATS
    assert seats(reserves=Reserves.REVERSED) == SEATS[::-1]
    assert seats(reserves=Reserves.LARGEST)[0] == ("disability", 5)
    assert seats(reserves=Reserves.NONE) == ()
    assert seats(quotas=(("older", 25), ("disability", 9))) == (("older", 5), ("disability", 1))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(Ties), st.integers(0, 100), st.integers(0, 100), st.integers(0, 5000), st.integers(0, 5000))
def test_ties_never_outweigh_a_point(ties: Ties, one: int, other: int, waits: int, waited: int) -> None:
    variant = Variant(Policy(need=0, waiting=0, near=0), ties)
    first, second = (
        variant.priority(Standing(score=score, waiting_days=days, km=days / 100))
        for score, days in ((one, waits), (other, waited))
    )
    if one != other:
        assert (first > second) == (one > other)


def test_among_equals_the_one_who_waited_longer_goes_first() -> None:
    places = [PlaceRow("a", 1, ())]
    people = [tried(f"p{n}", "a", score=50, waiting_days=n, need=True) for n in range(30)]
    policy = Policy(waiting=0)
    for ties in (Ties.LOTTERY, Ties.WAITING):
        assert seats_of(Variant(policy, ties), places, people) == 1
    longest = max(people, key=lambda each: Variant(policy, Ties.WAITING).priority(each.wishes[0][1]))
    assert longest.name == "p29"
    assert len({Variant(policy).priority(each.wishes[0][1]) for each in people}) == 1


@pytest.fixture
def lead(city: City) -> Client:
    client = Client()
    sign_in_fully(client, city.lead)
    return client


@pytest.fixture
def made(city: City) -> Round:
    offers = city.offers({"capacity": 12, "reserves": ({"group": "older", "seats": 2},)}, {"capacity": 10})
    return city.draft() if not offers else city.opened(offers)


def test_up_to_three_stand_beside_the_policy_as_set(made: Round, lead: Client) -> None:
    url = f"/rounds/manage/{made.pk}/compare/"
    usual = lead.get(url, {"data": "synthetic"})
    assert len(usual.context["table"].rows) == 4
    query: dict[str, Any] = {"data": "synthetic", "try": []}
    for letter, changes in (
        ("A", {"ties": "waiting"}), ("B", {"reserves": "reversed", "score": "๐"}),
        ("C", {"group_1": "older", "percent_1": "50"}),
    ):  # fmt: skip
        one = chosen(letter, **changes)
        query["try"].append(one.pop("try"))
        query |= one
    page = lead.get(url, query)
    assert len(page.context["table"].rows) == 4
    assert [each["form"].errors for each in page.context["forms"]] == [{}, {}, {}]
    text = page.content.decode()
    assert "แบบ C" in text
    assert 'value="50"' in text
    changes_table = page.context["changes"]
    assert len(changes_table.columns) == 4
    assert any(cell not in {"–", "< 10"} for row in changes_table.rows for cell in row[1:])
    assert not PolicyLook.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"score": "101"}, "score"), ({"ties": "bribe"}, "ties"), ({"reserves": "mine"}, "reserves"),
        ({"group_1": "older"}, "percent_1"), ({"percent_1": "10"}, "group_1"), ({"need": "มาก"}, "need"),
        ({"group_1": "older", "percent_1": "5", "group_2": "older", "percent_2": "5"}, "group_2"),
    ],
)  # fmt: skip
def test_what_makes_no_policy_is_said_beside_its_field(
    made: Round, lead: Client, changes: dict[str, str], field: str
) -> None:
    page = lead.get(f"/rounds/manage/{made.pk}/compare/", chosen(**changes, data="synthetic"))
    assert page.status_code == 200
    assert field in page.context["forms"][0]["form"].errors
    assert f'id="id_A-{field}_error"' in page.content.decode()
    assert len(page.context["table"].rows) == 1  # only the policy as set


def test_a_look_at_the_rounds_own_data_is_written_into_its_bundle(made: Round, city: City, lead: Client) -> None:
    city.applied(made, {person: [place.opportunity for place in made.places.all()] for person in city.pin(3)})
    query = "&".join(f"{name}={value}" for name, value in chosen(ties="near", group_1="older", percent_1="10").items())
    with clock.at(AFTER):
        actions.close_round(round=made, by=city.system)
        page = lead.post(f"/rounds/manage/{made.pk}/compare/?{query}")
    assert page.context["data"] == "own"
    looks = [look.policy for look in PolicyLook.objects.order_by("id")]
    assert [(look.get("ties"), look.get("quotas")) for look in looks] == [("lottery", []), ("near", [["older", 10]])]
    with clock.at(DRAWN):
        city.draw(made)
        assert actions.run_round(round=made, by=city.lead).certificate["passed"]


def test_others_compare_nothing(made: Round, city: City) -> None:
    client = Client()
    sign_in_fully(client, city.officer)
    assert client.get(f"/rounds/manage/{made.pk}/compare/", chosen()).status_code in {403, 404}
