"""Ed25519 keys and their names: Multikey, did:key and did:web.

Sources: W3C Controlled Identifiers 1.0 (Multikey: 0xed01 and the 32 bytes, base58btc with `z`), the did:key method
0.9 and the did:web method (a port's colon is written %3A, parts of a path stand after colons).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from okat.files.credentials.errors import CredentialError

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519 = b"\xed\x01"


@dataclass(frozen=True)
class SigningKey:
    """`seed`: 32 secret bytes (RFC 8032); `method`: the address under which verifiers find the public half."""

    seed: bytes
    method: str

    @cached_property
    def private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def controller(self) -> str:
        return self.method.partition("#")[0]


@dataclass(frozen=True)
class KnownKey:
    """What a verifier knows of a key. A key that was called back proves nothing at any date."""

    public: str  # Multikey
    revoked_at: dt.datetime | None = None


def public_of(seed: bytes) -> str:
    """The public half of a seed as a Multikey."""
    return to_multibase(_ED25519 + Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())


def public_key(multikey: str) -> Ed25519PublicKey:
    """Raises CredentialError for anything but an Ed25519 Multikey."""
    raw = from_multibase(multikey)
    if not raw.startswith(_ED25519) or len(raw) != 34:
        raise CredentialError("issuer", "not an Ed25519 Multikey")
    return Ed25519PublicKey.from_public_bytes(raw[2:])


def did_key(multikey: str) -> str:
    """The method address of a key that names itself."""
    return f"did:key:{multikey}#{multikey}"


def did_web(host: str, *path: str) -> str:
    """`did:web:example.org:learning` is described at https://example.org/learning/did.json."""
    return ":".join(["did:web", host.replace(":", "%3A"), *path])


def did_document(did: str, keys: Mapping[str, str]) -> dict[str, Any]:
    """All keys (name -> Multikey) with which `did` signs or signed; old ones stay so that old certificates hold."""
    methods = [
        {"id": f"{did}#{name}", "type": "Multikey", "controller": did, "publicKeyMultibase": key}
        for name, key in keys.items()
    ]
    context = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
    return {
        "@context": context, "id": did, "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }  # fmt: skip


def to_multibase(raw: bytes) -> str:
    number, digits = int.from_bytes(raw), ""
    while number:
        number, rest = divmod(number, 58)
        digits = _ALPHABET[rest] + digits
    return "z" + "1" * (len(raw) - len(raw.lstrip(b"\0"))) + digits


def from_multibase(text: str) -> bytes:
    """Raises CredentialError; at most 200 characters, so that nobody makes us count for long."""
    body = text[1:]
    if text[:1] != "z" or len(text) > 200 or not set(body) <= set(_ALPHABET):
        raise CredentialError("unreadable", "not base58btc")
    number = 0
    for letter in body:
        number = number * 58 + _ALPHABET.index(letter)
    zeros = len(body) - len(body.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)
