"""Turning applications into rows with scores, in a constant number of statements."""

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any

from okat.city.accounts.models import User
from okat.city.core import clock, ids
from okat.city.partners.models import Partner
from okat.city.people.models import Person
from okat.city.rounds import queries, solve
from okat.city.rounds.models import Application, Choice, Place, Round
from okat.city.rounds.queries import Known
from okat.city.rounds.rules.policy import Points, Policy, points_of, total

STEP = 1000


class Writer:
    """Makes applications and choices of one round at one moment."""

    def __init__(self, round_: Round, by: User, partner: Partner | None, people: Sequence[Person]) -> None:
        self.round, self.by, self.partner = round_, by, partner
        self.policy = Policy.from_dict(round_.rules)
        self.now: dt.datetime = clock.now()
        self.known: Known = queries.known([person.pk for person in people])
        self.on = round_.counts_on
        self.scorer = solve.Scorer(self.known, self.now, self.on)

    def application(self, person: Person) -> Application:
        """A new one, not yet saved; groups are fixed now."""
        return Application(
            round=self.round, person=person, pseudonym=secrets.token_hex(12), receipt=ids.receipt(),
            sealed=self._groups(person), entered_by=self.by, partner=self.partner, at=self.now, changed_at=self.now,
        )  # fmt: skip

    def _groups(self, person: Person) -> bytes | None:
        groups = solve.groups_of(self.known, person.pk, self.on)
        return person.key.seal({"groups": sorted(groups)}) if person.key else None

    def choices(self, application: Application, person: Person, places: Sequence[Place]) -> list[Choice]:
        """The list in order, with scores and their parts; not yet saved."""
        return [self._choice(application, person, place, rank) for rank, place in enumerate(places, 1)]

    def _choice(self, application: Application, person: Person, place: Place, rank: int) -> Choice:
        priority, sealed = self.score(person, place)
        return Choice(application=application, place=place, rank=rank, priority=priority, parts_sealed=sealed)

    def score(self, person: Person, place: Place) -> tuple[int, bytes | None]:
        """The score and its sealed parts."""
        parts, kept = self._parts(person, place)
        return total(parts), person.key.seal(kept) if person.key else None

    def rescore(self, choice: Choice, person: Person, place: Place) -> bool:
        """Count a stored choice again; whether its score is another one now, which it then holds with its parts."""
        parts, kept = self._parts(person, place)
        if total(parts) == choice.priority:
            return False
        choice.priority, choice.parts_sealed = total(parts), person.key.seal(kept) if person.key else None
        return True

    def _parts(self, person: Person, place: Place) -> tuple[tuple[Points, ...], dict[str, Any]]:
        standing = self.scorer.standing(person.pk, place)
        parts = points_of(self.policy, standing)
        return parts, {"parts": [part.as_list() for part in parts], "raw": dict(vars(standing))}
