from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "okat.city.places"
    label = "places"

    def ready(self) -> None:
        from okat.city.core import registries
        from okat.city.places import actions
        from okat.city.places.rules import TOLD

        registries.tell(TOLD)
        registries.CITY.register("02 places", actions.load_areas)
