from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "okat.city.cases"
    label = "cases"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from okat.city.cases import queries
        from okat.city.cases.actions._handover import register as register_holdings
        from okat.city.cases.actions._merging import COLUMNS, SEALED, CasesMerge
        from okat.city.cases.rules import TABLE, TOLD, Who
        from okat.city.core import registries
        from okat.city.core.ending import CONSENT_FOLLOWS
        from okat.city.core.in_use import IN_USE, Use
        from okat.city.notices.rules import GROUPS, KINDS, NEWS, PLACE_OFFERED, Kind

        registries.tell(TOLD)
        CONSENT_FOLLOWS.register("cases", queries.consent_follows)
        has = Use("cases.Case", why=_("has a case"))
        IN_USE.register("cases", (has, Use("cases.Case", "opportunity", _("has cases"))))
        registries.MERGE.register("cases", CasesMerge(COLUMNS, SEALED))
        registries.ERASE.register("cases", _erase)
        registries.EXPORT.register("cases", queries.export)
        registries.TASKS.register("cases", queries.tasks)
        registries.SEARCH.register("cases", queries.found)
        registries.PANELS.register("cases", queries.panel)
        registries.ALONG.register("cases", queries.OF_PERSON)
        registries.HANDLERS.register("places.accepted/cases", _accepted)
        registries.HANDLERS.register("place.released/cases", _released)
        registries.HANDLERS.register("consent.withdrawn/cases", _withdrawn)
        registries.HANDLERS.register("basis.ended/cases", _basis_ended)
        registries.HANDLERS.register("opportunity.cancelled/cases", _cancelled)
        register_holdings()
        registries.CONCERNED.register("cases", _concerned)
        registries.LIFE.register("cases", registries.Life(_going, _end_life, _resume, offices=_offices))
        registries.HANDLERS.register("person.moved/cases", _moved)
        registries.HANDLERS.register("person.account/cases", _account)
        registries.HANDLERS.register("person.not_so/cases", _not_so)
        for state, row in TABLE.items():
            mine = row.acts is Who.PERSON
            plain = PLACE_OFFERED if mine else NEWS
            KINDS.register(f"cases.{state}", Kind(row.message, plain=plain, binding=mine, asked=mine))
        GROUPS.register("cases", _("Cases"))
        off = _("Something that you were to get does not take place. Ask before you set out.")
        left = _("Something in which you took part is written down as left early. Ask the office if that is not right.")
        for name, kind in {
            "late": Kind(_("“%(title)s” is overdue: the case waits for you.")),
            "cancelled": Kind(_("“%(title)s” was cancelled. Look for something else with the person.")),
            "called_off": Kind(
                _("“%(title)s” does not take place: %(reason)s. %(partner)s looks for something else with you."),
                plain=off, binding=True,
            ),
            "stopped": Kind(
                _("“%(title)s” is written down as left early. If that is not right, tell %(partner)s."), plain=left
            ),
            "unheld": Kind(
                _("“%(title)s” is closed: the office may not keep the record any more. Help can be asked for anew.")
            ),
            "given_back": Kind(
                _("The place for “%(title)s” was given back in its round: the case has ended with you.")
            ),
            "handed_over": Kind(_("The case about “%(title)s” was handed over to you.")),
        }.items():  # fmt: skip
            KINDS.register(f"cases.{name}", kind)


def _concerned(opportunities: Iterable[UUID]) -> Iterable[UUID]:
    from okat.city.cases.queries import concerned

    return concerned(opportunities)


def _going(person: UUID) -> Any:
    from okat.city.cases.queries.living import going

    return going(person)


def _offices(person: UUID) -> Iterable[int]:
    from okat.city.cases.queries.living import offices

    return offices(person)


def _end_life(**values: Any) -> list[str]:
    from okat.city.cases.actions.living import end_cases

    return end_cases(**values)


def _resume(**values: Any) -> list[str]:
    from okat.city.cases.actions.living import resume_cases

    return resume_cases(**values)


def _moved(**values: Any) -> None:
    from okat.city.cases.actions.living import follow_move

    follow_move(person=values["person"], by=values["by"])


def _account(**values: Any) -> None:
    from okat.city.cases.actions.living import follow_account
    from okat.city.cases.queries.living import unasked

    if unasked([values["person"].pk]).exists():
        follow_account(person=values["person"], by=values["by"])


def _not_so(**values: Any) -> None:
    from okat.city.cases.actions.living import not_so

    not_so(person=values["person"], by=values["by"])


def _accepted(**values: Any) -> None:
    from okat.city.cases.actions import Placed, open_cases_for

    taken = [Placed(row.person, place, row.pk) for row, place in values["taken"] if row.person is not None]
    if taken:
        open_cases_for(placed=taken, by=values["by"])


def _released(**values: Any) -> None:
    from okat.city.cases.actions import release_place

    release_place(reference=values["application"].pk, opportunity=values["opportunity"], by=values["by"])


def _cancelled(**values: Any) -> None:
    from okat.city.cases.actions import end_cancelled

    end_cancelled(opportunity=values["opportunity"], by=values["by"])


def _withdrawn(**values: Any) -> None:
    from okat.city.cases.actions import end_without_consent

    end_without_consent(consent=values["consent"], by=values["by"])


def _basis_ended(**values: Any) -> None:
    from okat.city.cases.actions import end_without_basis

    end_without_basis(**values)


def _erase(person: UUID) -> int:
    from okat.city.accounts.queries import system_user
    from okat.city.cases.actions import erase_cases
    from okat.city.people.queries.joining import one_human

    return sum(erase_cases(person=pk, by=system_user()) for pk in one_human(person))
