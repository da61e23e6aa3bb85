"""The peer of the page benchmark: the same server and database, a view with one indexed query and nothing around it."""

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

from okat.config.settings import *  # noqa: F403 - the same database and apps; only what follows differs

MIDDLEWARE: list[str] = []
ROOT_URLCONF = "benchmarks.bare"


def one(request: HttpRequest, pk: object) -> HttpResponse:
    from okat.city.people.models import Person

    person = Person.objects.get(pk=pk)
    return HttpResponse(f"<p>{person.given}</p>")


urlpatterns = [path("<uuid:pk>/", one)]


def application(environ: dict[str, object], start: object) -> object:
    global _served  # noqa: PLW0603 - made at the first request: this module is the settings while Django starts
    if _served is None:
        _served = get_wsgi_application()
    return _served(environ, start)


_served = None
