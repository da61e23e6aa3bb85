from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "okat.city.places"
    label = "places"

    def ready(self) -> None:
        from okat.city.core.registries import CITY
        from okat.city.places import actions

        CITY.register("02 places", actions.load_areas)
