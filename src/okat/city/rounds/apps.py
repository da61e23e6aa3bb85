from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from okat.city.accounts.models import User
    from okat.city.catalogue.models import Opportunity
    from okat.city.core.registries import Going
    from okat.city.people.models import Consent
    from okat.city.rounds.models import Application


class RoundsConfig(AppConfig):
    name = "okat.city.rounds"
    label = "rounds"

    def ready(self) -> None:
        from okat.city.core import registries
        from okat.city.core.ending import CONSENT_FOLLOWS
        from okat.city.core.in_use import IN_USE, Use
        from okat.city.core.own_pages import OWN_PAGES, OwnPage
        from okat.city.core.permissions import Permission
        from okat.city.notices.rules import GROUPS, KINDS, Kind
        from okat.city.rounds import queries
        from okat.city.rounds.actions._handover import register as register_holdings
        from okat.city.rounds.actions._merging import COLUMNS, SEALED, RoundsMerge
        from okat.city.rounds.queries.own import PAGE
        from okat.city.rounds.rules.told import BINDING, PLAIN, TOLD
        from okat.city.rounds.solve.staying import consent_follows

        registries.tell(TOLD)
        CONSENT_FOLLOWS.register("rounds", consent_follows)
        applied = Use("rounds.Application", why=_("applied in a round"))
        IN_USE.register("rounds", (applied, Use("rounds.Place", "opportunity", _("stands in a round"))))
        registries.MERGE.register("rounds", RoundsMerge(COLUMNS, SEALED))
        registries.ERASE.register("rounds", _erase)
        registries.EXPORT.register("rounds", queries.export)
        registries.TASKS.register("rounds", queries.tasks)
        registries.SEARCH.register("rounds", queries.found)
        register_holdings()
        registries.CONCERNED.register("rounds", _concerned)
        registries.LIFE.register("rounds", registries.Life(_going, _end_life, _resume, _others, courses=_courses))
        registries.HANDLERS.register("people.settling/20 rounds", _settling)
        registries.HANDLERS.register("opportunities.cancelling/rounds", _cancelling)
        registries.PANELS.register("rounds", queries.panel)
        registries.ALONG.register("rounds", queries.OF_PERSON)
        registries.HANDLERS.register("consent.withdrawn/rounds", _consent_withdrawn)
        registries.HANDLERS.register("opportunity.cancelled/rounds", _cancelled)
        registries.HANDLERS.register("opportunity.closed/rounds", _closed)
        for name, text in {
            "offered": _("The results of “%(title)s” are out: a place is offered. Answer it in time."),
            "waiting": _("The results of “%(title)s” are out: you are on the waiting list."),
            "moved_up": _("A place in “%(title)s” has come free and is offered. Answer it in time."),
            "expired": _("The place offered in “%(title)s” was not answered in time and went to the next person."),
            "cancelled_instead": _(
                "“%(place)s” does not take place: %(reason)s. Another place of “%(title)s” is offered: answer in time."
            ),
            "cancelled_waits": _(
                "“%(place)s” does not take place: %(reason)s. You wait on in “%(title)s” for what you wanted more."
            ),
            "cancelled_ends": _(
                "“%(place)s” does not take place: %(reason)s. Nothing else that you asked for in “%(title)s” is free."
            ),
            "cancelled_back": _(
                "“%(place)s”, which was given back in “%(title)s”, does not take place: %(reason)s. It cannot be taken "
                "back any more."
            ),
            "place_out": _(
                "“%(place)s” is not to be had any more and is out of “%(title)s”. What else you listed stays, and you "
                "may change the list as long as the round is open."
            ),
            "place_gone": _(
                "“%(place)s” is not to be had any more and is out of “%(title)s”. What else you listed stays."
            ),
            "place_out_last": _(
                "“%(place)s” is not to be had any more and is out of “%(title)s”. Nothing else is left on your list: "
                "choose something else as long as the round is open."
            ),
            "place_gone_last": _(
                "“%(place)s” is not to be had any more and is out of “%(title)s”. Nothing else was left on your list, "
                "so that this round can give you no place."
            ),
            "appeal_answered": _("Your request for review in “%(title)s” is answered."),
        }.items():
            KINDS.register(f"rounds.{name}", Kind(text, plain=PLAIN[name], binding=PLAIN[name] in BINDING))
        GROUPS.register("rounds", _("Rounds"))
        registries.HANDLERS.register("places.accepted/rounds", _accepted)
        registries.HANDLERS.register("placements.ending/rounds", _placements_ending)
        registries.HANDLERS.register("placements.ended/rounds", _placements_ended)
        opens = _("This slip opens your own page: what you got in the round, and why.")
        OWN_PAGES.register(PAGE, OwnPage(opens, "rounds:opened", queries.to_show, Permission.APPLY_FOR_OTHERS))


