"""What of a person's record a reader may read: what tells of health or a disability is left out, here and in `Found`
lines, for whoever may not see what is sensitive of the person (`deep`: `scope.may_see_sensitive`).

What is left out is left out of counts, filters and orders too: statements over many persons ask `scope.sensitive_to`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from django.db.models import QuerySet

from okat.city.accounts.models import User
from okat.city.core.registries import Found
from okat.city.core.templatetags.okat import words as name_of
from okat.city.people.models import Need, Person, Score
from okat.city.people.queries.scope import sensitive_to, visible_to
from okat.city.people.rules import HIDDEN, HIDDEN_TITLE
from okat.city.people.rules.questionnaire import asks_sensitive
from okat.city.taxonomy.models import Vocabulary
from okat.city.taxonomy.queries import words


def needs_told(needs: Iterable[Need], *, deep: bool) -> list[Need]:
    return [need for need in needs if deep or not need.term.sensitive]


def codes_told(vocabulary: str, codes: Iterable[str], *, deep: bool) -> list[str]:
    """Of codes that stand in a record (situations, needs, formats)."""
    known = words()
    return [code for code in codes if deep or not known.tells(vocabulary, code)]


def situations_told(person: Person, *, deep: bool) -> list[str]:
    return codes_told(Vocabulary.SITUATION, person.situations, deep=deep)


def score_told(score: Score | None, *, deep: bool) -> Score | None:
    """The number too: where a question is sensitive it may follow from the number what was answered."""
    return score if deep or score is None or not asks_sensitive(score.questionnaire.data) else None


def shown_beside(user: User, *, telling: bool) -> QuerySet[Person]:
    """Whose names the reader may read beside something: where taking part in it tells of health or a disability
    (`telling`), only those of whom they may see what is sensitive."""
    return sensitive_to(user) if telling else visible_to(user)


class _Named(Protocol):
    """What a person takes part in: of telling ones the name alone says something of their health or a disability."""

    @property
    def telling(self) -> bool: ...


def name_told(thing: _Named, *, deep: bool) -> str:
    """In the reader's language, beside somebody's name or on their page."""
    return name_of(thing) if deep or not thing.telling else str(HIDDEN)


def title_kept(title_th: str, *, telling: bool) -> str:
    """For a notice to somebody who works for the person: it outlives what its reader may see."""
    return HIDDEN_TITLE["th"] if telling else title_th


def lines_told(lines: Sequence[Found], *, deep: bool) -> tuple[Found, ...]:
    """Lines about a person; of those that tell too much it stays that there is something."""
    return tuple(
        replace(line, title=str(HIDDEN), note="", url="") if line.tells and not deep else line for line in lines
    )
