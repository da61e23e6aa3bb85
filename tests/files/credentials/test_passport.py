"""Several certificates in one file."""

import copy
import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from tests.files.credentials.making import AWARD, LIST, NEW, NOON, OLD, PUBLIC, signed, status_list

from okat.files import credentials as ob
from okat.files.credentials import CredentialError, SigningKey

SECOND = "urn:uuid:0192f3a4-0000-7000-8000-000000000002"


def file() -> dict[str, Any]:
    made = ob.present([signed(), signed(OLD, id=SECOND)], NEW, at=NOON)
    read: dict[str, Any] = json.loads(json.dumps(made))
    return read


def checked(document: Any, keys: Any = PUBLIC, *revoked: int) -> list[ob.Verdict]:
    return ob.check_presentation(document, keys=keys.get, lists={LIST: status_list(*revoked)}.get, at=NOON)


def test_each_certificate_of_a_file_has_its_own_verdict() -> None:
    assert ob.is_presentation(file())
    verdicts = checked(file())
    assert [verdict.award for verdict in verdicts] == [AWARD, replace(AWARD, id=SECOND)]
    assert all(verdict.holds for verdict in verdicts)
    without_old = {NEW.method: PUBLIC[NEW.method]}
    assert [verdict.code for verdict in checked(file(), without_old)] == ["", "issuer"]
    assert [verdict.code for verdict in checked(file(), PUBLIC, 4711)] == ["revoked", "revoked"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: d["verifiableCredential"].pop(), "signature"),
        (lambda d: d["verifiableCredential"][0].update(id=SECOND), "signature"),
        (lambda d: d["verifiableCredential"].append(signed(id="urn:uuid:7")), "signature"),
        (lambda d: d["proof"].update(created="2026-12-02T00:00:00Z"), "signature"),
        (lambda d: d["verifiableCredential"].clear(), "unreadable"),
        (lambda d: d["verifiableCredential"].append("x"), "unreadable"),
        (lambda d: d["verifiableCredential"][0].update(more="x"), "unreadable"),
        (lambda d: d["verifiableCredential"][0]["proof"].update(more={"a": {}}), "unreadable"),
        (lambda d: d.update(holder="did:web:example.org"), "unreadable"),
        (lambda d: d.pop("proof"), "unreadable"),
        (lambda d: d["proof"].update(verificationMethod="did:web:example.org#k"), "issuer"),
    ],
)
def test_a_file_that_was_changed_is_refused_whole(change: Any, code: str) -> None:
    forged = copy.deepcopy(file())
    change(forged)
    with pytest.raises(CredentialError) as refused:
        checked(forged)
    assert refused.value.code == code


def test_a_file_by_a_stranger_or_by_a_key_that_was_called_back_is_refused() -> None:
    stranger = ob.present([signed()], SigningKey(b"\x07" * 32, NEW.method), at=NOON)
    called_back = {**PUBLIC, NEW.method: replace(PUBLIC[NEW.method], revoked_at=NOON - dt.timedelta(days=1))}
    for document, keys, code in ((stranger, PUBLIC, "signature"), (file(), called_back, "key_revoked")):
        with pytest.raises(CredentialError) as refused:
            checked(document, keys)
        assert refused.value.code == code
