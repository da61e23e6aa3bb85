from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "okat.city.desk"
    label = "desk"
