from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "okat.city.catalogue"
    label = "catalogue"
