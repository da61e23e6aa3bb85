from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "okat.city.jobs"
    label = "jobs"

    def ready(self) -> None:
        from okat.city.core import registries
        from okat.city.jobs.actions.office import JobImporter
        from okat.city.jobs.queries.employers import tasks
        from okat.city.jobs.rules.told import TOLD
        from okat.city.notices.rules import KINDS, Kind
        from okat.city.people.queries.importing import IMPORTERS

        registries.tell(TOLD)
        IMPORTERS.register("jobs", JobImporter())
        registries.TASKS.register("jobs", tasks)
        registries.OFFERS.register("jobs", _offer)
        for name, text in {
            "candidates": _("An employer asks you for candidates."),
            "talk": _("A young person would like to talk about work."),
            "answered": _("%(partner)s answered you: %(answer)s"),
        }.items():
            KINDS.register(f"jobs.{name}", Kind(text))


def _offer(user: Any, opportunity: Any) -> Any:
    from okat.city.jobs.views.words import beside

    return beside(opportunity)
