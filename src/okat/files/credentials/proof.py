"""Data Integrity proofs of the suite `eddsa-rdfc-2022` (W3C Data Integrity EdDSA Cryptosuites 1.0, section 3.2)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature

from okat.files.credentials import _canon, _form
from okat.files.credentials.award import Award, build, moment, stamp
from okat.files.credentials.errors import CredentialError
from okat.files.credentials.keys import SigningKey, from_multibase, public_key, to_multibase


def sign(document: Mapping[str, Any], key: SigningKey, *, at: dt.datetime) -> dict[str, Any]:
    """The document with its proof. Raises CredentialError where the key is not the issuer's."""
    issuer = document["issuer"]
    _own(issuer["id"] if isinstance(issuer, Mapping) else issuer, key)
    return seal(document, key, at=at)


def certify(award: Award, key: SigningKey, *, at: dt.datetime) -> dict[str, Any]:
    """The same as `sign(build(award), key, at=at)` and several times faster, for whole courses at once."""
    _own(award.issuer.did, key)
    return _sealed(build(award), _form.digest(award), key, at)


def seal(document: Mapping[str, Any], key: SigningKey, *, at: dt.datetime) -> dict[str, Any]:
    """A document that names no issuer, with its proof."""
    return _sealed(document, _canon.digest(document), key, at)


def _own(issuer: object, key: SigningKey) -> None:
    if issuer != key.controller:
        raise CredentialError("issuer", "the key belongs to somebody else")


def _sealed(document: Mapping[str, Any], digest: bytes, key: SigningKey, at: dt.datetime) -> dict[str, Any]:
    created = stamp(at)
    value = key.private.sign(_canon.proof_digest(tuple(document["@context"]), created, key.method) + digest)
    return {**document, "proof": {**_canon.options(created, key.method), "proofValue": to_multibase(value)}}


def method_of(document: Mapping[str, Any]) -> str:
    """Which key signed. Raises CredentialError unless there is one proof of the suite's form."""
    proof = document.get("proof")
    if not isinstance(proof, Mapping) or not all(isinstance(value, str) for value in proof.values()):
        raise CredentialError("unreadable", "there is no proof")
    form = {**_canon.options(proof.get("created", ""), proof.get("verificationMethod", "")), "proofValue": ""}
    if {**proof, "proofValue": ""} != form:
        raise CredentialError("unreadable", "the proof is of another kind")
    try:
        moment(proof["created"])
    except ValueError as error:
        raise CredentialError("unreadable", "the proof has no readable time") from error
    return str(proof["verificationMethod"])


def check_signature(document: Mapping[str, Any], multikey: str) -> None:
    """Raises CredentialError `signature` where anything was changed. Call `method_of` first."""
    proof = document["proof"]
    bare = {key: value for key, value in document.items() if key != "proof"}
    try:
        value = from_multibase(proof.get("proofValue", ""))
        public_key(multikey).verify(value, _message(bare, proof["created"], proof["verificationMethod"]))
    except InvalidSignature:
        raise CredentialError("signature") from None


def _message(document: Mapping[str, Any], created: str, method: str) -> bytes:
    return _canon.proof_digest(tuple(document["@context"]), created, method) + _canon.digest(document)
