"""Several certificates in one file: a Verifiable Presentation (W3C VC Data Model 2.0, section 4.13), signed by the city
that put it together. Nobody is named as its holder: the file says what was learned, not who shows it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from okat.files.credentials.award import VC, read
from okat.files.credentials.checking import Keys, Lists, Verdict, check, known
from okat.files.credentials.errors import CredentialError
from okat.files.credentials.keys import SigningKey
from okat.files.credentials.proof import check_signature, method_of, seal

MOST = 200  # certificates in one file


def present(certificates: Sequence[Mapping[str, Any]], key: SigningKey, *, at: dt.datetime) -> dict[str, Any]:
    """Certificates with their proofs, in one file with a proof of its own."""
    return seal(_form(certificates), key, at=at)


def is_presentation(document: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(document, Mapping) and document.get("type") == ["VerifiablePresentation"]


def check_presentation(document: Mapping[str, Any], *, keys: Keys, lists: Lists, at: dt.datetime) -> list[Verdict]:
    """One verdict for each certificate. Raises CredentialError where the file itself does not hold: something was
    taken out, put in or changed since it was signed."""
    certificates = document.get("verifiableCredential")
    if not isinstance(certificates, list) or not 0 < len(certificates) <= MOST:
        raise CredentialError("unreadable", "no certificates, or too many")
    for one in certificates:
        read(one)  # only what has our form, its proof too, is brought to canonical form: a hostile graph takes long
        method_of(one)
    if _form(certificates) != {name: value for name, value in document.items() if name != "proof"}:
        raise CredentialError("unreadable", "it holds something that our files never do")
    method = method_of(document)
    check_signature(document, known(method, keys).public)
    return [check(one, keys=keys, lists=lists, at=at) for one in certificates]


def _form(certificates: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"@context": [VC], "type": ["VerifiablePresentation"], "verifiableCredential": list(certificates)}
