"""The people of one's partner: invite, place, reset, end; and choosing for which partner one acts."""

import functools
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.accounts.models import User
from okat.city.accounts.queries import goes
from okat.city.accounts.rules import Channel
from okat.city.accounts.views.again import MEMBERS, asks_again
from okat.city.core import clock
from okat.city.core.access import signed_in, staff
from okat.city.core.ending import Ending, asks_first
from okat.city.core.once import once
from okat.city.core.pages import safe_next
from okat.city.core.permissions import Permission
from okat.city.core.templatetags.okat import words as name_of
from okat.city.partners import actions, queries
from okat.city.partners.forms import AreasForm, MemberForm
from okat.city.partners.models import Invitation, Membership, Partner
from okat.city.partners.rules import ROLE_WORDS, Role, grantable


@staff(Permission.MANAGE_PARTNER)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    partner = own_partner(request)
    values = {
        "partner": partner, "members": queries.members_of(partner), "roles": ROLE_WORDS,
        "waiting": queries.invitations_of(partner), "now": clock.now(),
        "away": queries.absences_in(partner),
    }  # fmt: skip
    return render(request, "partners/members.html", values)


@staff(Permission.MANAGE_PARTNER)
@asks_again(MEMBERS)
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    partner, user = own_partner(request), user_of(request)
    form = MemberForm(request.POST or None, partner=partner, roles=grantable(queries.permissions_in(user, partner)))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def do() -> str:
            actions.invite_member(
                partner=partner, name=data["name"], email=data["email"], role=Role(data["role"]), areas=data["areas"],
                by=user,
            )  # fmt: skip
            said_of_invitation(request, _("The invitation is on its way. The role begins when it is accepted."))
            return reverse("partners:members")

        try:
            return HttpResponseRedirect(once(user=user, token=data["once"], do=do))
        except actions.AlreadyMemberError:
            form.add_error("email", _("This person has this role here already."))
        except actions.MembershipRefusedError as refused:
            form.add_error(None, words_for(refused))
    return render(request, "partners/form.html", {"form": form, "title": _("Invite a member"), "partner": partner})


def said_of_invitation(request: HttpRequest, sent: str) -> None:
    """`sent`, where it is."""
    if goes(Channel.EMAIL):
        messages.success(request, sent)
    else:
        messages.warning(request, _("This city sends no e-mail yet: the invitation waits, and goes once it does."))


@staff(Permission.MANAGE_PARTNER)
@asks_again(MEMBERS)
@require_http_methods(["GET", "POST"])
def areas(request: HttpRequest, pk: int) -> HttpResponse:
    partner = own_partner(request)
    member = member_for(partner, pk)
    form = AreasForm(request.POST or None, partner=partner, initial={"areas": member.areas.all()})
    if request.method == "POST" and form.is_valid():
        return _try(
            request, lambda by: actions.change_areas(membership=member, areas=form.cleaned_data["areas"], by=by)
        )
    title = _("Where %(name)s works") % {"name": member.user.name}
    return render(request, "partners/form.html", {"form": form, "title": title, "partner": partner})


@staff(Permission.MANAGE_PARTNER)
@asks_again(MEMBERS)
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the invitation once more."""
    found = _invitation(own_partner(request), pk)
    return _try(request, lambda by: actions.invite_again(invitation=found, by=by))


@staff(Permission.MANAGE_PARTNER)
@asks_again(MEMBERS)
@require_POST
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    found = _invitation(own_partner(request), pk)
    return _try(request, lambda by: actions.recall_invitation(invitation=found, by=by))


@staff(Permission.MANAGE_PARTNER)
@asks_again(MEMBERS)
@require_POST
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_for(own_partner(request), pk)
    return _try(request, lambda by: actions.reset_member(membership=member, by=by))


def _ends(request: HttpRequest, pk: int) -> Ending:
    member = member_for(own_partner(request), pk)
    said = {"name": member.user.name, "role": str(ROLE_WORDS[Role(member.role)]), "office": name_of(member.partner)}
    follows = [
        _("%(name)s is no longer %(role)s of %(office)s, and is signed out everywhere.") % said,
        _("What waits for %(name)s goes on to the team of %(office)s.") % said,
    ]
    undo, back = _("You can invite the same person again on any day."), reverse("partners:members")
    return Ending(_("End this role of %(name)s?") % said, follows, undo, _("End the role"), back)


def _unless_last(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What cannot be is said before what would follow, and before the password is asked for."""

    @functools.wraps(view)
    def first(request: HttpRequest, pk: int) -> HttpResponse:
        why = queries.nobody_left(member_for(own_partner(request), pk)) if request.method == "POST" else ""
        if why:
            messages.error(request, words_for(actions.MembershipRefusedError(why)))
            return redirect("partners:members")
        return view(request, pk)

    return first


@staff(Permission.MANAGE_PARTNER)
@_unless_last
@asks_again(MEMBERS)
@require_POST
@asks_first(_ends)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_for(own_partner(request), pk)
    return _try(request, lambda by: actions.end_membership(membership=member, by=by))


@signed_in
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Act for another of one's partners from now on."""
    user = user_of(request)
    wish = request.POST.get("partner", "")
    partner = next((m.partner for m in queries.memberships(user) if m.partner.code == wish), None)
    if partner is None:
        raise Http404
    actions.choose_partner(partner=partner, by=user)
    request.session["partner"] = partner.code
    return HttpResponseRedirect(safe_next(request, "/"))


def own_partner(request: HttpRequest) -> Partner:
    """The partner that the user manages and acts for."""
    partner = queries.acting_partner(request, Permission.MANAGE_PARTNER)
    if partner is None:
        raise Http404
    return partner


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def words_for(refused: actions.MembershipRefusedError) -> str:
    return {
        "left": _("This partner has left the network, so nobody can join it."),
        "role": _("This role is given by the city team alone."),
        "elsewhere": _("This member also works for another partner, so the city team alone resets the second factor."),
        "areas": _("One of the areas lies outside the partner's own area."),
        "last_manager": _("Somebody must answer for the whole of the partner: name another manager first."),
        "last_coordinator": _("Somebody must answer for the network: name another coordinator first."),
        "not_yours": _("Only they themself, or whoever manages their office, can note this."),
        "days": _("The last day is before the first, or has passed."),
    }[refused.code]


def member_for(partner: Partner, pk: int) -> Membership:
    member = queries.member_of(partner, pk)
    if member is None:
        raise Http404
    return member


def _invitation(partner: Partner, pk: int) -> Invitation:
    found = queries.invitation_of(partner, pk)
    if found is None:
        raise Http404
    return found


def _try(request: HttpRequest, act: Callable[[User], object]) -> HttpResponse:
    try:
        act(user_of(request))
    except actions.MembershipRefusedError as refused:
        messages.error(request, words_for(refused))
    except actions.InvitationOverError:
        messages.info(request, _("This invitation was answered or called back in the meantime."))
    else:
        messages.success(request, _("Saved."))
    return redirect("partners:members")
