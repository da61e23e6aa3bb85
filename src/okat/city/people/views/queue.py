"""Where a phone's queue of pins arrives. The same pin sent twice is one person, whatever was lost on the way."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from okat.city.core.access import staff
from okat.city.core.limits import limited
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.refusals import UndoneError
from okat.city.people.queries import pages
from okat.city.people.views.alike import resembling
from okat.city.people.views.pin import pin_form, saver
from okat.city.people.views.shared import acting, user_of


@staff(Permission.PIN_PERSON)
@limited("people-queue", limit=600, seconds=300)
@never_cache
@require_POST
def queue(request: HttpRequest) -> JsonResponse:
    """`state` of one pin: "saved" with its page's `url`; "asks" where the person may be here already and "wrong" where
    something is to be mended, which stay in the queue until the worker opens them."""
    user, partner = user_of(request), acting(request, Permission.PIN_PERSON)
    form = pin_form(request, partner, pages.places_near(user, partner))
    if not form.is_valid():
        return JsonResponse({"state": "wrong", "fields": sorted(form.errors)})
    if "sure" not in request.POST and resembling(user, form.cleaned_data, form.cleaned_data["id"]):
        return JsonResponse({"state": "asks"})
    try:
        url = once(user=user, token=form.cleaned_data["once"], do=saver(request, form, partner))
    except UndoneError as error:
        return JsonResponse({"state": "wrong", "fields": [error.code]})
    return JsonResponse({"state": "saved", "url": url})
