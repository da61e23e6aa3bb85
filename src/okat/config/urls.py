"""Addresses of the site. Each app keeps its own; an app that is installed and has `urls` is included here."""

from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from okat.city.core import pages

# An app's addresses start with its own noun; these three start elsewhere.
PREFIXES = {"desk": "", "core": ""}

handler400 = pages.bad_request
handler403 = pages.forbidden
handler404 = pages.not_found
handler500 = pages.server_error


def _of_apps() -> list[URLPattern | URLResolver]:
    found: list[URLPattern | URLResolver] = []
    for config in apps.get_app_configs():
        if config.name.startswith("okat.city.") and find_spec(f"{config.name}.urls"):
            prefix = PREFIXES.get(config.label, f"{config.label}/")
            found.append(path(prefix, include(f"{config.name}.urls")))
    return found


urlpatterns = _of_apps()
