from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "okat.city.core"
    label = "core"

    def ready(self) -> None:
        from okat.city.core import connections, registries
        from okat.city.core.told import TOLD

        registries.tell(TOLD)
        connections.watch()
