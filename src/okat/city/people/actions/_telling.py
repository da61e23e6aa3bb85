"""What tells of health or a disability is written down only with the person's explicit consent, or by the law of a
service that needs it (PDPA s.26)."""

from collections.abc import Iterable, Sized

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.people.models import Person
from okat.city.people.queries import may_see_sensitive
from okat.city.people.rules import PeopleError
from okat.city.taxonomy.models import Vocabulary
from okat.city.taxonomy.queries import Words


def tells(
    known: Words, *, needs: Iterable[str] = (), situations: Iterable[str] = (), disabilities: Sized = (),
    card: bool | None = None,
) -> bool:  # fmt: skip
    """Whether any of this says something of health or a disability, by the city's words as they are `known`."""
    said = ((Vocabulary.NEED, needs), (Vocabulary.SITUATION, situations))
    by_name = any(known.tells(vocabulary, code) for vocabulary, codes in said for code in codes)
    return by_name or bool(disabilities) or card is not None


def refused() -> PeopleError:
    return PeopleError(
        "no_explicit_consent", _("Health and disability are sensitive: ask for explicit consent, or leave it out.")
    )


def law_unsaid() -> PeopleError:
    return PeopleError(
        "law_unsaid",
        _("Some rows rest on no consent: say first by which law your office keeps these people's records, or take "
          "them out of the file."),
    )  # fmt: skip


def look_unsaid() -> PeopleError:
    return PeopleError(
        "look_unsaid",
        _("Somebody in this file may have died, moved away or said no, or be somebody else. Look at these rows first, "
          "and say that you did."),
    )  # fmt: skip


def check_explicit(person: Person, by: User) -> None:
    """Raises PeopleError. Whoever may not read it does not write it; the system does what follows from elsewhere."""
    if not by.is_system and not may_see_sensitive(by, person):
        raise refused()
