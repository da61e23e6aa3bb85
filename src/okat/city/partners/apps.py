from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "okat.city.partners"
    label = "partners"

    def ready(self) -> None:
        from okat.city.core import permissions
        from okat.city.core.registries import CITY
        from okat.city.partners import actions, queries

        permissions.provide(queries.permissions)
        CITY.register("05 partners", actions.load_partners)
