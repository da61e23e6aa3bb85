from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "okat.city.desk"
    label = "desk"

    def ready(self) -> None:
        from okat.city.core import registries
        from okat.city.desk.queries import gaps, pulse, today
        from okat.city.desk.rules import TOLD

        registries.tell(TOLD)
        registries.FIGURES.register("desk.pulse", pulse.counted)
        registries.FIGURES.register("desk.gaps", gaps.counted)
        registries.FIGURES.register("desk.waiting", today.counted)
