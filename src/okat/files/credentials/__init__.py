"""Certificates as Open Badges 3.0 in W3C Verifiable Credentials 2.0, signed with `eddsa-rdfc-2022`. No network.

Make an `Award`, `certify` it, and later `check` it: signature, key, time and status list.
"""

from okat.files.credentials.award import Award, Issuer, Status, build, read
from okat.files.credentials.checking import Verdict, check
from okat.files.credentials.errors import CredentialError
from okat.files.credentials.keys import KnownKey, SigningKey, did_document, did_key, did_web, public_of
from okat.files.credentials.passport import check_presentation, is_presentation, present
from okat.files.credentials.proof import certify, sign
from okat.files.credentials.status import StatusList, open_list, status_credential

__all__ = [
    "Award",
    "CredentialError",
    "Issuer",
    "KnownKey",
    "SigningKey",
    "Status",
    "StatusList",
    "Verdict",
    "build",
    "certify",
    "check",
    "check_presentation",
    "did_document",
    "did_key",
    "did_web",
    "is_presentation",
    "open_list",
    "present",
    "public_of",
    "read",
    "sign",
    "status_credential",
]
