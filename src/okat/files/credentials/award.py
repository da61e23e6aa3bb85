"""What a certificate says, and its one form as an Open Badges 3.0 AchievementCredential.

Sources: 1EdTech Open Badges 3.0 (context 3.0.3), W3C Verifiable Credentials Data Model 2.0. A certificate is read by
building it again: whatever differs from the form that we write is refused, so nothing can stand in it that the
signature does not cover.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from okat.files.credentials.errors import CredentialError

VC = "https://www.w3.org/ns/credentials/v2"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTEXTS = [VC, OB]
LONGEST = 4000  # characters of any text in a certificate
# Control signs (and halves of a sign) stand in none: some libraries escape them before signing, some do not.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Issuer:
    """`did` controls the key that signs."""

    did: str
    name: str
    url: str


@dataclass(frozen=True)
class Status:
    """The place of a certificate in a status list; `url` is where the list is published."""

    url: str
    index: int


@dataclass(frozen=True)
class Award:
    """`id` and `achievement` are URIs; times are aware; `learner` is the name as the person wants it written."""

    id: str
    issuer: Issuer
    learner: str
    achievement: str
    title: str
    about: str
    criteria: str
    valid_from: dt.datetime
    valid_until: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    status: Status | None = None


def build(award: Award) -> dict[str, Any]:
    """The certificate without its proof. Raises CredentialError for a control sign in its texts."""
    if _CONTROL.search("".join((award.learner, award.title, award.about, award.criteria, award.issuer.name))):
        raise CredentialError("unreadable", "a text holds a control sign")
    subject: dict[str, Any] = {
        "type": ["AchievementSubject"],
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": award.learner, "identityType": "name"}
        ],
        "achievement": {
            "id": award.achievement, "type": ["Achievement"], "achievementType": "CertificateOfCompletion",
            "name": award.title, "description": award.about, "criteria": {"narrative": award.criteria},
            "inLanguage": "th",
        },
    }  # fmt: skip
    if award.ended_at is not None:
        subject["activityEndDate"] = stamp(award.ended_at)
    made: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": award.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": award.title,
        "issuer": {
            "id": award.issuer.did, "type": ["Profile"], "name": award.issuer.name, "url": award.issuer.url
        },
        "validFrom": stamp(award.valid_from),
        "credentialSubject": subject,
    }  # fmt: skip
    if award.valid_until is not None:
        made["validUntil"] = stamp(award.valid_until)
    if award.status is not None:
        made["credentialStatus"] = {
            "id": f"{award.status.url}#{award.status.index}", "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation", "statusListIndex": str(award.status.index),
            "statusListCredential": award.status.url,
        }  # fmt: skip
    return made


def read(document: Mapping[str, Any]) -> Award:
    """The award of a certificate with or without proof. Raises CredentialError unless it has exactly our form."""
    try:
        award = _read(document)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise CredentialError("unreadable", f"not a certificate of ours: {error!r}") from error
    if build(award) != {key: value for key, value in document.items() if key != "proof"}:
        raise CredentialError("unreadable", "it holds something that our certificates never do")
    return award


def _read(document: Mapping[str, Any]) -> Award:
    issuer, subject, status = document["issuer"], document["credentialSubject"], document.get("credentialStatus")
    achievement = subject["achievement"]
    return Award(
        id=_text(document["id"]),
        issuer=Issuer(_text(issuer["id"]), _text(issuer["name"]), _text(issuer["url"])),
        learner=_text(subject["identifier"][0]["identityHash"]),
        achievement=_text(achievement["id"]),
        title=_text(achievement["name"]),
        about=_text(achievement["description"]),
        criteria=_text(achievement["criteria"]["narrative"]),
        valid_from=moment(document["validFrom"]),
        valid_until=moment(document["validUntil"]) if "validUntil" in document else None,
        ended_at=moment(subject["activityEndDate"]) if "activityEndDate" in subject else None,
        status=Status(_text(status["statusListCredential"]), int(_text(status["statusListIndex"]))) if status else None,
    )


def stamp(at: dt.datetime) -> str:
    """UTC to the second, as XML Schema writes it."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise TypeError("a text is missing or too long")
    return value
