from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "okat.city.partners"
    label = "partners"

    def ready(self) -> None:
        from okat.city.core import permissions
        from okat.city.partners import queries

        permissions.provide(queries.permissions)