def _accepted(*, taken: "Sequence[tuple[Application, Opportunity]]", by: "User", **_others: object) -> None:
    """Who has answered needs no paper any more; all of one round."""
    from okat.city.people.actions import end_slips

    people = [row.person for row, _place in taken if row.person is not None]
    end_slips(people=people, app="rounds", about=taken[0][0].round_id, by=by)


def _concerned(opportunities: Iterable[UUID]) -> Iterable[UUID]:
    from okat.city.rounds.queries.read import concerned

    return concerned(opportunities)


def _others(person: UUID) -> Iterable[UUID]:
    from okat.city.rounds.queries.living import others

    return others(person)


def _courses(person: UUID) -> Iterable[UUID]:
    from okat.city.rounds.queries.living import courses

    return courses(person)


def _settling(*, people: Iterable[UUID]) -> None:
    from okat.city.rounds.actions._lock import hold_rounds
    from okat.city.rounds.models import Application

    hold_rounds(Application.objects.filter(person__in=people).values_list("round", flat=True))


def _cancelling(*, opportunities: Iterable[UUID]) -> None:
    from okat.city.rounds.actions._lock import hold_rounds
    from okat.city.rounds.models import Place

    hold_rounds(Place.objects.filter(opportunity__in=opportunities).values_list("round", flat=True))


def _going(person: UUID) -> list["Going"]:
    from okat.city.rounds.queries.living import going

    return going(person)


def _end_life(**values: Any) -> list[str]:
    from okat.city.rounds.actions.living import leave_rounds

    return leave_rounds(**values)


def _resume(**values: Any) -> list[str]:
    from okat.city.rounds.actions.living import resume_rounds

    return resume_rounds(**values)


def _erase(person: UUID) -> int:
    from okat.city.accounts.queries import system_user
    from okat.city.people.queries.joining import one_human
    from okat.city.rounds.actions import release_erased

    return sum(release_erased(person=pk, by=system_user()) for pk in one_human(person))


def _cancelled(*, opportunity: "Opportunity", by: "User", **_others: object) -> None:
    from okat.city.rounds.actions import cancel_places

    cancel_places(opportunity=opportunity, by=by)


def _closed(*, opportunity: "Opportunity", by: "User", **_others: object) -> None:
    from okat.city.rounds.actions import drop_places

    drop_places(opportunity=opportunity, by=by)


def _placements_ending(*, references: Iterable[UUID], **_others: object) -> None:
    from okat.city.rounds.actions import hold_ending

    hold_ending(applications=references)


def _placements_ended(*, left: "Sequence[tuple[UUID, UUID]]", by: "User", **_others: object) -> None:
    from okat.city.rounds.actions import leave_places

    leave_places(left=left, by=by)


def _consent_withdrawn(*, consent: "Consent", by: "User", **_others: object) -> None:
    from okat.city.rounds.actions import withdraw_without_consent

    withdraw_without_consent(consent=consent, by=by)
