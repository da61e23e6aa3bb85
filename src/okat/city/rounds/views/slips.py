"""The own page of a round for people without an account: a slip with a code is printed for them, and opens it once."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.core.access import public, signed_in
from okat.city.core.permissions import Permission
from okat.city.people.actions import print_code_slip
from okat.city.people.queries import seeing_partner
from okat.city.people.queries.code_slips import opened_in, slips_about
from okat.city.people.rules import PeopleError
from okat.city.people.rules.codes import CODE_DAYS
from okat.city.people.views.code_slips import printed
from okat.city.rounds import queries
from okat.city.rounds.views.manage import user_of
from okat.city.rounds.views.resident import row_file, shown


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def slip(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Print a slip for the person. The code comes once, on paper, and stands on no screen."""
    row, user = queries.open_application(request.user, pk), user_of(request)
    if row.person is None or row.person.user_id == user.pk:
        raise Http404("slip")
    if seeing_partner(user, row.person, Permission.APPLY_FOR_OTHERS) is None:
        raise PermissionDenied(Permission.APPLY_FOR_OTHERS.name)
    if request.method == "POST":
        try:
            made, code = print_code_slip(person=row.person, page=queries.PAGE, about=row.pk, by=user)
        except PeopleError as error:
            messages.error(request, str(error))
            return redirect("rounds:why", row.pk)
        return printed(request, made, code)
    queries.note_read(user, row)
    return render(request, "rounds/slip.html", {
        "row": row, "round": row.round, "person": row.person, "slips": slips_about(queries.PAGE, row.pk),
        "can": row.person.user_id is None and queries.to_show(row.person.pk, row.pk), "days": CODE_DAYS,
        "back": reverse("rounds:why", args=[row.pk]),
    })  # fmt: skip


@public
@never_cache
@require_GET
def opened(request: HttpRequest) -> HttpResponse:
    """As the person's own account shows it; answers and requests go through the office, for nobody is signed in."""
    found = opened_in(request, queries.PAGE)
    if found is None:
        return redirect("people:code")
    slip, until = found
    row = queries.opened_application(slip.about)
    values = shown(row, own=True, deep=True)
    more = {"guest": True, "acts": True, "closes": queries.moment_words(until), "office": slip.partner}
    return render(request, "rounds/why.html", {**values, **more})


@public
@never_cache
@require_GET
def opened_row(request: HttpRequest, *, published: bool = False) -> HttpResponse:
    """As `resident.row`, of the version that everybody may check or of the newest."""
    found = opened_in(request, queries.PAGE)
    if found is None:
        return redirect("people:code")
    row = queries.opened_application(found[0].about)
    decision = (queries.latest_public if published else queries.latest)(row.round)
    if decision is None:
        raise Http404("row")
    return row_file(row, decision)
