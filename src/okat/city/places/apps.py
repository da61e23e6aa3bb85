from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "okat.city.places"
    label = "places"
