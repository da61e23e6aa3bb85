from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "okat.city.notices"
    label = "notices"

    def ready(self) -> None:
        from okat.city.core import registries
        from okat.city.notices.rules import TOLD

        registries.tell(TOLD)
