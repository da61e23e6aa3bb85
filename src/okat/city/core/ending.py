"""Before something ends: a page says in sentences what follows, by name, and asks. One mechanism for every app, and
no script."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from okat.city.core.registries import Registry

SURE = "sure"  # the field by which the page says that its reader has read it
_OWN = {SURE, "csrfmiddlewaretoken"}
P = ParamSpec("P")


@dataclass(frozen=True)
class Ending:
    """What a button is about to end. `follows`: sentences with names; `after`: whether and how it can be taken back;
    `yes`: the words of the button that does it; `back`: where the page leads that does nothing."""

    title: object
    follows: Sequence[object]
    after: object
    yes: object
    back: str


# What follows when a consent is withdrawn, in sentences. Reader: people. Key: the app's name; takes the consent, and
# whether the reader may see what is sensitive of the person.
CONSENT_FOLLOWS: Registry[Callable[[Any, bool], Iterable[str]]] = Registry("what follows from withdrawing a consent")

View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def asks_first(says: Callable[Concatenate[HttpRequest, P], Ending | None]) -> Callable[[View[P]], View[P]]:
    """Mark a view whose POST ends something: without `sure` it shows what `says` answers, and changes nothing. None:
    this request ends nothing (another button of the same form)."""

    def mark(view: View[P]) -> View[P]:
        @wraps(view)
        def asking(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "POST" and request.POST.get(SURE) != "1":
                found = says(request, *args, **kwargs)
                if found is not None:
                    return ask(request, found)
            return view(request, *args, **kwargs)

        asking.__dict__["okat_asks_first"] = True
        return asking

    return mark


def ask(request: HttpRequest, ending: Ending) -> HttpResponse:
    """The page; its form sends again what was sent, and that its reader is sure."""
    sent = [(name, value) for name in request.POST if name not in _OWN for value in request.POST.getlist(name)]
    return render(request, "core/ending.html", {"ending": ending, "sent": sent, "here": request.get_full_path()})


def asks(view: object) -> bool:
    return bool(getattr(view, "okat_asks_first", False))
