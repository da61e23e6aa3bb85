"""Certificates of our own: round trip, and every way in which one may not hold."""

import copy
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.files.credentials.making import AWARD, DID, LIST, NEW, NOON, OLD, PUBLIC, checked, signed, status_list

from okat.files import credentials as ob
from okat.files.credentials import CredentialError, KnownKey, SigningKey, _canon, _form
from okat.files.credentials.keys import from_multibase, to_multibase
from okat.files.credentials.status import BITS, marked

DAY = dt.timedelta(days=1)


def test_a_certificate_that_was_signed_holds_and_says_what_it_said() -> None:
    sent = json.loads(json.dumps(signed()))
    verdict = checked(sent)
    assert verdict.holds
    assert verdict.award == AWARD


def leaves(thing: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(thing, dict | list):
        for key in thing if isinstance(thing, dict) else range(len(thing)):
            yield from leaves(thing[key], (*path, key))
    else:
        yield path


@pytest.mark.parametrize("path", list(leaves(signed())), ids=str)
def test_one_changed_letter_anywhere_fails(path: tuple[Any, ...]) -> None:
    forged = copy.deepcopy(signed())
    spot: Any = forged
    for key in path[:-1]:
        spot = spot[key]
    old = spot[path[-1]]
    spot[path[-1]] = (not old) if isinstance(old, bool) else old[:-1] + ("x" if old[-1] != "x" else "y")
    verdict = checked(forged)
    assert verdict.code in {"unreadable", "issuer", "signature"}
    assert verdict.award is None


@pytest.mark.parametrize(
    "plant",
    [
        lambda d: d.update(description="ปริญญาเอก"),
        lambda d: d["credentialSubject"].update(narrative="ปริญญาเอก"),
        lambda d: d["credentialSubject"]["identifier"].append(d["credentialSubject"]["identifier"][0]),
        lambda d: d["@context"].append("https://example.org/made-up"),
        lambda d: d.update(proof=[d["proof"], d["proof"]]),
        lambda d: d["proof"].update(proofValue="z" + "1" * 300),
        lambda d: d["proof"].update(created="yesterday"),
        lambda d: d.pop("proof"),
        lambda d: d.update(credentialStatus={"statusListCredential": LIST, "statusListIndex": "x"}),
        lambda d: d.update(name="x" * 5000),
    ],
)
def test_what_our_certificates_never_hold_is_refused(plant: Any) -> None:
    forged = copy.deepcopy(signed())
    plant(forged)
    assert checked(forged).code == "unreadable"


@pytest.mark.parametrize("thing", [None, [], "x", 7, {}, {"@context": None}, {"issuer": []}])
def test_anything_else_is_no_certificate(thing: object) -> None:
    assert checked(thing).code == "unreadable"


def test_time() -> None:
    short = signed(valid_until=NOON + DAY)
    assert checked(short, at=NOON - DAY).code == "not_yet"
    assert checked(short, at=NOON).holds
    assert checked(short, at=NOON + DAY).code == "expired"


def test_revoked_by_its_place_in_the_list_and_by_no_other() -> None:
    assert AWARD.status is not None
    place = AWARD.status.index
    assert checked(signed(), place).code == "revoked"
    assert checked(signed(), place).award == AWARD
    assert checked(signed(), place - 1, place + 1).holds


def test_a_status_list_is_checked_like_a_certificate() -> None:
    forged = status_list(4711)
    forged["credentialSubject"]["encodedList"] = status_list()["credentialSubject"]["encodedList"]
    for bad in (forged, None, {}, {**status_list(), "id": LIST + "2"}, status_list() | {"extra": 1}):
        verdict = ob.check(signed(), keys=PUBLIC.get, lists=lambda _, bad=bad: bad, at=NOON)  # type: ignore[misc]
        assert verdict.code == "status"
    outside = ob.sign(ob.build(replace(AWARD, status=ob.Status(LIST, BITS))), NEW, at=NOON)
    assert checked(outside).code == "status"


def test_a_list_that_unpacks_without_end_is_refused() -> None:
    import base64
    import gzip

    bomb = status_list()
    packed = base64.urlsafe_b64encode(gzip.compress(b"\0" * (BITS * 4))).decode().rstrip("=")
    bomb["credentialSubject"]["encodedList"] = f"u{packed}"
    with pytest.raises(CredentialError, match="status"):
        ob.open_list(bomb)


def test_after_a_rotation_old_certificates_hold_as_long_as_their_key_is_known_and_not_called_back() -> None:
    old = signed(OLD)
    assert checked(old).holds
    assert checked(old, keys={NEW.method: PUBLIC[NEW.method]}).code == "issuer"
    called_back = {**PUBLIC, OLD.method: replace(PUBLIC[OLD.method], revoked_at=NOON)}
    assert checked(old, keys=called_back).code == "key_revoked"
    assert checked(signed(), keys=called_back).holds


def test_nobody_signs_for_somebody_else() -> None:
    stranger = SigningKey(b"\x07" * 32, ob.did_key(ob.public_of(b"\x07" * 32)))
    with pytest.raises(CredentialError, match="issuer"):
        ob.sign(ob.build(AWARD), stranger, at=NOON)
    posing = ob.sign(ob.build(AWARD), SigningKey(b"\x07" * 32, NEW.method), at=NOON)
    assert checked(posing).code == "signature"
    self_made = ob.sign(
        ob.build(replace(AWARD, issuer=replace(AWARD.issuer, did=stranger.controller))), stranger, at=NOON
    )
    assert checked(self_made).code == "issuer"
    trusted = {stranger.method: KnownKey(ob.public_of(stranger.seed)), **PUBLIC}
    assert checked(self_made, keys=trusted).code == "status"  # its list is the city's, not the stranger's


def test_the_document_of_the_keys_names_all_of_them() -> None:
    document = ob.did_document(DID, {"k2": ob.public_of(NEW.seed), "k1": ob.public_of(OLD.seed)})
    assert document["id"] == "did:web:localhost%3A8000:learning"
    assert [m["id"] for m in document["verificationMethod"]] == [NEW.method, OLD.method]
    assert document["assertionMethod"] == [NEW.method, OLD.method]


def test_keys_as_the_standard_writes_them() -> None:
    """The key pair of the W3C's own example (VC Data Integrity EdDSA Cryptosuites 1.0, appendix B)."""
    secret = from_multibase("z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq")
    assert secret[:2] == b"\x80\x26"
    public = ob.public_of(secret[2:])
    assert public == "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    assert ob.did_key(public) == f"did:key:{public}#{public}"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80))
def test_base58_both_ways(raw: bytes) -> None:
    assert from_multibase(to_multibase(raw)) == raw


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, BITS - 1), max_size=40))
def test_bits_both_ways(places: set[int]) -> None:
    opened = ob.open_list(ob.status_credential(LIST, DID, places, at=NOON))
    assert all(opened.revoked(place) for place in places)
    assert sum(byte.bit_count() for byte in marked(places)) == len(places)


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t\r"), max_size=60)


