"""Sealing of sensitive values, one data key per person (or other subject).

A value is sealed with the subject's own 256-bit key (AES-GCM, NIST SP 800-38D); that key is wrapped with the
city's first key. Rotation wraps the data keys again and touches no value; destroying a data key erases every
value sealed with it, in the tables and the history alike. A backup taken before still holds the wrapped key: it has
to be destroyed in its turn (ADR 11).
"""

import contextlib
import hmac
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class SealError(Exception):
    """The value was changed, belongs to another subject, or its key is gone."""


def keyed_hash(text: str, purpose: str) -> str:
    """HMAC-SHA-256 in hex: equal texts give equal hashes, and nobody without the key can try them out."""
    return hmac.digest(settings.KEYRING.lookup, f"{purpose}:{text}".encode(), "sha256").hex()


def new_data_key(subject: str) -> bytes:
    """A fresh data key, wrapped for `subject`."""
    return wrap(secrets.token_bytes(32), subject)


def wrap(key: bytes, subject: str) -> bytes:
    first = settings.KEYRING.first
    return first.encode() + b":" + _encrypt(settings.KEYRING.sealing[first], key, subject)


def unwrap(wrapped: bytes, subject: str) -> bytes:
    """With the key of the name that stands before it, else with any of the file: a key of another file may have been
    put into this one under another name. A key that is not the right one opens nothing."""
    name, _, body = bytes(wrapped).partition(b":")
    named = name.decode("ascii", "replace")
    for _other, key in sorted(settings.KEYRING.sealing.items(), key=lambda one: one[0] != named):
        with contextlib.suppress(SealError):
            return _decrypt(key, body, subject)
    raise SealError("The key that wrapped this value is not in the key file.")


def seal(value: Any, data_key: bytes, subject: str) -> bytes:
    """Any JSON value, sealed with an unwrapped data key."""
    return _encrypt(data_key, json.dumps(value, ensure_ascii=False, sort_keys=True).encode(), subject)


def unseal(sealed: bytes, data_key: bytes, subject: str) -> Any:
    return json.loads(_decrypt(data_key, bytes(sealed), subject))


def _encrypt(key: bytes, plain: bytes, subject: str) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, plain, subject.encode())


def _decrypt(key: bytes, body: bytes, subject: str) -> bytes:
    try:
        return AESGCM(key).decrypt(body[:12], body[12:], subject.encode())
    except (InvalidTag, ValueError) as error:
        raise SealError("This sealed value cannot be opened: it was changed or is someone else's.") from error
