from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "okat.city.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from okat.city.catalogue.actions import OpportunityImporter
        from okat.city.catalogue.actions._handover import register as register_holdings
        from okat.city.catalogue.actions._merging import COLUMNS, CatalogueMerge
        from okat.city.catalogue.actions.reindex import reindex
        from okat.city.catalogue.queries import reach
        from okat.city.catalogue.queries.desk import found
        from okat.city.catalogue.rules import in_use
        from okat.city.catalogue.rules.links import ALTERNATES, Alternate
        from okat.city.catalogue.rules.told import TOLD
        from okat.city.catalogue.solve import unmet
        from okat.city.core import registries
        from okat.city.core.in_use import IN_USE
        from okat.city.notices.rules import GROUPS, KINDS, Kind
        from okat.city.people.queries.importing import IMPORTERS

        IMPORTERS.register("opportunities", OpportunityImporter())
        registries.tell(TOLD)
        IN_USE.register("catalogue", in_use.IN_USE)
        ical = Alternate("text/calendar", _("Calendar"), lambda pk: reverse("catalogue:ics", args=[pk]))
        ALTERNATES.register("calendar", ical)
        registries.CITY.register("07 catalogue", reindex)
        registries.MERGE.register("catalogue", CatalogueMerge(COLUMNS))
        registries.HANDLERS.register("person.account/catalogue", _account)
        registries.ERASE.register("catalogue", _erase)
        registries.EXPORT.register("catalogue", _export)
        register_holdings()
        registries.LIFE.register("catalogue", registries.Life(_going, _end_life, _resume))
        registries.PANELS.register("catalogue", _panel)
        registries.TASKS.register("catalogue", _tasks)
        registries.FIGURES.register("catalogue.looking", reach.counted)
        registries.FIGURES.register(unmet.KIND, unmet.counted)
        registries.SEARCH.register("catalogue", found)
        registries.HANDLERS.register("venue.changed/catalogue", _venue)
        registries.HANDLERS.register("people.settling/30 catalogue", _settling)
        for name, text in {
            "pledged": _("%(partner)s offers %(what)s for “%(title)s”. Accept it, or say why not."),
            "found": _("“%(title)s” is published: it may be what you asked to be told of."),
            "pledge_accepted": _("Your offer of %(what)s for “%(title)s” was accepted."),
            "pledge_declined": _("Your offer of %(what)s for “%(title)s” was not taken: %(reason)s"),
        }.items():
            KINDS.register(f"catalogue.{name}", Kind(text))
        GROUPS.register("catalogue", _("Opportunities"))


def _going(person: UUID) -> Any:
    from okat.city.catalogue.queries.living import going

    return going(person)


def _end_life(**values: Any) -> list[str]:
    from okat.city.catalogue.actions.living import end_lookouts

    return end_lookouts(**values)


def _resume(**values: Any) -> list[str]:
    from okat.city.catalogue.actions.living import resume_lookouts

    return resume_lookouts(**values)


def _erase(person: UUID) -> int:
    from okat.city.accounts.queries import system_user
    from okat.city.catalogue.actions import erase_lookouts, erase_wishes
    from okat.city.people.queries.joining import one_human

    by, ids = system_user(), one_human(person)
    return sum(erase_wishes(person=pk, by=by) + erase_lookouts(person=pk, by=by) for pk in ids)


def _export(person: UUID) -> dict[str, Any]:
    from okat.city.catalogue.queries import unmet
    from okat.city.catalogue.queries.wishes import export

    return {**export(person), **unmet.export(person)}


def _tasks(user: Any) -> list[Any]:
    from okat.city.catalogue.queries import sharing
    from okat.city.catalogue.solve import unmet

    return [*sharing.tasks(user), *unmet.tasks(user)]


def _account(*, person: Any, user: Any, **_others: Any) -> None:
    from okat.city.catalogue.actions._merging import count_anew

    count_anew(person, user)


def _settling(*, people: Iterable[UUID]) -> None:
    from okat.city.catalogue.actions import hold_courses
    from okat.city.core.registries import LIFE

    hold_courses(pk for person in people for _app, life in LIFE for pk in life.courses(person))


def _venue(venue: Any) -> None:
    from okat.city.accounts.queries import system_user
    from okat.city.catalogue.actions import follow_venue

    follow_venue(venue=venue, by=system_user())


def _panel(user: Any, person: Any) -> Any:
    from okat.city.catalogue.views.panel import panel

    return panel(user, person)