@settings(max_examples=12, deadline=None)
@given(TEXT.filter(bool), TEXT)
def test_any_text_survives(learner: str, about: str) -> None:
    verdict = checked(json.loads(json.dumps(signed(learner=learner, about=about))))
    assert verdict.award is not None
    assert (verdict.award.learner, verdict.award.about) == (learner, about)


def test_control_signs_which_libraries_escape_each_in_their_way_are_refused() -> None:
    for sign in ("\0", "\b", "\x7f", "\ud800"):
        with pytest.raises(CredentialError, match="unreadable"):
            signed(learner=f"สมหญิง{sign}")
        forged = copy.deepcopy(signed())
        forged["credentialSubject"]["identifier"][0]["identityHash"] += sign
        assert checked(forged).code == "unreadable"


ODD = ("urn:okat:learner", "_:c14n0", "_:a", "<urn:okat:id>", '"\\', "1001-01-01T00:00:00Z", "1000000000000", "")


@settings(max_examples=40, deadline=None)
@given(
    learner=TEXT | st.sampled_from(ODD), title=TEXT | st.sampled_from(ODD), criteria=TEXT | st.sampled_from(ODD),
    until=st.booleans(), ended=st.booleans(), listed=st.booleans(), index=st.integers(0, BITS - 1),
)  # fmt: skip
def test_the_form_that_is_known_gives_what_the_library_works_out(
    learner: str, title: str, criteria: str, until: bool, ended: bool, listed: bool, index: int
) -> None:
    award = replace(
        AWARD, learner=learner, title=title, criteria=criteria, valid_until=NOON + DAY if until else None,
        ended_at=NOON if ended else None, status=ob.Status(LIST, index) if listed else None,
    )  # fmt: skip
    assert _form.digest(award) == _canon.digest(ob.build(award))


@pytest.mark.parametrize("address", ["https://example.org/ a", "no address", "tag:x", "", "http://ex.org/<>"])
def test_odd_addresses_are_left_to_the_library(address: str) -> None:
    award = replace(AWARD, achievement=address)
    assert _form.digest(award) == _canon.digest(ob.build(award))
