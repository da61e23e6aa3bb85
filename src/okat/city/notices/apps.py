from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "okat.city.notices"
    label = "notices"
