"""What the link of an invitation opens: which office, which role, what it opens; yes or no."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from okat.city.accounts.actions import AddressTakenError, LoginTakenError
from okat.city.accounts.forms import NewAccountForm
from okat.city.accounts.models import User
from okat.city.accounts.queries import owner_of
from okat.city.accounts.views.again import MEMBERS, asks_again
from okat.city.accounts.views.sign_in import enter
from okat.city.core import fresh
from okat.city.core.access import public, signed_in
from okat.city.core.limits import limited
from okat.city.partners import actions, queries
from okat.city.partners.models import Invitation
from okat.city.partners.rules import ROLE_OPENS, ROLE_WORDS
from okat.city.partners.views.members import user_of, words_for


@public
@never_cache
@sensitive_post_parameters()
@limited("invitation", limit=20, seconds=900)
@require_http_methods(["GET", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever is not signed in: sign in, or open an account under the address that the letter came to."""
    found = queries.invitation_of_link(token)
    over = queries.why_not(found, None) if found is not None else "late"
    if found is None or over:
        return _over(request, over)
    if request.user.is_authenticated:
        return redirect("partners:invitation-answer", token)
    if request.method == "POST" and "no" in request.POST:
        return _decline(request, found, None)
    known = owner_of(found.address) is not None
    draft = User(login=found.address, name=found.name)
    form = NewAccountForm(request.POST or None, user=draft, initial={"name": found.name})
    if request.method == "POST" and not known and form.is_valid():
        name, password = form.cleaned_data["name"], form.cleaned_data["password"]
        try:
            with fresh.trusted():  # by the link that went to the address
                user = actions.accept_as_new(invitation=found, name=name, password=password, by=None)
            return enter(request, user)
        except actions.InvitationOverError as error:
            return _over(request, error.code)
        except AddressTakenError:  # confirmed for another account in this moment
            return _over(request, "other_account", found)
        except actions.MembershipRefusedError as error:
            form.add_error(None, words_for(error))
        except LoginTakenError:
            form.add_error(None, _("There is an account of this name already. Sign in with it to accept."))
    answer = reverse("partners:invitation-answer", args=[token])
    values = {**_said(found), "form": form, "known": known, "answer_page": answer}
    return render(request, "partners/invitation.html", values)


@signed_in
@never_cache
@asks_again(MEMBERS)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever is signed in: yes or no."""
    user, found = user_of(request), queries.invitation_of_link(token)
    over = queries.why_not(found, user) if found is not None else "late"
    if found is None or over:
        return _over(request, over, found)
    if request.method == "POST" and "no" in request.POST:
        return _decline(request, found, user)
    values = _said(found)
    if request.method == "POST":
        try:
            actions.accept_invitation(invitation=found, by=user)
        except actions.InvitationOverError as error:
            return _over(request, error.code, found)
        except AddressTakenError:
            return _over(request, "other_account", found)
        except actions.AlreadyMemberError:
            messages.info(request, _("You have this role already."))
            return HttpResponseRedirect("/")
        except actions.MembershipRefusedError as error:
            values["refused"] = words_for(error)
        else:
            messages.success(request, _("The role is yours from now on."))
            return HttpResponseRedirect("/")
    return render(request, "partners/invitation_answer.html", values)


def _decline(request: HttpRequest, found: Invitation, by: User | None) -> HttpResponse:
    try:
        actions.decline_invitation(invitation=found, by=by)
    except actions.InvitationOverError as error:
        return _over(request, error.code, found)
    messages.success(request, _("You said no. Nothing else happens."))
    return HttpResponseRedirect("/")


def _over(request: HttpRequest, code: str, found: Invitation | None = None) -> HttpResponse:
    status = 404 if code in {"other_account", "other_address"} else 410
    return render(request, "partners/invitation_over.html", {"code": code, "invitation": found}, status=status)


def _said(found: Invitation) -> dict[str, Any]:
    return {
        "invitation": found, "role": ROLE_WORDS[found.role], "opens": ROLE_OPENS[found.role],
        "areas": list(found.areas.all()) or [found.partner.area],
    }  # fmt: skip
