from django.apps import AppConfig


class TaxonomyConfig(AppConfig):
    name = "okat.city.taxonomy"
    label = "taxonomy"
