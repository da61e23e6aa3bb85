"""Bitstring Status List v1.0 (W3C): one bit for each certificate, published as a credential of its own."""

import base64
import binascii
import datetime as dt
import gzip
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from okat.files.credentials.award import VC, stamp
from okat.files.credentials.errors import CredentialError

BITS = 131_072  # the least that the standard allows, so that a list hides who looks for whom
_TYPE = ["VerifiableCredential", "BitstringStatusListCredential"]


@dataclass(frozen=True)
class StatusList:
    """`url`: where it is published; `bits`: the first bit is the highest of the first byte (section 4.1)."""

    url: str
    issuer: str
    valid_from: dt.datetime
    bits: bytes

    def revoked(self, index: int) -> bool:
        """Raises CredentialError for a place outside the list."""
        if not 0 <= index < len(self.bits) * 8:
            raise CredentialError("status", f"place {index} is outside the list")
        return bool(self.bits[index // 8] & (0x80 >> index % 8))


def marked(places: Iterable[int]) -> bytes:
    """The bits with these places set; all of them below BITS."""
    bits = bytearray(BITS // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    return bytes(bits)


def status_credential(url: str, issuer: str, revoked: Iterable[int], *, at: dt.datetime) -> dict[str, Any]:
    """The list as a credential, to be signed like any other."""
    packed = gzip.compress(marked(revoked), mtime=0)
    return {
        "@context": [VC], "id": url, "type": list(_TYPE), "issuer": issuer, "validFrom": stamp(at),
        "credentialSubject": {
            "id": f"{url}#list", "type": "BitstringStatusList", "statusPurpose": "revocation",
            "encodedList": "u" + base64.urlsafe_b64encode(packed).decode().rstrip("="),
        },
    }  # fmt: skip


def open_list(document: Mapping[str, Any]) -> StatusList:
    """Reads a status list; its proof is checked elsewhere. Raises CredentialError `status`."""
    try:
        url, issuer, since = document["id"], document["issuer"], document["validFrom"]
        encoded = document["credentialSubject"]["encodedList"]
        bits = _unpack(encoded)
        at = dt.datetime.strptime(since, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CredentialError("status", f"not a status list: {error!r}") from error
    form = status_credential(url, issuer, (), at=at)
    form["credentialSubject"]["encodedList"] = encoded
    if form != {key: value for key, value in document.items() if key != "proof"}:
        raise CredentialError("status", "it holds something that our status lists never do")
    return StatusList(url, issuer, at, bits)


def _unpack(encoded: str) -> bytes:
    if encoded[:1] != "u":
        raise ValueError("not base64url")
    text = encoded[1:]
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        # Never more than the list can hold, however small the file that says otherwise.
        bits = zlib.decompressobj(wbits=31).decompress(packed, BITS // 8 + 1)
    except (binascii.Error, zlib.error) as error:
        raise ValueError("damaged") from error
    if len(bits) != BITS // 8:
        raise ValueError("of another length")
    return bits
