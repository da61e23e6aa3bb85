from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "okat.city.jobs"
    label = "jobs"

    def ready(self) -> None:
        from okat.city.core import registries
        from okat.city.jobs.queries.employers import tasks
        from okat.city.jobs.rules.told import TOLD
        from okat.city.notices.rules import KINDS, Kind

        registries.tell(TOLD)
        registries.TASKS.register("jobs", tasks)
        for name, text in {
            "candidates": _("An employer asks you for candidates."),
            "talk": _("A young person would like to talk about work."),
            "answered": _("%(partner)s answered you: %(answer)s"),
        }.items():
            KINDS.register(f"jobs.{name}", Kind(text))
