from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "okat.city.accounts"
    label = "accounts"
