"""What is handed to the actions: plain values, checked, without the database."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from okat.city.partners.models import Partner
from okat.city.people.models import Evidence
from okat.city.people.rules import SENSITIVE_LAWS, Disability, How, Law, Purpose
from okat.city.people.rules.wording import Words
from okat.city.places.models import Area
from okat.thai.partial import PartialDate


@dataclass(frozen=True)
class ConsentRow:
    """One consent as it was given. `witness` is the name of the witness, or of the guardian for `How.GUARDIAN`; `words`
    what was read (None: on an office's own paper); `on` the day, where it was given before it was written down here."""

    purpose: Purpose
    recipient: Partner
    how: How = How.SIGNATURE
    sensitive: bool = False
    witness: str = ""
    evidence: Evidence | None = None
    words: Words | None = None
    on: dt.date | None = None


@dataclass(frozen=True)
class HouseRow:
    """A household; rows of one call with the same `key` live together. `id` joins one that exists already."""

    key: str = ""
    id: UUID | None = None
    house: str = ""
    tenure: str = "unknown"
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True)
class PinRow:
    """One person to pin. Everything may be empty but the area and one name (given name or nickname).

    `pin` is 13 digits; `sensitive` values (disabilities, card) need an explicit consent among `consents`.
    `law`: by which a person said that the partner keeps the record, where no consent lets it; only one of
    SENSITIVE_LAWS reaches sensitive values. `no_health`: and even that does not, for the person said no.
    `note` is kept sealed among the visits, as what it is.
    `needs` are codes of the vocabulary `need`. `answers` belongs to the active questionnaire `questionnaire`.
    """

    area: Area
    given: str = ""
    family: str = ""
    title: str = ""
    nickname: str = ""
    sex: str = ""
    birth: PartialDate | None = None
    phone: str = ""
    pin: str = ""
    pin_flag: str = ""
    id: UUID | None = None
    lat: float | None = None
    lon: float | None = None
    household: HouseRow | None = None
    household_role: str = ""
    papers: str = "unknown"
    education: str = ""
    occupation: str = ""
    income: int | None = None
    situations: tuple[str, ...] = ()
    disabilities: tuple[Disability, ...] = ()
    disability_card: bool | None = None
    needs: tuple[str, ...] = ()
    need_note: str = ""
    consents: tuple[ConsentRow, ...] = ()
    questionnaire: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    noted_at: dt.datetime | None = None
    note: str = ""
    law: Law | None = None
    no_health: bool = False

    @property
    def health_by_law(self) -> bool:
        return self.law in SENSITIVE_LAWS and not self.no_health
