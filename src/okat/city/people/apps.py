from typing import Any
from uuid import UUID

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "okat.city.people"
    label = "people"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from okat.city.core import outbox, registries
        from okat.city.core.ending import CONSENT_FOLLOWS
        from okat.city.core.in_use import IN_USE
        from okat.city.notices.rules import KINDS, Kind
        from okat.city.people.actions._erase import erase, export, load_city
        from okat.city.people.actions._handover import register as register_holdings
        from okat.city.people.actions._merging import COLUMNS, SEALED, STAYS, PeopleMerge
        from okat.city.people.actions._office import PeopleImporter
        from okat.city.people.actions._slips import unsent
        from okat.city.people.letters import LETTERS
        from okat.city.people.queries import desk, urban
        from okat.city.people.queries.files import OF_RECORD, with_the_record
        from okat.city.people.queries.importing import IMPORTERS
        from okat.city.people.rules import in_use
        from okat.city.people.rules.told import BINDING, NOTICES, PLAINLY, TOLD
        from okat.city.people.solve import facts_of

        outbox.tell(LETTERS)
        registries.HANDLERS.register("notices.unsent/people", unsent)
        grown = _("You are twenty now: what a parent or guardian agreed to for you is yours to say. Look, and decide.")
        by_law = _("%(partner)s keeps your record by law. Look for how long, and what you allow.")
        plain = _("An office keeps your record by law now. Ask which one, and for how long.")
        KINDS.register("people.by_law", Kind(by_law, plain=plain))
        KINDS.register("people.grown", Kind(grown, binding=True, asked=True))
        IMPORTERS.register("people", PeopleImporter())
        words = _("A record was opened in an emergency. Read the report, and say whether it was justified.")
        KINDS.register("people.emergency", Kind(words))
        registries.HANDLERS.register("membership.ended/people", _role_ended)
        registries.tell(TOLD)
        CONSENT_FOLLOWS.register("people", _follows)
        for name, text in NOTICES.items():
            KINDS.register(f"people.{name}", Kind(text))
        for name, text in PLAINLY.items():
            KINDS.register(f"people.{name}", Kind(text, plain=text, binding=name in BINDING))
        IN_USE.register("people", in_use.IN_USE)
        registries.FACTS.register("people", facts_of)
        registries.FIGURES.register("people.urban", urban.counted)
        registries.FILES.register(OF_RECORD, with_the_record)
        registries.ERASE.register("people", erase)
        registries.EXPORT.register("people", export)
        register_holdings()
        registries.LIFE.register("people", registries.Life(_going, _nothing, _nothing))
        registries.TASKS.register("people", desk.tasks)
        registries.SEARCH.register("people", desk.found)
        registries.CITY.register("06 people", load_city)
        registries.MERGE.register("people", PeopleMerge(COLUMNS, SEALED, STAYS))


def _role_ended(**values: Any) -> None:
    from okat.city.core.permissions import Permission
    from okat.city.partners.rules import PERMISSIONS, Role
    from okat.city.people.actions import end_openings

    membership = values["membership"]
    if Permission.BREAK_GLASS in PERMISSIONS[Role(membership.role)]:
        end_openings(user=membership.user, partner=membership.partner, by=values["by"])


def _going(person: UUID) -> Any:
    """A planned visit. It stops by itself: nobody visits who does not live here (queries.pages.due_to)."""
    from okat.city.people.queries.life import visits_of

    return visits_of(person)


def _nothing(**_values: Any) -> list[str]:
    return []


def _follows(consent: Any, _deep: bool) -> list[str]:
    from okat.city.people.views.ending import follows

    return follows(consent)
