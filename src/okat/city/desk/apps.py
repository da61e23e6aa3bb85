from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "okat.city.desk"
    label = "desk"

    def ready(self) -> None:
        from okat.city.core import registries
        from okat.city.desk.rules import TOLD

        registries.tell(TOLD)
