"""Whether a certificate holds: read, key, signature, time, status; in this order, and the first fault ends it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from okat.files.credentials.award import Award, read
from okat.files.credentials.errors import CredentialError
from okat.files.credentials.keys import KnownKey
from okat.files.credentials.proof import check_signature, method_of
from okat.files.credentials.status import StatusList, open_list

Keys = Callable[[str], KnownKey | None]
Lists = Callable[[str], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Verdict:
    """`code` is empty where it holds. `award` is there only once its signature was found good: what nobody signed is
    not shown as if somebody had."""

    code: str
    detail: str = ""
    award: Award | None = None

    @property
    def holds(self) -> bool:
        return not self.code


def check(document: object, *, keys: Keys, lists: Lists, at: dt.datetime) -> Verdict:
    """`keys` knows by the address of a method whom to trust, `lists` gives a status list by its address (both None
    for unknown)."""
    award = None
    try:
        if not isinstance(document, Mapping):
            raise CredentialError("unreadable", "not an object")
        signed = read(document)
        _signature(document, signed.issuer.did, keys)
        award = signed
        _time(award, at)
        _status(award, keys, lists)
    except CredentialError as fault:
        return Verdict(fault.code, fault.detail, award)
    return Verdict("", "", award)


def _signature(document: Mapping[str, Any], issuer: str, keys: Keys) -> None:
    method = method_of(document)
    if method.partition("#")[0] != issuer:
        raise CredentialError("issuer", method)
    check_signature(document, known(method, keys).public)


def known(method: str, keys: Keys) -> KnownKey:
    """Raises CredentialError for a key of nobody whom we know, and for one that was called back."""
    found = keys(method)
    if found is None:
        raise CredentialError("issuer", method)
    if found.revoked_at is not None:
        raise CredentialError("key_revoked", method)
    return found


def _time(award: Award, at: dt.datetime) -> None:
    if at < award.valid_from:
        raise CredentialError("not_yet")
    if award.valid_until is not None and at >= award.valid_until:
        raise CredentialError("expired")


def _status(award: Award, keys: Keys, lists: Lists) -> None:
    if award.status is None:
        return
    document = lists(award.status.url)
    if document is None:
        raise CredentialError("status", "the list cannot be had")
    found = open_list(document)
    try:
        _signature(document, found.issuer, keys)
    except CredentialError as fault:
        raise CredentialError("status", str(fault)) from fault
    if _other(found, award):
        raise CredentialError("status", "the list is of another address or issuer")
    if found.revoked(award.status.index):
        raise CredentialError("revoked")


def _other(found: StatusList, award: Award) -> bool:
    return award.status is None or found.url != award.status.url or found.issuer != award.issuer.did
