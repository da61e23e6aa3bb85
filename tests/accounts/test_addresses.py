"""An address counts once its owner confirmed it; until then nothing is gained, and nobody hindered, by typing it."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.signing import make_user

from okat.city.accounts import actions, queries
from okat.city.accounts.models import Address
from okat.city.accounts.rules import Channel, How, is_address, normal_address, normal_login

PUZZLING = "a@.ไทยำ่้ํเ\u200b\u00ad-XN0123 8Aßﬁİ＠"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Somchai@ไทย.ไทย", "somchai@xn--o3cw4h.xn--o3cw4h"),
        ("somchai@XN--O3CW4H.xn--o3cw4h.", "somchai@xn--o3cw4h.xn--o3cw4h"),
        ("ｓｏｍｃｈａｉ＠Example。com", "somchai@example.com"),
        ("som\u200bchai\u2060@exam\u00adple.com\u200f", "somchai@example.com"),
        ("som\x00chai", "somchai"),
        ("Office\ufe0f ", "office"),
        ("นํ้า", "น้ำ"),
        ("+66 81-234-5678", "0812345678"),
        ("๐๘๑๒๓๔๕๖๗๘", "0812345678"),
        ("1300", "1300"),
    ],
)
def test_one_spelling(typed: str, stored: str) -> None:
    assert normal_login(typed) == stored


@settings(deadline=None, max_examples=500)
@given(st.text(alphabet=st.characters(), max_size=12) | st.text(alphabet=PUZZLING, max_size=12))
def test_the_spelling_is_settled(text: str) -> None:
    once = normal_login(text)
    assert normal_login(once) == once


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        (Channel.EMAIL, "nobody"), (Channel.EMAIL, "@example.org"), (Channel.EMAIL, "a@b"), (Channel.EMAIL, "a b@c.d"),
        (Channel.SMS, "1300"), (Channel.SMS, "02-123-4567 ต่อ 12"), (Channel.SMS, "somchai"), (Channel.LINE, ""),
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(channel: Channel, typed: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        normal_address(channel, typed)


@pytest.mark.parametrize(
    ("login", "answer"),
    [("x@y.example", True), ("0812345678", True), ("043123456", True), ("1300", False), ("a", False)],
)
def test_which_logins_are_addresses(login: str, answer: bool) -> None:
    assert is_address(login) is answer


@pytest.mark.django_db
def test_who_is_reached_where() -> None:
    known, typed = make_user("known", phone="081-234-5678"), make_user("typed", confirmed=None)
    assert queries.reachable([known]) == {known.pk: {Channel.EMAIL: "known@example.org", Channel.SMS: "0812345678"}}
    assert queries.reachable([known, typed])[typed.pk] == {}
    assert queries.reachable([]) == {}


@pytest.mark.django_db
def test_a_new_address_takes_the_place_of_the_old_one_when_it_is_confirmed() -> None:
    user = make_user()
    wish = actions.give_address(user=user, channel=Channel.EMAIL, value="New@Example.org", by=user)
    assert queries.reachable([user])[user.pk] == {Channel.EMAIL: "somchai@example.org"}
    actions.confirm_address(address=wish, how=How.LINK, by=user)
    assert queries.reachable([user])[user.pk] == {Channel.EMAIL: "new@example.org"}
    assert queries.user_called("somchai@example.org") is None
    assert queries.user_called("NEW@example.org") == user


@pytest.mark.django_db
def test_typing_an_address_first_gains_nothing_and_hinders_nobody() -> None:
    thief = make_user("thief", email="owner@example.org", confirmed=None)
    assert queries.user_called("owner@example.org") is None
    owner = make_user("owner")
    assert queries.user_called("owner@example.org") == owner
    with pytest.raises(actions.AddressTakenError):
        actions.confirm_address(address=thief.addresses.get(), how=How.LINK, by=thief)
    assert queries.user_called("owner@example.org") == owner


@pytest.mark.django_db
def test_the_database_refuses_a_second_owner() -> None:
    first, second = make_user("first"), make_user("second")
    taken = first.addresses.get()
    with pytest.raises(IntegrityError, match="address_of_one"), transaction.atomic():
        Address.objects.filter(user=second).update(value=taken.value)
