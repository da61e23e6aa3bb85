from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "okat.city.core"
    label = "core"
