from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "okat.city.api"
    label = "api"
